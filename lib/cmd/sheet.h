#ifndef CMD_SHEET_H
#define CMD_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/decimal.h"
#include "base/err.h"
#include "base/month.h"
#include "cmd/figures.h"
#include "cmd/tally.h"

/* What a sheet may show. */
enum sheet_part {
	SHEET_GROUPS,		/* a line a service (or tag, account, ...) */
	SHEET_PERIODS,		/* a line a day */
	SHEET_FORECAST,		/* a line a day to come */
	SHEET_PARTS
};

/* As many as there are built-in types. */
#define SHEET_SOURCES 5

/* Whose figures, and what is known of them. */
struct sheet_source {
	const char *account;	/* "" when it is not known */
	const char *profile;	/* NULL or "": none; borrowed */
	struct month month;
	const char *type;
	bool built_in;		/* the type is */
	bool stale;
	bool rows_only;		/* nothing is added up: a sheet of its own
				   that has no parts */
	int64_t timestamp;	/* seconds */
};

/* An entry's figures. */
struct sheet_rows {
	char type[65];
	struct figures figures;
};

/*
 * The costs of an account in a month, as they are shown to people: the
 * built-in types of one account and month make one sheet together, of each
 * part the first that comes; any other type is a sheet of its own.
 */
struct sheet {
	char account[13];
	const char *profile;
	struct month month;
	char type[65];		/* "": the built-in ones */
	char metric[FIGURES_WORD_ROOM];
	char unit[FIGURES_WORD_ROOM];
	bool stale;
	bool estimated;
	int64_t timestamp;	/* of its oldest part */
	bool has_total;
	struct decimal total;
	char start[FIGURES_TIME_ROOM];	/* what the total covers */
	char end[FIGURES_TIME_ROOM];	/* exclusive */
	struct {
		const struct figures *figures;	/* NULL: it is not there */
		struct tally tally;
	} parts[SHEET_PARTS];
	struct sheet_rows *rows[SHEET_SOURCES];	/* all that was added */
	size_t rows_count;
};

struct sheets {
	struct sheet **items;
	size_t count;
};

/*
 * Add what an entry says; the figures are taken, on failure too. ERR_DATA: its
 * amounts do not add up.
 */
int sheet_add(struct sheets *sheets, const struct sheet_source *source,
    struct figures *figures, struct err *err);
void sheet_clear(struct sheets *sheets);	/* harmless twice */

/* "November 2026", a type of one's own before it. */
void sheet_subject(const struct sheet *s, struct buf *out);

/* ", account 123456789012 (prod)", as far as it is known; the default profile
 * is not named. */
void sheet_owner(const struct sheet *s, struct buf *out);

/* Both: "November 2026, account 123456789012 (prod)". */
void sheet_title(const struct sheet *s, struct buf *out);

/* "UnblendedCost in USD, 2026-11-01 to 2026-11-28, estimated, as of ...". */
void sheet_subtitle(const struct sheet *s, struct buf *out);

/* What stands above the labels of a part: "Service", "Day",
 * "Forecast". */
const char *sheet_heading(const struct sheet *s, enum sheet_part part);

/* Is there more than one line to add up? */
bool sheet_adds_up(const struct sheet *s, enum sheet_part part);

/* The i-th line's label: a group's name, "2026-11-01", "2026-11-01 to
 * 2026-11-30". */
void sheet_label(const struct sheet *s, enum sheet_part part, size_t i,
    struct buf *out);

/*
 * What the month will have cost: the days before the forecast and the
 * forecast. False where a day is missing between them or the month.
 */
bool sheet_expected(const struct sheet *s, struct decimal *out);

#endif
