#include "tap.h"

#include "base/buf.h"
#include "base/limits.h"
#include "capture.h"
#include "cmd/command.h"
#include "cmd/help.h"
#include "cmd/man.h"
#include "cmd/topic.h"

/* Of its text lines; roff's requests (".It ...") may be longer. */
static size_t
widest(const struct buf *text)
{
	struct span rest = buf_view(text), line;
	size_t n = 0;
	bool more = true;

	while (more) {
		more = span_split(rest, '\n', &line, &rest);
		if (line.n > n && line.p[0] != '.')
			n = line.n;
	}
	return n;
}

static void
print_overview(struct output *o, const void *what)
{
	(void)what;
	help_overview(o);
}

static void
print_short(struct output *o, const void *what)
{
	help_command(o, what, false);
}

static void
print_whole(struct output *o, const void *what)
{
	help_command(o, what, true);
}

static void
print_topic(struct output *o, const void *what)
{
	const struct topic *topic = what;

	topic->print(o);
}

static void
print_man(struct output *o, const void *what)
{
	(void)what;
	man_print(o);
}

static void
test_commands(struct buf *text)
{
	const struct command *command;
	char label[64];
	size_t i, j, k;
	int n;

	for (i = 0; (command = command_at(i)) != NULL; i++) {
		ok(command_find(command->name) == command, "%s is found",
		    command->name);
		ok(command->summary != NULL && command->description != NULL &&
		    command->examples != NULL && command->statuses != NULL &&
		    command->run != NULL, "%s is complete", command->name);
		ok(strstr(command->description, ".  ") == NULL,
		    "%s: one blank between sentences", command->name);
		capture(print_short, command, text);
		ok(widest(text) < 80, "%s -h fits 80 columns", command->name);
		has_str(buf_string(text), "usage: teamcache ", "usage");
		capture(print_whole, command, text);
		ok(widest(text) < 80, "%s --help fits 80 columns",
		    command->name);
		has_str(buf_string(text), "\nExit statuses\n", "statuses");
		for (k = 1; k < command->option_count; k++)
			for (j = 0; j < k; j++)
				ok(command->options[j] != command->options[k],
				    "%s: no option stands twice",
				    command->name);
		for (k = 0; k < command->option_count; k++) {
			n = snprintf(label, sizeof label, " --%s",
			    option_spec(command->options[k])->name);
			ok(n > 0 && !option_spec_common(command->options[k]),
			    "%s: '%s' is not one of all", command->name, label);
			has_str(buf_string(text), label, "it is explained");
		}
		for (k = 0; command->statuses[k] >= 0; k++)
			ok(topic_status_meaning(command->statuses[k]) != NULL,
			    "%s: status %d means something", command->name,
			    command->statuses[k]);
	}
	ok(command_find("nosuch") == NULL, "no such command");
}

static void
test_examples(void)
{
	const struct command *command;
	struct span line, meaning;
	const char *at;
	size_t i;
	bool sound = true;

	for (i = 0; (command = command_at(i)) != NULL; i++) {
		at = command->examples;
		while (help_example(&at, &line, &meaning) != 0) {
			if (line.n == 0 || meaning.n == 0 || line.n > 76) {
				note("%s: '%.*s'", command->name, (int)line.n,
				    line.p);
				sound = false;
			}
		}
	}
	ok(sound, "every example has its meaning and fits a line");
}

static void
test_topics(struct buf *text)
{
	struct topic_status status;
	size_t i;
	int last = -1;
	bool ascending = true;

	capture(print_overview, NULL, text);
	ok(widest(text) < 80, "help fits 80 columns");
	for (i = 0; topic_at(i) != NULL; i++) {
		has_str(buf_string(text), topic_at(i)->name,
		    "help names the topic");
	}
	for (i = 0; topic_at(i) != NULL; i++) {
		capture(print_topic, topic_at(i), text);
		ok(widest(text) < 80, "topic %s fits 80 columns",
		    topic_at(i)->name);
	}
	for (i = 0; topic_status(i, &status); i++) {
		ascending = ascending && status.status > last;
		last = status.status;
	}
	ok(ascending && i > 10, "the statuses ascend");
}

static void
test_unknown(void)
{
	struct err err = { 0 };

	is_int(help_unknown("fecth", false, &err), -1, "fecth is unknown");
	ok(err.class == ERR_USAGE, "a usage error");
	has_str(err.hint, "'fetch'", "fetch is near");
	err_clear(&err);
	(void)help_unknown("exit-status", false, &err);
	ok(strstr(err.hint, "exit-statuses") == NULL,
	    "a topic is no command");
	err_clear(&err);
	(void)help_unknown("exit-status", true, &err);
	has_str(err.hint, "'exit-statuses'", "but something to explain");
}

static void
test_man(struct buf *text)
{
	capture(print_man, NULL, text);
	ok(widest(text) <= 80, "the manual page has short lines");
	has_str(buf_string(text), ".Dt TEAMCACHE 1\n", "it is a page");
	has_str(buf_string(text), ".It Fl \\-stale\\-if\\-error Ar DURATION\n",
	    "options are marked up");
}

int
main(void)
{
	struct buf text;

	buf_init(&text, LIMIT_MIB);
	test_commands(&text);
	test_examples();
	test_topics(&text);
	test_unknown();
	test_man(&text);
	buf_clear(&text);
	return done_testing();
}
