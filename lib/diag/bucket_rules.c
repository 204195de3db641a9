#include "diag/bucket_rules.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "cache/key.h"
#include "codec/hash.h"

/* A deletion can be taken back for so long. */
#define VERSION_DAYS 7
#define LEASE_DAYS 1
#define UPLOAD_DAYS 1

/* What others' rules may take, for us to be content. */
#define VERSION_DAYS_MOST 90
#define LEASE_DAYS_MOST 7
#define UPLOAD_DAYS_MOST 30

static bool
within(int64_t days, int64_t most)
{
	return days > 0 && days <= most;
}

/* A rule for keys of which some are ours and some are not does for ours. */
static bool
applies(const struct lifecycle_rule *rule, const char *prefix,
    const char *root)
{
	struct buf tree;
	bool result;

	if (!rule->enabled || !rule->by_prefix)
		return false;
	buf_init(&tree, 4 * LIMIT_KIB);
	buf_addf(&tree, "%s%s", prefix, root);
	result = rule->prefix.n == 0 || (rule->prefix.n <= tree.n &&
	    memcmp(rule->prefix.p, tree.p, rule->prefix.n) == 0);
	buf_clear(&tree);
	return result;
}

static bool
meets(const struct lifecycle_rule *rule, enum bucket_rules_need need)
{
	switch (need) {
	case BUCKET_RULES_ENTRIES:
		return within(rule->days, BUCKET_RULES_DAYS);
	case BUCKET_RULES_VERSIONS:
		return within(rule->noncurrent_days, VERSION_DAYS_MOST) &&
		    rule->newer_noncurrent <= 0;
	case BUCKET_RULES_MARKERS:
		return rule->markers;
	case BUCKET_RULES_UPLOADS:
		return within(rule->upload_days, UPLOAD_DAYS_MOST);
	case BUCKET_RULES_LEASES:
		return within(rule->days, LEASE_DAYS_MOST);
	default:
		return false;
	}
}

/* Is there a rule for that root? */
static bool
met_below(const struct lifecycle *l, const char *prefix, const char *root,
    enum bucket_rules_need need)
{
	size_t i;

	for (i = 0; l != NULL && i < l->count; i++)
		if (applies(&l->rules[i], prefix, root) &&
		    meets(&l->rules[i], need))
			return true;
	return false;
}

bool
bucket_rules_met(const struct lifecycle *l, const char *prefix,
    enum bucket_rules_need need)
{
	switch (need) {
	case BUCKET_RULES_LEASES:
		return met_below(l, prefix, KEY_LEASE_ROOT, need);
	case BUCKET_RULES_ENTRIES:
	case BUCKET_RULES_UPLOADS:
		return met_below(l, prefix, KEY_ROOT, need);
	default:
		return met_below(l, prefix, KEY_ROOT, need) &&
		    met_below(l, prefix, KEY_LEASE_ROOT, need);
	}
}

/* "teamcache-entries", with a few digits of the prefix's hash behind it. */
static void
make_id(const char *word, const char *prefix, char id[64])
{
	char hash[HASH_SHA256_HEX];

	hash_sha256_hex(span_of(prefix), hash);
	snprintf(id, 64, "teamcache-%s%s%.8s", word, prefix[0] == '\0' ? "" :
	    "-", prefix[0] == '\0' ? "" : hash);
}

int
bucket_rules_init(struct bucket_rules *rules, const char *prefix,
    struct err *err)
{
	static const struct {
		const char *word;
		bool leases;
		int64_t days, noncurrent_days, upload_days;
	} table[BUCKET_RULES_COUNT] = {
		{ "entries", false, BUCKET_RULES_DAYS, VERSION_DAYS,
		    UPLOAD_DAYS },
		{ "entry-markers", false, -1, -1, -1 },
		{ "leases", true, LEASE_DAYS, LEASE_DAYS, UPLOAD_DAYS },
		{ "lease-markers", true, -1, -1, -1 },
	};
	size_t i;

	memset(rules, 0, sizeof *rules);
	buf_init(&rules->entries, 4 * LIMIT_KIB);
	buf_init(&rules->leases, 4 * LIMIT_KIB);
	buf_addf(&rules->entries, "%s" KEY_ROOT, prefix);
	buf_addf(&rules->leases, "%s" KEY_LEASE_ROOT, prefix);
	if (buf_check(&rules->entries, "the prefix", err) != 0 ||
	    buf_check(&rules->leases, "the prefix", err) != 0) {
		bucket_rules_clear(rules);
		return -1;
	}
	for (i = 0; i < BUCKET_RULES_COUNT; i++) {
		make_id(table[i].word, prefix, rules->ids[i]);
		rules->wishes[i] = (struct lifecycle_wish){
			.id = rules->ids[i],
			.prefix = buf_string(table[i].leases ?
			    &rules->leases : &rules->entries),
			.days = table[i].days,
			.noncurrent_days = table[i].noncurrent_days,
			.upload_days = table[i].upload_days,
			.markers = table[i].days < 0,
		};
	}
	return 0;
}

void
bucket_rules_clear(struct bucket_rules *rules)
{
	buf_clear(&rules->entries);
	buf_clear(&rules->leases);
	memset(rules, 0, sizeof *rules);
}
