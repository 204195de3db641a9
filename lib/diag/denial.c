#include "diag/denial.h"

#include <stddef.h>
#include <string.h>

static const struct {
	const char *name;
	const char *words;
} layers[DENIAL_LAYERS] = {
	[DENIAL_IDENTITY] = { "identity-policy", "the caller's own policies" },
	[DENIAL_RESOURCE] = { "resource-policy", "the bucket policy" },
	[DENIAL_KEY] = { "key-policy", "the KMS key's policy" },
	[DENIAL_TRUST] = { "trust-policy", "the role's trust policy" },
	[DENIAL_BOUNDARY] = { "permissions-boundary",
	    "the caller's permissions boundary" },
	[DENIAL_SESSION] = { "session-policy",
	    "the session policy that was given with AssumeRole" },
	[DENIAL_SCP] = { "service-control-policy",
	    "a service control policy of the caller's organization" },
	[DENIAL_RCP] = { "resource-control-policy",
	    "a resource control policy of the organization that owns it" },
	[DENIAL_VPCE] = { "vpc-endpoint-policy",
	    "the policy of the VPC endpoint on the way" },
	[DENIAL_PUBLIC_BLOCK] = { "public-access-block",
	    "S3 Block Public Access" },
};

/*
 * The first fragment that is there decides. A VPC endpoint's denial may end in
 * "transitively through a service control policy", and a key's in several
 * reasons at once.
 */
static const struct {
	const char *fragment;
	enum denial_layer layer;
} reasons[] = {
	{ "VPC endpoint policy", DENIAL_VPCE },
	{ "service control policy", DENIAL_SCP },
	{ "resource control policy", DENIAL_RCP },
	{ "permissions boundary", DENIAL_BOUNDARY },
	{ "session policy", DENIAL_SESSION },
	{ "sessions policy", DENIAL_SESSION },
	{ "role trust policy", DENIAL_TRUST },
	{ "S3 Block Public Access", DENIAL_PUBLIC_BLOCK },
	{ "does not exist in this Region, no resource-based policies allow",
	    DENIAL_KEY },
	{ "identity-based policy", DENIAL_IDENTITY },
	{ "resource-based policy", DENIAL_RESOURCE },
};

const char *
denial_find(const char *text, const char *fragment)
{
	size_t n = strlen(fragment), left = strlen(text);

	for (; left >= n; text++, left--)
		if (span_is_nocase(span_make(text, n), fragment))
			return text;
	return NULL;
}

/* The word behind a fragment: what stands in quotes, else up to a blank and
 * without what ends a sentence. */
static struct span
word_behind(const char *message, const char *fragment)
{
	const char *at = denial_find(message, fragment);
	struct span word;

	if (at == NULL)
		return span_make(NULL, 0);
	at += strlen(fragment);
	if (at[0] == '"')
		return span_make(at + 1, strcspn(at + 1, "\""));
	word = span_make(at, strcspn(at, "\" ,;)"));
	while (word.n > 0 && (word.p[word.n - 1] == '.' ||
	    word.p[word.n - 1] == ':'))
		word.n--;
	return word;
}

static bool
is_arn(struct span s)
{
	return span_starts(s, "arn:");
}

/* "service:Operation": letters only, so that it can stand anywhere. */
static bool
is_action(struct span s)
{
	bool colon = false;
	size_t i;

	for (i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == ':' && !colon && i > 0)
			colon = true;
		else if (!((c | 0x20) >= 'a' && (c | 0x20) <= 'z') &&
		    !(c >= '0' && c <= '9') && c != '-')
			return false;
	}
	return colon && s.n < 96 && s.p[s.n - 1] != ':';
}

/* "...in a service control policy: arn:aws:organizations::1:policy/o/p" */
static struct span
policy_behind(const char *message)
{
	const char *at = message;
	struct span word;

	while ((at = denial_find(at, ": arn:")) != NULL) {
		word = word_behind(at, ": ");
		if (word.n > 0 && memchr(word.p, '/', word.n) != NULL &&
		    (denial_find(at, ":policy/") != NULL) &&
		    denial_find(at, ":policy/") < word.p + word.n)
			return word;
		at += 2;
	}
	return span_make(NULL, 0);
}

static enum denial_kind
kind_of(const char *message)
{
	if (denial_find(message, "explicit deny in") != NULL ||
	    denial_find(message, "are prevented by the") != NULL)
		return DENIAL_EXPLICIT;
	if (denial_find(message, "because no ") != NULL)
		return DENIAL_IMPLICIT;
	return DENIAL_KIND_UNKNOWN;
}

/* A key's own policy is a resource-based one, and so is a role's. */
static enum denial_layer
refine(enum denial_layer layer, const struct denial *d)
{
	if (layer != DENIAL_RESOURCE)
		return layer;
	if (span_starts(d->action, "kms:"))
		return DENIAL_KEY;
	return span_starts(d->action, "sts:") ? DENIAL_TRUST : layer;
}

void
denial_read(const char *message, struct denial *out)
{
	struct span word;
	size_t i;

	memset(out, 0, sizeof *out);
	word = word_behind(message, "User: ");
	if (is_arn(word) || span_is(word, "anonymous"))
		out->principal = word;
	word = word_behind(message, "not authorized to perform: ");
	if (word.n == 0)
		word = word_behind(message, "not authorized to perform ");
	if (is_action(word))
		out->action = word;
	word = word_behind(message, "on resource: ");
	if (is_arn(word))
		out->resource = word;
	out->policy_arn = policy_behind(message);
	for (i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
		if (denial_find(message, reasons[i].fragment) != NULL)
			break;
	if (i == sizeof reasons / sizeof reasons[0])
		return;
	out->layer = refine(reasons[i].layer, out);
	out->kind = kind_of(message);
	out->either = denial_find(message,
	    "does not exist in this Region, no resource-based") != NULL;
	if (out->either)
		out->kind = DENIAL_KIND_UNKNOWN;
}

const char *
denial_layer_name(enum denial_layer layer)
{
	return layers[layer].name;
}

const char *
denial_layer_words(enum denial_layer layer)
{
	return layers[layer].words;
}

const char *
denial_kind_name(enum denial_kind kind)
{
	switch (kind) {
	case DENIAL_IMPLICIT:
		return "implicit";
	case DENIAL_EXPLICIT:
		return "explicit";
	default:
		return NULL;
	}
}
