#include "diag/bucket_check.h"

#include <stdarg.h>
#include <string.h>

#include "aws/endpoint.h"
#include "base/limits.h"
#include "diag/bucket_check_work.h"
#include "diag/denial.h"

#define LEASE "the lease lets one machine buy for all"

static const struct check_entry entries[] = {
	{ "bucket-exists", CHECK_FAIL, bucket_check_work_exists, NULL },
	{ "bucket-region", CHECK_WARN, bucket_check_work_region,
	    "Each command then makes a detour through the wrong region." },
	{ "bucket-owner", CHECK_FAIL, bucket_check_work_owner,
	    "A bucket of that name in other hands would get the team's "
	    "figures." },
	{ "clock", CHECK_FAIL, bucket_check_work_clock,
	    "Freshness is judged by S3's clock where there is an answer, and "
	    "by this machine's where there is none; requests signed 15 "
	    "minutes off are refused." },
	{ "versioning", CHECK_FAIL, bucket_check_work_versioning,
	    "What is overwritten or deleted by mistake can be brought back "
	    "from its former versions only." },
	{ "encryption", CHECK_FAIL, bucket_check_work_encryption,
	    "Cost data would lie there in the clear." },
	{ "kms-key", CHECK_FAIL, bucket_check_work_key,
	    "Whoever may not use the key can neither read nor write, "
	    "whatever the bucket's policy says." },
	{ "public-access-block", CHECK_FAIL, bucket_check_work_public_access,
	    "One careless policy or ACL would publish the team's costs." },
	{ "policy-not-public", CHECK_FAIL, bucket_check_work_policy_public,
	    "Anybody on the internet can read the team's costs, or forge "
	    "them." },
	{ "tls-only", CHECK_FAIL, bucket_check_work_tls_only,
	    "Without it plain http is accepted, which others can read and "
	    "change on the way." },
	{ "acls-disabled", CHECK_FAIL, bucket_check_work_ownership,
	    "With ACLs, objects of another account stay that account's: the "
	    "team cannot read them." },
	{ "lifecycle-entries", CHECK_FAIL, bucket_check_work_entries,
	    "Entries that nobody asks for any more would stay, and be paid "
	    "for." },
	{ "lifecycle-versions", CHECK_FAIL, bucket_check_work_versions,
	    "Each refresh leaves a former version, which would stay." },
	{ "lifecycle-delete-markers", CHECK_FAIL, bucket_check_work_markers,
	    "Each deletion leaves a delete marker, which would stay and slow "
	    "down lists." },
	{ "lifecycle-uploads", CHECK_FAIL, bucket_check_work_uploads,
	    "The parts of an upload that was given up are invisible, and paid "
	    "for." },
	{ "lifecycle-leases", CHECK_FAIL, bucket_check_work_leases,
	    "Leases of machines that died would stay." },
	{ "access", CHECK_WARN, bucket_check_work_access,
	    "An account that is let in halfway fails when it is needed." },
	{ "logging", CHECK_PASS, bucket_check_work_logging, NULL },
	{ "foreign-objects", CHECK_WARN, bucket_check_work_foreign,
	    "They are never read, overwritten or deleted: where one lies at "
	    "an entry's key, that entry is not shared." },
	{ "write-read-delete", CHECK_FAIL, bucket_check_work_round_trip,
	    "Nothing can be shared without it." },
	{ "missing-key", CHECK_FAIL, bucket_check_work_missing,
	    "A missing entry that looks like a denied one cannot be told "
	    "from a fault." },
	{ "checksum", CHECK_FAIL, bucket_check_work_checksum,
	    "What is damaged on the way would be stored." },
	{ "encrypted-write", CHECK_FAIL, bucket_check_work_sealed,
	    "Entries are written with the encryption of the settings." },
	{ "write-once", CHECK_FAIL, bucket_check_work_once,
	    "Without If-None-Match there is no lease (" LEASE "): machines "
	    "that miss at the same time all buy." },
	{ "write-once-raced", CHECK_WARN, bucket_check_work_race,
	    "The store lets more than one writer win a race. teamcache reads "
	    "a lease back after it took it, so most of these races still end "
	    "with one buyer, but now and then two machines buy the same." },
	{ "write-if-match", CHECK_FAIL, bucket_check_work_if_match,
	    "Without it a lease cannot be renewed or taken over, and an old "
	    "figure can replace a newer one." },
	{ "delete-if-match", CHECK_WARN, bucket_check_work_delete,
	    "Leases and corrupt entries are then deleted without it only "
	    "where that is safe, else left for the next write." },
	{ "recreate", CHECK_FAIL, bucket_check_work_again,
	    "After an invalidate nobody could take the lease or store the "
	    "entry again." },
};

#define ENTRIES (sizeof entries / sizeof entries[0])

_Static_assert(ENTRIES < BUCKET_CHECK_MAX, "BUCKET_CHECK_MAX counts them");

const char *
bucket_check_name(size_t i)
{
	return i < ENTRIES ? entries[i].name : NULL;
}

void
bucket_check_work_found(struct check_result *r,
    const struct check_entry *entry, const char *format, ...)
{
	va_list ap;

	r->status = entry->severity;
	buf_reset(&r->summary);
	va_start(ap, format);
	buf_addv(&r->summary, format, ap);
	va_end(ap);
}

void
bucket_check_work_denied(struct check_result *r, const char *action,
    const char *resource, const struct err *why)
{
	struct denial told;

	denial_read(why->message, &told);
	r->denial.given = true;
	buf_add_string(&r->denial.action, action);
	if (resource != NULL)
		buf_add_string(&r->denial.resource, resource);
	buf_add_span(&r->denial.principal, told.principal);
	r->denial.layer = denial_layer_name(told.layer);
	r->denial.kind = denial_kind_name(told.kind);
	buf_add_span(&r->denial.policy_arn, told.policy_arn);
}

int
bucket_check_work_failed(struct check_result *r, const char *action,
    const char *resource, const struct err *why, struct err *err)
{
	if (bucket_facts_ends(why->class)) {
		check_set(r, why->class == ERR_BUCKET ? CHECK_FAIL :
		    CHECK_SKIP, "%s", why->message);
		*err = *why;
		return -1;
	}
	if (why->class != ERR_DENIED) {
		check_set(r, CHECK_FAIL, "%s", why->message);
		return 0;
	}
	check_set(r, CHECK_SKIP, "not checked: needs %s", action);
	check_detail(r, "%s", why->message);
	bucket_check_work_denied(r, action, resource, why);
	check_fix(r, "allow %s, or run this as the bucket's owner", action);
	return 0;
}

int
bucket_check_work_unread(struct check_result *r,
    enum bucket_config_part part, const struct err *why, struct err *err)
{
	if (why->class != ERR_DATA) {
		*err = *why;
		return -1;
	}
	check_set(r, CHECK_SKIP, "not checked: the store does not know a "
	    "bucket's %s", bucket_config_info(part)->what);
	return 0;
}

int
bucket_check_work_ask(struct bucket_check *c, enum bucket_config_part part,
    struct check_result *r, struct err *err)
{
	const struct bucket_config_info *info = bucket_config_info(part);

	if (bucket_facts_ask(&c->facts, part, err) != 0) {
		check_set(r, CHECK_SKIP, "%s", err->message);
		return -1;
	}
	switch (c->facts.parts[part].fact) {
	case BUCKET_FACT_DENIED:
		return bucket_check_work_failed(r, info->read_action,
		    buf_string(&c->arn), &c->facts.parts[part].err, err);
	case BUCKET_FACT_UNKNOWN:
		check_set(r, CHECK_SKIP, "not checked: the store does not "
		    "know a bucket's %s", info->what);
		return 0;
	default:
		return 1;
	}
}

void
bucket_check_work_mend(struct check_result *r, enum bucket_config_part part)
{
	check_fix(r, "teamcache verify-bucket --fix (%s)",
	    bucket_config_info(part)->write_action);
}

static int
begin(struct bucket_check *c, const struct bucket_check_request *request,
    struct err *err)
{
	struct session *s = request->session;
	const char *region = config_text(s->set.config, CONFIG_REGION);

	memset(c, 0, sizeof *c);
	c->session = s;
	c->timeout_ms = request->timeout_ms;
	c->prefix = buf_string(&s->prefix);
	buf_init(&c->arn, 4 * LIMIT_KIB);
	buf_addf(&c->arn, "arn:%s:s3:::%s", endpoint_partition(region ==
	    NULL ? "us-east-1" : region), s->bucket);
	session_deadline(s, c->timeout_ms);
	if ((c->s3 = session_s3(s, err)) == NULL)
		return -1;
	bucket_facts_init(&c->facts, c->s3);
	return probe_begin(&c->probe, s, c->s3, err);
}

static void
end(struct bucket_check *c)
{
	bucket_facts_clear(&c->facts);
	lifecycle_clear(&c->rules);
	probe_clear(&c->probe);
	buf_clear(&c->arn);
}

/* What is left of probes, ours and older ones; only when some were written. */
static int
tidy(struct bucket_check *c, struct check_list *list, bool stopped)
{
	struct err why = { 0 }, err = { 0 };
	size_t removed = 0, older = 0;
	struct check_result *r;
	const struct clock *clock = c->session->set.clock;
	int64_t began = clock_elapsed_ms(clock);
	int result;

	if (!c->probe.used)
		return 0;
	session_deadline(c->session, c->timeout_ms);
	result = probe_end(&c->probe, &removed, &why);
	if (result == 0 && !stopped)
		result = probe_sweep(&c->probe, &older, &why);
	if ((r = check_add(list, "probes-removed", &err)) == NULL)
		return -1;
	r->milliseconds = clock_elapsed_ms(clock) - began;
	if (result == 0) {
		check_set(r, CHECK_PASS, older > 0 ? "nothing is left of the "
		    "probe objects, nor of %zu that an earlier run left" :
		    "nothing is left of the probe objects", older);
		return 0;
	}
	check_set(r, CHECK_WARN, "probe objects may be left below '%s'",
	    buf_string(&c->probe.folder));
	check_detail(r, "%s", why.message);
	check_detail(r, "The next run removes them, given "
	    "s3:ListBucketVersions and s3:DeleteObjectVersion; so does the "
	    "lifecycle rule of the leases.");
	return result;
}

int
bucket_check_run(const struct bucket_check_request *request,
    struct check_list *list, struct err *err)
{
	struct bucket_check c;
	struct check_run run = {
		.entries = entries,
		.count = ENTRIES,
		.selection = request->selection,
		.clock = request->session->set.clock,
		.state = &c,
	};
	int result = -1;

	if (begin(&c, request, err) == 0) {
		result = check_run(&run, list, err);
		(void)tidy(&c, list, result != 0);
	}
	end(&c);
	return result;
}
