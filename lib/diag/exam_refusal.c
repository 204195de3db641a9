#include "diag/exam.h"

#include <stdio.h>
#include <string.h>

#include "aws/iam.h"
#include "aws/s3_bucket.h"
#include "diag/policy_caller.h"
#include "diag/remedy.h"
#include "diag/policy_verdict.h"

/* What could be found out where the answer explains nothing. */
struct inquiry {
	unsigned facts;
	struct evidence evidence;
	struct evidence_finding found;
	struct policy_caller caller;
	const char *action;	/* what was denied, and */
	const char *resource;	/* on what */
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
		    s3_answer(e->bucket)->status == 405 ?
		    EXAM_POLICY_FOREIGN : EXAM_POLICY_DENIED;
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
	const char *arn = refusal->caller != NULL ? refusal->caller->arn :
	    exam_principal(e, refusal->service);
	struct err ignored = { 0 };

	place->context = &e->s->call;
	place->endpoint = endpoint;
	place->keys = refusal->caller != NULL ? refusal->caller_keys :
	    of_bucket(refusal) ? &e->s->bucket_keys : &e->s->keys;
	return arn != NULL && iam_caller_of(arn, who) && session_endpoint(
	    e->s, ENDPOINT_IAM, endpoint, &ignored) == 0;
}

/* A role of Identity Center has a path that its session hides. */
static bool
complete(const struct iam_place *place, struct iam_caller *who)
{
	struct err ignored = { 0 };
	struct iam_record record;
	bool found;

	iam_record_init(&record);
	found = iam_look(place, &who->holder, &record, &ignored) == 0;
	if (found)
		snprintf(who->arn, sizeof who->arn, "%s", record.arn);
	iam_record_clear(&record);
	return found;
}

static void
look_at_caller(struct exam *e, const struct exam_refusal *refusal,
    struct inquiry *v)
{
	struct evidence *to = &v->evidence;
	struct err first = { 0 }, ignored = { 0 };
	struct iam_place place;
	struct endpoint endpoint;
	struct iam_caller who;

	if (!open_iam(e, refusal, &place, &endpoint, &who))
		return;
	to->simulated = iam_simulate(&place, &who, v->action, v->resource,
	    &to->simulation, &first) == 0;
	if (!to->simulated && who.holder.kind == IAM_ROLE && strcmp(
	    first.code, "NoSuchEntity") == 0 && complete(&place, &who))
		to->simulated = iam_simulate(&place, &who, v->action,
		    v->resource, &to->simulation, &ignored) == 0;
	/* Which policy denies, so that it can be given back without it. */
	if (to->simulated && to->simulation.decision != IAM_EXPLICIT_DENY &&
	    !to->simulation.boundary_denies)
		return;
	policy_caller_fetch(&place, &who, v->action, v->resource,
	    &v->caller);
	to->whole = v->caller.whole;
	to->own = v->caller.own;
	to->bounded = v->caller.bounded;
	to->limit = v->caller.limit;
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
	if (policy.n > 0 &&
	    policy_verdict_make(policy, &q, found, &ignored) != 0)
		memset(found, 0, sizeof *found);
	return found->answer;
}

/* Only the owner's account may look at a bucket's policy: 405. */
static bool
other_account(const struct exam *e)
{
	const char *owner = config_text(e->s->set.config,
	    CONFIG_EXPECTED_BUCKET_OWNER);

	return e->policy_state == EXAM_POLICY_FOREIGN || (owner != NULL &&
	    e->identified && strcmp(owner, e->bucket_identity.account) != 0);
}

static void
look_at_resource(struct exam *e, const struct exam_refusal *refusal,
    struct inquiry *v)
{
	struct evidence *to = &v->evidence;
	bool plain = e->s->s3_endpoint != NULL &&
	    strncmp(e->s->s3_endpoint, "http://", 7) == 0;
	struct verdict found;

	to->resource = look_at_bucket(e, refusal, &found);
	to->resource_read = e->policy_state == EXAM_POLICY_READ ||
	    e->policy_state == EXAM_POLICY_NONE;
	to->foreign = other_account(e);
	to->condition_met = plain && to->resource == VERDICT_DENY_IF &&
	    strstr(found.conditions, "aws:SecureTransport") != NULL;
	if (to->condition_met)
		v->facts |= DIAGNOSIS_PLAIN_HTTP;
	/* Within an account this would have been enough. */
	evidence_weigh(to, &v->found);
	if (!to->foreign && to->resource_read && v->found.own_allow)
		to->foreign = exam_bucket_elsewhere(e);
}

/* An answer that tells all is looked into only for the policy that has to be
 * changed. */
static bool
is_worth_it(const struct diagnosis *d, bool asked)
{
	if (!d->denial || d->action[0] == '\0' || d->resource[0] == '\0')
		return false;
	return d->told ? d->kind == DENIAL_EXPLICIT ||
	    d->layer == DENIAL_BOUNDARY || d->layer == DENIAL_TRUST : asked;
}

/* asked: it was the action of the request itself that was denied, not one of
 * a service behind it. */
static void
investigate(struct exam *e, const struct exam_refusal *refusal, bool asked,
    struct inquiry *v)
{
	look_at_caller(e, refusal, v);
	if (asked && of_bucket(refusal))
		look_at_resource(e, refusal, v);
	if (asked && refusal->caller != NULL)
		exam_role_trust(e, refusal, &v->evidence);
	evidence_weigh(&v->evidence, &v->found);
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
    const struct diagnosis *d, const struct inquiry *v,
    struct check_result *r, struct err *err)
{
	const struct policy_held *decides = d->layer == DENIAL_BOUNDARY ?
	    &v->caller.boundary : &v->caller.denying;
	const char *named = v->evidence.simulation.policy;
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
		.account = refusal->caller != NULL ?
		    refusal->caller->account : e->identified ?
		    e->bucket_identity.account : NULL,
		.decides = { decides->holder, decides->managed,
		    buf_view(&decides->name), buf_view(&decides->text) },
		.named_policy = named[0] != '\0' ? named : NULL,
		.trust_policy = buf_view(&e->trust),
		.own_allow = v->found.own_allow,
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
		.principal = refusal->caller != NULL ? refusal->caller->arn :
		    exam_principal(e, refusal->service),
		.facts = refusal->facts,
	};
	struct inquiry v = { 0 };
	struct diagnosis d;
	bool asked;
	int result = 0;

	if (exam_is_over(refusal->err)) {
		*err = *refusal->err;
		check_set(r, CHECK_FAIL, "%s", err->message);
		return -1;
	}
	policy_caller_init(&v.caller);
	if (of_bucket(refusal) && other_account(e))
		q.facts |= DIAGNOSIS_OTHER_ACCOUNT;
	diagnosis_make(&q, &d);
	asked = refusal->action != NULL &&
	    strcmp(d.action, refusal->action) == 0;
	v.action = d.action;
	v.resource = d.resource;
	/* A session's own policy is not in what IAM simulates. */
	if (is_worth_it(&d, asked)) {
		investigate(e, refusal, asked, &v);
		q.layer = v.found.layer;
		q.kind = v.found.kind;
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
	policy_caller_clear(&v.caller);
	return result;
}
