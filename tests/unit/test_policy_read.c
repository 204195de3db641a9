#include "tap.h"

#include "diag/policy_read.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define BUCKET "arn:aws:s3:::acme"
#define DOC(statements) \
	"{\"Version\":\"2012-10-17\",\"Statement\":" statements "}"
#define DENY(principal, action, resource, condition) \
	"{\"Effect\":\"Deny\",\"Principal\":" principal ",\"Action\":" \
	action ",\"Resource\":" resource ",\"Condition\":" condition "}"
#define BOTH "[\"" BUCKET "\",\"" BUCKET "/*\"]"
#define NO_TLS "{\"Bool\":{\"aws:SecureTransport\":\"false\"}}"

static void
test_tls_only(void)
{
	static const struct {
		const char *name;
		const char *text;
		bool want;
	} rows[] = {
		{ "the usual one", DOC("[" DENY("\"*\"", "\"s3:*\"", BOTH,
		    NO_TLS) "]"), true },
		{ "no list around it", DOC(DENY("\"*\"", "\"s3:*\"", BOTH,
		    NO_TLS)), true },
		{ "AWS: *, every service, a list, a boolean",
		    DOC("[" DENY("{\"AWS\":[\"*\"]}", "[\"*\"]", "\"*\"",
		    "{\"BoolIfExists\":{\"AWS:securetransport\":false}}")
		    "]"), true },
		{ "in two statements", DOC("[" DENY("\"*\"", "\"s3:*\"",
		    "\"" BUCKET "\"", NO_TLS) "," DENY("\"*\"", "\"s3:*\"",
		    "\"" BUCKET "/*\"", NO_TLS) "]"), true },
		{ "the bucket alone", DOC("[" DENY("\"*\"", "\"s3:*\"", "\""
		    BUCKET "\"", NO_TLS) "]"), false },
		{ "the objects alone", DOC("[" DENY("\"*\"", "\"s3:*\"", "\""
		    BUCKET "/*\"", NO_TLS) "]"), false },
		{ "another bucket", DOC("[" DENY("\"*\"", "\"s3:*\"",
		    "[\"" BUCKET "x\",\"" BUCKET "x/*\"]", NO_TLS) "]"),
		    false },
		{ "reading alone", DOC("[" DENY("\"*\"", "\"s3:Get*\"", BOTH,
		    NO_TLS) "]"), false },
		{ "somebody alone", DOC("[" DENY("{\"AWS\":"
		    "\"111122223333\"}", "\"s3:*\"", BOTH, NO_TLS) "]"),
		    false },
		{ "on a further condition", DOC("[" DENY("\"*\"", "\"s3:*\"",
		    BOTH, "{\"Bool\":{\"aws:SecureTransport\":\"false\","
		    "\"aws:ViaAWSService\":\"false\"}}") "]"), false },
		{ "on a further test", DOC("[" DENY("\"*\"", "\"s3:*\"",
		    BOTH, "{\"Bool\":{\"aws:SecureTransport\":\"false\"},"
		    "\"IpAddress\":{\"aws:SourceIp\":\"10.0.0.0/8\"}}")
		    "]"), false },
		{ "with TLS", DOC("[" DENY("\"*\"", "\"s3:*\"", BOTH,
		    "{\"Bool\":{\"aws:SecureTransport\":\"true\"}}") "]"),
		    false },
		{ "no condition", DOC("[" DENY("\"*\"", "\"s3:*\"", BOTH,
		    "{}") "]"), false },
		{ "nothing at all", DOC("[]"), false },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct policy_read p;
		struct err err = { 0 };

		is_int(policy_read_open(&p, span_of(rows[i].text), &err), 0,
		    "%s: read (%s)", rows[i].name, err.message);
		is_int(policy_read_tls_only(&p, BUCKET), rows[i].want, "%s",
		    rows[i].name);
		policy_read_clear(&p);
		policy_read_clear(&p);
	}
}

static void
test_bad(void)
{
	static const char *const rows[] = { "", "nonsense", "[]", "{}",
		"{\"Statement\":\"x\"}", "{\"Statement\":[}" };
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct policy_read p;
		struct err err = { 0 };

		is_int(policy_read_open(&p, span_of(rows[i]), &err), -1,
		    "'%s' is no policy", rows[i]);
		is_int(err.class, ERR_DATA, "its class");
	}
}

static void
test_covers(void)
{
	static const struct {
		const char *action, *resource;	/* JSON of the policy */
		const char *asked, *of;
		bool want;
	} rows[] = {
		{ "\"s3:GetObject\"", "\"*\"", "s3:GetObject", "x", true },
		{ "\"S3:getobject\"", "\"*\"", "s3:GetObject", "x", true },
		{ "\"s3:Get*\"", "\"*\"", "s3:GetObject", "x", true },
		{ "\"s3:G?tObject\"", "\"*\"", "s3:GetObject", "x", true },
		{ "\"s3:*Object\"", "\"*\"", "s3:GetObject", "x", true },
		{ "\"s3:*Objec\"", "\"*\"", "s3:GetObject", "x", false },
		{ "\"s3:GetObjectVersion\"", "\"*\"", "s3:GetObject", "x",
		    false },
		{ "[]", "\"*\"", "s3:GetObject", "x", false },
		{ "[\"a\",\"s3:*\"]", "[\"y\",\"x\"]", "s3:GetObject", "x",
		    true },
		{ "\"*\"", "\"b/*\"", "s3:GetObject", "b/c/d", true },
		{ "\"*\"", "\"b/*/d\"", "s3:GetObject", "b/c/d", true },
		{ "\"*\"", "\"b/*/e\"", "s3:GetObject", "b/c/d", false },
		{ "\"*\"", "\"B/*\"", "s3:GetObject", "b/c/d", false },
		{ "\"*\"", "\"b/**d\"", "s3:GetObject", "b/c/d", true },
		{ "\"*\"", "\"b/${aws:PrincipalAccount}/d\"", "s3:GetObject",
		    "b/c/d", true },
		{ "\"*\"", "\"b\"", "s3:GetObject", "b/c", false },
		{ "\"*\"", "\"b/c?\"", "s3:GetObject", "b/c", false },
	};
	struct policy_read p;
	struct err err = { 0 };
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct buf text;

		buf_init(&text, 4096);
		buf_addf(&text, "{\"Statement\":{\"Effect\":\"Allow\","
		    "\"Action\":%s,\"Resource\":%s}}", rows[i].action,
		    rows[i].resource);
		is_int(policy_read_open(&p, buf_view(&text), &err), 0,
		    "row %zu", i);
		is_int(policy_read_covers(&p, 0, rows[i].asked, rows[i].of),
		    rows[i].want, "%s on %s", rows[i].action,
		    rows[i].resource);
		policy_read_clear(&p);
		buf_clear(&text);
	}
	is_int(policy_read_open(&p, span_of(DOC("{\"Effect\":\"Deny\","
	    "\"NotAction\":\"s3:Get*\",\"NotResource\":\"b/*\"}")), &err), 0,
	    "the other way round");
	ok(policy_read_covers(&p, 0, "s3:PutObject", "c"), "neither");
	ok(!policy_read_covers(&p, 0, "s3:GetObject", "c"), "the action");
	ok(!policy_read_covers(&p, 0, "s3:PutObject", "b/c"),
	    "the resource");
	ok(policy_read_denies(&p, 0), "it denies");
	policy_read_clear(&p);
}

#define TREE "\"" BUCKET "/p/cache-v1/111122223333/*\""

static void
test_grants(void)
{
	static const char text[] = DOC("["
	    "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":["
	    "\"arn:aws:iam::111122223333:root\",\"444455556666\"]},"
	    "\"Action\":\"s3:ListBucket\",\"Resource\":\"" BUCKET "\"},"
	    "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":"
	    "\"arn:aws:iam::111122223333:root\"},\"Action\":[\"s3:GetObject\""
	    ",\"s3:PutObject\",\"s3:DeleteObject\"],\"Resource\":" TREE "},"
	    "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"444455556666\"},"
	    "\"Action\":\"s3:GetObject\",\"Resource\":" TREE "},"
	    "{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":"
	    "\"s3:GetObject\",\"Resource\":\"" BUCKET "/*\",\"Condition\":"
	    "{\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-1\"}}},"
	    "{\"Effect\":\"Allow\",\"Principal\":{\"Service\":"
	    "\"logging.s3.amazonaws.com\"},\"Action\":\"s3:PutObject\","
	    "\"Resource\":\"" BUCKET "/logs/*\"},"
	    "{\"Effect\":\"Deny\",\"Principal\":{\"AWS\":\"777788889999\"},"
	    "\"Action\":\"*\",\"Resource\":\"*\"}]");
	static const struct {
		const char *principal;
		bool list, get, put, delete, conditional;
	} want[] = {
		{ "arn:aws:iam::111122223333:root", true, true, true, true,
		    false },
		{ "444455556666", true, false, false, false, false },
		{ "*", false, true, false, false, true },
		{ "Service:logging.s3.amazonaws.com", false, false, false,
		    false, false },
	};
	struct policy_read_grants g;
	struct policy_read p;
	struct err err = { 0 };
	size_t i;

	is_int(policy_read_open(&p, span_of(text), &err), 0, "read");
	is_int(policy_read_grants(&p, BUCKET, "p/cache-v1/", &g, &err), 0,
	    "grants");
	is_uint(g.count, COUNT(want), "who is let in, each once");
	for (i = 0; i < COUNT(want) && i < g.count; i++) {
		is_str(buf_string(&g.items[i].principal), want[i].principal,
		    "principal %zu", i);
		is_int(g.items[i].list, want[i].list, "list");
		is_int(g.items[i].get, want[i].get, "get");
		is_int(g.items[i].put, want[i].put, "put");
		is_int(g.items[i].delete, want[i].delete, "delete");
		is_int(g.items[i].conditional, want[i].conditional,
		    "conditions");
	}
	policy_read_grants_clear(&g);
	policy_read_clear(&p);
}

static void
test_fits(void)
{
	static const struct {
		const char *pattern, *text;
		bool nocase, fits;
	} rows[] = {
		{ "*", "", false, true }, { "*", "x", false, true },
		{ "", "", false, true }, { "", "x", false, false },
		{ "s3:*", "s3:GetObject", true, true },
		{ "S3:getobject", "s3:GetObject", true, true },
		{ "a*c", "ABC", false, false }, { "a*c", "abc", false, true },
		{ "a*c", "abcb", false, false }, { "a?c", "abc", false, true },
		{ "a?c", "ac", false, false },
		{ "*a*b", "xaxaxb", false, true },
		{ "arn:aws:s3:::b", "arn:aws:s3:::b/x", false, false },
		{ "arn:aws:s3:::b/*", "arn:aws:s3:::b/x/y", false, true },
		{ "a***", "a", false, true },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++)
		is_int(policy_read_fits(span_of(rows[i].pattern), rows[i].text,
		    rows[i].nocase), rows[i].fits, "'%s' and '%s'",
		    rows[i].pattern, rows[i].text);
}

int
main(void)
{
	test_fits();
	test_tls_only();
	test_bad();
	test_covers();
	test_grants();
	return done_testing();
}
