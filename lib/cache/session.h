#ifndef CACHE_SESSION_H
#define CACHE_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "aws/call.h"
#include "aws/endpoint.h"
#include "aws/profile.h"
#include "aws/s3.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/month.h"
#include "cache/allowance.h"
#include "cache/config.h"
#include "cache/local.h"
#include "cache/memo.h"
#include "cache/savings.h"
#include "creds/chain.h"
#include "net/http_curl.h"
#include "sys/clock.h"
#include "sys/env.h"
#include "sys/log.h"
#include "sys/rand.h"

struct gate;	/* cache/gate.h */

/* What the command line says of the surroundings. */
struct session_settings {
	const struct env *env;
	const struct clock *clock;
	const struct rand *rand;
	struct log *log;
	const struct config *config;
	const char *profile;	/* the selected one */
	bool profile_option;	/* by --profile */
	bool profile_named;	/* by anybody */
	int max_attempts;	/* --max-attempts, 0: AWS's settings decide */
	struct retry_quota *quota_s3;	/* shared with other sessions; NULL: */
	struct retry_quota *quota_other;	/* one's own */
	struct gate *gate;	/* all sessions' of the command; NULL: one's
				   own */
	struct trust *trust;	/* shared too; NULL: one's own */
	struct chain_share *keys;	/* shared too; NULL: one's own */
	struct chain_share *bucket_keys;	/* the same for bucket_profile */
	struct allowance *allowance;	/* --max-api-requests; NULL: none */
	bool no_local;		/* --no-local */
	bool no_remote;		/* --no-remote */
	bool offline;		/* --offline: nobody is asked anything */
	const char *mfa_code;	/* --mfa-code; NULL: TEAMCACHE_MFA_CODE */
};

/* What one purchase fills. */
#define SESSION_KEPT 4

/*
 * Everything that the entries of one profile share, made when it is first
 * needed: a local hit opens no socket and resolves no credentials. One thread
 * at a time. Fields are for the cache room; others use the functions.
 */
struct session {
	struct session_settings set;
	bool team_cache;
	const char *team_cache_why;
	const char *bucket;	/* NULL when the team cache is off */
	struct buf prefix;
	struct profile_files *files;
	struct endpoint_settings endpoints;
	const char *s3_endpoint;	/* configured, or NULL */
	int64_t started_ms;	/* elapsed clock, at the command's start */
	int64_t command_start;	/* the same on the server's clock; -1 until
				   the first S3 answer */

	struct local local;
	bool local_tried;
	bool local_written;	/* so it is looked after at the end */
	const struct key *expected;	/* what S3 is asked for, and no copy
					   is of yet; NULL: nothing */
	struct memo memo;
	bool memo_tried;
	struct savings savings;	/* what entries spared, until it is closed */

	struct trust *trust;
	struct http_curl *http;
	char user_agent[96];
	struct call_context call;
	struct chain *chain;
	struct chain *bucket_chain;	/* bucket_profile's, or NULL */
	struct keys_source keys;
	struct keys_source bucket_keys;
	char region_hint[64];
	struct s3 *s3;
	char proved_account[13];	/* by STS, "" before */
	const char *s3_out;	/* S3 is out of reach: the word for it */
	struct err s3_err;	/* and what it answered */
	bool s3_out_said;
	struct gate *own_gate;
	bool awaiting;		/* what was sent is worth its answer: the
				   first signal leaves it 2 s */
	bool tidying;		/* from session_clean_up to the next entry */
	int signals_passed;
	int64_t grace_until;
	struct session_kept {
		struct key key;
		struct local_copy copy;
	} *kept;		/* see session_keep; NULL: nothing */
	size_t kept_count;
};

/* Settings and profile files are read; nothing else happens. -1 with err
 * (ERR_USAGE, ERR_CREDENTIALS for unreadable AWS files). */
int session_open(struct session *s, const struct session_settings *settings,
    struct err *err);
void session_close(struct session *s);	/* harmless twice */

/* The cap on a document, in bytes: max_object_size. */
size_t session_object_max(const struct session *s);

/* The local store; NULL when --no-local or it cannot be used (warned once). */
struct local *session_local(struct session *s);

struct memo *session_memo(struct session *s);

/*
 * Append records to this machine's ledger (ledger_append). Where that fails,
 * it is warned of once, and -1.
 */
int session_ledger(struct session *s, const struct buf *records,
    bool durable);

/* Write what the entries so far spared. session_close does it too. */
void session_savings(struct session *s);

/* Start an entry's own time. */
void session_deadline(struct session *s, int64_t timeout_ms);

/* Transport, credentials' chains and contexts; no request is made. */
int session_network(struct session *s, struct err *err);

/* The bucket; NULL with err. Only when the team cache is on. */
struct s3 *session_s3(struct session *s, struct err *err);

/* The same bucket for another thread, with a context and keys of its own; the
 * caller frees it. */
struct s3 *session_s3_apart(struct session *s, struct call_context *call,
    const struct keys_source *keys, struct err *err);

/* The roots that are believed, the shared ones if there are such; the caller
 * frees them. NULL: memory. */
struct trust *session_trust(const struct session *s);

/*
 * Is S3 to be gone without, because it did not serve the last commands? The
 * reading path asks; who writes, deletes or diagnoses goes there all the
 * same. why (ERR_NETWORK) says until when.
 */
bool session_skips_s3(struct session *s, struct err *why);

/* Tell the gate what this session met; session_close does it. */
void session_tell_gate(struct session *s);

/*
 * From here on only tidying up is sent: signals that came so far do not stop
 * it, nor does the first one that comes now; after a signal it has one second.
 */
void session_clean_up(struct session *s);

/*
 * The region that applies to all of AWS: AWS_REGION, AWS_DEFAULT_REGION, the
 * profile's, where EC2's metadata service says that we run (only once there
 * is a network and it gives the keys, which are resolved for it). NULL: none.
 */
const char *session_region(struct session *s);

/* Cost Explorer's, STS's endpoint. */
int session_endpoint(struct session *s, enum endpoint_service service,
    struct endpoint *out, struct err *err);

/*
 * What this command has just bought and no local store took is kept in memory,
 * so that its other entries do not buy it again: the last purchase's entries.
 * Out of memory keeps nothing.
 */
void session_keep(struct session *s, const struct key *key,
    const struct local_facts *facts, struct span envelope);

/* A kept entry into copy (its bytes are copied); false when there is none. */
bool session_kept(const struct session *s, const struct key *key,
    struct local_copy *copy);

/* The local clock, in seconds. */
int64_t session_now(const struct session *s);

/* The server's clock as its first answer told it, in seconds; the local one
 * until then. */
int64_t session_server_now(const struct session *s);

/* Told of the Date of each S3 answer: fixes command_start at the first. */
void session_saw_date(struct session *s, int64_t date);

/*
 * When a server's clock differs from ours by more than 5 min, the default
 * month, or the one so many months before it, is computed again (design
 * section 5): true, with *month replaced, when it is another one. server: its
 * time, -1 unknown.
 */
bool session_month_moved(const struct session *s, int64_t server, int back,
    struct month *month);

/* "" when the keys came from the environment, else the profile's name. */
const char *session_profile_name(const struct session *s);

/* "endpoint LF bucket": what a memo about the bucket is filed under. */
int session_bucket_subject(const struct session *s, struct buf *out,
    struct err *err);

#endif
