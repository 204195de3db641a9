#include "tap.h"

#include "diag/bucket_plan.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

#define PAB(last) "<PublicAccessBlockConfiguration><BlockPublicAcls>true" \
	"</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls>" \
	"<BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>" \
	last "</RestrictPublicBuckets></PublicAccessBlockConfiguration>"
#define OWNED(by) "<OwnershipControls><Rule><ObjectOwnership>" by \
	"</ObjectOwnership></Rule></OwnershipControls>"
#define VERSIONS(status) "<VersioningConfiguration><Status>" status \
	"</Status></VersioningConfiguration>"
#define SSE(algorithm, key) "<ServerSideEncryptionConfiguration><Rule>" \
	"<ApplyServerSideEncryptionByDefault><SSEAlgorithm>" algorithm \
	"</SSEAlgorithm>" key "</ApplyServerSideEncryptionByDefault></Rule>" \
	"</ServerSideEncryptionConfiguration>"
#define KEY "arn:aws:kms:eu-west-1:123456789012:key/k"
#define RULES "<LifecycleConfiguration><Rule><Filter/><Status>Enabled" \
	"</Status><Expiration><Days>7</Days></Expiration>" \
	"<NoncurrentVersionExpiration><NoncurrentDays>7</NoncurrentDays>" \
	"</NoncurrentVersionExpiration><AbortIncompleteMultipartUpload>" \
	"<DaysAfterInitiation>1</DaysAfterInitiation>" \
	"</AbortIncompleteMultipartUpload></Rule><Rule><Filter/><Status>" \
	"Enabled</Status><Expiration><ExpiredObjectDeleteMarker>true" \
	"</ExpiredObjectDeleteMarker></Expiration></Rule>" \
	"</LifecycleConfiguration>"
#define TLS "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":" \
	"\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":[" \
	"\"arn:aws:s3:::acme\",\"arn:aws:s3:::acme/*\"],\"Condition\":" \
	"{\"Bool\":{\"aws:SecureTransport\":\"false\"}}}]}"

/* A bucket that is fit: each part's document, in the order of the parts. */
static const char *const fit[BUCKET_CONFIG_PARTS] = {
	[BUCKET_CONFIG_VERSIONING] = VERSIONS("Enabled"),
	[BUCKET_CONFIG_ENCRYPTION] = SSE("AES256", ""),
	[BUCKET_CONFIG_PUBLIC_ACCESS] = PAB("true"),
	[BUCKET_CONFIG_OWNERSHIP] = OWNED("BucketOwnerEnforced"),
	[BUCKET_CONFIG_POLICY] = TLS,
	[BUCKET_CONFIG_LIFECYCLE] = RULES,
};

static const struct bucket_plan_request plain = {
	.place = { "aws", "acme", "", "eu-west-1" },
};

/* No request is made: all that is asked for is known. */
static void
know(struct bucket_facts *facts)
{
	size_t i;

	bucket_facts_init(facts, NULL);
	for (i = 0; i < BUCKET_CONFIG_PARTS; i++) {
		facts->parts[i].fact = fit[i] == NULL ? BUCKET_FACT_NONE :
		    BUCKET_FACT_FOUND;
		buf_add_string(&facts->parts[i].body, fit[i] == NULL ? "" :
		    fit[i]);
	}
}

static void
tell(struct bucket_facts *facts, enum bucket_config_part part,
    const char *body)
{
	buf_reset(&facts->parts[part].body);
	facts->parts[part].fact = body == NULL ? BUCKET_FACT_NONE :
	    BUCKET_FACT_FOUND;
	buf_add_string(&facts->parts[part].body, body == NULL ? "" : body);
}

static void
test_only_what_fails(void)
{
	static const struct {
		enum bucket_config_part part;
		const char *body;	/* NULL: not configured */
		const char *check;	/* that lets it be */
		const char *has;	/* in the call's body */
	} rows[] = {
		{ BUCKET_CONFIG_VERSIONING, NULL, "versioning",
		    "<Status>Enabled<" },
		{ BUCKET_CONFIG_VERSIONING, VERSIONS("Suspended"),
		    "versioning", "<Status>Enabled<" },
		{ BUCKET_CONFIG_ENCRYPTION, NULL, "encryption", "AES256" },
		{ BUCKET_CONFIG_PUBLIC_ACCESS, NULL, "public-access-block",
		    "<RestrictPublicBuckets>true<" },
		{ BUCKET_CONFIG_PUBLIC_ACCESS, PAB("false"),
		    "public-access-block", "<RestrictPublicBuckets>true<" },
		{ BUCKET_CONFIG_OWNERSHIP, NULL, "acls-disabled",
		    "BucketOwnerEnforced" },
		{ BUCKET_CONFIG_OWNERSHIP, OWNED("ObjectWriter"),
		    "acls-disabled", "BucketOwnerEnforced" },
		{ BUCKET_CONFIG_POLICY, NULL, "tls-only",
		    "\"aws:SecureTransport\":\"false\"" },
		{ BUCKET_CONFIG_POLICY, "{\"Statement\":[{\"Sid\":\"T\"}]}",
		    "tls-only", "{\"Sid\":\"T\"}" },
		{ BUCKET_CONFIG_LIFECYCLE, NULL, "lifecycle-entries,"
		    "lifecycle-versions,lifecycle-delete-markers,"
		    "lifecycle-uploads,lifecycle-leases",
		    "<ID>teamcache-leases</ID>" },
	};
	struct bucket_facts facts;
	struct bucket_plan plan;
	struct err err = { 0 };
	size_t i;

	know(&facts);
	is_int(bucket_plan_make(&plain, &facts, &plan, &err), 0, "fit");
	is_uint(plan.count, 0, "nothing is to be done");
	bucket_plan_clear(&plan);
	bucket_facts_clear(&facts);
	for (i = 0; i < COUNT(rows); i++) {
		struct bucket_plan_request skipping = plain;

		know(&facts);
		tell(&facts, rows[i].part, rows[i].body);
		is_int(bucket_plan_make(&plain, &facts, &plan, &err), 0,
		    "row %zu (%s)", i, err.message);
		is_uint(plan.count, 1, "one call");
		is_int(plan.calls[0].part, rows[i].part, "for that part");
		has_str(buf_string(&plan.calls[0].body), rows[i].has,
		    "its body");
		bucket_plan_clear(&plan);
		skipping.selection.skip = rows[i].check;
		is_int(bucket_plan_make(&skipping, &facts, &plan, &err), 0,
		    "without its check");
		is_uint(plan.count, 0, "it is let be");
		bucket_plan_clear(&plan);
		facts.parts[rows[i].part].fact = BUCKET_FACT_UNKNOWN;
		is_int(bucket_plan_make(&plain, &facts, &plan, &err), 0,
		    "where the store does not know it");
		is_uint(plan.count, 0, "nobody sets it");
		bucket_plan_clear(&plan);
		bucket_facts_clear(&facts);
	}
}

static void
test_key(void)
{
	struct bucket_plan_request rq = plain;
	struct bucket_facts facts;
	struct bucket_plan plan;
	struct err err = { 0 };

	rq.kms_key = KEY;
	know(&facts);
	is_int(bucket_plan_make(&rq, &facts, &plan, &err), 0, "a key");
	is_uint(plan.count, 1, "is set");
	has_str(buf_string(&plan.calls[0].body), "<KMSMasterKeyID>" KEY "<",
	    "by its ARN");
	bucket_plan_clear(&plan);
	tell(&facts, BUCKET_CONFIG_ENCRYPTION, SSE("aws:kms",
	    "<KMSMasterKeyID>" KEY "</KMSMasterKeyID>"));
	is_int(bucket_plan_make(&rq, &facts, &plan, &err), 0, "the same");
	is_uint(plan.count, 0, "is not set again");
	bucket_plan_clear(&plan);
	rq.kms_key = NULL;
	is_int(bucket_plan_make(&rq, &facts, &plan, &err), 0, "none");
	is_uint(plan.count, 0, "lets the key be");
	bucket_plan_clear(&plan);
	bucket_facts_clear(&facts);
}

static void
test_grants(void)
{
	struct policy_grant grant = { SPAN_LITERAL("111122223333"),
		SPAN_LITERAL("111122223333"), true };
	struct bucket_plan_request rq = plain;
	struct bucket_facts facts;
	struct bucket_plan plan;
	struct err err = { 0 };
	struct buf first;

	buf_init(&first, 65536);
	rq.grants = &grant;
	rq.grant_count = 1;
	know(&facts);
	is_int(bucket_plan_make(&rq, &facts, &plan, &err), 0, "one comes in");
	is_uint(plan.count, 1, "one call");
	has_str(buf_string(&plan.calls[0].body),
	    "arn:aws:iam::111122223333:root", "names it");
	ok(strstr(buf_string(&plan.calls[0].body), "TeamcacheTlsOnly") ==
	    NULL, "TLS is somebody's statement already");
	buf_add_span(&first, buf_view(&plan.calls[0].body));
	bucket_plan_clear(&plan);
	tell(&facts, BUCKET_CONFIG_POLICY, buf_string(&first));
	is_int(bucket_plan_make(&rq, &facts, &plan, &err), 0, "again");
	is_uint(plan.count, 0, "it is in");
	bucket_plan_clear(&plan);
	grant.principal = grant.accounts = span_of("444455556666");
	is_int(bucket_plan_make(&rq, &facts, &plan, &err), 0, "another");
	has_str(buf_string(&plan.calls[0].body),
	    "arn:aws:iam::111122223333:root", "the first one stays");
	has_str(buf_string(&plan.calls[0].body), "TeamcacheWriter444455556666",
	    "the second one comes");
	bucket_plan_clear(&plan);
	bucket_facts_clear(&facts);
	buf_clear(&first);
}

static void
test_denied(void)
{
	struct bucket_facts facts;
	struct bucket_plan plan;
	struct err err = { 0 };

	know(&facts);
	tell(&facts, BUCKET_CONFIG_VERSIONING, NULL);
	facts.parts[BUCKET_CONFIG_LIFECYCLE].fact = BUCKET_FACT_DENIED;
	err_set(&facts.parts[BUCKET_CONFIG_LIFECYCLE].err, ERR_DENIED,
	    "denied");
	is_int(bucket_plan_make(&plain, &facts, &plan, &err), -1,
	    "rules that cannot be seen");
	is_int(err.class, ERR_DENIED, "class");
	has_str(err.hint, "s3:GetLifecycleConfiguration", "the action");
	bucket_plan_clear(&plan);
	bucket_plan_clear(&plan);
	bucket_facts_clear(&facts);
}

int
main(void)
{
	test_only_what_fails();
	test_key();
	test_grants();
	test_denied();
	return done_testing();
}
