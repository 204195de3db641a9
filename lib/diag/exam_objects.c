#include "diag/exam.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"

/* No object has this one. */
#define NO_ETAG "\"00000000000000000000000000000000\""

#define PROBE_BODY "{\"probe\":\"teamcache doctor\"}"

/* DELETE with an ETag that no object has: allowed or not, nothing goes. */
static const struct err *
may_delete(struct exam *e)
{
	if (!e->delete_tried) {
		struct err cause = { 0 };

		e->delete_tried = true;
		if (s3_delete(e->bucket, buf_string(&e->probe), NO_ETAG,
		    &cause) == S3_ERROR && cause.class == ERR_DENIED)
			e->delete_refused = cause;
	}
	return &e->delete_refused;
}

static void
note_encryption(struct exam *e)
{
	const struct http_response *a = s3_answer(e->bucket)->response;
	struct span sse = http_response_field(a,
	    "x-amz-server-side-encryption");
	struct span key = http_response_field(a,
	    "x-amz-server-side-encryption-aws-kms-key-id");

	snprintf(e->sse, sizeof e->sse, "%.*s",
	    (int)(sse.n < sizeof e->sse ? sse.n : 0), sse.p);
	snprintf(e->kms_key, sizeof e->kms_key, "%.*s",
	    (int)(key.n < sizeof e->kms_key ? key.n : 0), key.p);
}

/*
 * What cannot be deleted again is not written: then the ETag that no object
 * has asks the same right and leaves nothing.
 */
int
exam_put_probe(struct exam *e, struct err *cause)
{
	bool keeps = may_delete(e)->class != ERR_NONE;
	struct s3_put put = {
		.key = buf_string(&e->probe),
		.body = SPAN_LITERAL(PROBE_BODY),
		.content_type = "application/json",
		.if_match = keeps ? NO_ETAG : NULL,
	};
	enum s3_outcome outcome = s3_put(e->bucket, &put, cause);

	if (outcome == S3_OK) {
		e->written = true;
		note_encryption(e);
	}
	return outcome == S3_ERROR ? -1 : 0;
}

void
exam_drop_probe(struct exam *e)
{
	struct err err = { 0 };

	if (!e->written)
		return;
	session_clean_up(e->s);
	if (s3_delete(e->bucket, buf_string(&e->probe), NULL, &err) ==
	    S3_ERROR)
		log_warn(e->s->set.log, "cannot remove the probe object '%s': "
		    "%s", buf_string(&e->probe), err.message);
	e->written = false;
}

int
exam_put(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct exam *e = state;
	struct err cause = { 0 };

	(void)entry;
	if (!exam_bucket_ready(e, r))
		return 0;
	if (exam_put_probe(e, &cause) != 0)
		return exam_bucket_refused(e, &cause, "s3:PutObject",
		    buf_string(&e->probe), r, err);
	check_set(r, CHECK_PASS, e->written ? "an object was written" :
	    "allowed (proved without writing: it could not be deleted)");
	return 0;
}

int
exam_get(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct exam *e = state;
	struct err cause = { 0 }, ignored = { 0 };
	const char *key;

	(void)entry;
	if (!exam_bucket_ready(e, r))
		return 0;
	/* Nobody asked whether writing is allowed, but something has to be
	 * there. */
	if (!e->written && e->present.n == 0 &&
	    check_find(&e->list, "s3-put-object") == NULL)
		(void)exam_put_probe(e, &ignored);
	key = buf_string(e->written ? &e->probe : &e->present);
	if (key[0] == '\0') {
		check_set(r, CHECK_SKIP, "there is no object to read");
		return 0;
	}
	switch (s3_get(e->bucket, key, NULL, LIMIT_OBJECT, &cause)) {
	case S3_OK:
		check_set(r, CHECK_PASS, "an object was read");
		return 0;
	case S3_ERROR:
		/* That it is large does not mean that it is denied. */
		if (cause.class == ERR_DATA)
			break;
		return exam_bucket_refused(e, &cause, "s3:GetObject", key, r,
		    err);
	default:
		break;
	}
	check_set(r, CHECK_PASS, "allowed");
	return 0;
}

/*
 * 403 for a key that is not there: the right to read it is missing, or the
 * right to list. What reading another key gave decides.
 */
static int
missing_denied(struct exam *e, const struct err *cause,
    struct check_result *r, struct err *err)
{
	const struct check_result *get = check_find(&e->list,
	    "s3-get-object");
	const struct check_result *list = check_find(&e->list,
	    "s3-list-bucket");

	if (get != NULL && get->status == CHECK_PASS) {
		r->status = CHECK_WARN;
		if (exam_bucket_refused(e, cause, "s3:ListBucket", NULL, r,
		    err) != 0)
			return -1;
		check_detail(r, "a missing object is answered with 403 instead "
		    "of 404: fetch takes it for a miss");
		return 0;
	}
	if (exam_bucket_refused(e, cause, "s3:GetObject",
	    buf_string(&e->probe), r, err) != 0)
		return -1;
	if (r->denial.layer == NULL && (list == NULL ||
	    list->status != CHECK_PASS))
		check_detail(r, "it may be s3:ListBucket that is missing: "
		    "without it S3 says 403 for an object that is not there");
	return 0;
}

int
exam_get_missing(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct exam *e = state;
	struct err cause = { 0 };
	struct buf key;
	int result = 0;

	(void)entry;
	if (!exam_bucket_ready(e, r))
		return 0;
	buf_init(&key, LIMIT_KEY);
	buf_addf(&key, "%s-missing", buf_string(&e->probe));
	switch (s3_get(e->bucket, buf_string(&key), NULL, LIMIT_KIB,
	    &cause)) {
	case S3_ABSENT:
		check_set(r, CHECK_PASS, "a missing object is a 404");
		break;
	case S3_ERROR:
		result = cause.class == ERR_DENIED ?
		    missing_denied(e, &cause, r, err) :
		    exam_bucket_refused(e, &cause, "s3:GetObject",
		    buf_string(&key), r, err);
		break;
	default:
		check_set(r, CHECK_WARN, "an object is there that nobody "
		    "wrote");
		break;
	}
	exam_note_date(e, s3_answer(e->bucket)->date,
	    session_now(e->s));
	buf_clear(&key);
	return result;
}

static void
judge_condition(enum s3_outcome second, struct check_result *r)
{
	if (second == S3_PRECONDITION)
		check_set(r, CHECK_PASS, "a second write is refused (412), as "
		    "it must be");
	else
		check_set(r, CHECK_WARN, "the store overlooks If-None-Match: "
		    "two machines may buy the same figures at once");
}

int
exam_put_conditional(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct exam *e = state;
	struct err cause = { 0 }, ignored = { 0 };
	struct s3_put put = { .body = SPAN_LITERAL(PROBE_BODY),
		.content_type = "application/json", .if_absent = true };
	enum s3_outcome first;

	(void)entry;
	if (!exam_bucket_ready(e, r))
		return 0;
	if (may_delete(e)->class != ERR_NONE) {
		check_set(r, CHECK_SKIP, "not made: needs s3-delete-object");
		return 0;
	}
	put.key = buf_string(&e->lease_probe);
	first = s3_put(e->bucket, &put, &cause);
	if (first == S3_OK) {
		judge_condition(s3_put(e->bucket, &put, &cause), r);
		if (s3_delete(e->bucket, put.key, NULL, &ignored) != S3_OK)
			check_detail(r, "the probe '%s' could not be deleted",
			    put.key);
		return 0;
	}
	if (first == S3_ERROR)
		return exam_bucket_refused(e, &cause, "s3:PutObject", put.key,
		    r, err);
	check_set(r, CHECK_WARN, "the store knows no conditional writes: two "
	    "machines may buy the same figures at once");
	return 0;
}

int
exam_delete(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct exam *e = state;
	struct err cause = { 0 };

	(void)entry;
	if (!exam_bucket_ready(e, r))
		return 0;
	if (may_delete(e)->class != ERR_NONE)
		return exam_bucket_refused(e, may_delete(e), "s3:DeleteObject",
		    buf_string(&e->probe), r, err);
	if (e->written && s3_delete(e->bucket, buf_string(&e->probe), NULL,
	    &cause) == S3_ERROR)
		return exam_bucket_refused(e, &cause, "s3:DeleteObject",
		    buf_string(&e->probe), r, err);
	e->written = false;
	check_set(r, CHECK_PASS, "allowed");
	return 0;
}
