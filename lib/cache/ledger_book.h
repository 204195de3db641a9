#ifndef CACHE_LEDGER_BOOK_H
#define CACHE_LEDGER_BOOK_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

/*
 * What the ledger says, as a value: no file is touched here.
 *
 * A ledger is a text of records, each one line that begins with its LF, so
 * that a torn one spoils no other:
 *
 *	LF CRC32HEX KIND TIME ACCOUNT PURCHASE COUNT PROFILE
 *
 * The CRC is over what follows it and a blank; a line whose CRC is another
 * one is passed over. ACCOUNT and PURCHASE are "-" where there is none, the
 * profile may be empty and hold blanks. Sums have the same form as what they
 * are made of: what was added up is read like any other ledger.
 */
#define LEDGER_BOOK_PROFILE 128	/* longer names are cut */
#define LEDGER_BOOK_RECORD 320	/* no record is longer */

enum ledger_book_kind {
	LEDGER_BOOK_GENERATION = 'g',	/* COUNT: the file's number */
	LEDGER_BOOK_HITS = 'h',		/* COUNT hits, each of which spared a
					   purchase of as many pages as the
					   last one took */
	LEDGER_BOOK_AVOIDED = 'a',	/* COUNT requests were spared */
	LEDGER_BOOK_REQUESTS = 'c',	/* COUNT were paid; less than 0: so
					   many fewer than was said before */
	LEDGER_BOOK_PAGES = 'p'		/* the purchase took COUNT pages */
};

struct ledger_book_record {
	enum ledger_book_kind kind;
	int64_t time;			/* seconds */
	int64_t count;
	char account[13];
	char purchase[65];
	char profile[LEDGER_BOOK_PROFILE];
};

/* Append a record's text; the profile's control bytes become '?'. */
void ledger_book_put(const struct ledger_book_record *record,
    struct buf *out);

/* One UTC day of one account and profile. */
struct ledger_book_row {
	int64_t day;		/* since 1970-01-01; 0: before all others */
	int64_t requests;	/* paid */
	int64_t avoided;	/* not needed */
	char account[13];
	char profile[LEDGER_BOOK_PROFILE];
};

struct ledger_book_pages {
	int64_t time;
	int64_t pages;
	char account[13];
	char purchase[65];
};

/* Zero-initialise. */
struct ledger_book {
	int64_t generation;	/* the highest that was read */
	struct ledger_book_row *rows;	/* in the order of ledger_book_sort
					   after it, and none before */
	size_t row_count;
	size_t row_room;
	size_t row_last;	/* where the last one was found */
	struct ledger_book_pages *pages;
	size_t page_count;
	size_t page_room;
};

void ledger_book_clear(struct ledger_book *book);

/* Add up what a ledger's text says; older texts first. -1 with err: memory. */
int ledger_book_read(struct ledger_book *book, struct span text,
    struct err *err);

/* By day, account and profile, the newest day first. */
void ledger_book_sort(struct ledger_book *book);

/*
 * Keep it bounded: days that lie far back, and what is over a few thousand
 * rows, become one row for each account and profile.
 */
void ledger_book_condense(struct ledger_book *book);

/* The whole book as a ledger's text, the generation first. */
void ledger_book_write(const struct ledger_book *book, struct buf *out);

/* What the last purchase of that name and account took; 0: not known. */
int64_t ledger_book_pages_of(const struct ledger_book *book,
    const char *account, const char *purchase);

struct ledger_book_total {
	int64_t requests;
	int64_t avoided;
};

/* Of a day; of all days when it is negative. Never negative. */
struct ledger_book_total ledger_book_sum(const struct ledger_book *book,
    int64_t day);

/* The UTC day on which a moment falls, as rows count them. */
int64_t ledger_book_day(int64_t seconds);

#endif
