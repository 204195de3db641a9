#include "diag/bucket_check.h"

#include <string.h>

#include "base/limits.h"
#include "cache/key.h"
#include "diag/bucket_check_work.h"
#include "diag/foreign.h"
#include "diag/policy_read.h"

/* Keys that are looked at one by one, and pages that are listed. */
#define LOOKS 50
#define PAGES 20

/* 1: the policy is open (count 0 when there is none); else as
 * bucket_check_work_ask. */
static int
open_policy(struct bucket_check *c, struct policy_read *p,
    struct check_result *r, struct err *err)
{
	struct err why = { 0 };
	int asked = bucket_check_work_ask(c, BUCKET_CONFIG_POLICY, r, err);

	memset(p, 0, sizeof *p);
	if (asked <= 0)
		return asked;
	if (c->facts.parts[BUCKET_CONFIG_POLICY].fact == BUCKET_FACT_FOUND &&
	    policy_read_open(p, buf_view(
	    &c->facts.parts[BUCKET_CONFIG_POLICY].body), &why) != 0)
		return bucket_check_work_unread(r, BUCKET_CONFIG_POLICY, &why,
		    err);
	return 1;
}

/* Does a statement let in everybody, without any condition? */
static bool
lets_everybody_in(const struct policy_read *p)
{
	struct buf one;
	bool found = false;
	size_t i, k;

	buf_init(&one, LIMIT_REQUEST_FILE);
	for (i = 0; i < p->count && !found; i++) {
		if (policy_read_denies(p, i) || policy_read_conditional(p, i))
			continue;
		for (k = 0; policy_read_principal(p, i, k, &one); k++) {
			found = found || span_is(buf_view(&one), "*");
			buf_reset(&one);
		}
	}
	buf_clear(&one);
	return found;
}

/* The store's own word counts; the policy where it has none. */
int
bucket_check_work_policy_public(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct bucket_check *c = state;
	struct policy_read p;
	bool is_public = false;
	struct err why = { 0 };
	int asked;

	if (bucket_facts_ask(&c->facts, BUCKET_CONFIG_POLICY_STATUS, err) !=
	    0) {
		check_set(r, CHECK_SKIP, "%s", err->message);
		return -1;
	}
	if (c->facts.parts[BUCKET_CONFIG_POLICY_STATUS].fact !=
	    BUCKET_FACT_FOUND || bucket_config_policy_status(buf_view(
	    &c->facts.parts[BUCKET_CONFIG_POLICY_STATUS].body), &is_public,
	    &why) != 0) {
		if ((asked = open_policy(c, &p, r, err)) <= 0)
			return asked;
		is_public = lets_everybody_in(&p);
		policy_read_clear(&p);
	}
	if (!is_public) {
		check_set(r, CHECK_PASS, "the bucket's policy is not public");
		return 0;
	}
	bucket_check_work_found(r, entry, "the bucket's policy is public");
	check_fix(r, "name the accounts in it that are meant, or add a "
	    "condition such as aws:PrincipalOrgID; 'teamcache policy bucket' "
	    "prints one");
	return 0;
}

int
bucket_check_work_tls_only(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct bucket_check *c = state;
	struct policy_read p;
	int asked = open_policy(c, &p, r, err);

	if (asked <= 0)
		return asked;
	if (policy_read_tls_only(&p, buf_string(&c->arn))) {
		check_set(r, CHECK_PASS, "the policy denies all but TLS");
	} else {
		bucket_check_work_found(r, entry,
		    "no statement of the policy denies plain http");
		bucket_check_work_mend(r, BUCKET_CONFIG_POLICY);
	}
	policy_read_clear(&p);
	return 0;
}

/* What one who is let in may do; false when it is neither all of reading nor
 * all of writing. */
static bool
describe(const struct policy_read_grant *g, struct buf *out)
{
	bool none = !g->list && !g->get && !g->put && !g->delete;

	buf_addf(out, "%s ", buf_string(&g->principal));
	if (none) {
		buf_add_string(out, "may do nothing here");
		return true;
	}
	if (g->get && g->put && g->delete)
		buf_add_string(out, "may read and write");
	else if (g->get && !g->put)
		buf_add_string(out, "may read");
	else if (g->get)
		buf_add_string(out, "may read and write, but not delete: "
		    "its leases stay until they expire");
	else if (g->put)
		buf_add_string(out, "may write but not read, and a write "
		    "with If-Match needs s3:GetObject");
	else
		buf_add_string(out, "may neither read nor write entries");
	if (g->get && !g->list)
		buf_add_string(out, ", but not list: a missing entry looks "
		    "denied");
	if (g->conditional)
		buf_add_string(out, " (on conditions)");
	return g->get && g->list && (!g->put || g->delete);
}

int
bucket_check_work_access(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct bucket_check *c = state;
	struct policy_read_grants grants = { 0 };
	struct policy_read p;
	struct buf tree, line, bad, all;
	size_t i;
	int result = open_policy(c, &p, r, err);

	if (result <= 0)
		return result;
	buf_init(&tree, 4 * LIMIT_KIB);
	buf_init(&line, LIMIT_REQUEST_FILE);
	buf_init(&bad, LIMIT_REQUEST_FILE);
	buf_init(&all, LIMIT_REQUEST_FILE);
	buf_addf(&tree, "%s" KEY_ROOT, c->prefix);
	result = policy_read_grants(&p, buf_string(&c->arn),
	    buf_string(&tree), &grants, err);
	for (i = 0; i < grants.count; i++) {
		buf_reset(&line);
		if (!describe(&grants.items[i], &line))
			buf_addf(&bad, "%s%s", bad.n > 0 ? "; " : "",
			    buf_string(&line));
		buf_addf(&all, "%s%s", all.n > 0 ? "; " : "",
		    buf_string(&line));
	}
	if (grants.count == 0)
		check_set(r, CHECK_PASS, "the policy lets in nobody beside "
		    "the bucket's own account");
	else if (bad.n == 0)
		check_set(r, CHECK_PASS, "%s", buf_string(&all));
	else {
		bucket_check_work_found(r, entry, "%s", buf_string(&bad));
		check_fix(r, "'teamcache policy bucket' prints the "
		    "statements; 'teamcache verify-bucket --fix "
		    "--allow-account ID' adds them");
	}
	policy_read_grants_clear(&grants);
	policy_read_clear(&p);
	buf_clear(&tree);
	buf_clear(&line);
	buf_clear(&bad);
	buf_clear(&all);
	return result;
}

/* Does the policy let in an account other than the one given? */
static bool
lets_others_in(const struct bucket_check *c)
{
	const struct buf *body = &c->facts.parts[BUCKET_CONFIG_POLICY].body;
	const char *owner = config_text(c->session->set.config,
	    CONFIG_EXPECTED_BUCKET_OWNER);
	struct policy_read_grants grants = { 0 };
	struct policy_read p = { 0 };
	struct err ignored = { 0 };
	bool found = false;
	size_t i;

	if (c->facts.parts[BUCKET_CONFIG_POLICY].fact != BUCKET_FACT_FOUND ||
	    policy_read_open(&p, buf_view(body), &ignored) != 0)
		return false;
	if (policy_read_grants(&p, buf_string(&c->arn), KEY_ROOT, &grants,
	    &ignored) == 0)
		for (i = 0; i < grants.count; i++)
			found = found || owner == NULL || strstr(buf_string(
			    &grants.items[i].principal), owner) == NULL;
	policy_read_grants_clear(&grants);
	policy_read_clear(&p);
	return found;
}

static void
judge_key(const struct bucket_check *c, const char *key,
    const struct check_entry *entry, struct check_result *r)
{
	const char *owner = config_text(c->session->set.config,
	    CONFIG_EXPECTED_BUCKET_OWNER);
	struct span rest = span_of(key), word[6] = { { NULL, 0 } };
	size_t i;

	if (key[0] == '\0' || strstr(key, "alias/aws/s3") != NULL) {
		if (!lets_others_in(c)) {
			check_set(r, CHECK_PASS, "AWS's own key aws/s3, which "
			    "no other account can use");
			return;
		}
		bucket_check_work_found(r, entry, "the bucket's key is AWS's "
		    "own, aws/s3, and the policy lets in other accounts, "
		    "which can never use it");
		check_fix(r, "teamcache verify-bucket --fix --kms-key ARN, "
		    "with a key whose policy allows these accounts");
		return;
	}
	for (i = 0; i < 6; i++)
		(void)span_split(rest, ':', &word[i], &rest);
	if (!span_is(word[0], "arn")) {
		bucket_check_work_found(r, entry, "the bucket's key '%s' is "
		    "no ARN: S3 looks for it in each caller's own account",
		    key);
		check_fix(r, "teamcache verify-bucket --fix --kms-key ARN");
	} else if (c->region[0] != '\0' && !span_is(word[3], c->region)) {
		bucket_check_work_found(r, entry, "the bucket's key is in "
		    "%.*s, the bucket in %s", (int)word[3].n, word[3].p,
		    c->region);
		check_fix(r, "use a key of the bucket's region");
	} else if (owner != NULL && !span_is(word[4], owner)) {
		check_set(r, CHECK_PASS, "'%s', of account %.*s: its own "
		    "policy has to allow everybody who comes here", key,
		    (int)word[4].n, word[4].p);
	} else {
		check_set(r, CHECK_PASS, "'%s'", key);
	}
}

int
bucket_check_work_key(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct bucket_check *c = state;
	struct bucket_config_encryption e;
	int read = bucket_check_work_read_encryption(c, &e, r, err);

	if (read <= 0)
		return read;
	if (!span_starts(span_of(e.algorithm), "aws:kms"))
		check_set(r, CHECK_PASS, "no KMS key is used");
	else if (bucket_facts_ask(&c->facts, BUCKET_CONFIG_POLICY, err) == 0)
		judge_key(c, e.key, entry, r);
	bucket_config_encryption_clear(&e);
	return err->class == ERR_NONE ? 0 : -1;
}

int
bucket_check_work_foreign(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct bucket_check *c = state;
	struct foreign found;
	struct err why = { 0 };
	struct buf tree, entries;
	int result = 0;

	foreign_init(&found);
	buf_init(&tree, 4 * LIMIT_KIB);
	buf_init(&entries, 4 * LIMIT_KIB);
	buf_addf(&tree, "%s" KEY_ROOT, c->prefix);
	buf_addf(&entries, "%s/%s*", buf_string(&c->arn), buf_string(&tree));
	if (foreign_look(&(struct foreign_place){ .s3 = c->s3,
	    .prefix = c->prefix, .tree = buf_string(&tree), .looks = LOOKS,
	    .pages = PAGES }, &found, &why) != 0) {
		result = bucket_check_work_failed(r, "s3:ListBucket",
		    buf_string(&c->arn), &why, err);
	} else if (found.count == 0 && found.unseen.class != ERR_NONE) {
		result = bucket_check_work_failed(r, "s3:GetObject",
		    buf_string(&entries), &found.unseen, err);
	} else if (found.count == 0) {
		foreign_none(&found, buf_string(&tree), r);
	} else {
		r->status = entry->severity;
		foreign_tell(&found, buf_string(&tree), c->session->bucket,
		    r);
	}
	buf_clear(&entries);
	buf_clear(&tree);
	foreign_clear(&found);
	return result;
}
