#ifndef CACHE_LEDGER_H
#define CACHE_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"
#include "cache/ledger_book.h"
#include "sys/clock.h"
#include "sys/file.h"

/*
 * The ledger of this machine: requests paid and spared, one file in the state
 * directory to which every process appends (the records are ledger_book.h's).
 * A process that is killed leaves at worst a torn record, which spoils no
 * other. What has grown past a bound is added up into a new file by whoever
 * notices. The file is locked while it is written, so that none writes into
 * one that has been replaced; a wait for it is a timed retry of a few seconds
 * at most.
 */
struct ledger {
	const struct file_root *root;	/* the state directory, open */
	const struct clock *clock;
};

/* The file is added up beyond the first, and never larger than the second. */
#define LEDGER_CONDENSE ((int64_t)2 * 1024 * 1024)
#define LEDGER_MAX ((int64_t)4 * 1024 * 1024)

/*
 * Append records that ledger_book_put made, in one write; durable: they are
 * on the disk when it returns. Seven system calls. -1 with err, ERR_INTERNAL:
 * it cannot be written, or is full and cannot be added up.
 */
int ledger_append(const struct ledger *ledger, struct span records,
    bool durable, struct err *err);

/* All that it says, added to a book. A ledger that is not there says nothing. */
int ledger_read(const struct ledger *ledger, struct ledger_book *book,
    struct err *err);

enum ledger_reserved {
	LEDGER_ERROR = -1,	/* it cannot be recorded; err */
	LEDGER_REFUSED = 0,	/* the day has no room for so many */
	LEDGER_RESERVED = 1
};

/*
 * Write down that requests will be paid (record->count of them, > 0), if those
 * of its UTC day are then no more than limit: under a lock, so that processes
 * cannot pass the limit together. durable. *paid is what the day has without
 * them.
 */
enum ledger_reserved ledger_reserve(const struct ledger *ledger,
    const struct ledger_book_record *record, int64_t limit, int64_t *paid,
    struct err *err);

#endif
