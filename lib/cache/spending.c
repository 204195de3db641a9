#include "cache/spending.h"

#include <stdio.h>
#include <string.h>

#include "cache/allowance.h"
#include "cache/ledger.h"

/* Amazon's price of a request, in cents (facts/cost-explorer.md 7). */
#define USD "USD %lld.%02lld"
#define USD_OF(requests) \
	(long long)((requests) / 100), (long long)((requests) % 100)

static struct ledger
ledger_of(struct session *s)
{
	struct ledger ledger = { &session_memo(s)->root, s->set.clock };

	return ledger;
}

static struct ledger_book_record
make_record(const struct spending *sp, enum ledger_book_kind kind,
    int64_t count)
{
	struct ledger_book_record r = { .kind = kind, .time = sp->time,
		.count = count };

	snprintf(r.account, sizeof r.account, "%s", sp->account);
	snprintf(r.purchase, sizeof r.purchase, "%s", sp->purchase);
	snprintf(r.profile, sizeof r.profile, "%s",
	    sp->session->set.profile);
	return r;
}

static void
init(struct spending *sp, struct session *s, const char *account,
    const char *purchase)
{
	memset(sp, 0, sizeof *sp);
	sp->session = s;
	sp->account = account;
	sp->purchase = purchase;
	sp->time = session_now(s);
	sp->per_day = config_number(s->set.config,
	    CONFIG_MAX_API_REQUESTS_PER_DAY);
	sp->expected = 1;
	sp->counted = s->call.counts.ce;
}

/* Requests of this purchase that went out so far. */
static int64_t
sent(const struct spending *sp)
{
	return sp->session->call.counts.ce - sp->counted;
}

static int
refuse(const struct spending *sp, struct err *err)
{
	err_context(err, "'%s' of account '%s' is %s", sp->purchase,
	    sp->account, sent(sp) > 0 ? "given up" : "not bought");
	err_code(err, SPENDING_LIMIT);
	return -1;
}

/* A limit that cannot be kept is a reason not to buy. */
static int
not_kept(const struct spending *sp, const struct err *why, struct err *err)
{
	err_set(err, ERR_NO_DATA, "max_api_requests_per_day cannot be kept: "
	    "%s", why->message);
	err_hint(err, "the requests of a day are counted in the state "
	    "directory: make it writable, or name another one with "
	    "TEAMCACHE_STATE_DIR");
	return refuse(sp, err);
}

/* "it took 3 requests the last time" and what that means. */
static void
format_need(const struct spending *sp, int64_t need, char out[128])
{
	int64_t n = sent(sp);

	if (n > 0)
		snprintf(out, 128, "after %lld request%s (" USD ") it takes "
		    "more", (long long)n, n == 1 ? "" : "s", USD_OF(n));
	else if (need == 1)
		snprintf(out, 128, "it takes at least one request");
	else
		snprintf(out, 128, "it took %lld requests the last time",
		    (long long)need);
}

static int
refuse_command(const struct spending *sp, int64_t need, struct err *err)
{
	const struct allowance *a = sp->session->set.allowance;
	int64_t taken = allowance_taken(a);
	char text[128];

	format_need(sp, need, text);
	err_set(err, ERR_NO_DATA, "%s, and --max-api-requests %lld leaves "
	    "%lld (%lld used by this command, " USD ")", text,
	    (long long)a->limit, (long long)allowance_left(a),
	    (long long)taken, USD_OF(taken));
	err_hint(err, "allow more with --max-api-requests, or ask for fewer "
	    "entries");
	return refuse(sp, err);
}

static int
refuse_day(const struct spending *sp, int64_t need, int64_t paid,
    struct err *err)
{
	char text[128];

	format_need(sp, need, text);
	err_set(err, ERR_NO_DATA, "%s, and max_api_requests_per_day = %lld "
	    "(%s) leaves %lld (%lld on this machine since 00:00 UTC, " USD
	    ")", text, (long long)sp->per_day, config_origin(
	    sp->session->set.config, CONFIG_MAX_API_REQUESTS_PER_DAY),
	    (long long)(paid < sp->per_day ? sp->per_day - paid : 0),
	    (long long)paid, USD_OF(paid));
	err_hint(err, "wait until 00:00 UTC, or raise "
	    "max_api_requests_per_day; 'teamcache status' shows who paid "
	    "for what");
	return refuse(sp, err);
}

/* What the ledger says before a purchase that has a limit. */
static int
look(struct spending *sp, int64_t *paid, struct err *err)
{
	struct session *s = sp->session;
	struct ledger ledger = ledger_of(s);
	struct ledger_book book = { 0 };
	struct err why = { 0 };
	int64_t pages;
	int result;

	*paid = 0;
	if (sp->per_day < 0 && allowance_left(s->set.allowance) == INT64_MAX)
		return 0;
	result = memo_fault(session_memo(s), &why);
	if (result == 0)
		result = ledger_read(&ledger, &book, &why);
	if (result == 0) {
		pages = ledger_book_pages_of(&book, sp->account,
		    sp->purchase);
		if (pages > 0)
			sp->expected = pages;
		*paid = ledger_book_sum(&book,
		    ledger_book_day(sp->time)).requests;
	}
	ledger_book_clear(&book);
	/* The command's own limit does without a ledger. */
	if (result != 0 && sp->per_day >= 0)
		return not_kept(sp, &why, err);
	return 0;
}

int
spending_check(struct session *s, const char *account, const char *purchase,
    struct err *err)
{
	struct spending sp;
	int64_t paid;

	init(&sp, s, account, purchase);
	if (look(&sp, &paid, err) != 0)
		return -1;
	if (allowance_left(s->set.allowance) < sp.expected)
		return refuse_command(&sp, sp.expected, err);
	if (sp.per_day >= 0 && sp.per_day - paid < sp.expected)
		return refuse_day(&sp, sp.expected, paid, err);
	return 0;
}

/* Under the day's limit, count more requests of it. */
static int
reserve(struct spending *sp, int64_t count, struct err *err)
{
	struct ledger_book_record r = make_record(sp, LEDGER_BOOK_REQUESTS,
	    count);
	struct ledger ledger = ledger_of(sp->session);
	struct err why = { 0 };
	int64_t paid = 0;

	switch (ledger_reserve(&ledger, &r, sp->per_day, &paid, &why)) {
	case LEDGER_RESERVED:
		sp->written += count;
		return 0;
	case LEDGER_REFUSED:
		return refuse_day(sp, count, paid, err);
	default:
		return not_kept(sp, &why, err);
	}
}

int
spending_begin(struct spending *sp, struct session *s, const char *account,
    const char *purchase, struct err *err)
{
	int64_t paid;

	init(sp, s, account, purchase);
	if (look(sp, &paid, err) != 0)
		return -1;
	if (!allowance_take(s->set.allowance, sp->expected))
		return refuse_command(sp, sp->expected, err);
	sp->taken = sp->expected;
	if (sp->per_day < 0 || reserve(sp, sp->expected, err) == 0)
		return 0;
	allowance_give(s->set.allowance, sp->taken);
	return -1;
}

static int
write_requests(struct spending *sp, int64_t count)
{
	struct ledger_book_record r = make_record(sp, LEDGER_BOOK_REQUESTS,
	    count);
	struct buf text;
	int result;

	buf_init(&text, LEDGER_BOOK_RECORD);
	ledger_book_put(&r, &text);
	result = session_ledger(sp->session, &text, true);
	buf_clear(&text);
	return result;
}

int
spending_request(struct spending *sp, struct err *err)
{
	int64_t next = sent(sp) + 1;

	/* One that was not sent after all leaves its place to the next. */
	if (next > sp->taken) {
		if (!allowance_take(sp->session->set.allowance,
		    next - sp->taken))
			return refuse_command(sp, 1, err);
		sp->taken = next;
	}
	if (next <= sp->written)
		return 0;
	if (sp->per_day >= 0)
		return reserve(sp, next - sp->written, err);
	/* Where no limit depends on the ledger, that it cannot be written is
	 * no reason to stop. */
	if (write_requests(sp, next - sp->written) == 0)
		sp->written = next;
	return 0;
}

void
spending_end(struct spending *sp, int pages)
{
	struct ledger_book_record r;
	int64_t all = sent(sp);
	struct buf text;

	buf_init(&text, LEDGER_BOOK_RECORD * 2);
	if (all != sp->written) {
		r = make_record(sp, LEDGER_BOOK_REQUESTS, all - sp->written);
		ledger_book_put(&r, &text);
	}
	if (pages > 0) {
		r = make_record(sp, LEDGER_BOOK_PAGES, pages);
		ledger_book_put(&r, &text);
	}
	if (text.n > 0)
		(void)session_ledger(sp->session, &text, false);
	buf_clear(&text);
	allowance_give(sp->session->set.allowance, sp->taken - all);
}
