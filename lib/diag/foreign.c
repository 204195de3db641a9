#include "diag/foreign.h"

#include <stdlib.h>
#include <string.h>

#include "aws/arn.h"
#include "base/limits.h"
#include "cache/key.h"
#include "cache/remote.h"
#include "diag/bucket_facts.h"

/* More names than these help nobody. */
#define NAMED 5

void
foreign_init(struct foreign *f)
{
	memset(f, 0, sizeof *f);
	buf_init(&f->names, LIMIT_REQUEST_FILE);
}

void
foreign_clear(struct foreign *f)
{
	buf_clear(&f->names);
}

static void
note(struct foreign *f, const char *key)
{
	if (f->count++ < NAMED)
		buf_addf(&f->names, "%s'%s'", f->names.n > 0 ? ", " : "",
		    key);
}

/* doctor writes one there and takes it away again. */
static bool
is_probe(const char *prefix, const char *key)
{
	size_t n = strlen(prefix) + strlen(KEY_ROOT);
	const char *account = strlen(key) > n ? key + n : "";

	return strlen(account) > 12 && arn_account_valid(span_make(account,
	    12)) && strncmp(account + 12, "/probe/", 7) == 0;
}

/* Ours by its headers? A key that went meanwhile is nobody's. */
static int
look(const struct foreign_place *place, const char *key, struct foreign *f,
    struct err *err)
{
	struct err why = { 0 };

	switch (s3_head(place->s3, key, &why)) {
	case S3_OK:
		f->looked++;
		if (!span_is(s3_meta(place->s3, "schema-version"),
		    REMOTE_SCHEMA))
			note(f, key);
		return 0;
	case S3_ERROR:
		if (bucket_facts_ends(why.class)) {
			*err = why;
			return -1;
		}
		if (f->unseen.class == ERR_NONE)
			f->unseen = why;
		return 0;
	default:
		return 0;
	}
}

static int
look_at_page(const struct foreign_place *place, const struct s3_list *page,
    struct foreign *f, struct err *err)
{
	struct key key;
	size_t i;

	for (i = page->count; i-- > 0;) {
		char *name = span_dup(page->items[i].key);
		int result = 0;

		if (name == NULL)
			return err_memory(err);
		f->seen++;
		if (key_from_object(place->prefix, page->items[i].key,
		    &key)) {
			if (f->looked < place->looks)
				result = look(place, name, f, err);
			else
				f->passed++;
		} else if (!is_probe(place->prefix, name)) {
			note(f, name);
		}
		free(name);
		if (result != 0)
			return -1;
	}
	return 0;
}

int
foreign_look(const struct foreign_place *place, struct foreign *out,
    struct err *why)
{
	struct s3_list page = { 0 }, last = { 0 };
	struct span next = { NULL, 0 };
	size_t pages = 0;
	int result = 0;

	do {
		if (s3_list_page(place->s3, place->tree, next, 1000, &page,
		    why) != S3_OK) {
			if (why->class == ERR_NONE)
				err_set(why, ERR_DATA,
				    "the list was not sound");
			result = -1;
			break;
		}
		s3_list_clear(&last);
		last = page;
		result = look_at_page(place, &page, out, why);
		next = page.next;
	} while (result == 0 && next.n > 0 && ++pages < place->pages);
	if (result == 0 && next.n > 0)
		out->passed++;
	s3_list_clear(&last);
	return result;
}

void
foreign_none(const struct foreign *f, const char *tree, struct check_result *r)
{
	if (f->passed > 0)
		check_set(r, CHECK_PASS, "none among the %zu objects under "
		    "'%s' that were looked at", f->looked, tree);
	else
		check_set(r, CHECK_PASS, "none among %zu object%s under '%s'",
		    f->seen, f->seen == 1 ? "" : "s", tree);
}

void
foreign_tell(const struct foreign *f, const char *tree, const char *bucket,
    struct check_result *r)
{
	check_set(r, r->status, "%zu object%s under '%s' that teamcache did "
	    "not write: %s%s", f->count, f->count == 1 ? "" : "s", tree,
	    buf_string(&f->names), f->count > NAMED ? ", ..." : "");
	check_fix(r, "if nobody needs them: aws s3 rm 's3://%s/KEY'", bucket);
}
