#ifndef DIAG_EXAM_H
#define DIAG_EXAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aws/endpoint.h"
#include "aws/iam.h"
#include "aws/s3.h"
#include "aws/sts.h"
#include "base/buf.h"
#include "base/err.h"
#include "cache/session.h"
#include "creds/chain.h"
#include "diag/check.h"
#include "diag/diagnosis.h"
#include "diag/evidence.h"

/*
 * doctor's checks for one profile (design section 10), in the order in which
 * a person would look. They send real requests and leave nothing behind; the
 * one that costs money is asked for by name (probe_ce).
 */
struct exam_request {
	struct session *session;	/* open */
	const struct err *settings;	/* why the settings cannot be used;
					   class ERR_NONE: they can */
	struct check_selection selection;
	bool probe_ce;
};

struct exam_scout;	/* exam_reach.c */

/* What one endpoint gave. */
struct exam_reach {
	bool tried;
	bool answered;
};

/* The bucket's policy, asked for once. */
enum exam_policy {
	EXAM_POLICY_UNREAD, EXAM_POLICY_NONE, EXAM_POLICY_READ,
	EXAM_POLICY_DENIED,
	EXAM_POLICY_FOREIGN	/* only another account may read it */
};

/* The state of an exam; for exam*.c. */
struct exam {
	struct exam_request rq;
	struct session *s;
	struct check_list list;
	struct err credentials;	/* why there are none */
	const struct keys *keys;	/* NULL: none */
	bool identified;
	struct sts_identity identity;	/* of the keys */
	struct sts_identity bucket_identity;	/* of those for the bucket */
	char account[13];	/* whose subtree the probes lie in; "" */
	int64_t server_date;	/* -1 until an answer brought one */
	int64_t our_date;	/* our clock then */
	struct exam_reach sts, s3, ce;
	struct exam_scout *ahead_s3, *ahead_ce;	/* looks under way, or NULL */
	struct s3 *bucket;	/* the session's */
	struct buf probe;	/* key of the object that is written */
	struct buf lease_probe;
	struct buf present;	/* a key that exists, or empty */
	bool written;		/* the probe lies there */
	bool delete_tried;
	struct err delete_refused;	/* ERR_NONE: deleting is allowed */
	char sse[32];		/* of the last write; "" none */
	char kms_key[512];
	const char *kms_refused;	/* the check in which a key said no */
	enum exam_policy policy_state;
	struct buf policy;
	struct buf trust;	/* a role's trust policy, where it was read */
	struct buf canonical;	/* of the last request; secret */
};

/* The i-th check's name, NULL at the end (there are fewer than EXAM_CHECKS);
 * and those of --quick, as a selection. */
#define EXAM_CHECKS 32
const char *exam_name(size_t i);
#define EXAM_QUICK "credentials,identity,s3-get-missing"

void exam_init(struct exam *e, const struct exam_request *rq);
void exam_clear(struct exam *e);

/* Make the checks; results are in e->list, whatever comes of it. 0, or -1
 * with the err that ended it (a signal, memory). */
int exam_run(struct exam *e, struct err *err);

/* ------------------------------------------------ for exam*.c */

/* The bodies of the table's entries; see check_entry. */
typedef int exam_body(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err);
exam_body exam_environment, exam_credentials, exam_identity, exam_clock,
    exam_reach_sts, exam_reach_s3, exam_reach_ce, exam_bucket, exam_list,
    exam_foreign, exam_put, exam_get, exam_get_missing,
    exam_put_conditional, exam_delete, exam_kms, exam_configuration,
    exam_cost_and_usage, exam_forecast, exam_store;

/* What was denied or failed, for the result. */
struct exam_refusal {
	const struct err *err;
	enum errors_service service;
	int status;
	enum http_fault fault;
	const char *action;
	const char *resource;
	unsigned facts;
	/* What the statement shall allow; NULL: action and resource. */
	const char *const *actions;
	const char *const *resources;
	/* Who asked, where it was not the keys' own identity: who wants to
	 * become a role. NULL: exam_principal. */
	const struct sts_identity *caller;
	const struct keys_source *caller_keys;
};

/*
 * Fill the result from a refusal: status (unless it was set to CHECK_WARN),
 * summary, denial, and the fix; reads the policies that tell what AWS does
 * not. 0, or -1 with err when the exam has to end.
 */
int exam_refused(struct exam *e, const struct exam_refusal *refusal,
    struct check_result *r, struct err *err);

/* The role's side of a refusal with a caller: its trust policy, where IAM
 * lets it be read. */
void exam_role_trust(struct exam *e, const struct exam_refusal *refusal,
    struct evidence *to);

/* The refusal to let the profile's source become the role; the contract of
 * exam_refused. */
int exam_role_refused(struct exam *e, struct exam_refusal *refusal,
    struct check_result *r, struct err *err);

/* GetCallerIdentity. */
int exam_ask_identity(struct exam *e, const struct keys_source *keys,
    struct sts_identity *out, struct err *err);

/* A refusal of the bucket's store: about an object below our trees, or (key
 * NULL) about the bucket; the same contract. */
int exam_bucket_refused(struct exam *e, const struct err *cause,
    const char *action, const char *key, struct check_result *r,
    struct err *err);

/* The bucket and the probes' keys; false, with a result, where there are
 * none. */
bool exam_bucket_ready(struct exam *e, struct check_result *r);

/* Remember what an answer's Date says, and our own clock then; -1 is passed
 * over. */
void exam_note_date(struct exam *e, int64_t date, int64_t ours);

/* Wait for the looks that were sent ahead, and forget them; harmless twice. */
void exam_reach_end(struct exam *e);

/* Ask STS for nothing but its Date. */
void exam_ask_date(struct exam *e);

/* Write the probe (where it can be deleted again; see exam_put), and take it
 * away. -1 with cause. */
int exam_put_probe(struct exam *e, struct err *cause);
void exam_drop_probe(struct exam *e);

/* Minutes apart, for diagnosis. */
bool exam_skewed(const struct exam *e);

/* Does it end everything: a signal, no memory? */
bool exam_is_over(const struct err *err);

/* "arn:aws:s3:::bucket" and, with key, "/key"; appended. */
void exam_bucket_arn(const struct exam *e, const char *key,
    struct buf *out);

/* Is it known that the bucket is another account's? Only where the caller may
 * list the buckets of its own (s3:ListAllMyBuckets). */
bool exam_bucket_elsewhere(struct exam *e);

/* The bucket's policy, read once. */
struct span exam_bucket_policy(struct exam *e);

/* The caller's ARN for requests of that service; NULL unknown. */
const char *exam_principal(const struct exam *e,
    enum errors_service service);

#endif
