#ifndef DIAG_POLICY_READ_H
#define DIAG_POLICY_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "codec/json.h"

/*
 * Policy documents of other people, read as far as these questions need:
 * whom a bucket policy lets in, does it insist on TLS, which statement could
 * have decided about an action (IAM's JSON policy grammar). Conditions are
 * noticed, not evaluated. Pure; borrows the text.
 */
struct policy_read {
	struct json json;
	json_value statements;	/* private */
	size_t count;		/* of statements */
};

/* -1 with err ERR_DATA when it is no policy document. */
int policy_read_open(struct policy_read *p, struct span text,
    struct err *err);
void policy_read_clear(struct policy_read *p);	/* harmless twice */

/* Does the i-th statement deny? Has it conditions? Its Sid ("" when none)
 * without escapes; what no Sid can be is "" too. */
bool policy_read_denies(const struct policy_read *p, size_t i);
bool policy_read_conditional(const struct policy_read *p, size_t i);
void policy_read_sid(const struct policy_read *p, size_t i, char sid[128]);

/* Does the i-th statement speak of this action and of this resource (an
 * ARN)? Wildcards count; a policy variable may be anything. */
bool policy_read_covers(const struct policy_read *p, size_t i,
    const char *action, const char *resource);

/* Does a pattern of a policy ('*' and '?') fit the text? nocase for actions. */
bool policy_read_fits(struct span pattern, const char *text, bool nocase);

/*
 * The k-th principal that the i-th statement names (for identity policies:
 * none), appended to out: an ARN, an account's twelve digits as
 * "arn:...:root" stands for them, "*", or "KIND:VALUE" for services and
 * federations. false at the end.
 */
bool policy_read_principal(const struct policy_read *p, size_t i, size_t k,
    struct buf *out);

/* Is everything but TLS denied to everybody, for the bucket and what lies in
 * it? bucket: its ARN. */
bool policy_read_tls_only(const struct policy_read *p, const char *bucket);

/* Whom a bucket policy lets in, each once, in the order of the document. */
struct policy_read_grant {
	struct buf principal;	/* as policy_read_principal gives it */
	bool list, get, put, delete;	/* for its own account's subtree */
	bool conditional;	/* a statement of these has conditions */
};
struct policy_read_grants {
	struct policy_read_grant *items;
	size_t count;
};

/*
 * bucket: its ARN; tree: the key up to the account ("prefix/cache-v1/"). For
 * a principal without an account every account's subtree is meant.
 */
int policy_read_grants(const struct policy_read *p, const char *bucket,
    const char *tree, struct policy_read_grants *out, struct err *err);
void policy_read_grants_clear(struct policy_read_grants *g);

/* ------------------------------------------------ for policy_*.c */

/* The i-th statement; JSON_NONE behind the last. */
json_value policy_read_statement(const struct policy_read *p, size_t i);

/* The i-th of a list of statements, actions or principals; a single one may
 * stand without its array. JSON_NONE behind the last. */
json_value policy_read_element(const struct json *j, json_value v, size_t i);

#endif
