#include "aws/s3_send.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/partition.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/num.h"
#include "codec/uri.h"

/* The statuses that turn into outcomes; with a 409 for those who solve a
 * conflict themselves. */
static const int expected_statuses[] = { 404, 412, 501, 0 };
static const int expected_with_conflict[] = { 404, 409, 412, 501, 0 };

/* "/bucket/key" or "/key", byte for byte as it is signed. */
static int
make_path(struct s3 *s3, const char *base, const char *key,
    struct err *err)
{
	buf_reset(&s3->path);
	buf_add_string(&s3->path, base);
	if (key != NULL) {
		buf_add_char(&s3->path, '/');
		uri_encode(span_of(key), true, &s3->path);
	} else if (base[0] == '\0') {
		buf_add_char(&s3->path, '/');
	}
	return buf_check(&s3->path, "the key", err);
}

static int
make_subject(struct s3 *s3, const struct s3_ask *ask, struct err *err)
{
	buf_reset(&s3->subject);
	buf_addf(&s3->subject, "cannot %s 's3://%s", ask->verb,
	    s3->settings.bucket);
	if (ask->key != NULL)
		buf_addf(&s3->subject, "/%s", ask->key);
	buf_add_char(&s3->subject, '\'');
	return buf_check(&s3->subject, "the key", err);
}

/* One call at one address. */
static int
send_to(struct s3 *s3, const struct endpoint *to, const struct s3_ask *ask,
    struct err *err)
{
	struct call_request r = { .service = ERRORS_S3,
	    .signing_name = "s3" };
	struct http_field *fields;
	size_t n = ask->field_count;
	bool reads = strcmp(ask->method, "GET") == 0 ||
	    strcmp(ask->method, "HEAD") == 0;
	int result = -1;

	if (make_path(s3, to->path, ask->key, err) != 0 ||
	    make_subject(s3, ask, err) != 0)
		return -1;
	if ((fields = calloc(n + 1, sizeof *fields)) == NULL)
		return err_memory(err);
	if (n > 0)
		memcpy(fields, ask->fields, n * sizeof *fields);
	if (s3->settings.expected_owner != NULL && !ask->any_owner) {
		fields[n].name = "x-amz-expected-bucket-owner";
		fields[n++].value = s3->settings.expected_owner;
	}
	r.region = to->region;
	r.method = ask->method;
	r.base_url = to->url;
	r.path = buf_view(&s3->path);
	r.query = ask->query;
	r.fields = fields;
	r.field_count = n;
	r.body = ask->body;
	r.has_body = ask->has_body;
	r.payload_hash = ask->payload_hash;
	r.error_in_200 = !reads || ask->key == NULL;
	r.max_body = ask->max_body;
	r.subject = buf_string(&s3->subject);
	r.action = ask->action;
	result = call_send(s3->context, &r, s3->keys, ask->if_match ?
	    expected_with_conflict : expected_statuses, &s3->reply, err);
	free(fields);
	return result;
}

/*
 * The bucket's region from HeadBucket: 200, 301, 400 and 403 all carry it.
 * What the call itself comes to does not matter.
 */
static void
probe_region(struct s3 *s3, char region[64])
{
	static const struct s3_ask ask = { .method = "HEAD",
	    .verb = "find", .action = "s3:ListBucket" };
	struct call_reply kept = s3->reply;
	struct err ignored = { 0 };
	struct span found = { NULL, 0 };

	call_reply_init(&s3->reply);
	if (send_to(s3, &s3->endpoint, &ask, &ignored) == 0 ||
	    s3->reply.fault == HTTP_OK)
		found = http_response_field(&s3->reply.response,
		    "x-amz-bucket-region");
	if (found.n > 0 && span_copy(found, region, 64) &&
	    !endpoint_region_valid(region))
		region[0] = '\0';
	call_reply_clear(&s3->reply);
	s3->reply = kept;
}

/* Move over to the region that the answer told; false when that is none, or
 * where we are already. */
static bool
follow_region(struct s3 *s3, struct endpoint *to)
{
	struct endpoint found = { 0 };
	struct err ignored = { 0 };
	char region[64];

	memcpy(region, s3->reply.report.region, sizeof region);
	if (region[0] == '\0')
		probe_region(s3, region);
	if (region[0] == '\0' || strcmp(region, to->region) == 0)
		return false;
	if (endpoint_bucket(s3->settings.bucket, region,
	    s3->settings.endpoint_url, s3->settings.style,
	    &s3->settings.endpoint, &found, &ignored) != 0)
		return false;
	log_step(s3->context->log, "bucket '%s' is in region '%s'",
	    s3->settings.bucket, region);
	s3->endpoint = found;
	*to = found;
	return true;
}

/* "store.example:9000" or something below it? */
static bool
within(struct span host, const char *domain)
{
	size_t n = strlen(domain);

	return span_ends(host, domain) &&
	    (host.n == n || host.p[host.n - n - 1] == '.');
}

/* An authority without "bucket." in front; as it is when it has none. */
static const char *
without_bucket(const char *host, const char *bucket)
{
	size_t n = strlen(bucket);

	if (strncmp(host, bucket, n) == 0 && host[n] == '.')
		return host + n + 1;
	return host;
}

/*
 * May a 307 lead from one authority to another (port included, both lower
 * case)? Only within the store's own domain, and on AWS only to a host of S3:
 * amazonaws.com holds customers' machines too.
 */
static bool
may_follow(const struct endpoint *from, const char *old, const char *new,
    const char *bucket)
{
	const struct partition *p = partition_of(from->region);
	struct span target = span_of(without_bucket(new, bucket));

	if (!from->aws)
		return within(target, without_bucket(old, bucket));
	return (within(target, p->suffix) || within(target, p->dual)) &&
	    (span_starts(target, "s3.") || span_starts(target, "s3-"));
}

/*
 * Turn to where a 307 sends us, for this hop only: same scheme and domain,
 * and the path is our own, never the answer's.
 */
static bool
follow_redirect(const struct s3 *s3, struct endpoint *to)
{
	const char *bucket = s3->settings.bucket;
	const struct errors_report *report = &s3->reply.report;
	struct err ignored = { 0 };
	struct uri from, target;
	struct buf old, new;
	bool followed = false;
	int n;

	if (uri_parse(&from, span_of(to->url), &ignored) != 0 ||
	    uri_parse(&target, span_of(report->location), &ignored) != 0 ||
	    from.https != target.https)
		return false;
	buf_init(&old, sizeof to->url);
	buf_init(&new, sizeof to->url);
	uri_authority(&from, &old);
	uri_authority(&target, &new);
	if (old.n > 0 && new.n > 0 && may_follow(to, buf_string(&old),
	    buf_string(&new), bucket)) {
		n = snprintf(to->url, sizeof to->url, "%s://%s",
		    target.https ? "https" : "http", buf_string(&new));
		followed = n > 0 && (size_t)n < sizeof to->url;
		if (without_bucket(buf_string(&new), bucket) !=
		    buf_string(&new))
			n = snprintf(to->path, sizeof to->path, "%s", "");
		else
			n = snprintf(to->path, sizeof to->path, "/%s",
			    bucket);
		if (n < 0 || (size_t)n >= sizeof to->path)
			followed = false;
	}
	buf_clear(&old);
	buf_clear(&new);
	if (followed && report->region[0] != '\0')
		memcpy(to->region, report->region, sizeof to->region);
	return followed;
}

static void
note_answer(struct s3 *s3)
{
	const struct http_response *response = &s3->reply.response;
	struct s3_answer *a = &s3->answer;
	struct span etag = http_response_field(response, "etag");

	memset(a, 0, sizeof *a);
	/* A cut ETag would be another one: rather none. */
	if (etag.n > 0 && etag.n < sizeof a->etag)
		memcpy(a->etag, etag.p, etag.n);
	if (!date_parse_http(http_response_field(response, "last-modified"),
	    &a->last_modified))
		a->last_modified = -1;
	if (!num_parse_signed(http_response_field(response,
	    "content-length"), 0, INT64_MAX, &a->length))
		a->length = -1;
	a->date = s3->reply.date;
	a->ambiguous = s3->reply.ambiguous;
	a->status = s3->reply.fault == HTTP_OK ? response->status : 0;
	a->response = response;
}

static bool
is_conflict(const char *code)
{
	return strcmp(code, "ConditionalRequestConflict") == 0 ||
	    strcmp(code, "ConcurrentModification") == 0 ||
	    strcmp(code, "OperationAborted") == 0 ||
	    strcmp(code, "409") == 0;
}

static enum s3_outcome
absent_outcome(const struct s3 *s3, const struct s3_ask *ask)
{
	const char *code = s3->reply.report.code;

	if (strcmp(code, "NoSuchBucket") == 0)
		return S3_ERROR;
	if (ask->key == NULL)
		return strcmp(code, "404") == 0 ? S3_ERROR : S3_ABSENT;
	/* HEAD has no body to say it; another body says something else. */
	if (strcmp(code, "404") == 0)
		return s3->reply.response.body.n == 0 ? S3_ABSENT : S3_ERROR;
	return strcmp(code, "NoSuchKey") == 0 ? S3_ABSENT : S3_ERROR;
}

/* What the last answer means; S3_ERROR with err still to be set. */
static enum s3_outcome
judge(const struct s3 *s3, const struct s3_ask *ask)
{
	const struct errors_report *report = &s3->reply.report;
	int status = s3->reply.response.status;

	if (s3->reply.fault != HTTP_OK || status == 0)
		return S3_ERROR;
	if (status == 304)
		return S3_NOT_MODIFIED;
	if (status / 100 == 2 && report->class == ERR_NONE)
		return S3_OK;
	if (!report->aws)
		return S3_ERROR;
	if (status == 404)
		return absent_outcome(s3, ask);
	if (status == 412)
		return S3_PRECONDITION;
	if (status == 409 && ask->conditional && is_conflict(report->code))
		return S3_CONFLICT;
	if (ask->conditional && (status == 501 ||
	    strcmp(report->code, "NotImplemented") == 0))
		return S3_UNSUPPORTED;
	return S3_ERROR;
}

/* The error for an expected status that is no outcome after all. */
static void
set_error(struct s3 *s3, const struct s3_ask *ask, struct err *err)
{
	struct errors_report *report = &s3->reply.report;
	int n;

	/* A bare 404 to HeadBucket says it by its status only. */
	if (ask->key == NULL && report->aws &&
	    strcmp(report->code, "404") == 0) {
		report->class = ERR_BUCKET;
		n = snprintf(report->message, sizeof report->message,
		    "the bucket does not exist");
		if (n < 0)
			report->message[0] = '\0';
	}
	errors_set(err, report, s3->reply.response.status,
	    buf_string(&s3->subject));
	err->action = ask->action;
}

/*
 * Outcomes that call_send took for errors: a conflict that outlasted its
 * retries, NotImplemented under another status. Not when the call ended for
 * another reason than that answer.
 */
static enum s3_outcome
judge_failure(const struct s3 *s3, const struct s3_ask *ask,
    const struct err *cause)
{
	enum s3_outcome outcome = judge(s3, ask);

	if ((outcome == S3_CONFLICT || outcome == S3_UNSUPPORTED) &&
	    cause->class == s3->reply.report.class)
		return outcome;
	return S3_ERROR;
}

enum s3_outcome
s3_send(struct s3 *s3, const struct s3_ask *ask, struct err *err)
{
	struct endpoint to = s3->endpoint;
	struct err last = { 0 };
	bool moved = false, redirected = false, again = true;
	enum errors_action action = ERRORS_FINAL;
	enum s3_outcome outcome;
	int result = -1;

	while (again) {
		again = false;
		err_clear(&last);
		result = send_to(s3, &to, ask, &last);
		action = result != 0 && s3->reply.fault == HTTP_OK ?
		    s3->reply.report.action : ERRORS_FINAL;
		if (action == ERRORS_REGION && !moved)
			again = moved = follow_region(s3, &to);
		else if (action == ERRORS_REDIRECT && !redirected)
			again = redirected = follow_redirect(s3, &to);
	}
	if (moved && action != ERRORS_REGION &&
	    s3->settings.region_found != NULL)
		s3->settings.region_found(s3->settings.state,
		    s3->endpoint.region);
	note_answer(s3);
	outcome = result == 0 ? judge(s3, ask) :
	    judge_failure(s3, ask, &last);
	if (outcome == S3_ERROR && result == 0)
		set_error(s3, ask, err);
	else if (outcome == S3_ERROR && err->class == ERR_NONE)
		*err = last;
	return outcome;
}
