#include "cache/survey.h"

#include "config_home.h"
#include "base/limits.h"

#define ACCOUNT "123456789012"
#define OTHER "210987654321"

static const char *variables[] = { home, NULL };
static const struct env env = { variables };

static void
put(struct session *s, const char *account, int month, const char *type)
{
	struct entry_metadata m = { .timestamp = 1754922600, .ttl = 3600,
		.expires_at = 1754926200, .estimated = 1 };
	struct local_facts facts = { .etag = "\"e\"",
		.last_modified = 1754922600, .skew = -3 };
	struct key key = { .month = { 2025, month } };
	struct err err = { 0 };
	struct buf envelope;

	snprintf(key.account, sizeof key.account, "%s", account);
	snprintf(key.type, sizeof key.type, "%s", type);
	snprintf(m.account_id, sizeof m.account_id, "%s", account);
	snprintf(m.data_type, sizeof m.data_type, "%s", type);
	month_format(key.month, m.period);
	snprintf(m.refreshed_by, sizeof m.refreshed_by, "job 7");
	buf_init(&envelope, LIMIT_MIB);
	entry_build(&m, span_of("[1]"), &envelope);
	is_int(local_write(session_local(s), &key, &facts,
	    buf_view(&envelope), NULL, &err), 0, "store %s", type);
	buf_clear(&envelope);
}

/* "type/month ..." of what was found. */
static const char *
found(const struct survey_request *rq, char out[512])
{
	struct survey survey = { 0 };
	struct err err = { 0 };
	size_t i, n = 0;

	out[0] = '\0';
	is_int(survey_take(rq, &survey, &err), 0, "taken %s", err.message);
	for (i = 0; i < survey.count; i++)
		n += (size_t)snprintf(out + n, 512 - n, "%s%s/%d/%.3s",
		    i == 0 ? "" : " ", survey.entries[i].key.type,
		    survey.entries[i].key.month.month,
		    survey.entries[i].key.account);
	survey_clear(&survey);
	survey_clear(&survey);
	return out;
}

static void
test_fields(struct survey_request *rq, int64_t now)
{
	struct survey survey = { 0 };
	struct err err = { 0 };
	const struct survey_entry *e;

	is_int(survey_take(rq, &survey, &err), 0, "taken");
	if (ok(survey.count > 0, "found")) {
		e = &survey.entries[0];
		ok(e->local && !e->remote && e->known && e->err == NULL,
		    "it lies here");
		is_str(e->metadata.refreshed_by, "job 7", "by whom");
		is_int(e->facts.last_modified, 1754922600, "Last-Modified");
		ok(e->now >= now - 3 && e->now <= now + 60,
		    "now, with the clock's skew");
		is_str(e->etag, "\"e\"", "ETag");
		ok(e->size > 100, "size");
	}
	survey_clear(&survey);
}

int
main(void)
{
	struct session_settings set = { .env = &env,
		.clock = clock_system(), .profile = "default" };
	static const char *const types[] = { "notes", "budget" };
	const struct month august = { 2025, 8 };
	struct survey_request rq = { .timeout_ms = 1000, .jobs = 1 };
	struct session s;
	struct err err = { 0 };
	char text[512];

	prepare();
	set.config = load(NULL, NULL, NULL, NULL, &err);
	is_int(session_open(&s, &set, &err), 0, "open");
	rq.session = &s;
	is_str(found(&rq, text), "", "nothing yet");
	put(&s, ACCOUNT, 7, "notes");
	put(&s, ACCOUNT, 8, "notes");
	put(&s, ACCOUNT, 8, "budget");
	put(&s, OTHER, 8, "full-data");
	is_str(found(&rq, text), "budget/8/123 notes/8/123 full-data/8/210 "
	    "notes/7/123", "by month, account and type");
	rq.month = &august;
	is_str(found(&rq, text), "budget/8/123 notes/8/123 full-data/8/210",
	    "of a month");
	rq.account = ACCOUNT;
	is_str(found(&rq, text), "budget/8/123 notes/8/123",
	    "and an account");
	rq.types = types;
	rq.type_count = 1;
	is_str(found(&rq, text), "notes/8/123", "and a type");
	rq.type_count = 2;
	is_str(found(&rq, text), "budget/8/123 notes/8/123", "and two");
	rq.account = OTHER;
	is_str(found(&rq, text), "", "of none");
	rq.account = NULL;
	rq.month = NULL;
	test_fields(&rq, session_now(&s));
	session_close(&s);
	config_free((struct config *)(uintptr_t)set.config);
	clean();
	return done_testing();
}
