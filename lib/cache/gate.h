#ifndef CACHE_GATE_H
#define CACHE_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "cache/memo.h"
#include "sys/clock.h"
#include "sys/env.h"
#include "sys/log.h"

/*
 * The effects around the breaker: what is remembered of a bucket between
 * commands, below "breaker" in the state directory, and one command's way
 * past it. Subjects are session_bucket_subject's. A state directory that
 * cannot be used lets everybody pass.
 *
 * All sessions of a command share one gate: however many entries it reads,
 * it counts once a bucket. Safe for threads.
 */
struct gate;

/* What status and doctor show; times by the local clock, in seconds. */
struct gate_view {
	bool open;		/* S3 is skipped, or tried again */
	int failures;		/* commands in a row, open or not */
	int64_t since;		/* when it opened; -1: it is not open */
	int64_t next_probe;	/* from when on it is tried; -1 likewise */
	bool probing;		/* a command tries it now; by gate_pass only */
};

/* Nothing is opened or read yet. NULL when out of memory. */
struct gate *gate_new(const struct env *env, const struct clock *clock,
    struct log *log);

/* Records what was told, lets others probe. NULL is fine. */
void gate_free(struct gate *g);

/*
 * May this command ask S3? The first answer stands for the whole command. An
 * open breaker that is due is passed by one command at a time, until its
 * gate_free or its death.
 */
bool gate_pass(struct gate *g, const char *subject, struct gate_view *view);

/* What a session met. One failure makes the command a failed one. */
void gate_tell(struct gate *g, const char *subject, bool failed,
    bool answered);

/* How it stands, without passing; state is session_memo's. */
void gate_look(const struct memo *state, const char *subject,
    const struct clock *clock, struct gate_view *view);

#endif
