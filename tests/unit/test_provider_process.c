#include "creds/provider.h"

#include "fake_provider.h"
#include "tap.h"

#define KEYS "\"AccessKeyId\":\"ASIAPROC\"," \
	"\"SecretAccessKey\":\"wJalr/s\",\"SessionToken\":\"tok/s==\""

static struct fake_provider f;

static const struct {
	const char *name;
	const char *command;
	enum provider_outcome outcome;
	const char *says;	/* part of the error */
	const char *hint;
} rows[] = {
	{ "keys", "/bin/echo '{\"Version\":1," KEYS ","
	    "\"Expiration\":\"2026-01-02T09:00:00Z\","
	    "\"AccountId\":\"123456789012\"}'", PROVIDER_KEYS, NULL, NULL },
	{ "no Version", "/bin/echo '{" KEYS "}'", PROVIDER_FAILED,
	    "the output of '/bin/echo' has no Version, which must be 1",
	    "aws sts get-caller-identity --profile p" },
	{ "another Version", "/bin/echo '{\"Version\":2," KEYS "}'",
	    PROVIDER_FAILED, "has another Version than the number 1", NULL },
	{ "a Version in quotes", "/bin/echo '{\"Version\":\"1\"," KEYS "}'",
	    PROVIDER_FAILED, "has another Version than the number 1", NULL },
	{ "half the keys", "/bin/echo '{\"Version\":1,"
	    "\"AccessKeyId\":\"A\"}'", PROVIDER_FAILED,
	    "has no SecretAccessKey", NULL },
	{ "no JSON", "/bin/echo hello", PROVIDER_FAILED,
	    "the output of '/bin/echo' is not JSON", NULL },
	{ "nothing", "/bin/true", PROVIDER_FAILED, "is not JSON", NULL },
	{ "expired", "/bin/echo '{\"Version\":1," KEYS ","
	    "\"Expiration\":\"2026-01-02T03:04:05Z\"}'", PROVIDER_FAILED,
	    "printed keys that expired at 2026-01-02T03:04:05Z", NULL },
	{ "no time", "/bin/echo '{\"Version\":1," KEYS ","
	    "\"Expiration\":\"soon\"}'", PROVIDER_FAILED,
	    "Expiration in the output of '/bin/echo' is 'soon'", NULL },
	{ "a status", "/bin/sh -c 'echo first >&2; echo \"last words\" >&2; "
	    "exit 7'", PROVIDER_FAILED,
	    "'/bin/sh' ended with status 7: last words", NULL },
	{ "a status without a word", "/bin/false", PROVIDER_FAILED,
	    "'/bin/false' ended with status 1", NULL },
	{ "a signal", "/bin/sh -c 'kill -9 $$'", PROVIDER_FAILED,
	    "'/bin/sh' was ended by signal 9", NULL },
	{ "a flood", "/bin/sh -c 'while :; do echo aaaaaaaaaaaaaaaa; done'",
	    PROVIDER_FAILED, "was stopped: its output is larger than", NULL },
	{ "no program", "/nonexistent/x --y", PROVIDER_FAILED,
	    "cannot run '/nonexistent/x': No such file", NULL },
	{ "a quotation that does not end", "/bin/echo 'x", PROVIDER_FAILED,
	    "the command has a quotation that does not end", NULL },
	{ "a shell's command", "/bin/false | cat", PROVIDER_FAILED,
	    "status 1", "credential_process = sh -c '...'" },
	{ "no shell: a pipe is a word", "/bin/echo '{\"Version\":1," KEYS
	    "}' | cat", PROVIDER_FAILED, "is not JSON", "sh -c" },
};

static void
set(const char *command, const char *more)
{
	char config[1024];

	snprintf(config, sizeof config, "[profile p]\nregion = x\n"
	    "credential_process = %s\n%s", command, more);
	fake_provider_set(&f, config, NULL, NULL, 0);
}

static void
test_rows(void)
{
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		set(rows[i].command, "");
		is_int(fake_provider_call(&f, &provider_process),
		    rows[i].outcome, "%s", rows[i].name);
		has_str(f.input.reason, "profile 'p' has credential_process "
		    "('", "its reason");
		has_str(f.input.reason, "config' line 3)", "with the line");
		ok(strstr(f.err.message, "wJalr") == NULL &&
		    strstr(f.input.reason, "wJalr") == NULL, "no secret");
		if (rows[i].says == NULL) {
			is_int(f.err.class, ERR_NONE, "no error");
			continue;
		}
		is_int(f.err.class, ERR_CREDENTIALS, "its class");
		has_str(f.err.message, rows[i].says, "its error");
		has_str(f.err.message, "credential_process of profile 'p' ('",
		    "with the place");
		ok(f.err.hint[0] != '\0', "and what to do");
		if (rows[i].hint != NULL)
			has_str(f.err.hint, rows[i].hint, "this");
	}
}

static void
test_keys(void)
{
	set(rows[0].command, "aws_account_id = 999999999999\n");
	is_int(fake_provider_call(&f, &provider_process), PROVIDER_KEYS,
	    "keys");
	is_str(f.keys.access_key_id, "ASIAPROC", "id");
	is_span(secret_reveal(&f.keys.secret_key), "wJalr/s", "secret");
	is_span(secret_reveal(&f.keys.session_token), "tok/s==", "token");
	is_int(f.keys.expires_at, 1767344400, "end");
	is_str(f.keys.account_id, "123456789012", "the program's account");
	set("/bin/echo '{\"Version\":1,\"AccessKeyId\":\"AKIA\","
	    "\"SecretAccessKey\":\"s\"}'", "aws_account_id = 999999999999\n");
	is_int(fake_provider_call(&f, &provider_process), PROVIDER_KEYS,
	    "long-term keys");
	is_int(f.keys.expires_at, 0, "never end");
	ok(!secret_present(&f.keys.session_token), "no token");
	is_str(f.keys.account_id, "999999999999", "the profile's account");
}

/* What it is run with. */
static void
test_surroundings(void)
{
	const char *variables[] = { "MARK=seen", NULL };
	struct buf text;

	fake_provider_set(&f, "[profile p]\ncredential_process = /bin/sh -c "
	    "'echo \"$MARK $HOME $0\" >$HOME/trace; exit 1' a\\ name\n",
	    variables, NULL, 0);
	is_int(fake_provider_call(&f, &provider_process), PROVIDER_FAILED,
	    "a program that looks around");
	buf_init(&text, 10000);
	fake_provider_read(&f, "trace", &text);
	ok(span_starts(buf_view(&text), "seen /"), "our environment: %s",
	    buf_string(&text));
	ok(span_ends(buf_view(&text), " a name\n"), "its words");
	buf_clear(&text);
}

static void
test_slow(void)
{
	int64_t begun;

	set("/bin/sh -c 'echo waiting >&2; sleep 30'", "");
	f.aws.context.clock = clock_system();
	begun = clock_elapsed_ms(clock_system());
	f.aws.context.deadline_ms = begun + 300;
	is_int(fake_provider_call(&f, &provider_process), PROVIDER_FAILED,
	    "slower than the deadline");
	ok(clock_elapsed_ms(clock_system()) - begun < 5000, "is stopped");
	has_str(f.err.message, "took longer than 1 seconds, and was stopped: "
	    "waiting", "it is said");
}

/* A clock that jumps from one look to the next. */
static int64_t
jump(void *state)
{
	int64_t *at = state;

	*at += 61000;
	return *at;
}

static int64_t
stand(void *state)
{
	(void)state;
	return INT64_C(1767323045) * 1000;
}

/* A minute, where nobody has set a shorter time. */
static void
test_limit(void)
{
	int64_t at = 0;
	struct clock clock = { .wall = stand, .elapsed = jump,
	    .state = &at };

	set("/bin/sh -c 'sleep 2'", "");
	f.aws.context.clock = &clock;
	is_int(fake_provider_call(&f, &provider_process), PROVIDER_FAILED,
	    "longer than a minute");
	has_str(f.err.message, "took longer than 60 seconds, and was stopped",
	    "is said: %s", f.err.message);
}

int
main(void)
{
	fake_provider_begin(&f);
	fake_provider_set(&f, "[profile p]\nregion = x\n", NULL, NULL, 0);
	is_int(fake_provider_call(&f, &provider_process), PROVIDER_PASSED,
	    "none");
	is_str(f.input.reason, "profile 'p' has no credential_process",
	    "its reason");
	test_rows();
	test_keys();
	test_surroundings();
	test_slow();
	test_limit();
	fake_provider_end(&f);
	return done_testing();
}
