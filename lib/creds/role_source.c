#include "creds/role_source.h"

#include <string.h>

#include "aws/profile_suggest.h"
#include "base/limits.h"
#include "creds/key_cache.h"
#include "creds/provider_table.h"

/* Real chains have two or three; each is a level of recursion here. */
#define CHAIN_MAX 8

/* What botocore knows as credential_source, and our row for it. */
static const struct {
	const char *name;
	const char *provider;
	const char *variables[2];	/* what tells one from another */
} sources[] = {
	{ "Environment", "environment", { "AWS_ACCESS_KEY_ID", NULL } },
	{ "EcsContainer", "container",
	    { "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
	    "AWS_CONTAINER_CREDENTIALS_FULL_URI" } },
	{ "Ec2InstanceMetadata", "imds",
	    { "AWS_EC2_METADATA_SERVICE_ENDPOINT", NULL } },
};

/* What decides which keys a profile gives; no secret. */
static const char *const deciding[] = {
	"role_arn", "source_profile", "credential_source",
	"role_session_name", "external_id", "mfa_serial",
	"duration_seconds", "web_identity_token_file", "sso_session",
	"sso_account_id", "sso_role_name", "sso_start_url", "sso_region",
	"login_session", "credential_process", "aws_access_key_id",
};

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

static struct profile_value
get(const struct provider_input *input, const char *profile, const char *key)
{
	return profile_get(input->settings->files, profile, key, NULL);
}

static bool
has_static_keys(const struct provider_input *input, const char *profile)
{
	return get(input, profile, "aws_access_key_id").text != NULL;
}

static int
fail_absent(const struct provider_input *input,
    const struct profile_value *source, struct err *err)
{
	struct buf hint;

	err_set(err, ERR_CREDENTIALS, "profile '%s' takes its keys from "
	    "source_profile '%s' ('%s' line %u), which is not there",
	    input->settings->profile, source->text, source->file,
	    source->line);
	buf_init(&hint, LIMIT_PROFILE_FILE);
	profile_suggest(input->settings->files, source->text, &hint);
	if (hint.n > 0)
		err_hint(err, "%s", buf_string(&hint));
	buf_clear(&hint);
	return -1;
}

static int
fail_loop(const struct provider_input *input,
    const struct profile_value *source, struct err *err)
{
	err_set(err, ERR_CREDENTIALS, "source_profile '%s' of profile '%s' "
	    "('%s' line %u) leads round in a circle", source->text,
	    input->settings->profile, source->file, source->line);
	err_hint(err, "one profile of the chain must have keys of its own: "
	    "static ones, SSO, a process, a web identity");
	return -1;
}

static int
check_profile(const struct provider_input *input,
    const struct profile_value *source, struct err *err)
{
	const struct provider_link *link;
	int length = 1;

	if (!profile_exists(input->settings->files, source->text))
		return fail_absent(input, source, err);
	if (strcmp(source->text, input->settings->profile) == 0)
		return has_static_keys(input, source->text) ? 0 :
		    fail_loop(input, source, err);
	for (link = input->link; link != NULL; link = link->parent) {
		if (strcmp(link->profile, source->text) == 0)
			return fail_loop(input, source, err);
		length++;
	}
	if (length >= CHAIN_MAX)
		return err_set(err, ERR_CREDENTIALS, "profile '%s' ('%s' "
		    "line %u) is number %d of a chain of source profiles: "
		    "too many", input->settings->profile, source->file,
		    source->line, length);
	return 0;
}

static int
check_source(struct role_source *s, struct err *err)
{
	size_t i;

	for (i = 0; i < COUNT(sources); i++) {
		if (!span_is_nocase(span_of(s->value.text), sources[i].name))
			continue;
		s->provider = provider_table_named(sources[i].provider);
		return 0;
	}
	err_set(err, ERR_CREDENTIALS, "'%s' line %u: credential_source is "
	    "'%s'", s->value.file, s->value.line, s->value.text);
	err_hint(err, "it takes Environment, Ec2InstanceMetadata or "
	    "EcsContainer");
	return -1;
}

int
role_source_read(struct role_source *s, struct provider_input *input,
    struct err *err)
{
	const char *profile = input->settings->profile;
	struct profile_value named = get(input, profile, "source_profile");
	struct profile_value source = get(input, profile,
	    "credential_source");

	memset(s, 0, sizeof *s);
	s->input = input;
	if (named.text != NULL && source.text != NULL) {
		err_set(err, ERR_CREDENTIALS, "profile '%s' has both "
		    "source_profile ('%s' line %u) and credential_source "
		    "('%s' line %u)", profile, named.file, named.line,
		    source.file, source.line);
		err_hint(err, "its role is assumed with the keys of one of "
		    "them: take the other away");
		return -1;
	}
	if (named.text == NULL && source.text == NULL) {
		err_set(err, ERR_CREDENTIALS, "profile '%s' has a role_arn, "
		    "but neither source_profile nor credential_source",
		    profile);
		err_hint(err, "name the profile whose keys assume the role: "
		    "source_profile = NAME");
		return -1;
	}
	s->value = named.text != NULL ? named : source;
	return named.text != NULL ? check_profile(input, &named, err) :
	    check_source(s, err);
}

void
role_source_clear(struct role_source *s)
{
	keys_clear(&s->keys);
}

static void
describe_variables(const struct provider_input *input, struct buf *subject)
{
	static const char endpoint[] = "ec2_metadata_service_endpoint";
	size_t i, k;

	key_cache_add(subject, endpoint, get(input, input->settings->profile,
	    endpoint).text);
	for (i = 0; i < COUNT(sources); i++) {
		for (k = 0; k < COUNT(sources[i].variables); k++) {
			const char *name = sources[i].variables[k];

			if (name != NULL)
				key_cache_add(subject, name, env_value(
				    input->settings->env, name));
		}
	}
}

void
role_source_describe(const struct role_source *s, struct buf *subject)
{
	static const char *const of_session[] = { "sso_start_url",
	    "sso_region" };
	const struct provider_input *input = s->input;
	const char *profile = s->provider == NULL ? s->value.text : NULL;
	const char *session;
	int links = 0;
	size_t i;

	key_cache_add(subject, "credential_source", s->provider == NULL ?
	    NULL : s->provider->name);
	while (profile != NULL && links++ < CHAIN_MAX) {
		key_cache_add(subject, "profile", profile);
		for (i = 0; i < COUNT(deciding); i++)
			key_cache_add(subject, deciding[i],
			    get(input, profile, deciding[i]).text);
		session = get(input, profile, "sso_session").text;
		for (i = 0; session != NULL && i < COUNT(of_session); i++)
			key_cache_add(subject, of_session[i],
			    profile_section_get(input->settings->files,
			    "sso-session", session, of_session[i], NULL).text);
		if (has_static_keys(input, profile))
			return;
		profile = get(input, profile, "source_profile").text;
	}
	/* A credential_source somewhere takes the keys from here. */
	describe_variables(input, subject);
}

/* Ask one provider for the source; the trace of the role gets its reason. */
static enum provider_outcome
ask(const struct role_source *s, const struct provider *provider,
    const struct chain_settings *set, const char *rejected,
    struct keys *keys, struct err *err)
{
	const struct provider_link link = {
		s->input->settings->profile, s->input->link
	};
	struct provider_input input = {
		.settings = set, .now = s->input->now, .rejected = rejected,
		.link = &link,
	};
	enum provider_outcome outcome = provider->resolve(&input, keys, err);

	memcpy(s->input->region, input.region, sizeof input.region);
	if (outcome != PROVIDER_PASSED)
		provider_say(s->input, "%s '%s' by %s: %s",
		    s->provider == NULL ? "source_profile" :
		    "credential_source", s->value.text, provider->name,
		    input.reason);
	else if (s->provider != NULL)
		err_set(err, ERR_CREDENTIALS, "credential_source '%s' ('%s' "
		    "line %u) gives no keys: %s", s->value.text,
		    s->value.file, s->value.line, input.reason);
	return outcome;
}

/* The source profile, by the first mechanism of a profile that applies. */
static int
resolve_profile(const struct role_source *s, const char *rejected,
    struct keys *keys, struct err *err)
{
	struct chain_settings set = *s->input->settings;
	const char *profile = s->value.text;
	enum provider_outcome outcome = PROVIDER_PASSED;
	size_t i;

	/* The environment's keys are nobody's source. */
	set.profile = profile;
	set.profile_option = set.profile_named = true;
	for (i = 0; i < PROVIDER_TABLE_ROWS && outcome == PROVIDER_PASSED;
	    i++) {
		const struct provider_table_row *row = provider_table_at(i);

		/* Here, unlike in the selected profile, static keys beat a
		 * role (botocore, the Rust SDK): so chains end. */
		if (!row->of_profile ||
		    (row->provider == &provider_assume_role &&
		    has_static_keys(s->input, profile)))
			continue;
		outcome = ask(s, row->provider, &set, rejected, keys, err);
	}
	if (outcome == PROVIDER_KEYS)
		return 0;
	if (outcome == PROVIDER_FAILED) {
		err_context(err, "source_profile '%s' of profile '%s'",
		    profile, s->input->settings->profile);
		return -1;
	}
	err_set(err, ERR_CREDENTIALS, "source_profile '%s' of profile '%s' "
	    "('%s' line %u) has no credentials", profile,
	    s->input->settings->profile, s->value.file, s->value.line);
	err_hint(err, "give it aws_access_key_id and aws_secret_access_key, "
	    "or another way to keys; those in the environment take "
	    "'credential_source = Environment' instead of source_profile");
	return -1;
}

static int
resolve(const struct role_source *s, const char *rejected, struct keys *keys,
    struct err *err)
{
	struct chain_settings set = *s->input->settings;
	enum provider_outcome outcome;

	if (s->provider == NULL)
		return resolve_profile(s, rejected, keys, err);
	/* They are asked for by name, and no profile has a say in them. */
	set.profile = "default";
	set.profile_option = set.profile_named = false;
	outcome = ask(s, s->provider, &set, rejected, keys, err);
	if (outcome == PROVIDER_FAILED)
		err_context(err, "credential_source '%s' of profile '%s'",
		    s->value.text, s->input->settings->profile);
	return outcome == PROVIDER_KEYS ? 0 : -1;
}

static int
get_keys(void *state, bool renew, const struct keys **keys, struct err *err)
{
	struct role_source *s = state;
	struct keys found = { 0 };
	bool have = s->keys.access_key_id[0] != '\0';

	if (!have || renew) {
		if (resolve(s, have ? s->keys.access_key_id : NULL, &found,
		    err) != 0) {
			keys_clear(&found);
			return -1;
		}
		keys_clear(&s->keys);
		s->keys = found;
	}
	*keys = &s->keys;
	return 0;
}

struct keys_source
role_source_keys(struct role_source *s)
{
	struct keys_source source = { get_keys, s };

	return source;
}
