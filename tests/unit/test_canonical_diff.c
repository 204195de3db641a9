#include "tap.h"

#include "base/limits.h"
#include "diag/canonical_diff.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define TOKEN "IQoJb3JpZ2luX2VjEXAMPLEtokenEXAMPLEtokenEXAMPLEtoken"
#define OURS(host, token) "GET\n/b/k\n\nhost:" host "\n" \
	"x-amz-security-token:" token "\n\nhost;x-amz-security-token\nab12"
#define ERROR(inside) "<Error><Code>SignatureDoesNotMatch</Code>" inside \
	"</Error>"

static void
test_rows(void)
{
	static const struct {
		const char *what, *answer, *want;
	} rows[] = {
		{ "the same", ERROR("<CanonicalRequest>" OURS("s:1", TOKEN)
		    "</CanonicalRequest>"), "S3 saw the request that was "
		    "signed: the secret key is the wrong one" },
		{ "another host", ERROR("<CanonicalRequest>" OURS("t", TOKEN)
		    "</CanonicalRequest>"), "signed was 'host:s:1', S3 saw "
		    "'host:t'" },
		{ "another token, which is not shown", ERROR(
		    "<CanonicalRequest>" OURS("s:1", "FwoGZXIvYXdzEXAMPLE")
		    "</CanonicalRequest>"),
		    "a secret field is another one" },
		{ "a path that a proxy rewrote", ERROR("<CanonicalRequest>"
		    "GET\n/k\n\nhost:s:1\nx-amz-security-token:" TOKEN
		    "\n\nhost;x-amz-security-token\nab12"
		    "</CanonicalRequest>"), "signed was '/b/k', S3 saw "
		    "'/k'" },
		{ "all different", ERROR("<CanonicalRequest>a\nb\nc\nd\ne\nf"
		    "</CanonicalRequest>"), "signed was 'GET', S3 saw 'a'; "
		    "signed was '/b/k', S3 saw 'b'; signed was '', S3 saw "
		    "'c'; signed was 'host:s:1', S3 saw 'd'" },
		{ "no canonical request", ERROR(""), "" },
		{ "no XML", "no", "" },
		{ "nothing", "", "" },
	};
	struct buf b;
	size_t i;

	buf_init(&b, LIMIT_MIB);
	for (i = 0; i < COUNT(rows); i++) {
		buf_reset(&b);
		canonical_diff(span_of(rows[i].answer),
		    span_of(OURS("s:1", TOKEN)), &b);
		is_str(buf_string(&b), rows[i].want, "%s", rows[i].what);
		ok(strstr(buf_string(&b), "EXAMPLE") == NULL,
		    "%s: no token", rows[i].what);
	}
	buf_reset(&b);
	canonical_diff(span_of(rows[0].answer), span_make(NULL, 0), &b);
	is_str(buf_string(&b), "", "nothing was signed");
	buf_clear(&b);
}

int
main(void)
{
	test_rows();
	return done_testing();
}
