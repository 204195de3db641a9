#include "creds/provider.h"

#include <stdio.h>
#include <string.h>

#include "aws/arn.h"
#include "aws/call.h"
#include "aws/endpoint.h"
#include "base/limits.h"
#include "codec/json.h"
#include "codec/uri.h"
#include "creds/key_cache.h"
#include "creds/keys_json.h"
#include "creds/refusal.h"
#include "creds/sso_token.h"

/* One resolution. */
struct sso {
	struct provider_input *input;
	const char *account;
	const char *role;
	struct sso_session session;
	struct endpoint endpoint;
};

static int
set_missing(const struct sso *s, const char *key, struct err *err)
{
	const char *config = profile_path(s->input->settings->files, false);

	if (s->session.name != NULL)
		return err_set(err, ERR_CREDENTIALS, "there is no "
		    "[sso-session %s] with %s in '%s', which profile '%s' "
		    "asks for", s->session.name, key, config,
		    s->input->settings->profile);
	return err_set(err, ERR_CREDENTIALS,
	    "profile '%s' uses SSO, but has no %s",
	    s->input->settings->profile, key);
}

/* sso_start_url or sso_region: the session's, which the profile may repeat
 * but not contradict; in the legacy form the profile's. */
static int
read_shared(const struct sso *s, const char *key, const char **to,
    struct err *err)
{
	struct profile_value own = provider_value(s->input, key);
	struct profile_value value = own;

	if (s->session.name != NULL) {
		value = profile_section_get(s->input->settings->files,
		    "sso-session", s->session.name, key, NULL);
		if (value.text != NULL && own.text != NULL &&
		    strcmp(value.text, own.text) != 0)
			return err_set(err, ERR_CREDENTIALS, "%s of profile "
			    "'%s' ('%s' line %u) is another one than that of "
			    "its sso-session '%s' (line %u)", key,
			    s->input->settings->profile, own.file, own.line,
			    s->session.name, value.line);
	}
	*to = value.text;
	return value.text == NULL ? set_missing(s, key, err) : 0;
}

static int
read_profile(struct sso *s, struct err *err)
{
	const struct chain_settings *set = s->input->settings;

	s->session.name = provider_value(s->input, "sso_session").text;
	if (s->account == NULL || s->role == NULL)
		return err_set(err, ERR_CREDENTIALS, "profile '%s' uses SSO, "
		    "but has no %s", set->profile, s->account == NULL ?
		    "sso_account_id" : "sso_role_name");
	if (read_shared(s, "sso_start_url", &s->session.start_url,
	    err) != 0 ||
	    read_shared(s, "sso_region", &s->session.region, err) != 0)
		return -1;
	if (provider_endpoint(s->input, ENDPOINT_SSO, s->session.region,
	    &s->endpoint, err) == 0)
		return 0;
	err_context(err, "SSO of profile '%s'", set->profile);
	return -1;
}

/* GetRoleCredentials' error answers that repeating does not change. */
static int
set_refused(const struct sso *s, const struct call_reply *reply,
    const char *subject, struct err *err)
{
	errors_set(err, &reply->report, reply->response.status, subject);
	if (!reply->report.aws)
		return -1;
	/* A 400 too: the profile's values are what was asked for. */
	err->class = ERR_CREDENTIALS;
	if (reply->response.status == 401)
		sso_token_hint(s->input, &s->session, err);
	else if (reply->response.status == 403 ||
	    reply->response.status == 404)
		err_hint(err, "you are not assigned that permission set in "
		    "that account, or it is not there: have it assigned in "
		    "IAM Identity Center, or choose another one with "
		    "'aws configure sso'");
	else
		err_hint(err, "check sso_account_id and sso_role_name of "
		    "profile '%s'", s->input->settings->profile);
	return -1;
}

static int
read_answer(const struct sso *s, const struct http_response *response,
    struct keys *keys, struct err *err)
{
	static const struct keys_json names = { .where = "the answer",
	    .id = "accessKeyId", .secret = "secretAccessKey",
	    .token = "sessionToken" };
	struct json j = { 0 };
	json_value at;
	int64_t until;
	int result = -1;

	if (json_parse(&j, span_trim(buf_view(&response->body)), 0,
	    err) != 0)
		return -1;
	at = json_member(&j, 0, "roleCredentials");
	if (json_type(&j, at) != JSON_OBJECT)
		err_set(err, ERR_CREDENTIALS,
		    "the answer has no roleCredentials");
	else if (!json_integer(&j, json_member(&j, at, "expiration"), 0,
	    INT64_MAX, &until))
		err_set(err, ERR_CREDENTIALS,
		    "the answer has no expiration");
	else
		result = keys_json_read(&names, &j, at, keys, err);
	if (result == 0) {
		keys->expires_at = until / 1000;
		if (arn_account_valid(span_of(s->account)))
			memcpy(keys->account_id, s->account,
			    sizeof keys->account_id);
	}
	json_clear(&j);
	return result;
}

static int
send_request(const struct sso *s, const struct secret *token,
    struct keys *keys, struct err *err)
{
	static const int expected[] = { 400, 401, 403, 404, 0 };
	struct http_field field = { "x-amz-sso_bearer_token",
	    secret_reveal(token).p };
	struct call_request r = { .service = ERRORS_OTHER, .method = "GET",
	    .base_url = s->endpoint.url, .fields = &field, .field_count = 1,
	    .max_body = LIMIT_CONTROL_BODY };
	struct call_reply reply;
	struct buf path, query, subject;
	int result = -1;

	call_reply_init(&reply);
	reply.response.body.secret = true;
	buf_init(&path, sizeof s->endpoint.path + 32);
	buf_init(&query, LIMIT_HEADER_BLOCK);
	buf_init(&subject, sizeof err->message);
	buf_addf(&path, "%s/federation/credentials", s->endpoint.path);
	buf_add_string(&query, "account_id=");
	uri_encode(span_of(s->account), false, &query);
	buf_add_string(&query, "&role_name=");
	uri_encode(span_of(s->role), false, &query);
	buf_addf(&subject, "cannot get keys for role '%s' in account '%s' "
	    "from IAM Identity Center", s->role, s->account);
	r.path = buf_view(&path);
	r.query = buf_view(&query);
	r.subject = buf_string(&subject);
	if (buf_check(&path, "the path", err) != 0 ||
	    buf_check(&query, "the query", err) != 0 ||
	    call_send(s->input->settings->call, &r, NULL, expected, &reply,
	    err) != 0)
		goto out;
	if (reply.response.status >= 400) {
		result = set_refused(s, &reply, r.subject, err);
	} else {
		result = read_answer(s, &reply.response, keys, err);
		if (result != 0)
			err_context(err, "%s", r.subject);
	}
out:
	call_reply_clear(&reply);
	buf_clear(&path);
	buf_clear(&query);
	buf_clear(&subject);
	return result;
}

/* What is kept on disk is made here. */
static int
fetch(void *state, struct keys *keys, struct err *err)
{
	struct sso *s = state;
	struct secret token = { 0 };
	int result = -1;

	if (s->input->settings->call == NULL)
		return err_set(err, ERR_CREDENTIALS, "there is no network");
	if (sso_token_get(s->input, &s->session, &token, err) == 0)
		result = send_request(s, &token, keys, err);
	secret_clear(&token);
	return result;
}

static int
find_keys(struct sso *s, struct keys *keys, struct err *err)
{
	struct key_cache_request request = { .kind = "sso", .fetch = fetch,
	    .state = s };
	struct buf subject;
	int result = -1;

	if (read_profile(s, err) != 0) {
		if (err->hint[0] == '\0')
			refusal_command(err, "mend the profile, or make it "
			    "anew", "aws configure sso --profile",
			    s->input->settings->profile);
		return -1;
	}
	buf_init(&subject, LIMIT_PROFILE_FILE);
	key_cache_add(&subject, "session", s->session.name);
	key_cache_add(&subject, "start_url", s->session.start_url);
	key_cache_add(&subject, "endpoint", s->endpoint.url);
	key_cache_add(&subject, "path", s->endpoint.path);
	key_cache_add(&subject, "account", s->account);
	key_cache_add(&subject, "role", s->role);
	request.subject = buf_view(&subject);
	if (buf_check(&subject, "what the profile asks for", err) == 0)
		result = key_cache_fetch(s->input, &request, keys, err);
	if (result != 0 && s->session.name != NULL)
		err_context(err, "SSO of profile '%s' (session '%s')",
		    s->input->settings->profile, s->session.name);
	else if (result != 0)
		err_context(err, "SSO of profile '%s'",
		    s->input->settings->profile);
	buf_clear(&subject);
	return result;
}

static enum provider_outcome
resolve(struct provider_input *input, struct keys *keys, struct err *err)
{
	struct sso s = { .input = input };
	struct profile_value account = provider_value(input, "sso_account_id");
	struct profile_value role = provider_value(input, "sso_role_name");
	struct profile_value session;
	struct profile_value first = account.text != NULL ? account : role;

	s.account = account.text;
	s.role = role.text;
	if (first.text == NULL) {
		session = provider_value(input, "sso_session");
		provider_say(input, "profile '%s' has neither sso_account_id "
		    "nor sso_role_name", input->settings->profile);
		if (session.text != NULL)
			provider_say(input, "it has sso_session ('%s' line "
			    "%u)", session.file, session.line);
		return PROVIDER_PASSED;
	}
	provider_say(input, "profile '%s' has %s ('%s' line %u)",
	    input->settings->profile, account.text != NULL ?
	    "sso_account_id" : "sso_role_name", first.file, first.line);
	if (find_keys(&s, keys, err) != 0)
		return refusal(input, err);
	return PROVIDER_KEYS;
}

const struct provider provider_sso = { "sso", resolve };
