#include "tap.h"

#include "aws/s3_bucket.h"
#include "s3_script.h"

/* One call of each kind. */
enum kind { READ, FRONT, HEAD, WRITE, REMOVE, LIST, REMOVE_MANY,
	REMOVE_VERSIONS, VERSIONS, HEAD_VERSION, REMOVE_VERSION, FIND, SETTINGS,
	SET_UP, CREATE };

static enum s3_outcome
call(struct s3 *s3, enum kind kind, struct err *err)
{
	struct s3_put put = { .key = "k", .body = SPAN_LITERAL("b"),
	    .content_type = "text/plain" };
	struct s3_deletion gone[] = { { .key = "k" },
	    { .key = "k", .version_id = "v" } };
	struct s3_versions_ask which = { .prefix = "" };
	struct s3_versions versions = { 0 };
	struct s3_list list = { 0 };
	char region[64];
	struct buf body;

	buf_init(&body, 100);
	switch (kind) {
	case READ:
		return s3_get(s3, "k", NULL, 100, err);
	case FRONT:
		return s3_front(s3, "k", 10, err);
	case HEAD:
		return s3_head(s3, "k", err);
	case WRITE:
		return s3_put(s3, &put, err);
	case REMOVE:
		return s3_delete(s3, "k", NULL, err);
	case LIST:
		return s3_list_page(s3, "", span_make(NULL, 0), 9, &list, err);
	case REMOVE_MANY:
		return s3_delete_many(s3, gone, 1, err);
	case REMOVE_VERSIONS:
		return s3_delete_many(s3, gone + 1, 1, err);
	case VERSIONS:
		return s3_versions_page(s3, &which, &versions, err);
	case HEAD_VERSION:
		return s3_versions_head(s3, "k", "v", err);
	case REMOVE_VERSION:
		return s3_versions_delete(s3, "k", "v", err);
	case FIND:
		return s3_bucket_head(s3, false, region, err);
	case SETTINGS:
		return s3_bucket_read(s3, BUCKET_CONFIG_LIFECYCLE, &body, err);
	case SET_UP:
		return s3_bucket_write(s3, BUCKET_CONFIG_VERSIONING,
		    span_of("<x/>"), NULL, err);
	default:
		return s3_bucket_create(s3, span_make(NULL, 0), err);
	}
}

/* Whatever is denied, the error names the right that it takes, for advice. */
static void
test_denied(void)
{
	static const struct fake_answer denied[] = {
		ANSWER(403, ERROR("AccessDenied")),
		ANSWER(403, ERROR("AccessDenied")),
	};
	static const struct {
		enum kind kind;
		const char *action;
	} rows[] = {
		{ READ, "s3:GetObject" },
		{ FRONT, "s3:GetObject" },
		{ HEAD, "s3:GetObject" },
		{ WRITE, "s3:PutObject" },
		{ REMOVE, "s3:DeleteObject" },
		{ LIST, "s3:ListBucket" },
		{ REMOVE_MANY, "s3:DeleteObject" },
		{ REMOVE_VERSIONS, "s3:DeleteObjectVersion" },
		{ VERSIONS, "s3:ListBucketVersions" },
		{ HEAD_VERSION, "s3:GetObjectVersion" },
		{ REMOVE_VERSION, "s3:DeleteObjectVersion" },
		{ FIND, "s3:ListBucket" },
		{ SETTINGS, "s3:GetLifecycleConfiguration" },
		{ SET_UP, "s3:PutBucketVersioning" },
		{ CREATE, "s3:CreateBucket" },
	};
	struct err err;
	struct fake f;
	struct s3 *s3;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		err_clear(&err);
		s3 = begin(&f, denied, COUNT(denied), &aws);
		is_int(call(s3, rows[i].kind, &err), S3_ERROR, "call %zu", i);
		is_int(err.class, ERR_DENIED, "is denied");
		is_str(err.action, rows[i].action, "and takes this right");
		end(&f, s3);
	}
	err_clear(&err);
	is_str(err.action, NULL, "no error, no right");
}

int
main(void)
{
	test_denied();
	return done_testing();
}
