#include "cmd/question.h"

#include "sys/terminal.h"

static int
no_terminal(struct err *err)
{
	if (err->class != ERR_NONE && err->class != ERR_CREDENTIALS)
		return -1;
	err_clear(err);
	err_set(err, ERR_USAGE, "config init asks at a terminal, and nobody "
	    "answers there");
	err_hint(err, "teamcache config set bucket NAME region REGION\n"
	    "teamcache config set --profile NAME team_cache on");
	return -1;
}

int
question_ask(const char *question, const char *proposal, struct buf *out,
    struct err *err)
{
	struct buf text;
	bool answered;

	buf_init(&text, QUESTION_MAX * 2);
	if (proposal != NULL && proposal[0] != '\0')
		buf_addf(&text, "%s [%s]: ", question, proposal);
	else
		buf_addf(&text, "%s: ", question);
	buf_reset(out);
	answered = terminal_ask(NULL, buf_string(&text), out, err);
	buf_clear(&text);
	if (!answered)
		return no_terminal(err);
	if (out->n == 0 && proposal != NULL)
		buf_add_string(out, proposal);
	return 0;
}

int
question_confirm(const char *question, struct err *err)
{
	struct buf answer;
	int result = -1;

	buf_init(&answer, QUESTION_MAX);
	while (question_ask(question, "y/N", &answer, err) == 0) {
		struct span s = buf_view(&answer);

		if (span_is_nocase(s, "y") || span_is_nocase(s, "yes")) {
			result = 1;
			break;
		}
		if (span_is(s, "y/N") || span_is_nocase(s, "n") ||
		    span_is_nocase(s, "no")) {
			result = 0;
			break;
		}
	}
	buf_clear(&answer);
	return result;
}

int
question_setting(const struct question_setting *q, struct buf *out,
    struct err *err)
{
	struct err wrong;

	for (;;) {
		if (question_ask(q->question, q->proposal, out, err) != 0)
			return -1;
		if (out->n == 0 && !q->needed)
			return 0;
		err_clear(&wrong);
		if (config_check(config_spec(q->id), buf_view(out), NULL,
		    &wrong) == 0)
			return 0;
		log_error(q->log, &wrong);
	}
}
