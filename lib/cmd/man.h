#ifndef CMD_MAN_H
#define CMD_MAN_H

#include "cmd/output.h"

/* teamcache(1) in mdoc(7), made from the tables. */
void man_print(struct output *o);

#endif
