#include "creds/refusal.h"

#include "tap.h"

int
main(void)
{
	static const struct {
		enum err_class cause, result;
	} rows[] = {
		{ ERR_NETWORK, ERR_CREDENTIALS },
		{ ERR_USAGE, ERR_CREDENTIALS },
		{ ERR_CREDENTIALS, ERR_CREDENTIALS },
		{ ERR_DATA, ERR_CREDENTIALS },
		{ ERR_INTERNAL, ERR_INTERNAL },
		{ ERR_INTERRUPTED, ERR_INTERRUPTED },
		{ ERR_TERMINATED, ERR_TERMINATED },
	};
	struct err err = { 0 };
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct provider_input input = { .reason = "begun" };

		err_clear(&err);
		err_set(&err, rows[i].cause, "why");
		is_int(refusal(&input, &err), PROVIDER_FAILED, "failed");
		is_int(err.class, rows[i].result, "a cause of class %d",
		    (int)rows[i].cause);
		is_str(input.reason, "begun; why", "the reason has it");
	}
	refusal_command(&err, "sign in again", "aws x --profile", "a b");
	is_str(err.hint, "sign in again: aws x --profile 'a b'", "quoted");
	refusal_command(&err, "sign in", "aws x", NULL);
	is_str(err.hint, "sign in: aws x", "without a name");
	return done_testing();
}
