#include "creds/provider.h"

#include <string.h>

#include "aws/endpoint.h"
#include "aws/region.h"
#include "base/limits.h"
#include "base/secret.h"
#include "codec/json.h"
#include "codec/uri.h"
#include "creds/imds_settings.h"
#include "creds/keys_json.h"
#include "creds/metadata.h"
#include "creds/refusal.h"
#include "net/redact.h"

#define ROLES "/latest/meta-data/iam/security-credentials/"

/* Keys that have ended are used for so long all the same, and a part of as
 * much again, before the service is asked anew. */
#define EXTENSION_SECONDS 600
#define JITTER_SECONDS 480

/* One resolution. */
struct imds {
	struct provider_input *input;
	struct imds_settings settings;
	struct secret token;		/* of the session; none: version 1 */
	struct http_response response;	/* of the last request */
	struct err failure;		/* of the last one without an answer */
};

static enum http_fault
ask(struct imds *s, const char *method, const char *path)
{
	struct http_field field = { "x-aws-ec2-metadata-token-ttl-seconds",
	    "21600" };
	struct metadata_request request = { .method = method,
	    .fields = &field, .timeout_ms = s->settings.timeout_ms,
	    .attempts = s->settings.attempts };
	enum http_fault fault = HTTP_INTERNAL;
	struct buf url;

	if (method[0] != 'P') {
		field.name = "x-aws-ec2-metadata-token";
		field.value = secret_reveal(&s->token).p;
	}
	request.field_count = field.value != NULL;
	buf_init(&url, LIMIT_HEADER_BLOCK);
	buf_addf(&url, "%s%s", s->settings.base, path);
	request.url = buf_string(&url);
	err_clear(&s->failure);
	if (buf_check(&url, "the URL", &s->failure) == 0)
		fault = metadata_send(s->input->settings->call, &request,
		    &s->response, &s->failure);
	buf_clear(&url);
	return fault;
}

/* Without a session: where the SDKs still go on, and nobody forbids it. */
static enum provider_outcome
try_without(struct imds *s, const char *why)
{
	if (s->settings.v1_disabled)
		return provider_say(s->input, "%s %s, and version 1 is "
		    "disabled", s->settings.base, why);
	provider_say(s->input, "%s %s: trying version 1", s->settings.base,
	    why);
	return PROVIDER_KEYS;
}

/* Printable, as it goes into a header; a captive portal's page is not. */
static bool
is_token(struct span text)
{
	size_t i;

	for (i = 0; i < text.n; i++) {
		if (text.p[i] <= 0x20 || text.p[i] >= 0x7f)
			return false;
	}
	return text.n > 0 && text.n <= LIMIT_TOKEN;
}

/* KEYS: go on, with a token or without. */
static enum provider_outcome
open_session(struct imds *s, struct err *err)
{
	struct span text;

	switch (ask(s, "PUT", "/latest/api/token")) {
	case HTTP_OK:
		break;
	case HTTP_TIMEOUT:
		/* What a container sees when the hop limit is 1. */
		return try_without(s, "does not answer when asked for a "
		    "session (in a container: is the hop limit 1?)");
	case HTTP_CANCELLED:
		*err = s->failure;
		return refusal(s->input, err);
	default:
		return provider_say(s->input, "no metadata service: %s",
		    s->failure.message);
	}
	switch (s->response.status) {
	case 200:
		text = span_trim(buf_view(&s->response.body));
		if (!is_token(text))
			return provider_say(s->input, "what answers at %s is "
			    "no metadata service", s->settings.base);
		if (secret_set(&s->token, text, err) != 0)
			return refusal(s->input, err);
		return PROVIDER_KEYS;
	case 403:
	case 404:
	case 405:
		return try_without(s, "knows no sessions, or gives none");
	default:
		return provider_say(s->input, "%s answers with status %d when "
		    "asked for a session", s->settings.base,
		    s->response.status);
	}
}

/* The answer to a GET; a token that has run out is replaced once. KEYS: 200. */
static enum provider_outcome
get(struct imds *s, const char *path, const char *what, struct err *err)
{
	bool again = secret_present(&s->token);
	enum provider_outcome outcome;
	enum http_fault fault;

	for (;;) {
		fault = ask(s, "GET", path);
		if (fault == HTTP_CANCELLED) {
			*err = s->failure;
			return refusal(s->input, err);
		}
		if (fault != HTTP_OK)
			return provider_say(s->input, "%s: %s", what,
			    s->failure.message);
		if (s->response.status == 200)
			return PROVIDER_KEYS;
		if (s->response.status != 401 || !again)
			break;
		again = false;
		if ((outcome = open_session(s, err)) != PROVIDER_KEYS)
			return outcome;
	}
	if (s->response.status == 401 && !secret_present(&s->token))
		return provider_say(s->input, "%s: status 401: it insists on "
		    "version 2", what);
	if (s->response.status == 404 && span_starts(span_of(path), ROLES))
		return provider_say(s->input, "%s: status 404: there is no "
		    "instance profile", what);
	return provider_say(s->input, "%s: status %d", what,
	    s->response.status);
}

/* The path of the role's keys. KEYS: it is in path. */
static enum provider_outcome
find_role(struct imds *s, struct buf *path, struct err *err)
{
	enum provider_outcome outcome;
	struct span role, rest;

	outcome = get(s, ROLES, "the role's name", err);
	if (outcome != PROVIDER_KEYS)
		return outcome;
	span_split(span_trim(buf_view(&s->response.body)), '\n', &role,
	    &rest);
	role = span_trim(role);
	if (role.n == 0)
		return provider_say(s->input, "there is no instance profile");
	if (!is_token(role) || role.n > 64 ||
	    memchr(role.p, '<', role.n) != NULL)
		return provider_say(s->input, "what answers at %s is no "
		    "metadata service", s->settings.base);
	provider_say(s->input, "role '%.*s'", (int)role.n, role.p);
	buf_add_string(path, ROLES);
	uri_encode(role, false, path);
	return PROVIDER_KEYS;
}

/* AWS may be unable to give new keys for hours: old ones work on in that
 * time, and the SDKs use them (static stability). */
static void
extend(struct imds *s, struct keys *keys)
{
	const struct call_context *call = s->input->settings->call;
	int64_t now = s->input->now;

	if (now == 0 || keys->expires_at == 0 || now < keys->expires_at)
		return;
	provider_say(s->input, "the keys' time is over, and there are no "
	    "others: used all the same");
	keys->expires_at = now + EXTENSION_SECONDS +
	    (int64_t)rand_below(call->rand, JITTER_SECONDS);
}

/* "Success", or another word and a message: the role cannot be assumed. */
static bool
succeeded(struct imds *s, const struct json *j)
{
	json_value code = json_member(j, 0, "Code");
	struct buf text, clean;

	if (code == JSON_NONE || json_string_is(j, code, "Success"))
		return true;
	buf_init(&text, LIMIT_ERROR_BODY);
	buf_init(&clean, 4 * LIMIT_QUOTE);
	(void)json_string(j, code, &text);
	buf_add_string(&text, ": ");
	(void)json_string(j, json_member(j, 0, "Message"), &text);
	redact_text(buf_view(&text), LIMIT_QUOTE, &clean);
	provider_say(s->input, "no keys: %s", buf_string(&clean));
	buf_clear(&text);
	buf_clear(&clean);
	return false;
}

static enum provider_outcome
read_keys(struct imds *s, struct keys *keys, struct err *err)
{
	static const struct keys_json names = {
	    .where = "the instance metadata service's answer",
	    .id = "AccessKeyId", .secret = "SecretAccessKey",
	    .token = "Token", .expiration = "Expiration" };
	enum provider_outcome outcome = PROVIDER_KEYS;
	struct json j = { 0 };

	if (json_parse(&j, span_trim(buf_view(&s->response.body)), 0,
	    err) != 0) {
		err_context(err, "%s is not JSON", names.where);
		outcome = PROVIDER_FAILED;
	} else if (!succeeded(s, &j)) {
		outcome = PROVIDER_PASSED;
	} else if (keys_json_read(&names, &j, 0, keys, err) != 0) {
		outcome = PROVIDER_FAILED;
	}
	json_clear(&j);
	if (outcome == PROVIDER_KEYS)
		extend(s, keys);
	if (outcome != PROVIDER_FAILED)
		return outcome;
	err_hint(err, "see what it says: curl -s %s%s, or set "
	    "AWS_EC2_METADATA_DISABLED=true to go without it",
	    s->settings.base, ROLES);
	return refusal(s->input, err);
}

/* The profile that somebody chose; another one's role may lead here. */
static const char *
selected_profile(const struct provider_input *input)
{
	const struct provider_link *link;
	const char *profile = input->settings->profile;

	for (link = input->link; link != NULL; link = link->parent)
		profile = link->profile;
	return profile;
}

/*
 * Where nobody names a region, this instance's is the one, as in most SDKs:
 * in another partition nothing works without. The keys do without it.
 */
static enum provider_outcome
find_region(struct imds *s, struct err *err)
{
	struct provider_input *input = s->input;
	const struct chain_settings *set = input->settings;
	struct span text;

	if (region_named(set->env, set->files,
	    selected_profile(input)) != NULL)
		return PROVIDER_KEYS;
	switch (get(s, "/latest/meta-data/placement/region", "the region",
	    err)) {
	case PROVIDER_FAILED:
		return PROVIDER_FAILED;
	case PROVIDER_PASSED:
		return PROVIDER_KEYS;
	case PROVIDER_KEYS:
		break;
	}
	text = span_trim(buf_view(&s->response.body));
	if (memchr(text.p, '\0', text.n) != NULL ||
	    !span_copy(text, input->region, sizeof input->region))
		return PROVIDER_KEYS;
	if (endpoint_region_valid(input->region))
		provider_say(input, "region '%s'", input->region);
	else
		input->region[0] = '\0';
	return PROVIDER_KEYS;
}

static enum provider_outcome
run(struct imds *s, struct keys *keys, struct err *err)
{
	enum provider_outcome outcome;
	struct buf path;

	buf_init(&path, LIMIT_HEADER_BLOCK);
	outcome = open_session(s, err);
	if (outcome == PROVIDER_KEYS)
		outcome = find_role(s, &path, err);
	if (outcome == PROVIDER_KEYS && buf_check(&path, "the role's path",
	    err) != 0)
		outcome = refusal(s->input, err);
	if (outcome == PROVIDER_KEYS)
		outcome = get(s, buf_string(&path), "its keys", err);
	if (outcome == PROVIDER_KEYS)
		outcome = read_keys(s, keys, err);
	if (outcome == PROVIDER_KEYS)
		outcome = find_region(s, err);
	buf_clear(&path);
	return outcome;
}

static enum provider_outcome
resolve(struct provider_input *input, struct keys *keys, struct err *err)
{
	struct imds s = { .input = input };
	enum provider_outcome outcome;

	if (imds_settings_read(input->settings->env, input->settings->files,
	    selected_profile(input), &s.settings, err) != 0)
		return refusal(input, err);
	if (s.settings.disabled)
		return provider_say(input, "AWS_EC2_METADATA_DISABLED is "
		    "true");
	if (input->settings->call == NULL)
		return provider_say(input, "there is no network");
	http_response_init(&s.response);
	outcome = run(&s, keys, err);
	http_response_clear(&s.response);
	secret_clear(&s.token);
	return outcome;
}

const struct provider provider_imds = { "imds", resolve };
