#include "diag/exam.h"

#include <string.h>

/* Keys that are there already. */
static int
get(void *state, bool renew, const struct keys **keys, struct err *err)
{
	(void)renew;
	(void)err;
	*keys = state;
	return 0;
}

/* Is the role (its ARN) of that account? Another's cannot be looked at. */
static bool
is_of(const char *role, const char *account)
{
	struct span rest = span_of(role), field = { 0 };
	int i;

	for (i = 0; i < 5; i++)
		if (!span_split(rest, ':', &field, &rest))
			return false;
	return span_is(field, account);
}

void
exam_role_trust(struct exam *e, const struct exam_refusal *refusal,
    struct evidence *to)
{
	struct verdict_question q = { .principal = refusal->caller->arn,
		.account = refusal->caller->account,
		.action = refusal->action, .resource = refusal->resource };
	struct iam_place place = { .context = &e->s->call,
		.keys = refusal->caller_keys };
	struct err ignored = { 0 };
	struct endpoint endpoint;
	struct iam_record record;
	struct iam_holder role;
	struct verdict found;

	to->trust = true;
	to->foreign = !is_of(refusal->resource, refusal->caller->account);
	if (to->foreign || !iam_role_of(refusal->resource, &role) ||
	    session_endpoint(e->s, ENDPOINT_IAM, &endpoint, &ignored) != 0)
		return;
	place.endpoint = &endpoint;
	iam_record_init(&record);
	if (iam_look(&place, &role, &record, &ignored) == 0 &&
	    policy_verdict_make(buf_view(&record.trust), &q, &found,
	    &ignored) == 0) {
		to->resource_read = true;
		to->resource = found.answer;
		buf_reset(&e->trust);
		buf_add_span(&e->trust, buf_view(&record.trust));
	}
	iam_record_clear(&record);
}

int
exam_role_refused(struct exam *e, struct exam_refusal *refusal,
    struct check_result *r, struct err *err)
{
	struct keys keys = { 0 };
	struct keys_source source = { get, &keys };
	struct sts_identity caller;
	struct err ignored = { 0 };
	int result;

	if (refusal->action != NULL && refusal->resource != NULL &&
	    chain_role_source(e->s->chain, &keys, &ignored) == 0 &&
	    exam_ask_identity(e, &source, &caller, &ignored) == 0) {
		refusal->caller = &caller;
		refusal->caller_keys = &source;
	}
	result = exam_refused(e, refusal, r, err);
	keys_clear(&keys);
	return result;
}
