#include "tap.h"

#include "diag/policy_grant.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define ROLE "arn:aws:iam::123456789012:role/"

static void
is_grant(const char *text, bool writes, const char *principal,
    const char *accounts)
{
	struct policy_grant grant = { .writes = !writes };
	struct err err = { 0 };

	is_int(policy_grant_parse(text, writes, &grant, &err),
	    principal == NULL ? -1 : 0, "%s %s '%s'", principal == NULL ?
	    "refused" : "read", writes ? "writer" : "reader", text);
	if (principal == NULL) {
		is_int(err.class, ERR_USAGE, "a usage error");
		return;
	}
	ok(span_is(grant.principal, principal), "its principal");
	ok(span_is(grant.accounts, accounts), "its accounts");
	ok(grant.writes == writes, "whether it writes");
}

static void
test_grants(void)
{
	static const struct {
		const char *text;
		bool writes;
		const char *principal, *accounts;
	} rows[] = {
		{ "123456789012=210987654321", true, "123456789012",
		    "210987654321" },
		{ ROLE "w=210987654321,123456789012", true, ROLE "w",
		    "210987654321,123456789012" },
		{ ROLE "a=b=210987654321", true, ROLE "a=b", "210987654321" },
		{ ROLE "a=b", false, ROLE "a=b", "" },
		{ "123456789012", false, "123456789012", "" },
		{ "123456789012=210987654321", false, "123456789012",
		    "210987654321" },
		{ "arn:aws-cn:sts::123456789012:assumed-role/r/s", false,
		    "arn:aws-cn:sts::123456789012:assumed-role/r/s", "" },
		{ ROLE "w", true, NULL, NULL },
		{ ROLE "w=", true, NULL, NULL },
		{ ROLE "w=21098765432", true, NULL, NULL },
		{ ROLE "w=210987654321,", true, NULL, NULL },
		{ ROLE "w=210987654321,,210987654321", true, NULL, NULL },
		{ "=210987654321", true, NULL, NULL },
		{ "", false, NULL, NULL },
		{ "*", false, NULL, NULL },
		{ "12345678901", false, NULL, NULL },
		{ ROLE "*", false, NULL, NULL },
		{ ROLE "a b", false, NULL, NULL },
		{ ROLE "a\"b", false, NULL, NULL },
		{ ROLE "a\n", false, NULL, NULL },
		{ ROLE "\xc3\xa9", false, NULL, NULL },
		{ "arn:aws:iam::123456789012:", false, NULL, NULL },
		{ "arn:aws:iam::123456789012", false, NULL, NULL },
		{ "arn:aws:iam:::role/w", false, NULL, NULL },
		{ "arn:aws:s3:::acme-costs", false, NULL, NULL },
		{ "arn::iam::123456789012:role/w", false, NULL, NULL },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++)
		is_grant(rows[i].text, rows[i].writes, rows[i].principal,
		    rows[i].accounts);
}

static void
test_check(void)
{
	static const char *const texts[] = { "123456789012=123456789012",
		ROLE "warm=210987654321", "123456789012",
		"333333333333=210987654321" };
	struct policy_grant grants[COUNT(texts)];
	struct err err = { 0 };
	size_t i;

	for (i = 0; i < COUNT(texts); i++)
		is_int(policy_grant_parse(texts[i], i < 2, &grants[i], &err),
		    0, "grant %zu", i);
	is_int(policy_grant_check(grants, COUNT(texts), &err), 0,
	    "each once as writer, once as reader");
	grants[3] = grants[2];
	is_int(policy_grant_check(grants, COUNT(texts), &err), -1,
	    "twice as reader");
	is_int(err.class, ERR_USAGE, "is a usage error");
}

int
main(void)
{
	test_grants();
	test_check();
	return done_testing();
}
