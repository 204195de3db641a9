#include "aws/arn.h"

#include "tap.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

#define ACCOUNT "123456789012"

static void
test_accounts(void)
{
	static const struct {
		const char *text;
		bool valid;
	} rows[] = {
		{ "123456789012", true },
		{ "000000000000", true },
		{ "12345678901", false },
		{ "1234567890123", false },
		{ "1234-5678-90", false },
		{ "12345678901x", false },
		{ "12345678901 ", false },
		{ "", false },
		{ "full-data", false },
		{ "a", false },
		{ "0", false },
		{ "-a", false },
		{ "a-", false },
		{ "A", false },
		{ "a_b", false },
		{ "a.b", false },
		{ "..", false },
		{ "a/b", false },
		{ "\xc3\xa4", false },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++)
		ok(arn_account_valid(span_of(rows[i].text)) == rows[i].valid,
		    "account '%s'", rows[i].text);
	ok(!arn_account_valid(span_make("12345678901\0", 12)),
	    "a NUL in an account");
}

static void
test_arns(void)
{
	static const struct {
		const char *arn, *want;	/* NULL: none */
	} rows[] = {
		{ "arn:aws:iam::123456789012:role/x", ACCOUNT },
		{ "arn:aws:sts::123456789012:assumed-role/x/y", ACCOUNT },
		{ "arn:aws-us-gov:iam::123456789012:role/a:b:c", ACCOUNT },
		{ "arn:aws:kms:eu-west-1:123456789012:key/1", ACCOUNT },
		{ "arn:aws:iam::123456789012:root", ACCOUNT },
		{ "arn:aws:iam::123456789012", ACCOUNT },
		{ "arn:aws:iam::123456789012:", ACCOUNT },
		{ "arn:aws:iam::000000000000:role/x", "000000000000" },
		{ "arn:aws:iam::aws:policy/x", NULL },
		{ "arn:aws:s3:::bucket", NULL },
		{ "arn:aws:iam::12345678901:role/x", NULL },
		{ "arn:aws:iam::1234567890123:role/x", NULL },
		{ "arn:aws:iam::12345678901a:role/x", NULL },
		{ "arn:aws:iam:: 23456789012:role/x", NULL },
		{ "arn:aws:iam:123456789012:role/x", NULL },
		{ "arn:aws:iam", NULL }, { "arn:", NULL }, { "", NULL },
		{ "123456789012", NULL }, { "::::123456789012", NULL },
		{ "urn:aws:iam::123456789012:role/x", NULL },
		{ NULL, NULL },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		char account[13] = "untouched";
		bool found = arn_account(span_of(rows[i].arn), account);

		ok(found == (rows[i].want != NULL), "'%s'",
		    rows[i].arn == NULL ? "(NULL)" : rows[i].arn);
		is_str(account, found ? rows[i].want : "untouched",
		    "its account");
	}
}

int
main(void)
{
	test_accounts();
	test_arns();
	return done_testing();
}
