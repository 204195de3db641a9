#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "cmd/command.h"

/*
 * How far a command is, on the terminal of its stderr, once it has taken more
 * than a second: a line that is written over each second and is gone at the
 * end. Nothing of it reaches a file, a dumb terminal, or anybody under -q.
 */
struct progress {
	const struct command_input *input;
	size_t asked;		/* entries */
	bool running;
	/* Guarded, as a thread of its own tells. */
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t wake;
	bool stop;
	size_t done;
	int64_t began_ms;
};

/* Begin; where there is nobody to tell nothing happens, here and below. */
void progress_begin(struct progress *p, const struct command_input *input,
    size_t asked);

/* So many are done; the line gives way for what is printed next. */
void progress_done(struct progress *p, size_t done);

/* The end, and the line is gone. Harmless twice, and before the beginning. */
void progress_end(struct progress *p);

/* The line: "teamcache: 3 of 12, 4 s", "teamcache: 4 s" for one entry. */
void progress_text(size_t done, size_t asked, int64_t seconds,
    struct buf *out);

#endif
