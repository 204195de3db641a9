#include "creds/mfa.h"

#include <string.h>

#include "base/limits.h"
#include "base/num.h"

/* How often a person is asked, before it is given up. */
#define QUESTIONS 3

static bool
is_code(const char *text)
{
	return strlen(text) == MFA_DIGITS &&
	    strspn(text, "0123456789") == MFA_DIGITS;
}

static int
fail_unasked(const struct provider_input *input, const char *serial,
    struct err *err)
{
	err_set(err, ERR_CREDENTIALS, "profile '%s' takes a code of the MFA "
	    "device '%s', and there is no terminal to ask for it",
	    input->settings->profile, serial);
	err_hint(err, "give the code with --mfa-code or TEAMCACHE_MFA_CODE");
	return -1;
}

static int
ask(const struct provider_input *input, const char *serial,
    struct buf *code, struct err *err)
{
	const struct chain_settings *set = input->settings;
	struct buf question;
	int i, result = -1;

	buf_init(&question, LIMIT_KIB);
	buf_addf(&question, "MFA code of %s for profile '%s': ", serial,
	    set->profile);
	for (i = 0; result != 0 && i < QUESTIONS; i++) {
		buf_reset(code);
		if (set->prompt == NULL || !set->prompt(set->prompt_state,
		    buf_string(&question), code, err)) {
			if (err->class == ERR_NONE)
				fail_unasked(input, serial, err);
			goto out;
		}
		if (is_code(buf_string(code)))
			result = 0;
	}
	if (result != 0)
		err_set(err, ERR_CREDENTIALS, "profile '%s' takes a code of "
		    "the MFA device '%s': six digits", set->profile, serial);
out:
	buf_clear(&question);
	return result;
}

int
mfa_code(const struct provider_input *input, const char *serial,
    struct buf *code, struct err *err)
{
	const char *given = input->settings->mfa_code;
	struct call_context *call = input->settings->call;
	int64_t began;
	int result;

	if (given != NULL) {
		buf_add_string(code, given);
		return is_code(given) ? 0 : err_set(err, ERR_USAGE,
		    "the MFA code of --mfa-code or TEAMCACHE_MFA_CODE is not "
		    "six digits");
	}
	began = clock_elapsed_ms(call->clock);
	result = ask(input, serial, code, err);
	call->deadline_ms = num_add_held(call->deadline_ms,
	    clock_elapsed_ms(call->clock) - began);
	return result;
}
