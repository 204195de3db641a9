#include "diag/exam.h"

#include <string.h>

#include "aws/ce.h"
#include "base/limits.h"
#include "base/month.h"

/* The two questions that the product asks. */
struct question {
	const char *operation;
	const char *action;
	const char *rest;	/* of the request, behind the period */
};

static const struct question usage = { "GetCostAndUsage",
	"ce:GetCostAndUsage",
	",\"Granularity\":\"DAILY\",\"Metrics\":[\"UnblendedCost\"]}" };
static const struct question forecast = { "GetCostForecast",
	"ce:GetCostForecast",
	",\"Granularity\":\"MONTHLY\",\"Metric\":\"UNBLENDED_COST\"}" };

static const char *const anywhere[] = { "*", NULL };

static int
refused(struct exam *e, const struct question *q, const struct err *cause,
    struct check_result *r, struct err *err)
{
	const char *const actions[] = { q->action, NULL };
	struct exam_refusal refusal = {
		.err = cause, .service = ERRORS_CE, .action = q->action,
		.resource = "*", .actions = actions, .resources = anywhere,
		.facts = exam_skewed(e) ? DIAGNOSIS_SKEWED : 0,
	};

	return exam_refused(e, &refusal, r, err);
}

/* IAM's own opinion, which is free; false where it gives none. */
static bool
simulate(struct exam *e, const struct question *q,
    struct iam_simulation *out, struct err *cause)
{
	struct endpoint endpoint;
	struct iam_place place = { &e->s->call, &endpoint, &e->s->keys };
	const char *arn = exam_principal(e, ERRORS_CE);
	struct iam_caller who;

	if (arn == NULL || !iam_caller_of(arn, &who))
		return false;
	return session_endpoint(e->s, ENDPOINT_IAM, &endpoint, cause) == 0 &&
	    iam_simulate(&place, &who, q->action, "*", out, cause) == 0;
}

/*
 * paid: a day's figures. Else a period that ends before it begins, which Cost
 * Explorer refuses once it has looked at the rights, so that there is nothing
 * to pay for.
 */
static void
ask(struct exam *e, const struct question *q, bool paid, struct err *cause)
{
	int64_t day = 86400, now = session_now(e->s);
	struct ce_purchase purchase = { .operation = q->operation };
	struct endpoint endpoint;
	struct ce_result result;
	char today[DATE_ROOM], other[DATE_ROOM];
	struct buf request;

	date_format_rfc3339(now, today);
	date_format_rfc3339(paid ? now + day : now - day, other);
	buf_init(&request, LIMIT_KIB);
	buf_addf(&request, "{\"TimePeriod\":{\"Start\":\"%.10s\","
	    "\"End\":\"%.10s\"}%s", today, other, q->rest);
	purchase.request = buf_view(&request);
	ce_result_init(&result, LIMIT_OBJECT);
	if (session_endpoint(e->s, ENDPOINT_CE, &endpoint, cause) == 0)
		(void)ce_buy(&e->s->call, &endpoint, &e->s->keys, &purchase,
		    &result, cause);
	ce_result_clear(&result);
	buf_clear(&request);
}

static int
examine(struct exam *e, const struct question *q, struct check_result *r,
    struct err *err)
{
	struct iam_simulation simulation;
	struct err cause = { 0 }, ignored = { 0 };

	if (session_network(e->s, &cause) != 0)
		return refused(e, q, &cause, r, err);
	if (!e->rq.probe_ce && simulate(e, q, &simulation, &ignored) &&
	    simulation.decision == IAM_ALLOWED) {
		check_set(r, CHECK_PASS, "IAM allows %s (simulated); whether "
		    "Cost Explorer is switched on shows --probe-ce (USD 0.01)",
		    q->action);
		return 0;
	}
	ask(e, q, e->rq.probe_ce, &cause);
	if (cause.class == ERR_NONE) {
		check_set(r, CHECK_PASS, "%s answers (USD 0.01 was spent)",
		    q->action);
		return 0;
	}
	if (cause.class == ERR_USAGE && !e->rq.probe_ce) {
		check_set(r, CHECK_PASS, "%s is allowed: a request with "
		    "impossible dates got as far as its dates", q->action);
		return 0;
	}
	return refused(e, q, &cause, r, err);
}

int
exam_cost_and_usage(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	(void)entry;
	return examine(state, &usage, r, err);
}

int
exam_forecast(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	(void)entry;
	return examine(state, &forecast, r, err);
}
