#include "diag/emit.h"

/* {NAME: VALUE}, the form of many of its properties. */
static void
put_one(struct json_writer *w, const char *property, const char *name,
    const char *value)
{
	json_put_name(w, property);
	json_open_object(w);
	json_member_string(w, name, value);
	json_close_object(w);
}

/* A stack is made in a region; the settings name one. */
static void
put_region_rule(struct json_writer *w, const char *region)
{
	json_put_name(w, "Rules");
	json_open_object(w);
	json_put_name(w, "Region");
	json_open_object(w);
	json_put_name(w, "Assertions");
	json_open_array(w);
	json_open_object(w);
	json_put_name(w, "Assert");
	json_open_object(w);
	json_put_name(w, "Fn::Equals");
	json_open_array(w);
	json_open_object(w);
	json_member_string(w, "Ref", "AWS::Region");
	json_close_object(w);
	json_put_string(w, region);
	json_close_array(w);
	json_close_object(w);
	json_member_string(w, "AssertDescription",
	    "The bucket is to be in another region");
	json_close_object(w);
	json_close_array(w);
	json_close_object(w);
	json_close_object(w);
}

static void
put_encryption(struct json_writer *w, const char *kms_key)
{
	json_put_name(w, "BucketEncryption");
	json_open_object(w);
	json_put_name(w, "ServerSideEncryptionConfiguration");
	json_open_array(w);
	json_open_object(w);
	if (kms_key != NULL)
		json_member_bool(w, "BucketKeyEnabled", true);
	json_put_name(w, "ServerSideEncryptionByDefault");
	json_open_object(w);
	json_member_string(w, "SSEAlgorithm", kms_key == NULL ? "AES256" :
	    "aws:kms");
	if (kms_key != NULL)
		json_member_string(w, "KMSMasterKeyID", kms_key);
	json_close_object(w);
	json_close_object(w);
	json_close_array(w);
	json_close_object(w);
}

static void
put_days(struct json_writer *w, const char *property, const char *name,
    int64_t days)
{
	if (days < 0)
		return;
	json_put_name(w, property);
	json_open_object(w);
	json_member_integer(w, name, days);
	json_close_object(w);
}

static void
put_lifecycle(struct json_writer *w, const struct emit_request *rq)
{
	size_t i;

	json_put_name(w, "LifecycleConfiguration");
	json_open_object(w);
	json_put_name(w, "Rules");
	json_open_array(w);
	for (i = 0; i < rq->rule_count; i++) {
		const struct lifecycle_wish *rule = &rq->rules[i];

		json_open_object(w);
		json_member_string(w, "Id", rule->id);
		json_member_string(w, "Status", "Enabled");
		json_member_string(w, "Prefix", rule->prefix);
		if (rule->days >= 0)
			json_member_integer(w, "ExpirationInDays",
			    rule->days);
		if (rule->markers)
			json_member_bool(w, "ExpiredObjectDeleteMarker",
			    true);
		put_days(w, "NoncurrentVersionExpiration", "NoncurrentDays",
		    rule->noncurrent_days);
		put_days(w, "AbortIncompleteMultipartUpload",
		    "DaysAfterInitiation", rule->upload_days);
		json_close_object(w);
	}
	json_close_array(w);
	json_close_object(w);
}

static void
put_bucket(struct json_writer *w, const struct emit_request *rq)
{
	json_put_name(w, "TeamcacheBucket");
	json_open_object(w);
	json_member_string(w, "Type", "AWS::S3::Bucket");
	json_member_string(w, "DeletionPolicy", "Retain");
	json_member_string(w, "UpdateReplacePolicy", "Retain");
	json_put_name(w, "Properties");
	json_open_object(w);
	json_member_string(w, "BucketName", rq->place.bucket);
	json_put_name(w, "OwnershipControls");
	json_open_object(w);
	json_put_name(w, "Rules");
	json_open_array(w);
	json_open_object(w);
	json_member_string(w, "ObjectOwnership", "BucketOwnerEnforced");
	json_close_object(w);
	json_close_array(w);
	json_close_object(w);
	json_put_name(w, "PublicAccessBlockConfiguration");
	json_open_object(w);
	json_member_bool(w, "BlockPublicAcls", true);
	json_member_bool(w, "BlockPublicPolicy", true);
	json_member_bool(w, "IgnorePublicAcls", true);
	json_member_bool(w, "RestrictPublicBuckets", true);
	json_close_object(w);
	put_one(w, "VersioningConfiguration", "Status", "Enabled");
	put_encryption(w, rq->kms_key);
	put_lifecycle(w, rq);
	json_close_object(w);
	json_close_object(w);
}

static void
put_policy(struct json_writer *w, const struct emit_request *rq)
{
	json_put_name(w, "TeamcacheBucketPolicy");
	json_open_object(w);
	json_member_string(w, "Type", "AWS::S3::BucketPolicy");
	json_put_name(w, "Properties");
	json_open_object(w);
	put_one(w, "Bucket", "Ref", "TeamcacheBucket");
	json_put_name(w, "PolicyDocument");
	emit_policy(rq, w);
	json_close_object(w);
	json_close_object(w);
}

void
emit_cloudformation(const struct emit_request *rq, struct buf *out)
{
	struct json_writer w;

	json_begin(&w, out, true);
	json_open_object(&w);
	json_member_string(&w, "AWSTemplateFormatVersion", "2010-09-09");
	json_member_string(&w, "Description", "The bucket of a team cache, "
	    "made by 'teamcache verify-bucket --emit cloudformation'");
	put_region_rule(&w, rq->place.region);
	json_put_name(&w, "Resources");
	json_open_object(&w);
	put_bucket(&w, rq);
	put_policy(&w, rq);
	json_close_object(&w);
	json_put_name(&w, "Outputs");
	json_open_object(&w);
	json_put_name(&w, "BucketName");
	json_open_object(&w);
	put_one(&w, "Value", "Ref", "TeamcacheBucket");
	json_close_object(&w);
	json_close_object(&w);
	json_close_object(&w);
	buf_add_char(out, '\n');
}
