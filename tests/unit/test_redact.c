#include "net/redact.h"

#include "tap.h"

static const struct {
	const char *in;
	const char *out;
} texts[] = {
	{ "Access Denied", "Access Denied" },
	{ "", "" },
	{ "a\033[1mb\n\xff", "a?[1mb??" },
	{ "key wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY!",
	    "key [redacted]!" },
	{ "sig b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
	    "sig [redacted]" },
	{ "token FwoGZXIvYXdzEBYaDHqa0AP1MnRvY2tlbiBvZiB0aGlzIHNlc3Npb24=== end",
	    "token [redacted] end" },
	{ "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.AbC-dEf_", "[redacted]" },
	{ "Signature=abc, Credential=AKIDEXAMPLE/2025/x",
	    "Signature=[redacted], Credential=[redacted]" },
	{ "x-amz-security-token:short\nhost:h",
	    "x-amz-security-token:[redacted]" },
	{ "{\"SecretAccessKey\": \"abc\", \"Token\":\"d\", \"n\":1}",
	    "{\"SecretAccessKey\": \"[redacted]\", \"Token\":\"[redacted]\", "
	    "\"n\":1}" },
	{ "Authorization: Bearer abcdefghijklmnop",
	    "Authorization: Bearer [redacted]" },
	{ "the bearer token is invalid", "the bearer token is invalid" },
	{ "ExpiredToken: The provided token has expired",
	    "ExpiredToken: The provided token has expired" },
	{ "User: arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_"
	    "AdministratorAccess_0123456789abcdef/alice@example.com is not "
	    "authorized to perform: kms:Decrypt on resource: arn:aws:kms:eu-"
	    "west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
	    "User: arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_"
	    "AdministratorAccess_0123456789abcdef/alice@example.com is not "
	    "authorized to perform: kms:Decrypt on resource: arn:aws:kms:eu-"
	    "west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab" },
	{ "key cache-v1/123456789012/2025-08/service-breakdown.json.gz",
	    "key cache-v1/123456789012/2025-08/service-breakdown.json.gz" },
	{ "arn:aws:s3:::b/k?token=abc", "arn:aws:s3:::b/k?token=[redacted]" }
};

static const struct {
	const char *in;
	const char *out;
} urls[] = {
	{ "https://b.s3.eu-west-1.amazonaws.com/cache-v1/k",
	    "https://b.s3.eu-west-1.amazonaws.com/cache-v1/k" },
	{ "https://user:pa@ss@h:1/p@th", "https://h:1/p@th" },
	{ "http://h/?X-Amz-Signature=ab&list-type=2&x-amz-date=1&delete",
	    "http://h/?X-Amz-Signature=[redacted]&list-type=2&x-amz-date="
	    "[redacted]&delete" },
	{ "http://h/p?continuation-token="
	    "1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM",
	    "http://h/p?continuation-token=[redacted]" },
	{ "http://h/?next=http://u:p@x/", "http://h/?next=http://u:p@x/" },
	{ "user:pw@proxy:3128", "proxy:3128" },
	{ "not a url", "not a url" },
	{ "", "" }
};

static const struct {
	const char *name;
	bool shown;
} fields[] = {
	{ "authorization", false }, { "Proxy-Authorization", false },
	{ "X-Amz-Security-Token", false }, { "x-amz-sso_bearer_token", false },
	{ "Cookie", false }, { "Set-Cookie", false },
	{ "X-aws-ec2-metadata-token", false },
	{ "x-amz-server-side-encryption-customer-key", false },
	{ "WWW-Authenticate", false },
	{ "etag", true }, { "x-amz-request-id", true }, { "date", true },
	{ "x-amz-server-side-encryption-aws-kms-key-id", true }
};

static void
test_text(void)
{
	char long_text[300];
	struct buf b;
	size_t i;

	for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		buf_init(&b, 4096);
		redact_text(span_of(texts[i].in), 1000, &b);
		is_str(buf_string(&b), texts[i].out, "text %zu", i);
		buf_clear(&b);
	}
	buf_init(&b, 4096);
	redact_text(span_of("abc\xc3\xbc" "def"), 4, &b);
	is_str(buf_string(&b), "abc...", "cut between characters");
	buf_reset(&b);
	memset(long_text, 'A', sizeof long_text);
	redact_text(span_make(long_text, sizeof long_text), 20, &b);
	is_str(buf_string(&b), "[redacted]", "a secret at the cut");
	buf_clear(&b);
	buf_init(&b, 16);
	redact_text(span_of("more than sixteen bytes"), 100, &b);
	is_int(b.fault, BUF_FULL, "the caller's cap holds");
	buf_clear(&b);
}

int
main(void)
{
	struct buf b;
	size_t i;

	test_text();
	for (i = 0; i < sizeof urls / sizeof urls[0]; i++) {
		buf_init(&b, 4096);
		redact_url(span_of(urls[i].in), &b);
		is_str(buf_string(&b), urls[i].out, "URL %zu", i);
		buf_clear(&b);
	}
	for (i = 0; i < sizeof fields / sizeof fields[0]; i++)
		is_int(redact_field(fields[i].name), fields[i].shown, "%s",
		    fields[i].name);
	return done_testing();
}
