#include "cache/remote.h"

#include <string.h>

#include "base/app.h"
#include "base/limits.h"
#include "codec/gzip.h"
#include "codec/uri.h"

#define META_COUNT 7

/* Header values are printable ASCII: what is not is percent-encoded. */
static void
printable(const char *value, struct buf *out)
{
	uri_encode(span_of(value), true, out);
}

static size_t
put_meta(const struct entry_metadata *m, struct buf values[META_COUNT],
    struct http_field fields[META_COUNT])
{
	static const char *const names[META_COUNT] = {
		"x-amz-meta-account-id", "x-amz-meta-data-type",
		"x-amz-meta-timestamp", "x-amz-meta-ttl",
		"x-amz-meta-app-version", "x-amz-meta-schema-version",
		"x-amz-meta-profile",
	};
	char time[DATE_ROOM];
	size_t i, count = META_COUNT;

	for (i = 0; i < META_COUNT; i++)
		buf_init(&values[i], 1024);
	date_format_rfc3339(m->timestamp, time);
	buf_add_string(&values[0], m->account_id);
	buf_add_string(&values[1], m->data_type);
	buf_add_string(&values[2], time);
	buf_addf(&values[3], "%lld", (long long)m->ttl);
	buf_add_string(&values[4], APP_VERSION);
	buf_add_string(&values[5], REMOTE_SCHEMA);
	printable(m->profile_name, &values[6]);
	/* A header without a value would not survive every HTTP library. */
	if (values[6].n == 0)
		count--;
	for (i = 0; i < count; i++) {
		fields[i].name = names[i];
		fields[i].value = buf_string(&values[i]);
	}
	return count;
}

static enum remote_stored
stored(enum s3_outcome outcome, const char *object, struct session *s,
    struct err *err)
{
	switch (outcome) {
	case S3_OK:
		return REMOTE_STORED;
	case S3_PRECONDITION:
	case S3_CONFLICT:
		return REMOTE_REFUSED;
	case S3_ABSENT:
		return REMOTE_GONE;
	case S3_UNSUPPORTED:
		err_set(err, ERR_NETWORK, "cannot write 's3://%s/%s': the "
		    "store does not support conditional writes", s->bucket,
		    object);
		err_code(err, "NotImplemented");
		return REMOTE_FAILED;
	default:
		return REMOTE_FAILED;
	}
}

enum remote_stored
remote_put(struct session *s, const struct key *key,
    const struct remote_write *write, struct remote_written *out,
    struct err *err)
{
	struct buf object, body, values[META_COUNT] = { 0 };
	struct http_field meta[META_COUNT];
	struct s3_put put = {
		.content_type = "application/json",
		.content_encoding = "gzip",
		.cache_control = "no-store",
		.meta = meta,
		.if_match = write->if_match,
		.if_absent = write->if_absent,
	};
	enum remote_stored result = REMOTE_FAILED;
	struct s3 *s3;
	size_t i;

	memset(out, 0, sizeof *out);
	out->date = -1;
	buf_init(&object, LIMIT_KEY);
	buf_init(&body, LIMIT_OBJECT + LIMIT_MIB);
	put.meta_count = put_meta(write->metadata, values, meta);
	key_object(buf_string(&s->prefix), key, &object);
	if (gzip_compress(write->envelope, &body, err) != 0 ||
	    buf_check(&body, "object", err) != 0 ||
	    buf_check(&object, "key", err) != 0 ||
	    (s3 = session_s3(s, err)) == NULL)
		goto out;
	put.key = buf_string(&object);
	put.body = buf_view(&body);
	result = stored(s3_put(s3, &put, err), put.key, s, err);
	out->date = s3_answer(s3)->date;
	out->ambiguous = s3_answer(s3)->ambiguous;
	if (result == REMOTE_STORED)
		memcpy(out->etag, s3_answer(s3)->etag, sizeof out->etag);
	session_saw_date(s, out->date);
out:
	for (i = 0; i < META_COUNT; i++)
		buf_clear(&values[i]);
	buf_clear(&object);
	buf_clear(&body);
	return result;
}
