#include "diag/advice.h"

#include <stdbool.h>
#include <string.h>

#include "aws/endpoint.h"

/* The commands that make a bucket as verify-bucket wants it. */
static void
make_bucket(const struct advice_question *q, struct buf *out)
{
	const char *region = q->region == NULL ? "us-east-1" : q->region;
	struct buf tail;

	buf_init(&tail, 4096);
	if (q->endpoint != NULL)
		buf_addf(&tail, " --endpoint-url '%s'", q->endpoint);
	buf_addf(out, "To make the bucket '%s':\n", q->bucket);
	buf_addf(out, "  aws s3api create-bucket --bucket '%s' --region %s",
	    q->bucket, region);
	/* us-east-1 is the one region that must not be named there. */
	if (strcmp(region, "us-east-1") != 0)
		buf_addf(out, " \\\n    --create-bucket-configuration "
		    "LocationConstraint=%s", region);
	buf_addf(out, "%s\n", buf_string(&tail));
	buf_addf(out, "  aws s3api put-public-access-block --bucket '%s' "
	    "\\\n    --public-access-block-configuration BlockPublicAcls="
	    "true,IgnorePublicAcls=true,BlockPublicPolicy=true,"
	    "RestrictPublicBuckets=true%s\n", q->bucket, buf_string(&tail));
	buf_addf(out, "  aws s3api put-bucket-versioning --bucket '%s' "
	    "\\\n    --versioning-configuration Status=Enabled%s\n",
	    q->bucket, buf_string(&tail));
	buf_addf(out, "If it exists already, its name, region or endpoint "
	    "is wrong in the settings.\n");
	buf_clear(&tail);
}

static const char *
partition(const struct advice_question *q)
{
	return endpoint_partition(q->region == NULL ? "us-east-1" :
	    q->region);
}

static void
statement(const char *sid, const char *action, const char *resource,
    struct buf *out)
{
	buf_addf(out, "  {\"Sid\":\"%s\",\"Effect\":\"Allow\",\"Action\":"
	    "%s,\"Resource\":\"%s\"}\n", sid, action, resource);
}

static void
object_statement(const struct advice_question *q, struct buf *out)
{
	struct buf arn, action;

	buf_init(&arn, 4096);
	buf_init(&action, 256);
	buf_addf(&arn, "arn:%s:s3:::%s/%scache-v1/%s/*", partition(q),
	    q->bucket, q->prefix == NULL ? "" : q->prefix,
	    q->account == NULL || q->account[0] == '\0' ? "*" : q->account);
	/* A write that replaces needs to read the ETag it replaces. */
	if (strcmp(q->action, "s3:PutObject") == 0)
		buf_add_string(&action,
		    "[\"s3:PutObject\",\"s3:GetObject\"]");
	else
		buf_addf(&action, "\"%s\"", q->action);
	statement("TeamcacheObjects", buf_string(&action), buf_string(&arn),
	    out);
	buf_clear(&arn);
	buf_clear(&action);
}

static void
list_statement(const struct advice_question *q, struct buf *out)
{
	struct buf arn;

	buf_init(&arn, 4096);
	buf_addf(&arn, "arn:%s:s3:::%s", partition(q), q->bucket);
	statement("TeamcacheMissingMeans404", "\"s3:ListBucket\"",
	    buf_string(&arn), out);
	buf_clear(&arn);
}

/* The side that said no, where AWS's message tells. */
static const char *
whose(const char *message)
{
	static const struct {
		const char *fragment;
		const char *advice;
	} table[] = {
		{ "service control policy", "A service control policy of the "
		    "organization denies it: only its administrators can "
		    "change that." },
		{ "resource control policy", "A resource control policy of "
		    "the organization denies it: only its administrators can "
		    "change that." },
		{ "permissions boundary", "The permissions boundary of the "
		    "caller has to allow it too." },
		{ "session policy", "The session policy that was given with "
		    "AssumeRole has to allow it too." },
		{ "VPC endpoint policy", "The VPC endpoint's policy has to "
		    "allow it too." },
		{ "explicit deny in a resource-based policy", "A Deny "
		    "statement of the bucket's (or key's) policy matches: it "
		    "has to be changed there." },
		{ "explicit deny in an identity-based policy", "A Deny "
		    "statement of the caller's own policies matches: it has "
		    "to be changed there." },
	};
	size_t i;

	for (i = 0; i < sizeof table / sizeof table[0]; i++)
		if (strstr(message, table[i].fragment) != NULL)
			return table[i].advice;
	return NULL;
}

static void
allow(const struct advice_question *q, struct buf *out)
{
	const char *layer = whose(q->err->message);
	bool kms = strstr(q->err->message, "kms:") != NULL;

	if (layer != NULL)
		buf_addf(out, "%s\n", layer);
	buf_add_string(out, "The statement that allows it, for the caller's "
	    "identity policy (across accounts in the bucket policy too):\n");
	if (strncmp(q->action, "ce:", 3) == 0) {
		statement("TeamcacheCosts",
		    "[\"ce:GetCostAndUsage\",\"ce:GetCostForecast\"]", "*",
		    out);
		return;
	}
	if (kms) {
		statement("TeamcacheKey",
		    "[\"kms:Decrypt\",\"kms:GenerateDataKey\"]",
		    q->kms_key_id == NULL ? "*" : q->kms_key_id, out);
		return;
	}
	if (strcmp(q->action, "s3:ListBucket") != 0)
		object_statement(q, out);
	list_statement(q, out);
}

void
advice_text(const struct advice_question *q, struct buf *out)
{
	if (q->bucket != NULL && strcmp(q->err->code, "NoSuchBucket") == 0) {
		make_bucket(q, out);
		return;
	}
	if (q->err->class != ERR_DENIED || q->action == NULL)
		return;
	if (q->bucket != NULL || strncmp(q->action, "ce:", 3) == 0)
		allow(q, out);
}
