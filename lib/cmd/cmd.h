#ifndef CMD_CMD_H
#define CMD_CMD_H

#include "sys/clock.h"
#include "sys/env.h"
#include "sys/rand.h"

/* Everything that the program gets from the outside. */
struct cmd_process {
	int argc;
	const char *const *argv;
	const struct env *env;
	const struct clock *clock;
	const struct rand *rand;
	int in, out, err;	/* descriptors */
};

/* Run the command line; returns the exit status. */
int cmd_run(const struct cmd_process *process);

#endif
