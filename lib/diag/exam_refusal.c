#include "diag/exam.h"

#include <string.h>

#include "aws/iam.h"
#include "aws/s3_bucket.h"
#include "base/limits.h"
#include "diag/remedy.h"
#include "diag/verdict.h"

/* What could be read of the policies, where the answer explains nothing. */
struct evidence {
	enum denial_layer layer;
	enum denial_kind kind;
	unsigned facts;
	struct iam_simulation simulation;
	bool simulated;
	struct buf name;	/* of an inline policy that denies */
	struct buf policy;
};

struct span
exam_bucket_policy(struct exam *e)
{
	struct err ignored = { 0 };

	if (e->policy_state == EXAM_POLICY_UNREAD && e->bucket != NULL) {
		enum s3_outcome outcome = s3_bucket_read(e->bucket,
		    BUCKET_CONFIG_POLICY, &e->policy, &ignored);

		e->policy_state = outcome == S3_OK ? EXAM_POLICY_READ :
		    outcome == S3_ABSENT ? EXAM_POLICY_NONE :
		    EXAM_POLICY_DENIED;
		if (outcome != S3_OK)
			buf_reset(&e->policy);
	}
	return buf_view(&e->policy);
}

static bool
of_bucket(const struct exam_refusal *refusal)
{
	return refusal->service == ERRORS_S3;
}

/* IAM, for the caller of that service; false where it cannot be asked. */
static bool
open_iam(struct exam *e, const struct exam_refusal *refusal,
    struct iam_place *place, struct endpoint *endpoint,
    struct iam_caller *who)
{
	const char *arn = exam_principal(e, refusal->service);
	struct err ignored = { 0 };

	place->context = &e->s->call;
	place->endpoint = endpoint;
	place->keys = of_bucket(refusal) ? &e->s->bucket_keys : &e->s->keys;
	return arn != NULL && iam_caller_of(arn, who) && session_endpoint(
	    e->s, ENDPOINT_IAM, endpoint, &ignored) == 0;
}

/* The inline policy that has the Deny, so that it can be given back without
 * it. */
static void
find_inline(const struct iam_place *place, const struct iam_caller *who,
    const struct exam_refusal *refusal, struct evidence *v)
{
	struct verdict_question q = { .action = refusal->action,
		.resource = refusal->resource };
	struct span rest, name;
	struct err ignored = { 0 };
	struct verdict found;
	struct buf names;

	buf_init(&names, 64 * LIMIT_KIB);
	if (iam_policy_names(place, who, &names, &ignored) != 0)
		buf_reset(&names);
	for (rest = buf_view(&names); rest.n > 0;) {
		span_split(rest, '\n', &name, &rest);
		buf_reset(&v->policy);
		if (iam_policy_get(place, who, name, &v->policy,
		    &ignored) == 0 && verdict_make(buf_view(&v->policy), &q,
		    &found, &ignored) == 0 && found.answer == VERDICT_DENY) {
			buf_add_span(&v->name, name);
			break;
		}
		buf_reset(&v->policy);
	}
	buf_clear(&names);
}

static void
look_at_caller(struct exam *e, const struct exam_refusal *refusal,
    struct evidence *v)
{
	struct err first = { 0 }, ignored = { 0 };
	struct iam_place place;
	struct endpoint endpoint;
	struct iam_caller who;

	if (!open_iam(e, refusal, &place, &endpoint, &who))
		return;
	v->simulated = iam_simulate(&place, &who, refusal->action,
	    refusal->resource, &v->simulation, &first) == 0;
	/* A role of Identity Center has a path that its session hides. */
	if (!v->simulated && who.role && strcmp(first.code,
	    "NoSuchEntity") == 0 &&
	    iam_caller_complete(&place, &who, &ignored) == 0)
		v->simulated = iam_simulate(&place, &who, refusal->action,
		    refusal->resource, &v->simulation, &ignored) == 0;
	if (!v->simulated || v->simulation.decision == IAM_EXPLICIT_DENY)
		find_inline(&place, &who, refusal, v);
}

/* Whose side of the caller it is. */
static void
settle_caller(const struct iam_simulation *s, struct evidence *v)
{
	v->layer = s->organization_denies ? DENIAL_SCP :
	    s->boundary_denies ? DENIAL_BOUNDARY : DENIAL_IDENTITY;
	v->kind = s->decision == IAM_EXPLICIT_DENY ? DENIAL_EXPLICIT :
	    DENIAL_IMPLICIT;
}

static enum verdict_answer
look_at_bucket(struct exam *e, const struct exam_refusal *refusal,
    struct verdict *found)
{
	struct verdict_question q = {
		.principal = exam_principal(e, ERRORS_S3),
		.account = e->identified ? e->bucket_identity.account : NULL,
		.action = refusal->action, .resource = refusal->resource,
	};
	struct span policy = exam_bucket_policy(e);
	struct err ignored = { 0 };

	memset(found, 0, sizeof *found);
	if (policy.n > 0 && verdict_make(policy, &q, found, &ignored) != 0)
		memset(found, 0, sizeof *found);
	return found->answer;
}

static bool
other_account(const struct exam *e)
{
	const char *owner = config_text(e->s->set.config,
	    CONFIG_EXPECTED_BUCKET_OWNER);

	return owner != NULL && e->identified &&
	    strcmp(owner, e->bucket_identity.account) != 0;
}

/* In the order of AWS's own evaluation: a Deny anywhere comes first. */
static void
investigate(struct exam *e, const struct exam_refusal *refusal,
    struct evidence *v)
{
	enum verdict_answer bucket = VERDICT_NOTHING;
	struct verdict found;
	bool plain = e->s->s3_endpoint != NULL &&
	    strncmp(e->s->s3_endpoint, "http://", 7) == 0;

	look_at_caller(e, refusal, v);
	if (of_bucket(refusal))
		bucket = look_at_bucket(e, refusal, &found);
	if (bucket == VERDICT_DENY_IF && plain &&
	    strstr(found.conditions, "aws:SecureTransport") != NULL)
		v->facts |= DIAGNOSIS_PLAIN_HTTP;
	if (v->simulated && v->simulation.decision == IAM_EXPLICIT_DENY) {
		settle_caller(&v->simulation, v);
	} else if (v->policy.n > 0) {
		v->layer = DENIAL_IDENTITY;
		v->kind = DENIAL_EXPLICIT;
	} else if (bucket == VERDICT_DENY ||
	    (v->facts & DIAGNOSIS_PLAIN_HTTP) != 0) {
		v->layer = DENIAL_RESOURCE;
		v->kind = DENIAL_EXPLICIT;
	} else if (v->simulated && bucket != VERDICT_DENY_IF &&
	    v->simulation.decision == IAM_IMPLICIT_DENY) {
		settle_caller(&v->simulation, v);
	} else if (v->simulated && of_bucket(refusal) && other_account(e) &&
	    bucket == VERDICT_NOTHING &&
	    e->policy_state != EXAM_POLICY_DENIED) {
		v->layer = DENIAL_RESOURCE;
		v->kind = DENIAL_IMPLICIT;
	}
}

static void
fill_denial(const struct diagnosis *d, struct check_result *r)
{
	struct check_denial *to = &r->denial;

	to->given = true;
	buf_add_string(&to->action, d->action);
	buf_add_string(&to->resource, d->resource);
	buf_add_string(&to->principal, d->principal);
	buf_add_string(&to->policy_arn, d->policy_arn);
	to->layer = denial_layer_name(d->layer);
	to->kind = denial_kind_name(d->kind);
}

static int
fill_fix(struct exam *e, const struct exam_refusal *refusal,
    const struct diagnosis *d, const struct evidence *v,
    struct check_result *r, struct err *err)
{
	const char *one_action[] = { d->action, NULL };
	const char *one_resource[] = { d->resource[0] == '\0' ? "*" :
	    d->resource, NULL };
	bool asked = refusal->action != NULL &&
	    strcmp(d->action, refusal->action) == 0;
	struct remedy_question q = {
		.diagnosis = d,
		.actions = asked && refusal->actions != NULL ?
		    refusal->actions : one_action,
		.resources = asked && refusal->resources != NULL ?
		    refusal->resources : one_resource,
		.bucket = e->s->bucket, .endpoint = e->s->s3_endpoint,
		.account = e->identified ? e->bucket_identity.account : NULL,
		.policy_name = buf_view(&v->name),
		.policy = buf_view(&v->policy),
		.named_policy = v->simulation.policy[0] != '\0' ?
		    v->simulation.policy : NULL,
	};
	struct remedy remedy;
	int result;

	if (d->layer == DENIAL_RESOURCE) {
		q.bucket_policy = exam_bucket_policy(e);
		q.readable = e->policy_state == EXAM_POLICY_READ ||
		    e->policy_state == EXAM_POLICY_NONE;
	}
	remedy_init(&remedy);
	result = remedy_make(&q, &remedy, err);
	check_fix(r, "%s%s%s", d->next, d->next[0] != '\0' &&
	    remedy.text.n > 0 ? "; " : "", buf_string(&remedy.text));
	buf_add_span(&r->fix.policy, buf_view(&remedy.policy));
	buf_add_span(&r->fix.command, buf_view(&remedy.command));
	remedy_clear(&remedy);
	return result;
}

static void
summarize(const struct diagnosis *d, const struct err *cause,
    struct check_result *r)
{
	enum check_status status = r->status == CHECK_WARN ? CHECK_WARN :
	    CHECK_FAIL;
	const char *whose = denial_layer_words(d->layer);
	bool plain = strcmp(d->cause, "denied") == 0;

	if (!d->denial) {
		check_set(r, status, "%s", d->words[0] != '\0' ? d->words :
		    cause->message);
		return;
	}
	if (whose != NULL && d->kind == DENIAL_IMPLICIT)
		check_set(r, status, "%s is not allowed by %s", d->action,
		    whose);
	else if (whose != NULL)
		check_set(r, status, "%s is denied by %s", d->action, whose);
	else if (!plain)
		check_set(r, status, "%s is denied: %s", d->action, d->words);
	else
		check_set(r, status, "%s is denied, and nothing tells by whom",
		    d->action);
	if (!plain && whose != NULL)
		check_detail(r, "%s", d->words);
}

/* AWS's own words last: for a search, and for AWS Support. */
static void
quote(const struct err *cause, struct check_result *r)
{
	if (cause->message[0] == '\0')
		return;
	check_detail(r, "%s%s%s%s", cause->message,
	    cause->request_id[0] != '\0' ? " [request " : "",
	    cause->request_id, cause->request_id[0] != '\0' ? "]" : "");
}

int
exam_refused(struct exam *e, const struct exam_refusal *refusal,
    struct check_result *r, struct err *err)
{
	struct diagnosis_question q = {
		.err = refusal->err, .service = refusal->service,
		.status = refusal->status, .fault = refusal->fault,
		.action = refusal->action, .resource = refusal->resource,
		.principal = exam_principal(e, refusal->service),
		.facts = refusal->facts,
	};
	struct evidence v = { 0 };
	struct diagnosis d;
	int result = 0;

	if (exam_is_over(refusal->err)) {
		*err = *refusal->err;
		check_set(r, CHECK_FAIL, "%s", err->message);
		return -1;
	}
	buf_init(&v.name, LIMIT_KIB);
	buf_init(&v.policy, 64 * LIMIT_KIB);
	if (of_bucket(refusal) && other_account(e))
		q.facts |= DIAGNOSIS_OTHER_ACCOUNT;
	diagnosis_make(&q, &d);
	/* A session's own policy is not in what IAM simulates. */
	if (d.denial && refusal->action != NULL && refusal->resource != NULL &&
	    strcmp(d.action, refusal->action) == 0 &&
	    (!d.told || d.kind == DENIAL_EXPLICIT)) {
		investigate(e, refusal, &v);
		q.layer = v.layer;
		q.kind = v.kind;
		q.facts |= v.facts;
		diagnosis_make(&q, &d);
	}
	summarize(&d, refusal->err, r);
	if (d.words[0] != '\0')
		quote(refusal->err, r);
	if (d.denial) {
		fill_denial(&d, r);
		result = fill_fix(e, refusal, &d, &v, r, err);
	} else if (d.next[0] != '\0') {
		check_fix(r, "%s", d.next);
	}
	if (strncmp(d.action, "kms:", 4) == 0 ||
	    strcmp(d.cause, "key-unusable") == 0)
		e->kms_refused = r->name;
	buf_clear(&v.name);
	buf_clear(&v.policy);
	return result;
}
