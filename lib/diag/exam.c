#include "diag/exam.h"

#include <assert.h>
#include <string.h>

#include "base/limits.h"

/* An entry, and the checks that have to be good before it can be made: a name,
 * or "a,b"; NULL: none. */
struct item {
	struct check_entry entry;
	const char *needs;
};

#define ENTRY(name, severity, run, explain) \
	{ (name), (severity), (run), (explain) }

static const struct item items[] = {
	{ ENTRY("environment", CHECK_WARN, exam_environment,
	    "What the settings and the environment say decides which account, "
	    "bucket and keys are used."), NULL },
	{ ENTRY("credentials", CHECK_FAIL, exam_credentials,
	    "Without credentials nothing can be signed."), NULL },
	{ ENTRY("reach-sts", CHECK_FAIL, exam_reach_sts,
	    "STS says whose keys these are, and gives keys for roles."),
	    NULL },
	{ ENTRY("identity", CHECK_FAIL, exam_identity,
	    "The account of the keys names the subtree in the bucket."),
	    "credentials,reach-sts" },
	{ ENTRY("clock", CHECK_FAIL, exam_clock,
	    "AWS refuses signatures that are 5 to 15 minutes off, and ages are "
	    "computed from the clock."), NULL },
	{ ENTRY("reach-s3", CHECK_FAIL, exam_reach_s3,
	    "The team's data come from there."), NULL },
	{ ENTRY("bucket", CHECK_FAIL, exam_bucket,
	    "The team's data lie in it."), "credentials,reach-s3" },
	{ ENTRY("s3-list-bucket", CHECK_WARN, exam_list,
	    "Without s3:ListBucket a missing object cannot be told from a "
	    "denied one, and 'invalidate --all' finds nothing in S3."),
	    "credentials,reach-s3,bucket" },
	{ ENTRY("foreign-objects", CHECK_WARN, exam_foreign,
	    "Where one lies at an entry's key nothing is stored for the "
	    "team; teamcache never deletes it."),
	    "credentials,reach-s3,bucket,s3-list-bucket" },
	{ ENTRY("s3-put-object", CHECK_FAIL, exam_put,
	    "What is bought here is not shared with the team."),
	    "credentials,reach-s3,bucket" },
	{ ENTRY("s3-get-object", CHECK_FAIL, exam_get,
	    "What the team bought has to be bought again."),
	    "credentials,reach-s3,bucket" },
	{ ENTRY("s3-get-missing", CHECK_FAIL, exam_get_missing,
	    "A miss that looks like a denial cannot be trusted."),
	    "credentials,reach-s3,bucket,s3-get-object" },
	{ ENTRY("s3-put-conditional", CHECK_FAIL, exam_put_conditional,
	    "Without conditional writes two machines may buy the same figures "
	    "at once."), "credentials,reach-s3,bucket,s3-put-object" },
	{ ENTRY("s3-delete-object", CHECK_FAIL, exam_delete,
	    "'invalidate' cannot delete in S3, and a lease is not given "
	    "back."), "credentials,reach-s3,bucket" },
	{ ENTRY("kms", CHECK_FAIL, exam_kms,
	    "A KMS key has rights of its own, beside the bucket's."),
	    "credentials,reach-s3,bucket" },
	{ ENTRY("bucket-configuration", CHECK_WARN, exam_configuration,
	    "verify-bucket needs these rights; fetch does not."),
	    "credentials,reach-s3,bucket" },
	{ ENTRY("reach-cost-explorer", CHECK_FAIL, exam_reach_ce,
	    "The data come from there."), NULL },
	{ ENTRY("ce-get-cost-and-usage", CHECK_FAIL, exam_cost_and_usage,
	    "Without it nothing can be bought."),
	    "credentials,reach-cost-explorer" },
	{ ENTRY("ce-get-cost-forecast", CHECK_FAIL, exam_forecast,
	    "Without it there is no forecast."),
	    "credentials,reach-cost-explorer" },
	{ ENTRY("local-store", CHECK_WARN, exam_store,
	    "Without it every command asks S3 again."), NULL },
};

#define ITEMS (sizeof items / sizeof items[0])

_Static_assert(ITEMS < EXAM_CHECKS, "the names fit with their end");

const char *
exam_name(size_t i)
{
	return i < ITEMS ? items[i].entry.name : NULL;
}

void
exam_init(struct exam *e, const struct exam_request *rq)
{
	memset(e, 0, sizeof *e);
	e->rq = *rq;
	e->s = rq->session;
	e->server_date = -1;
	buf_init(&e->probe, LIMIT_KEY);
	buf_init(&e->lease_probe, LIMIT_KEY);
	buf_init(&e->present, 4 * LIMIT_KEY);
	buf_init(&e->policy, 64 * LIMIT_KIB);
	buf_init(&e->trust, 64 * LIMIT_KIB);
	buf_init_secret(&e->canonical, LIMIT_HEADER_BLOCK);
	e->s->call.canonical = &e->canonical;
}

void
exam_clear(struct exam *e)
{
	check_clear(&e->list);
	buf_clear(&e->probe);
	buf_clear(&e->lease_probe);
	buf_clear(&e->present);
	buf_clear(&e->policy);
	buf_clear(&e->trust);
	buf_clear(&e->canonical);
	e->s->call.canonical = NULL;
}

bool
exam_is_over(const struct err *err)
{
	return err->class == ERR_INTERNAL || err_interrupted(err);
}

void
exam_note_date(struct exam *e, int64_t date, int64_t ours)
{
	if (date < 0 || e->server_date >= 0)
		return;
	e->server_date = date;
	e->our_date = ours;
}

bool
exam_skewed(const struct exam *e)
{
	int64_t skew = e->server_date - e->our_date;

	return e->server_date >= 0 && (skew > 240 || skew < -240);
}

static const struct item *
item_of(const struct check_entry *entry)
{
	size_t i;

	for (i = 0; i < ITEMS; i++)
		if (strcmp(items[i].entry.name, entry->name) == 0)
			return &items[i];
	return NULL;
}

/* The first need that failed or could not be looked at; NULL: none. A check
 * that nobody asked for is no obstacle: what it would find shows anyway. */
static const struct check_result *
unmet(const struct exam *e, const struct item *item)
{
	struct span rest = span_of(item->needs), name;
	size_t i;

	while (rest.n > 0) {
		span_split(rest, ',', &name, &rest);
		for (i = 0; i < e->list.count; i++) {
			const struct check_result *r = &e->list.items[i];

			if (span_is(name, r->name) &&
			    (r->status == CHECK_FAIL ||
			    (r->status == CHECK_SKIP &&
			    strcmp(r->name, "bucket") == 0)))
				return r;
		}
	}
	return NULL;
}

static int
guard(void *state, const struct check_entry *entry, struct check_result *r,
    struct err *err)
{
	struct exam *e = state;
	const struct item *item = item_of(entry);
	const struct check_result *need;

	assert(item != NULL);
	need = unmet(e, item);
	if (need == NULL && item->entry.run != exam_store &&
	    clock_elapsed_ms(e->s->set.clock) >= e->s->call.deadline_ms) {
		check_set(r, CHECK_SKIP, "not made: the time (--timeout) was "
		    "used up");
		return 0;
	}
	if (need == NULL)
		return item->entry.run(e, &item->entry, r, err);
	if (need->status == CHECK_SKIP)
		check_set(r, CHECK_SKIP, "%s", buf_string(&need->summary));
	else
		check_set(r, CHECK_SKIP, "not made: needs %s", need->name);
	return 0;
}

int
exam_run(struct exam *e, struct err *err)
{
	struct check_entry entries[ITEMS];
	struct check_run run = {
		.entries = entries, .count = ITEMS,
		.selection = e->rq.selection, .clock = e->s->set.clock,
		.state = e,
	};
	int result;
	size_t i;

	for (i = 0; i < ITEMS; i++) {
		entries[i] = items[i].entry;
		entries[i].run = guard;
	}
	result = check_run(&run, &e->list, err);
	exam_reach_end(e);
	exam_drop_probe(e);
	return result;
}
