#include "tap.h"

#include "diag/check.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

static const char *const names[] = { "versioning", "encryption",
	"lifecycle", NULL };

static void
test_select(void)
{
	static const struct {
		struct check_selection selection;
		const char *want;	/* "vel", the first letters that are made;
					   else part of message and hint */
	} rows[] = {
		{ { NULL, NULL }, "vel" },
		{ { "versioning", NULL }, "v" },
		{ { "lifecycle,versioning", NULL }, "vl" },
		{ { " lifecycle , versioning", NULL }, "vl" },
		{ { NULL, "encryption" }, "vl" },
		{ { NULL, "encryption,lifecycle" }, "v" },
		{ { "versioning,lifecycle", "lifecycle" }, "v" },
	};
	static const struct {
		struct check_selection selection;
		const char *message;
		const char *hint;
	} bad[] = {
		{ { "versionning", NULL }, "'--only': 'versionning' is not",
		    "did you mean 'versioning'?" },
		{ { NULL, "lifecycle,enc" }, "'--skip': 'enc' is not",
		    "did you mean 'encryption'?" },
		{ { "lifecycle,", NULL }, "'' is not a check",
		    "the checks are: versioning, encryption, lifecycle" },
		{ { "qqqqqq", NULL }, "'qqqqqq' is not a check",
		    "the checks are: versioning, encryption, lifecycle" },
		{ { "lifecycle", "lifecycle" }, "leave no check", "" },
	};
	size_t i, k;

	for (i = 0; i < COUNT(rows); i++) {
		struct err err = { 0 };
		char made[8];
		size_t n = 0;

		is_int(check_select(&rows[i].selection, names, &err), 0,
		    "row %zu is a selection", i);
		for (k = 0; names[k] != NULL; k++)
			if (check_selected(&rows[i].selection, names[k]))
				made[n++] = names[k][0];
		made[n] = '\0';
		is_str(made, rows[i].want, "row %zu", i);
	}
	for (i = 0; i < COUNT(bad); i++) {
		struct err err = { 0 };

		is_int(check_select(&bad[i].selection, names, &err), -1,
		    "%s", bad[i].message);
		is_int(err.class, ERR_USAGE, "a usage error");
		has_str(err.message, bad[i].message, "the message");
		is_str(err.hint, bad[i].hint, "the hint");
	}
}

static void
test_verdict(void)
{
	static const struct {
		const char *results;	/* p, w, f, s */
		const char *want;
		int status;
	} rows[] = {
		{ "ppp", "'acme' is fit", 0 },
		{ "pwp", "'acme' is fit, 1 warning", 0 },
		{ "wwp", "'acme' is fit, 2 warnings", 0 },
		{ "pps", "no check failed, 1 check was not made", 0 },
		{ "wss", "no check failed, 1 warning, 2 checks were not made",
		    0 },
		{ "sss", "nothing was checked, 3 checks were not made", 0 },
		{ "", "nothing was checked", 0 },
		{ "pfp", "c1: says f", 10 },
		{ "wfsff", "c1: says f (and 2 more failed)", 10 },
		{ "ff", "c0: says f (and 1 more failed)", 10 },
	};
	static const char *const ids[] = { "c0", "c1", "c2", "c3", "c4" };
	static const char letters[] = "pwfs";
	const struct err fine = { 0 };
	struct err stopped = { 0 };
	size_t i, k;

	err_set(&stopped, ERR_BUCKET, "no such bucket");
	for (i = 0; i < COUNT(rows); i++) {
		struct check_list list = { 0 };
		struct err err = { 0 };
		struct buf text;

		buf_init(&text, 1000);
		for (k = 0; rows[i].results[k] != '\0'; k++)
			check_set(check_add(&list, ids[k], &err),
			    (enum check_status)(strchr(letters,
			    rows[i].results[k]) - letters), "says %c",
			    rows[i].results[k]);
		check_verdict(&list, "'acme' is fit", &fine, &text);
		is_str(buf_string(&text), rows[i].want, "'%s'",
		    rows[i].results);
		is_int(check_exit(&list, &fine), rows[i].status,
		    "its status");
		is_int(check_exit(&list, &stopped), 6, "what ended it counts");
		buf_reset(&text);
		check_verdict(&list, "'acme' is fit", &stopped, &text);
		is_str(buf_string(&text), "no such bucket", "and is told");
		buf_clear(&text);
		check_clear(&list);
		check_clear(&list);
	}
}

static int64_t
ticking(void *state)
{
	int64_t *now = state;

	return *now += 7;
}

static int
run_one(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	const char *which = state;

	check_set(r, entry->severity, "%s found", entry->name);
	if (strcmp(entry->name, which) == 0)
		return err_set(err, ERR_CREDENTIALS, "expired");
	return 0;
}

static void
test_run(void)
{
	static const struct check_entry entries[] = {
		{ "versioning", CHECK_WARN, run_one, "It matters." },
		{ "encryption", CHECK_PASS, run_one, "Good to know." },
		{ "lifecycle", CHECK_FAIL, run_one, NULL },
	};
	int64_t now = 0;
	const struct clock clock = { NULL, ticking, NULL, &now };
	char nothing[] = "", second[] = "encryption";
	struct check_run run = { entries, COUNT(entries), { NULL, NULL },
	    &clock, nothing };
	struct check_list list = { 0 };
	struct err err = { 0 };

	is_int(check_run(&run, &list, &err), 0, "all of them");
	is_uint(list.count, 3, "three results");
	is_str(list.items[0].name, "versioning", "in the table's order");
	is_int(list.items[0].milliseconds, 7, "timed");
	is_str(buf_string(&list.items[0].detail), "It matters.",
	    "a warning says why it matters");
	is_str(buf_string(&list.items[1].detail), "", "a pass does not");
	is_uint(check_count(&list, CHECK_FAIL), 1, "one failed");
	ok(check_find(&list, "lifecycle") == &list.items[2], "found by name");
	ok(check_find(&list, "life") == NULL, "and by nothing less");
	check_clear(&list);

	run.selection.skip = "versioning";
	run.state = second;
	is_int(check_run(&run, &list, &err), -1, "one ends it");
	is_int(err.class, ERR_CREDENTIALS, "with its class");
	is_uint(list.count, 1, "it has a result, later ones have none");
	is_str(list.items[0].name, "encryption", "and the first was skipped");
	check_clear(&list);
}

static void
test_texts(void)
{
	struct check_list list = { 0 };
	struct err err = { 0 };
	struct check_result *r = check_add(&list, "versioning", &err);
	size_t i;

	is_int(r->status, CHECK_PASS, "at first it is a pass");
	check_set(r, CHECK_WARN, "one");
	check_set(r, CHECK_FAIL, "two %d", 2);
	check_detail(r, "first");
	check_detail(r, "second");
	check_fix(r, "do this");
	check_fix(r, "do that");
	is_str(buf_string(&r->summary), "two 2", "the last summary counts");
	is_str(buf_string(&r->detail), "first\n\nsecond", "details add up");
	is_str(buf_string(&r->fix.text), "do that", "the last fix counts");
	is_int(check_whole(&list, &err), 0, "whole");
	for (i = 0; i < 200; i++)
		check_detail(r, "%0500d", 1);
	is_int(check_whole(&list, &err), -1, "a lost text is noticed");
	is_int(err.class, ERR_INTERNAL, "as a fault of ours");
	check_clear(&list);
	for (i = 0; i < 100; i++)
		check_set(check_add(&list, names[0], &err), CHECK_SKIP, "%zu",
		    i);
	is_uint(list.count, 100, "a hundred");
	is_str(buf_string(&list.items[99].summary), "99", "each its own");
	check_clear(&list);
	for (i = 0; i < 4; i++)
		ok(check_status_name((enum check_status)i)[0] ==
		    "pwfs"[i], "status %zu has its name", i);
}

int
main(void)
{
	test_select();
	test_verdict();
	test_run();
	test_texts();
	return done_testing();
}
