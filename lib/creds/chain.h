#ifndef CREDS_CHAIN_H
#define CREDS_CHAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "aws/call.h"
#include "aws/endpoint.h"
#include "aws/keys.h"
#include "aws/profile.h"
#include "base/buf.h"
#include "sys/env.h"
#include "sys/file.h"

/*
 * Ask the person at the terminal: a line, trimmed, into answer. False without
 * err when there is no terminal; with err (ERR_INTERRUPTED, ...) when there
 * is one and nothing came.
 */
typedef bool chain_prompt(void *state, const char *question,
    struct buf *answer, struct err *err);

/*
 * What the chains of several threads with the same settings have in common:
 * one of them resolves while the others wait, and all have its keys, or its
 * failure.
 */
struct chain_share;

/* NULL when out of memory. Freed after the chains that have it. */
struct chain_share *chain_share_new(void);
void chain_share_free(struct chain_share *share);	/* NULL is fine */

/*
 * The credential chain, in the SDKs' order (facts/credentials.md 1). Nothing
 * is resolved before the first chain_keys. The first provider that applies
 * wins; one that applies and fails is a hard error; each one's reason is in
 * the trace.
 */
struct chain_settings {
	const struct env *env;
	const struct profile_files *files;	/* borrowed */
	const char *profile;	/* the selected profile */
	bool profile_option;	/* it came from --profile (or our own profile
				   settings): the environment's keys are out */
	bool profile_named;	/* somebody chose it: absent is an error */
	struct call_context *call;	/* for providers that make requests,
					   and their clock; NULL: no expiry
					   is noticed */
	const struct endpoint_settings *endpoints;	/* NULL: none */
	const struct file_root *state;	/* the state directory, for disk_cache;
					   NULL: none */
	bool disk_cache;	/* keep fetched keys there (key_cache.h) */
	const char *mfa_code;	/* --mfa-code, TEAMCACHE_MFA_CODE; NULL */
	chain_prompt *prompt;	/* NULL: nobody can be asked */
	void *prompt_state;
	struct chain_share *share;	/* borrowed; NULL: nothing in common */
};

struct chain;

struct chain *chain_new(const struct chain_settings *settings,
    struct err *err);
void chain_free(struct chain *chain);

/*
 * The keys, resolved on the first call and kept (a failure too). renew reads
 * the AWS files anew, another tool may have rewritten them, and resolves
 * again; so does a call in the last five minutes of keys that expire, once a
 * minute, where a failure does no harm before they have expired. Static keys
 * can come out the same. Borrowed until the next call. -1 with err
 * ERR_CREDENTIALS. One thread at a time; a share is for several chains.
 */
int chain_keys(struct chain *chain, bool renew, const struct keys **keys,
    struct err *err);

/* chain_keys as a source; state is the chain. */
struct keys_source chain_source(struct chain *chain);

/*
 * The keys with which the selected profile's role is to be assumed, into keys
 * (empty; the caller clears them in any case): for a look at why it may not
 * be. -1 with err when the profile names none, or they cannot be had.
 */
int chain_role_source(struct chain *chain, struct keys *keys,
    struct err *err);

/* Which provider gave the keys: "environment", "profile" (static keys of
 * either file), ...; "" before. */
const char *chain_provider(const struct chain *chain);

/* Where the keys' source says that it runs, when no variable and no profile
 * names a region; NULL: not known. Borrowed until the next resolution. */
const char *chain_region(const struct chain *chain);

enum chain_result { CHAIN_SKIPPED, CHAIN_USED, CHAIN_FAILED };

struct chain_step {
	const char *provider;
	enum chain_result result;
	const char *reason;	/* with the file and line or variable */
};

/* The trace of the last resolution, in order; borrowed until the next. */
size_t chain_steps(const struct chain *chain);
struct chain_step chain_step(const struct chain *chain, size_t i);

#endif
