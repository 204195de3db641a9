#ifndef CACHE_BREAKER_H
#define CACHE_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "sys/boot.h"

/*
 * The circuit breaker of design section 7 as a value and pure steps: after
 * BREAKER_FAILURES commands in a row that S3 did not serve, commands go on
 * without it for a while, then one of them tries it again. Times in seconds.
 */
#define BREAKER_FAILURES 5
#define BREAKER_DELAY_MIN 60
#define BREAKER_DELAY_MAX 900

/* breaker_format writes no longer text. */
#define BREAKER_TEXT 160

/* A moment on both of a machine's clocks. */
struct breaker_moment {
	int64_t wall;		/* since the epoch; may be wrong or jump */
	int64_t elapsed;	/* since that boot; never jumps */
	char boot[BOOT_ROOM];	/* which boot; "" unknown */
};

/* Zeroed: closed, and nothing has failed; so it is after a command that S3
 * served. */
struct breaker {
	int failures;		/* commands in a row, held at 1,000,000 */
	int64_t delay;		/* until the next probe; 0: closed */
	int64_t since;		/* wall: when it opened */
	struct breaker_moment last;	/* when it opened or opened again */
};

enum breaker_way {
	BREAKER_CLOSED,		/* ask S3 */
	BREAKER_DUE,		/* one command at a time asks S3 */
	BREAKER_OPEN		/* go on without it */
};

enum breaker_way breaker_way(const struct breaker *b,
    const struct breaker_moment *now);

/*
 * Seconds until it is due; 0 when it is due or closed. Told by the elapsed
 * clock within one boot; by the wall clock otherwise, and a clock that has
 * gone back, or past the delay, makes it due: it is never open for longer
 * than its delay.
 */
int64_t breaker_left(const struct breaker *b,
    const struct breaker_moment *now);

/* A command has ended that S3 did not serve. One that was on its way while
 * the breaker was open neither opens it for longer nor anew. */
void breaker_failed(struct breaker *b, const struct breaker_moment *now);

/* One line of text, LF included; and back: false, with *out zeroed, for what
 * breaker_format cannot have written. */
void breaker_format(const struct breaker *b, struct buf *out);
bool breaker_parse(struct span text, struct breaker *out);

#endif
