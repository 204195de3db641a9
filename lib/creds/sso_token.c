#include "creds/sso_token.h"

#include <stdio.h>
#include <string.h>

#include "aws/call.h"
#include "aws/endpoint.h"
#include "base/date.h"
#include "base/limits.h"
#include "codec/hash.h"
#include "codec/json.h"
#include "creds/refusal.h"
#include "creds/sign_in.h"
#include "creds/token_file.h"

/* botocore's window. */
#define REFRESH_SECONDS 900

/* One look at the token and what can be made of it. */
struct bearer {
	struct provider_input *input;
	const struct sso_session *session;
	char hash[HASH_SHA1_HEX];
	struct buf path;
	struct token_file file;
	struct secret *token;
	int64_t expires_at;
};

/* What CreateToken is told, and what it says. */
struct grant {
	struct secret client_id;
	struct secret client_secret;
	struct secret refresh_token;
	struct buf body;
	struct call_reply reply;
};

void
sso_token_hint(const struct provider_input *input,
    const struct sso_session *session, struct err *err)
{
	if (session->name != NULL)
		refusal_command(err, "sign in again",
		    "aws sso login --sso-session", session->name);
	else
		refusal_command(err, "sign in again",
		    "aws sso login --profile", input->settings->profile);
}

static int
set_path(struct bearer *s, struct err *err)
{
	const char *home = env_value(s->input->settings->env, "HOME");

	hash_sha1_hex(span_of(s->session->name != NULL ? s->session->name :
	    s->session->start_url), s->hash);
	if (home == NULL)
		return err_set(err, ERR_CREDENTIALS, "HOME is not set, below "
		    "which the token lies");
	buf_addf(&s->path, "%s/.aws/sso/cache/%s.json", home, s->hash);
	return buf_check(&s->path, "the token's path", err);
}

/* Read the file: token and expires_at, which may be over. */
static int
load(void *state, struct err *err)
{
	struct bearer *s = state;
	const char *path = buf_string(&s->path);

	if (sign_in_read(&s->file, path, err) != 0)
		return -1;
	if (!token_file_text(&s->file, "accessToken", s->token))
		return err_set(err, ERR_CREDENTIALS,
		    "'%s' has no accessToken", path);
	if (!token_file_time(&s->file, "expiresAt", &s->expires_at))
		return err_set(err, ERR_CREDENTIALS,
		    "'%s' has no expiresAt that is a time", path);
	return 0;
}

/* Is so much time left? Without a clock: always. */
static bool
has_left(const struct bearer *s, int64_t seconds)
{
	return s->input->now == 0 ||
	    s->expires_at - s->input->now > seconds;
}

/* What a refresh takes, or why there can be none. */
static const char *
read_grant(const struct bearer *s, struct grant *g)
{
	int64_t until;

	if (s->input->settings->call == NULL)
		return "there is no network";
	if (!token_file_text(&s->file, "refreshToken", &g->refresh_token))
		return "it has no refresh token";
	if (!token_file_text(&s->file, "clientId", &g->client_id) ||
	    !token_file_text(&s->file, "clientSecret", &g->client_secret) ||
	    !token_file_time(&s->file, "registrationExpiresAt", &until))
		return "the client's registration is not there";
	if (until <= s->input->now)
		return "the client's registration has ended";
	return NULL;
}

static void
write_body(struct grant *g)
{
	struct json_writer w;

	json_begin(&w, &g->body, false);
	json_open_object(&w);
	json_put_name(&w, "clientId");
	json_put_span(&w, secret_reveal(&g->client_id));
	json_put_name(&w, "clientSecret");
	json_put_span(&w, secret_reveal(&g->client_secret));
	json_member_string(&w, "grantType", "refresh_token");
	json_put_name(&w, "refreshToken");
	json_put_span(&w, secret_reveal(&g->refresh_token));
	json_close_object(&w);
}

/* Ask for a new token; the answer is in g->reply. */
static int
create_token(const struct bearer *s, struct grant *g, struct err *err)
{
	static const struct http_field type = { "content-type",
	    "application/json" };
	struct call_request r = { .service = ERRORS_OTHER, .method = "POST",
	    .fields = &type, .field_count = 1, .has_body = true,
	    .max_body = LIMIT_CONTROL_BODY,
	    .subject = "cannot renew the sign-in" };
	struct endpoint endpoint;
	char path[sizeof endpoint.path + 8];
	int n;

	if (provider_endpoint(s->input, ENDPOINT_SSO_OIDC,
	    s->session->region, &endpoint, err) != 0)
		return -1;
	n = snprintf(path, sizeof path, "%s/token", endpoint.path);
	if (n < 0 || (size_t)n >= sizeof path)
		return err_set(err, ERR_USAGE, "the endpoint's path is too "
		    "long");
	write_body(g);
	if (buf_check(&g->body, "the request", err) != 0)
		return -1;
	r.base_url = endpoint.url;
	r.path = span_of(path);
	r.body = buf_view(&g->body);
	return call_send(s->input->settings->call, &r, NULL, NULL, &g->reply,
	    err);
}

/* Its members that go into the file: JSON texts. */
static int
save(struct bearer *s, const struct json *j, struct err *err)
{
	json_value refresh = json_member(j, 0, "refreshToken");
	struct token_file_change changes[3] = {
		{ "accessToken", json_raw(j, json_member(j, 0,
		    "accessToken")) },
		{ "expiresAt", { NULL, 0 } },
		{ "refreshToken", json_raw(j, refresh) },
	};
	char when[DATE_ROOM], quoted[DATE_ROOM + 2];
	int n;

	date_format_rfc3339(s->expires_at, when);
	n = snprintf(quoted, sizeof quoted, "\"%s\"", when);
	changes[1].value = span_make(quoted, n > 0 ? (size_t)n : 0);
	/* A server that sends none means: the old one goes on. */
	return token_file_write(&s->file, buf_string(&s->path), changes,
	    json_type(j, refresh) == JSON_STRING ? 3 : 2, err);
}

/* The new token from the answer, to the caller and into the file. */
static int
take_answer(struct bearer *s, const struct grant *g, struct err *err)
{
	struct err failure = { 0 };
	struct json j = { 0 };
	struct buf text;
	int64_t lasts;
	int result = -1;

	buf_init_secret(&text, LIMIT_TOKEN_FILE);
	if (json_parse(&j, span_trim(buf_view(&g->reply.response.body)), 0,
	    err) != 0)
		goto out;
	if (!json_string(&j, json_member(&j, 0, "accessToken"), &text) ||
	    text.n == 0 || strlen(buf_string(&text)) != text.n ||
	    !json_integer(&j, json_member(&j, 0, "expiresIn"), 1,
	    INT32_MAX, &lasts)) {
		err_set(err, ERR_CREDENTIALS,
		    "the answer has no accessToken or no expiresIn");
		goto out;
	}
	if (secret_set(s->token, buf_view(&text), err) != 0)
		goto out;
	s->expires_at = s->input->now + lasts;
	result = 0;
	if (save(s, &j, &failure) != 0)
		log_warn(s->input->settings->call->log, "the renewed SSO "
		    "token could not be kept: %s", failure.message);
out:
	if (result != 0)
		err_context(err, "cannot renew the sign-in");
	json_clear(&j);
	buf_clear(&text);
	return result;
}

static bool
lasts(const void *state)
{
	return has_left(state, 0);
}

/* In our turn: the file as it is now, and a new token if it needs one. */
static int
renew(void *state, bool may_try, bool *asked, struct err *err)
{
	struct bearer *s = state;
	struct grant g = { 0 };
	const char *reason;
	int result = -1;

	if (load(s, err) != 0)
		return -1;
	if (has_left(s, REFRESH_SECONDS))
		return 0;
	buf_init_secret(&g.body, LIMIT_TOKEN_FILE);
	call_reply_init(&g.reply);
	g.reply.response.body.secret = true;
	reason = read_grant(s, &g);
	if (reason == NULL && !may_try)
		reason = "renewing it has failed a moment ago";
	*asked = reason == NULL;
	if (reason != NULL)
		err_set(err, ERR_CREDENTIALS, "%s", reason);
	else if (create_token(s, &g, err) == 0)
		result = take_answer(s, &g, err);
	secret_clear(&g.client_id);
	secret_clear(&g.client_secret);
	secret_clear(&g.refresh_token);
	buf_clear(&g.body);
	call_reply_clear(&g.reply);
	return result;
}

static int
set_ended(const struct bearer *s, const char *why, struct err *err)
{
	char when[DATE_ROOM];

	date_format_rfc3339(s->expires_at, when);
	return err_set(err, ERR_CREDENTIALS, "the sign-in ended at %s%s%s",
	    when, why[0] != '\0' ? ": " : "", why);
}

/* A try at a newer token; the old one may do without. */
static int
refresh(struct bearer *s, struct err *err)
{
	char name[HASH_SHA1_HEX + 8];
	int n = snprintf(name, sizeof name, "sso-%s", s->hash);
	const struct sign_in sign_in = { .input = s->input,
	    .turn = n > 0 ? name : "sso", .load = load, .lasts = lasts,
	    .renew = renew, .state = s };
	struct err failure = { 0 };

	if (sign_in_renew(&sign_in, &failure) == 0)
		return 0;
	if (!err_interrupted(&failure))
		return set_ended(s, failure.message, err);
	*err = failure;
	return -1;
}

int
sso_token_get(struct provider_input *input, const struct sso_session *session,
    struct secret *token, struct err *err)
{
	struct bearer s = { .input = input, .session = session,
	    .token = token };
	int result = -1;

	buf_init(&s.path, LIMIT_PROFILE_FILE);
	if (set_path(&s, err) != 0 || load(&s, err) != 0)
		goto out;
	/* The legacy form knows no refresh. */
	if (has_left(&s, session->name != NULL ? REFRESH_SECONDS : 0))
		result = 0;
	else
		result = session->name != NULL ? refresh(&s, err) :
		    set_ended(&s, "", err);
out:
	if (result != 0) {
		secret_clear(token);
		if (!err_interrupted(err))
			sso_token_hint(input, session, err);
	}
	token_file_clear(&s.file);
	buf_clear(&s.path);
	return result;
}
