#ifndef SYS_INTERRUPT_H
#define SYS_INTERRUPT_H

#include "base/err.h"

/*
 * SIGINT, SIGTERM and SIGHUP turn into a counter that waiting code looks at;
 * nothing else happens in the handler. SIGPIPE keeps its default action; a
 * write beyond the limit of a file's size fails (EFBIG) and kills nobody.
 */

/* Install the handlers; call once, early. 0, or -1 with errno. */
int interrupt_install(void);

/* How many came, and the first one's number (0: none yet). */
int interrupt_count(void);
int interrupt_signal(void);

/* ERR_INTERRUPTED or, for SIGTERM and SIGHUP, ERR_TERMINATED. */
enum err_class interrupt_class(void);

/* "interrupted" or "terminated", the same in a message's words. */
const char *interrupt_word(void);

#endif
