#include "diag/advice.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "aws/endpoint.h"
#include "cache/key.h"
#include "codec/escape.h"
#include "codec/json.h"
#include "diag/denial.h"
#include "diag/policy_statement.h"

/* The commands that make a bucket as verify-bucket wants it. */
static void
make_bucket(const struct advice_question *q, struct buf *out)
{
	const char *region = q->region == NULL ? "us-east-1" : q->region;
	struct buf name, tail;

	buf_init(&tail, 4096);
	buf_init(&name, 4096);
	escape_shell(span_of(q->bucket), &name);
	if (q->endpoint != NULL) {
		buf_add_string(&tail, " --endpoint-url ");
		escape_shell(span_of(q->endpoint), &tail);
	}
	buf_addf(out, "To make the bucket '%s':\n", q->bucket);
	buf_addf(out, "  aws s3api create-bucket --bucket %s --region %s",
	    buf_string(&name), region);
	/* us-east-1 is the one region that must not be named there. */
	if (strcmp(region, "us-east-1") != 0)
		buf_addf(out, " \\\n    --create-bucket-configuration "
		    "LocationConstraint=%s", region);
	buf_addf(out, "%s\n", buf_string(&tail));
	buf_addf(out, "  aws s3api put-public-access-block --bucket %s "
	    "\\\n    --public-access-block-configuration BlockPublicAcls="
	    "true,IgnorePublicAcls=true,BlockPublicPolicy=true,"
	    "RestrictPublicBuckets=true%s\n", buf_string(&name),
	    buf_string(&tail));
	buf_addf(out, "  aws s3api put-bucket-versioning --bucket %s "
	    "\\\n    --versioning-configuration Status=Enabled%s\n",
	    buf_string(&name), buf_string(&tail));
	buf_addf(out, "If it exists already, its name, region or endpoint "
	    "is wrong in the settings.\n");
	buf_spoil(out, &name);
	buf_spoil(out, &tail);
	buf_clear(&name);
	buf_clear(&tail);
}

static struct policy_place
place_of(const struct advice_question *q)
{
	struct policy_place place = {
		.partition = endpoint_partition(q->region == NULL ?
		    "us-east-1" : q->region),
		.bucket = q->bucket,
		.prefix = q->prefix,
		.region = q->region,
	};

	return place;
}

/* A statement goes on a line of its own. */
static void
line_begin(struct json_writer *w, struct buf *out)
{
	buf_add_string(out, "  ");
	json_begin(w, out, false);
}

/* All of the account's objects below a root of ours. */
static void
tree_statement(const struct advice_question *q, const char *sid,
    const char *const *actions, const char *root, struct buf *out)
{
	struct policy_place place = place_of(q);
	struct json_writer w;

	line_begin(&w, out);
	policy_statement_open(&w, sid, true);
	policy_statement_actions(&w, actions);
	json_put_name(&w, "Resource");
	policy_statement_put_tree(&w, &place, root, span_of(q->account));
	json_close_object(&w);
	buf_add_char(out, '\n');
}

static void
object_statements(const struct advice_question *q, const char *action,
    struct buf *out)
{
	/* A write that replaces needs to read the ETag it replaces. */
	static const char *const put[] = { "s3:PutObject", "s3:GetObject",
		NULL };
	static const char *const lease[] = { "s3:PutObject", "s3:GetObject",
		"s3:DeleteObject", NULL };
	const char *one[] = { action, NULL };
	bool writes = strcmp(action, "s3:PutObject") == 0;

	tree_statement(q, "TeamcacheObjects", writes ? put : one, KEY_ROOT,
	    out);
	/* Who buys takes a lease and gives it back. */
	if (writes || strcmp(action, "s3:DeleteObject") == 0)
		tree_statement(q, "TeamcacheLease", lease, KEY_LEASE_ROOT,
		    out);
}

static void
list_statement(const struct advice_question *q, struct buf *out)
{
	struct policy_place place = place_of(q);
	struct json_writer w;

	line_begin(&w, out);
	policy_statement_list_bucket(&w, &place);
	buf_add_char(out, '\n');
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

/* AWS's message may know better than the settings which key it is. */
static void
key_statement(const struct advice_question *q, struct span named,
    struct buf *out)
{
	struct policy_place place = place_of(q);
	struct json_writer w;

	if (named.n == 0 || denial_find(q->err->message, ":key/") == NULL)
		named = span_of(q->kms_key_id);
	line_begin(&w, out);
	policy_statement_key(&w, &place,
	    strcmp(q->err->action, "s3:GetObject") != 0, named);
	buf_add_char(out, '\n');
}

/* What is always asked, and what was asked. */
static void
cost_statement(const char *action, struct buf *out)
{
	const char *actions[] = { "ce:GetCostAndUsage", "ce:GetCostForecast",
		action, NULL };
	struct json_writer w;

	if (strcmp(action, actions[0]) == 0 || strcmp(action, actions[1]) == 0)
		actions[2] = NULL;
	line_begin(&w, out);
	policy_statement_costs(&w, actions);
	buf_add_char(out, '\n');
}

/* Is it one to advise on? */
static bool
is_action(struct span s)
{
	static const char *const objects[] = { "s3:GetObject", "s3:PutObject",
		"s3:DeleteObject", "s3:GetObjectVersion",
		"s3:DeleteObjectVersion", "s3:ListBucket" };
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
	if (!is_action(named) || named.p[0] != q->err->action[0])
		named = span_of(q->err->action);
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
	if (q->err->class != ERR_DENIED || q->err->action == NULL ||
	    !is_action(span_of(q->err->action)) ||
	    beyond_policies(q->err->code))
		return;
	if (q->bucket != NULL || strncmp(q->err->action, "ce:", 3) == 0)
		allow(q, out);
}
