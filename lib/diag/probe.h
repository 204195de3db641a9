#ifndef DIAG_PROBE_H
#define DIAG_PROBE_H

#include <stdbool.h>
#include <stddef.h>

#include "aws/s3.h"
#include "base/buf.h"
#include "base/err.h"
#include "cache/session.h"

/*
 * Objects of our own with which a bucket's behaviour is proved. They lie below
 * {prefix}lease-v1/probe/NONCE/, NONCE being 32 hex digits of randomness that
 * nobody can guess: no entry, no lease is ever called so, and the lifecycle
 * rule of the leases ends what was left behind. Each says what it is by its
 * metadata.
 */
struct probe {
	struct session *session;
	struct s3 *s3;
	char nonce[33];
	struct buf folder;	/* the key up to and with the nonce's '/' */
	bool used;		/* something may lie there */
};

/* -1 with err when there is no randomness or memory. */
int probe_begin(struct probe *p, struct session *session, struct s3 *s3,
    struct err *err);
void probe_clear(struct probe *p);	/* the value, not the objects */

/* The key of a probe object, "" first; checked by the caller. */
void probe_key(const struct probe *p, const char *name, struct buf *out);

/* What is put there, and on which condition (see s3_put). */
struct probe_put {
	const char *name;
	struct span body;
	const char *if_match;
	bool if_absent;
	const char *checksum;	/* another than the body's, or NULL */
};
enum s3_outcome probe_put(struct probe *p, struct s3 *s3,
    const struct probe_put *put, struct err *err);

/*
 * Remove this run's objects with all versions and delete markers; how many
 * they were, into *removed. Tidying up: it goes on after a signal, for a second
 * (session_clean_up). -1 with err when something may still lie there.
 */
int probe_end(struct probe *p, size_t *removed, struct err *err);

/* Younger ones may belong to a run that is under way. */
#define PROBE_AGE 600

/*
 * Remove what other runs left: objects and delete markers of our form below
 * the probes' place, older than PROBE_AGE on the server's clock, objects only
 * when their metadata says so.
 */
int probe_sweep(struct probe *p, size_t *removed, struct err *err);

#endif
