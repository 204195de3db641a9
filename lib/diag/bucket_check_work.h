#ifndef DIAG_BUCKET_CHECK_WORK_H
#define DIAG_BUCKET_CHECK_WORK_H

#include "aws/lifecycle.h"
#include "aws/s3.h"
#include "base/buf.h"
#include "cache/session.h"
#include "diag/bucket_facts.h"
#include "diag/check.h"
#include "diag/probe.h"

/* What bucket_check's files share; for them only. */
struct bucket_check {
	struct session *session;
	struct s3 *s3;
	const char *prefix;
	int64_t timeout_ms;
	struct buf arn;		/* the bucket's */
	char region[64];	/* as the bucket's answer names it, or "" */
	struct bucket_facts facts;
	struct lifecycle rules;
	bool rules_read;
	struct probe probe;
};

typedef int bucket_check_work(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err);

bucket_check_work bucket_check_work_exists;
bucket_check_work bucket_check_work_region;
bucket_check_work bucket_check_work_owner;
bucket_check_work bucket_check_work_versioning;
bucket_check_work bucket_check_work_encryption;
bucket_check_work bucket_check_work_public_access;
bucket_check_work bucket_check_work_policy_public;
bucket_check_work bucket_check_work_tls_only;
bucket_check_work bucket_check_work_ownership;
bucket_check_work bucket_check_work_entries;
bucket_check_work bucket_check_work_versions;
bucket_check_work bucket_check_work_markers;
bucket_check_work bucket_check_work_uploads;
bucket_check_work bucket_check_work_leases;
bucket_check_work bucket_check_work_access;
bucket_check_work bucket_check_work_key;
bucket_check_work bucket_check_work_logging;
bucket_check_work bucket_check_work_foreign;
bucket_check_work bucket_check_work_clock;
bucket_check_work bucket_check_work_round_trip;
bucket_check_work bucket_check_work_missing;
bucket_check_work bucket_check_work_checksum;
bucket_check_work bucket_check_work_sealed;
bucket_check_work bucket_check_work_once;
bucket_check_work bucket_check_work_race;
bucket_check_work bucket_check_work_if_match;
bucket_check_work bucket_check_work_delete;
bucket_check_work bucket_check_work_again;

/* What the check was for was found: the entry's severity. */
void bucket_check_work_found(struct check_result *r,
    const struct check_entry *entry, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Who denied what, as far as the answer tells it. */
void bucket_check_work_denied(struct check_result *r, const char *action,
    const char *resource, const struct err *why);

/*
 * A question that was not answered: 0, the result then says why the check was
 * not made, naming the action where it was denied; -1 with err when nothing
 * else would be answered either. resource: an ARN, or NULL.
 */
int bucket_check_work_failed(struct check_result *r, const char *action,
    const char *resource, const struct err *why, struct err *err);

/* Ask for a part: 1 when its body (or that it is not configured) is known; 0
 * when the result says why not; -1 with err. */
int bucket_check_work_ask(struct bucket_check *c,
    enum bucket_config_part part, struct check_result *r, struct err *err);

/* The answer for a part was not what S3 answers: as above. */
int bucket_check_work_unread(struct check_result *r,
    enum bucket_config_part part, const struct err *why, struct err *err);

/* Ask for the default encryption: 1 when it is in e (the caller clears it; no
 * algorithm: none is configured), else as bucket_check_work_ask. */
int bucket_check_work_read_encryption(struct bucket_check *c,
    struct bucket_config_encryption *e, struct check_result *r,
    struct err *err);

/* "run 'teamcache verify-bucket --fix'", with the call that it makes. */
void bucket_check_work_mend(struct check_result *r,
    enum bucket_config_part part);

#endif
