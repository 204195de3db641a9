#ifndef CACHE_KEY_H
#define CACHE_KEY_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/month.h"
#include "base/span.h"

/* What an entry is stored under. */
struct key {
	char account[13];	/* twelve digits */
	struct month month;
	char type[65];		/* [a-z0-9][a-z0-9-]{0,63} */
};

#define KEY_SCHEMA_VERSION 1
#define KEY_ROOT "cache-v1/"
#define KEY_LEASE_ROOT "lease-v1/"
#define KEY_PROBE_ROOT KEY_LEASE_ROOT "probe/"	/* see diag/probe.h */
#define KEY_EXTENSION ".json.gz"
#define KEY_LOCAL_EXTENSION ".json"

bool key_equal(const struct key *a, const struct key *b);

/* [a-z0-9][a-z0-9-]{0,63} */
bool key_type_valid(struct span type);

/*
 * A prefix as the user gave it, made fit: a '/' added where it ends without
 * one; empty stays empty. Refused (ERR_USAGE, "'/a' begins with '/'"): a first
 * '/', "//", "." or ".." segments, control bytes (C1 too), invalid UTF-8, and
 * what would make keys longer than 1,024 bytes. Appended to out, which is
 * checked with buf_check; untouched when refused.
 */
int key_prefix(struct span given, struct buf *out, struct err *err);

/* In all of these: appended to out, and prefix is one that key_prefix made.
 * "{prefix}cache-v1/{account}/{YYYY-MM}/{type}.json.gz" */
void key_object(const char *prefix, const struct key *key, struct buf *out);

/* The same without prefix, "cache-v1/.../{type}.json": the local path. */
void key_local(const struct key *key, struct buf *out);

/* "{prefix}lease-v1/{account}/{YYYY-MM}/{purchase}.json" */
void key_lease(const char *prefix, const struct key *key,
    const char *purchase, struct buf *out);

/* The folders that they lie in: "{prefix}cache-v1/{account}/{YYYY-MM}/" and
 * the leases'. month NULL: of all months; account NULL: of all accounts. */
void key_folder(const char *prefix, const char *account,
    const struct month *month, struct buf *out);
void key_lease_folder(const char *prefix, const char *account,
    const struct month *month, struct buf *out);

/* An object's key back into its parts; false when it is not of our form
 * below that prefix (nothing outside cache-v1 ever is). */
bool key_from_object(const char *prefix, struct span object,
    struct key *out);

/* A lease's, as key_lease made it: the type is the purchase. */
bool key_from_lease(const char *prefix, struct span object, struct key *out);

/* A local path back into its parts, as key_local made it. */
bool key_from_local(struct span path, struct key *out);

#endif
