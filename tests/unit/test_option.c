#include "tap.h"

#include "base/err.h"
#include "base/nearest.h"
#include "cmd/command.h"

#define MAX_ARGS 6

/* Parse a command line of words, NULL at the end. */
static struct options *
parse(const char *command, const char *const *words, struct err *err)
{
	int n = 0;

	while (words[n] != NULL)
		n++;
	err_clear(err);
	return option_parse(command_find(command), n, words, err);
}

struct refusal {
	const char *command;
	const char *words[MAX_ARGS];
	const char *message;
	const char *hint;		/* "" when there is none */
};

static const struct refusal refusals[] = {
	{ "fetch", { "--mont", "2026-10" }, "unknown option '--mont'",
	    "'--month" },
	{ "fetch", { "--formt=json" }, "unknown option '--formt'",
	    "'--format'" },
	{ "fetch", { "--stale" }, "unknown option '--stale'",
	    "'--stale-if-error'" },
	{ "fetch", { "--zzzzzzz" }, "unknown option '--zzzzzzz'", "fetch -h" },
	{ "fetch", { "-month", "2026-10" }, "'-month'", "'--month'" },
	{ "fetch", { "-x" }, "unknown option '-x'", "fetch -h" },
	{ "fetch", { "-qx" }, "unknown option '-qx'", "fetch -h" },
	{ "fetch", { "--dry-run" }, "'fetch' has no option '--dry-run'",
	    "invalidate" },
	{ "fetch", { "--month" }, "'--month' needs a value: YYYY-MM", "" },
	{ "fetch", { "--format" }, "needs a value: json|envelope", "" },
	{ "fetch", { "-o" }, "'--output' needs a value: FILE", "" },
	{ "fetch", { "--bucket", "--json" }, "'--bucket' needs a value",
	    "--bucket=--json" },
	{ "fetch", { "--bucket", "--month=2026-10" }, "needs a value",
	    "--month=2026-10" },
	{ "fetch", { "--json=yes" }, "'--json' takes no value", "" },
	{ "fetch", { "--month", "2026-13" }, "'2026-13' is not a month",
	    "YYYY-MM" },
	{ "fetch", { "--month=" }, "'--month': the value is empty",
	    "YYYY-MM" },
	{ "fetch", { "--ttl", "15" }, "'15' is not a duration", "15m" },
	{ "fetch", { "--ttl", "-5m" }, "'-5m' is not a duration", "15m" },
	{ "fetch", { "--ttl", "14m" }, "'14m' is out of range",
	    "15m to 60m" },
	{ "fetch", { "--ttl", "61m" }, "'61m' is out of range",
	    "15m to 60m" },
	{ "fetch", { "--max-age", "99999999999999999999d" },
	    "99d' is out of range", "3650d" },
	{ "fetch", { "--max-attempts", "99999999999999999999" },
	    "99' is out of range", "1 to 100" },
	{ "fetch", { "--timeout", "0s" }, "'0s' is out of range",
	    "1s to 24h" },
	{ "fetch", { "--max-attempts", "0" }, "out of range", "1 to 100" },
	{ "fetch", { "--max-attempts", "3.5" }, "'3.5' is not a number",
	    "digits" },
	{ "fetch", { "--format", "jsn" }, "not one of json|envelope",
	    "'json'" },
	{ "fetch", { "--format", "yaml" }, "not one of json|envelope", "" },
	{ "fetch", { "--account", "12345678901" }, "not an account id",
	    "twelve digits" },
	{ "fetch", { "--bucket", "" }, "'--bucket': the value is empty", "" },
	{ "fetch", { "--config", "" }, "'--config': the value is empty", "" },
	{ "fetch", { "--region", "EU West" }, "'EU West' is not a region",
	    "eu-west-1" },
	{ "fetch", { "--endpoint-url", "localhost:9000" },
	    "option '--endpoint-url'", "http://" },
	{ "fetch", { "--endpoint-url", "http://h/?x=1" }, "no query",
	    "http://" },
	{ "fetch", { "--month", "2026-10", "--month", "2026-11" },
	    "'--month' is given twice", "one value" },
	{ "fetch", { "--json", "--format", "json" },
	    "'--json' and '--format' cannot be used together", "" },
	{ "fetch", { "--refresh", "--offline" }, "cannot be used together",
	    "" },
	{ "push", { "x", "--if-absent", "--if-newer" },
	    "cannot be used together", "" },
	{ "push", { "x", "--timestamp", "yesterday" },
	    "'yesterday' is not a time", "RFC 3339" },
	{ "push", { "x", "y", "z" }, "unexpected operand 'z'",
	    "TYPE [FILE|-]" },
	{ "version", { "x" }, "unexpected operand 'x'", "version" },
};

static void
test_refusals(void)
{
	const struct refusal *r;
	struct options *o;
	struct err err;
	size_t i;

	for (i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
		r = &refusals[i];
		o = parse(r->command, r->words, &err);
		ok(o == NULL && err.class == ERR_USAGE,
		    "%s %s is a usage error", r->command, r->words[0]);
		has_str(err.message, r->message, "... whose message says so");
		has_str(err.hint, r->hint, "... and whose hint helps");
		option_free(o);
	}
}

static void
test_secrets_are_not_quoted(void)
{
	static const char *const words[] = {
		"--endpoint-url", "https://user:hunter2@example.com", NULL
	};
	static const char *const attached[] = {
		"--endpont-url=https://user:hunter2@example.com", NULL
	};
	struct err err;

	ok(parse("fetch", words, &err) == NULL &&
	    strstr(err.message, "hunter2") == NULL &&
	    strstr(err.hint, "hunter2") == NULL,
	    "a password in an address is not shown");
	ok(parse("fetch", attached, &err) == NULL &&
	    strstr(err.message, "hunter2") == NULL,
	    "nor one behind a mistyped option");
}

static void
test_values(void)
{
	static const char *const words[] = {
		"full-data", "--month=2026-10", "-ocosts.json", "--ttl", "30m",
		"forecast", "--account", "123456789012", "--prefix", "",
		"--max-attempts=5", "--", "--warm", NULL
	};
	struct month month = { 0 };
	struct err err;
	struct options *o = parse("fetch", words, &err);

	if (!ok(o != NULL, "a good line is parsed"))
		return;
	is_uint(option_operands(o), 3, "operands may stand anywhere");
	is_str(option_operand(o, 0), "full-data", "the first one");
	is_str(option_operand(o, 1), "forecast", "the second one");
	is_str(option_operand(o, 2), "--warm", "what follows -- is one");
	is_str(option_operand(o, 3), NULL, "behind the last one: none");
	ok(option_month(o, OPTION_MONTH, &month), "the month is given");
	ok(month.year == 2026 && month.month == 10, "and read");
	is_str(option_text(o, OPTION_OUTPUT), "costs.json", "-oFILE");
	is_int(option_number(o, OPTION_TTL), 1800, "a duration in seconds");
	is_int(option_number(o, OPTION_MAX_ATTEMPTS), 5, "a number");
	is_str(option_text(o, OPTION_PREFIX), "", "an empty prefix is one");
	ok(!option_given(o, OPTION_WARM), "--warm was not given");
	is_int(option_number(o, OPTION_MAX_AGE), -1, "not given: -1");
	is_str(option_text(o, OPTION_BUCKET), NULL, "not given: NULL");
	ok(!option_month(o, OPTION_TIMESTAMP, &month), "not given: no month");
	option_free(o);
}

static void
test_time(void)
{
	static const char *const words[] = {
		"x", "-", "--timestamp", "2026-10-31T14:30:00Z", NULL
	};
	struct err err;
	struct options *o = parse("push", words, &err);

	if (!ok(o != NULL, "push takes a time"))
		return;
	is_int(option_number(o, OPTION_TIMESTAMP), 1793457000,
	    "in seconds since 1970");
	is_str(option_operand(o, 1), "-", "- is an operand");
	option_free(o);
}

static void
test_flags(void)
{
	static const char *const verbose[] = { "-vv", "--verbose", NULL };
	static const char *const quiet[] = { "-v", "-q", NULL };
	static const char *const loud[] = { "-qv", NULL };
	static const char *const joined[] = { "-qo", "x", NULL };
	static const char *const twice[] = { "--json", "--json", NULL };
	struct err err;
	struct options *o;

	o = parse("fetch", verbose, &err);
	ok(o != NULL && option_count(o, OPTION_VERBOSE) == 3, "-v counts");
	option_free(o);
	o = parse("fetch", quiet, &err);
	ok(o != NULL && option_given(o, OPTION_QUIET) &&
	    !option_given(o, OPTION_VERBOSE), "-q after -v wins");
	option_free(o);
	o = parse("fetch", loud, &err);
	ok(o != NULL && !option_given(o, OPTION_QUIET) &&
	    option_count(o, OPTION_VERBOSE) == 1, "-v after -q wins");
	option_free(o);
	o = parse("fetch", joined, &err);
	ok(o != NULL && option_given(o, OPTION_QUIET) &&
	    strcmp(option_text(o, OPTION_OUTPUT), "x") == 0,
	    "a joined letter may take a value");
	option_free(o);
	o = parse("fetch", twice, &err);
	ok(o != NULL, "a flag may be repeated");
	option_free(o);
}

static void
test_command_index(void)
{
	static const char *const before[] = {
		"--profile", "fetch", "-qv", "--region=x", "push", "fetch"
	};
	static const char *const none[] = { "--json" };
	static const char *const wrong[] = { "--month", "2026-10", "fetch" };
	static const char *const unknown[] = { "--profil", "x", "fetch" };
	static const char *const lacking[] = { "--profile" };
	struct err err = { 0 };

	is_int(option_command_index(6, before, &err), 4,
	    "a value is not the command");
	is_int(option_command_index(1, none, &err), 1, "no command");
	is_int(option_command_index(3, wrong, &err), -1,
	    "a command's own option may not stand before it");
	has_str(err.message, "stands before the command", "and that is said");
	err_clear(&err);
	is_int(option_command_index(3, unknown, &err), -1, "unknown option");
	has_str(err.hint, "'--profile'", "the nearest one is named");
	err_clear(&err);
	is_int(option_command_index(1, lacking, &err), -1, "missing value");
}

static void
test_literal(void)
{
	static const char *const words[] = { "x", "--json", "--", "-h" };

	ok(option_literal(4, words, "--json"), "a word is found");
	ok(!option_literal(4, words, "-h"), "not behind --");
	ok(!option_literal(4, words, "--js"), "not a part of it");
}

static void
test_table(void)
{
	const struct option_spec *spec, *other;
	size_t i, k;
	bool sound = true;

	for (i = 0; i < OPTION_COUNT; i++) {
		spec = option_spec((enum option_id)i);
		if (spec->help == NULL || strchr("!?.", spec->help[strlen(
		    spec->help) - 1]) != NULL || (spec->kind !=
		    OPTION_KIND_FLAG && spec->placeholder == NULL)) {
			note("--%s", spec->name);
			sound = false;
		}
		for (k = 0; k < i; k++) {
			other = option_spec((enum option_id)k);
			if (strcmp(spec->name, other->name) == 0 ||
			    (spec->letter != 0 &&
			    spec->letter == other->letter)) {
				note("--%s and --%s", spec->name, other->name);
				sound = false;
			}
		}
	}
	ok(sound, "names and letters are unique, rows complete");
}

static const char *
word(const void *state, size_t i, size_t *n)
{
	static const char *const words[] = { "month", "format", "no-api",
		"no-remote", "ttl" };

	(void)state;
	if (i >= sizeof words / sizeof words[0])
		return NULL;
	*n = strlen(words[i]);
	return words[i];
}

static void
test_nearest(void)
{
	static const struct {
		const char *given;
		const char *want;
	} rows[] = {
		{ "mont", "month" }, { "mnoth", "month" },
		{ "fromat", "format" }, { "no-apy", "no-api" },
		{ "no-r", "no-remote" }, { "no", NULL }, { "tl", "ttl" },
		{ "x", NULL }, { "", NULL }, { "quantity", NULL },
		{ "12345678901234567890123456789012345678901234567890123456"
		    "78901234567890", NULL },
	};
	const char *near;
	size_t i, n;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		near = nearest_of(rows[i].given, strlen(rows[i].given), word,
		    NULL, &n);
		is_str(near, rows[i].want, "nearest to '%s'", rows[i].given);
	}
}

int
main(void)
{
	test_refusals();
	test_secrets_are_not_quoted();
	test_values();
	test_time();
	test_flags();
	test_command_index();
	test_literal();
	test_table();
	test_nearest();
	return done_testing();
}
