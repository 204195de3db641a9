#include "aws/ce.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/ce_operation.h"
#include "aws/ce_pages.h"
#include "aws/ce_request.h"
#include "base/array.h"
#include "base/limits.h"
#include "base/num.h"
#include "codec/json.h"
#include "sys/interrupt.h"

#define TARGET "AWSInsightsIndexService."

/* A request that was sent and got no answer may have been paid: so many of a
 * page, and no more, whatever the attempts allowed. */
#define UNANSWERED_MAX 2

struct page {
	char *text;
	size_t n;
};

/* A purchase under way. */
struct buying {
	struct call_context *context;
	const struct endpoint *endpoint;
	const struct keys_source *keys;
	const struct ce_purchase *purchase;
	const struct ce_operation *operation;
	char subject[128];
	char target[128];
	struct page *pages;	/* in order */
	size_t count;
	size_t room;
	bool plain;		/* the last one has no token member at all */
	size_t bytes;		/* of all pages */
	struct buf token;	/* of the next page, as raw JSON; empty: none */
	struct buf body;
	int total;		/* pages that arrived, dropped ones too */
	bool token_refused;	/* the paging broke: start over */
	struct ce_result *out;
};

void
ce_result_init(struct ce_result *r, size_t max)
{
	memset(r, 0, sizeof *r);
	buf_init(&r->answer, max);
	r->first_date = -1;
}

void
ce_result_clear(struct ce_result *r)
{
	buf_clear(&r->answer);
}

static void
drop_pages(struct buying *b)
{
	while (b->count > 0)
		free(b->pages[--b->count].text);
	b->bytes = 0;
	buf_reset(&b->token);
}

static struct retry_step
decide(const struct buying *b, const struct call_reply *reply, int tries,
    int unanswered, enum retry_kind *kind)
{
	const struct http_response *response = &reply->response;
	struct retry_state state = {
		.attempt = tries,
		.max_attempts = b->context->max_attempts,
		.left_ms = call_left_ms(b->context),
	};

	*kind = reply->report.retry;
	if ((reply->fault == HTTP_OK &&
	    reply->report.action != ERRORS_RETRY) ||
	    unanswered >= UNANSWERED_MAX)
		*kind = RETRY_NEVER;
	state.kind = *kind;
	state.hint_ms = retry_hint(
	    http_response_field(response, "x-amz-retry-after"),
	    http_response_field(response, "retry-after"), reply->date);
	state.random = (uint32_t)rand_below(b->context->rand,
	    (uint64_t)UINT32_MAX + 1);
	return retry_decide(&state, &b->context->quota_other);
}

/*
 * One page, with its retries. They are decided here and not by call_send,
 * because a request that was sent and got no answer counts twice: as an
 * attempt, and as money that may be gone.
 */
static int
send_page(struct buying *b, struct call_reply *reply, struct err *err)
{
	const struct http_field fields[] = {
		{ "content-type", "application/x-amz-json-1.1" },
		{ "x-amz-target", b->target },
	};
	struct call_request request = {
		.service = ERRORS_CE,
		.signing_name = "ce",
		.region = b->endpoint->region,
		.method = "POST",
		.base_url = b->endpoint->url,
		.path = span_of(b->endpoint->path[0] != '\0' ?
		    b->endpoint->path : "/"),
		.fields = fields,
		.field_count = sizeof fields / sizeof fields[0],
		.body = buf_view(&b->body),
		.has_body = true,
		.max_body = LIMIT_CE_PAGE,
		.subject = b->subject,
		.action = b->operation->action,
		.max_attempts = 1,
	};
	const struct ce_purchase *purchase = b->purchase;
	enum retry_kind kind = RETRY_NEVER;
	int tries, unanswered = 0;

	for (tries = 1;; tries++) {
		struct err failure = { 0 };
		struct retry_step step;

		if (purchase->before_request != NULL && purchase->
		    before_request(purchase->state, b->total, err) != 0)
			return -1;
		if (call_send(b->context, &request, b->keys, NULL, reply,
		    &failure) == 0) {
			retry_refund(&b->context->quota_other, kind);
			return 0;
		}
		if (reply->fault != HTTP_OK && reply->sent)
			unanswered++;
		step = decide(b, reply, tries, unanswered, &kind);
		if (step.again)
			log_step(b->context->log, "%s; again in %lld ms",
			    failure.message, (long long)step.delay_ms);
		if (step.again && clock_pause_ms(b->context->clock,
		    step.delay_ms, interrupt_count()))
			continue;
		if (step.again)
			return err_set(err, interrupt_class(), "%s: %s",
			    b->subject, interrupt_word());
		if (tries > 1)
			err_context(&failure, "after %d attempts", tries);
		*err = failure;
		return -1;
	}
}

static bool
has_required(const struct ce_operation *operation, const struct json *j)
{
	if (operation->array == NULL)
		return true;
	return json_type(j, json_member(j, 0, operation->array)) ==
	    JSON_ARRAY || (operation->object != NULL &&
	    json_type(j, json_member(j, 0, operation->object)) ==
	    JSON_OBJECT);
}

/* Understand a page, then keep it. */
static int
take_page(struct buying *b, struct call_reply *reply, struct err *err)
{
	struct buf *body = &reply->response.body;
	struct json j = { 0 };
	struct page *pages;
	size_t n = body->n;
	int result = -1;

	if (buf_check(body, "it", err) != 0 ||
	    json_parse(&j, buf_view(body), 0, err) != 0)
		goto out;
	if (json_type(&j, 0) != JSON_OBJECT) {
		err_set(err, ERR_DATA, "it is not a JSON object");
		goto out;
	}
	if (b->count == 0 && !has_required(b->operation, &j)) {
		err_set(err, ERR_DATA, "it has no '%s'",
		    b->operation->array);
		goto out;
	}
	if (ce_request_token(b->operation, &j, &b->token, &b->plain,
	    err) != 0)
		goto out;
	pages = array_grow(b->pages, b->count, &b->room, sizeof *pages);
	if (pages == NULL) {
		err_memory(err);
		goto out;
	}
	b->pages = pages;
	if ((b->pages[b->count].text = buf_take(body)) == NULL) {
		err_memory(err);
		goto out;
	}
	b->pages[b->count++].n = n;
	b->bytes += n;
	result = 0;
out:
	if (result != 0)
		err_context(err, "Cost Explorer's answer to %s",
		    b->operation->name);
	json_clear(&j);
	return result;
}

static int
check_limits(const struct buying *b, struct err *err)
{
	if (b->bytes > b->out->answer.max)
		return err_set(err, ERR_DATA, "Cost Explorer's answer to %s "
		    "is larger than %zu bytes", b->operation->name,
		    b->out->answer.max);
	if (b->token.n > 0 && b->count >= LIMIT_CE_PAGES)
		return err_set(err, ERR_DATA, "Cost Explorer's answer to %s "
		    "has more than %d pages", b->operation->name,
		    LIMIT_CE_PAGES);
	return 0;
}

/* All pages from the first on; none of them is kept after a failure. */
static int
buy_pages(struct buying *b, struct call_reply *reply, struct err *err)
{
	const struct ce_purchase *purchase = b->purchase;
	struct call_context *context = b->context;

	do {
		if (ce_request_body(b->operation, purchase->request,
		    buf_view(&b->token), &b->body, err) != 0)
			return -1;
		if (send_page(b, reply, err) != 0) {
			const char *code = reply->report.code;

			b->token_refused = b->token.n > 0 &&
			    reply->fault == HTTP_OK &&
			    (strcmp(code, "RequestChangedException") == 0 ||
			    strcmp(code, "InvalidNextTokenException") == 0);
			return -1;
		}
		b->total++;
		if (purchase->page_timeout_ms > 0)
			context->deadline_ms = num_add_held(
			    clock_elapsed_ms(context->clock),
			    purchase->page_timeout_ms);
		if (b->count == 0)
			b->out->first_date = reply->date;
		if (take_page(b, reply, err) != 0 || check_limits(b, err) != 0)
			return -1;
		log_step(context->log, "bought page %zu of %s", b->count,
		    b->operation->name);
	} while (b->token.n > 0);
	return 0;
}

/* One page stands as it came, unless it has an empty token. */
static int
finish(struct buying *b, struct err *err)
{
	struct buf *answer = &b->out->answer;
	struct span *texts;
	size_t i;
	int result = -1;

	buf_reset(answer);
	b->out->pages = (int)b->count;
	if ((texts = calloc(b->count, sizeof *texts)) == NULL)
		return err_memory(err);
	for (i = 0; i < b->count; i++)
		texts[i] = span_make(b->pages[i].text, b->pages[i].n);
	if (b->count == 1 && b->plain) {
		buf_add_span(answer, span_trim(texts[0]));
		result = buf_check(answer, "the answer", err);
	} else {
		result = ce_pages_merge(&b->operation->shape, texts, b->count,
		    answer, err);
	}
	if (result != 0)
		err_context(err, "Cost Explorer's answer to %s",
		    b->operation->name);
	free(texts);
	return result;
}

static int
name_texts(struct buying *b, struct err *err)
{
	const char *name = b->purchase->operation;
	int n, m;

	if ((b->operation = ce_operation_find(name)) == NULL) {
		err_set(err, ERR_USAGE, "'%s' is no operation of Cost "
		    "Explorer that can be bought", name);
		err_hint(err, "the usual ones are GetCostAndUsage, "
		    "GetCostForecast, GetDimensionValues and GetTags");
		return -1;
	}
	n = snprintf(b->subject, sizeof b->subject, "cannot buy %s", name);
	m = snprintf(b->target, sizeof b->target, "%s%s", TARGET, name);
	assert(n > 0 && (size_t)n < sizeof b->subject);
	assert(m > 0 && (size_t)m < sizeof b->target);
	return 0;
}

int
ce_buy(struct call_context *context, const struct endpoint *endpoint,
    const struct keys_source *keys, const struct ce_purchase *purchase,
    struct ce_result *out, struct err *err)
{
	struct buying b = {
		.context = context, .endpoint = endpoint, .keys = keys,
		.purchase = purchase, .out = out,
	};
	struct err failure = { 0 };
	struct call_reply reply;
	int result = -1;

	out->first_date = -1;
	out->pages = 0;
	buf_reset(&out->answer);
	call_reply_init(&reply);
	buf_init(&b.token, LIMIT_REQUEST_FILE);
	buf_init(&b.body, 3 * LIMIT_REQUEST_FILE);
	if (name_texts(&b, err) != 0 || ce_request_check(b.operation,
	    purchase->request, err) != 0)
		goto out;
	result = buy_pages(&b, &reply, &failure);
	if (result != 0 && b.token_refused) {
		log_step(context->log, "%s; starting over once",
		    failure.message);
		err_clear(&failure);
		drop_pages(&b);
		result = buy_pages(&b, &reply, &failure);
	}
	if (result == 0)
		result = finish(&b, &failure);
	if (result != 0) {
		*err = failure;
		buf_reset(&out->answer);
	}
out:
	drop_pages(&b);
	free(b.pages);
	buf_clear(&b.token);
	buf_clear(&b.body);
	call_reply_clear(&reply);
	return result;
}
