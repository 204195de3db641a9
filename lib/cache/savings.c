#include "cache/savings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "cache/ledger_book.h"

/* The entries of a purchase follow each other; looking back as far as there
 * are types in one command is enough. */
#define LOOK_BACK 64

static bool
same_purchase(const struct savings_mark *a, const struct savings_mark *b)
{
	return strcmp(a->key.type, b->key.type) == 0 &&
	    strcmp(a->key.account, b->key.account) == 0;
}

static bool
seen(const struct savings *t, const struct savings_mark *mark)
{
	size_t i;

	for (i = t->count; i > 0 && t->count - i < LOOK_BACK; i--)
		if (same_purchase(&t->marks[i - 1], mark) && month_compare(
		    t->marks[i - 1].key.month, mark->key.month) == 0)
			return true;
	return false;
}

static void
add(struct savings *t, const struct key *key, const char *purchase,
    bool bought)
{
	struct savings_mark mark = { .key = *key, .bought = bought };
	struct savings_mark *more;

	snprintf(mark.key.type, sizeof mark.key.type, "%s", purchase);
	if (seen(t, &mark))
		return;
	more = array_grow(t->marks, t->count, &t->room, sizeof *more);
	if (more == NULL)
		return;
	t->marks = more;
	t->marks[t->count++] = mark;
}

void
savings_read(struct savings *t, const struct key *key, const char *purchase)
{
	add(t, key, purchase, false);
}

void
savings_bought(struct savings *t, const struct key *key, const char *purchase)
{
	add(t, key, purchase, true);
}

/* How many like the i-th; 0 when an earlier one stands for it. */
static int64_t
count_like(const struct savings *t, size_t i)
{
	int64_t n = 0;
	size_t j;

	for (j = 0; j < i; j++)
		if (!t->marks[j].bought &&
		    same_purchase(&t->marks[j], &t->marks[i]))
			return 0;
	for (; j < t->count; j++)
		if (!t->marks[j].bought &&
		    same_purchase(&t->marks[j], &t->marks[i]))
			n++;
	return n;
}

void
savings_put(const struct savings *t, const char *profile, int64_t now,
    struct buf *out)
{
	struct ledger_book_record r = { .kind = LEDGER_BOOK_HITS,
		.time = now };
	size_t i;

	snprintf(r.profile, sizeof r.profile, "%s", profile);
	for (i = 0; i < t->count; i++) {
		const struct key *key = &t->marks[i].key;

		if (t->marks[i].bought || (r.count = count_like(t, i)) == 0)
			continue;
		memcpy(r.account, key->account, sizeof r.account);
		memcpy(r.purchase, key->type, sizeof r.purchase);
		ledger_book_put(&r, out);
	}
}

void
savings_clear(struct savings *t)
{
	free(t->marks);
	memset(t, 0, sizeof *t);
}
