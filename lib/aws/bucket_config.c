#include "aws/bucket_config.h"

#include <string.h>

#include "base/limits.h"
#include "codec/xml.h"

#define NAMESPACE " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\""
#define XML "application/xml"

static const struct bucket_config_info infos[] = {
	[BUCKET_CONFIG_VERSIONING] = { "versioning=", "versioning",
	    "s3:GetBucketVersioning", "s3:PutBucketVersioning", XML },
	[BUCKET_CONFIG_ENCRYPTION] = { "encryption=", "default encryption",
	    "s3:GetEncryptionConfiguration", "s3:PutEncryptionConfiguration",
	    XML },
	[BUCKET_CONFIG_PUBLIC_ACCESS] = { "publicAccessBlock=",
	    "public access block", "s3:GetBucketPublicAccessBlock",
	    "s3:PutBucketPublicAccessBlock", XML },
	[BUCKET_CONFIG_OWNERSHIP] = { "ownershipControls=",
	    "object ownership", "s3:GetBucketOwnershipControls",
	    "s3:PutBucketOwnershipControls", XML },
	[BUCKET_CONFIG_POLICY] = { "policy=", "policy", "s3:GetBucketPolicy",
	    "s3:PutBucketPolicy", "application/json" },
	[BUCKET_CONFIG_POLICY_STATUS] = { "policyStatus=", "policy status",
	    "s3:GetBucketPolicyStatus", NULL, XML },
	[BUCKET_CONFIG_LIFECYCLE] = { "lifecycle=", "lifecycle",
	    "s3:GetLifecycleConfiguration", "s3:PutLifecycleConfiguration",
	    XML },
	[BUCKET_CONFIG_LOGGING] = { "logging=", "access log",
	    "s3:GetBucketLogging", NULL, XML },
};

static const char *const flag_names[BUCKET_CONFIG_FLAGS] = {
	"BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy",
	"RestrictPublicBuckets",
};

const struct bucket_config_info *
bucket_config_info(enum bucket_config_part part)
{
	return &infos[part];
}

const char *
bucket_config_flag(size_t i)
{
	return flag_names[i];
}

/*
 * Parse a document of that root; cleared when it is another. also: what some
 * copies of S3 call it, or NULL.
 */
static int
parse_either(struct xml *x, struct span body, const char *root,
    const char *also, struct err *err)
{
	/* Some stores put blanks in front, which XML forbids. */
	if (xml_parse(x, span_trim(body), err) != 0)
		return -1;
	if (strcmp(x->root->name, root) == 0 ||
	    (also != NULL && strcmp(x->root->name, also) == 0))
		return 0;
	xml_clear(x);
	return err_set(err, ERR_DATA, "the answer is no %s", root);
}

static int
parse(struct xml *x, struct span body, const char *root, struct err *err)
{
	return parse_either(x, body, root, NULL, err);
}

/* Into a fixed array; what does not fit is not what was expected there. */
static int
copy(struct span from, char *to, size_t room, struct err *err)
{
	return span_copy(span_trim(from), to, room) ? 0 : err_set(err,
	    ERR_DATA, "a value of the answer is too long");
}

int
bucket_config_versioning(struct span body,
    enum bucket_config_versioning *out, struct err *err)
{
	struct xml x = { 0 };
	struct span status;

	if (parse_either(&x, body, "VersioningConfiguration",
	    "GetBucketVersioningResponse", err) != 0)
		return -1;
	status = span_trim(xml_text(x.root, "Status"));
	*out = span_is(status, "Enabled") ? BUCKET_CONFIG_ENABLED :
	    span_is(status, "Suspended") ? BUCKET_CONFIG_SUSPENDED :
	    BUCKET_CONFIG_NEVER;
	xml_clear(&x);
	return 0;
}

static void
keep_blocked(const struct xml_node *rule, struct buf *out)
{
	const struct xml_node *one = xml_find(rule,
	    "BlockedEncryptionTypes/EncryptionType");

	if (one == NULL)
		return;
	buf_add_string(out, "<BlockedEncryptionTypes>");
	for (; one != NULL; one = xml_again(one)) {
		buf_add_string(out, "<EncryptionType>");
		xml_escape(one->text, out);
		buf_add_string(out, "</EncryptionType>");
	}
	buf_add_string(out, "</BlockedEncryptionTypes>");
}

int
bucket_config_encryption(struct span body,
    struct bucket_config_encryption *out, struct err *err)
{
	static const char by_default[] = "ApplyServerSideEncryptionByDefault";
	struct xml x = { 0 };
	const struct xml_node *rule, *set;
	int result = -1;

	memset(out, 0, sizeof *out);
	buf_init(&out->blocked, 4 * LIMIT_KIB);
	if (parse(&x, body, "ServerSideEncryptionConfiguration", err) != 0)
		return -1;
	rule = xml_child(x.root, "Rule");
	set = xml_child(rule, by_default);
	keep_blocked(rule, &out->blocked);
	if (copy(xml_text(set, "SSEAlgorithm"), out->algorithm,
	    sizeof out->algorithm, err) == 0 &&
	    copy(xml_text(set, "KMSMasterKeyID"), out->key, sizeof out->key,
	    err) == 0)
		result = buf_check(&out->blocked, "the encryption", err);
	if (result != 0)
		bucket_config_encryption_clear(out);
	xml_clear(&x);
	return result;
}

void
bucket_config_encryption_clear(struct bucket_config_encryption *e)
{
	buf_clear(&e->blocked);
}

int
bucket_config_public_access(struct span body,
    bool flags[BUCKET_CONFIG_FLAGS], struct err *err)
{
	struct xml x = { 0 };
	size_t i;

	if (parse(&x, body, "PublicAccessBlockConfiguration", err) != 0)
		return -1;
	for (i = 0; i < BUCKET_CONFIG_FLAGS; i++)
		flags[i] = span_is_nocase(span_trim(xml_text(x.root,
		    flag_names[i])), "true");
	xml_clear(&x);
	return 0;
}

int
bucket_config_ownership(struct span body, char out[32], struct err *err)
{
	struct xml x = { 0 };
	int result;

	if (parse(&x, body, "OwnershipControls", err) != 0)
		return -1;
	result = copy(xml_text(x.root, "Rule/ObjectOwnership"), out, 32, err);
	xml_clear(&x);
	return result;
}

int
bucket_config_policy_status(struct span body, bool *is_public,
    struct err *err)
{
	struct xml x = { 0 };

	if (parse(&x, body, "PolicyStatus", err) != 0)
		return -1;
	*is_public = span_is_nocase(span_trim(xml_text(x.root, "IsPublic")),
	    "true");
	xml_clear(&x);
	return 0;
}

int
bucket_config_logging(struct span body, char bucket[64], struct err *err)
{
	struct xml x = { 0 };
	int result;

	if (parse(&x, body, "BucketLoggingStatus", err) != 0)
		return -1;
	result = copy(xml_text(x.root, "LoggingEnabled/TargetBucket"), bucket,
	    64, err);
	xml_clear(&x);
	return result;
}

void
bucket_config_put_versioning(struct buf *out)
{
	buf_add_string(out, "<VersioningConfiguration" NAMESPACE
	    "><Status>Enabled</Status></VersioningConfiguration>");
}

void
bucket_config_put_public_access(struct buf *out)
{
	size_t i;

	buf_add_string(out, "<PublicAccessBlockConfiguration" NAMESPACE ">");
	for (i = 0; i < BUCKET_CONFIG_FLAGS; i++)
		buf_addf(out, "<%s>true</%s>", flag_names[i], flag_names[i]);
	buf_add_string(out, "</PublicAccessBlockConfiguration>");
}

void
bucket_config_put_ownership(struct buf *out)
{
	buf_add_string(out, "<OwnershipControls" NAMESPACE "><Rule>"
	    "<ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule>"
	    "</OwnershipControls>");
}

void
bucket_config_put_encryption(const char *key, struct span blocked,
    struct buf *out)
{
	buf_add_string(out, "<ServerSideEncryptionConfiguration" NAMESPACE
	    "><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>");
	buf_add_string(out, key == NULL ? "AES256" : "aws:kms");
	buf_add_string(out, "</SSEAlgorithm>");
	if (key != NULL) {
		buf_add_string(out, "<KMSMasterKeyID>");
		xml_escape(span_of(key), out);
		buf_add_string(out, "</KMSMasterKeyID>");
	}
	buf_add_string(out, "</ApplyServerSideEncryptionByDefault>");
	if (key != NULL)
		buf_add_string(out, "<BucketKeyEnabled>true"
		    "</BucketKeyEnabled>");
	buf_add_span(out, blocked);
	buf_add_string(out, "</Rule></ServerSideEncryptionConfiguration>");
}

void
bucket_config_put_location(const char *region, struct buf *out)
{
	buf_add_string(out, "<CreateBucketConfiguration" NAMESPACE
	    "><LocationConstraint>");
	xml_escape(span_of(region), out);
	buf_add_string(out, "</LocationConstraint>"
	    "</CreateBucketConfiguration>");
}
