#ifndef CMD_CONFIRM_H
#define CMD_CONFIRM_H

#include "base/buf.h"
#include "base/err.h"
#include "cmd/command.h"

/* Asking before what cannot be taken back. */

/* Is there a terminal to ask on, for what option wants? ERR_USAGE. */
int confirm_possible(const struct command_input *input, const char *option,
    struct err *err);

/*
 * Show the question, made printable, on stderr and read a line from stdin: 0
 * for y. Else -1 with err ERR_INTERRUPTED (or what the signal was), in whose
 * message nothing ("nothing was deleted") says what was left undone.
 */
int confirm_ask(const struct command_input *input, struct buf *question,
    const char *nothing, struct err *err);

#endif
