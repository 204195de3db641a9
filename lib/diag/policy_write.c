#include "diag/policy_write.h"

#include <stdio.h>
#include <string.h>

#include "aws/arn.h"
#include "cache/key.h"
#include "codec/hash.h"

static const char *const names[] = { [POLICY_READER] = "reader",
	[POLICY_WRITER] = "writer", [POLICY_ADMIN] = "admin",
	[POLICY_BUCKET] = "bucket" };

#define NAMES (sizeof names / sizeof names[0])

/* A conditional write, and a delete by ETag, take s3:GetObject too. */
static const char *const read_objects[] = { "s3:GetObject", NULL };
static const char *const write_objects[] = { "s3:GetObject",
	"s3:PutObject", "s3:DeleteObject", NULL };
/* Entries are looked at and purged; probes lie among the leases. */
static const char *const purge_entries[] = { "s3:GetObject",
	"s3:GetObjectVersion", "s3:DeleteObjectVersion", NULL };
static const char *const purge_leases[] = { "s3:GetObject", "s3:PutObject",
	"s3:DeleteObject", "s3:DeleteObjectVersion", NULL };
static const char *const inspect[] = { "s3:ListBucket",
	"s3:ListBucketVersions", "s3:GetBucketVersioning",
	"s3:GetLifecycleConfiguration", "s3:GetEncryptionConfiguration",
	"s3:GetBucketPublicAccessBlock", "s3:GetBucketOwnershipControls",
	"s3:GetBucketPolicy", "s3:GetBucketPolicyStatus",
	"s3:GetBucketLogging", NULL };
static const char *const set_up[] = { "s3:CreateBucket",
	"s3:PutBucketVersioning", "s3:PutLifecycleConfiguration",
	"s3:PutEncryptionConfiguration", "s3:PutBucketPublicAccessBlock",
	"s3:PutBucketOwnershipControls", "s3:PutBucketPolicy", NULL };

const char *
policy_write_kind(size_t i)
{
	return i < NAMES ? names[i] : NULL;
}

bool
policy_write_find(const char *name, enum policy_kind *out)
{
	size_t i;

	for (i = 0; i < NAMES; i++) {
		if (strcmp(names[i], name) != 0)
			continue;
		*out = (enum policy_kind)i;
		return true;
	}
	return false;
}

static size_t
count_accounts(struct span list)
{
	size_t i, n = 1;

	for (i = 0; i < list.n; i++)
		n += list.p[i] == ',';
	return n;
}

/* The subtrees of these accounts, data and leases. */
static void
put_trees(struct json_writer *w, const struct policy_place *place,
    struct span accounts)
{
	struct span account, rest;
	size_t root;

	policy_statement_list_open(w, "Resource", 2 * count_accounts(accounts));
	for (root = 0; root < 2; root++) {
		rest = accounts;
		do {
			(void)span_split(rest, ',', &account, &rest);
			policy_statement_put_tree(w, place, root == 0 ?
			    KEY_ROOT : KEY_LEASE_ROOT, account);
		} while (rest.n > 0);
	}
	policy_statement_list_close(w, 2 * count_accounts(accounts));
}

static void
put_objects(struct json_writer *w, const struct policy_request *rq,
    const char *const *actions)
{
	policy_statement_open(w, "TeamcacheObjects", true);
	policy_statement_actions(w, actions);
	put_trees(w, &rq->place, rq->accounts);
	json_close_object(w);
}

/* Every account's. */
static void
put_tree(struct json_writer *w, const struct policy_request *rq,
    const char *sid, const char *const *actions, const char *root)
{
	policy_statement_open(w, sid, true);
	policy_statement_actions(w, actions);
	json_put_name(w, "Resource");
	policy_statement_put_tree(w, &rq->place, root, span_of(""));
	json_close_object(w);
}

static void
put_bucket_actions(struct json_writer *w, const struct policy_request *rq,
    const char *sid, const char *const *actions)
{
	policy_statement_open(w, sid, true);
	policy_statement_actions(w, actions);
	json_put_name(w, "Resource");
	policy_statement_put_bucket(w, &rq->place);
	json_close_object(w);
}

static void
put_costs(struct json_writer *w, const struct policy_request *rq)
{
	const char *actions[64] = { "ce:GetCostAndUsage",
		"ce:GetCostForecast" };
	size_t i, j, n = 2;

	for (i = 0; rq->costs != NULL && rq->costs[i] != NULL; i++) {
		for (j = 0; j < n; j++)
			if (strcmp(actions[j], rq->costs[i]) == 0)
				break;
		/* Cost Explorer has 17 operations that only read. */
		if (j == n && n + 1 < sizeof actions / sizeof actions[0])
			actions[n++] = rq->costs[i];
	}
	actions[n] = NULL;
	policy_statement_costs(w, actions);
}

/* Of those who are let in, each is one principal of its own statements. */
static void
put_principal(struct json_writer *w, const struct policy_place *place,
    struct span principal)
{
	struct buf arn;

	if (!arn_account_valid(principal)) {
		json_put_span(w, principal);
		return;
	}
	buf_init(&arn, 256);
	buf_addf(&arn, "arn:%s:iam::%.*s:root", place->partition,
	    (int)principal.n, principal.p);
	json_put_span(w, buf_view(&arn));
	buf_spoil(w->out, &arn);
	buf_clear(&arn);
}

/* Is he named by an earlier grant? */
static bool
named_before(const struct policy_request *rq, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (span_equal(rq->grants[j].principal,
		    rq->grants[i].principal))
			return true;
	return false;
}

static void
put_list_grant(struct json_writer *w, const struct policy_request *rq)
{
	static const char *const list[] = { "s3:ListBucket", NULL };
	size_t i, n = 0;

	for (i = 0; i < rq->grant_count; i++)
		n += !named_before(rq, i);
	if (n == 0)
		return;
	policy_statement_open(w, "TeamcacheMissingMeans404", true);
	json_put_name(w, "Principal");
	json_open_object(w);
	policy_statement_list_open(w, "AWS", n);
	for (i = 0; i < rq->grant_count; i++)
		if (!named_before(rq, i))
			put_principal(w, &rq->place, rq->grants[i].principal);
	policy_statement_list_close(w, n);
	json_close_object(w);
	policy_statement_actions(w, list);
	json_put_name(w, "Resource");
	policy_statement_put_bucket(w, &rq->place);
	json_close_object(w);
}

/*
 * A statement is found again by its Sid, which takes letters and digits only:
 * of an ARN a few of its hash.
 */
static void
put_grant(struct json_writer *w, const struct policy_request *rq,
    const struct policy_grant *grant)
{
	char hash[HASH_SHA256_HEX], sid[64];

	hash_sha256_hex(grant->principal, hash);
	snprintf(sid, sizeof sid, "Teamcache%s%.12s",
	    grant->writes ? "Writer" : "Reader",
	    arn_account_valid(grant->principal) ? grant->principal.p : hash);
	policy_statement_open(w, sid, true);
	json_put_name(w, "Principal");
	json_open_object(w);
	json_put_name(w, "AWS");
	put_principal(w, &rq->place, grant->principal);
	json_close_object(w);
	policy_statement_actions(w, grant->writes ? write_objects :
	    read_objects);
	put_trees(w, &rq->place, grant->accounts);
	json_close_object(w);
}

static void
put_tls_only(struct json_writer *w, const struct policy_request *rq)
{
	static const char *const all[] = { "s3:*", NULL };

	policy_statement_open(w, "TeamcacheTlsOnly", false);
	json_member_string(w, "Principal", "*");
	policy_statement_actions(w, all);
	policy_statement_list_open(w, "Resource", 2);
	policy_statement_put_bucket(w, &rq->place);
	policy_statement_put_objects(w, &rq->place);
	policy_statement_list_close(w, 2);
	json_put_name(w, "Condition");
	json_open_object(w);
	json_put_name(w, "Bool");
	json_open_object(w);
	json_member_string(w, "aws:SecureTransport", "false");
	json_close_object(w);
	json_close_object(w);
	json_close_object(w);
}

static void
put_key(struct json_writer *w, const struct policy_request *rq, bool write)
{
	if (rq->kms_key != NULL)
		policy_statement_key(w, &rq->place, write,
		    span_of(rq->kms_key));
}

static void
put_statements(struct json_writer *w, const struct policy_request *rq)
{
	size_t i;

	switch (rq->kind) {
	case POLICY_READER:
		policy_statement_list_bucket(w, &rq->place);
		put_objects(w, rq, read_objects);
		put_key(w, rq, false);
		break;
	case POLICY_WRITER:
		policy_statement_list_bucket(w, &rq->place);
		put_objects(w, rq, write_objects);
		put_key(w, rq, true);
		if (rq->buys)
			put_costs(w, rq);
		break;
	case POLICY_ADMIN:
		put_bucket_actions(w, rq, "TeamcacheInspect", inspect);
		put_bucket_actions(w, rq, "TeamcacheSetUp", set_up);
		put_tree(w, rq, "TeamcacheEntries", purge_entries, KEY_ROOT);
		put_tree(w, rq, "TeamcacheLeases", purge_leases,
		    KEY_LEASE_ROOT);
		put_key(w, rq, true);
		break;
	case POLICY_BUCKET:
		put_list_grant(w, rq);
		for (i = 0; i < rq->grant_count; i++)
			put_grant(w, rq, &rq->grants[i]);
		put_tls_only(w, rq);
		break;
	}
}

void
policy_write(const struct policy_request *rq, struct json_writer *w)
{
	json_open_object(w);
	json_member_string(w, "Version", "2012-10-17");
	json_put_name(w, "Statement");
	json_open_array(w);
	put_statements(w, rq);
	json_close_array(w);
	json_close_object(w);
}

void
policy_write_text(const struct policy_request *rq, bool indent,
    struct buf *out)
{
	struct json_writer w;

	json_begin(&w, out, indent);
	policy_write(rq, &w);
}
