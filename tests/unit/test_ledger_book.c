#include "tap.h"

#include <stdlib.h>

#include "base/limits.h"
#include "cache/ledger_book.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define DAY 86400

#define ACCOUNT "123456789012"

static void
put(struct buf *out, enum ledger_book_kind kind, int64_t time,
    const char *purchase, int64_t count, const char *profile)
{
	struct ledger_book_record r = { .kind = kind, .time = time,
		.count = count, .account = ACCOUNT };

	snprintf(r.purchase, sizeof r.purchase, "%s", purchase);
	snprintf(r.profile, sizeof r.profile, "%s", profile);
	ledger_book_put(&r, out);
}

static void
read_text(struct ledger_book *book, struct span text)
{
	struct err err = { 0 };

	is_int(ledger_book_read(book, text, &err), 0, "read %s",
	    err.message);
}

static void
test_form(void)
{
	struct ledger_book_record r = { .kind = LEDGER_BOOK_REQUESTS,
		.time = 1795945710, .count = 2, .account = ACCOUNT,
		.purchase = "full-data", .profile = "a\nb \x1b[1m" };
	struct buf out;

	buf_init(&out, LIMIT_KIB);
	ledger_book_put(&r, &out);
	/* python3: zlib.crc32 of what follows it */
	is_span(buf_view(&out), "\nb4c4441c c 1795945710 123456789012 "
	    "full-data 2 a?b ?[1m", "a record, its LF first");
	buf_reset(&out);
	memset(r.profile, 'x', sizeof r.profile - 1);
	memset(r.purchase, 'p', sizeof r.purchase - 1);
	r.time = INT64_MAX;
	r.count = INT64_MIN;
	ledger_book_put(&r, &out);
	ok(out.n > 0 && out.n < LEDGER_BOOK_RECORD, "the longest one: %zu",
	    out.n);
	buf_clear(&out);
}

static void
test_sums(void)
{
	struct ledger_book book = { 0 };
	struct buf text;

	buf_init(&text, LIMIT_MIB);
	put(&text, LEDGER_BOOK_HITS, 5, "full-data", 3, "prod");
	put(&text, LEDGER_BOOK_PAGES, 6, "full-data", 4, "");
	put(&text, LEDGER_BOOK_HITS, 7, "full-data", 2, "prod");
	put(&text, LEDGER_BOOK_HITS, 8, "forecast", 1, "prod");
	put(&text, LEDGER_BOOK_AVOIDED, 8, "", 5, "prod");
	put(&text, LEDGER_BOOK_REQUESTS, 9, "full-data", 4, "prod");
	put(&text, LEDGER_BOOK_REQUESTS, 9, "full-data", -1, "prod");
	put(&text, LEDGER_BOOK_REQUESTS, DAY, "full-data", 7, "dev 1");
	read_text(&book, buf_view(&text));
	ledger_book_sort(&book);
	is_uint(book.row_count, 2, "a row for each day and profile");
	is_int(book.rows[0].day, 1, "the newest first");
	is_str(book.rows[0].profile, "dev 1", "its profile, blanks and all");
	is_int(ledger_book_sum(&book, 0).requests, 3,
	    "requests, less those that were not sent");
	is_int(ledger_book_sum(&book, 0).avoided, 3 + 2 * 4 + 1 + 5,
	    "a hit spares the pages of the purchase before it");
	is_int(ledger_book_sum(&book, 1).requests, 7, "the next day");
	is_int(ledger_book_sum(&book, -1).requests, 10, "all days");
	is_int(ledger_book_sum(&book, 77).requests, 0, "a day of nothing");
	is_int(ledger_book_pages_of(&book, ACCOUNT, "full-data"), 4,
	    "pages");
	is_int(ledger_book_pages_of(&book, ACCOUNT, "x"), 0, "not known");
	is_int(ledger_book_pages_of(&book, "210987654321", "full-data"), 0,
	    "another account's");
	buf_reset(&text);
	put(&text, LEDGER_BOOK_REQUESTS, 5 * DAY, "x", -3, "p");
	put(&text, LEDGER_BOOK_PAGES, 6, "full-data", -1, "");
	put(&text, LEDGER_BOOK_AVOIDED, 5 * DAY, "", -1, "p");
	read_text(&book, buf_view(&text));
	is_int(ledger_book_sum(&book, 5).requests, 0, "never less than 0");
	is_int(ledger_book_sum(&book, 5).avoided, 0, "never less than 0");
	is_int(ledger_book_pages_of(&book, ACCOUNT, "full-data"), 4,
	    "no pages change nothing");
	ledger_book_clear(&book);
	ledger_book_clear(&book);
	buf_clear(&text);
}

/* Cut at every byte, and damaged at every byte: one record is lost, no
 * other, and none is misread. */
static void
test_torn(void)
{
	struct ledger_book book;
	struct err err = { 0 };
	int64_t seen;
	struct buf one, text;
	size_t i;
	int wrong = 0;

	buf_init(&one, LIMIT_KIB);
	buf_init(&text, LIMIT_KIB);
	put(&one, LEDGER_BOOK_REQUESTS, 9, "full-data", 4, "prod");
	for (i = 0; i < one.n; i++) {
		memset(&book, 0, sizeof book);
		buf_reset(&text);
		buf_add(&text, one.p, i);
		buf_add_span(&text, buf_view(&one));
		if (ledger_book_read(&book, buf_view(&text), &err) != 0)
			wrong++;
		seen = ledger_book_sum(&book, -1).requests;
		wrong += seen != 4;
		ledger_book_clear(&book);
		buf_reset(&text);
		buf_add_span(&text, buf_view(&one));
		buf_add_span(&text, buf_view(&one));
		text.p[one.n + i] ^= 0x04;
		memset(&book, 0, sizeof book);
		if (ledger_book_read(&book, buf_view(&text), &err) != 0)
			wrong++;
		seen = ledger_book_sum(&book, -1).requests;
		/* Without its LF the second is a part of the first. */
		wrong += seen != (i == 0 ? 0 : 4);
		ledger_book_clear(&book);
	}
	is_int(wrong, 0, "of %zu torn and %zu damaged ones", one.n, one.n);
	buf_clear(&one);
	buf_clear(&text);
}

static void
test_refused(void)
{
	/* The CRCs are right: python3's zlib.crc32. */
	static const char *const lines[] = {
		"", "x", "\n", "\n\n\n", "\n00000000 c 1 - - 1 ",
		"\nc 1 - - 1 ", "\nb4c4441c", "\nzzzzzzzz c 1 - - 1 ",
	};
	struct ledger_book book = { 0 };
	size_t i;

	for (i = 0; i < COUNT(lines); i++)
		read_text(&book, span_of(lines[i]));
	read_text(&book, span_make("\n\0\0\0", 4));
	is_uint(book.row_count, 0, "nothing is understood");
	is_int(book.generation, 0, "no generation");
	ledger_book_clear(&book);
}

static void
test_condense(void)
{
	struct ledger_book book = { 0 }, again = { 0 };
	struct ledger_book_total before, after;
	struct buf text;
	char profile[LEDGER_BOOK_PROFILE];
	int i, day;

	buf_init(&text, 64 * LIMIT_MIB);
	memset(profile, 'x', sizeof profile);
	profile[sizeof profile - 1] = '\0';
	for (day = 20000; day < 20900; day += 3)
		for (i = 0; i < 40; i++) {
			profile[100] = (char)('a' + i % 20);
			profile[101] = (char)('a' + i / 20);
			put(&text, LEDGER_BOOK_REQUESTS,
			    (int64_t)day * DAY + 3, "x", 1, profile);
			put(&text, LEDGER_BOOK_AVOIDED,
			    (int64_t)day * DAY + 3, "", 2, profile);
		}
	for (i = 0; i < 3000; i++) {
		char type[65];

		memset(type, 't', sizeof type);
		snprintf(type + 50, sizeof type - 50, "%d", i);
		put(&text, LEDGER_BOOK_PAGES, i, type, i + 1, "");
	}
	read_text(&book, buf_view(&text));
	before = ledger_book_sum(&book, -1);
	is_int(before.requests, 12000, "all requests");
	ledger_book_condense(&book);
	after = ledger_book_sum(&book, -1);
	is_int(after.requests, before.requests, "none is lost");
	is_int(after.avoided, before.avoided, "none is lost");
	is_int(ledger_book_sum(&book, 20897).requests, 40,
	    "the newest day stands by itself");
	is_int(ledger_book_sum(&book, 20000).requests, 0,
	    "the oldest does not");
	ok(book.row_count <= 2048, "bounded: %zu rows", book.row_count);
	ok(book.page_count <= 1024, "bounded: %zu pages", book.page_count);
	book.generation = 7;
	buf_reset(&text);
	ledger_book_write(&book, &text);
	ok(text.n < LIMIT_MIB, "bounded: %zu bytes", text.n);
	read_text(&again, buf_view(&text));
	is_int(again.generation, 7, "generation");
	is_uint(again.row_count, book.row_count, "rows, read again");
	is_uint(again.page_count, book.page_count, "pages, read again");
	is_int(ledger_book_sum(&again, -1).requests, before.requests,
	    "sums, read again");
	is_int(ledger_book_sum(&again, -1).avoided, before.avoided,
	    "sums, read again");
	ledger_book_clear(&book);
	ledger_book_clear(&again);
	buf_clear(&text);
}

static void
test_small(void)
{
	struct ledger_book book = { 0 };
	struct buf text;

	buf_init(&text, LIMIT_KIB);
	ledger_book_condense(&book);
	ledger_book_sort(&book);
	ledger_book_write(&book, &text);
	is_int(ledger_book_sum(&book, -1).requests, 0, "an empty book");
	read_text(&book, buf_view(&text));
	is_uint(book.row_count, 0, "stays one");
	is_int(ledger_book_day(-5), 0, "before the epoch");
	is_int(ledger_book_day(DAY - 1), 0, "its first day");
	is_int(ledger_book_day(DAY), 1, "its second");
	ledger_book_clear(&book);
	buf_clear(&text);
}

int
main(void)
{
	test_form();
	test_sums();
	test_torn();
	test_refused();
	test_condense();
	test_small();
	return done_testing();
}
