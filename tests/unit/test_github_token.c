#include "creds/github_token.h"

#include "fake_aws.h"
#include "tap.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define URL "https://pipelines.example/a%2Fb/idtoken/1?api-version=2.0"

static struct buf token;

static int
get(struct fake *f, const char *url, const char *bearer, struct err *err)
{
	err_clear(err);
	buf_clear(&token);
	return github_token_get(&f->context, url, bearer, &token, err);
}

static void
test_success(void)
{
	static const struct fake_answer answers[] = {
		{ 200, NULL, "{\"count\":1,\"value\":\"a.b\\u002ec\"}", 0,
		    false, 0 },
		{ 503, NULL, "busy", 0, false, 0 },
		{ 200, NULL, "{\"value\":\"d\"}", 0, false, 0 },
		{ 200, NULL, "{\"value\":\"e\"}", 0, false, 0 },
	};
	struct err err;
	struct fake f;

	fake_begin(&f, answers, COUNT(answers));
	is_int(get(&f, URL, "job", &err), 0, "a token %s", err.message);
	is_str(buf_string(&token), "a.b.c", "unescaped");
	is_str(f.seen[0].url, URL "&audience=sts.amazonaws.com", "URL");
	is_str(f.seen[0].method, "GET", "method");
	ok(fake_has(&f, 0, "authorization", "bearer job"), "authorization");
	is_int(get(&f, "http://127.0.0.1:8080", "job", &err), 0,
	    "again after a disturbance");
	is_str(f.seen[2].url,
	    "http://127.0.0.1:8080/?audience=sts.amazonaws.com",
	    "a URL without path and query");
	is_int(get(&f, "https://h/p", "job", &err), 0, "no query");
	is_str(f.seen[3].url, "https://h/p?audience=sts.amazonaws.com",
	    "is begun");
	fake_end(&f);
}

static void
test_failure(void)
{
	static const struct {
		const char *url;
		const char *bearer;
		struct fake_answer answer;
		enum err_class class;
		const char *says;
	} rows[] = {
		{ URL, NULL, { 0 }, ERR_CREDENTIALS, "_TOKEN is not" },
		{ URL, "a b", { 0 }, ERR_CREDENTIALS, "has a blank" },
		{ URL, "a\nb", { 0 }, ERR_CREDENTIALS, "has a blank" },
		{ "http://pipelines.example/", "x", { 0 }, ERR_CREDENTIALS,
		    "is not https" },
		{ "pipelines", "x", { 0 }, ERR_USAGE,
		    "ACTIONS_ID_TOKEN_REQUEST_URL: " },
		{ URL, "x", { 401, NULL, "{\"message\":\"x\"}", 0, false, 0 },
		    ERR_CREDENTIALS, "it was refused (HTTP 401)" },
		{ URL, "x", { 403, NULL, "", 0, false, 0 }, ERR_CREDENTIALS,
		    "it was refused (HTTP 403)" },
		{ URL, "x", { 404, NULL, "", 0, false, 0 }, ERR_CREDENTIALS,
		    "it was refused (HTTP 404)" },
		{ URL, "x", { 200, NULL, "", 0, false, 0 }, ERR_DATA,
		    "identity token from GitHub: " },
		{ URL, "x", { 200, NULL, "{\"value\":1}", 0, false, 0 },
		    ERR_DATA, "no \"value\"" },
		{ URL, "x", { 200, NULL, "<html>", 0, false, 0 }, ERR_DATA,
		    "identity token from GitHub: " },
		{ URL, "x", { .fault = HTTP_TLS }, ERR_NETWORK,
		    "identity token from GitHub: " },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct err err;
		struct fake f;

		fake_begin(&f, &rows[i].answer, 1);
		is_int(get(&f, rows[i].url, rows[i].bearer, &err), -1,
		    "failure %zu", i);
		is_int(err.class, rows[i].class, "class");
		has_str(err.message, rows[i].says, "message: %s",
		    err.message);
		ok(f.used <= 1, "asked once at most");
		fake_end(&f);
	}
}

int
main(void)
{
	buf_init_secret(&token, 4096);
	test_success();
	test_failure();
	buf_clear(&token);
	return done_testing();
}
