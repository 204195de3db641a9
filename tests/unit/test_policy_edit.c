#include "tap.h"

#include "base/limits.h"
#include "diag/policy_edit.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define DOC(statements) \
	"{\"Version\":\"2012-10-17\",\"Statement\":" statements "}"

#define ALLOW_ALL "{\"Sid\":\"A\",\"Effect\":\"Allow\",\"Action\":\"*\"," \
	"\"Resource\":\"*\"}"

static void
test_without(void)
{
	static const struct {
		const char *what, *policy, *want;
	} rows[] = {
		{ "among others, only the action goes", DOC("[" ALLOW_ALL
		    ", {\"Effect\":\"Deny\",\"Action\":[\"s3:PutObject\","
		    "\"s3:GetObject\"],\"Resource\":\"*\"}]"), DOC("["
		    ALLOW_ALL ",{\"Effect\":\"Deny\",\"Action\":["
		    "\"s3:PutObject\"],\"Resource\":\"*\"}]") },
		{ "alone, the statement", DOC("[{\"Effect\":\"Deny\","
		    "\"Action\":[\"s3:GetObject\"],\"Resource\":\"*\"},"
		    ALLOW_ALL "]"), DOC("[" ALLOW_ALL "]") },
		{ "under a pattern, the statement", DOC("[" ALLOW_ALL ",{"
		    "\"Effect\":\"Deny\",\"Action\":[\"s3:*\",\"x:y\"],"
		    "\"Resource\":\"*\"}]"), DOC("[" ALLOW_ALL "]") },
		{ "nothing is left", DOC("{\"Effect\":\"Deny\",\"Action\":"
		    "\"s3:GetObject\",\"Resource\":\"*\"}"), "" },
	};
	struct verdict_question q = { .action = "s3:GetObject",
		.resource = "arn:aws:s3:::b/x" };
	struct verdict v;
	struct buf b;
	size_t i;

	buf_init(&b, LIMIT_MIB);
	for (i = 0; i < COUNT(rows); i++) {
		struct err err = { 0 };

		buf_reset(&b);
		policy_verdict_make(span_of(rows[i].policy), &q, &v, &err);
		is_int(policy_edit_without(span_of(rows[i].policy), &v,
		    q.action, &b, &err), 0, "%s: done", rows[i].what);
		is_str(buf_string(&b), rows[i].want, "%s", rows[i].what);
	}
	buf_clear(&b);
}

static void
test_with(void)
{
	static const char one[] = "{\"Sid\":\"N\",\"Effect\":\"Allow\"}";
	static const struct {
		const char *what, *policy, *want;
	} rows[] = {
		{ "a new one", "", DOC("[{\"Sid\":\"N\",\"Effect\":\"Allow\"}]"
		    ) },
		{ "one more", DOC("[" ALLOW_ALL "]"), DOC("[" ALLOW_ALL
		    ",{\"Sid\":\"N\",\"Effect\":\"Allow\"}]") },
		{ "in place of its like", DOC("[{\"Sid\":\"N\",\"x\":1},"
		    ALLOW_ALL "]"), DOC("[" ALLOW_ALL
		    ",{\"Sid\":\"N\",\"Effect\":\"Allow\"}]") },
		{ "beside a bare one", DOC(ALLOW_ALL), DOC("[" ALLOW_ALL
		    ",{\"Sid\":\"N\",\"Effect\":\"Allow\"}]") },
	};
	struct buf b;
	size_t i;

	buf_init(&b, LIMIT_MIB);
	for (i = 0; i < COUNT(rows); i++) {
		struct err err = { 0 };

		buf_reset(&b);
		is_int(policy_edit_with(span_of(rows[i].policy), span_of(one),
		    &b, &err), 0, "%s: done", rows[i].what);
		is_str(buf_string(&b), rows[i].want, "%s", rows[i].what);
	}
	buf_clear(&b);
}

/* Statements that do not fit are an error, not a policy without them. */
static void
test_large(void)
{
	static const char one[] = "{\"Sid\":\"N\",\"Effect\":\"Allow\"}";
	static const char policy[] = DOC("[" ALLOW_ALL "," ALLOW_ALL "]");
	const struct verdict first = { .by_all = true };
	struct buf b;
	size_t max;

	for (max = 1; max < sizeof policy; max++) {
		struct err with = { 0 }, without = { 0 };

		buf_init(&b, max);
		is_int(policy_edit_with(span_of(policy), span_of(one), &b,
		    &with), -1, "with one more in %zu bytes", max);
		is_int(with.class, ERR_DATA, "is too large");
		buf_clear(&b);
		if (max >= sizeof DOC("[" ALLOW_ALL "]") - 1)
			continue;
		buf_init(&b, max);
		is_int(policy_edit_without(span_of(policy), &first, "a:b", &b,
		    &without), -1, "without one in %zu bytes", max);
		is_int(without.class, ERR_DATA, "is too large");
		buf_clear(&b);
	}
}

#define OTHER "{\"Sid\":\"Other\",\"Effect\":\"Allow\",\"Extra\": [1e2]}"
#define LIST(principals) "{\"Sid\":\"List\",\"Effect\":\"Allow\"," \
	"\"Principal\":{\"AWS\":" principals "},\"Action\":\"x\"}"
#define TLS "{\"Sid\":\"Tls\",\"Effect\":\"Deny\"}"

static void
test_merge(void)
{
	static const struct {
		const char *name;
		const char *old, *ours, *skip, *want;
		bool changed;
	} rows[] = {
		{ "into nothing", "", DOC("[" TLS "]"), NULL,
		    DOC("[" TLS "]"), true },
		{ "beside others", DOC("[" OTHER "]"), DOC("[" TLS "]"), NULL,
		    DOC("[" OTHER "," TLS "]"), true },
		{ "beside a single one", DOC(OTHER), DOC("[" TLS "]"), NULL,
		    DOC("[" OTHER "," TLS "]"), true },
		{ "again", DOC("[" OTHER "," TLS "]"), DOC("[" TLS "]"), NULL,
		    DOC("[" OTHER "," TLS "]"), false },
		{ "ours is replaced where it stands", DOC("[{\"Sid\":\"Tls\","
		    "\"Effect\":\"Allow\"}," OTHER "]"), DOC("[" TLS "]"),
		    NULL, DOC("[" TLS "," OTHER "]"), true },
		{ "the version stays", "{\"Version\":\"2008-10-17\",\"Id\":"
		    "\"i\",\"Statement\":[]}", DOC("[" TLS "]"), NULL,
		    "{\"Version\":\"2008-10-17\",\"Id\":\"i\",\"Statement\":["
		    TLS "]}", true },
		{ "what is not needed is left out", DOC("[" OTHER "]"),
		    DOC("[" TLS "," LIST("\"a\"") "]"), "Tls",
		    DOC("[" OTHER "," LIST("\"a\"") "]"), true },
		{ "and left alone", DOC("[{\"Sid\":\"Tls\",\"Effect\":"
		    "\"Allow\"}]"), DOC("[" TLS "]"), "Tls",
		    DOC("[{\"Sid\":\"Tls\",\"Effect\":\"Allow\"}]"), false },
		{ "principals add up", DOC("[" LIST("[\"b\",\"a\"]") "]"),
		    DOC("[" LIST("[\"a\",\"c\"]") "]"), NULL,
		    DOC("[" LIST("[\"a\",\"c\",\"b\"]") "]"), true },
		{ "in any order they are the same",
		    DOC("[" LIST("[\"b\",\"a\"]") "]"),
		    DOC("[" LIST("\"a\"") "]"), NULL,
		    DOC("[" LIST("[\"a\",\"b\"]") "]"), false },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct err err = { 0 };
		struct buf out;
		bool changed = !rows[i].changed;

		buf_init(&out, 65536);
		is_int(policy_edit_merge(span_of(rows[i].old), span_of(
		    rows[i].ours), rows[i].skip, &out, &changed, &err), 0,
		    "%s: merged", rows[i].name);
		is_str(buf_string(&out), rows[i].want, "%s", rows[i].name);
		is_int(changed, rows[i].changed, "%s: a change?",
		    rows[i].name);
		buf_clear(&out);
	}
}

int
main(void)
{
	test_without();
	test_with();
	test_large();
	test_merge();
	return done_testing();
}
