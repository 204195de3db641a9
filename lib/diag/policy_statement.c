#include "diag/policy_statement.h"

#include "base/buf.h"
#include "base/limits.h"

void
policy_statement_open(struct json_writer *w, const char *sid, bool allow)
{
	json_open_object(w);
	json_member_string(w, "Sid", sid);
	json_member_string(w, "Effect", allow ? "Allow" : "Deny");
}

void
policy_statement_list_open(struct json_writer *w, const char *name, size_t n)
{
	json_put_name(w, name);
	if (n != 1)
		json_open_array(w);
}

void
policy_statement_list_close(struct json_writer *w, size_t n)
{
	if (n != 1)
		json_close_array(w);
}

void
policy_statement_actions(struct json_writer *w, const char *const *actions)
{
	size_t i, n = 0;

	while (actions[n] != NULL)
		n++;
	policy_statement_list_open(w, "Action", n);
	for (i = 0; i < n; i++)
		json_put_string(w, actions[i]);
	policy_statement_list_close(w, n);
}

/* In a resource '*', '?' and "${" mean something; "${*}" is a '*' (IAM User
 * Guide, "IAM policy elements: Variables and tags"). */
static void
add_literal(const char *text, struct buf *out)
{
	for (; *text != '\0'; text++) {
		if (*text == '*' || *text == '?' ||
		    (*text == '$' && text[1] == '{'))
			buf_addf(out, "${%c}", *text);
		else
			buf_add_char(out, *text);
	}
}

static void
put_buf(struct json_writer *w, struct buf *text)
{
	json_put_span(w, buf_view(text));
	buf_spoil(w->out, text);
	buf_clear(text);
}

static void
put_arn(struct json_writer *w, const struct policy_place *place,
    const char *prefix, const char *root, struct span account,
    const char *tail)
{
	struct buf arn;

	buf_init(&arn, 4 * LIMIT_KEY + LIMIT_KIB);
	buf_addf(&arn, "arn:%s:s3:::%s", place->partition, place->bucket);
	if (tail[0] != '\0')
		buf_add_char(&arn, '/');
	add_literal(prefix, &arn);
	buf_add_string(&arn, root);
	buf_add_span(&arn, account);
	buf_add_string(&arn, tail);
	put_buf(w, &arn);
}

void
policy_statement_put_bucket(struct json_writer *w,
    const struct policy_place *place)
{
	put_arn(w, place, "", "", span_of(""), "");
}

void
policy_statement_put_objects(struct json_writer *w,
    const struct policy_place *place)
{
	put_arn(w, place, "", "", span_of(""), "*");
}

void
policy_statement_put_tree(struct json_writer *w,
    const struct policy_place *place, const char *root,
    struct span account)
{
	put_arn(w, place, place->prefix == NULL ? "" : place->prefix, root,
	    account, account.n == 0 ? "*/*" : "/*");
}

void
policy_statement_list_bucket(struct json_writer *w,
    const struct policy_place *place)
{
	static const char *const actions[] = { "s3:ListBucket", NULL };

	policy_statement_open(w, "TeamcacheMissingMeans404", true);
	policy_statement_actions(w, actions);
	json_put_name(w, "Resource");
	policy_statement_put_bucket(w, place);
	json_close_object(w);
}

/* arn:PARTITION:kms:REGION:ACCOUNT:KIND/ID */
struct key_name {
	struct span partition, region, account;
	struct span kind;	/* "key", "alias"; empty: it is no ARN */
	struct span id;		/* of an alias: with "alias/" */
};

static struct key_name
read_key(struct span key)
{
	struct key_name name = { .id = key };
	struct span rest = key, word, service;

	if (!span_split(rest, ':', &word, &rest) || !span_is(word, "arn") ||
	    !span_split(rest, ':', &name.partition, &rest) ||
	    !span_split(rest, ':', &service, &rest) ||
	    !span_split(rest, ':', &name.region, &rest) ||
	    !span_split(rest, ':', &name.account, &rest)) {
		struct key_name plain = { .id = key };

		return plain;
	}
	(void)span_split(rest, '/', &name.kind, &name.id);
	if (span_is(name.kind, "alias"))
		name.id = rest;
	return name;
}

/* A bucket and its key lie in one region. */
static struct span
key_region(const struct policy_place *place, const struct key_name *name)
{
	return name->region.n > 0 ? name->region : span_of(place->region);
}

static void
put_key_arn(struct json_writer *w, const struct policy_place *place,
    const struct key_name *name, bool alias)
{
	struct span region = key_region(place, name);
	struct buf arn;

	buf_init(&arn, 4 * LIMIT_KIB);
	buf_addf(&arn, "arn:%s:kms:%.*s%s:%.*s%s:key/", place->partition,
	    (int)region.n, region.n == 0 ? "" : region.p,
	    region.n == 0 ? "*" : "", (int)name->account.n,
	    name->account.n == 0 ? "" : name->account.p,
	    name->account.n == 0 ? "*" : "");
	buf_add_span(&arn, alias || name->id.n == 0 ? span_of("*") :
	    name->id);
	put_buf(w, &arn);
}

/* kms:ViaService as KMS spells it: "s3.REGION.amazonaws.com". How it is spelt
 * in the partitions with other host names is not documented for all. */
static void
put_key_conditions(struct json_writer *w,
    const struct policy_place *place, const struct key_name *name,
    bool alias)
{
	struct span region = key_region(place, name);
	bool usual = span_is(span_of(place->partition), "aws") ||
	    span_is(span_of(place->partition), "aws-us-gov");
	struct buf via;

	buf_init(&via, LIMIT_KIB);
	buf_add_string(&via, "s3.");
	buf_add_span(&via, region.n == 0 ? span_of("*") : region);
	buf_add_string(&via, usual ? ".amazonaws.com" : ".*");
	json_put_name(w, "Condition");
	json_open_object(w);
	json_put_name(w, "StringLike");
	json_open_object(w);
	json_put_name(w, "kms:ViaService");
	put_buf(w, &via);
	json_close_object(w);
	if (alias) {
		json_put_name(w, "ForAnyValue:StringEquals");
		json_open_object(w);
		json_put_name(w, "kms:ResourceAliases");
		json_put_span(w, name->id);
		json_close_object(w);
	}
	json_close_object(w);
}

void
policy_statement_key(struct json_writer *w,
    const struct policy_place *place, bool write, struct span key)
{
	static const char *const both[] = { "kms:Decrypt",
		"kms:GenerateDataKey", NULL };
	static const char *const decrypt[] = { "kms:Decrypt", NULL };
	struct key_name name = read_key(key);
	bool alias = span_starts(name.id, "alias/");

	policy_statement_open(w, "TeamcacheKey", true);
	policy_statement_actions(w, write ? both : decrypt);
	json_put_name(w, "Resource");
	put_key_arn(w, place, &name, alias);
	put_key_conditions(w, place, &name, alias);
	json_close_object(w);
}

void
policy_statement_costs(struct json_writer *w, const char *const *actions)
{
	policy_statement_open(w, "TeamcacheCosts", true);
	policy_statement_actions(w, actions);
	json_member_string(w, "Resource", "*");
	json_close_object(w);
}
