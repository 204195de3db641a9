#include "aws/sts_role.h"

#include "fake_aws.h"
#include "sts_answers.h"
#include "tap.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

#define ARN "arn:aws:iam::123456789012:role/r"

static const struct endpoint endpoint = {
	.url = "https://sts.eu-west-1.amazonaws.com", .region = "eu-west-1",
};

static const struct sts_role plain = { .arn = ARN, .session = "s" };

static int
assume(struct fake *f, const struct sts_role *role, struct keys *keys,
    struct err *err)
{
	memset(keys, 0, sizeof *keys);
	err_clear(err);
	return sts_role_assume(&f->context, &endpoint, &f->source, role, keys,
	    err);
}

static int
assume_with_token(struct fake *f, struct keys *keys, struct err *err)
{
	struct secret token = { 0 };
	int result;

	memset(keys, 0, sizeof *keys);
	err_clear(err);
	if (secret_set(&token, span_of("a.b+/c=.d"), err) != 0)
		return -1;
	result = sts_role_assume_with_token(&f->context, &endpoint, &token,
	    &plain, keys, err);
	secret_clear(&token);
	return result;
}

static void
test_assume(void)
{
	static const struct fake_answer answer = STS_ANSWER(200,
	    STS_ROLE("ASIA1"));
	static const struct sts_role role = { .arn = ARN, .session = "a=b",
	    .duration = "900", .external_id = "x:y z",
	    .mfa_serial = "arn:aws:iam::1:mfa/me", .mfa_code = "123456" };
	struct keys keys;
	struct err err;
	struct fake f;

	fake_begin(&f, &answer, 1);
	is_int(assume(&f, &role, &keys, &err), 0, "assumed %s", err.message);
	is_str(keys.access_key_id, "ASIA1", "id");
	is_span(secret_reveal(&keys.secret_key), "secret-of-ASIA1", "secret");
	is_span(secret_reveal(&keys.session_token), "token-of-ASIA1",
	    "token");
	is_int(keys.expires_at, f.wall_ms / 1000 + 3600, "expiry");
	is_str(keys.account_id, "210987654321", "the account of the session");
	is_str(f.seen[0].method, "POST", "method");
	is_str(f.seen[0].url, "https://sts.eu-west-1.amazonaws.com/", "URL");
	is_str(f.seen[0].body, "Action=AssumeRole&Version=2011-06-15&RoleArn="
	    "arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fr&RoleSessionName="
	    "a%3Db&DurationSeconds=900&ExternalId=x%3Ay%20z&SerialNumber="
	    "arn%3Aaws%3Aiam%3A%3A1%3Amfa%2Fme&TokenCode=123456", "form");
	has_str(f.seen[0].fields, "/eu-west-1/sts/aws4_request", "signed");
	is_int(f.context.counts.sts, 1, "counted");
	keys_clear(&keys);
	fake_end(&f);
}

static void
test_token(void)
{
	static const struct fake_answer answer = STS_ANSWER(200,
	    STS_WEB("ASIA2"));
	struct keys keys;
	struct err err;
	struct fake f;

	fake_begin(&f, &answer, 1);
	is_int(assume_with_token(&f, &keys, &err), 0, "with a token %s",
	    err.message);
	is_str(keys.access_key_id, "ASIA2", "id");
	is_str(f.seen[0].body, "Action=AssumeRoleWithWebIdentity&Version="
	    "2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fr"
	    "&RoleSessionName=s&WebIdentityToken=a.b%2B%2Fc%3D.d", "form");
	ok(!fake_has(&f, 0, "authorization", NULL), "not signed");
	is_int(f.gets, 0, "nobody asked for keys");
	keys_clear(&keys);
	fake_end(&f);
}

/* The ARN of the assumed role is the better source of the account. */
static void
test_account(void)
{
	static const struct {
		const char *arn;
		const char *account;
	} rows[] = {
		{ "arn:aws-cn:sts::210987654321:assumed-role/r/s",
		    "210987654321" },
		{ "", "123456789012" },
		{ "arn:aws:sts::RGW11111111111111111:assumed-role/r/s",
		    "123456789012" },
		{ "arn:aws:sts::21098765432x:assumed-role/r/s",
		    "123456789012" },
		{ "::::", "123456789012" },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		char body[2048];
		struct fake_answer answer = STS_ANSWER(200, body);
		struct keys keys;
		struct err err;
		struct fake f;

		snprintf(body, sizeof body, STS_KEYS("AssumeRole", "ASIA",
		    STS_HOUR, "%s"), rows[i].arn);
		fake_begin(&f, &answer, 1);
		is_int(assume(&f, &plain, &keys, &err), 0, "ARN '%s'",
		    rows[i].arn);
		is_str(keys.account_id, rows[i].account, "its account");
		keys_clear(&keys);
		fake_end(&f);
	}
}

static const struct {
	bool token;
	int status;
	const char *body;
	const char *says;	/* in the message */
	const char *hint;
} refusals[] = {
	{ false, 403, STS_ERROR("AccessDenied", "User: arn:aws:iam::1:user/u "
	    "is not authorized to perform: sts:AssumeRole on resource: " ARN),
	    "is not authorized", "AWS does not say which it is" },
	{ false, 403, STS_ERROR("AccessDenied", "User: u is not authorized to "
	    "perform: sts:AssumeRole on resource: r because no "
	    "identity-based policy allows the sts:AssumeRole action"),
	    "AccessDenied", "allow the caller sts:AssumeRole" },
	{ false, 403, STS_ERROR("AccessDenied", "User: u is not authorized to "
	    "perform: sts:AssumeRole with an explicit deny in a service "
	    "control policy"), "AccessDenied", "denies it explicitly" },
	{ false, 403, STS_ERROR("AccessDenied", "MultiFactorAuthentication "
	    "failed with invalid MFA one time pass code. "),
	    "invalid MFA one time pass code", "a code works once" },
	{ true, 403, STS_ERROR("AccessDenied", "Not authorized to perform "
	    "sts:AssumeRoleWithWebIdentity"), "Not authorized",
	    "iss, aud and sub" },
	{ true, 400, STS_ERROR("ExpiredTokenException", "Token expired: "
	    "current date/time must be before the expiration date/time"),
	    "Token expired", "a new token" },
	{ true, 400, STS_ERROR("InvalidIdentityToken", "No OpenIDConnect "
	    "provider found in your account for https://ci"),
	    "No OpenIDConnect provider", "its URL exactly" },
	{ true, 400, STS_ERROR("InvalidIdentityToken", "Incorrect token "
	    "audience"), "Incorrect token audience", "client ids" },
	{ true, 400, STS_ERROR("InvalidIdentityTokenException", "The ID Token "
	    "provided is not a valid JWT."), "not a valid JWT",
	    "whole token (a JWT)" },
	{ true, 403, STS_ERROR("IDPRejectedClaim", "no"), "IDPRejectedClaim",
	    "ask the identity provider" },
	{ false, 400, STS_ERROR("ValidationError", "The requested "
	    "DurationSeconds exceeds the MaxSessionDuration set for this "
	    "role."), "exceeds the MaxSessionDuration",
	    "lower duration_seconds" },
	{ false, 400, STS_ERROR("ValidationError", "The requested "
	    "DurationSeconds exceeds the 1 hour session limit for roles "
	    "assumed by role chaining."), "1 hour session limit",
	    "3600 or less" },
	{ false, 400, STS_ERROR("ValidationError", "1 validation error "
	    "detected: Value '1' at 'roleArn' failed to satisfy"),
	    "validation error", "check role_arn" },
	{ false, 400, STS_ERROR("ValidationError", "1 validation error "
	    "detected: Value '100' at 'durationSeconds' failed to satisfy"),
	    "durationSeconds", "takes 900 to 43200" },
	{ false, 403, STS_ERROR("RegionDisabledException", "STS is not "
	    "activated in this region"), "not activated",
	    "set region to another" },
	{ false, 403, STS_ERROR("InvalidClientTokenId", "The security token "
	    "included in the request is invalid."), "InvalidClientTokenId",
	    "-v shows" },
	{ false, 400, STS_ERROR("SomethingNew", "whatever"), "SomethingNew",
	    "" },
};

static void
test_refused(void)
{
	size_t i;

	for (i = 0; i < COUNT(refusals); i++) {
		struct fake_answer answer = STS_ANSWER(refusals[i].status,
		    refusals[i].body);
		struct keys keys;
		struct err err;
		struct fake f;

		fake_begin(&f, &answer, 1);
		is_int(refusals[i].token ?
		    assume_with_token(&f, &keys, &err) :
		    assume(&f, &plain, &keys, &err), -1, "refused %zu", i);
		is_int(err.class, ERR_CREDENTIALS, "its class");
		has_str(err.message, "cannot assume role '" ARN "': ",
		    "its subject");
		has_str(err.message, refusals[i].says, "its message: %s",
		    err.message);
		has_str(err.hint, refusals[i].hint, "its hint: %s",
		    err.hint);
		is_int(f.used, 1, "asked once");
		is_str(keys.access_key_id, "", "no keys");
		fake_end(&f);
	}
}

/* The keys for it have expired: new ones once, then the end. */
static void
test_expired_source(void)
{
	static const struct fake_answer answers[] = {
		STS_ANSWER(403, STS_ERROR("ExpiredToken", "The security token "
		    "included in the request is expired")),
		STS_ANSWER(200, STS_ROLE("ASIA3")),
		STS_ANSWER(403, STS_ERROR("ExpiredToken", "expired")),
		STS_ANSWER(403, STS_ERROR("ExpiredToken", "expired")),
	};
	struct keys keys;
	struct err err;
	struct fake f;

	fake_begin(&f, answers, COUNT(answers));
	is_int(assume(&f, &plain, &keys, &err), 0, "renewed");
	is_int(f.renewals, 1, "once");
	is_int(f.slept_ms, 0, "at once");
	keys_clear(&keys);
	is_int(assume(&f, &plain, &keys, &err), -1, "expired again");
	is_int(err.class, ERR_CREDENTIALS, "its class");
	has_str(err.hint, "have expired: fetch them anew", "its hint");
	f.used = 0;
	f.no_keys_on_renewal = true;
	is_int(assume(&f, &plain, &keys, &err), -1, "no keys for it");
	is_str(err.message, "no keys any more", "the source's own message");
	is_str(err.hint, "", "and no hint of ours");
	fake_end(&f);
}

static void
test_repeated(void)
{
#define UNREACHABLE STS_ERROR("InvalidIdentityToken", "Couldn't retrieve " \
	"verification key from your identity provider")
	static const struct fake_answer answers[] = {
		STS_ANSWER(400, STS_ERROR("IDPCommunicationError", "later")),
		STS_ANSWER(503, "<html/>"),
		STS_ANSWER(200, STS_WEB("ASIA4")),
		STS_ANSWER(400, STS_ERROR("IDPCommunicationError", "later")),
		STS_ANSWER(400, STS_ERROR("IDPCommunicationError", "later")),
		STS_ANSWER(400, STS_ERROR("IDPCommunicationError", "later")),
		STS_ANSWER(400, UNREACHABLE), STS_ANSWER(400, UNREACHABLE),
		{ .fault = HTTP_TIMEOUT, .sent = true, .takes_ms = 5000 },
		{ .fault = HTTP_CONNECT },
		{ .fault = HTTP_RESOLVE },
	};
	struct keys keys;
	struct err err;
	struct fake f;

	fake_begin(&f, answers, COUNT(answers));
	is_int(assume_with_token(&f, &keys, &err), 0, "the third is an answer");
	ok(f.slept_ms > 0, "with pauses");
	keys_clear(&keys);
	is_int(assume_with_token(&f, &keys, &err), -1, "three in vain");
	is_int(err.class, ERR_NETWORK, "no refusal");
	has_str(err.hint, "could not reach the identity provider", "says who");
	is_int(assume_with_token(&f, &keys, &err), -1,
	    "an issuer that STS cannot ask, twice");
	is_int(err.class, ERR_CREDENTIALS, "its class");
	has_str(err.hint, "keys must be public", "says what to look at");
	is_int(assume(&f, &plain, &keys, &err), -1, "no STS there");
	is_int(err.class, ERR_NETWORK, "its class");
	has_str(err.message, "cannot assume role '" ARN "' (after 3 attempts; "
	    "the first: timeout)", "its message: %s", err.message);
	fake_end(&f);
}

/* Sound but for one of the three. */
#define STS_THREE(id, secret, token) \
	"<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>" id \
	"</AccessKeyId><SecretAccessKey>" secret "</SecretAccessKey>" \
	"<SessionToken>" token "</SessionToken><Expiration>" STS_HOUR \
	"</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"

static void
test_malformed(void)
{
	static const char *const bodies[] = {
		"", "{}", "<html/>", "<AssumeRoleResponse/>",
		STS_WEB("ASIA"),	/* of another question */
		STS_KEYS("AssumeRole", "", STS_HOUR, ""),
		STS_KEYS("AssumeRole", "A B", STS_HOUR, ""),
		STS_KEYS("AssumeRole", "A&#10;B", STS_HOUR, ""),
		STS_THREE("A&#10;B", "s", "t"),
		STS_THREE("A", "s&#10;x: y", "t"),
		STS_THREE("A", "s", "t&#13;&#10;x: y"),
		STS_THREE("A", "", "t"),
		STS_THREE("A", "s", ""),
		STS_KEYS("AssumeRole", "ASIA", "", ""),
		STS_KEYS("AssumeRole", "ASIA", "soon", ""),
		STS_KEYS("AssumeRole", "0123456789012345678901234567890123456"
		    "78901234567890123456789012345678901234567890123456789012"
		    "345678901234567890123456789012345678901", STS_HOUR, ""),
	};
	size_t i;

	for (i = 0; i < COUNT(bodies); i++) {
		struct fake_answer answer = STS_ANSWER(200, bodies[i]);
		struct keys keys;
		struct err err;
		struct fake f;

		fake_begin(&f, &answer, 1);
		is_int(assume(&f, &plain, &keys, &err), -1, "malformed %zu",
		    i);
		is_int(err.class, ERR_DATA, "its class");
		has_str(err.message, "cannot assume role", "its message: %s",
		    err.message);
		keys_clear(&keys);
		fake_end(&f);
	}
}

int
main(void)
{
	test_assume();
	test_token();
	test_account();
	test_refused();
	test_expired_source();
	test_repeated();
	test_malformed();
	return done_testing();
}
