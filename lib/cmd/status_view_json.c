#include "cmd/status_view.h"

#include <string.h>

#include "base/date.h"
#include "base/limits.h"
#include "cmd/report.h"
#include "codec/json.h"

static void
put_number(struct json_writer *w, const char *name, int64_t n)
{
	if (n < 0)
		json_member_null(w, name);
	else
		json_member_integer(w, name, n);
}

static void
put_key(struct json_writer *w, const struct key *key)
{
	char month[MONTH_ROOM];

	month_format(key->month, month);
	json_member_string(w, "account_id", key->account);
	json_member_string(w, "period", month);
}

static void
put_places(struct json_writer *w, const struct survey_entry *e)
{
	json_put_name(w, "stored");
	json_open_array(w);
	if (e->local)
		json_put_string(w, "local");
	if (e->remote)
		json_put_string(w, "remote");
	json_close_array(w);
}

static void
put_metadata(struct json_writer *w, const struct survey_entry *e)
{
	static const struct entry_metadata none = { .ttl = -1,
		.expires_at = -1, .timestamp = -1, .estimated = -1,
		.content_length = -1 };
	const struct entry_metadata *m = e->known ? &e->metadata : &none;

	put_number(w, "ttl", m->ttl);
	report_time(w, "expires_at", m->expires_at);
	report_time(w, "timestamp", m->timestamp);
	report_text(w, "data_through", m->data_through);
	if (m->estimated < 0)
		json_member_null(w, "estimated");
	else
		json_member_bool(w, "estimated", m->estimated == 1);
	if (e->known)
		json_member_string(w, "refreshed_by", m->refreshed_by);
	else
		json_member_null(w, "refreshed_by");
	report_text(w, "etag", e->etag);
	put_number(w, "bytes", m->content_length);
	json_member_integer(w, "size", e->size);
}

static void
put_entry(struct json_writer *w, const struct status_view *v,
    const struct survey_entry *e, struct buf *key)
{
	static const struct err fine = { 0 };
	struct standing standing;
	const char *state = status_view_state(v, e, &standing);

	buf_reset(key);
	key_object(buf_string(&v->setup->session.prefix), &e->key, key);
	json_open_object(w);
	json_member_string(w, "data_type", e->key.type);
	report_text(w, "profile", e->metadata.profile_name);
	put_key(w, &e->key);
	json_member_string(w, "key", buf_string(key));
	json_member_string(w, "source", e->local ? "local" : "remote");
	put_places(w, e);
	json_member_string(w, "state", state);
	json_member_bool(w, "fresh", strcmp(state, "fresh") == 0);
	put_number(w, "age", standing.age);
	report_time(w, "good_until", standing.good_until);
	put_metadata(w, e);
	json_put_name(w, "degraded");
	json_open_array(w);
	if (!e->known && e->err == NULL)
		json_put_string(w, "foreign-object");
	json_close_array(w);
	json_member_string(w, "unavailable", e->known ? NULL : e->why);
	json_put_name(w, "error");
	report_error(w, e->err != NULL ? e->err : &fine);
	json_member_null(w, "data");
	json_close_object(w);
}

static void
put_lease(struct json_writer *w, const struct survey_lease *l)
{
	json_open_object(w);
	json_member_string(w, "purchase", l->key.type);
	put_key(w, &l->key);
	report_text(w, "holder", l->holder);
	json_member_integer(w, "age", l->age);
	put_number(w, "length", l->length);
	report_time(w, "expires_at", l->length < 0 ? -1 :
	    l->renewed + l->length);
	json_member_bool(w, "expired", l->length >= 0 && l->age > l->length);
	json_close_object(w);
}

static void
put_sums(struct json_writer *w, int64_t paid, int64_t avoided)
{
	char price[32];

	paid = paid < 0 ? 0 : paid;
	json_member_integer(w, "ce_requests", paid);
	json_member_integer(w, "ce_requests_avoided", avoided);
	report_price(paid, price);
	json_member_string(w, "spent_usd", price);
	report_price(avoided, price);
	json_member_string(w, "saved_usd", price);
}

static void
put_day(struct json_writer *w, const struct ledger_book_row *row)
{
	char day[DATE_ROOM];

	date_format_day(date_of(row->day * 86400), day);
	json_open_object(w);
	json_member_string(w, "date", day);
	report_text(w, "account_id", row->account);
	report_text(w, "profile", row->profile);
	put_sums(w, row->requests, row->avoided);
	json_close_object(w);
}

static void
put_ledger(struct json_writer *w, const struct status_view *v)
{
	struct ledger_book_total total;
	size_t i;

	json_put_name(w, "ledger");
	if (v->book == NULL) {
		json_put_null(w);
		return;
	}
	total = ledger_book_sum(v->book, -1);
	json_open_object(w);
	put_sums(w, total.requests, total.avoided);
	json_member_integer(w, "ce_requests_today", v->paid_today);
	put_number(w, "max_api_requests_per_day", v->per_day);
	json_put_name(w, "days");
	json_open_array(w);
	for (i = 0; i < v->book->row_count; i++)
		if (status_view_shows(v, &v->book->rows[i]))
			put_day(w, &v->book->rows[i]);
	json_close_array(w);
	json_close_object(w);
}

static void
put_cache(struct json_writer *w, const struct session *s)
{
	json_put_name(w, "team_cache");
	json_open_object(w);
	json_member_bool(w, "on", s->team_cache);
	json_member_string(w, "why", s->team_cache_why);
	json_member_string(w, "bucket", s->bucket);
	json_member_string(w, "prefix", buf_string(&s->prefix));
	json_close_object(w);
}

static void
put_breaker(struct json_writer *w, const struct status_view *v)
{
	json_put_name(w, "breaker");
	if (!v->setup->session.team_cache) {
		json_put_null(w);
		return;
	}
	json_open_object(w);
	json_member_bool(w, "open", v->breaker.open);
	json_member_integer(w, "failures", v->breaker.failures);
	report_time(w, "since", v->breaker.since);
	report_time(w, "next_probe", v->breaker.next_probe);
	json_close_object(w);
}

int
status_view_json(const struct status_view *v, struct err *err)
{
	const struct session *s = &v->setup->session;
	struct json_writer w;
	struct buf text, key;
	size_t i;

	buf_init(&key, LIMIT_KEY);
	buf_init(&text, LIMIT_MIB + (v->survey->count +
	    v->survey->lease_count + 1) * 16 * LIMIT_KIB);
	report_open(&w, &text, v->input, v->status, &s->call.counts);
	put_cache(&w, s);
	put_breaker(&w, v);
	json_put_name(&w, "entries");
	json_open_array(&w);
	for (i = 0; i < v->survey->count; i++)
		put_entry(&w, v, &v->survey->entries[i], &key);
	json_close_array(&w);
	json_put_name(&w, "leases");
	if (v->remote) {
		json_open_array(&w);
		for (i = 0; i < v->survey->lease_count; i++)
			put_lease(&w, &v->survey->leases[i]);
		json_close_array(&w);
	} else {
		json_put_null(&w);
	}
	put_ledger(&w, v);
	json_put_name(&w, "error");
	report_error(&w, v->stopped);
	buf_clear(&key);
	return report_end(&w, v->input->output, err);
}
