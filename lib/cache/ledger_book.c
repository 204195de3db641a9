#include "cache/ledger_book.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/arn.h"
#include "base/array.h"
#include "base/num.h"
#include "base/printable.h"
#include "cache/key.h"
#include "codec/gzip.h"

#define DAY 86400
#define DAYS_MAX 400		/* that are told apart */
#define ROWS_MAX 2048
#define PAGES_MAX 1024
#define COUNT_MAX ((int64_t)1000000000000)

#define CRC_DIGITS 8

void
ledger_book_clear(struct ledger_book *b)
{
	free(b->rows);
	free(b->pages);
	memset(b, 0, sizeof *b);
}

int64_t
ledger_book_day(int64_t seconds)
{
	return seconds < 0 ? 0 : seconds / DAY;
}

static const char *
or_dash(const char *text)
{
	return text[0] == '\0' ? "-" : text;
}

void
ledger_book_put(const struct ledger_book_record *r, struct buf *out)
{
	char text[LEDGER_BOOK_RECORD];
	int n = snprintf(text, sizeof text, "%c %lld %s %s %lld %s",
	    (char)r->kind, (long long)r->time, or_dash(r->account),
	    or_dash(r->purchase), (long long)r->count, r->profile);

	assert(n > 0 && (size_t)n < sizeof text);
	printable_clean(text, (size_t)n, false);
	buf_addf(out, "\n%08lx %s",
	    (unsigned long)gzip_crc32(0, text, (size_t)n), text);
}

static bool
take_field(struct span *rest, struct span *field)
{
	return span_split(*rest, ' ', field, rest) && field->n > 0;
}

/* A word of bounded length, "-" for none. */
static bool
take_word(struct span *rest, bool (*valid)(struct span), char *to)
{
	struct span field;

	if (!take_field(rest, &field))
		return false;
	to[0] = '\0';
	if (span_is(field, "-"))
		return true;
	if (!valid(field))
		return false;
	memcpy(to, field.p, field.n);
	to[field.n] = '\0';
	return true;
}

static bool
check_crc(struct span line, struct span *rest)
{
	if (line.n <= CRC_DIGITS || line.p[CRC_DIGITS] != ' ')
		return false;
	*rest = span_make(line.p + CRC_DIGITS + 1, line.n - CRC_DIGITS - 1);
	return gzip_crc32_is(span_make(line.p, CRC_DIGITS), *rest);
}

static bool
parse_record(struct span line, struct ledger_book_record *r)
{
	struct span rest, kind, field;

	if (!check_crc(line, &rest) || !take_field(&rest, &kind) ||
	    kind.n != 1 || strchr("ghacp", kind.p[0]) == NULL)
		return false;
	r->kind = (enum ledger_book_kind)kind.p[0];
	if (!take_field(&rest, &field) || !num_parse_signed(field, 0,
	    INT64_MAX, &r->time) ||
	    !take_word(&rest, arn_account_valid, r->account) ||
	    !take_word(&rest, key_type_valid, r->purchase) ||
	    !take_field(&rest, &field) || !num_parse_signed(field,
	    -COUNT_MAX, COUNT_MAX, &r->count))
		return false;
	return span_copy(rest, r->profile, sizeof r->profile);
}

static bool
same_row(const struct ledger_book_row *row, int64_t day, const char *account,
    const char *profile)
{
	return row->day == day && strcmp(row->account, account) == 0 &&
	    strcmp(row->profile, profile) == 0;
}

/* Most records are of the day, account and profile of the one before. */
static struct ledger_book_row *
row_of(struct ledger_book *b, int64_t day, const char *account,
    const char *profile)
{
	struct ledger_book_row *row;
	size_t i;

	if (b->row_last < b->row_count &&
	    same_row(&b->rows[b->row_last], day, account, profile))
		return &b->rows[b->row_last];
	for (i = b->row_count; i-- > 0; ) {
		if (!same_row(&b->rows[i], day, account, profile))
			continue;
		b->row_last = i;
		return &b->rows[i];
	}
	row = array_grow(b->rows, b->row_count, &b->row_room, sizeof *row);
	if (row == NULL)
		return NULL;
	b->rows = row;
	row += b->row_count;
	memset(row, 0, sizeof *row);
	row->day = day;
	memcpy(row->account, account, strlen(account) + 1);
	memcpy(row->profile, profile, strlen(profile) + 1);
	b->row_last = b->row_count++;
	return row;
}

static struct ledger_book_pages *
find_pages(const struct ledger_book *b, const char *account,
    const char *purchase)
{
	size_t i;

	for (i = 0; i < b->page_count; i++)
		if (strcmp(b->pages[i].account, account) == 0 &&
		    strcmp(b->pages[i].purchase, purchase) == 0)
			return &b->pages[i];
	return NULL;
}

/* Where all places are taken, the oldest gives way. */
static struct ledger_book_pages *
place_for_pages(struct ledger_book *b)
{
	struct ledger_book_pages *p, *oldest;
	size_t i;

	if (b->page_count == PAGES_MAX) {
		for (i = 1, oldest = b->pages; i < b->page_count; i++)
			if (b->pages[i].time < oldest->time)
				oldest = &b->pages[i];
		return oldest;
	}
	p = array_grow(b->pages, b->page_count, &b->page_room, sizeof *p);
	if (p == NULL)
		return NULL;
	b->pages = p;
	return &p[b->page_count++];
}

static int
add_pages(struct ledger_book *b, const struct ledger_book_record *r,
    struct err *err)
{
	struct ledger_book_pages *p = find_pages(b, r->account, r->purchase);

	if (r->count <= 0)
		return 0;
	if (p == NULL && (p = place_for_pages(b)) == NULL)
		return err_memory(err);
	memcpy(p->account, r->account, sizeof p->account);
	memcpy(p->purchase, r->purchase, sizeof p->purchase);
	p->pages = r->count;
	p->time = r->time;
	return 0;
}

static int
add_record(struct ledger_book *b, const struct ledger_book_record *r,
    struct err *err)
{
	struct ledger_book_row *row;
	int64_t pages = 1;

	switch (r->kind) {
	case LEDGER_BOOK_GENERATION:
		if (r->count > b->generation)
			b->generation = r->count;
		return 0;
	case LEDGER_BOOK_PAGES:
		return add_pages(b, r, err);
	case LEDGER_BOOK_HITS:
		pages = ledger_book_pages_of(b, r->account, r->purchase);
		break;
	default:
		break;
	}
	row = row_of(b, ledger_book_day(r->time), r->account, r->profile);
	if (row == NULL)
		return err_memory(err);
	if (r->kind == LEDGER_BOOK_REQUESTS)
		row->requests = num_add_held(row->requests, r->count);
	else if (r->count > 0)
		row->avoided = num_add_held(row->avoided,
		    r->count * (pages > 1 && pages < 1000 ? pages : 1));
	return 0;
}

int
ledger_book_read(struct ledger_book *b, struct span text, struct err *err)
{
	struct ledger_book_record record;
	struct span line;

	while (text.n > 0) {
		(void)span_split(text, '\n', &line, &text);
		if (parse_record(line, &record) &&
		    add_record(b, &record, err) != 0)
			return -1;
	}
	return 0;
}

static int
compare_rows(const void *a, const void *b)
{
	const struct ledger_book_row *x = a, *y = b;
	int order;

	if (x->day != y->day)
		return x->day > y->day ? -1 : 1;
	order = strcmp(x->account, y->account);
	return order != 0 ? order : strcmp(x->profile, y->profile);
}

void
ledger_book_sort(struct ledger_book *b)
{
	if (b->row_count > 0)
		qsort(b->rows, b->row_count, sizeof *b->rows, compare_rows);
	b->row_last = 0;
}

/* Sort, and make one row of those that are alike by now. */
static void
merge(struct ledger_book *b)
{
	struct ledger_book_row *to, *from;
	size_t i;

	ledger_book_sort(b);
	for (i = 1, to = b->rows; i < b->row_count; i++) {
		from = &b->rows[i];
		if (same_row(to, from->day, from->account, from->profile)) {
			to->requests = num_add_held(to->requests,
			    from->requests);
			to->avoided = num_add_held(to->avoided,
			    from->avoided);
		} else {
			*++to = *from;
		}
	}
	if (b->row_count > 0)
		b->row_count = (size_t)(to - b->rows) + 1;
}

void
ledger_book_condense(struct ledger_book *b)
{
	size_t i, n = b->row_count;

	ledger_book_sort(b);
	for (i = 0; i < n; i++)
		if (b->rows[i].day + DAYS_MAX <= b->rows[0].day)
			b->rows[i].day = 0;
	merge(b);
	/* The half of them that is newest keeps its days. */
	for (i = ROWS_MAX / 2, n = b->row_count; n > ROWS_MAX && i < n; i++)
		b->rows[i].day = 0;
	merge(b);
	for (i = ROWS_MAX / 2, n = b->row_count; n > ROWS_MAX && i < n; i++)
		b->rows[i].account[0] = b->rows[i].profile[0] = '\0';
	merge(b);
}

static void
put_row(const struct ledger_book_row *row, enum ledger_book_kind kind,
    int64_t count, struct buf *out)
{
	struct ledger_book_record r = { .kind = kind,
		.time = row->day * DAY, .count = count };

	if (count == 0)
		return;
	memcpy(r.account, row->account, sizeof r.account);
	memcpy(r.profile, row->profile, sizeof r.profile);
	ledger_book_put(&r, out);
}

void
ledger_book_write(const struct ledger_book *b, struct buf *out)
{
	struct ledger_book_record r = { .kind = LEDGER_BOOK_GENERATION,
		.count = b->generation };
	size_t i;

	ledger_book_put(&r, out);
	for (i = 0; i < b->row_count; i++) {
		put_row(&b->rows[i], LEDGER_BOOK_REQUESTS,
		    b->rows[i].requests, out);
		put_row(&b->rows[i], LEDGER_BOOK_AVOIDED, b->rows[i].avoided,
		    out);
	}
	r.kind = LEDGER_BOOK_PAGES;
	for (i = 0; i < b->page_count; i++) {
		r.time = b->pages[i].time;
		r.count = b->pages[i].pages;
		memcpy(r.account, b->pages[i].account, sizeof r.account);
		memcpy(r.purchase, b->pages[i].purchase, sizeof r.purchase);
		ledger_book_put(&r, out);
	}
}

int64_t
ledger_book_pages_of(const struct ledger_book *b, const char *account,
    const char *purchase)
{
	const struct ledger_book_pages *p = find_pages(b, account, purchase);

	return p == NULL ? 0 : p->pages;
}

struct ledger_book_total
ledger_book_sum(const struct ledger_book *b, int64_t day)
{
	struct ledger_book_total total = { 0, 0 };
	size_t i;

	for (i = 0; i < b->row_count; i++) {
		if (day >= 0 && b->rows[i].day != day)
			continue;
		total.requests = num_add_held(total.requests,
		    b->rows[i].requests);
		total.avoided = num_add_held(total.avoided,
		    b->rows[i].avoided);
	}
	if (total.requests < 0)
		total.requests = 0;
	return total;
}
