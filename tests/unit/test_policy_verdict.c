#include "tap.h"

#include "base/limits.h"
#include "diag/policy_verdict.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define ME "arn:aws:iam::123456789012:user/ci"
#define SESSION "arn:aws:sts::123456789012:assumed-role/build/job"
#define KEY "arn:aws:s3:::b/p/cache-v1/1/x"
#define DOC(statements) "{\"Version\":\"2012-10-17\",\"Statement\":" \
	statements "}"

static void
test_make(void)
{
	static const struct {
		const char *what, *policy, *principal;
		enum verdict_answer answer;
		size_t statement;
	} rows[] = {
		{ "nothing about it", DOC("[{\"Effect\":\"Allow\",\"Action\":"
		    "\"s3:PutObject\",\"Resource\":\"*\"}]"), ME,
		    VERDICT_NOTHING, 0 },
		{ "a bare statement", DOC("{\"Effect\":\"Allow\",\"Action\":"
		    "\"s3:Get*\",\"Resource\":[\"x\",\"arn:aws:s3:::b/*\"]}"),
		    ME, VERDICT_ALLOW, 0 },
		{ "the bucket is not its objects", DOC("[{\"Effect\":"
		    "\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":"
		    "\"arn:aws:s3:::b\"}]"), ME, VERDICT_NOTHING, 0 },
		{ "a Deny behind an Allow", DOC("[{\"Effect\":\"Allow\","
		    "\"Action\":\"*\",\"Resource\":\"*\"},{\"Effect\":\"Deny\""
		    ",\"Action\":[\"s3:GetObject\"],\"Resource\":\"*\"}]"), ME,
		    VERDICT_DENY, 1 },
		{ "a Deny before an Allow", DOC("[{\"Effect\":\"Deny\","
		    "\"Action\":\"s3:*\",\"Resource\":\"*\"},{\"Effect\":"
		    "\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]"), ME,
		    VERDICT_DENY, 0 },
		{ "under a condition", DOC("[{\"Effect\":\"Deny\",\"Action\":"
		    "\"s3:*\",\"Resource\":\"*\",\"Principal\":\"*\","
		    "\"Condition\":{\"Bool\":{\"aws:SecureTransport\":"
		    "\"false\"}}}]"), ME, VERDICT_DENY_IF, 0 },
		{ "NotAction", DOC("[{\"Effect\":\"Deny\",\"NotAction\":"
		    "\"s3:List*\",\"Resource\":\"*\"}]"), ME, VERDICT_DENY,
		    0 },
		{ "NotResource", DOC("[{\"Effect\":\"Deny\",\"Action\":"
		    "\"*\",\"NotResource\":\"arn:aws:s3:::b/*\"}]"), ME,
		    VERDICT_NOTHING, 0 },
		{ "for everybody", DOC("[{\"Effect\":\"Deny\",\"Action\":"
		    "\"*\",\"Resource\":\"*\",\"Principal\":{\"AWS\":\"*\"}}]"
		    ), NULL, VERDICT_DENY, 0 },
		{ "for another", DOC("[{\"Effect\":\"Deny\",\"Action\":\"*\","
		    "\"Resource\":\"*\",\"Principal\":{\"AWS\":"
		    "\"arn:aws:iam::123456789012:user/x\"}}]"), ME,
		    VERDICT_NOTHING, 0 },
		{ "for the account", DOC("[{\"Effect\":\"Allow\",\"Action\":"
		    "\"*\",\"Resource\":\"*\",\"Principal\":{\"AWS\":[\"9\","
		    "\"arn:aws:iam::123456789012:root\"]}}]"), ME,
		    VERDICT_ALLOW, 0 },
		{ "for its number", DOC("[{\"Effect\":\"Allow\",\"Action\":"
		    "\"*\",\"Resource\":\"*\",\"Principal\":{\"AWS\":"
		    "\"123456789012\"}}]"), ME, VERDICT_ALLOW, 0 },
		{ "for all but us", DOC("[{\"Effect\":\"Deny\",\"Action\":"
		    "\"*\",\"Resource\":\"*\",\"NotPrincipal\":{\"AWS\":\"" ME
		    "\"}}]"), ME, VERDICT_NOTHING, 0 },
		{ "for the role of a session", DOC("[{\"Effect\":\"Allow\","
		    "\"Action\":\"*\",\"Resource\":\"*\",\"Principal\":{"
		    "\"AWS\":\"arn:aws:iam::123456789012:role/ci/build\"}}]"),
		    SESSION, VERDICT_ALLOW, 0 },
		{ "for another role", DOC("[{\"Effect\":\"Allow\","
		    "\"Action\":\"*\",\"Resource\":\"*\",\"Principal\":{"
		    "\"AWS\":\"arn:aws:iam::123456789012:role/rebuild\"}}]"),
		    SESSION, VERDICT_NOTHING, 0 },
		{ "for a service", DOC("[{\"Effect\":\"Allow\",\"Action\":"
		    "\"*\",\"Resource\":\"*\",\"Principal\":{\"Service\":"
		    "\"s3.amazonaws.com\"}}]"), ME, VERDICT_NOTHING, 0 },
	};
	struct verdict v;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct verdict_question q = { .principal = rows[i].principal,
			.account = "123456789012", .action = "s3:GetObject",
			.resource = KEY };
		struct err err = { 0 };

		is_int(policy_verdict_make(span_of(rows[i].policy), &q, &v,
		    &err), 0,
		    "%s: read", rows[i].what);
		is_int(v.answer, rows[i].answer, "%s: answer", rows[i].what);
		if (v.answer != VERDICT_NOTHING)
			is_uint(v.statement, rows[i].statement,
			    "%s: statement", rows[i].what);
		if (v.answer == VERDICT_DENY_IF)
			is_str(v.conditions, "aws:SecureTransport", "its key");
	}
}

static void
test_bad(void)
{
	static const char *const rows[] = { "", "[]", "{}", "{\"Statement\"",
		"\"x\"" };
	struct verdict_question q = { .action = "a:b", .resource = "*" };
	struct verdict v;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct err err = { 0 };

		is_int(policy_verdict_make(span_of(rows[i]), &q, &v, &err), -1,
		    "'%s' is no policy", rows[i]);
		is_int(err.class, ERR_DATA, "and that is said");
	}
}

int
main(void)
{
	test_make();
	test_bad();
	return done_testing();
}
