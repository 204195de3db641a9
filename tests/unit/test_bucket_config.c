#include "tap.h"

#include "aws/bucket_config.h"
#include "codec/xml.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define NS " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\""

static void
test_versioning(void)
{
	static const struct {
		const char *body;
		int want;	/* -1: refused */
	} rows[] = {
		{ "<VersioningConfiguration" NS "/>", BUCKET_CONFIG_NEVER },
		{ "<VersioningConfiguration><Status>Enabled</Status>"
		    "<MfaDelete>Disabled</MfaDelete>"
		    "</VersioningConfiguration>", BUCKET_CONFIG_ENABLED },
		{ "<VersioningConfiguration><Status>\n Suspended</Status>"
		    "</VersioningConfiguration>", BUCKET_CONFIG_SUSPENDED },
		{ "<VersioningConfiguration><Status>enabled</Status>"
		    "</VersioningConfiguration>", BUCKET_CONFIG_NEVER },
		{ "\n <VersioningConfiguration/>\n", BUCKET_CONFIG_NEVER },
		{ "<GetBucketVersioningResponse><Status>Enabled</Status>"
		    "</GetBucketVersioningResponse>", BUCKET_CONFIG_ENABLED },
		{ "<ListBucketResult/>", -1 },
		{ "", -1 },
		{ "nonsense", -1 },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		enum bucket_config_versioning v = BUCKET_CONFIG_NEVER;
		struct err err = { 0 };
		int result = bucket_config_versioning(span_of(rows[i].body),
		    &v, &err);

		is_int(result == 0 ? (int)v : -1, rows[i].want, "'%s'",
		    rows[i].body);
		is_int(err.class, rows[i].want < 0 ? ERR_DATA : ERR_NONE,
		    "its class");
	}
}

#define SSE(inside) \
	"<ServerSideEncryptionConfiguration" NS "><Rule>" inside \
	"</Rule></ServerSideEncryptionConfiguration>"
#define BLOCKED \
	"<BlockedEncryptionTypes><EncryptionType>SSE-C</EncryptionType>" \
	"<EncryptionType>X&amp;Y</EncryptionType></BlockedEncryptionTypes>"

static void
test_encryption(void)
{
	static const char key[] = "arn:aws:kms:eu-west-1:123456789012:key/k";
	struct bucket_config_encryption e;
	struct err err = { 0 };
	struct buf out;

	buf_init(&out, 4096);
	is_int(bucket_config_encryption(span_of(SSE(
	    "<ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256"
	    "</SSEAlgorithm></ApplyServerSideEncryptionByDefault>"
	    "<BucketKeyEnabled>false</BucketKeyEnabled>")), &e, &err), 0,
	    "SSE-S3");
	is_str(e.algorithm, "AES256", "algorithm");
	is_str(e.key, "", "no key");
	is_uint(e.blocked.n, 0, "nothing more");
	bucket_config_encryption_clear(&e);

	is_int(bucket_config_encryption(span_of(SSE(
	    "<BucketKeyEnabled>true</BucketKeyEnabled>" BLOCKED
	    "<ApplyServerSideEncryptionByDefault><KMSMasterKeyID>"
	    "arn:aws:kms:eu-west-1:123456789012:key/k</KMSMasterKeyID>"
	    "<SSEAlgorithm>aws:kms</SSEAlgorithm>"
	    "</ApplyServerSideEncryptionByDefault>")), &e, &err), 0, "KMS");
	is_str(e.algorithm, "aws:kms", "algorithm");
	is_str(e.key, key, "key");
	is_str(buf_string(&e.blocked), BLOCKED, "what is blocked is kept");
	bucket_config_put_encryption(key, buf_view(&e.blocked), &out);
	is_str(buf_string(&out), SSE("<ApplyServerSideEncryptionByDefault>"
	    "<SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>"
	    "arn:aws:kms:eu-west-1:123456789012:key/k</KMSMasterKeyID>"
	    "</ApplyServerSideEncryptionByDefault>"
	    "<BucketKeyEnabled>true</BucketKeyEnabled>" BLOCKED),
	    "and written back");
	bucket_config_encryption_clear(&e);
	buf_reset(&out);
	bucket_config_put_encryption(NULL, span_of(""), &out);
	is_str(buf_string(&out), SSE("<ApplyServerSideEncryptionByDefault>"
	    "<SSEAlgorithm>AES256</SSEAlgorithm>"
	    "</ApplyServerSideEncryptionByDefault>"), "SSE-S3 as written");

	is_int(bucket_config_encryption(span_of("<X/>"), &e, &err), -1,
	    "another document");
	bucket_config_encryption_clear(&e);
	err_clear(&err);
	is_int(bucket_config_encryption(span_of(SSE(
	    "<ApplyServerSideEncryptionByDefault><SSEAlgorithm>"
	    "0123456789012345678901234567890123</SSEAlgorithm>"
	    "</ApplyServerSideEncryptionByDefault>")), &e, &err), -1,
	    "a name that is too long");
	is_int(err.class, ERR_DATA, "class");
	bucket_config_encryption_clear(&e);
	buf_clear(&out);
}

static void
test_public_access(void)
{
	bool flags[BUCKET_CONFIG_FLAGS];
	struct err err = { 0 };
	struct buf out;
	size_t i;

	is_int(bucket_config_public_access(span_of(
	    "<PublicAccessBlockConfiguration><BlockPublicPolicy>true"
	    "</BlockPublicPolicy><BlockPublicAcls>TRUE</BlockPublicAcls>"
	    "<IgnorePublicAcls>false</IgnorePublicAcls>"
	    "</PublicAccessBlockConfiguration>"), flags, &err), 0,
	    "some of them");
	ok(flags[0] && !flags[1] && flags[2] && !flags[3],
	    "in any order, missing ones are off");
	buf_init(&out, 4096);
	bucket_config_put_public_access(&out);
	is_int(bucket_config_public_access(buf_view(&out), flags, &err), 0,
	    "what is written can be read");
	for (i = 0; i < BUCKET_CONFIG_FLAGS; i++)
		ok(flags[i], "%s is on", bucket_config_flag(i));
	is_int(bucket_config_public_access(span_of("<X/>"), flags, &err), -1,
	    "another document");
	buf_clear(&out);
}

static void
test_rest(void)
{
	char text[64];
	bool is_public;
	struct err err = { 0 };
	struct buf out;
	size_t i;

	buf_init(&out, 4096);
	bucket_config_put_ownership(&out);
	is_int(bucket_config_ownership(buf_view(&out), text, &err), 0,
	    "ownership as written");
	is_str(text, "BucketOwnerEnforced", "is enforced");
	is_int(bucket_config_policy_status(span_of("<PolicyStatus><IsPublic>"
	    "TRUE</IsPublic></PolicyStatus>"), &is_public, &err), 0,
	    "policy status");
	ok(is_public, "public");
	is_int(bucket_config_policy_status(span_of("<PolicyStatus>"
	    "</PolicyStatus>"), &is_public, &err), 0, "not said");
	ok(!is_public, "is not public");
	is_int(bucket_config_logging(span_of("<BucketLoggingStatus" NS "/>"),
	    text, &err), 0, "no log");
	is_str(text, "", "is nowhere");
	is_int(bucket_config_logging(span_of("<BucketLoggingStatus>"
	    "<LoggingEnabled><TargetPrefix/><TargetBucket>logs"
	    "</TargetBucket></LoggingEnabled></BucketLoggingStatus>"), text,
	    &err), 0, "a log");
	is_str(text, "logs", "goes there");
	buf_reset(&out);
	bucket_config_put_versioning(&out);
	is_str(buf_string(&out), "<VersioningConfiguration" NS "><Status>"
	    "Enabled</Status></VersioningConfiguration>", "versioning");
	buf_reset(&out);
	bucket_config_put_location("eu-west-1", &out);
	is_str(buf_string(&out), "<CreateBucketConfiguration" NS ">"
	    "<LocationConstraint>eu-west-1</LocationConstraint>"
	    "</CreateBucketConfiguration>", "location");
	is_int(bucket_config_ownership(span_of("<X/>"), text, &err), -1,
	    "another document");
	is_int(bucket_config_policy_status(span_of("<X/>"), &is_public,
	    &err), -1, "another document");
	is_int(bucket_config_logging(span_of("<X/>"), text, &err), -1,
	    "another document");
	for (i = 0; i < BUCKET_CONFIG_PARTS; i++) {
		const struct bucket_config_info *info = bucket_config_info(
		    (enum bucket_config_part)i);

		ok(span_starts(span_of(info->read_action), "s3:Get"),
		    "%s has its action", info->what);
		ok(span_ends(span_of(info->query), "="), "and its query");
	}
	buf_clear(&out);
}

int
main(void)
{
	test_versioning();
	test_encryption();
	test_public_access();
	test_rest();
	return done_testing();
}
