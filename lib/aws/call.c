#include "aws/call.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "aws/exchange.h"
#include "sys/interrupt.h"

/* Services allow 5 to 15 minutes; a smaller difference is not the cause. */
#define CALL_SKEW_SECONDS 240

/* One call over its attempts. */
struct call {
	struct exchange wire;
	int tries;		/* those that count against max_attempts */
	int interrupts;		/* when the call began */
	int64_t begun;
	bool renewed;
	bool clock_corrected;
	enum retry_kind last_retry;
	char first[96];		/* what the first attempt failed with */
	char last[96];
};

void
call_reply_init(struct call_reply *r)
{
	memset(r, 0, sizeof *r);
	http_response_init(&r->response);
	r->date = -1;
}

void
call_reply_clear(struct call_reply *r)
{
	http_response_clear(&r->response);
}

int64_t
call_left_ms(const struct call_context *context)
{
	int64_t now;

	if (context->deadline_ms == INT64_MAX)
		return INT64_MAX;
	now = clock_elapsed_ms(context->clock);
	return now < context->deadline_ms ? context->deadline_ms - now : 0;
}

static bool
interrupted(const struct call *c)
{
	return interrupt_count() > c->interrupts;
}

static int
set_interrupted(const struct call *c, struct err *err)
{
	return err_set(err, interrupt_class(), "%s: %s",
	    c->wire.request->subject, interrupt_word());
}

static bool
is_expected(int status, const int *expected)
{
	if (expected == NULL)
		return false;
	while (*expected != 0 && *expected != status)
		expected++;
	return *expected == status;
}

/*
 * Is the call over and well? If not, the report (or the fault) says what is
 * wrong, and c->last has it in a word.
 */
static bool
succeeded(struct call *c, const int *expected)
{
	struct call_reply *reply = c->wire.reply;
	int status = reply->response.status, n;
	bool well = status == 304 || status / 100 == 2;

	memset(&reply->report, 0, sizeof reply->report);
	if (reply->fault != HTTP_OK) {
		reply->report.retry = retry_of_fault(reply->fault);
		n = snprintf(c->last, sizeof c->last, "%s",
		    http_fault_name(reply->fault));
		if (n < 0)
			c->last[0] = '\0';
		return false;
	}
	if (well && !(c->wire.request->error_in_200 &&
	    errors_in_body(buf_view(&reply->response.body))))
		return true;
	errors_read(c->wire.request->service, &reply->response, &reply->report);
	if (is_expected(status, expected))
		return true;
	if ((status >= 500 || well) &&
	    reply->report.action == ERRORS_RETRY)
		reply->ambiguous = true;
	n = snprintf(c->last, sizeof c->last, "%s, HTTP %d",
	    reply->report.aws ? reply->report.code : "not from AWS", status);
	if (n < 0)
		c->last[0] = '\0';
	return false;
}

/* Healing that happens once each and costs no attempt. */
static bool
heal(struct call *c)
{
	struct call_reply *reply = c->wire.reply;
	int64_t wall, skew;

	if (reply->fault != HTTP_OK || c->wire.request->signing_name == NULL ||
	    c->wire.delivered)
		return false;
	if (reply->report.action == ERRORS_RENEW && !c->renewed) {
		c->renewed = c->wire.renew = true;
		log_trace(c->wire.context->log, "%s: the session has expired; "
		    "resolving credentials again", c->last);
		return true;
	}
	if (reply->report.action != ERRORS_CLOCK || c->clock_corrected ||
	    reply->date < 0 || reply->report.request_id[0] == '\0')
		return false;
	wall = clock_wall_seconds(c->wire.context->clock);
	skew = reply->date - wall;
	if (skew - c->wire.context->skew < CALL_SKEW_SECONDS &&
	    c->wire.context->skew - skew < CALL_SKEW_SECONDS)
		return false;
	c->wire.context->skew = skew;
	c->clock_corrected = true;
	log_step(c->wire.context->log, "this machine's clock is %lld "
	    "seconds %s; signing with the server's time",
	    (long long)(skew < 0 ? -skew : skew),
	    skew < 0 ? "ahead" : "behind");
	return true;
}

static void
trace_step(const struct call *c, const struct retry_step *step)
{
	const char *id = c->wire.reply->report.request_id;
	struct log *log = c->wire.context->log;

	if (step->again)
		log_trace(log, "attempt %d of %d: %s%s%s; again in %lld ms",
		    c->tries, c->wire.max_attempts, c->last,
		    id[0] != '\0' ? ", request " : "", id,
		    (long long)step->delay_ms);
	else
		log_trace(log, "attempt %d of %d: %s%s%s; not again (%s)",
		    c->tries, c->wire.max_attempts, c->last,
		    id[0] != '\0' ? ", request " : "", id, step->reason);
}

/* Should it be sent again, and after how long? */
static bool
decide(struct call *c, struct retry_quota *quota, int64_t *delay)
{
	struct call_reply *reply = c->wire.reply;
	const struct http_response *response = &reply->response;
	struct retry_state state = { 0 };
	struct retry_step step;

	if (reply->fault == HTTP_OK && reply->report.action != ERRORS_RETRY)
		return false;
	state.kind = c->wire.delivered ? RETRY_NEVER : reply->report.retry;
	state.attempt = c->tries;
	state.max_attempts = c->wire.max_attempts;
	state.left_ms = call_left_ms(c->wire.context);
	state.hint_ms = retry_hint(
	    http_response_field(response, "x-amz-retry-after"),
	    http_response_field(response, "retry-after"), reply->date);
	state.random = (uint32_t)rand_below(c->wire.context->rand,
	    (uint64_t)UINT32_MAX + 1);
	step = retry_decide(&state, quota);
	trace_step(c, &step);
	*delay = step.delay_ms;
	if (step.again)
		c->last_retry = state.kind;
	return step.again;
}

/* "SUBJECT", with what the attempts before the last one came to. */
static void
describe(const struct call *c, struct buf *out)
{
	buf_add_string(out, c->wire.request->subject);
	if (c->wire.reply->attempts < 2)
		return;
	buf_addf(out, " (after %d attempts", c->wire.reply->attempts);
	if (strcmp(c->first, c->last) != 0)
		buf_addf(out, "; the first: %s", c->first);
	buf_add_char(out, ')');
}

static int
fail(const struct call *c, struct err *err)
{
	const struct call_reply *reply = c->wire.reply;
	struct buf subject;

	if (interrupted(c) || reply->fault == HTTP_CANCELLED)
		return set_interrupted(c, err);
	buf_init(&subject, sizeof err->message);
	describe(c, &subject);
	if (reply->fault == HTTP_OK) {
		errors_set(err, &reply->report, reply->response.status,
		    buf_string(&subject));
	} else {
		err_set(err, c->wire.attempt.class != ERR_NONE ?
		    c->wire.attempt.class : ERR_NETWORK, "%s: %s",
		    buf_string(&subject), c->wire.attempt.class != ERR_NONE ?
		    c->wire.attempt.message : http_fault_name(reply->fault));
		err_code(err, c->wire.attempt.code);
		if (c->wire.attempt.hint[0] != '\0')
			err_hint(err, "%s", c->wire.attempt.hint);
	}
	err->action = c->wire.request->action;
	buf_clear(&subject);
	return -1;
}

static int
fail_late(const struct call *c, struct err *err)
{
	int64_t ms = clock_elapsed_ms(c->wire.context->clock) - c->begun;

	err_set(err, ERR_NETWORK, "%s: timed out after %lld.%lld s%s%s",
	    c->wire.request->subject, (long long)(ms / 1000),
	    (long long)(ms % 1000 / 100), c->last[0] != '\0' ? "; last: " :
	    "", c->last);
	err_hint(err, "allow more time with --timeout, or repeat the "
	    "command later");
	return -1;
}

/* The attempts; 0 or -1 as call_send. */
static int
run(struct call *c, const int *expected, struct err *err)
{
	struct retry_quota *quota = c->wire.request->service == ERRORS_S3 ?
	    &c->wire.context->quota_s3 : &c->wire.context->quota_other;
	int64_t left, delay = 0;

	for (;;) {
		/* Of a first attempt the transport decides: what tidies up
		 * goes on after a signal. */
		if (c->tries > 0 && interrupted(c))
			return set_interrupted(c, err);
		if ((left = call_left_ms(c->wire.context)) <= 0)
			return fail_late(c, err);
		c->tries++;
		if (exchange_send(&c->wire, left, err) != 0)
			return -1;
		if (succeeded(c, expected)) {
			retry_refund(quota, c->last_retry);
			return 0;
		}
		if (c->first[0] == '\0')
			memcpy(c->first, c->last, sizeof c->first);
		if (heal(c)) {
			c->tries--;
			continue;
		}
		if (!decide(c, quota, &delay))
			return fail(c, err);
		if (!clock_pause_ms(c->wire.context->clock, delay,
		    c->interrupts))
			return set_interrupted(c, err);
	}
}

/* A conflict, and what was damaged on the way, are answers too. */
static void
note_health(const struct call *c, int result, const struct err *err)
{
	const struct call_reply *reply = c->wire.reply;
	const struct errors_report *report = &reply->report;
	struct call_health *health = &c->wire.context->health;

	if (c->wire.request->service != ERRORS_S3 || reply->attempts == 0 ||
	    (result != 0 && interrupted(c)))
		return;
	if (result == 0 || (reply->fault == HTTP_OK && report->aws &&
	    (report->class != ERR_NETWORK || report->retry == RETRY_ONCE ||
	    reply->response.status == 409)))
		health->answered = true;
	else if (err->class == ERR_NETWORK && (reply->fault == HTTP_OK ||
	    retry_of_fault(reply->fault) != RETRY_NEVER))
		health->failed = true;
}

int
call_send(struct call_context *context, const struct call_request *request,
    const struct keys_source *keys, const int *expected,
    struct call_reply *reply, struct err *err)
{
	struct call c = {
		.wire = { .context = context, .request = request,
		    .keys = keys, .reply = reply },
		.last_retry = RETRY_NEVER,
	};
	int result = -1;

	assert(request->signing_name == NULL ||
	    (keys != NULL && request->region != NULL));
	memset(&reply->report, 0, sizeof reply->report);
	reply->fault = HTTP_OK;
	reply->date = -1;
	reply->ambiguous = reply->sent = false;
	reply->attempts = 0;
	reply->response.status = 0;
	c.interrupts = interrupt_count();
	c.begun = clock_elapsed_ms(context->clock);
	if (exchange_prepare(&c.wire, err) == 0)
		result = run(&c, expected, err);
	note_health(&c, result, err);
	exchange_clear(&c.wire);
	return result;
}
