#include "creds/login_session.h"

#include <stdio.h>
#include <string.h>

#include "aws/call.h"
#include "aws/endpoint.h"
#include "aws/expand.h"
#include "base/date.h"
#include "base/limits.h"
#include "codec/hash.h"
#include "codec/json.h"
#include "creds/dpop.h"
#include "creds/keys_json.h"
#include "creds/refusal.h"
#include "creds/sign_in.h"
#include "creds/token_file.h"

#define REFRESH_SECONDS 300

/* The service's bound on what it gives. */
#define LASTS_MAX 43200

struct login {
	struct provider_input *input;
	const char *session;
	char hash[HASH_SHA256_HEX];
	struct buf path;
	struct token_file file;
	struct keys *keys;
};

/* What CreateOAuth2Token is told, and what it says. */
struct renewal {
	struct secret client_id;
	struct secret refresh_token;
	struct p256_key key;
	struct endpoint endpoint;
	struct buf url;
	struct buf path;
	struct buf body;
	struct buf proof;
	struct call_reply reply;
};

static int
set_path(struct login *s, struct err *err)
{
	const struct env *env = s->input->settings->env;
	const char *directory = env_value(env, "AWS_LOGIN_CACHE_DIRECTORY");

	hash_sha256_hex(span_of(s->session), s->hash);
	if (directory == NULL && env_value(env, "HOME") == NULL)
		return err_set(err, ERR_CREDENTIALS, "HOME is not set, below "
		    "which the session lies");
	expand_path(env, directory != NULL ? directory :
	    "~/.aws/login/cache", &s->path);
	buf_addf(&s->path, "/%s.json", s->hash);
	return buf_check(&s->path, "the session's path", err);
}

/* Read the file: the keys, whose time may be over. */
static int
load(void *state, struct err *err)
{
	struct login *s = state;
	const char *path = buf_string(&s->path);
	const struct keys_json names = { .where = path, .id = "accessKeyId",
	    .secret = "secretAccessKey", .token = "sessionToken",
	    .expiration = "expiresAt", .account = "accountId" };
	json_value at;

	if (sign_in_read(&s->file, path, err) != 0)
		return -1;
	at = json_member(&s->file.json, 0, "accessToken");
	if (json_type(&s->file.json, at) != JSON_OBJECT)
		return err_set(err, ERR_CREDENTIALS,
		    "'%s' has no accessToken", path);
	keys_clear(s->keys);
	if (keys_json_read(&names, &s->file.json, at, s->keys, err) != 0)
		return -1;
	if (s->keys->expires_at == 0)
		return err_set(err, ERR_CREDENTIALS,
		    "'%s' has no expiresAt", path);
	return 0;
}

static bool
has_left(const struct login *s, int64_t seconds)
{
	return s->input->now == 0 ||
	    s->keys->expires_at - s->input->now > seconds;
}

static int
set_url(const struct login *s, struct renewal *x, struct err *err)
{
	if (provider_endpoint(s->input, ENDPOINT_SIGNIN, NULL, &x->endpoint,
	    err) != 0)
		return -1;
	buf_addf(&x->path, "%s/v1/token", x->endpoint.path);
	buf_addf(&x->url, "%s%s", x->endpoint.url, buf_string(&x->path));
	return buf_check(&x->url, "the URL", err);
}

/* Are they to be used without further ado? Not when a service has just called
 * them expired. */
static bool
are_fresh(const struct login *s)
{
	const char *rejected = s->input->rejected;

	return has_left(s, REFRESH_SECONDS) && (rejected == NULL ||
	    strcmp(rejected, s->keys->access_key_id) != 0);
}

/* What the file holds for it. */
static int
read_grant(const struct login *s, struct renewal *x, struct err *err)
{
	struct secret pem = { 0 };
	int result = -1;

	if (s->input->settings->call == NULL)
		return err_set(err, ERR_CREDENTIALS, "there is no network");
	if (!token_file_text(&s->file, "clientId", &x->client_id) ||
	    !token_file_text(&s->file, "refreshToken",
	    &x->refresh_token) ||
	    !token_file_text(&s->file, "dpopKey", &pem))
		err_set(err, ERR_CREDENTIALS, "'%s' lacks clientId, "
		    "refreshToken or dpopKey", buf_string(&s->path));
	else if (p256_read(&x->key, secret_reveal(&pem), err) != 0)
		err_context(err, "dpopKey of '%s'", buf_string(&s->path));
	else
		result = 0;
	secret_clear(&pem);
	return result;
}

static int
write_body(struct renewal *x, struct err *err)
{
	struct json_writer w;

	json_begin(&w, &x->body, false);
	json_open_object(&w);
	json_put_name(&w, "clientId");
	json_put_span(&w, secret_reveal(&x->client_id));
	json_member_string(&w, "grantType", "refresh_token");
	json_put_name(&w, "refreshToken");
	json_put_span(&w, secret_reveal(&x->refresh_token));
	json_close_object(&w);
	return buf_check(&x->body, "the request", err);
}

/* The service's refusals, by its own words. */
static int
set_refused(const struct call_reply *reply, struct err *err)
{
	const char *code = reply->report.code;

	errors_set(err, &reply->report, reply->response.status,
	    "cannot renew the session");
	if (strcmp(code, "INSUFFICIENT_PERMISSIONS") == 0)
		err_hint(err, "attach the managed policy "
		    "SignInLocalDevelopmentAccess to the user or role that "
		    "signs in");
	return -1;
}

static int
ask(const struct login *s, struct renewal *x, struct err *err)
{
	static const int expected[] = { 400, 401, 403, 0 };
	struct http_field fields[2] = {
		{ "content-type", "application/json" }, { "dpop", NULL }
	};
	struct call_request r = { .service = ERRORS_OTHER, .method = "POST",
	    .base_url = x->endpoint.url, .path = buf_view(&x->path),
	    .fields = fields, .field_count = 2, .has_body = true,
	    .max_body = LIMIT_CONTROL_BODY,
	    .subject = "cannot renew the session" };
	struct call_context *call = s->input->settings->call;

	if (dpop_proof(&x->key, buf_string(&x->url), s->input->now,
	    call->rand, &x->proof, err) != 0 || write_body(x, err) != 0)
		return -1;
	fields[1].value = buf_string(&x->proof);
	r.body = buf_view(&x->body);
	if (call_send(call, &r, NULL, expected, &x->reply, err) != 0)
		return -1;
	return x->reply.response.status >= 400 ?
	    set_refused(&x->reply, err) : 0;
}

/* The member accessToken as the file has it: with account and end. */
static void
write_keys(const struct keys *keys, struct buf *out)
{
	struct json_writer w;
	char when[DATE_ROOM];

	date_format_rfc3339(keys->expires_at, when);
	json_begin(&w, out, false);
	json_open_object(&w);
	json_member_string(&w, "accessKeyId", keys->access_key_id);
	json_put_name(&w, "secretAccessKey");
	json_put_span(&w, secret_reveal(&keys->secret_key));
	json_put_name(&w, "sessionToken");
	json_put_span(&w, secret_reveal(&keys->session_token));
	json_member_string(&w, "accountId", keys->account_id);
	json_member_string(&w, "expiresAt", when);
	json_close_object(&w);
}

static void
save(const struct login *s, const struct json *j, const struct keys *keys)
{
	struct token_file_change changes[2] = {
		{ "accessToken", { NULL, 0 } },
		{ "refreshToken", json_raw(j, json_member(j, 0,
		    "refreshToken")) },
	};
	struct err failure = { 0 };
	struct buf text;

	buf_init_secret(&text, LIMIT_TOKEN_FILE);
	write_keys(keys, &text);
	changes[0].value = buf_view(&text);
	if (buf_check(&text, "the keys", &failure) != 0 ||
	    token_file_write(&s->file, buf_string(&s->path), changes, 2,
	    &failure) != 0)
		log_warn(s->input->settings->call->log, "the renewed session "
		    "could not be kept, its old refresh token is of no more "
		    "use: %s", failure.message);
	buf_clear(&text);
}

static int
take_answer(struct login *s, const struct renewal *x, struct err *err)
{
	static const struct keys_json names = { .where = "the answer",
	    .id = "accessKeyId", .secret = "secretAccessKey",
	    .token = "sessionToken" };
	struct keys found = { 0 };
	struct json j = { 0 };
	int64_t lasts;
	int result = -1;

	if (json_parse(&j, span_trim(buf_view(&x->reply.response.body)), 0,
	    err) != 0)
		goto out;
	if (!json_integer(&j, json_member(&j, 0, "expiresIn"), 1, LASTS_MAX,
	    &lasts) || json_type(&j, json_member(&j, 0, "refreshToken")) !=
	    JSON_STRING) {
		err_set(err, ERR_CREDENTIALS,
		    "the answer has no expiresIn or no refreshToken");
		goto out;
	}
	if (keys_json_read(&names, &j, json_member(&j, 0, "accessToken"),
	    &found, err) != 0)
		goto out;
	found.expires_at = s->input->now + lasts;
	memcpy(found.account_id, s->keys->account_id,
	    sizeof found.account_id);
	save(s, &j, &found);
	keys_clear(s->keys);
	*s->keys = found;
	memset(&found, 0, sizeof found);
	result = 0;
out:
	if (result != 0)
		err_context(err, "cannot renew the session");
	keys_clear(&found);
	json_clear(&j);
	return result;
}

static bool
lasts(const void *state)
{
	return has_left(state, 0);
}

/* In our turn: the file as it is now, and new keys if it needs some. */
static int
renew(void *state, bool may_try, bool *asked, struct err *err)
{
	struct login *s = state;
	struct renewal x = { 0 };
	int result = -1;

	if (load(s, err) != 0)
		return -1;
	if (are_fresh(s))
		return 0;
	if (!may_try)
		return err_set(err, ERR_CREDENTIALS,
		    "renewing it has failed a moment ago");
	call_reply_init(&x.reply);
	x.reply.response.body.secret = true;
	buf_init(&x.url, sizeof x.endpoint.url + sizeof x.endpoint.path + 16);
	buf_init(&x.path, sizeof x.endpoint.path + 16);
	buf_init_secret(&x.body, LIMIT_TOKEN_FILE);
	buf_init_secret(&x.proof, LIMIT_TOKEN);
	if (read_grant(s, &x, err) == 0 && set_url(s, &x, err) == 0) {
		*asked = true;
		if (ask(s, &x, err) == 0)
			result = take_answer(s, &x, err);
	}
	secret_clear(&x.client_id);
	secret_clear(&x.refresh_token);
	p256_clear(&x.key);
	buf_clear(&x.url);
	buf_clear(&x.path);
	buf_clear(&x.body);
	buf_clear(&x.proof);
	call_reply_clear(&x.reply);
	return result;
}

/* A try at newer keys; the old ones may do without. */
static int
refresh(struct login *s, struct err *err)
{
	char name[HASH_SHA256_HEX + 8], when[DATE_ROOM];
	int n = snprintf(name, sizeof name, "login-%s", s->hash);
	const struct sign_in sign_in = { .input = s->input,
	    .turn = n > 0 ? name : "login", .load = load, .lasts = lasts,
	    .renew = renew, .state = s };
	int64_t end = s->keys->expires_at;
	struct err failure = { 0 };

	if (sign_in_renew(&sign_in, &failure) == 0)
		return 0;
	if (err_interrupted(&failure)) {
		*err = failure;
		return -1;
	}
	date_format_rfc3339(end, when);
	err_set(err, ERR_CREDENTIALS, "the keys ended at %s: %s", when,
	    failure.message);
	if (strcmp(failure.code, "INSUFFICIENT_PERMISSIONS") == 0)
		err_hint(err, "%s", failure.hint);
	return -1;
}

int
login_session_keys(struct provider_input *input, const char *session,
    struct keys *keys, struct err *err)
{
	struct login s = { .input = input, .session = session, .keys = keys };
	int result = -1;

	buf_init(&s.path, LIMIT_PROFILE_FILE);
	if (set_path(&s, err) == 0 && load(&s, err) == 0)
		result = are_fresh(&s) ? 0 : refresh(&s, err);
	if (result != 0 && err->hint[0] == '\0' && !err_interrupted(err))
		refusal_command(err, "sign in again", "aws login --profile",
		    input->settings->profile);
	token_file_clear(&s.file);
	buf_clear(&s.path);
	return result;
}
