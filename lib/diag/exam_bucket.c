#include "diag/exam.h"

#include <stdio.h>
#include <string.h>

#include "aws/call.h"
#include "aws/s3_bucket.h"
#include "base/limits.h"
#include "cache/account.h"
#include "cache/key.h"
#include "codec/hex.h"
#include "codec/xml.h"
#include "diag/canonical_diff.h"
#include "diag/foreign.h"

/* The ARNs of what the product writes: the account's data and its leases. */
struct trees {
	struct buf bucket;
	struct buf data;
	struct buf lease;
	const char *both[3];
	const char *one[2];
};

void
exam_bucket_arn(const struct exam *e, const char *key, struct buf *out)
{
	buf_addf(out, "arn:%s:s3:::%s", endpoint_partition(
	    s3_endpoint(e->bucket)->region), e->s->bucket);
	if (key != NULL)
		buf_addf(out, "/%s", key);
}

static void
trees_init(const struct exam *e, struct trees *t)
{
	const char *prefix = buf_string(&e->s->prefix);
	const char *account = e->account[0] == '\0' ? "*" : e->account;

	buf_init(&t->bucket, LIMIT_KEY + 128);
	buf_init(&t->data, 2 * LIMIT_KEY);
	buf_init(&t->lease, 2 * LIMIT_KEY);
	exam_bucket_arn(e, NULL, &t->bucket);
	exam_bucket_arn(e, prefix, &t->data);
	buf_addf(&t->data, KEY_ROOT "%s/*", account);
	exam_bucket_arn(e, prefix, &t->lease);
	buf_addf(&t->lease, KEY_LEASE_ROOT "%s/*", account);
	t->both[0] = buf_string(&t->data);
	t->both[1] = buf_string(&t->lease);
	t->both[2] = NULL;
	t->one[0] = buf_string(&t->bucket);
	t->one[1] = NULL;
}

static void
trees_clear(struct trees *t)
{
	buf_clear(&t->bucket);
	buf_clear(&t->data);
	buf_clear(&t->lease);
}

/* S3 says what it saw; that beside what was signed. */
static void
explain_signature(struct exam *e, struct check_result *r)
{
	struct buf text;

	buf_init(&text, 16 * LIMIT_KIB);
	canonical_diff(buf_view(&s3_answer(e->bucket)->response->body),
	    buf_view(&e->canonical), &text);
	if (text.n > 0)
		check_detail(r, "%s", buf_string(&text));
	buf_clear(&text);
}

/* One refusal about an object below the trees, or about the bucket. */
int
exam_bucket_refused(struct exam *e, const struct err *cause, const char *action,
    const char *key, struct check_result *r, struct err *err)
{
	const char *const actions[] = { action, NULL };
	struct exam_refusal refusal = {
		.err = cause, .service = ERRORS_S3, .action = action,
		.status = s3_answer(e->bucket)->status,
		.fault = s3_fault(e->bucket), .actions = actions,
	};
	struct trees trees;
	struct buf arn;
	int result;

	buf_init(&arn, 2 * LIMIT_KEY);
	exam_bucket_arn(e, key, &arn);
	trees_init(e, &trees);
	refusal.resource = buf_string(&arn);
	refusal.resources = key == NULL ? trees.one : trees.both;
	if (exam_skewed(e))
		refusal.facts |= DIAGNOSIS_SKEWED;
	if (check_find(&e->list, "s3-get-object") != NULL &&
	    check_find(&e->list, "s3-get-object")->status == CHECK_PASS)
		refusal.facts |= DIAGNOSIS_GET_WORKS;
	result = exam_refused(e, &refusal, r, err);
	if (strcmp(cause->code, "SignatureDoesNotMatch") == 0)
		explain_signature(e, r);
	trees_clear(&trees);
	buf_clear(&arn);
	return result;
}

/* The bucket and the keys of the probes; false with a result where there are
 * none. */
bool
exam_bucket_ready(struct exam *e, struct check_result *r)
{
	struct err cause = { 0 };
	unsigned char nonce[8];
	char hex[2 * sizeof nonce + 1];

	if (!e->s->team_cache) {
		check_set(r, CHECK_SKIP, "the team cache is off: %s",
		    e->s->team_cache_why);
		return false;
	}
	if (e->bucket == NULL &&
	    (e->bucket = session_s3(e->s, &cause)) == NULL) {
		check_set(r, CHECK_FAIL, "%s", cause.message);
		return false;
	}
	if (e->probe.n > 0)
		return true;
	if (e->account[0] == '\0' &&
	    account_name(e->s, e->account, &cause) != 0) {
		check_set(r, CHECK_SKIP, "not made: it is not known which "
		    "account it would be for");
		e->account[0] = '\0';
		return false;
	}
	if (rand_fill(e->s->set.rand, nonce, sizeof nonce) != 0)
		memset(nonce, 0, sizeof nonce);
	hex_encode(nonce, sizeof nonce, hex);
	buf_addf(&e->probe, "%s" KEY_ROOT "%s/probe/%s",
	    buf_string(&e->s->prefix), e->account, hex);
	buf_addf(&e->lease_probe, "%s" KEY_LEASE_ROOT "%s/probe/%s",
	    buf_string(&e->s->prefix), e->account, hex);
	return e->probe.n > 0 && e->lease_probe.n > 0;
}

/* A list that goes on elsewhere does not tell. */
static bool
lacks(const struct xml_node *list, const char *bucket)
{
	const struct xml_node *one;

	if (strcmp(list->name, "ListAllMyBucketsResult") != 0 ||
	    xml_text(list, "ContinuationToken").n > 0)
		return false;
	for (one = xml_find(list, "Buckets/Bucket"); one != NULL;
	    one = xml_again(one))
		if (span_is(xml_text(one, "Name"), bucket))
			return false;
	return true;
}

bool
exam_bucket_elsewhere(struct exam *e)
{
	struct call_request r = { .service = ERRORS_S3, .signing_name = "s3",
		.method = "GET", .max_body = LIMIT_LIST_BODY,
		.error_in_200 = true, .subject = "cannot list the buckets" };
	struct call_reply reply;
	struct xml x = { 0 };
	struct endpoint to;
	struct err ignored = { 0 };
	struct buf path;
	bool found = false;

	call_reply_init(&reply);
	buf_init(&path, LIMIT_KIB);
	/* In path style its way is that of the list, and its name. */
	if (endpoint_bucket(e->s->bucket, s3_endpoint(e->bucket)->region,
	    e->s->s3_endpoint, ENDPOINT_PATH, &e->s->endpoints, &to,
	    &ignored) != 0 || !span_ends(span_of(to.path), e->s->bucket))
		goto out;
	buf_add(&path, to.path, strlen(to.path) - strlen(e->s->bucket));
	r.region = to.region;
	r.base_url = to.url;
	r.path = buf_view(&path);
	if (buf_check(&path, "the path", &ignored) == 0 && call_send(
	    &e->s->call, &r, &e->s->bucket_keys, NULL, &reply,
	    &ignored) == 0 && xml_parse(&x, buf_view(&reply.response.body),
	    &ignored) == 0)
		found = lacks(x.root, e->s->bucket);
out:
	xml_clear(&x);
	buf_clear(&path);
	call_reply_clear(&reply);
	return found;
}

/* It is refused with the expected owner's header: and without? */
static bool
only_the_owner(struct exam *e)
{
	const char *owner = config_text(e->s->set.config,
	    CONFIG_EXPECTED_BUCKET_OWNER);
	struct err ignored = { 0 };
	char region[64];

	return owner != NULL &&
	    s3_bucket_head(e->bucket, true, region, &ignored) == S3_OK;
}

/* HEAD needs s3:ListBucket: a denial proves that the bucket is there, and says
 * nothing about its objects. */
static int
bucket_denied(struct exam *e, const struct err *cause,
    struct check_result *r, struct err *err)
{
	struct exam_refusal refusal = { .err = cause, .service = ERRORS_S3,
		.action = "s3:ListBucket", .status = 403 };
	struct buf arn;
	int result;

	if (only_the_owner(e)) {
		buf_init(&arn, LIMIT_KEY);
		exam_bucket_arn(e, NULL, &arn);
		refusal.resource = buf_string(&arn);
		refusal.facts = DIAGNOSIS_OWNER_ONLY;
		result = exam_refused(e, &refusal, r, err);
		buf_clear(&arn);
		return result;
	}
	check_set(r, CHECK_PASS, "'%s' is there, in %s; listing it is denied",
	    e->s->bucket, s3_endpoint(e->bucket)->region);
	return 0;
}

int
exam_bucket(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	const char *set, *found;
	struct exam *e = state;
	struct err cause = { 0 };
	char region[64] = "";

	(void)entry;
	if (!exam_bucket_ready(e, r))
		return 0;
	set = config_text(e->s->set.config, CONFIG_REGION);
	if (s3_bucket_head(e->bucket, false, region, &cause) != S3_OK) {
		if (cause.class == ERR_DENIED)
			return bucket_denied(e, &cause, r, err);
		if (exam_bucket_refused(e, &cause, NULL, NULL, r, err) != 0)
			return -1;
		if (region[0] != '\0')
			check_fix(r, "set the bucket's region: region = %s",
			    region);
		return 0;
	}
	exam_note_date(e, s3_answer(e->bucket)->date,
	    session_now(e->s));
	found = s3_endpoint(e->bucket)->region;
	if (set != NULL && strcmp(set, found) != 0) {
		check_set(r, CHECK_WARN, "'%s' is in %s, region (%s) says %s: "
		    "each first request goes astray", e->s->bucket, found,
		    config_origin(e->s->set.config, CONFIG_REGION), set);
		check_fix(r, "set the bucket's region: region = %s", found);
		return 0;
	}
	check_set(r, CHECK_PASS, "'%s' is there, in %s", e->s->bucket, found);
	return 0;
}

int
exam_list(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct exam *e = state;
	struct s3_list list = { 0 };
	struct err cause = { 0 };
	struct buf folder;
	int result = 0;

	(void)entry;
	if (!exam_bucket_ready(e, r))
		return 0;
	buf_init(&folder, LIMIT_KEY);
	key_folder(buf_string(&e->s->prefix), e->account, NULL, &folder);
	if (s3_list_page(e->bucket, buf_string(&folder),
	    span_make(NULL, 0), 1, &list, &cause) == S3_OK) {
		check_set(r, CHECK_PASS, "allowed below '%s'",
		    buf_string(&folder));
		if (list.count > 0)
			buf_add_span(&e->present, list.items[0].key);
	} else {
		/* fetch does without: a 403 counts as a miss. */
		if (cause.class == ERR_DENIED)
			r->status = CHECK_WARN;
		result = exam_bucket_refused(e, &cause, "s3:ListBucket", NULL,
		    r, err);
	}
	s3_list_clear(&list);
	buf_clear(&folder);
	return result;
}

/* Our account's only: it has to be quick. */
int
exam_foreign(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct exam *e = state;
	struct foreign_place place = { .pages = 1, .looks = 20 };
	struct foreign found;
	struct err cause = { 0 };
	struct buf folder;

	if (!exam_bucket_ready(e, r))
		return 0;
	buf_init(&folder, LIMIT_KEY);
	foreign_init(&found);
	key_folder(buf_string(&e->s->prefix), e->account, NULL, &folder);
	place.s3 = e->bucket;
	place.prefix = buf_string(&e->s->prefix);
	place.tree = buf_string(&folder);
	if (foreign_look(&place, &found, &cause) != 0 &&
	    exam_is_over(&cause)) {
		*err = cause;
	} else if (found.count > 0) {
		r->status = entry->severity;
		foreign_tell(&found, place.tree, e->s->bucket, r);
	} else if (cause.class != ERR_NONE ||
	    found.unseen.class != ERR_NONE) {
		check_set(r, CHECK_SKIP, "not made: %s", cause.class !=
		    ERR_NONE ? cause.message : found.unseen.message);
	} else {
		foreign_none(&found, place.tree, r);
	}
	foreign_clear(&found);
	buf_clear(&folder);
	return err->class == ERR_NONE ? 0 : -1;
}

int
exam_kms(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct exam *e = state;
	const char *sse = config_text(e->s->set.config, CONFIG_SSE);
	const char *key = config_text(e->s->set.config, CONFIG_KMS_KEY_ID);
	bool wanted = key != NULL || (sse != NULL &&
	    strncmp(sse, "aws:kms", 7) == 0);

	(void)entry;
	(void)err;
	if (e->kms_refused != NULL)
		check_set(r, CHECK_FAIL, "the KMS key says no: see %s",
		    e->kms_refused);
	else if (strncmp(e->sse, "aws:kms", 7) == 0)
		check_set(r, CHECK_PASS, "%s%s%s", e->sse,
		    e->kms_key[0] != '\0' ? " with key " : "", e->kms_key);
	else if (e->sse[0] != '\0' || !wanted)
		check_set(r, CHECK_SKIP, "no KMS key is used%s%s",
		    e->sse[0] != '\0' ? ": " : "", e->sse);
	else
		check_set(r, CHECK_SKIP, "not made: nothing was written");
	return 0;
}

/* What verify-bucket reads; a lack of it is no failure of fetch. */
int
exam_configuration(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	static const enum bucket_config_part parts[] = {
		BUCKET_CONFIG_VERSIONING, BUCKET_CONFIG_ENCRYPTION,
		BUCKET_CONFIG_PUBLIC_ACCESS, BUCKET_CONFIG_OWNERSHIP,
		BUCKET_CONFIG_POLICY, BUCKET_CONFIG_LIFECYCLE };
	const char *actions[sizeof parts / sizeof parts[0] + 1] = { NULL };
	struct exam *e = state;
	struct exam_refusal refusal = { .service = ERRORS_S3,
		.status = 403, .facts = DIAGNOSIS_CONFIGURATION };
	struct err first = { 0 };
	struct trees trees;
	struct buf body;
	size_t i, n = 0;
	int result = 0;

	(void)entry;
	if (!exam_bucket_ready(e, r))
		return 0;
	buf_init(&body, LIMIT_CONTROL_BODY);
	trees_init(e, &trees);
	for (i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		struct err cause = { 0 };

		if (s3_bucket_read(e->bucket, parts[i], &body, &cause) !=
		    S3_ERROR || cause.class != ERR_DENIED)
			continue;
		actions[n++] = bucket_config_info(parts[i])->read_action;
		if (first.class == ERR_NONE)
			first = cause;
	}
	if (n == 0) {
		check_set(r, CHECK_PASS, "all of it can be read");
		goto out;
	}
	r->status = CHECK_WARN;
	refusal.err = &first;
	refusal.action = actions[0];
	refusal.actions = actions;
	refusal.resource = trees.one[0];
	refusal.resources = trees.one;
	result = exam_refused(e, &refusal, r, err);
	for (i = 1; i < n; i++)
		buf_addf(&r->summary, "%s%s", i == 1 ? "; nor " : ", ",
		    actions[i]);
out:
	trees_clear(&trees);
	buf_clear(&body);
	return result;
}
