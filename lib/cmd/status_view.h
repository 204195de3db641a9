#ifndef CMD_STATUS_VIEW_H
#define CMD_STATUS_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "cache/freshness.h"
#include "cache/gate.h"
#include "cache/ledger_book.h"
#include "cache/standing.h"
#include "cache/survey.h"
#include "cmd/command.h"
#include "cmd/setup.h"

/* All that status shows; borrowed. */
struct status_view {
	const struct command_input *input;
	const struct setup *setup;
	const struct survey *survey;
	const struct ledger_book *book;	/* sorted; NULL: cannot be read */
	bool remote;		/* S3 was asked: leases are known */
	struct gate_view breaker;	/* of the bucket; when the team cache
					   is on */
	struct freshness_policy policy;
	int64_t stale_if_error;
	int64_t today;		/* as the book counts days */
	int64_t days;		/* to show one by one */
	int64_t per_day;	/* max_api_requests_per_day, -1: none */
	int64_t paid_today;	/* of all accounts and profiles */
	int status;
	const struct err *stopped;	/* what S3 would not tell, or none */
};

/* Print it: tables for people, lines for scripts (cmd/listing.h). */
int status_view_text(const struct status_view *v, struct err *err);

/* Print it as one object (design section 11). */
int status_view_json(const struct status_view *v, struct err *err);

/* What to call an entry: its standing, or why that is not known. */
const char *status_view_state(const struct status_view *v,
    const struct survey_entry *entry, struct standing *standing);

/* Of the days that are shown? */
bool status_view_shows(const struct status_view *v,
    const struct ledger_book_row *row);

#endif
