#include "cmd/status_view.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "cmd/github.h"
#include "cmd/listing.h"
#include "cmd/report.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

/* The widest cell is a job's URL. */
#define CELL 600

const char *
status_view_state(const struct status_view *v,
    const struct survey_entry *entry, struct standing *standing)
{
	memset(standing, 0, sizeof *standing);
	standing->age = standing->good_until = -1;
	if (entry->err != NULL)
		return entry->err->class == ERR_DENIED ? "denied" :
		    "unreadable";
	if (!entry->known)
		return "foreign";
	*standing = standing_of(&entry->facts, &v->policy,
	    v->stale_if_error, entry->now);
	return standing_word(standing->state);
}

bool
status_view_shows(const struct status_view *v,
    const struct ledger_book_row *row)
{
	/* What was not sent after all is taken back, its row is not. */
	return row->day > v->today - v->days && row->day > 0 &&
	    (row->requests != 0 || row->avoided != 0);
}

static bool
for_people(const struct status_view *v)
{
	return output_terminal(v->input->output);
}

static void
format_time(int64_t seconds, char out[DATE_ROOM])
{
	out[0] = '\0';
	if (seconds >= 0)
		date_format_rfc3339(seconds, out);
}

/* "742", or "12m" for people, in the largest unit that it has one of. */
static void
format_age(const struct status_view *v, int64_t age, char out[32])
{
	static const struct {
		int64_t seconds;
		char unit;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' } };
	size_t i;

	out[0] = '\0';
	if (age < 0)
		return;
	snprintf(out, 32, "%lld%s", (long long)age, for_people(v) ? "s" : "");
	for (i = 0; for_people(v) && i < COUNT(units); i++)
		if (age >= units[i].seconds) {
			snprintf(out, 32, "%lld%c",
			    (long long)(age / units[i].seconds),
			    units[i].unit);
			break;
		}
}

static void
format_size(const struct status_view *v, int64_t bytes, char out[32])
{
	if (for_people(v) && bytes >= 10 * 1024)
		snprintf(out, 32, "%lld KiB", (long long)(bytes + 512) / 1024);
	else
		snprintf(out, 32, "%lld", (long long)bytes);
}

/* Print and forget; for people, an empty line between what was and it. */
static int
finish(const struct status_view *v, struct listing *c, struct err *err)
{
	int result;

	if (c->rows > 0 && for_people(v))
		output_text(v->input->output, "\n");
	result = listing_print(c, v->input->output, err);
	listing_clear(c);
	return result;
}

static void
add_entry(struct listing *c, const struct status_view *v,
    const struct survey_entry *e)
{
	char month[MONTH_ROOM], age[32], until[DATE_ROOM], size[32];
	struct standing standing;
	const char *state = status_view_state(v, e, &standing);
	const char *cells[] = { e->key.type, month, e->key.account,
		e->local && e->remote ? "local+s3" : e->local ? "local" :
		"s3", state, age, until, e->metadata.data_through,
		e->metadata.refreshed_by, size };

	month_format(e->key.month, month);
	format_age(v, standing.age, age);
	format_time(standing.good_until, until);
	format_size(v, e->size, size);
	listing_row(c, cells);
}

static int
print_entries(const struct status_view *v, struct err *err)
{
	static const char *const headings[] = { "TYPE", "MONTH", "ACCOUNT",
		"WHERE", "STATE", "AGE", "GOOD UNTIL", "DATA THROUGH",
		"REFRESHED BY", "SIZE" };
	struct listing c;
	size_t i;

	listing_init(&c, "entry", headings, COUNT(headings), 1 << 5 | 1 << 9);
	for (i = 0; i < v->survey->count; i++)
		add_entry(&c, v, &v->survey->entries[i]);
	if (c.rows == 0 && for_people(v))
		output_text(v->input->output, v->remote ? "\nno entries\n" :
		    "\nno entries on this machine (--remote asks S3 too)\n");
	return finish(v, &c, err);
}

static int
print_leases(const struct status_view *v, struct err *err)
{
	static const char *const headings[] = { "LEASE", "MONTH", "ACCOUNT",
		"HELD BY", "AGE", "EXPIRES", "STATE" };
	struct listing c;
	size_t i;

	listing_init(&c, "lease", headings, COUNT(headings), 1 << 4);
	for (i = 0; i < v->survey->lease_count; i++) {
		const struct survey_lease *l = &v->survey->leases[i];
		char month[MONTH_ROOM], age[32], expires[DATE_ROOM];
		const char *cells[] = { l->key.type, month, l->key.account,
			l->holder, age, expires, l->length < 0 ?
			"unreadable" : l->age > l->length ? "expired" :
			"live" };

		month_format(l->key.month, month);
		format_age(v, l->age, age);
		format_time(l->length < 0 ? -1 : l->renewed + l->length,
		    expires);
		listing_row(&c, cells);
	}
	return finish(v, &c, err);
}

/* Sums of requests, paid and spared, with their price. */
struct sums {
	char paid[32], avoided[32], spent[32], saved[32];
};

static void
format_sums(int64_t paid, int64_t avoided, struct sums *out)
{
	paid = paid < 0 ? 0 : paid;
	snprintf(out->paid, sizeof out->paid, "%lld", (long long)paid);
	snprintf(out->avoided, sizeof out->avoided, "%lld",
	    (long long)avoided);
	report_price(paid, out->spent);
	report_price(avoided, out->saved);
}

static int
print_days(const struct status_view *v, struct err *err)
{
	static const char *const headings[] = { "DAY", "ACCOUNT", "PROFILE",
		"REQUESTS", "AVOIDED", "SPENT USD", "SAVED USD" };
	struct listing c;
	size_t i;

	listing_init(&c, "day", headings, COUNT(headings), 0xf << 3);
	for (i = 0; i < v->book->row_count; i++) {
		const struct ledger_book_row *row = &v->book->rows[i];
		char day[DATE_ROOM];
		struct sums s;
		const char *cells[] = { day, row->account, row->profile,
			s.paid, s.avoided, s.spent, s.saved };

		if (!status_view_shows(v, row))
			continue;
		date_format_day(date_of(row->day * 86400), day);
		format_sums(row->requests, row->avoided, &s);
		listing_row(&c, cells);
	}
	return finish(v, &c, err);
}

static int
print_total(const struct status_view *v, struct err *err)
{
	static const char *const headings[] = { "REQUESTS IN ALL", "AVOIDED",
		"SPENT USD", "SAVED USD", "TODAY", "LIMIT A DAY" };
	struct ledger_book_total total = ledger_book_sum(v->book, -1);
	char today[32], limit[32] = "";
	struct listing c;
	struct sums s;
	const char *cells[] = { s.paid, s.avoided, s.spent, s.saved, today,
		limit };

	listing_init(&c, "total", headings, COUNT(headings), 0x3f);
	format_sums(total.requests, total.avoided, &s);
	snprintf(today, sizeof today, "%lld", (long long)v->paid_today);
	if (v->per_day >= 0)
		snprintf(limit, sizeof limit, "%lld", (long long)v->per_day);
	listing_row(&c, cells);
	return finish(v, &c, err);
}

static int
print_cache(const struct status_view *v, struct err *err)
{
	static const char *const headings[] = { "TEAM CACHE", "WHY" };
	const struct session *s = &v->setup->session;
	char where[CELL * 3];
	const char *cells[] = { where, s->team_cache_why };
	struct listing c;
	int result;

	snprintf(where, sizeof where, s->team_cache ? "s3://%s/%s" : "off",
	    s->team_cache ? s->bucket : "", buf_string(&s->prefix));
	listing_init(&c, "cache", headings, COUNT(headings), 0);
	listing_row(&c, cells);
	result = listing_print(&c, v->input->output, err);
	listing_clear(&c);
	return result;
}

static int
print_breaker(const struct status_view *v, struct err *err)
{
	static const char *const headings[] = { "BREAKER", "FAILURES",
		"SINCE", "NEXT TRY" };
	char failures[32], since[DATE_ROOM], probe[DATE_ROOM];
	const char *cells[] = { v->breaker.open ? "open" : "closed",
		failures, since, probe };
	struct listing c;

	/* Nothing to tell a person. */
	if (!v->setup->session.team_cache || (for_people(v) &&
	    v->breaker.failures == 0 && !v->breaker.open))
		return 0;
	snprintf(failures, sizeof failures, "%d", v->breaker.failures);
	format_time(v->breaker.since, since);
	format_time(v->breaker.next_probe, probe);
	listing_init(&c, "breaker", headings, COUNT(headings), 1 << 1);
	listing_row(&c, cells);
	return finish(v, &c, err);
}

int
status_view_text(const struct status_view *v, struct err *err)
{
	github_guard(v->input);
	if (print_cache(v, err) != 0 || print_breaker(v, err) != 0 ||
	    print_entries(v, err) != 0 || print_leases(v, err) != 0)
		return -1;
	if (v->book == NULL)
		return 0;
	return print_days(v, err) == 0 ? print_total(v, err) : -1;
}
