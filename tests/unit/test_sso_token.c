#include "creds/sso_token.h"

#include <fcntl.h>
#include <unistd.h>

#include "sso_world.h"
#include "sys/log.h"
#include "tap.h"

static void
test_refresh(void)
{
	static const struct fake_answer answers[] = { OK_TOKEN, OK_KEYS };
	static const struct fake_answer no_refresh[] = { { .status = 200,
	    .body = "{\"accessToken\":\"bearer-3\",\"expiresIn\":28800}" },
	    OK_KEYS };
	const char *variables[] = { "AWS_ENDPOINT_URL_SSO_OIDC="
	    "http://127.0.0.1:2", NULL };
	struct buf text;
	struct stat st;

	forget();
	fake_provider_file(&f, MODERN_FILE, RENEWABLE(SOON, LATER));
	fake_provider_set(&f, MODERN, variables, answers, 2);
	is_int(fake_provider_call(&f, &provider_sso), PROVIDER_KEYS,
	    "renewed");
	is_str(f.aws.seen[0].method, "POST", "a POST");
	is_str(f.aws.seen[0].url, "http://127.0.0.1:2/token", "for a token");
	is_str(f.aws.seen[0].body, "{\"clientId\":\"client\","
	    "\"clientSecret\":\"quiet-1\",\"grantType\":\"refresh_token\","
	    "\"refreshToken\":\"again-1\"}", "what it says");
	ok(!fake_has(&f.aws, 0, "authorization", NULL), "unsigned");
	ok(fake_has(&f.aws, 0, "content-type", "application/json"), "JSON");
	ok(fake_has(&f.aws, 1, "x-amz-sso_bearer_token", "bearer-2"),
	    "the new token is used");
	buf_init(&text, 10000);
	is_str(fake_provider_read(&f, MODERN_FILE, &text),
	    "{\"startUrl\": \"https://acme.awsapps.com/start\", "
	    "\"region\": \"eu-west-1\", \"accessToken\": \"bearer-2\", "
	    "\"expiresAt\": \"2026-01-02T11:04:05Z\", "
	    "\"clientId\": \"client\", \"clientSecret\": \"quiet-1\", "
	    "\"registrationExpiresAt\": \"" LATER "\", "
	    "\"refreshToken\": \"again-2\"}", "and kept");
	ok(stat(sandbox_path(f.files.directory, MODERN_FILE), &st) == 0 &&
	    (st.st_mode & 0777) == 0600, "for us alone");
	fake_provider_file(&f, MODERN_FILE, RENEWABLE(SOON, LATER));
	fake_provider_set(&f, MODERN, NULL, no_refresh, 2);
	is_int(fake_provider_call(&f, &provider_sso), PROVIDER_KEYS,
	    "renewed without another refresh token");
	has_str(fake_provider_read(&f, MODERN_FILE, &text),
	    "\"accessToken\": \"bearer-3\"", "the token is kept");
	has_str(buf_string(&text), "\"refreshToken\": \"again-1\"",
	    "and what there was for the next time");
	buf_clear(&text);
}

/* A minute without another try, whatever process asks. */
static void
test_pause(void)
{
	static const struct fake_answer refused[] = {
		OIDC(400, "invalid_grant"), OK_KEYS, OK_KEYS, OK_KEYS
	};
	static const struct fake_answer renewed[] = { OK_TOKEN, OK_KEYS };

	forget();
	fake_provider_file(&f, MODERN_FILE, RENEWABLE(SOON, LATER));
	fake_provider_set(&f, MODERN, NULL, refused, 4);
	is_int(fake_provider_call(&f, &provider_sso), PROVIDER_KEYS,
	    "not renewed");
	is_int(fake_provider_call(&f, &provider_sso), PROVIDER_KEYS,
	    "and again");
	is_uint(f.aws.used, 3, "renewing is not tried again");
	has_str(f.input.reason, "has failed a moment ago", "it is said");
	f.aws.elapsed_ms = 30 * 1000;
	is_int(fake_provider_call(&f, &provider_sso), PROVIDER_KEYS,
	    "who asks meanwhile");
	is_uint(f.aws.used, 4, "does not lengthen the minute");
	fake_provider_set(&f, MODERN, NULL, renewed, 2);
	f.aws.elapsed_ms = 61 * 1000;
	is_int(fake_provider_call(&f, &provider_sso), PROVIDER_KEYS,
	    "a minute later");
	is_uint(f.aws.used, 2, "it is");
}

/* A transport that lets another tool be faster with the refresh. */
static enum http_fault
rival_send(void *state, const struct http_request *request,
    struct http_response *response, bool *sent, struct err *err)
{
	struct fake *fake = state;

	if (fake->used == 0)
		fake_provider_file(&f, MODERN_FILE,
		    "{\"accessToken\":\"bearer-9\",\"expiresAt\":\"" LATER
		    "\"}");
	return fake_send(state, request, response, sent, err);
}

static void
test_rival(void)
{
	static const struct fake_answer answers[] = {
		OIDC(400, "invalid_grant"), OK_KEYS
	};

	forget();
	fake_provider_file(&f, MODERN_FILE, RENEWABLE(OVER, LATER));
	fake_provider_set(&f, MODERN, NULL, answers, 2);
	f.aws.http.send = rival_send;
	is_int(fake_provider_call(&f, &provider_sso), PROVIDER_KEYS,
	    "another tool was faster");
	ok(fake_has(&f.aws, 1, "x-amz-sso_bearer_token", "bearer-9"),
	    "its token is used");
}

/* One that takes the folder away in which the answer would be kept. */
static enum http_fault
folder_gone_send(void *state, const struct http_request *request,
    struct http_response *response, bool *sent, struct err *err)
{
	fake_provider_file(&f, MODERN_FILE, NULL);
	fake_provider_file(&f, LEGACY_FILE, NULL);
	(void)rmdir(sandbox_path(f.files.directory, ".aws/sso/cache"));
	return fake_send(state, request, response, sent, err);
}

static void
test_not_kept(void)
{
	static const struct fake_answer answers[] = { OK_TOKEN, OK_KEYS };
	int null = open("/dev/null", O_WRONLY);
	struct log *log = log_new(null, LOG_NORMAL);

	forget();
	fake_provider_file(&f, MODERN_FILE, RENEWABLE(OVER, LATER));
	fake_provider_set(&f, MODERN, NULL, answers, 2);
	f.aws.http.send = folder_gone_send;
	f.aws.context.log = log;
	is_int(fake_provider_call(&f, &provider_sso), PROVIDER_KEYS,
	    "a token that cannot be kept");
	ok(fake_has(&f.aws, 1, "x-amz-sso_bearer_token", "bearer-2"),
	    "is used all the same");
	is_uint(log_warnings(log), 1, "with a warning");
	has_str(log_warning(log, 0), "SSO token could not be kept: ", "of it");
	log_free(log);
	(void)close(null);
}

/* Somebody wants to stop: the old token is no reason to go on. */
static void
test_interrupt(void)
{
	static const struct fake_answer answers[] = {
		{ .fault = HTTP_CANCELLED }, OK_KEYS
	};

	forget();
	fake_provider_file(&f, MODERN_FILE, RENEWABLE(SOON, LATER));
	fake_provider_set(&f, MODERN, NULL, answers, 2);
	is_int(fake_provider_call(&f, &provider_sso), PROVIDER_FAILED,
	    "a signal");
	is_int(f.err.class, ERR_INTERRUPTED, "is no matter of credentials");
	is_uint(f.aws.used, 1, "and the end");
}

int
main(void)
{
	fake_provider_begin(&f);
	test_refresh();
	test_pause();
	test_rival();
	test_not_kept();
	test_interrupt();
	fake_provider_end(&f);
	return done_testing();
}
