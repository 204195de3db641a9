#include "diag/advice.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "aws/endpoint.h"
#include "cache/key.h"
#include "codec/json.h"
#include "diag/denial.h"

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

/* action is JSON already. */
static void
statement(const char *sid, const char *action, struct span resource,
    struct buf *out)
{
	buf_addf(out, "  {\"Sid\":\"%s\",\"Effect\":\"Allow\",\"Action\":"
	    "%s,\"Resource\":", sid, action);
	json_quote(resource, out);
	buf_add_string(out, "}\n");
}

/* All of the account's objects below a root of ours. */
static void
tree_statement(const struct advice_question *q, const char *sid,
    const char *action, const char *root, struct buf *out)
{
	struct buf arn;

	buf_init(&arn, 4096);
	buf_addf(&arn, "arn:%s:s3:::%s/%s%s%s/*", partition(q), q->bucket,
	    q->prefix == NULL ? "" : q->prefix, root,
	    q->account == NULL || q->account[0] == '\0' ? "*" : q->account);
	statement(sid, action, buf_view(&arn), out);
	buf_clear(&arn);
}

static void
object_statements(const struct advice_question *q, const char *action,
    struct buf *out)
{
	bool put = strcmp(action, "s3:PutObject") == 0;
	struct buf list;

	buf_init(&list, 256);
	/* A write that replaces needs to read the ETag it replaces. */
	if (put)
		buf_add_string(&list, "[\"s3:PutObject\",\"s3:GetObject\"]");
	else
		buf_addf(&list, "\"%s\"", action);
	tree_statement(q, "TeamcacheObjects", buf_string(&list), KEY_ROOT,
	    out);
	buf_clear(&list);
	/* Who buys takes a lease and gives it back. */
	if (put || strcmp(action, "s3:DeleteObject") == 0)
		tree_statement(q, "TeamcacheLease", "[\"s3:PutObject\","
		    "\"s3:GetObject\",\"s3:DeleteObject\"]", KEY_LEASE_ROOT,
		    out);
}

static void
list_statement(const struct advice_question *q, struct buf *out)
{
	struct buf arn;

	buf_init(&arn, 4096);
	buf_addf(&arn, "arn:%s:s3:::%s", partition(q), q->bucket);
	statement("TeamcacheMissingMeans404", "\"s3:ListBucket\"",
	    buf_view(&arn), out);
	buf_clear(&arn);
}

/* What the side that said no has to do. */
static const char *
whose(const struct denial *d)
{
	static const char *const advice[DENIAL_LAYERS] = {
		[DENIAL_VPCE] = "The VPC endpoint's policy has to allow it "
		    "too.",
		[DENIAL_SCP] = "A service control policy of the organization "
		    "denies it: only its administrators can change that.",
		[DENIAL_RCP] = "A resource control policy of the organization "
		    "denies it: only its administrators can change that.",
		[DENIAL_BOUNDARY] = "The permissions boundary of the caller "
		    "has to allow it too.",
		[DENIAL_SESSION] = "The session policy that was given with "
		    "AssumeRole has to allow it too.",
	};
	bool explicit = d->kind == DENIAL_EXPLICIT;

	if (d->either)
		return NULL;
	if (d->layer == DENIAL_RESOURCE || d->layer == DENIAL_KEY)
		return explicit ? "A Deny statement of the bucket's (or key's) "
		    "policy matches: it has to be changed there." :
		    "The bucket's (or key's) own policy has to allow it.";
	if (d->layer == DENIAL_IDENTITY && explicit)
		return "A Deny statement of the caller's own policies matches: "
		    "it has to be changed there.";
	return advice[d->layer];
}

/* Policies name keys by ARN; an alias is no key. */
static void
key_statement(const struct advice_question *q, struct span named,
    struct buf *out)
{
	const char *id = q->kms_key_id;
	struct buf arn;

	buf_init(&arn, 4096);
	if (denial_find(q->err->message, ":key/") != NULL && named.n > 0)
		buf_add_span(&arn, named);
	else if (id != NULL && strncmp(id, "arn:", 4) == 0 &&
	    strstr(id, ":key/") != NULL)
		buf_add_string(&arn, id);
	else if (id != NULL && strpbrk(id, ":/") == NULL)
		buf_addf(&arn, "arn:%s:kms:*:*:key/%s", partition(q), id);
	else
		buf_add_string(&arn, "*");
	statement("TeamcacheKey", strcmp(q->action, "s3:GetObject") == 0 ?
	    "\"kms:Decrypt\"" : "[\"kms:Decrypt\",\"kms:GenerateDataKey\"]",
	    buf_view(&arn), out);
	buf_clear(&arn);
}

/* What is always asked, and what was asked. */
static void
cost_statement(const char *action, struct buf *out)
{
	bool own = strcmp(action, "ce:GetCostAndUsage") != 0 &&
	    strcmp(action, "ce:GetCostForecast") != 0;
	struct buf list;

	buf_init(&list, 512);
	buf_addf(&list, "[\"ce:GetCostAndUsage\",\"ce:GetCostForecast\"%s%s%s]",
	    own ? ",\"" : "", own ? action : "", own ? "\"" : "");
	statement("TeamcacheCosts", buf_string(&list), span_of("*"), out);
	buf_clear(&list);
}

/* Is it one to advise on? */
static bool
is_action(struct span s)
{
	static const char *const objects[] = { "s3:GetObject", "s3:PutObject",
		"s3:DeleteObject", "s3:ListBucket" };
	size_t i;

	for (i = 0; i < sizeof objects / sizeof objects[0]; i++)
		if (span_is(s, objects[i]))
			return true;
	if (s.n >= 64 || !span_starts(s, "ce:"))
		return false;
	for (i = 3; i < s.n; i++)
		if (!((s.p[i] | 0x20) >= 'a' && (s.p[i] | 0x20) <= 'z'))
			return false;
	return s.n > 3;
}

/* AWS's message knows better than the caller which action was denied. */
static void
allow(const struct advice_question *q, struct buf *out)
{
	struct denial d;
	const char *layer;
	struct span named;
	char action[64];

	denial_read(q->err->message, &d);
	layer = whose(&d);
	named = d.action;
	if (!is_action(named) || named.p[0] != q->action[0])
		named = span_of(q->action);
	snprintf(action, sizeof action, "%.*s", (int)named.n, named.p);
	if (layer != NULL)
		buf_addf(out, "%s\n", layer);
	/* Nothing that allows beats what denies. */
	if (d.kind == DENIAL_EXPLICIT)
		return;
	buf_add_string(out, "The statement that allows it, for the caller's "
	    "identity policy (across accounts in the bucket's or key's policy "
	    "too):\n");
	if (strncmp(action, "ce:", 3) == 0) {
		cost_statement(action, out);
		return;
	}
	if (denial_find(q->err->message, "kms:") != NULL) {
		key_statement(q, d.resource, out);
		return;
	}
	if (strcmp(action, "s3:ListBucket") != 0)
		object_statements(q, action, out);
	list_statement(q, out);
}

/* Refused for what the object, key, region or account is: no statement of a
 * policy mends that. */
static bool
beyond_policies(const char *code)
{
	static const char *const codes[] = { "InvalidObjectState",
		"InvalidPayer", "AllAccessDisabled", "AccountProblem",
		"MethodNotAllowed", "RegionDisabledException",
		"OptInRequired", "NotSignedUp" };
	size_t i;

	for (i = 0; i < sizeof codes / sizeof codes[0]; i++)
		if (strcmp(code, codes[i]) == 0)
			return true;
	return strncmp(code, "KMS.", 4) == 0 ||
	    strncmp(code, "SubscriptionRequired", 20) == 0;
}

void
advice_text(const struct advice_question *q, struct buf *out)
{
	if (q->bucket != NULL && strcmp(q->err->code, "NoSuchBucket") == 0) {
		make_bucket(q, out);
		return;
	}
	if (q->err->class != ERR_DENIED || q->action == NULL ||
	    beyond_policies(q->err->code))
		return;
	if (q->bucket != NULL || strncmp(q->action, "ce:", 3) == 0)
		allow(q, out);
}
