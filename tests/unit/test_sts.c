#include "tap.h"

#include "aws/sts.h"
#include "fake_aws.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

#define ID "x-amzn-requestid: R\n"
#define OPEN "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/" \
	"doc/2011-06-15/\"><GetCallerIdentityResult>"
#define CLOSE "</GetCallerIdentityResult><ResponseMetadata><RequestId>R" \
	"</RequestId></ResponseMetadata></GetCallerIdentityResponse>"

static const struct endpoint endpoint = {
	.url = "https://sts.eu-west-1.amazonaws.com", .region = "eu-west-1",
};

static void
test_identity(void)
{
	static const struct fake_answer answers[] = { { 200, ID, OPEN
	    "<Arn>arn:aws:iam::123456789012:user/x</Arn>"
	    "<UserId>AIDA</UserId><Account>123456789012</Account>" CLOSE, 0,
	    false, 0 } };
	struct endpoint with_path = endpoint;
	struct sts_identity who;
	struct err err = { 0 };
	struct fake f;

	fake_begin(&f, answers, 1);
	is_int(sts_get_caller_identity(&f.context, &endpoint, &f.source,
	    &who, &err), 0, "an identity");
	is_str(who.account, "123456789012", "account");
	is_str(who.arn, "arn:aws:iam::123456789012:user/x", "ARN");
	is_str(who.user_id, "AIDA", "user id");
	is_str(f.seen[0].method, "POST", "method");
	is_str(f.seen[0].url, "https://sts.eu-west-1.amazonaws.com/", "URL");
	is_str(f.seen[0].body, "Action=GetCallerIdentity&Version=2011-06-15",
	    "body");
	has_str(f.seen[0].fields, "/eu-west-1/sts/aws4_request", "signed");
	ok(fake_has(&f, 0, "content-type",
	    "application/x-www-form-urlencoded; charset=utf-8"), "type");
	is_int(f.context.counts.sts, 1, "counted");
	fake_end(&f);

	fake_begin(&f, answers, 1);
	snprintf(with_path.path, sizeof with_path.path, "/base");
	is_int(sts_get_caller_identity(&f.context, &with_path, &f.source,
	    &who, &err), 0, "an endpoint with a path");
	is_str(f.seen[0].url, "https://sts.eu-west-1.amazonaws.com/base/",
	    "its URL");
	fake_end(&f);
}

static void
test_bad(void)
{
	static const struct {
		struct fake_answer answer;
		enum err_class class;
	} rows[] = {
		{ { 403, ID, "<ErrorResponse><Error><Code>"
		    "InvalidClientTokenId</Code></Error></ErrorResponse>", 0,
		    false, 0 }, ERR_CREDENTIALS },
		{ { 200, ID, "", 0, false, 0 }, ERR_DATA },
		{ { 200, ID, "<html/>", 0, false, 0 }, ERR_DATA },
		{ { 200, ID, OPEN "<Account>123456789012</Account>" CLOSE, 0,
		    false, 0 }, ERR_DATA },
		{ { 200, ID, OPEN "<Account>../../etc/pwd</Account>"
		    "<Arn>a</Arn><UserId>u</UserId>" CLOSE, 0, false, 0 },
		    ERR_DATA },
		{ { 200, ID, OPEN "<Account>1234567890123</Account>"
		    "<Arn>a</Arn><UserId>u</UserId>" CLOSE, 0, false, 0 },
		    ERR_DATA },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct sts_identity who;
		struct err err = { 0 };
		struct fake f;

		fake_begin(&f, &rows[i].answer, 1);
		is_int(sts_get_caller_identity(&f.context, &endpoint,
		    &f.source, &who, &err), -1, "refused %zu", i);
		is_int(err.class, rows[i].class, "refused %zu: class", i);
		has_str(err.message, "cannot ask STS", "refused %zu: %s", i,
		    err.message);
		is_str(who.account, "", "refused %zu: no account", i);
		fake_end(&f);
	}
}

int
main(void)
{
	test_identity();
	test_bad();
	return done_testing();
}
