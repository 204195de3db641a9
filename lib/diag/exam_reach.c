#include "diag/exam.h"

#include <string.h>

#include "aws/call.h"
#include "base/limits.h"
#include "net/target.h"

#define REACH_MS 8000

/*
 * One request without a signature: AWS refuses it, which costs nothing and
 * proves the whole way: name, connection, TLS, proxy, and that AWS answers.
 */
struct look {
	enum errors_service service;
	enum endpoint_service of;
	const char *method;
	const char *path;
	const char *query;
	const char *target;	/* X-Amz-Target, or NULL */
	const char *body;
};

static const struct look look_sts = { ERRORS_STS, ENDPOINT_STS, "POST", "/",
	"", NULL, "Action=GetCallerIdentity&Version=2011-06-15" };
static const struct look look_ce = { ERRORS_CE, ENDPOINT_CE, "POST", "/", "",
	"AWSInsightsIndexService.GetCostAndUsage", "{}" };

/* Whatever AWS answers will do. */
static const int expected[] = { 301, 302, 307, 400, 401, 403, 404, 405, 411,
	415, 0 };

static void
describe(struct exam *e, const struct endpoint *to, struct check_result *r)
{
	struct err ignored = { 0 };
	struct target t;

	if (target_set(&t, to->url, &ignored) != 0)
		return;
	check_set(r, CHECK_PASS, "%s answers%s%s%s", t.server,
	    t.uri.https ? ", verified by " : ", without TLS",
	    t.uri.https ? trust_origin(e->s->trust) : "",
	    to->custom ? " (a configured endpoint)" : "");
}

static bool
dotted(const struct exam *e)
{
	return e->s->bucket != NULL && strchr(e->s->bucket, '.') != NULL;
}

static int
send_look(struct exam *e, const struct look *look, const struct endpoint *to,
    struct call_reply *reply, struct err *err)
{
	struct http_field fields[] = {
		{ "content-type", look->service == ERRORS_CE ?
		    "application/x-amz-json-1.1" :
		    "application/x-www-form-urlencoded; charset=utf-8" },
		{ "x-amz-target", look->target },
	};
	struct call_request r = {
		/* Nobody pays for what is not signed. */
		.service = look->service == ERRORS_CE ? ERRORS_OTHER :
		    look->service,
		.region = to->region, .method = look->method,
		.base_url = to->url, .path = span_of(look->path),
		.fields = fields,
		.field_count = look->target != NULL ? 2 : 1,
		.body = span_of(look->body), .has_body = look->body != NULL,
		.max_body = LIMIT_CONTROL_BODY, .subject = "cannot reach it",
	};

	if (look->body == NULL)
		r.field_count = 0;
	return call_send(&e->s->call, &r, NULL, expected, reply, err);
}

static int
reach(struct exam *e, const struct look *look, const struct endpoint *to,
    struct exam_reach *found, struct check_result *r, struct err *err)
{
	struct err cause = { 0 };
	struct exam_refusal refusal = { .err = &cause,
		.service = look->service };
	struct call_context *call = &e->s->call;
	int64_t whole = call->deadline_ms, left = call_left_ms(call);
	struct call_reply reply;
	int result = 0, sent;

	call_reply_init(&reply);
	found->tried = true;
	/* One that hangs must not take the others' time. */
	session_deadline(e->s, left < REACH_MS ? left : REACH_MS);
	sent = send_look(e, look, to, &reply, &cause);
	call->deadline_ms = whole;
	if (sent == 0 &&
	    (reply.report.aws || reply.response.status / 100 == 3 ||
	    reply.response.status / 100 == 2)) {
		found->answered = true;
		exam_note_date(e, reply.date);
		describe(e, to, r);
		goto out;
	}
	if (cause.class == ERR_NONE)
		errors_set(&cause, &reply.report, reply.response.status,
		    "cannot reach it");
	refusal.fault = reply.fault;
	refusal.status = reply.response.status;
	if (reply.fault == HTTP_OK && !reply.report.aws)
		refusal.facts |= DIAGNOSIS_NOT_AWS;
	if (dotted(e) && look->service == ERRORS_S3)
		refusal.facts |= DIAGNOSIS_DOTTED;
	if (e->sts.answered)
		refusal.facts |= DIAGNOSIS_OTHERS_ANSWER;
	result = exam_refused(e, &refusal, r, err);
out:
	call_reply_clear(&reply);
	return result;
}

/* Where the answer is set before a request can be sent. */
static int
bad_endpoint(struct check_result *r, const struct err *cause,
    struct err *err)
{
	if (exam_is_over(cause)) {
		*err = *cause;
		return -1;
	}
	check_set(r, CHECK_FAIL, "%s", cause->message);
	if (cause->hint[0] != '\0')
		check_fix(r, "%s", cause->hint);
	return 0;
}

static int
reach_service(struct exam *e, const struct look *look,
    struct exam_reach *found, struct check_result *r, struct err *err)
{
	struct err cause = { 0 };
	struct endpoint to;

	if (session_network(e->s, &cause) != 0 ||
	    session_endpoint(e->s, look->of, &to, &cause) != 0)
		return bad_endpoint(r, &cause, err);
	return reach(e, look, &to, found, r, err);
}

void
exam_ask_date(struct exam *e)
{
	struct err ignored = { 0 };
	struct call_reply reply;
	struct endpoint to;

	call_reply_init(&reply);
	if (session_network(e->s, &ignored) == 0 && session_endpoint(e->s,
	    ENDPOINT_STS, &to, &ignored) == 0 &&
	    send_look(e, &look_sts, &to, &reply, &ignored) == 0)
		exam_note_date(e, reply.date);
	call_reply_clear(&reply);
}

int
exam_reach_sts(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct exam *e = state;

	(void)entry;
	return reach_service(e, &look_sts, &e->sts, r, err);
}

int
exam_reach_ce(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct exam *e = state;

	(void)entry;
	return reach_service(e, &look_ce, &e->ce, r, err);
}

int
exam_reach_s3(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct exam *e = state;
	struct err cause = { 0 };
	const struct endpoint *to;
	struct look look = { ERRORS_S3, ENDPOINT_S3, "GET", NULL, "", NULL,
		NULL };
	struct buf path;
	int result;

	(void)entry;
	if (!e->s->team_cache) {
		check_set(r, CHECK_SKIP, "the team cache is off: %s",
		    e->s->team_cache_why);
		return 0;
	}
	if ((e->bucket = session_s3(e->s, &cause)) == NULL)
		return bad_endpoint(r, &cause, err);
	to = s3_endpoint(e->bucket);
	buf_init(&path, 4096);
	buf_addf(&path, "%s/", to->path);
	look.path = buf_string(&path);
	result = reach(e, &look, to, &e->s3, r, err);
	buf_clear(&path);
	return result;
}
