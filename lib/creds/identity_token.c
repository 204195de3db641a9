#include "creds/identity_token.h"

#include <string.h>

#include "base/date.h"
#include "base/limits.h"
#include "codec/base64.h"
#include "codec/json.h"
#include "creds/github_token.h"
#include "sys/file.h"

#define FILE_VARIABLE "AWS_WEB_IDENTITY_TOKEN_FILE"
#define FILE_KEY "web_identity_token_file"
#define OWN_VARIABLE "TEAMCACHE_WEB_IDENTITY_TOKEN"
#define GITHUB_VARIABLE "ACTIONS_ID_TOKEN_REQUEST_URL"

/* Where CI systems leave a token; ours is there to be set by hand. */
static const char *const variables[] = {
	OWN_VARIABLE, "GITLAB_OIDC_TOKEN", "BITBUCKET_STEP_OIDC_TOKEN",
	"CIRCLE_OIDC_TOKEN_V2", "CIRCLE_OIDC_TOKEN",
};

#define VARIABLES (sizeof variables / sizeof variables[0])

static struct identity_token
of_variable(enum identity_token_kind kind, const char *name,
    const char *text)
{
	struct identity_token token = { .kind = kind, .name = name,
	    .text = text };

	return token;
}

/* A job on GitHub that names a role but may not ask for a token. */
static void
advise_github(struct provider_input *input)
{
	const char *github = env_value(input->settings->env,
	    "GITHUB_ACTIONS");

	if (github == NULL || strcmp(github, "true") != 0)
		return;
	provider_say(input, "a job on GitHub has it with 'permissions: "
	    "id-token: write' (not for a fork's pull request)");
	input->advice = "AWS_ROLE_ARN is set: to assume the role, the "
	    "workflow or job needs\n  permissions:\n    id-token: write";
}

/* What counts together with AWS_ROLE_ARN only. */
static struct identity_token
find_in_job(struct provider_input *input)
{
	const struct env *env = input->settings->env;
	const struct identity_token none = { .kind = IDENTITY_TOKEN_NONE };
	bool role = env_value(env, "AWS_ROLE_ARN") != NULL;
	struct identity_token token = none;
	const char *text;
	size_t i;

	for (i = 0; i < VARIABLES && token.text == NULL; i++) {
		text = env_value(env, variables[i]);
		token = of_variable(IDENTITY_TOKEN_VARIABLE, variables[i],
		    text);
	}
	if (token.text == NULL)
		token = of_variable(IDENTITY_TOKEN_GITHUB, GITHUB_VARIABLE,
		    env_value(env, GITHUB_VARIABLE));
	if (token.text != NULL && role)
		return token;
	if (token.text != NULL) {
		provider_say(input, "%s is set, but AWS_ROLE_ARN is not",
		    token.name);
	} else if (role) {
		provider_say(input, "AWS_ROLE_ARN is set, but no token is "
		    "there for it");
		advise_github(input);
	}
	return none;
}

struct identity_token
identity_token_find(struct provider_input *input)
{
	const struct chain_settings *set = input->settings;
	const char *path = env_value(set->env, FILE_VARIABLE);
	struct profile_value value = provider_value(input, FILE_KEY);
	struct identity_token token = { .kind = IDENTITY_TOKEN_NONE };

	if (path != NULL && !set->profile_option)
		return of_variable(IDENTITY_TOKEN_FILE, FILE_VARIABLE, path);
	if (value.text != NULL) {
		token = of_variable(IDENTITY_TOKEN_FILE, FILE_KEY,
		    value.text);
		token.file = value.file;
		token.line = value.line;
		return token;
	}
	provider_say(input, "%s is %s", FILE_VARIABLE, path != NULL ?
	    "set, but a profile was named" : "not set");
	provider_say(input, "profile '%s' has no " FILE_KEY, set->profile);
	if (!set->profile_option)
		token = find_in_job(input);
	return token;
}

static int
read_file(const struct identity_token *from, struct buf *out,
    struct err *err)
{
	switch (file_read(from->text, out, err)) {
	case FILE_READ:
		return 0;
	case FILE_ABSENT:
		err_set(err, ERR_CREDENTIALS, "the token file '%s' of %s is "
		    "not there", from->text, from->name);
		return -1;
	default:
		err_context(err, "the token file of %s", from->name);
		return -1;
	}
}

static int
check(const struct identity_token *from, struct span text, struct err *err)
{
	bool file = from->kind == IDENTITY_TOKEN_FILE;
	size_t i;

	for (i = 0; i < text.n; i++)
		if (text.p[i] <= 0x20 || text.p[i] >= 0x7f)
			break;
	if (text.n > 0 && i == text.n && text.n <= LIMIT_IDENTITY_TOKEN)
		return 0;
	return err_set(err, ERR_CREDENTIALS, "%s%s%s%s holds %s",
	    file ? "the token file '" : "", file ? from->text : "",
	    file ? "' of " : "", from->name,
	    text.n == 0 ? "nothing" : "something else than a token");
}

int
identity_token_get(const struct identity_token *from,
    const struct provider_input *input, struct secret *token,
    struct err *err)
{
	struct buf text;
	int result = -1;

	buf_init_secret(&text, LIMIT_IDENTITY_TOKEN + LIMIT_KIB);
	switch (from->kind) {
	case IDENTITY_TOKEN_FILE:
		result = read_file(from, &text, err);
		break;
	case IDENTITY_TOKEN_GITHUB:
		result = github_token_get(input->settings->call, from->text,
		    env_value(input->settings->env,
		    "ACTIONS_ID_TOKEN_REQUEST_TOKEN"), &text, err);
		break;
	default:
		buf_add_string(&text, from->text);
		result = buf_check(&text, from->name, err);
		break;
	}
	if (result == 0)
		result = check(from, span_trim(buf_view(&text)), err);
	if (result == 0)
		result = secret_set(token, span_trim(buf_view(&text)), err);
	buf_clear(&text);
	return result;
}

static void
add_claim(const struct json *j, const char *name, bool brief,
    struct buf *out)
{
	struct span raw = json_raw(j, json_member(j, 0, name));
	char when[DATE_ROOM];
	int64_t seconds;

	if (raw.n == 0)
		return;
	if (brief && raw.n > LIMIT_QUOTE)
		raw.n = LIMIT_QUOTE;
	buf_addf(out, "%s%s ", out->n > 0 ? ", " : "", name);
	if (json_integer(j, json_member(j, 0, name), 0, INT64_MAX,
	    &seconds)) {
		date_format_rfc3339(seconds, when);
		buf_add_string(out, when);
	} else {
		buf_add_span(out, raw);
	}
}

void
identity_token_claims(const struct secret *token, bool brief,
    struct buf *out)
{
	struct span head, payload, rest;
	struct err ignored = { 0 };
	struct json j = { 0 };
	struct buf text;

	buf_init_secret(&text, LIMIT_IDENTITY_TOKEN);
	if (span_split(secret_reveal(token), '.', &head, &rest) &&
	    span_split(rest, '.', &payload, &rest) &&
	    base64_decode(payload, &text) && text.fault == BUF_SOUND &&
	    json_parse(&j, buf_view(&text), 0, &ignored) == 0) {
		add_claim(&j, "iss", brief, out);
		add_claim(&j, "aud", brief, out);
		add_claim(&j, "sub", brief, out);
		if (brief)
			add_claim(&j, "exp", brief, out);
	}
	json_clear(&j);
	buf_clear(&text);
}
