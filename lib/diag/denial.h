#ifndef DIAG_DENIAL_H
#define DIAG_DENIAL_H

#include <stdbool.h>

#include "base/span.h"

/*
 * AWS's words for a denial, read (facts/iam-denials.md 2):
 *
 *	User: PRINCIPAL is not authorized to perform: ACTION on resource:
 *	"RESOURCE" because no identity-based policy allows the ACTION action
 *
 * By fragments and whatever the case, never by the whole sentence: AWS keeps
 * the right to change it. Pure.
 */

/* Whose policy said no. */
enum denial_layer {
	DENIAL_UNKNOWN,		/* it is not said */
	DENIAL_IDENTITY,	/* the caller's own policies */
	DENIAL_RESOURCE,	/* the bucket's own policy */
	DENIAL_KEY,		/* the KMS key's own policy */
	DENIAL_TRUST,		/* the role's trust policy */
	DENIAL_BOUNDARY,	/* the caller's permissions boundary */
	DENIAL_SESSION,		/* what was given with AssumeRole */
	DENIAL_SCP,		/* the organization of the caller */
	DENIAL_RCP,		/* the organization of the resource */
	DENIAL_VPCE,		/* the VPC endpoint on the way */
	DENIAL_PUBLIC_BLOCK,	/* S3 Block Public Access */
	DENIAL_LAYERS
};

enum denial_kind {
	DENIAL_KIND_UNKNOWN,
	DENIAL_IMPLICIT,	/* nothing allows it */
	DENIAL_EXPLICIT		/* a Deny statement matches */
};

/* What a message tells; views into it, empty where it does not. */
struct denial {
	enum denial_layer layer;
	enum denial_kind kind;
	struct span principal;	/* an ARN, or "anonymous" */
	struct span action;	/* "s3:GetObject" */
	struct span resource;	/* an ARN */
	struct span policy_arn;	/* of the very policy that said no */
	bool either;		/* a KMS key that is not there, or whose policy
				   does not allow it: AWS does not say which */
};

void denial_read(const char *message, struct denial *out);

/* "identity-policy", ... for --json; NULL for DENIAL_UNKNOWN. */
const char *denial_layer_name(enum denial_layer layer);

/* "the caller's own policies", in mid-sentence; NULL for DENIAL_UNKNOWN. */
const char *denial_layer_words(enum denial_layer layer);

/* "implicit", "explicit"; NULL for DENIAL_KIND_UNKNOWN. */
const char *denial_kind_name(enum denial_kind kind);

/* Where the fragment begins in text, whatever the case; NULL: nowhere. */
const char *denial_find(const char *text, const char *fragment);

#endif
