#include "tap.h"

#include <stdlib.h>

#include "base/buf.h"

static void
test_append(void)
{
	struct err err = { 0 };
	struct buf b;
	char *taken;
	int i;

	buf_init(&b, 1000);
	is_str(buf_string(&b), "", "empty is the empty string");
	is_uint(buf_view(&b).n, 0, "empty view");
	buf_add(&b, "ab", 2);
	buf_add_char(&b, 'c');
	buf_add_string(&b, "de");
	buf_add_span(&b, span_make("fgh", 2));
	buf_addf(&b, "-%d-%s", 42, "x");
	if (!is_str(buf_string(&b), "abcdefg-42-x", "appends"))
		return;
	buf_add(&b, NULL, 0);
	is_uint(b.n, 12, "nothing added");
	buf_drop(&b, 3);
	is_str(buf_string(&b), "defg-42-x", "dropped in front");
	buf_drop(&b, 0);
	buf_drop(&b, b.n);
	is_str(buf_string(&b), "", "all dropped");
	for (i = 0; i < 1000; i++)
		buf_add_char(&b, 'z');
	is_uint(b.n, 1000, "grows to its maximum");
	is_int(buf_check(&b, "it", &err), 0, "which is no fault");
	taken = buf_take(&b);
	ok(taken != NULL && strlen(taken) == 1000, "taken");
	is_uint(b.n, 0, "empty after take");
	free(taken);
	buf_add_string(&b, "again");
	is_str(buf_string(&b), "again", "usable after take");
	buf_reset(&b);
	is_str(buf_string(&b), "", "reset");
	buf_clear(&b);
	buf_clear(&b);
	taken = buf_take(&b);
	is_str(taken, "", "take of nothing is an empty string");
	free(taken);
}

static void
test_full(void)
{
	struct err err = { 0 };
	struct buf b;

	buf_init(&b, 10);
	buf_add(&b, "0123456789", 10);
	buf_add_char(&b, 'x');
	is_int(b.fault, BUF_FULL, "one too many");
	is_uint(b.n, 0, "a fault empties");
	buf_add_char(&b, 'y');
	is_uint(b.n, 0, "a fault sticks");
	ok(buf_reserve(&b, 1) == NULL, "no room after a fault");
	ok(buf_take(&b) == NULL, "nothing to take after a fault");
	is_int(buf_check(&b, "the list", &err), -1, "the fault is seen");
	is_int(err.class, ERR_DATA, "as data");
	is_str(err.message, "the list is larger than 10 bytes", "and said");
	buf_reset(&b);
	buf_addf(&b, "%s", "0123456789");
	is_str(buf_string(&b), "0123456789", "reset forgets the fault");
	buf_addf(&b, "%s", "x");
	is_int(b.fault, BUF_FULL, "printf over the maximum");
	buf_clear(&b);
	is_int(b.fault, BUF_SOUND, "clear forgets the fault");
	ok(buf_reserve(&b, SIZE_MAX) == NULL, "an absurd size");
	is_int(b.fault, BUF_FULL, "is over the maximum");
	buf_clear(&b);
	buf_init(&b, 0);
	buf_add(&b, "", 0);
	is_int(b.fault, BUF_SOUND, "nothing fits into nothing");
	buf_add_char(&b, 'x');
	is_int(b.fault, BUF_FULL, "a byte does not");
	buf_clear(&b);
}

static void
test_memory(void)
{
	struct err err = { 0 };
	struct buf b;

	buf_init(&b, 10);
	b.fault = BUF_NO_MEMORY;
	is_int(buf_check(&b, "x", &err), -1, "out of memory is seen");
	is_int(err.class, ERR_INTERNAL, "as internal");
	buf_clear(&b);
}

static void
test_reserve(void)
{
	struct buf b;
	char *p;

	buf_init(&b, 100);
	buf_add_string(&b, "abc");
	p = buf_reserve(&b, 97);
	ok(p == b.p + 3, "room behind the content");
	if (p != NULL) {
		memcpy(p, "def", 3);
		b.n += 3;
		b.p[b.n] = '\0';
	}
	is_str(buf_string(&b), "abcdef", "filled by a reader");
	ok(buf_reserve(&b, 95) == NULL, "reserve counts against the maximum");
	buf_clear(&b);
}

static void
test_secret(void)
{
	struct buf b;
	int i;

	buf_init_secret(&b, 100000);
	for (i = 0; i < 10000; i++)
		buf_add_string(&b, "secret");
	if (!is_uint(b.n, 60000, "a secret buffer grows"))
		return;
	ok(memcmp(b.p, "secretsecret", 12) == 0 && b.p[60000] == '\0',
	    "with its content");
	buf_reset(&b);
	ok(b.p[1] == '\0' && b.p[59999] == '\0', "and is wiped by reset");
	buf_clear(&b);
	ok(b.p == NULL, "cleared");
}

/* A part that could not be made spoils the whole; a sound one does not. */
static void
test_spoil(void)
{
	struct err err = { 0 };
	struct buf whole, part;

	buf_init(&whole, 100);
	buf_init(&part, 2);
	buf_add_string(&whole, "abc");
	buf_add_string(&part, "x");
	buf_spoil(&whole, &part);
	is_str(buf_string(&whole), "abc", "a sound part changes nothing");
	buf_add_string(&part, "yz");
	buf_spoil(&whole, &part);
	is_str(buf_string(&whole), "", "one that is not empties the text");
	is_int(buf_check(&whole, "it", &err), -1, "which is a fault");
	has_str(err.message, "larger", "the part's own");
	buf_clear(&whole);
	buf_clear(&part);
}

static void
test_lend(void)
{
	struct buf to, from;
	char *memory;

	buf_init(&to, 100);
	buf_init(&from, 50);
	buf_add_string(&from, "what was there");
	memory = from.p;
	buf_add_string(&to, "old");
	buf_lend(&to, &from);
	ok(to.p == memory && to.n == 0 && to.max == 100,
	    "the memory changes hands, the content does not");
	is_str(buf_string(&to), "", "nothing is in it");
	ok(from.p == NULL && from.max == 50, "the lender is empty");
	buf_add_string(&to, "new");
	is_str(buf_string(&to), "new", "it can be used");
	/* Nobody gets past a maximum by borrowing. */
	buf_init(&from, 3);
	buf_lend(&from, &to);
	ok(from.p == NULL && to.p == NULL, "too large a room is given back");
	buf_add_string(&from, "abcd");
	is_int(from.fault, BUF_FULL, "and the maximum holds");
	buf_clear(&from);
	buf_lend(&from, &to);
	ok(from.p == NULL, "of nothing nothing comes");
	buf_clear(&to);
	buf_clear(&from);
}

int
main(void)
{
	test_spoil();
	test_append();
	test_full();
	test_memory();
	test_reserve();
	test_secret();
	test_lend();
	return done_testing();
}
