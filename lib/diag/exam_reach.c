#include "diag/exam.h"

#include <stdlib.h>
#include <string.h>

#include "aws/call.h"
#include "base/app.h"
#include "base/limits.h"
#include "net/target.h"
#include "sys/interrupt.h"
#include "sys/thread.h"

#define REACH_MS 8000

/*
 * One request without a signature: AWS refuses it, which costs nothing and
 * proves the whole way: name, connection, TLS, proxy, and that AWS answers.
 */
struct look {
	enum errors_service service;
	enum endpoint_service of;
	const char *method;
	const char *target;	/* X-Amz-Target, or NULL */
	const char *body;
};

static const struct look look_sts = { ERRORS_STS, ENDPOINT_STS, "POST", NULL,
	"Action=GetCallerIdentity&Version=2011-06-15" };
static const struct look look_ce = { ERRORS_CE, ENDPOINT_CE, "POST",
	"AWSInsightsIndexService.GetCostAndUsage", "{}" };
static const struct look look_s3 = { ERRORS_S3, ENDPOINT_S3, "GET", NULL,
	NULL };

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

/* One look: where to, and what came of it. One that is sent ahead has a
 * thread, a connection and a context of its own. */
struct exam_scout {
	struct look look;
	struct endpoint to;
	struct buf path;
	const struct session *session;
	struct call_context *call;
	struct call_context own;
	struct http_curl *http;
	pthread_t thread;
	bool running;
	struct call_reply reply;
	struct err cause;
	int result;
	int64_t our_date;	/* our clock when it was answered */
};

static void
scout_init(struct exam_scout *s, const struct exam *e,
    const struct look *look, const struct endpoint *to)
{
	memset(s, 0, sizeof *s);
	s->look = *look;
	s->to = *to;
	s->session = e->s;
	buf_init(&s->path, 4096);
	buf_addf(&s->path, "%s/", look->service == ERRORS_S3 ? to->path : "");
	call_reply_init(&s->reply);
}

static void
scout_clear(struct exam_scout *s)
{
	if (s->running)
		pthread_join(s->thread, NULL);
	s->running = false;
	http_curl_free(s->http);
	call_reply_clear(&s->reply);
	buf_clear(&s->path);
}

/* One that hangs must not take the others' time. */
static int64_t
patience(const struct call_context *call)
{
	int64_t left = call_left_ms(call);

	return left / 2 < REACH_MS ? left / 2 : REACH_MS;
}

static void
scout_send(struct exam_scout *s)
{
	const struct look *look = &s->look;
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
		.region = s->to.region, .method = look->method,
		.base_url = s->to.url, .path = buf_view(&s->path),
		.fields = fields,
		.field_count = look->body == NULL ? 0 :
		    look->target != NULL ? 2 : 1,
		.body = span_of(look->body), .has_body = look->body != NULL,
		.max_body = LIMIT_CONTROL_BODY, .subject = "cannot reach it",
	};
	int64_t whole = s->call->deadline_ms;

	s->call->deadline_ms = clock_elapsed_ms(s->call->clock) +
	    patience(s->call);
	s->result = call_send(s->call, &r, NULL, expected, &s->reply,
	    &s->cause);
	s->call->deadline_ms = whole;
	s->our_date = clock_wall_seconds(s->call->clock);
}

static void *
run_ahead(void *state)
{
	scout_send(state);
	return NULL;
}

static bool
cancelled(void *state)
{
	const struct session *s = state;

	return interrupt_count() > s->signals_passed;
}

/* NULL where it cannot be: then it is sent when its check comes. */
static struct exam_scout *
send_ahead(const struct exam *e, const struct look *look,
    const struct endpoint *to)
{
	struct http_curl_settings http = { .env = e->s->set.env,
		.log = e->s->set.log, .trust = e->s->trust,
		.user_agent = "teamcache/" APP_VERSION,
		.cancelled = cancelled, .state = e->s };
	struct exam_scout *s = malloc(sizeof *s);
	struct err ignored = { 0 };

	if (s == NULL)
		return NULL;
	scout_init(s, e, look, to);
	s->own = e->s->call;
	s->own.canonical = NULL;
	memset(&s->own.counts, 0, sizeof s->own.counts);
	memset(&s->own.health, 0, sizeof s->own.health);
	s->call = &s->own;
	if ((s->http = http_curl_new(&http, &ignored)) != NULL) {
		s->own.http = http_curl_transport(s->http);
		s->running = thread_start(&s->thread, run_ahead, s) == 0;
	}
	if (s->running)
		return s;
	scout_clear(s);
	free(s);
	return NULL;
}

/* The others' looks, which are under way while this one waits. */
static void
look_ahead(struct exam *e)
{
	const struct check_selection *chosen = &e->rq.selection;
	struct err ignored = { 0 };
	struct endpoint to;

	if (e->s->team_cache && check_selected(chosen, "reach-s3") &&
	    (e->bucket = session_s3(e->s, &ignored)) != NULL)
		e->ahead_s3 = send_ahead(e, &look_s3,
		    s3_endpoint(e->bucket));
	if (check_selected(chosen, "reach-cost-explorer") &&
	    session_endpoint(e->s, ENDPOINT_CE, &to, &ignored) == 0)
		e->ahead_ce = send_ahead(e, &look_ce, &to);
}

/* What it met counts as the session's. */
static void
scout_free(struct exam *e, struct exam_scout *s)
{
	struct call_context *sum = &e->s->call;

	if (s == NULL)
		return;
	scout_clear(s);
	sum->counts.s3 += s->own.counts.s3;
	sum->counts.other += s->own.counts.other;
	sum->health.failed |= s->own.health.failed;
	sum->health.answered |= s->own.health.answered;
	free(s);
}

void
exam_reach_end(struct exam *e)
{
	scout_free(e, e->ahead_s3);
	scout_free(e, e->ahead_ce);
	e->ahead_s3 = e->ahead_ce = NULL;
}

static int
judge(struct exam *e, struct exam_scout *s, struct exam_reach *found,
    struct check_result *r, struct err *err)
{
	struct exam_refusal refusal = { .err = &s->cause,
		.service = s->look.service };

	if (s->result == 0 && (s->reply.report.aws ||
	    s->reply.response.status / 100 == 3 ||
	    s->reply.response.status / 100 == 2)) {
		found->answered = true;
		exam_note_date(e, s->reply.date, s->our_date);
		describe(e, &s->to, r);
		return 0;
	}
	if (s->cause.class == ERR_NONE)
		errors_set(&s->cause, &s->reply.report,
		    s->reply.response.status, "cannot reach it");
	refusal.fault = s->reply.fault;
	refusal.status = s->reply.response.status;
	if (s->reply.fault == HTTP_OK && !s->reply.report.aws)
		refusal.facts |= DIAGNOSIS_NOT_AWS;
	if (dotted(e) && s->look.service == ERRORS_S3)
		refusal.facts |= DIAGNOSIS_DOTTED;
	if (e->sts.answered)
		refusal.facts |= DIAGNOSIS_OTHERS_ANSWER;
	return exam_refused(e, &refusal, r, err);
}

/* ahead: the look that was sent already, or NULL. */
static int
reach(struct exam *e, const struct look *look, const struct endpoint *to,
    struct exam_scout *ahead, struct exam_reach *found,
    struct check_result *r, struct err *err)
{
	struct exam_scout here;
	int result;

	found->tried = true;
	if (ahead != NULL) {
		pthread_join(ahead->thread, NULL);
		ahead->running = false;
		return judge(e, ahead, found, r, err);
	}
	scout_init(&here, e, look, to);
	here.call = &e->s->call;
	scout_send(&here);
	result = judge(e, &here, found, r, err);
	scout_clear(&here);
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
    struct exam_scout *ahead, struct exam_reach *found,
    struct check_result *r, struct err *err)
{
	struct err cause = { 0 };
	struct endpoint to;

	if (session_network(e->s, &cause) != 0 ||
	    session_endpoint(e->s, look->of, &to, &cause) != 0)
		return bad_endpoint(r, &cause, err);
	return reach(e, look, &to, ahead, found, r, err);
}

void
exam_ask_date(struct exam *e)
{
	struct err ignored = { 0 };
	struct exam_scout here;
	struct endpoint to;

	if (session_network(e->s, &ignored) != 0 || session_endpoint(e->s,
	    ENDPOINT_STS, &to, &ignored) != 0)
		return;
	scout_init(&here, e, &look_sts, &to);
	here.call = &e->s->call;
	scout_send(&here);
	exam_note_date(e, here.reply.date, here.our_date);
	scout_clear(&here);
}

int
exam_reach_sts(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct exam *e = state;
	struct err ignored = { 0 };

	(void)entry;
	if (session_network(e->s, &ignored) == 0)
		look_ahead(e);
	return reach_service(e, &look_sts, NULL, &e->sts, r, err);
}

int
exam_reach_ce(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct exam *e = state;

	(void)entry;
	return reach_service(e, &look_ce, e->ahead_ce, &e->ce, r, err);
}

int
exam_reach_s3(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct exam *e = state;
	struct err cause = { 0 };

	(void)entry;
	if (!e->s->team_cache) {
		check_set(r, CHECK_SKIP, "the team cache is off: %s",
		    e->s->team_cache_why);
		return 0;
	}
	if ((e->bucket = session_s3(e->s, &cause)) == NULL)
		return bad_endpoint(r, &cause, err);
	return reach(e, &look_s3, s3_endpoint(e->bucket), e->ahead_s3, &e->s3,
	    r, err);
}
