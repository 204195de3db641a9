#include "creds/mfa.h"

#include "chain_world.h"
#include "tap.h"

static struct world w;
static struct buf code;

static int
get(void)
{
	err_clear(&w.err);
	buf_clear(&code);
	w.questions = 0;
	return mfa_code(&w.input, "arn:mfa/me", &code, &w.err);
}

static void
test_given(void)
{
	static const char *const bad[] = { "12345", "1234567", "12345x",
	    "", " 12345", "-12345" };
	size_t i;

	w.settings.mfa_code = "012345";
	is_int(get(), 0, "six digits");
	is_str(buf_string(&code), "012345", "as they are");
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		w.settings.mfa_code = bad[i];
		is_int(get(), -1, "not '%s'", bad[i]);
		is_int(w.err.class, ERR_USAGE, "class");
		has_str(w.err.message, "not six digits", "message");
		ok(bad[i][0] == '\0' ||
		    strstr(w.err.message, bad[i]) == NULL, "without it");
	}
	is_int(w.questions, 0, "nobody was asked");
	w.settings.mfa_code = NULL;
}

static void
test_asked(void)
{
	w.fake.context.deadline_ms = 10000;
	w.answer = "123456";
	is_int(get(), 0, "asked");
	is_str(buf_string(&code), "123456", "answer");
	is_int(w.fake.context.deadline_ms, 17000,
	    "the person's time does not count");
	w.answer = "12345";
	is_int(get(), -1, "no code");
	is_int(w.questions, 3, "asked three times");
	is_int(w.err.class, ERR_CREDENTIALS, "class");
	has_str(w.err.message, "six digits", "message");
	w.answer = "^C";
	is_int(get(), -1, "interrupted");
	is_int(w.err.class, ERR_INTERRUPTED, "class");
	is_int(w.questions, 1, "asked once");
}

static void
test_nobody(void)
{
	w.answer = NULL;
	is_int(get(), -1, "no terminal");
	is_int(w.err.class, ERR_CREDENTIALS, "class");
	has_str(w.err.message, "'arn:mfa/me', and there is no terminal",
	    "message");
	has_str(w.err.hint, "--mfa-code or TEAMCACHE_MFA_CODE", "hint");
	w.settings.prompt = NULL;
	is_int(get(), -1, "nor a way to ask");
	has_str(w.err.hint, "--mfa-code", "hint");
}

int
main(void)
{
	buf_init_secret(&code, 64);
	world_begin(&w);
	world_set(&w, NULL, NULL, "p", NULL, 0);
	test_given();
	test_asked();
	test_nobody();
	world_end(&w);
	buf_clear(&code);
	return done_testing();
}
