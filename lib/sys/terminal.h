#ifndef SYS_TERMINAL_H
#define SYS_TERMINAL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * Ask the person at /dev/tty, whatever stdin and stdout are: question goes
 * out (control bytes replaced), one line comes back, trimmed, appended to
 * answer. False without err when there is no terminal, or we are not in its
 * foreground; false with err for an interrupt (ERR_INTERRUPTED,
 * ERR_TERMINATED), an end of input or a fault. state is not used.
 */
bool terminal_ask(void *state, const char *question, struct buf *answer,
    struct err *err);

#endif
