#include "tap.h"

#include <stdlib.h>

#include "lease_search.h"

/*
 * The lease among three processes, and invalidate, in every order: see
 * lease_model.h. Then the same with a mistake in it, which must be found.
 *
 * TEAMCACHE_TEST_MODEL=all visits the large ones, too (16 million
 * states, a minute or two, 700 MiB).
 */
#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

#ifdef __SANITIZE_ADDRESS__
#define SLOW true
#else
#define SLOW false
#endif

#define STATES_SMALL 100000
#define STATES_MIDDLE 600000
#define STATES_LARGE 8000000

#define TWO { MODEL_BUYER, MODEL_BUYER, MODEL_NOBODY }
#define AND_READER { MODEL_BUYER, MODEL_BUYER, MODEL_READER }
#define AND_UNLEASED { MODEL_BUYER, MODEL_BUYER, MODEL_UNLEASED }

enum size { SMALL, MIDDLE, LARGE };

static const struct {
	enum size size;
	struct model_rules rules;
} sound[] = {
	{ SMALL, { "three buyers", .length = 3 } },
	{ SMALL, { "three, and a crash", .length = 3, .crashes = 1 } },
	{ MIDDLE, { "three, and two crashes", .length = 3, .crashes = 2 } },
	{ MIDDLE, { "three, and a lost answer", .length = 3, .lost = 1 } },
	{ MIDDLE, { "three, and a failure or a 409", .length = 3,
	    .failures = 1 } },
	{ SMALL, { "three, who do not wait", .length = 3,
	    .impatient = true } },
	{ SMALL, { "three, and an invalidate", .length = 3, .renewals = true,
	    .still = true, .invalidate = true } },
	{ MIDDLE, { "three, an invalidate and a lost answer", .length = 3,
	    .still = true, .invalidate = true, .lost = 1 } },
	{ SMALL, { "three, an invalidate of stale data", .length = 3,
	    .still = true, .invalidate = true, .stale = true } },
	{ MIDDLE, { "three, an invalidate and a 409", .length = 3,
	    .still = true, .invalidate = true, .failures = 1 } },
	{ SMALL, { "two who renew", TWO, .length = 5, .renewals = true,
	    .lost = 1 } },
	{ SMALL, { "two who renew, a crash and a lost answer", TWO,
	    .length = 3, .renewals = true, .crashes = 1, .lost = 1 } },
	{ SMALL, { "two who renew, and two failures", TWO, .length = 3,
	    .renewals = true, .failures = 2 } },
	{ MIDDLE, { "two, one without a lease", AND_UNLEASED, .length = 3,
	    .renewals = true } },
	{ MIDDLE, { "two over stale data, one without a lease", AND_UNLEASED,
	    .length = 3, .stale = true, .lost = 1 } },
	{ SMALL, { "two, one who may not write, and a crash", AND_READER,
	    .length = 3, .crashes = 1 } },
	{ MIDDLE, { "three on a store that races", .length = 3,
	    .racing = true } },
	{ SMALL, { "three on a store without conditional DELETE",
	    .length = 3, .plain_delete = true } },
	{ MIDDLE, { "three who renew", .length = 3, .renewals = true } },
	{ LARGE, { "three who renew over stale data", .length = 3,
	    .stale = true, .renewals = true } },
	{ LARGE, { "three who renew, and a crash", .length = 3,
	    .renewals = true, .crashes = 1 } },
	{ MIDDLE, { "two who renew, an invalidate and a crash", TWO,
	    .length = 3, .renewals = true, .invalidate = true,
	    .crashes = 1 } },
	{ LARGE, { "three who renew, and a lost answer", .length = 3,
	    .renewals = true, .lost = 1 } },
	{ LARGE, { "three who renew, and a failure", .length = 3,
	    .renewals = true, .failures = 1 } },
	{ LARGE, { "three who renew a longer lease", .length = 5,
	    .renewals = true } },
	{ LARGE, { "three, an invalidate, and time passes", .length = 3,
	    .invalidate = true } },
	{ LARGE, { "three over stale data, an invalidate, and time passes",
	    .length = 3, .stale = true, .invalidate = true } },
	{ LARGE, { "two who renew, an invalidate and a lost answer", TWO,
	    .length = 3, .renewals = true, .invalidate = true, .lost = 1 } },
	{ LARGE, { "two who renew, an invalidate and a failure", TWO,
	    .length = 3, .renewals = true, .invalidate = true,
	    .failures = 1 } },
	{ LARGE, { "two who renew, one without a lease, a lost answer",
	    AND_UNLEASED, .length = 3, .renewals = true, .lost = 1 } },
	{ LARGE, { "three on a store that races, and a crash", .length = 3,
	    .racing = true, .crashes = 1, .lost = 1 } },
};

static void
show_trace(const struct lease_search *s)
{
	size_t i;

	note("%s:", s->wrong);
	for (i = 0; i < s->traced; i++)
		note("%s", s->trace[i]);
}

static void
test_sound(bool all)
{
	static const size_t limits[] = { STATES_SMALL, STATES_MIDDLE,
		STATES_LARGE };
	struct lease_search s;
	size_t i, states = 0;

	for (i = 0; i < COUNT(sound); i++) {
		const struct model_rules *rules = &sound[i].rules;

		if (!all && sound[i].size > (SLOW ? SMALL : MIDDLE)) {
			note("not run: %s: TEAMCACHE_TEST_MODEL is not 'all'",
			    rules->name);
			continue;
		}
		if (lease_search_run(rules, limits[sound[i].size], &s) != 0) {
			ok(false, "%s: out of memory", rules->name);
		} else {
			ok(s.whole && s.wrong == NULL,
			    "%s: sound in all its %zu states", rules->name,
			    s.states);
			if (s.wrong != NULL)
				show_trace(&s);
		}
		states += s.states;
		lease_search_clear(&s);
	}
	note("%zu states visited", states);
}

/* Mistakes in the step function. */

static struct lease_next
no_more(struct lease_steps *s, enum lease_do what)
{
	struct lease_next next = { .act = what };

	s->last = what;
	return next;
}

/* A wait that ended bypasses a live lease. */
static struct lease_next
bypasses(struct lease_steps *s, enum lease_saw saw, int64_t left,
    uint32_t random)
{
	struct lease_next next = lease_step(s, saw, left, random);

	return next.act == LEASE_BUSY ? no_more(s, LEASE_TAKE_OVER) : next;
}

static struct lease_next
takes_409_for_won(struct lease_steps *s, enum lease_saw saw, int64_t left,
    uint32_t random)
{
	return lease_step(s, saw == LEASE_SAW_CONFLICT ? LEASE_SAW_WRITTEN :
	    saw, left, random);
}

static struct lease_next
takes_412_for_won(struct lease_steps *s, enum lease_saw saw, int64_t left,
    uint32_t random)
{
	return lease_step(s, saw == LEASE_SAW_REFUSED ? LEASE_SAW_WRITTEN :
	    saw, left, random);
}

/* Believes each 200. */
static struct lease_next
trusts(struct lease_steps *s, enum lease_saw saw, int64_t left,
    uint32_t random)
{
	s->trusted = true;
	return lease_step(s, saw, left, random);
}

/* Proves it at once. */
static struct lease_next
hurries(struct lease_steps *s, enum lease_saw saw, int64_t left,
    uint32_t random)
{
	s->versioned = false;
	return lease_step(s, saw, left, random);
}

/* Never takes over. */
static struct lease_next
waits_for_ever(struct lease_steps *s, enum lease_saw saw, int64_t left,
    uint32_t random)
{
	return lease_step(s, saw == LEASE_SAW_EXPIRED ? LEASE_SAW_LIVE : saw,
	    left, random);
}

/* Does not know its own nonce. */
static struct lease_next
waits_for_itself(struct lease_steps *s, enum lease_saw saw, int64_t left,
    uint32_t random)
{
	return lease_step(s, saw == LEASE_SAW_OURS ? LEASE_SAW_LIVE : saw,
	    left, random);
}

/* Forgets when its lease may have been taken first. */
static struct lease_next
counts_anew(struct lease_steps *s, enum lease_saw saw, int64_t left,
    uint32_t random)
{
	struct lease_next next = lease_step(s, saw, left, random);

	next.again = false;
	return next;
}

#define BOTH_BUY "two purchases in progress under a live lease"
#define TWICE "two purchases, and nothing had gone wrong"
#define STAYED "a purchase from before the invalidate has stayed"
#define LEFT "a lease is left, and nothing had gone wrong"
#define STUCK "the end cannot be reached"

static const struct {
	const char *wrong;
	struct model_rules rules;
} mutants[] = {
	{ BOTH_BUY, { "taking over without If-Match", .length = 3,
	    .mutant = MODEL_OVER_ANY } },
	{ BOTH_BUY, { "taking over at half the holder's length", TWO,
	    .length = 5, .mutant = MODEL_EARLY } },
	{ BOTH_BUY, { "ignoring the deadline", TWO, .length = 3,
	    .mutant = MODEL_NO_DEADLINE } },
	{ BOTH_BUY, { "a deadline from the last attempt", TWO, .length = 3,
	    .lost = 1, .mutant = MODEL_LAST_ATTEMPT } },
	{ BOTH_BUY, { "a deadline from the PUT after a 409", TWO,
	    .step = counts_anew, .length = 3, .lost = 1, .failures = 1 } },
	{ BOTH_BUY, { "renewing with an equal body", TWO, .length = 5,
	    .renewals = true, .mutant = MODEL_SAME_BODY } },
	{ TWICE, { "not looking again", TWO, .length = 3,
	    .mutant = MODEL_NO_SECOND_LOOK } },
	{ "older data replaced newer", { "writing data without a condition",
	    TWO, .length = 3, .mutant = MODEL_UNFENCED } },
	{ STAYED, { "not asking for the lease at the end", TWO, .length = 3,
	    .invalidate = true, .mutant = MODEL_NO_ASK } },
	{ STAYED, { "another's lease taken for no invalidate", TWO,
	    .length = 3, .invalidate = true, .mutant = MODEL_ONLY_ABSENT } },
	{ STAYED, { "deleting only what is known to be stored", TWO,
	    .length = 3, .invalidate = true, .lost = 1,
	    .mutant = MODEL_UNDO_KNOWN } },
	{ STAYED, { "an invalidate that deletes the lease last", TWO,
	    .length = 3, .invalidate = true, .mutant = MODEL_DATA_FIRST } },
	{ BOTH_BUY, { "releasing without If-Match", .length = 3,
	    .mutant = MODEL_RELEASE_ANY } },
	{ BOTH_BUY, { "bypassing a live lease when the wait ends", TWO,
	    .step = bypasses, .length = 3, .impatient = true } },
	{ BOTH_BUY, { "409 taken for won", TWO, .step = takes_409_for_won,
	    .length = 3, .failures = 1 } },
	{ BOTH_BUY, { "412 taken for won", TWO, .step = takes_412_for_won,
	    .length = 3 } },
	{ BOTH_BUY, { "trusting a store that races", TWO, .step = trusts,
	    .length = 3, .racing = true } },
	{ BOTH_BUY, { "not letting it settle", TWO, .step = hurries,
	    .length = 3, .racing = true } },
	{ STUCK, { "never taking over", TWO, .step = waits_for_ever,
	    .length = 3, .crashes = 1 } },
	{ LEFT, { "not knowing one's own nonce", TWO,
	    .step = waits_for_itself, .length = 3, .lost = 1 } },
};

/* Each is found, and for what it is. */
static void
test_mutants(void)
{
	struct lease_search s;
	size_t i;

	for (i = 0; i < COUNT(mutants); i++) {
		const struct model_rules *rules = &mutants[i].rules;

		if (lease_search_run(rules, STATES_MIDDLE, &s) != 0) {
			ok(false, "%s: out of memory", rules->name);
		} else {
			is_str(s.wrong, mutants[i].wrong, "%s is found",
			    rules->name);
			note("after %zu states, in %zu moves", s.states,
			    s.traced);
		}
		lease_search_clear(&s);
	}
}

int
main(void)
{
	const char *much = getenv("TEAMCACHE_TEST_MODEL");

	test_sound(much != NULL && strcmp(much, "all") == 0);
	test_mutants();
	return done_testing();
}
