#include "tap.h"

#include "base/limits.h"
#include "cmd/doctor_report.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

static void
test_mask(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "", "" }, { "nothing here", "nothing here" },
		{ "account 123456789012.", "account [account]." },
		{ "1234567890123", "1234567890123" },
		{ "12345678901", "12345678901" },
		{ "for arn:aws:iam::123456789012:user/ci, by",
		    "for arn:aws:iam:[masked], by" },
		{ "\"arn:aws:s3:::acme/k\"", "\"arn:aws:s3:[masked]\"" },
		{ "arn:aws-cn:sts::1:assumed-role/x/y",
		    "arn:aws-cn:sts:[masked]" },
		{ "arn: a heading", "arn: a heading" },
		{ "access key AKIAIOSFODNN7EXAMPLE, valid",
		    "access key AKIA[masked], valid" },
		{ "ASIAIOSFODNN7EXAMPLE", "ASIA[masked]" },
		{ "'AROAIOSFODNN7EXAMPLE:ci'", "'AROA[masked]:ci'" },
		{ "AKIAIOSFODNN7EX", "AKIAIOSFODNN7EX" },
		{ "AKIAIOSFODNN7EXA", "AKIA[masked]" },
		{ "AKIA", "AKIA" }, { "in ASIA or AFRICA", "in ASIA or AFRICA" },
	};
	struct buf b;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		buf_init(&b, LIMIT_KIB);
		buf_add_string(&b, rows[i].text);
		doctor_report_mask(&b);
		is_str(buf_string(&b), rows[i].want, "'%s'", rows[i].text);
		buf_clear(&b);
	}
}

static void
test_report(void)
{
	struct check_list list = { 0 };
	struct err err = { 0 };
	struct check_result *r;
	struct buf b;

	buf_init(&b, LIMIT_MIB);
	r = check_add(&list, "good", &err);
	check_set(r, CHECK_PASS, "a|b");
	r = check_add(&list, "bad", &err);
	check_set(r, CHECK_FAIL, "<b>no</b>");
	r->denial.given = true;
	buf_add_string(&r->denial.action, "s3:GetObject");
	r->denial.layer = "resource-policy";
	buf_add_string(&r->fix.policy, "{\"a\":\"```\"}");
	buf_add_string(&r->fix.command, "aws x");
	doctor_report_add("a_b", "bad: no", &list, &b);
	has_str(buf_string(&b), "## teamcache doctor: profile a\\_b\n",
	    "a heading");
	has_str(buf_string(&b), "| good | pass | a\\|b |\n",
	    "no cell can be broken");
	has_str(buf_string(&b), "\\<b\\>no\\</b\\>", "nor HTML begun");
	has_str(buf_string(&b), "- denied by: resource-policy (not told)\n",
	    "the denial");
	has_str(buf_string(&b), "````json\n{\"a\":\"```\"}\n````\n",
	    "a fence that its text does not end");
	has_str(buf_string(&b), "```sh\naws x\n```\n", "the command");
	ok(strstr(buf_string(&b), "### good") == NULL,
	    "what is well has no chapter");
	check_clear(&list);
	buf_clear(&b);
}

int
main(void)
{
	test_mask();
	test_report();
	return done_testing();
}
