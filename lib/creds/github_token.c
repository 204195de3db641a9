#include "creds/github_token.h"

#include <string.h>

#include "base/limits.h"
#include "codec/json.h"
#include "codec/uri.h"

#define AUDIENCE "audience=sts.amazonaws.com"

static const char subject[] = "cannot fetch the job's identity token from "
    "GitHub";

/* The URL, taken apart as a call wants it. */
struct address {
	struct buf base;
	struct buf path;
	struct buf query;
};

static int
read_url(struct address *a, const char *url, struct err *err)
{
	struct uri uri;

	if (uri_parse(&uri, span_of(url), err) != 0) {
		err_context(err, "ACTIONS_ID_TOKEN_REQUEST_URL");
		return -1;
	}
	if (!uri.https && !uri.host_is_loopback)
		return err_set(err, ERR_CREDENTIALS,
		    "ACTIONS_ID_TOKEN_REQUEST_URL is not https: nothing "
		    "secret is sent there");
	buf_add_string(&a->base, uri.https ? "https://" : "http://");
	uri_authority(&uri, &a->base);
	buf_add_span(&a->path, uri.path);
	if (uri.path.n == 0)
		buf_add_char(&a->path, '/');
	buf_add_span(&a->query, uri.query);
	buf_addf(&a->query, "%s" AUDIENCE, uri.query.n > 0 ? "&" : "");
	if (buf_check(&a->base, "the URL", err) != 0 ||
	    buf_check(&a->path, "the URL", err) != 0)
		return -1;
	return buf_check(&a->query, "the URL", err);
}

static int
fill_field(const char *bearer, struct buf *field, struct err *err)
{
	const unsigned char *p = (const unsigned char *)bearer;

	if (bearer == NULL) {
		err_set(err, ERR_CREDENTIALS, "ACTIONS_ID_TOKEN_REQUEST_URL "
		    "is set, but ACTIONS_ID_TOKEN_REQUEST_TOKEN is not");
		err_hint(err, "pass both on to this step, or neither");
		return -1;
	}
	for (; *p != '\0'; p++)
		if (*p <= 0x20 || *p >= 0x7f)
			return err_set(err, ERR_CREDENTIALS,
			    "ACTIONS_ID_TOKEN_REQUEST_TOKEN has a blank or "
			    "another character that no token has");
	buf_addf(field, "bearer %s", bearer);
	return buf_check(field, "ACTIONS_ID_TOKEN_REQUEST_TOKEN", err);
}

static int
read_answer(const struct call_reply *reply, struct buf *out,
    struct err *err)
{
	int status = reply->response.status;
	struct json j = { 0 };
	int result = -1;

	if (status / 100 != 2) {
		err_set(err, ERR_CREDENTIALS, "%s: it was refused (HTTP %d)",
		    subject, status);
		err_hint(err, "the token for it is the job's own, and ends "
		    "with it; the job needs 'permissions: id-token: write'");
		return -1;
	}
	if (json_parse(&j, buf_view(&reply->response.body), 0, err) == 0) {
		if (json_string(&j, json_member(&j, 0, "value"), out))
			result = buf_check(out, "the token", err);
		else
			err_set(err, ERR_DATA, "the answer has no \"value\"");
	}
	if (result != 0)
		err_context(err, "%s", subject);
	json_clear(&j);
	return result;
}

int
github_token_get(struct call_context *call, const char *url,
    const char *bearer, struct buf *out, struct err *err)
{
	static const int expected[] = { 400, 401, 403, 404, 0 };
	struct address a;
	struct buf authorization;
	struct http_field fields[2] = {
		{ "accept", "application/json" }, { "authorization", NULL },
	};
	struct call_request r = { .service = ERRORS_OTHER, .method = "GET",
	    .fields = fields, .field_count = 2,
	    .max_body = LIMIT_CONTROL_BODY, .subject = subject };
	struct call_reply reply;
	int result = -1;

	buf_init(&a.base, LIMIT_KIB);
	buf_init(&a.path, 4 * LIMIT_KIB);
	buf_init(&a.query, 4 * LIMIT_KIB);
	buf_init_secret(&authorization, LIMIT_TOKEN);
	call_reply_init(&reply);
	reply.response.body.secret = true;
	if (read_url(&a, url, err) != 0 ||
	    fill_field(bearer, &authorization, err) != 0)
		goto out;
	fields[1].value = buf_string(&authorization);
	r.base_url = buf_string(&a.base);
	r.path = buf_view(&a.path);
	r.query = buf_view(&a.query);
	if (call_send(call, &r, NULL, expected, &reply, err) == 0)
		result = read_answer(&reply, out, err);
out:
	call_reply_clear(&reply);
	buf_clear(&authorization);
	buf_clear(&a.base);
	buf_clear(&a.path);
	buf_clear(&a.query);
	return result;
}
