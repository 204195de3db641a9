#include "diag/bucket_check.h"

#include <string.h>

#include "aws/s3_bucket.h"
#include "base/limits.h"
#include "diag/bucket_check_work.h"
#include "diag/bucket_rules.h"

#define CLOCK_MOST 60

int
bucket_check_work_exists(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct bucket_check *c = state;
	struct err why = { 0 };

	(void)entry;
	if (s3_bucket_head(c->s3, true, c->region, &why) != S3_OK) {
		check_set(r, CHECK_FAIL, "%s", why.message);
		if (why.class == ERR_DENIED) {
			bucket_check_work_denied(r, "s3:ListBucket",
			    buf_string(&c->arn), &why);
			check_fix(r, "allow s3:ListBucket on the bucket: it "
			    "is what HeadBucket needs");
		} else if (why.class == ERR_BUCKET) {
			check_fix(r, "teamcache verify-bucket --create, or "
			    "correct its name in the settings");
		}
		*err = why;
		return -1;
	}
	session_saw_date(c->session, s3_answer(c->s3)->date);
	check_set(r, CHECK_PASS, "'s3://%s' answers", c->session->bucket);
	return 0;
}

int
bucket_check_work_region(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct bucket_check *c = state;
	const struct config *config = c->session->set.config;
	const char *set = config_text(config, CONFIG_REGION);
	struct err why = { 0 };

	if (c->region[0] == '\0' && s3_bucket_head(c->s3, true, c->region,
	    &why) != S3_OK)
		return bucket_check_work_failed(r, "s3:ListBucket",
		    buf_string(&c->arn), &why, err);
	if (c->region[0] == '\0')
		check_set(r, CHECK_SKIP,
		    "not checked: the store names no region");
	else if (set == NULL)
		check_set(r, CHECK_PASS, "%s", c->region);
	else if (strcmp(set, c->region) == 0)
		check_set(r, CHECK_PASS, "%s, as %s says", c->region,
		    config_origin(config, CONFIG_REGION));
	else {
		bucket_check_work_found(r, entry, "the bucket is in %s, and "
		    "%s says %s", c->region, config_origin(config,
		    CONFIG_REGION), set);
		check_fix(r, "set region = %s", c->region);
	}
	return 0;
}

int
bucket_check_work_owner(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct bucket_check *c = state;
	const char *owner = config_text(c->session->set.config,
	    CONFIG_EXPECTED_BUCKET_OWNER);
	struct err why = { 0 };
	char region[64];

	if (owner == NULL) {
		check_set(r, s3_is_aws(c->s3) ? CHECK_WARN : CHECK_SKIP,
		    "not checked: expected_bucket_owner is not set");
		check_fix(r, "set expected_bucket_owner to the account that "
		    "the bucket belongs to");
		return 0;
	}
	if (s3_bucket_head(c->s3, false, region, &why) == S3_OK) {
		check_set(r, CHECK_PASS, "account %s, as expected", owner);
		return 0;
	}
	/* It answered without the expectation, a moment ago. */
	if (why.class == ERR_DENIED) {
		bucket_check_work_found(r, entry, "the bucket does not belong "
		    "to account %s, as %s expects", owner, config_origin(
		    c->session->set.config, CONFIG_EXPECTED_BUCKET_OWNER));
		check_fix(r, "stop: store nothing there before you know whose "
		    "it is");
		err_set(err, ERR_BUCKET, "'s3://%s' does not belong to "
		    "account %s", c->session->bucket, owner);
		return -1;
	}
	return bucket_check_work_failed(r, "s3:ListBucket",
	    buf_string(&c->arn), &why, err);
}

int
bucket_check_work_clock(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct bucket_check *c = state;
	struct err why = { 0 };
	char region[64];
	int64_t off;

	if (s3_bucket_head(c->s3, true, region, &why) != S3_OK)
		return bucket_check_work_failed(r, "s3:ListBucket",
		    buf_string(&c->arn), &why, err);
	if (s3_answer(c->s3)->date < 0) {
		check_set(r, CHECK_SKIP, "not checked: the store tells no "
		    "time that can be trusted");
		return 0;
	}
	off = clock_wall_seconds(c->session->set.clock) -
	    s3_answer(c->s3)->date;
	if (off >= -CLOCK_MOST && off <= CLOCK_MOST) {
		check_set(r, CHECK_PASS, "within %lld s of S3's",
		    (long long)(off < 0 ? -off : off));
		return 0;
	}
	bucket_check_work_found(r, entry, "this machine's clock is %lld s %s",
	    (long long)(off < 0 ? -off : off), off < 0 ? "behind S3's" :
	    "ahead of S3's");
	check_fix(r, "let it be set by NTP (timedatectl set-ntp true)");
	return 0;
}

int
bucket_check_work_versioning(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct bucket_check *c = state;
	enum bucket_config_versioning v = BUCKET_CONFIG_NEVER;
	struct err why = { 0 };
	int asked = bucket_check_work_ask(c, BUCKET_CONFIG_VERSIONING, r,
	    err);

	if (asked <= 0)
		return asked;
	if (c->facts.parts[BUCKET_CONFIG_VERSIONING].fact ==
	    BUCKET_FACT_FOUND && bucket_config_versioning(buf_view(
	    &c->facts.parts[BUCKET_CONFIG_VERSIONING].body), &v, &why) != 0)
		return bucket_check_work_unread(r, BUCKET_CONFIG_VERSIONING,
		    &why, err);
	if (v == BUCKET_CONFIG_ENABLED) {
		check_set(r, CHECK_PASS, "enabled");
		return 0;
	}
	bucket_check_work_found(r, entry, v == BUCKET_CONFIG_SUSPENDED ?
	    "suspended" : "never enabled");
	bucket_check_work_mend(r, BUCKET_CONFIG_VERSIONING);
	return 0;
}

int
bucket_check_work_read_encryption(struct bucket_check *c,
    struct bucket_config_encryption *e, struct check_result *r,
    struct err *err)
{
	struct err why = { 0 };
	int asked = bucket_check_work_ask(c, BUCKET_CONFIG_ENCRYPTION, r,
	    err);

	memset(e, 0, sizeof *e);
	if (asked <= 0 || c->facts.parts[BUCKET_CONFIG_ENCRYPTION].fact !=
	    BUCKET_FACT_FOUND || bucket_config_encryption(buf_view(
	    &c->facts.parts[BUCKET_CONFIG_ENCRYPTION].body), e, &why) == 0)
		return asked;
	return bucket_check_work_unread(r, BUCKET_CONFIG_ENCRYPTION, &why,
	    err);
}

int
bucket_check_work_encryption(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct bucket_check *c = state;
	struct bucket_config_encryption e;
	int read = bucket_check_work_read_encryption(c, &e, r, err);

	if (read <= 0)
		return read;
	if (e.algorithm[0] == '\0') {
		bucket_check_work_found(r, entry, "no default encryption");
		bucket_check_work_mend(r, BUCKET_CONFIG_ENCRYPTION);
	} else {
		check_set(r, CHECK_PASS, "%s by default%s", e.algorithm,
		    e.key[0] == '\0' ? "" : " with a key of one's own");
	}
	bucket_config_encryption_clear(&e);
	return 0;
}

int
bucket_check_work_public_access(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct bucket_check *c = state;
	bool flags[BUCKET_CONFIG_FLAGS] = { false };
	struct err why = { 0 };
	struct buf off;
	size_t i;
	int asked = bucket_check_work_ask(c, BUCKET_CONFIG_PUBLIC_ACCESS, r,
	    err);

	if (asked <= 0)
		return asked;
	if (c->facts.parts[BUCKET_CONFIG_PUBLIC_ACCESS].fact ==
	    BUCKET_FACT_FOUND && bucket_config_public_access(buf_view(
	    &c->facts.parts[BUCKET_CONFIG_PUBLIC_ACCESS].body), flags,
	    &why) != 0)
		return bucket_check_work_unread(r, BUCKET_CONFIG_PUBLIC_ACCESS,
		    &why, err);
	buf_init(&off, LIMIT_KIB);
	for (i = 0; i < BUCKET_CONFIG_FLAGS; i++)
		if (!flags[i])
			buf_addf(&off, "%s%s", off.n > 0 ? ", " : "",
			    bucket_config_flag(i));
	if (off.n == 0) {
		check_set(r, CHECK_PASS, "all four settings are on");
	} else {
		bucket_check_work_found(r, entry, "off: %s",
		    buf_string(&off));
		bucket_check_work_mend(r, BUCKET_CONFIG_PUBLIC_ACCESS);
	}
	buf_clear(&off);
	return 0;
}

int
bucket_check_work_ownership(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct bucket_check *c = state;
	char ownership[32] = "";
	struct err why = { 0 };
	int asked = bucket_check_work_ask(c, BUCKET_CONFIG_OWNERSHIP, r, err);

	if (asked <= 0)
		return asked;
	if (c->facts.parts[BUCKET_CONFIG_OWNERSHIP].fact ==
	    BUCKET_FACT_FOUND && bucket_config_ownership(buf_view(
	    &c->facts.parts[BUCKET_CONFIG_OWNERSHIP].body), ownership,
	    &why) != 0)
		return bucket_check_work_unread(r, BUCKET_CONFIG_OWNERSHIP,
		    &why, err);
	if (strcmp(ownership, "BucketOwnerEnforced") == 0) {
		check_set(r, CHECK_PASS, "BucketOwnerEnforced");
		return 0;
	}
	bucket_check_work_found(r, entry, "object ownership is %s",
	    ownership[0] == '\0' ? "not set: ACLs count" : ownership);
	bucket_check_work_mend(r, BUCKET_CONFIG_OWNERSHIP);
	return 0;
}

static int
lifecycle(struct bucket_check *c, enum bucket_rules_need need,
    const char *good, const char *bad, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct err why = { 0 };
	int asked = bucket_check_work_ask(c, BUCKET_CONFIG_LIFECYCLE, r, err);

	if (asked <= 0)
		return asked;
	if (!c->rules_read && c->facts.parts[BUCKET_CONFIG_LIFECYCLE].fact ==
	    BUCKET_FACT_FOUND && lifecycle_read(buf_view(
	    &c->facts.parts[BUCKET_CONFIG_LIFECYCLE].body), &c->rules,
	    &why) != 0)
		return bucket_check_work_unread(r, BUCKET_CONFIG_LIFECYCLE,
		    &why, err);
	c->rules_read = true;
	if (bucket_rules_met(&c->rules, c->prefix, need)) {
		check_set(r, CHECK_PASS, "%s", good);
		return 0;
	}
	bucket_check_work_found(r, entry, "%s", bad);
	bucket_check_work_mend(r, BUCKET_CONFIG_LIFECYCLE);
	return 0;
}

int
bucket_check_work_entries(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	return lifecycle(state, BUCKET_RULES_ENTRIES,
	    "entries end within 30 days",
	    "no lifecycle rule ends entries within 30 days", entry, r, err);
}

int
bucket_check_work_versions(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	return lifecycle(state, BUCKET_RULES_VERSIONS, "former versions end",
	    "no lifecycle rule ends former versions within 90 days", entry,
	    r, err);
}

int
bucket_check_work_markers(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	return lifecycle(state, BUCKET_RULES_MARKERS,
	    "delete markers end with their last version",
	    "no lifecycle rule ends expired delete markers", entry, r, err);
}

int
bucket_check_work_uploads(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	return lifecycle(state, BUCKET_RULES_UPLOADS,
	    "uploads that were given up end",
	    "no lifecycle rule ends uploads that were given up", entry, r,
	    err);
}

int
bucket_check_work_leases(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	return lifecycle(state, BUCKET_RULES_LEASES, "leases end within 7 "
	    "days", "no lifecycle rule ends leases within 7 days", entry, r,
	    err);
}

int
bucket_check_work_logging(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct bucket_check *c = state;
	char target[64] = "";
	struct err why = { 0 };
	int asked = bucket_check_work_ask(c, BUCKET_CONFIG_LOGGING, r, err);

	(void)entry;
	if (asked <= 0)
		return asked;
	if (c->facts.parts[BUCKET_CONFIG_LOGGING].fact == BUCKET_FACT_FOUND
	    && bucket_config_logging(buf_view(
	    &c->facts.parts[BUCKET_CONFIG_LOGGING].body), target, &why) != 0)
		return bucket_check_work_unread(r, BUCKET_CONFIG_LOGGING,
		    &why, err);
	if (target[0] == '\0')
		check_set(r, CHECK_PASS, "no access log (nobody needs one)");
	else
		check_set(r, CHECK_PASS, "access log in 's3://%s'", target);
	return 0;
}
