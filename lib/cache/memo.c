#include "cache/memo.h"

#include <assert.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "cache/place.h"
#include "codec/hash.h"

/* A memo's line: nothing that is remembered is longer than a host name. */
#define VALUE_MAX 512

#define PATH_ROOM 128

static const char *const kinds[] = {
	[MEMO_ACCOUNT] = "account",
	[MEMO_REGION] = "region",
	[MEMO_CONDITIONAL_DELETE] = "conditional-delete",
	[MEMO_CONDITIONS] = "conditions",
	[MEMO_UNAVAILABLE] = "unavailable",
};

int
memo_open(struct memo *memo, const struct env *env, struct err *err)
{
	struct err why = { 0 };
	enum place_found found;
	struct buf path;

	memo->root.fd = -1;
	memo->root.path = NULL;
	memo->usable = false;
	memo->fault = NULL;
	buf_init(&path, LIMIT_STATE_FILE);
	found = place_find(PLACE_STATE, env, &path, &why);
	if (found == PLACE_FOUND)
		memo->usable = file_root_open(&memo->root, buf_string(&path),
		    &why) == 0;
	else if (found == PLACE_NONE)
		place_none(PLACE_STATE, &why);
	buf_clear(&path);
	if (!memo->usable && (memo->fault = malloc(sizeof why)) != NULL)
		*memo->fault = why;
	return found == PLACE_ERROR ? memo_fault(memo, err) : 0;
}

void
memo_close(struct memo *memo)
{
	file_root_close(&memo->root);
	free(memo->fault);
	memo->fault = NULL;
	memo->usable = false;
}

int
memo_fault(const struct memo *memo, struct err *err)
{
	if (memo->usable)
		return 0;
	if (memo->fault == NULL)
		return err_memory(err);
	if (err->class == ERR_NONE)
		*err = *memo->fault;
	return -1;
}

/* One line of visible bytes. */
static bool
fit(struct span value)
{
	size_t i;

	for (i = 0; i < value.n; i++)
		if ((unsigned char)value.p[i] < 0x20 || value.p[i] == 0x7f)
			return false;
	return value.n > 0 && value.n <= VALUE_MAX;
}

/* Subjects go into the name as a hash: any length, any byte. */
static void
file_of(enum memo_kind kind, const char *subject, struct buf *path)
{
	char name[HASH_SHA256_HEX];

	assert(kind >= 0 && kind < sizeof kinds / sizeof kinds[0]);
	hash_sha256_hex(span_of(subject), name);
	buf_init(path, PATH_ROOM);
	buf_addf(path, "%s/%s", kinds[kind], name);
}

bool
memo_get(const struct memo *memo, enum memo_kind kind, const char *subject,
    char *to, size_t room)
{
	struct err ignored = { 0 };
	struct buf path, line;
	struct span value;
	bool known = false;

	if (!memo->usable)
		return false;
	file_of(kind, subject, &path);
	buf_init(&line, VALUE_MAX + 1);
	if (path.n > 0 && file_root_read(&memo->root, buf_string(&path),
	    &line, &ignored) == FILE_READ) {
		value = buf_view(&line);
		/* Without its end, the line was cut by a crash. */
		if (span_ends(value, "\n")) {
			value.n--;
			known = fit(value) && span_copy(value, to, room);
		}
	}
	buf_clear(&line);
	buf_clear(&path);
	return known;
}

void
memo_set(const struct memo *memo, enum memo_kind kind, const char *subject,
    const char *value)
{
	struct span pieces[2] = { span_of(value), SPAN_LITERAL("\n") };
	struct err ignored = { 0 };
	struct buf path;

	if (!memo->usable || !fit(pieces[0]))
		return;
	file_of(kind, subject, &path);
	/* What cannot be remembered will be asked for again. */
	if (path.n > 0)
		(void)file_root_replace(&memo->root, buf_string(&path), pieces,
		    2, false, &ignored);
	buf_clear(&path);
}
