#ifndef TESTS_LEASE_MODEL_H
#define TESTS_LEASE_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "cache/lease_step.h"

/*
 * Design section 6 as a finite state machine: processes that run the product's
 * own lease_step, lease_hold and writeback_step against a model of S3 with
 * one lease, one full-data and one derived object, an invalidate, and a clock
 * that only the scheduler moves. model_move makes one move of one of them;
 * lease_search tries all.
 *
 * A PUT leaves when its step is decided, which is also when its deadline is
 * checked, and arrives when the scheduler says so: it may be as late as it
 * likes. All else is decided and done in one move.
 */
#define MODEL_PROCESSES 3

/* A tick of the clock, in seconds. */
#define MODEL_TICK 5

/* An object's ETag: nothing, what lay there at first, or a process's. */
#define MODEL_ABSENT 0
#define MODEL_INITIAL 1
#define MODEL_OF(process) (2 + (process))

/* What goes wrong in a copy of the protocol, to see that it is found. */
enum model_mutant {
	MODEL_SOUND,
	MODEL_OVER_ANY,		/* takes over without If-Match */
	MODEL_EARLY,		/* takes over at half the holder's length */
	MODEL_NO_DEADLINE,	/* a holder relies on it for ever */
	MODEL_LAST_ATTEMPT,	/* deadline from the last attempt, or GET */
	MODEL_SAME_BODY,	/* a renewal's ETag is the old one's */
	MODEL_NO_SECOND_LOOK,	/* buys without looking again */
	MODEL_UNFENCED,		/* writes data without a condition */
	MODEL_NO_ASK,		/* releases without asking whose it is */
	MODEL_ONLY_ABSENT,	/* another's lease is taken for no invalidate */
	MODEL_UNDO_KNOWN,	/* deletes only what it knows to have stored */
	MODEL_RELEASE_ANY,	/* releases without If-Match */
	MODEL_DATA_FIRST	/* invalidate deletes the lease last */
};

/* What a process is. */
enum model_kind {
	MODEL_BUYER,
	MODEL_READER,		/* may not write to S3 */
	MODEL_UNLEASED,		/* --no-lease */
	MODEL_NOBODY		/* has ended before it began */
};

struct model_rules {
	const char *name;
	enum model_kind kinds[MODEL_PROCESSES];
	enum model_mutant mutant;
	struct lease_next (*step)(struct lease_steps *, enum lease_saw,
	    int64_t, uint32_t);	/* NULL: lease_step */
	uint8_t length;		/* of the lease, in ticks */
	bool stale;		/* something stale lies there at first */
	bool racing;		/* check and write of a lease PUT are two
				   moves, and a 200 is proved */
	bool still;		/* the clock stands: no lease runs out */
	bool plain_delete;	/* DELETE knows no conditions: a lease is
				   released while it holds, or not at all */
	bool renewals;
	bool invalidate;
	bool impatient;		/* a wait may end */
	/* How often, in all. */
	uint8_t crashes;
	uint8_t lost;		/* answers, after they took effect */
	uint8_t failures;	/* requests, before; also 409 */
};

/* Where a process is. */
enum model_place {
	MODEL_LOOKS,		/* at the data, before the lease */
	MODEL_STEPS,		/* does what lease_step said */
	MODEL_PASSED,		/* its PUT was found to be allowed */
	MODEL_LOOKS_AGAIN,	/* at full-data, */
	MODEL_LOOKS_DERIVED,	/* and at the derived */
	MODEL_BUYS,
	MODEL_WRITES,		/* does what writeback_step said */
	MODEL_RELEASES,		/* without a purchase */
	MODEL_ENDED
};

/* All bytes, so that states compare and hash as such. */
struct model_process {
	uint8_t place;
	uint8_t dead;		/* only its requests are under way */
	/* lease_step's */
	uint8_t act, phase, denied, puts;
	uint8_t knows;		/* the ETag it has is the lease's */
	uint8_t mine;		/* it has been told that it holds it */
	/* lease_hold's, in ticks since */
	uint8_t sent, trying;
	uint8_t renewing;	/* a renewal is under way */
	uint8_t unsure, asking, taken;
	uint8_t revoked;	/* an invalidate has deleted its lease */
	uint8_t full, derived;	/* ETags seen */
	/* writeback_step's */
	uint8_t does, over, local, put, anew, rounds;
	uint8_t knew;		/* stored the derived, and knows */
	uint8_t rank;		/* of its purchase, by age; 0: none */
	uint8_t before;		/* bought before the invalidate */
};

struct model {
	struct model_process of[MODEL_PROCESSES];
	uint8_t lease;		/* MODEL_ABSENT or MODEL_OF its nonce's */
	uint8_t modified;	/* ticks since its Last-Modified */
	uint8_t full, derived;
	uint8_t seen;		/* by the invalidate, at its key */
	uint8_t stage;		/* of the invalidate */
	uint8_t ranks;		/* in use */
	uint8_t bought;		/* a holder has */
	uint8_t crashes, lost, failures;	/* left */
	uint8_t unlucky;	/* two purchases may have been needed */
};

/* Moves are numbered; each process has so many. */
enum model_choice {
	MODEL_GOES,
	MODEL_GOES_UNHEARD,	/* it takes effect, the answer is lost */
	MODEL_GOES_NOWHERE,	/* it fails before it takes effect */
	MODEL_GOES_409,
	MODEL_GIVES_UP,		/* its wait has ended */
	MODEL_RENEWS,
	MODEL_RENEWS_UNHEARD,
	MODEL_RENEWS_NOT,
	MODEL_CRASHES,		/* its requests still arrive, */
	MODEL_CRASHES_SILENT,	/* or they do not */
	MODEL_CHOICES
};
#define MODEL_TICKS 0
#define MODEL_INVALIDATES 1
#define MODEL_MOVES (2 + MODEL_PROCESSES * MODEL_CHOICES)

enum model_moved {
	MODEL_CANNOT,
	MODEL_MOVED,		/* as it should be: it leads towards the end */
	MODEL_MISHAP		/* as it may happen */
};

void model_init(const struct model_rules *rules, struct model *m);

/*
 * Make one move (below MODEL_MOVES) in place. *wrong is set to what was
 * violated and untouched otherwise. A model that cannot move is unchanged.
 */
enum model_moved model_move(const struct model_rules *rules, struct model *m,
    unsigned move, const char **wrong);

/* Has everything come to its end? *wrong as above. */
bool model_ended(const struct model_rules *rules, const struct model *m,
    const char **wrong);

/* Reorder like processes, so that states that differ by name are one. */
void model_order(const struct model_rules *rules, struct model *m);

/* One line for a reader; room for MODEL_LINE. */
#define MODEL_LINE 256
void model_show(const struct model *m, unsigned move, char *line);

#endif
