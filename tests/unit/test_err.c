#include "tap.h"

#include <errno.h>

#include "base/err.h"

static void
test_classes(void)
{
	static const int status[ERR_CLASS_COUNT] = { 0, 1, 2, 3, 4, 5, 6, 7, 8,
		9, 10, 11, 12, 130, 143 };
	int i, k;

	for (i = 0; i < ERR_CLASS_COUNT; i++) {
		const struct err_class_info *info =
		    err_class_info((enum err_class)i);
		struct err err = { .class = (enum err_class)i };

		is_int(err_status((enum err_class)i), status[i],
		    "status of class %d", i);
		ok(info->name[0] != '\0' && info->meaning[0] != '\0',
		    "class %d has a name and a meaning", i);
		is_int(err_interrupted(&err), i >= ERR_INTERRUPTED,
		    "class %d is a signal or not", i);
		for (k = 0; k < i; k++)
			if (strcmp(info->name,
			    err_class_info((enum err_class)k)->name) == 0)
				ok(false, "name '%s' twice", info->name);
	}
	is_int(err_status((enum err_class)99), 1, "an unknown class is 1");
}

static void
test_set(void)
{
	struct err err = { 0 };

	err_context(&err, "nothing");
	is_str(err.message, "", "context does nothing to no error");
	is_int(err_set(&err, ERR_DATA, "byte %d", 7), -1, "set returns -1");
	is_int(err_set(&err, ERR_USAGE, "later"), -1, "the second one too");
	is_int(err.class, ERR_DATA, "the first class stays");
	is_str(err.message, "byte 7", "the first message stays");
	err_context(&err, "cannot read '%s'", "x");
	err_context(&err, "outer");
	is_str(err.message, "outer: cannot read 'x': byte 7", "context");
	err_hint(&err, "a\nb\x1b");
	is_str(err.hint, "a\nb?", "a hint keeps lines");
	err_hint(&err, "c");
	is_str(err.hint, "c", "a hint is replaced");
	err_code(&err, "Access\nDenied");
	is_str(err.code, "Access?Denied", "a code is cleaned");
	err_clear(&err);
	is_int(err.class, ERR_NONE, "cleared");
	is_str(err.message, "", "cleared message");
}

static void
test_cleaning(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "a\x1b[31mb", "a?[31mb" },
		{ "a\nb\rc\td", "a?b?c?d" },
		{ "\x7f", "?" },
		{ "\xc2\x9b" "31m", "??31m" },
		{ "caf\xc3\xa9", "caf\xc3\xa9" },
		{ "\xc2\xa0", "\xc2\xa0" },
		{ "\xe2\x80\xae" "gpj.exe", "???gpj.exe" },
		{ "caf\xe9", "caf?" },
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct err err = { 0 };

		err_set(&err, ERR_DATA, "%s", rows[i].text);
		is_str(err.message, rows[i].want, "cleaned: %s", rows[i].text);
	}
}

static void
test_long(void)
{
	struct err err = { 0 };
	char text[4000];
	size_t n;

	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	err_set(&err, ERR_DATA, "%s", text);
	n = strlen(err.message);
	is_uint(n, sizeof err.message - 1, "a long text fills the room");
	is_str(err.message + n - 3, "...", "and says that it was cut");
	err_context(&err, "context");
	ok(strncmp(err.message, "context: xxx", 12) == 0, "context in front");
	n = strlen(err.message);
	is_str(err.message + n - 3, "...", "cut again");
	err_code(&err, text);
	is_uint(strlen(err.code), sizeof err.code - 1, "a long code is cut");
	memset(text, 0, sizeof text);
	for (n = 0; n + 2 < sizeof text; n += 2)
		memcpy(text + n, "\xc3\xa9", 2);
	err_clear(&err);
	err_set(&err, ERR_DATA, ".%s", text);
	ok(span_utf8(span_of(err.message)), "cut between characters");
}

static void
test_system(void)
{
	struct err err = { 0 };

	is_int(err_system(&err, ENOENT, "cannot open", "/x"), -1, "system");
	is_int(err.class, ERR_INTERNAL, "its class");
	is_str(err.message, "cannot open '/x': No such file or directory",
	    "its message");
	err_clear(&err);
	err_system(&err, ENOMEM, "cannot open", "/x");
	is_str(err.message, "out of memory", "ENOMEM is memory");
	err_clear(&err);
	is_int(err_memory(&err), -1, "memory");
	is_int(err.class, ERR_INTERNAL, "class of memory");
}

int
main(void)
{
	test_classes();
	test_set();
	test_cleaning();
	test_long();
	test_system();
	return done_testing();
}
