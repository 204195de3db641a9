#include "tap.h"

#include "base/buf.h"
#include "base/limits.h"
#include "capture.h"
#include "cmd/command.h"
#include "cmd/completion.h"

static void
print_bash(struct output *o, const void *what)
{
	(void)what;
	completion_bash(o);
}

static void
print_zsh(struct output *o, const void *what)
{
	(void)what;
	completion_zsh(o);
}

static void
print_fish(struct output *o, const void *what)
{
	(void)what;
	completion_fish(o);
}

static void
test_kinds(void)
{
	static const struct {
		const char *completes;
		const char *kinds[3];
		bool repeats[3];
	} rows[] = {
		{ NULL, { NULL }, { false } },
		{ "", { NULL }, { false } },
		{ "shells", { "shells" }, { false } },
		{ "types...", { "types" }, { true } },
		{ "types files", { "types", "files" }, { false, false } },
		{ "types files...", { "types", "files" }, { false, true } },
	};
	const char *at;
	struct span kind;
	bool repeats;
	size_t i, k;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		at = rows[i].completes;
		for (k = 0; completion_kind(&at, &kind, &repeats); k++) {
			is_span(kind, rows[i].kinds[k], "row %zu kind %zu", i,
			    k);
			ok(repeats == rows[i].repeats[k], "... repeats or not");
		}
		is_str(rows[i].kinds[k], NULL, "row %zu ends", i);
	}
}

static void
test_words(void)
{
	size_t commands = 0;

	while (command_at(commands) != NULL)
		commands++;
	is_str(completion_word(span_of("types"), 0), "full-data", "a type");
	is_str(completion_word(span_of("types"), 5), NULL, "five of them");
	is_str(completion_word(span_of("shells"), 0), "bash", "a shell");
	is_str(completion_word(span_of("shells"), 3), NULL, "three of them");
	is_str(completion_word(span_of("files"), 0), NULL,
	    "files are the shell's business");
	is_str(completion_word(span_of("commands"), 0), "fetch", "a command");
	is_str(completion_word(span_of("commands"), commands), NULL,
	    "commands end");
	is_str(completion_word(span_of("topics"), commands), "exit-statuses",
	    "topics follow the commands");
	is_str(completion_word(span_of("topics"), 999), NULL, "topics end");
}

/* Each command's completes is made of kinds that are known. */
static void
test_table(void)
{
	const struct command *command;
	const char *at;
	struct span kind;
	bool repeats;
	size_t i;

	for (i = 0; (command = command_at(i)) != NULL; i++) {
		at = command->completes;
		while (completion_kind(&at, &kind, &repeats))
			ok(span_is(kind, "files") ||
			    completion_word(kind, 0) != NULL,
			    "%s: %.*s are known", command->name, (int)kind.n,
			    kind.p);
		ok((command->completes == NULL) == (command->operands == NULL),
		    "%s: operands are completed", command->name);
	}
}

static void
test_scripts(void)
{
	static const struct {
		const char *shell;
		void (*print)(struct output *o, const void *what);
		const char *prefix;	/* of a long option */
	} rows[] = {
		{ "bash", print_bash, "--" },
		{ "zsh", print_zsh, "--" },
		{ "fish", print_fish, "-l " },
	};
	struct buf text;
	char label[64];
	size_t i, k;
	int n;

	buf_init(&text, LIMIT_MIB);
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		capture(rows[i].print, NULL, &text);
		for (k = 0; k < OPTION_COUNT; k++) {
			n = snprintf(label, sizeof label, "%s%s",
			    rows[i].prefix,
			    option_spec((enum option_id)k)->name);
			ok(n > 0 && strstr(buf_string(&text), label) != NULL,
			    "%s knows %s", rows[i].shell, label);
		}
		for (k = 0; command_at(k) != NULL; k++)
			has_str(buf_string(&text), command_at(k)->name,
			    "%s knows the command", rows[i].shell);
	}
	buf_clear(&text);
}

int
main(void)
{
	test_kinds();
	test_words();
	test_table();
	test_scripts();
	return done_testing();
}
