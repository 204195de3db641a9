#ifndef CMD_VERSION_H
#define CMD_VERSION_H

#include "cmd/output.h"

/* "teamcache 0.1.0"; with parts, what the program was built from, a line
 * each. */
void version_print(struct output *o, bool parts);

#endif
