#include "tap.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/limits.h"
#include "cmd/report.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

/* Design section 1: "the first of 1 2 4 5 6 7 8 12 3 9 11 0 that any entry
 * had", an interruption before all. */
static void
test_worse(void)
{
	static const int order[] = { 1, 2, 4, 5, 6, 7, 8, 12, 3, 9, 11, 0 };
	static const int signals[] = { 130, 143 };
	size_t i, k, n;

	for (i = 0; i < COUNT(order); i++)
		for (k = 0; k < COUNT(order); k++)
			is_int(report_worse(order[i], order[k]),
			    order[i < k ? i : k], "%d and %d", order[i],
			    order[k]);
	for (i = 0; i < COUNT(signals); i++)
		for (k = 0; k < COUNT(order); k++) {
			is_int(report_worse(signals[i], order[k]), signals[i],
			    "%d and %d", signals[i], order[k]);
			is_int(report_worse(order[k], signals[i]), signals[i],
			    "%d and %d", order[k], signals[i]);
		}
	is_int(report_worse(130, 143), report_worse(143, 130),
	    "two signals, in either order");
	is_int(report_worse(10, 0), 10, "failed checks are not nothing");
	is_int(report_worse(11, 10), 10, "and more than degraded service");
	is_int(report_worse(0, 99), 99, "nor is what nobody knows");
	is_int(report_worse(99, 0), 99, "in either order");
	is_int(report_worse(99, 11), 11, "but what is known comes first");
	/* Every status that an error can have has its place. */
	for (n = ERR_INTERNAL; n < ERR_CLASS_COUNT; n++) {
		int status = err_status((enum err_class)n);

		is_int(report_worse(0, status), status, "status %d", status);
		is_int(report_worse(status, status), status, "and again");
	}
	/* A batch of many is folded in any order. */
	for (i = 0; i + 2 < COUNT(order); i++)
		is_int(report_worse(report_worse(order[i + 2], order[i]),
		    order[i + 1]), order[i], "three: %d", order[i]);
}

static void
test_open(void)
{
	static const struct command command = { .name = "fetch" };
	struct command_input input = { .command = &command };
	static const struct {
		struct call_counts counts;
		int status;
		const char *want;
	} rows[] = {
		{ { .s3 = 0 }, 0, "{\"command\":\"fetch\",\"exit_status\":0,"
		    "\"warnings\":[],\"requests\":{\"s3\":0,\"ce\":0,"
		    "\"sts\":0},\"cost_usd\":\"0.00\"}" },
		{ { .s3 = 3, .ce = 7, .sts = 1 }, 11, "{\"command\":\"fetch\","
		    "\"exit_status\":11,\"warnings\":[],\"requests\":{"
		    "\"s3\":3,\"ce\":7,\"sts\":1},\"cost_usd\":\"0.07\"}" },
		{ { .ce = 100 }, 3, "{\"command\":\"fetch\",\"exit_status\":3,"
		    "\"warnings\":[],\"requests\":{\"s3\":0,\"ce\":100,"
		    "\"sts\":0},\"cost_usd\":\"1.00\"}" },
		{ { .ce = 1205 }, 0, "{\"command\":\"fetch\",\"exit_status\":0"
		    ",\"warnings\":[],\"requests\":{\"s3\":0,\"ce\":1205,"
		    "\"sts\":0},\"cost_usd\":\"12.05\"}" },
	};
	struct json_writer w;
	struct buf b;
	size_t i;
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	buf_init(&b, LIMIT_MIB);
	for (i = 0; i < COUNT(rows); i++) {
		buf_reset(&b);
		report_open(&w, &b, &input, rows[i].status, &rows[i].counts);
		json_close_object(&w);
		is_str(buf_string(&b), rows[i].want, "status %d",
		    rows[i].status);
	}
	buf_reset(&b);
	input.log = log_new(null, LOG_NORMAL);
	log_warn(input.log, "one '%s'", "a\"b");
	log_warn(input.log, "two");
	log_warn(input.log, "two");
	report_open(&w, &b, &input, 0, &rows[0].counts);
	json_close_object(&w);
	has_str(buf_string(&b), "\"warnings\":[\"one 'a\\\"b'\",\"two\"],",
	    "warnings, each once");
	log_free(input.log);
	(void)close(null);
	buf_clear(&b);
}

static void
test_error(void)
{
	static const struct {
		const char *what;
		struct err err;
		const char *want;
	} rows[] = {
		{ "none", { .message = "left over" }, "null" },
		{ "little is known", { .class = ERR_NETWORK,
		    .message = "it's down" }, "{\"class\":\"network\",\"code\":"
		    "null,\"message\":\"it's down\",\"hint\":null,"
		    "\"request_id\":null}" },
		{ "all is known", { .class = ERR_CREDENTIALS,
		    .code = "ExpiredToken", .message = "the \"session\" ended",
		    .hint = "aws sso login\n--profile prod",
		    .request_id = "R1" }, "{\"class\":\"credentials\","
		    "\"code\":\"ExpiredToken\",\"message\":\"the \\\"session"
		    "\\\" ended\",\"hint\":\"aws sso login\\n--profile prod\","
		    "\"request_id\":\"R1\"}" },
	};
	struct json_writer w;
	struct buf b;
	size_t i;

	buf_init(&b, LIMIT_MIB);
	for (i = 0; i < COUNT(rows); i++) {
		buf_reset(&b);
		json_begin(&w, &b, false);
		report_error(&w, &rows[i].err);
		is_str(buf_string(&b), rows[i].want, "%s", rows[i].what);
	}
	buf_clear(&b);
}

#define HEAD "{\"data_type\":\"mtd-costs\",\"account_id\":\"123456789012\"," \
	"\"profile\":\"prod\",\"period\":\"2025-08\",\"key\":\"p/cache-v1/x\","

/* The shape of design section 11: members may be added, none may go. */
static void
test_entry(void)
{
	static struct session s = { .set = { .profile = "prod" } };
	static struct readthrough_result r;
	struct entry_metadata *m = &r.entry.metadata;
	const struct key key = { "123456789012", { 2025, 8 }, "mtd-costs" };
	struct json_writer w;
	struct buf b;

	buf_init(&b, LIMIT_MIB);
	readthrough_result_init(&r, LIMIT_MIB);
	r.key = key;
	buf_add_string(&r.object, "p/cache-v1/x");
	r.age = -1;
	err_set(&r.err, ERR_NO_DATA, "nothing is there");
	json_begin(&w, &b, false);
	report_entry(&w, s.set.profile, &r, true);
	is_str(buf_string(&b), HEAD "\"source\":\"none\",\"fresh\":false,"
	    "\"age\":null,\"ttl\":null,\"expires_at\":null,\"timestamp\":null,"
	    "\"data_through\":null,\"estimated\":null,\"refreshed_by\":null,"
	    "\"etag\":null,\"bytes\":null,\"degraded\":[],\"unavailable\":null"
	    ",\"error\":{\"class\":\"no-data\",\"code\":null,\"message\":"
	    "\"nothing is there\",\"hint\":null,\"request_id\":null},"
	    "\"data\":null}", "an entry without data");

	err_clear(&r.err);
	r.source = SOURCE_REMOTE;
	r.fresh = r.has_data = true;
	r.age = 742;
	m->ttl = 3600;
	m->timestamp = 1754922600;
	m->expires_at = 1754926200;
	m->estimated = 1;
	memcpy(m->data_through, "2025-08-11", 11);
	memcpy(m->refreshed_by, "ci \"x\"", 7);
	memcpy(r.etag, "\"e\"", 4);
	r.entry.data = span_of("{ \"a\": 1.50 }");
	degraded_add(&r.degraded, "foreign-object");
	degraded_add(&r.degraded, "local-store");
	buf_reset(&b);
	json_begin(&w, &b, false);
	report_entry(&w, s.set.profile, &r, true);
	is_str(buf_string(&b), HEAD "\"source\":\"remote\",\"fresh\":true,"
	    "\"age\":742,\"ttl\":3600,\"expires_at\":\"2025-08-11T15:30:00Z\","
	    "\"timestamp\":\"2025-08-11T14:30:00Z\",\"data_through\":"
	    "\"2025-08-11\",\"estimated\":true,\"refreshed_by\":\"ci \\\"x\\\""
	    "\",\"etag\":\"\\\"e\\\"\",\"bytes\":13,\"degraded\":["
	    "\"foreign-object\",\"local-store\"],\"unavailable\":null,"
	    "\"error\":null,\"data\":{ \"a\": 1.50 }}",
	    "an entry, its data byte for byte");
	buf_reset(&b);
	json_begin(&w, &b, false);
	report_entry(&w, s.set.profile, &r, false);
	has_str(buf_string(&b), "\"bytes\":13,", "without its data, what is "
	    "known of it");
	has_str(buf_string(&b), "\"data\":null}", "and no data");

	m->estimated = -1;
	m->data_through[0] = m->refreshed_by[0] = r.etag[0] = '\0';
	r.key.account[0] = '\0';
	r.degraded.count = 0;
	buf_reset(&b);
	json_begin(&w, &b, false);
	report_entry(&w, s.set.profile, &r, true);
	has_str(buf_string(&b), "\"account_id\":null,", "no account yet");
	has_str(buf_string(&b), "\"data_through\":null,\"estimated\":null,"
	    "\"refreshed_by\":\"\",\"etag\":null,", "what is not known");
	m->estimated = 0;
	snprintf(r.unavailable, sizeof r.unavailable, "no forecast yet");
	buf_reset(&b);
	json_begin(&w, &b, false);
	report_entry(&w, s.set.profile, &r, true);
	has_str(buf_string(&b), "\"estimated\":false,", "final");
	has_str(buf_string(&b), "\"unavailable\":\"no forecast yet\",",
	    "why there is none");
	readthrough_result_clear(&r);
	buf_clear(&b);
}

int
main(void)
{
	test_worse();
	test_open();
	test_error();
	test_entry();
	return done_testing();
}
