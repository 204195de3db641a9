#include "aws/call_settings.h"

#include "aws_files.h"
#include "tap.h"

static const struct {
	const char *variable;	/* NULL: none */
	const char *config;
	int given;
	int attempts;		/* 0: refused */
	int connect_ms;
	const char *says;	/* of the refusal */
} cases[] = {
	{ NULL, "", 0, 3, 3100, NULL },
	{ "AWS_MAX_ATTEMPTS=5", "max_attempts = 7\n", 0, 5, 3100, NULL },
	{ NULL, "max_attempts = 7\n", 0, 7, 3100, NULL },
	{ "AWS_MAX_ATTEMPTS=5", "", 2, 2, 3100, NULL },
	{ "AWS_MAX_ATTEMPTS=junk", "", 2, 2, 3100, NULL },
	{ "AWS_MAX_ATTEMPTS=", "", 0, 3, 3100, NULL },
	{ "AWS_MAX_ATTEMPTS=0", "", 0, 0, 0,
	    "AWS_MAX_ATTEMPTS is '0': it takes a whole number from 1 to" },
	{ "AWS_MAX_ATTEMPTS=101", "", 0, 0, 0, "100" },
	{ NULL, "max_attempts = two\n", 0, 0, 0,
	    "line 2: max_attempts is 'two'" },
	{ "AWS_RETRY_MODE=legacy", "", 0, 3, 3100, NULL },
	{ "AWS_RETRY_MODE=Adaptive", "retry_mode = junk\n", 0, 3, 3100,
	    NULL },
	{ NULL, "retry_mode = standard\n", 0, 3, 3100, NULL },
	{ "AWS_RETRY_MODE=fast", "", 0, 0, 0, "AWS_RETRY_MODE is 'fast': it "
	    "takes 'standard', 'adaptive' or 'legacy'" },
	{ NULL, "retry_mode = never\n", 0, 0, 0,
	    "line 2: retry_mode is 'never'" },
	{ "AWS_DEFAULTS_MODE=in-region", "", 0, 3, 1100, NULL },
	{ "AWS_DEFAULTS_MODE=standard", "defaults_mode = mobile\n", 0, 3,
	    3100, NULL },
	{ "AWS_DEFAULTS_MODE=cross-region", "", 0, 3, 3100, NULL },
	{ NULL, "defaults_mode = mobile\n", 0, 3, 30000, NULL },
	{ NULL, "defaults_mode = legacy\n", 0, 3, 3100, NULL },
	{ NULL, "defaults_mode = Auto\n", 0, 3, 3100, NULL },
	{ "AWS_DEFAULTS_MODE=slow", "", 0, 0, 0,
	    "AWS_DEFAULTS_MODE is 'slow'" },
	{ NULL, "defaults_mode = slow\n", 0, 0, 0,
	    "line 2: defaults_mode is 'slow'" },
	{ "AWS_NEW_RETRIES_2026=false", "", 0, 3, 3100, NULL },
};

static int
read_with(struct aws_files *f, const char *variable, const char *config,
    int given, struct call_settings *out, struct err *err)
{
	const char *const more[] = { variable, NULL };
	struct profile_files *files;
	struct setting_place place;
	char text[200];
	int result;

	snprintf(text, sizeof text, "[profile p]\n%s", config);
	files = aws_files_load(f, text, NULL, err);
	aws_files_env(f, more);
	place = (struct setting_place){ &f->env, files, "p" };
	result = call_settings_read(&place, given, out, err);
	profile_free(files);
	return result;
}

static void
test_cases(struct aws_files *f)
{
	struct call_settings out;
	struct err err = { 0 };
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char *name = cases[i].variable != NULL ?
		    cases[i].variable : cases[i].config;
		int result = read_with(f, cases[i].variable, cases[i].config,
		    cases[i].given, &out, &err);

		if (cases[i].attempts == 0) {
			is_int(result, -1, "refused: %s", name);
			is_int(err.class, ERR_USAGE, "as usage");
			has_str(err.message, cases[i].says, "with the reason");
			continue;
		}
		is_int(result, 0, "fine: %s", name);
		is_int(out.max_attempts, cases[i].attempts, "attempts");
		is_int(out.connect_ms, cases[i].connect_ms, "to connect");
	}
}

static void
test_app_id(struct aws_files *f)
{
	struct call_settings out;
	struct err err = { 0 };

	read_with(f, NULL, "", 0, &out, &err);
	is_str(out.app_id, "", "none");
	read_with(f, "AWS_SDK_UA_APP_ID=a b\r\n(c)/1", "", 0, &out, &err);
	is_str(out.app_id, "a-b---c--1", "nothing that ends a header");
	read_with(f, NULL, "sdk_ua_app_id = costs\n", 0, &out, &err);
	is_str(out.app_id, "costs", "of the profile");
	read_with(f, "AWS_SDK_UA_APP_ID="
	    "0123456789012345678901234567890123456789012345678901234567", "",
	    0, &out, &err);
	is_uint(strlen(out.app_id), 50, "not longer than the SDKs allow");
}

int
main(void)
{
	struct aws_files f;

	aws_files_begin(&f);
	test_cases(&f);
	test_app_id(&f);
	aws_files_end(&f);
	return done_testing();
}
