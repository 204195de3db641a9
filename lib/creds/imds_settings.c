#include "creds/imds_settings.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/span.h"
#include "codec/uri.h"

#define IPV4 "http://169.254.169.254"
#define IPV6 "http://[fd00:ec2::254]"

#define TIMEOUT_MAX 60
#define ATTEMPTS_MAX 10

/* One setting, and where it stands. */
struct setting {
	const char *text;	/* NULL: nobody says anything */
	char name[512];		/* for messages */
};

static struct setting
find(const struct env *env, const char *variable,
    const struct profile_files *files, const char *profile, const char *key)
{
	struct setting s = { .text = env_value(env, variable) };
	struct profile_value value;
	int n = 0;

	if (s.text != NULL) {
		n = snprintf(s.name, sizeof s.name, "%s", variable);
	} else if (files != NULL && profile != NULL) {
		value = profile_get(files, profile, key, NULL);
		s.text = value.text;
		if (s.text != NULL)
			n = snprintf(s.name, sizeof s.name,
			    "%s ('%s' line %u)", key, value.file, value.line);
	}
	if (n < 0)
		s.name[0] = '\0';
	return s;
}

static int
read_number(const struct setting *s, uint64_t max, uint64_t *out,
    struct err *err)
{
	if (s->text == NULL ||
	    (num_parse(span_of(s->text), max, out) && *out > 0))
		return 0;
	return err_set(err, ERR_CREDENTIALS, "%s is '%s': it takes a number "
	    "from 1 to %llu", s->name, s->text, (unsigned long long)max);
}

/* A configured endpoint, which beats the mode. */
static int
read_base(const struct setting *s, struct imds_settings *out,
    struct err *err)
{
	struct span text = span_trim(span_of(s->text));
	struct uri uri;

	while (text.n > 0 && text.p[text.n - 1] == '/')
		text.n--;
	if (uri_parse(&uri, text, err) != 0) {
		err_context(err, "%s", s->name);
		return -1;
	}
	if (uri.query.n > 0 || !span_copy(text, out->base, sizeof out->base))
		return err_set(err, ERR_CREDENTIALS, "%s is '%.*s', which is "
		    "no address of a metadata service", s->name, (int)text.n,
		    text.p);
	return 0;
}

static int
read_mode(const struct setting *s, struct imds_settings *out,
    struct err *err)
{
	bool six = s->text != NULL && span_is_nocase(span_of(s->text),
	    "IPv6");

	if (s->text != NULL && !six &&
	    !span_is_nocase(span_of(s->text), "IPv4"))
		return err_set(err, ERR_CREDENTIALS,
		    "%s is '%s': it takes 'IPv4' or 'IPv6'", s->name, s->text);
	memcpy(out->base, six ? IPV6 : IPV4, sizeof IPV4);
	return 0;
}

static bool
is_true(const char *text)
{
	return text != NULL && span_is_nocase(span_of(text), "true");
}

int
imds_settings_read(const struct env *env, const struct profile_files *files,
    const char *profile, struct imds_settings *out, struct err *err)
{
	struct setting endpoint, mode, timeout, attempts, v1;
	uint64_t seconds = 1, times = 1;

	memset(out, 0, sizeof *out);
	out->disabled = is_true(env_value(env, "AWS_EC2_METADATA_DISABLED"));
	if (out->disabled)
		return 0;
	endpoint = find(env, "AWS_EC2_METADATA_SERVICE_ENDPOINT", files,
	    profile, "ec2_metadata_service_endpoint");
	mode = find(env, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", files,
	    profile, "ec2_metadata_service_endpoint_mode");
	timeout = find(env, "AWS_METADATA_SERVICE_TIMEOUT", files, profile,
	    "metadata_service_timeout");
	attempts = find(env, "AWS_METADATA_SERVICE_NUM_ATTEMPTS", files,
	    profile, "metadata_service_num_attempts");
	v1 = find(env, "AWS_EC2_METADATA_V1_DISABLED", files, profile,
	    "ec2_metadata_v1_disabled");
	if (read_number(&timeout, TIMEOUT_MAX, &seconds, err) != 0 ||
	    read_number(&attempts, ATTEMPTS_MAX, &times, err) != 0)
		return -1;
	out->timeout_ms = (int64_t)seconds * 1000;
	out->attempts = (int)times;
	out->v1_disabled = is_true(v1.text);
	if (endpoint.text != NULL)
		return read_base(&endpoint, out, err);
	return read_mode(&mode, out, err);
}
