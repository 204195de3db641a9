#include "creds/sign_in.h"

#include "creds/turn.h"

int
sign_in_read(struct token_file *file, const char *path, struct err *err)
{
	switch (token_file_read(file, path, err)) {
	case FILE_ABSENT:
		return err_set(err, ERR_CREDENTIALS,
		    "nobody has signed in: there is no '%s'", path);
	case FILE_ERROR:
		return -1;
	case FILE_READ:
		break;
	}
	return 0;
}

int
sign_in_renew(const struct sign_in *s, struct err *failure)
{
	struct turn turn = TURN_INIT;
	struct err ignored = { 0 };
	bool may_try = turn_take(&turn, s->input, s->turn), asked = false;
	int result = s->renew(s->state, may_try, &asked, failure);

	if (result != 0 && asked)
		turn_failed(&turn, s->input->now);
	turn_end(&turn);
	if (result == 0 || err_interrupted(failure))
		return result;
	/* The AWS CLI takes no turns: it may have been faster. */
	if (s->load(s->state, &ignored) != 0 || !s->lasts(s->state))
		return -1;
	provider_say(s->input, "%s", failure->message);
	return 0;
}
