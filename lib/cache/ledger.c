#include "cache/ledger.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "sys/lock.h"

#define NAME "ledger"

/* A record takes microseconds, adding up some ten milliseconds. */
#define WAIT_MS 10000
#define ROUND_MS 1

/* The file while it is open and locked. */
struct current {
	int fd;
	int64_t size;
};

/*
 * One attempt at the file that has the name now: 1; 0 when it is locked, or
 * was replaced between opening and locking it; -1 with err.
 */
static int
try_open(const struct ledger *l, struct current *c, struct err *err)
{
	enum lock_result locked;
	struct stat st;

	if (file_root_open_append(l->root, NAME, &c->fd, err) != 0)
		return -1;
	locked = lock_file(c->fd, NAME, err);
	if (locked == LOCK_HELD && fstat(c->fd, &st) != 0) {
		err_system(err, errno, "cannot look at", NAME);
		locked = LOCK_ERROR;
	} else if (locked == LOCK_HELD && !S_ISREG(st.st_mode)) {
		err_set(err, ERR_INTERNAL, "'%s/%s' is not a regular file",
		    l->root->path, NAME);
		locked = LOCK_ERROR;
	} else if (locked == LOCK_HELD && st.st_nlink > 0) {
		c->size = st.st_size;
		return 1;
	}
	(void)close(c->fd);
	return locked == LOCK_ERROR ? -1 : 0;
}

static int
open_current(const struct ledger *l, struct current *c, struct err *err)
{
	int result = try_open(l, c, err);
	int64_t end;

	if (result != 0)
		return result < 0 ? -1 : 0;
	end = clock_elapsed_ms(l->clock) + WAIT_MS;
	while ((result = try_open(l, c, err)) == 0 &&
	    clock_elapsed_ms(l->clock) < end)
		clock_sleep_ms(l->clock, ROUND_MS);
	if (result == 0)
		return err_set(err, ERR_INTERNAL, "'%s/%s' is locked by "
		    "another process", l->root->path, NAME);
	return result < 0 ? -1 : 0;
}

static int
read_current(const struct current *c, struct ledger_book *book,
    struct err *err)
{
	struct buf text;
	int result = -1;

	buf_init(&text, LEDGER_MAX);
	/* A write has left the offset at the end. */
	if (lseek(c->fd, 0, SEEK_SET) != 0)
		err_system(err, errno, "cannot read", NAME);
	else if (file_read_sized(c->fd, c->size, &text, NAME, err) == 0)
		result = ledger_book_read(book, buf_view(&text), err);
	buf_clear(&text);
	return result;
}

static int
ignore_file(void *state, const char *path, int64_t size, int64_t modified,
    struct err *err)
{
	(void)state, (void)path, (void)size, (void)modified, (void)err;
	return 0;
}

/* What the open file says becomes the next file. */
static int
condense(const struct ledger *l, const struct current *c, struct err *err)
{
	struct ledger_book book = { 0 };
	struct err ignored = { 0 };
	struct span text;
	struct buf new;
	int result = -1;

	buf_init(&new, LEDGER_MAX);
	if (read_current(c, &book, err) != 0)
		goto out;
	ledger_book_condense(&book);
	book.generation++;
	ledger_book_write(&book, &new);
	if (buf_check(&new, NAME, err) != 0)
		goto out;
	text = buf_view(&new);
	result = file_root_replace(l->root, NAME, &text, 1, true, err);
	/* What a kill at this very point left behind the last time. */
	(void)file_root_walk(l->root, "", true, ignore_file, NULL, &ignored);
out:
	ledger_book_clear(&book);
	buf_clear(&new);
	return result;
}

/* Open it with room for n more bytes. */
static int
open_with_room(const struct ledger *l, size_t n, struct current *c,
    struct err *err)
{
	int round, result;

	for (round = 0; round < 2; round++) {
		if (open_current(l, c, err) != 0)
			return -1;
		if (c->size + (int64_t)n <= LEDGER_MAX)
			return 0;
		result = round == 0 ? condense(l, c, err) : -1;
		(void)close(c->fd);
		if (result != 0)
			break;
	}
	if (err->class == ERR_NONE)
		err_set(err, ERR_INTERNAL, "it has no room");
	err_context(err, "'%s/%s' is full", l->root->path, NAME);
	return -1;
}

/* Write, and close what open_with_room opened. */
static int
write_current(const struct ledger *l, const struct current *c,
    struct span records, bool durable, struct err *err)
{
	struct err ignored = { 0 };
	int result = file_write_fd(c->fd, records, NAME, err);

	/* Should it fail, the next one tries again, up to the maximum. */
	if (result == 0 && c->size + (int64_t)records.n > LEDGER_CONDENSE) {
		struct current whole = { c->fd, c->size +
		    (int64_t)records.n };

		(void)condense(l, &whole, &ignored);
	}
	if (result == 0 && durable) {
		/* Nobody has to wait for the disk with us. */
		lock_file_end(c->fd);
		if (fdatasync(c->fd) != 0)
			result = err_system(err, errno, "cannot write", NAME);
	}
	if (result != 0)
		err_context(err, "in '%s'", l->root->path);
	(void)close(c->fd);
	return result;
}

int
ledger_append(const struct ledger *l, struct span records, bool durable,
    struct err *err)
{
	struct current c;

	if (open_with_room(l, records.n, &c, err) != 0)
		return -1;
	return write_current(l, &c, records, durable, err);
}

int
ledger_read(const struct ledger *l, struct ledger_book *book,
    struct err *err)
{
	enum file_found found;
	struct buf text;
	int result = 0;

	buf_init(&text, LEDGER_MAX);
	found = file_root_read(l->root, NAME, &text, err);
	if (found == FILE_READ)
		result = ledger_book_read(book, buf_view(&text), err);
	buf_clear(&text);
	return found == FILE_ERROR ? -1 : result;
}

enum ledger_reserved
ledger_reserve(const struct ledger *l,
    const struct ledger_book_record *record, int64_t limit, int64_t *paid,
    struct err *err)
{
	enum ledger_reserved result = LEDGER_ERROR;
	struct ledger_book book = { 0 };
	struct current c;
	struct buf text;
	int64_t left;

	*paid = 0;
	buf_init(&text, LEDGER_BOOK_RECORD);
	ledger_book_put(record, &text);
	if (buf_check(&text, "record", err) != 0 ||
	    open_with_room(l, text.n, &c, err) != 0)
		goto out;
	if (read_current(&c, &book, err) != 0) {
		(void)close(c.fd);
		goto out;
	}
	*paid = ledger_book_sum(&book,
	    ledger_book_day(record->time)).requests;
	left = *paid < limit ? limit - *paid : 0;
	if (record->count > left) {
		(void)close(c.fd);
		result = LEDGER_REFUSED;
	} else if (write_current(l, &c, buf_view(&text), true, err) == 0) {
		result = LEDGER_RESERVED;
	}
out:
	ledger_book_clear(&book);
	buf_clear(&text);
	return result;
}
