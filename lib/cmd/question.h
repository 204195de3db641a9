#ifndef CMD_QUESTION_H
#define CMD_QUESTION_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "cache/config.h"
#include "sys/log.h"

/*
 * Questions of `config init`, at the terminal itself (sys/terminal.h). Nobody
 * there to answer is ERR_USAGE.
 */

/* Bytes of an answer, and of what is proposed. */
#define QUESTION_MAX 1024

/* One answer into out, which is emptied; an empty one is the proposal's (NULL
 * or "": none). */
int question_ask(const char *question, const char *proposal, struct buf *out,
    struct err *err);

/* Yes or no; an empty answer is no, any other one is asked again. 1, 0, -1
 * with err. */
int question_confirm(const char *question, struct err *err);

/* Ask until the setting's own rules are met; what is wrong goes to log. An
 * empty answer will do unless it is needed. */
struct question_setting {
	const char *question;
	enum config_id id;
	const char *proposal;
	bool needed;
	struct log *log;
};
int question_setting(const struct question_setting *q, struct buf *out,
    struct err *err);

#endif
