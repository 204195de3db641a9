#include "diag/bucket_plan.h"

#include <string.h>

#include "aws/lifecycle.h"
#include "aws/s3_bucket.h"
#include "base/limits.h"
#include "diag/bucket_rules.h"
#include "diag/policy_edit.h"
#include "diag/policy_read.h"
#include "diag/policy_write.h"

#define TLS_SID "TeamcacheTlsOnly"

struct planning {
	const struct bucket_plan_request *request;
	struct bucket_facts *facts;
	struct bucket_plan *plan;
};

static bool
asked_for(const struct planning *p, const char *check)
{
	return check_selected(&p->request->selection, check);
}

/* A call for that part, whose body the caller makes. */
static struct buf *
add_call(struct planning *p, enum bucket_config_part part)
{
	struct bucket_plan_call *call = &p->plan->calls[p->plan->count++];

	call->part = part;
	return &call->body;
}

/* 1: known; 0: the store does not have it; -1 with err. */
static int
known(struct planning *p, enum bucket_config_part part, struct err *err)
{
	const struct bucket_config_info *info = bucket_config_info(part);

	if (bucket_facts_ask(p->facts, part, err) != 0)
		return -1;
	if (p->facts->parts[part].fact == BUCKET_FACT_UNKNOWN)
		return 0;
	if (p->facts->parts[part].fact != BUCKET_FACT_DENIED)
		return 1;
	*err = p->facts->parts[part].err;
	err_hint(err, "what cannot be read is not replaced: allow %s, or "
	    "leave it out with --skip", info->read_action);
	return -1;
}

/* The document of a part; empty when nothing is configured. */
static struct span
body_of(const struct planning *p, enum bucket_config_part part)
{
	if (p->facts->parts[part].fact != BUCKET_FACT_FOUND)
		return span_make(NULL, 0);
	return buf_view(&p->facts->parts[part].body);
}

/* A document that is not what it should be belongs to a store that does not
 * know the part. */
static int
unread(struct err *why, struct err *err)
{
	if (why->class == ERR_DATA)
		return 0;
	*err = *why;
	return -1;
}

static int
plan_versioning(struct planning *p, struct err *err)
{
	enum bucket_config_versioning v = BUCKET_CONFIG_NEVER;
	struct span body;
	struct err why = { 0 };
	int result;

	if (!asked_for(p, "versioning") ||
	    (result = known(p, BUCKET_CONFIG_VERSIONING, err)) == 0)
		return 0;
	if (result < 0)
		return -1;
	body = body_of(p, BUCKET_CONFIG_VERSIONING);
	if (body.n > 0 && bucket_config_versioning(body, &v, &why) != 0)
		return unread(&why, err);
	if (v != BUCKET_CONFIG_ENABLED)
		bucket_config_put_versioning(add_call(p,
		    BUCKET_CONFIG_VERSIONING));
	return 0;
}

static int
plan_encryption(struct planning *p, struct err *err)
{
	const char *key = p->request->kms_key;
	struct bucket_config_encryption e = { .key = "" };
	struct span body;
	struct err why = { 0 };
	int result;

	if (!asked_for(p, "encryption") ||
	    (result = known(p, BUCKET_CONFIG_ENCRYPTION, err)) == 0)
		return 0;
	if (result < 0)
		return -1;
	body = body_of(p, BUCKET_CONFIG_ENCRYPTION);
	if (body.n > 0 && bucket_config_encryption(body, &e, &why) != 0)
		return unread(&why, err);
	if (key != NULL ? strcmp(e.key, key) != 0 : e.algorithm[0] == '\0')
		bucket_config_put_encryption(key, buf_view(&e.blocked),
		    add_call(p, BUCKET_CONFIG_ENCRYPTION));
	bucket_config_encryption_clear(&e);
	return 0;
}

static int
plan_public_access(struct planning *p, struct err *err)
{
	bool flags[BUCKET_CONFIG_FLAGS] = { false };
	struct span body;
	struct err why = { 0 };
	size_t i, on = 0;
	int result;

	if (!asked_for(p, "public-access-block") ||
	    (result = known(p, BUCKET_CONFIG_PUBLIC_ACCESS, err)) == 0)
		return 0;
	if (result < 0)
		return -1;
	body = body_of(p, BUCKET_CONFIG_PUBLIC_ACCESS);
	if (body.n > 0 && bucket_config_public_access(body, flags, &why) !=
	    0)
		return unread(&why, err);
	for (i = 0; i < BUCKET_CONFIG_FLAGS; i++)
		on += flags[i];
	if (on < BUCKET_CONFIG_FLAGS)
		bucket_config_put_public_access(add_call(p,
		    BUCKET_CONFIG_PUBLIC_ACCESS));
	return 0;
}

static int
plan_ownership(struct planning *p, struct err *err)
{
	char ownership[32] = "";
	struct span body;
	struct err why = { 0 };
	int result;

	if (!asked_for(p, "acls-disabled") ||
	    (result = known(p, BUCKET_CONFIG_OWNERSHIP, err)) == 0)
		return 0;
	if (result < 0)
		return -1;
	body = body_of(p, BUCKET_CONFIG_OWNERSHIP);
	if (body.n > 0 && bucket_config_ownership(body, ownership, &why) !=
	    0)
		return unread(&why, err);
	if (strcmp(ownership, "BucketOwnerEnforced") != 0)
		bucket_config_put_ownership(add_call(p,
		    BUCKET_CONFIG_OWNERSHIP));
	return 0;
}

/* The checks that look at the rules, by what they look for. */
static const char *const rule_checks[] = {
	[BUCKET_RULES_ENTRIES] = "lifecycle-entries",
	[BUCKET_RULES_VERSIONS] = "lifecycle-versions",
	[BUCKET_RULES_MARKERS] = "lifecycle-delete-markers",
	[BUCKET_RULES_UPLOADS] = "lifecycle-uploads",
	[BUCKET_RULES_LEASES] = "lifecycle-leases",
};

static int
plan_lifecycle(struct planning *p, struct err *err)
{
	const char *prefix = p->request->place.prefix;
	struct lifecycle rules = { 0 };
	struct bucket_rules ours;
	struct span body;
	struct err why = { 0 };
	bool wanted = false, missing = false;
	size_t i;
	int result;

	for (i = 0; i < BUCKET_RULES_NEEDS; i++)
		wanted = wanted || asked_for(p, rule_checks[i]);
	if (!wanted || (result = known(p, BUCKET_CONFIG_LIFECYCLE, err)) == 0)
		return 0;
	if (result < 0)
		return -1;
	body = body_of(p, BUCKET_CONFIG_LIFECYCLE);
	if (body.n > 0 && lifecycle_read(body, &rules, &why) != 0)
		return unread(&why, err);
	for (i = 0; i < BUCKET_RULES_NEEDS; i++)
		missing = missing || (asked_for(p, rule_checks[i]) &&
		    !bucket_rules_met(&rules, prefix,
		    (enum bucket_rules_need)i));
	result = 0;
	if (missing && (result = bucket_rules_init(&ours, prefix, err)) ==
	    0) {
		lifecycle_write(&rules, ours.wishes, BUCKET_RULES_COUNT,
		    add_call(p, BUCKET_CONFIG_LIFECYCLE));
		bucket_rules_clear(&ours);
	}
	lifecycle_clear(&rules);
	return result;
}

/* The statements of ours: who is let in, and TLS. */
static int
our_policy(const struct planning *p, struct buf *out, struct err *err)
{
	const struct bucket_plan_request *rq = p->request;
	struct policy_request policy = { .kind = POLICY_BUCKET,
		.place = rq->place, .grants = rq->grants,
		.grant_count = rq->grant_count };

	policy_write_text(&policy, false, out);
	return buf_check(out, "the policy", err);
}

static int
merge_policy(struct planning *p, struct span body, bool tls, struct err *err)
{
	struct buf ours, merged;
	bool changed = false;
	int result = -1;

	buf_init(&ours, LIMIT_CONTROL_BODY);
	buf_init(&merged, LIMIT_CONTROL_BODY);
	if (our_policy(p, &ours, err) == 0 && policy_edit_merge(body,
	    buf_view(&ours), tls ? NULL : TLS_SID, &merged, &changed, err) ==
	    0)
		result = 0;
	if (result == 0 && changed && merged.n > POLICY_BUCKET_MAX)
		result = err_set(err, ERR_USAGE, "the policy would have %zu "
		    "bytes, and S3 takes %d", merged.n, POLICY_BUCKET_MAX);
	if (result == 0 && changed)
		buf_add_span(add_call(p, BUCKET_CONFIG_POLICY),
		    buf_view(&merged));
	buf_clear(&ours);
	buf_clear(&merged);
	return result;
}

static int
plan_policy(struct planning *p, struct err *err)
{
	struct policy_read policy = { 0 };
	struct span body;
	struct buf arn;
	struct err why = { 0 };
	bool tls = false;
	int result;

	if (!asked_for(p, "tls-only") && p->request->grant_count == 0)
		return 0;
	if ((result = known(p, BUCKET_CONFIG_POLICY, err)) <= 0)
		return result;
	body = body_of(p, BUCKET_CONFIG_POLICY);
	if (body.n > 0 && policy_read_open(&policy, body, &why) != 0)
		return unread(&why, err);
	buf_init(&arn, 4 * LIMIT_KIB);
	buf_addf(&arn, "arn:%s:s3:::%s", p->request->place.partition,
	    p->request->place.bucket);
	tls = asked_for(p, "tls-only") &&
	    !policy_read_tls_only(&policy, buf_string(&arn));
	buf_clear(&arn);
	policy_read_clear(&policy);
	if (!tls && p->request->grant_count == 0)
		return 0;
	return merge_policy(p, body, tls, err);
}

int
bucket_plan_make(const struct bucket_plan_request *request,
    struct bucket_facts *facts, struct bucket_plan *plan, struct err *err)
{
	/* The policy last: it may shut out who makes these calls over http,
	 * and it is public access that must be blocked before. */
	static int (*const steps[])(struct planning *, struct err *) = {
		plan_public_access, plan_ownership, plan_versioning,
		plan_encryption, plan_lifecycle, plan_policy,
	};
	struct planning p = { request, facts, plan };
	size_t i;

	memset(plan, 0, sizeof *plan);
	for (i = 0; i < BUCKET_CONFIG_PARTS; i++)
		buf_init(&plan->calls[i].body, LIMIT_CONTROL_BODY);
	for (i = 0; i < sizeof steps / sizeof steps[0]; i++)
		if (steps[i](&p, err) != 0 && err->class != ERR_NONE)
			return -1;
	for (i = 0; i < plan->count; i++)
		if (buf_check(&plan->calls[i].body, bucket_config_info(
		    plan->calls[i].part)->what, err) != 0)
			return -1;
	return 0;
}

void
bucket_plan_clear(struct bucket_plan *plan)
{
	size_t i;

	for (i = 0; i < BUCKET_CONFIG_PARTS; i++)
		buf_clear(&plan->calls[i].body);
	plan->count = 0;
}

int
bucket_plan_apply(const struct bucket_plan *plan, size_t i,
    struct bucket_facts *facts, struct err *err)
{
	const struct bucket_plan_call *call = &plan->calls[i];
	struct http_field minimum = { BUCKET_FACTS_MINIMUM_SIZE,
		facts->minimum_size };
	bool keep = call->part == BUCKET_CONFIG_LIFECYCLE &&
	    facts->minimum_size[0] != '\0';

	if (s3_bucket_write(facts->s3, call->part, buf_view(&call->body),
	    keep ? &minimum : NULL, err) != S3_OK)
		return -1;
	bucket_facts_forget(facts, call->part);
	return 0;
}
