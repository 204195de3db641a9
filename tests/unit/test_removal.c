#include "tap.h"

#include <stdlib.h>

#include "cache/removal.h"
#include "cache/removal_work.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

static void
test_types(void)
{
	static const char *const derived[] = { "mtd-costs", "notes" };
	static const char *const other[] = { "forecast" };
	struct removal_request rq = { .types = derived, .type_count = 2 };

	ok(removal_wants(&rq, "mtd-costs"), "named");
	ok(removal_wants(&rq, "full-data") &&
	    removal_wants(&rq, "daily-breakdown") &&
	    removal_wants(&rq, "service-breakdown"),
	    "what the same purchase fills");
	ok(removal_wants(&rq, "notes"), "a type of one's own");
	ok(!removal_wants(&rq, "forecast") &&
	    !removal_wants(&rq, "note"), "no other");
	rq.types = other;
	rq.type_count = 1;
	ok(removal_wants(&rq, "forecast"), "the forecast");
	ok(!removal_wants(&rq, "full-data"), "alone");
	rq.types = NULL;
	rq.type_count = 0;
	ok(removal_wants(&rq, "anything"), "all of them");
}

static void
add(struct removal_set *set, const char *object, const char *id)
{
	static const struct key key = { .account = "123456789012" };
	struct removal_version version = { .marker = id[0] == 'm' };
	struct err err = { 0 };

	if (set->count == 0 || strcmp(set->targets[set->count - 1].object,
	    object) != 0)
		ok(removal_set_add(set, &key, object, &err) != NULL,
		    "'%s'", object);
	is_int(removal_set_version(set, &version, span_of(id), &err), 0,
	    "'%s' of '%s'", id, object);
}

static const char *
ids(const struct removal_set *set, size_t i, char out[64])
{
	const struct removal_target *t = &set->targets[i];
	size_t v, n = 0;

	out[0] = '\0';
	for (v = 0; v < t->count; v++)
		n += (size_t)snprintf(out + n, 64 - n, "%s ",
		    set->versions[t->first + v].id);
	return out;
}

/* Versions of a page first, then its delete markers. */
static void
test_join(void)
{
	struct removal_set set = { 0 };
	struct err err = { 0 };
	char text[64];

	is_int(removal_set_join(&set, &err), 0, "nothing to join");
	add(&set, "b", "b3");
	add(&set, "b", "b2");
	add(&set, "c", "c1");
	add(&set, "a", "m1");
	add(&set, "b", "m2");
	add(&set, "b", "b1");
	is_int(removal_set_join(&set, &err), 0, "joined");
	is_uint(set.count, 3, "a target for each key");
	is_str(set.targets[0].object, "a", "by key");
	is_str(ids(&set, 0, text), "m1 ", "its versions");
	is_str(set.targets[1].object, "b", "by key");
	is_str(ids(&set, 1, text), "b3 b2 m2 b1 ", "in the order they came");
	is_str(ids(&set, 2, text), "c1 ", "its version");
	add(&set, "d", "d1");
	is_str(ids(&set, 3, text), "d1 ", "it may go on");
	removal_set_clear(&set);
	removal_set_clear(&set);
}

static void
test_failures(void)
{
	static const struct {
		enum err_class class;
		const char *code;
		enum err_class want;
		bool stops;
	} rows[] = {
		{ ERR_DENIED, "AccessDenied", ERR_DENIED, false },
		{ ERR_NETWORK, "", ERR_NETWORK, false },
		{ ERR_INTERNAL, "InvalidRequest", ERR_NETWORK, false },
		{ ERR_DATA, "", ERR_NETWORK, false },
		{ ERR_NO_DATA, "404", ERR_NETWORK, false },
		{ ERR_NONE, "", ERR_NETWORK, false },
		{ ERR_INTERNAL, "", ERR_INTERNAL, true },
		{ ERR_CREDENTIALS, "ExpiredToken", ERR_CREDENTIALS, true },
		{ ERR_BUCKET, "NoSuchBucket", ERR_BUCKET, true },
		{ ERR_USAGE, "", ERR_USAGE, true },
		{ ERR_INTERRUPTED, "", ERR_INTERRUPTED, true },
		{ ERR_TERMINATED, "", ERR_TERMINATED, true },
	};
	struct removal_work w = { 0 };
	struct err silence = { .class = ERR_NETWORK };
	size_t i;

	atomic_init(&w.silent, 0);
	for (i = 0; i < COUNT(rows); i++) {
		struct err why = { .class = rows[i].class };
		struct err err = { 0 }, *lost = NULL;
		int result;

		err_code(&why, rows[i].code);
		result = removal_look_failed(&w, &why, &lost, &err);
		is_int(result, rows[i].stops ? -1 : 0, "row %zu", i);
		is_int(rows[i].stops ? err.class : lost->class,
		    rows[i].want, "row %zu: class", i);
		ok((lost == NULL) == rows[i].stops, "row %zu: recorded", i);
		free(lost);
	}
	removal_look_answered(&w);
	for (i = 1; i <= 10; i++) {
		struct err err = { 0 }, *lost = NULL;

		is_int(removal_look_failed(&w, &silence, &lost, &err),
		    i < 10 ? 0 : -1, "silence %zu", i);
		free(lost);
	}
}

int
main(void)
{
	test_types();
	test_join();
	test_failures();
	return done_testing();
}
