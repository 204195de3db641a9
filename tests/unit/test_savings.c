#include "cache/savings.h"

#include "base/limits.h"
#include "cache/ledger_book.h"
#include "tap.h"

#define ACCOUNT "123456789012"

static struct key
key_of(int month, const char *account)
{
	struct key key = { .month = { 2026, month }, .type = "any" };

	snprintf(key.account, sizeof key.account, "%s", account);
	return key;
}

static void
read_entry(struct savings *t, int month, const char *purchase)
{
	struct key key = key_of(month, ACCOUNT);

	savings_read(t, &key, purchase);
}

/* What the ledger makes of it. */
static int64_t
avoided(const struct savings *t, size_t *records)
{
	struct ledger_book book = { 0 };
	struct err err = { 0 };
	int64_t sum;
	struct buf text;
	size_t i;

	buf_init(&text, LIMIT_MIB);
	savings_put(t, "prod", 86400, &text);
	for (i = 0, *records = 0; i < text.n; i++)
		*records += text.p[i] == '\n';
	is_int(ledger_book_read(&book, buf_view(&text), &err), 0, "read");
	sum = ledger_book_sum(&book, 1).avoided;
	ok(book.row_count == 0 || strcmp(book.rows[0].profile, "prod") == 0,
	    "the profile");
	ledger_book_clear(&book);
	buf_clear(&text);
	return sum;
}

int
main(void)
{
	struct key other = key_of(1, "210987654321");
	struct key key = key_of(3, ACCOUNT);
	struct savings t = { 0 };
	size_t records;
	int i;

	is_int(avoided(&t, &records), 0, "nothing yet");
	is_uint(records, 0, "no record");
	read_entry(&t, 1, "full-data");
	read_entry(&t, 1, "full-data");
	read_entry(&t, 1, "forecast");
	read_entry(&t, 1, "full-data");
	is_int(avoided(&t, &records), 2, "a purchase counts once a month");
	read_entry(&t, 2, "full-data");
	is_int(avoided(&t, &records), 3, "and for each month");
	savings_read(&t, &other, "full-data");
	is_int(avoided(&t, &records), 4, "and account");
	is_uint(records, 3, "a record for each account and purchase");
	savings_bought(&t, &key, "full-data");
	is_int(avoided(&t, &records), 4, "what was bought was not spared");
	read_entry(&t, 3, "full-data");
	is_int(avoided(&t, &records), 4, "nor what the purchase filled");
	savings_clear(&t);
	savings_clear(&t);
	is_int(avoided(&t, &records), 0, "empty again");
	for (i = 0; i < 1000; i++)
		read_entry(&t, i, i % 2 == 0 ? "one" : "two");
	is_int(avoided(&t, &records), 1000, "a large batch");
	is_uint(records, 2, "two records");
	savings_clear(&t);
	return done_testing();
}
