#include "diag/probe.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "cache/key.h"
#include "cache/remote.h"
#include "codec/hex.h"
#include "sys/rand.h"

#define PAGE 500

int
probe_begin(struct probe *p, struct session *session, struct s3 *s3,
    struct err *err)
{
	unsigned char random[16];

	memset(p, 0, sizeof *p);
	p->session = session;
	p->s3 = s3;
	/* Cut off by a signal, a write or a delete might arrive after what lies
	 * there has been removed: until session_clean_up their answers are
	 * waited for. A crew's hands see to that themselves. */
	session->awaiting = true;
	buf_init(&p->folder, LIMIT_KEY);
	if (rand_fill(session->set.rand, random, sizeof random) != 0)
		return err_set(err, ERR_INTERNAL,
		    "the system gives no randomness");
	hex_encode(random, sizeof random, p->nonce);
	buf_addf(&p->folder, "%s" KEY_PROBE_ROOT "%s/",
	    buf_string(&session->prefix), p->nonce);
	return buf_check(&p->folder, "the key", err);
}

void
probe_clear(struct probe *p)
{
	buf_clear(&p->folder);
	memset(p, 0, sizeof *p);
}

void
probe_key(const struct probe *p, const char *name, struct buf *out)
{
	buf_reset(out);
	buf_addf(out, "%s%s", buf_string(&p->folder), name);
}

enum s3_outcome
probe_put(struct probe *p, struct s3 *s3, const struct probe_put *put,
    struct err *err)
{
	static const struct http_field meta = { REMOTE_PROBE_FIELD, "1" };
	struct s3_put request = {
		.body = put->body,
		.content_type = "application/json",
		.cache_control = "no-store",
		.meta = &meta,
		.meta_count = 1,
		.if_match = put->if_match,
		.if_absent = put->if_absent,
		.checksum = put->checksum,
	};
	enum s3_outcome outcome = S3_ERROR;
	bool used = p->used;
	struct buf key;

	buf_init(&key, LIMIT_KEY);
	probe_key(p, put->name, &key);
	if (buf_check(&key, "the key", err) == 0) {
		request.key = buf_string(&key);
		p->used = true;
		outcome = s3_put(s3, &request, err);
		/* What is denied cannot be left. */
		if (outcome == S3_ERROR && err->class == ERR_DENIED &&
		    !used && !s3_answer(s3)->ambiguous)
			p->used = false;
	}
	buf_clear(&key);
	return outcome;
}

/* Which of the listed versions are to go; one page at a time. */
struct sweep {
	struct probe *probe;
	bool all;		/* this run's own: whatever lies there */
	int64_t before;		/* else what is older */
	struct s3_deletion deletions[PAGE];
	char *texts[PAGE][2];
	size_t count;
	size_t removed;
};

/* PREFIX lease-v1/probe/ 32 hex digits / something */
static bool
of_our_form(const struct probe *p, struct span key)
{
	size_t root = p->folder.n - sizeof p->nonce, i;

	if (key.n <= p->folder.n || memcmp(key.p, p->folder.p, root) != 0 ||
	    key.p[root + sizeof p->nonce - 1] != '/')
		return false;
	for (i = 0; i < sizeof p->nonce - 1; i++)
		if (memchr("0123456789abcdef", key.p[root + i], 16) == NULL)
			return false;
	return true;
}

/* A delete marker has no metadata: its name and its age have to do. */
static bool
to_go(struct sweep *sweep, const struct s3_version *v, const char *key,
    const char *id)
{
	struct s3 *s3 = sweep->probe->s3;
	struct err ignored = { 0 };

	if (sweep->all)
		return true;
	if (!of_our_form(sweep->probe, v->key) || v->last_modified < 0 ||
	    v->last_modified > sweep->before)
		return false;
	return v->marker || (s3_versions_head(s3, key, id, &ignored) == S3_OK
	    && s3_meta(s3, REMOTE_PROBE_META).n > 0);
}

static void
forget(struct sweep *sweep)
{
	size_t i;

	for (i = 0; i < sweep->count; i++) {
		free(sweep->texts[i][0]);
		free(sweep->texts[i][1]);
	}
	sweep->count = 0;
}

static int
collect(struct sweep *sweep, const struct s3_versions *page,
    struct err *err)
{
	size_t i;

	for (i = 0; i < page->count && sweep->count < PAGE; i++) {
		char *key = span_dup(page->items[i].key);
		char *id = span_dup(page->items[i].id);

		if (key == NULL || id == NULL ||
		    !to_go(sweep, &page->items[i], key, id)) {
			bool lost = key == NULL || id == NULL;

			free(key);
			free(id);
			if (lost)
				return err_memory(err);
			continue;
		}
		sweep->texts[sweep->count][0] = key;
		sweep->texts[sweep->count][1] = id;
		sweep->deletions[sweep->count++] = (struct s3_deletion){
			.key = key, .version_id = id };
	}
	return 0;
}

static int
delete_collected(struct sweep *sweep, struct err *err)
{
	size_t i;

	if (sweep->count == 0)
		return 0;
	if (s3_delete_many(sweep->probe->s3, sweep->deletions, sweep->count,
	    err) != S3_OK)
		return -1;
	for (i = 0; i < sweep->count; i++) {
		const struct s3_deletion *d = &sweep->deletions[i];

		if (!d->failed)
			sweep->removed++;
		else
			(void)err_set(err, ERR_DENIED, "cannot delete the "
			    "probe object '%s': %s (%s)", d->key, d->message,
			    d->code);
	}
	return err->class == ERR_NONE ? 0 : -1;
}

static int
sweep_below(struct sweep *sweep, const char *prefix, struct err *err)
{
	struct s3_versions_ask ask = { .prefix = prefix,
		.max_keys = PAGE };
	struct s3_versions page = { 0 }, last = { 0 };
	size_t pages = 0;
	int result = 0;

	do {
		if (s3_versions_page(sweep->probe->s3, &ask, &page, err) !=
		    S3_OK) {
			result = -1;
			break;
		}
		s3_versions_clear(&last);
		last = page;
		if (collect(sweep, &page, err) != 0 ||
		    delete_collected(sweep, err) != 0)
			result = -1;
		forget(sweep);
		ask.from_key = page.next_key;
		ask.from_id = page.next_id;
	} while (result == 0 && last.more && ++pages < LIMIT_LIST_PAGES);
	s3_versions_clear(&last);
	return result;
}

/* Without the right to see versions: what can be seen goes, by name. */
static int
delete_visible(struct probe *p, size_t *removed, struct err *err)
{
	static const struct span first = { NULL, 0 };
	struct s3_list page = { 0 };
	struct err left = { 0 };
	size_t i;

	if (s3_list_page(p->s3, buf_string(&p->folder), first, PAGE, &page,
	    err) != S3_OK)
		return -1;
	for (i = 0; i < page.count; i++) {
		char *key = span_dup(page.items[i].key);

		if (key == NULL || s3_delete(p->s3, key, NULL, &left) ==
		    S3_ERROR)
			(void)err_set(&left, ERR_INTERNAL, "out of memory");
		else
			(*removed)++;
		free(key);
	}
	s3_list_clear(&page);
	if (left.class != ERR_NONE && err->class == ERR_NONE)
		*err = left;
	return left.class == ERR_NONE ? 0 : -1;
}

int
probe_end(struct probe *p, size_t *removed, struct err *err)
{
	struct sweep *sweep;
	int result;

	*removed = 0;
	if (!p->used)
		return 0;
	session_clean_up(p->session);
	if ((sweep = calloc(1, sizeof *sweep)) == NULL)
		return err_memory(err);
	sweep->probe = p;
	sweep->all = true;
	result = sweep_below(sweep, buf_string(&p->folder), err);
	*removed = sweep->removed;
	free(sweep);
	if (result != 0 && err->class == ERR_DENIED) {
		struct err ignored = { 0 };

		(void)delete_visible(p, removed, &ignored);
	}
	if (result == 0)
		p->used = false;
	return result;
}

int
probe_sweep(struct probe *p, size_t *removed, struct err *err)
{
	struct sweep *sweep = calloc(1, sizeof *sweep);
	struct buf root;
	int result = -1;

	*removed = 0;
	if (sweep == NULL)
		return err_memory(err);
	buf_init(&root, LIMIT_KEY);
	buf_addf(&root, "%s" KEY_PROBE_ROOT,
	    buf_string(&p->session->prefix));
	sweep->probe = p;
	/* The clock that gave them their dates. */
	sweep->before = s3_answer(p->s3)->date - PROBE_AGE;
	if (s3_answer(p->s3)->date < 0)
		sweep->before = session_server_now(p->session) - PROBE_AGE;
	if (buf_check(&root, "the key", err) == 0)
		result = sweep_below(sweep, buf_string(&root), err);
	*removed = sweep->removed;
	buf_clear(&root);
	free(sweep);
	return result;
}
