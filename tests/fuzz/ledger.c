/*
 * A ledger's text, read, written and read again, says the same; condensing
 * loses no request. An input's lines also go in as profile names.
 */
#include "fuzz.h"

#include "cache/ledger_book.h"

static void
read_book(struct ledger_book *book, struct span text)
{
	struct err err = { 0 };

	memset(book, 0, sizeof *book);
	must(ledger_book_read(book, text, &err) == 0);
}

static void
check_same(const struct ledger_book *a, const struct ledger_book *b)
{
	size_t i;

	must(a->generation == b->generation);
	must(a->page_count == b->page_count);
	for (i = 0; i < a->page_count; i++)
		must(ledger_book_pages_of(b, a->pages[i].account,
		    a->pages[i].purchase) == a->pages[i].pages);
	for (i = 0; i < a->row_count; i++) {
		struct ledger_book_total x = ledger_book_sum(a,
		    a->rows[i].day), y = ledger_book_sum(b, a->rows[i].day);

		must(x.requests == y.requests && x.avoided == y.avoided);
	}
}

/* Sums that were held at the end of their type are no sums any more. */
static int
extreme(const struct ledger_book *book)
{
	const int64_t max = INT64_C(1000000000000);
	size_t i;

	for (i = 0; i < book->row_count; i++)
		if (book->rows[i].requests > max ||
		    book->rows[i].requests < -max ||
		    book->rows[i].avoided > max)
			return 1;
	return 0;
}

static void
check_text(struct span text)
{
	struct ledger_book book, again;
	struct ledger_book_total all, after;
	struct buf written;

	read_book(&book, text);
	all = ledger_book_sum(&book, -1);
	must(all.requests >= 0 && all.avoided >= 0);
	buf_init(&written, 4 * text.n + 4096);
	ledger_book_write(&book, &written);
	must(written.fault == BUF_SOUND);
	if (!extreme(&book)) {
		read_book(&again, buf_view(&written));
		check_same(&book, &again);
		ledger_book_clear(&again);
	}
	ledger_book_condense(&book);
	after = ledger_book_sum(&book, -1);
	if (!extreme(&book))
		must(after.requests == all.requests &&
		    after.avoided == all.avoided);
	ledger_book_clear(&book);
	buf_clear(&written);
}

/* A record reads as what was put, behind a torn one too. */
static void
check_record(struct span text)
{
	struct ledger_book_record record = { .kind = LEDGER_BOOK_REQUESTS,
		.time = 1754922600, .count = 3, .account = "123456789012",
		.purchase = "full-data" };
	size_t n = text.n < sizeof record.profile ? text.n :
	    sizeof record.profile - 1;
	struct ledger_book book;
	struct buf out;

	if (n > 0)
		memcpy(record.profile, text.p, n);
	buf_init(&out, text.n + 4096);
	buf_add_span(&out, text);
	ledger_book_put(&record, &out);
	must(out.fault == BUF_SOUND);
	read_book(&book, buf_view(&out));
	must(ledger_book_sum(&book, ledger_book_day(record.time)).requests
	    >= 3 || extreme(&book) || memchr(text.p, '-', text.n) != NULL);
	must(book.row_count > 0);
	ledger_book_clear(&book);
	buf_clear(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = fuzz_span(data, size);

	check_text(text);
	if (size > 0)
		check_record(text);
	return 0;
}
