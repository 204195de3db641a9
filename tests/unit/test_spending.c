#include "cache/spending.h"

#include "cache/ledger.h"
#include "config_home.h"

#define ACCOUNT "123456789012"
#define DAY 86400

/* A clock that stands still, at noon of a day. */
static int64_t
noon(void *state)
{
	(void)state;
	return ((int64_t)20000 * DAY + DAY / 2) * 1000;
}

static void
no_sleep(void *state, int64_t ms)
{
	(void)state, (void)ms;
}

static const struct clock clock_noon = { noon, noon, no_sleep, NULL };

static const char *variables[] = { home, NULL };
static const struct env env = { variables };

/* A command with these limits; the settings are the caller's to free. */
static struct config *
begin_command(struct session *s, const char *per_day,
    struct allowance *allowance)
{
	struct session_settings set = { .env = &env, .clock = &clock_noon,
		.profile = "prod", .allowance = allowance };
	char text[128];
	struct err err = { 0 };
	struct config *config;

	snprintf(text, sizeof text, "[default]\n%s%s\n", per_day == NULL ?
	    "" : "max_api_requests_per_day = ", per_day == NULL ? "" :
	    per_day);
	config = load(text, NULL, NULL, NULL, &err);
	set.config = config;
	is_int(config == NULL ? -1 : session_open(s, &set, &err), 0,
	    "a command %s", err.message);
	return config;
}

static void
end_command(struct session *s, struct config *config)
{
	session_close(s);
	config_free(config);
}

/* What the ledger says was paid, whatever the day, and the pages. */
static int64_t
paid(struct session *s, int64_t *pages)
{
	struct ledger ledger = { &session_memo(s)->root, &clock_noon };
	struct ledger_book book = { 0 };
	struct err err = { 0 };
	int64_t sum;

	is_int(ledger_read(&ledger, &book, &err), 0, "read");
	sum = ledger_book_sum(&book, 20000).requests;
	*pages = ledger_book_pages_of(&book, ACCOUNT, "full-data");
	ledger_book_clear(&book);
	return sum;
}

/* Requests of a purchase until a limit says no, at most n; each is sent. */
static int
buy(struct session *s, int n, struct err *err)
{
	struct spending sp;
	int i;

	err_clear(err);
	if (spending_begin(&sp, s, ACCOUNT, "full-data", err) != 0)
		return -1;
	for (i = 0; i < n && spending_request(&sp, err) == 0; i++)
		s->call.counts.ce++;
	spending_end(&sp, i == n ? n : 0);
	return i;
}

static void
test_no_limit(void)
{
	struct spending sp;
	struct session s;
	struct config *config = begin_command(&s, NULL, NULL);
	struct err err = { 0 };
	int64_t pages;
	int i;

	is_int(spending_check(&s, ACCOUNT, "full-data", &err), 0, "may buy");
	is_int(paid(&s, &pages), 0, "to look costs nothing");
	is_int(buy(&s, 3, &err), 3, "three pages");
	is_int(paid(&s, &pages), 3, "are paid");
	is_int(pages, 3, "and remembered");
	is_int(spending_begin(&sp, &s, ACCOUNT, "full-data", &err), 0,
	    "another purchase");
	is_int(paid(&s, &pages), 3, "has not paid yet");
	is_int(spending_request(&sp, &err), 0, "a request");
	is_int(paid(&s, &pages), 4, "is paid before it is sent");
	for (i = 0; i < 3; i++)
		is_int(spending_request(&sp, &err), 0, "which fails");
	is_int(paid(&s, &pages), 4, "counts once while none is sent");
	spending_end(&sp, 0);
	is_int(paid(&s, &pages), 3, "and not at all in the end");
	is_int(pages, 3, "no data, no pages");
	is_int(spending_begin(&sp, &s, ACCOUNT, "full-data", &err), 0,
	    "another purchase");
	is_int(spending_request(&sp, &err), 0, "a request");
	s.call.counts.ce += 2;
	spending_end(&sp, 1);
	is_int(paid(&s, &pages), 5, "sent twice is paid twice");
	end_command(&s, config);
}

static void
test_command(void)
{
	struct allowance allowance;
	struct session s;
	struct config *config;
	struct err err = { 0 };
	int64_t pages;

	allowance_init(&allowance, 4);
	config = begin_command(&s, NULL, &allowance);
	is_int(buy(&s, 3, &err), 3, "three of four");
	is_int(allowance_left(&allowance), 1, "one is left");
	is_int(spending_check(&s, ACCOUNT, "full-data", &err), -1,
	    "no second three");
	is_int(err.class, ERR_NO_DATA, "is no data");
	is_str(err.code, SPENDING_LIMIT, "with a code");
	is_str(err.message, "'full-data' of account '" ACCOUNT "' is not "
	    "bought: it took 3 requests the last time, and "
	    "--max-api-requests 4 leaves 1 (3 used by this command, "
	    "USD 0.03)", "and says why");
	is_int(buy(&s, 3, &err), -1, "nor is it begun");
	is_int(allowance_left(&allowance), 1, "and takes nothing");
	err_clear(&err);
	is_int(spending_check(&s, ACCOUNT, "forecast", &err), 0,
	    "another may be bought with what is left");
	is_int(paid(&s, &pages), 3, "three are paid");
	end_command(&s, config);

	allowance_init(&allowance, 5);
	config = begin_command(&s, NULL, &allowance);
	is_int(buy(&s, 9, &err), 5, "more than the last time, to the limit");
	has_str(err.message, "is given up: after 5 requests (USD 0.05) it "
	    "takes more, and --max-api-requests 5 leaves 0", "it says so");
	is_int(allowance_left(&allowance), 0, "nothing is left");
	is_int(paid(&s, &pages), 8, "all of it was paid");
	is_int(pages, 3, "the pages are those of what was whole");
	end_command(&s, config);
}

static void
test_day(void)
{
	struct spending sp;
	struct session s;
	struct config *config = begin_command(&s, "7", NULL);
	struct err err = { 0 };
	int64_t pages;

	is_int(buy(&s, 3, &err), 3, "three of seven");
	is_int(spending_begin(&sp, &s, ACCOUNT, "full-data", &err), 0,
	    "three more");
	is_int(paid(&s, &pages), 6, "are reserved when it begins");
	is_int(spending_check(&s, ACCOUNT, "full-data", &err), -1,
	    "no third three meanwhile");
	has_str(err.message, "max_api_requests_per_day = 7 (", "why");
	has_str(err.message, ") leaves 1 (6 on this machine since 00:00 UTC, "
	    "USD 0.06)", "and what is left");
	is_int(spending_request(&sp, &err), 0, "the first");
	s.call.counts.ce++;
	is_int(paid(&s, &pages), 6, "was reserved");
	spending_end(&sp, 0);
	is_int(paid(&s, &pages), 4, "what was not sent is given back");
	err_clear(&err);
	is_int(spending_begin(&sp, &s, ACCOUNT, "forecast", &err), 0,
	    "one of an unknown size");
	is_int(buy(&s, 9, &err), -1, "leaves two");
	spending_end(&sp, 0);
	is_int(buy(&s, 9, &err), 3, "it stops at the seventh");
	has_str(err.message, "is given up: after 3 requests", "and says so");
	is_int(paid(&s, &pages), 7, "seven are paid");
	end_command(&s, config);
}

/* No place for the ledger: a daily limit cannot be kept, others can. */
static void
test_no_ledger(void)
{
	static const char *const nowhere[] = {
		"TEAMCACHE_STATE_DIR=/dev/null/x", "HOME=/nonexistent",
		NULL };
	const struct env lost = { nowhere };
	struct allowance allowance;
	struct session s;
	struct config *config;
	struct err err = { 0 };

	allowance_init(&allowance, 2);
	config = begin_command(&s, "7", &allowance);
	s.set.env = &lost;
	is_int(spending_check(&s, ACCOUNT, "full-data", &err), -1,
	    "no purchase");
	is_int(err.class, ERR_NO_DATA, "no data");
	has_str(err.message, "max_api_requests_per_day cannot be kept",
	    "because");
	has_str(err.message, "/dev/null/x", "of that place");
	is_int(buy(&s, 1, &err), -1, "nor is one begun");
	is_int(allowance_left(&allowance), 2, "and nothing is taken");
	end_command(&s, config);
	config = begin_command(&s, NULL, &allowance);
	s.set.env = &lost;
	is_int(buy(&s, 9, &err), 2, "the command's own limit is kept");
	end_command(&s, config);
}

int
main(void)
{
	prepare();
	test_no_limit();
	clean();
	prepare();
	test_command();
	clean();
	prepare();
	test_day();
	clean();
	prepare();
	test_no_ledger();
	clean();
	return done_testing();
}
