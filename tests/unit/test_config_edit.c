#include "tap.h"

#include <string.h>

#include "cache/config_edit.h"
#include "base/limits.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

/* A section as rows name it: "default", "profile prod", "type untagged". */
static struct config_edit_place
place(const char *words)
{
	struct config_edit_place p = { CONFIG_SECTION_DEFAULT, { NULL, 0 } };

	if (strncmp(words, "profile ", 8) == 0) {
		p.section = CONFIG_SECTION_PROFILE;
		p.name = span_of(words + 8);
	} else if (strncmp(words, "type ", 5) == 0) {
		p.section = CONFIG_SECTION_TYPE;
		p.name = span_of(words + 5);
	}
	return p;
}

static void
test_set(void)
{
	static const struct {
		const char *text, *where, *key, *value, *want;
	} rows[] = {
		/* nothing is there */
		{ "", "default", "ttl", "20m", "[default]\nttl = 20m\n" },
		{ "", "profile prod", "team_cache", "on",
		    "[profile prod]\nteam_cache = on\n" },
		{ "", "profile my prod", "api", "off",
		    "[profile \"my prod\"]\napi = off\n" },
		{ "# mine\n", "default", "ttl", "20m",
		    "# mine\n\n[default]\nttl = 20m\n" },
		{ "[default]\nbucket = b-a-c", "profile p", "ttl", "20m",
		    "[default]\nbucket = b-a-c\n\n[profile p]\nttl = 20m\n" },
		/* the section is there */
		{ "[default]\n", "default", "ttl", "20m",
		    "[default]\nttl = 20m\n" },
		{ "[default]", "default", "ttl", "20m",
		    "[default]\nttl = 20m\n" },
		{ "[default]\nbucket = b-a-c\n\n# next\n[profile p]\napi=on\n",
		    "default", "ttl", "20m",
		    "[default]\nbucket = b-a-c\nttl = 20m\n\n# next\n"
		    "[profile p]\napi=on\n" },
		{ "[profile p]\n[default]\nttl = 15m\n", "profile p", "api",
		    "on", "[profile p]\napi = on\n[default]\nttl = 15m\n" },
		/* the key is there */
		{ "[default]\nttl = 60m\n", "default", "ttl", "20m",
		    "[default]\nttl = 20m\n" },
		{ "[default]\nttl=60m\n", "default", "ttl", "20m",
		    "[default]\nttl=20m\n" },
		{ "[default]\n  TTL :  60m", "default", "ttl", "20m",
		    "[default]\n  TTL :  20m" },
		{ "[default]\nttl = 60m     ; why\nlease = 30s  ; so\n",
		    "default", "ttl", "20m",
		    "[default]\nttl = 20m     ; why\nlease = 30s  ; so\n" },
		{ "[default]\nwait = 5s   # why\n", "default", "wait",
		    "3600s", "[default]\nwait = 3600s # why\n" },
		{ "[default]\nprefix =     ; none\n", "default", "prefix",
		    "a/b", "[default]\nprefix = a/b ; none\n" },
		{ "[default]\r\nttl = 60m\r\n", "default", "lease", "30s",
		    "[default]\r\nttl = 60m\r\nlease = 30s\r\n" },
		{ "[default]\r\nttl = 60m\r\n", "default", "ttl", "30m",
		    "[default]\r\nttl = 30m\r\n" },
		{ "\xef\xbb\xbf[default]\nttl = 60m\n", "default", "ttl",
		    "30m", "\xef\xbb\xbf[default]\nttl = 30m\n" },
		/* lines that go on are one value */
		{ "[type x]\noperation = GetTags\nrequest = {\"a\":\n"
		    "  # no part of it\n    1}\n\n[default]\nttl=20m\n",
		    "type x", "request", "{}",
		    "[type x]\noperation = GetTags\nrequest = {}\n\n"
		    "[default]\nttl=20m\n" },
		{ "[type x]\nrequest = {}\n", "type x", "operation",
		    "GetTags",
		    "[type x]\nrequest = {}\noperation = GetTags\n" },
		/* a section that stands twice is one */
		{ "[default]\nttl = 20m\n[profile p]\n[default]\napi = on\n",
		    "default", "ttl", "30m",
		    "[default]\nttl = 30m\n[profile p]\n[default]\n"
		    "api = on\n" },
		/* a value that holds what could be a comment, and is none */
		{ "", "default", "refreshed_by", "a#b;c",
		    "[default]\nrefreshed_by = a#b;c\n" },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct config_edit edit = { .text = span_of(rows[i].text),
			.path = "f", .place = place(rows[i].where),
			.key = rows[i].key };
		struct err err = { 0 };
		struct buf out;

		buf_init(&out, LIMIT_SETTINGS_FILE);
		is_int(config_edit_set(&edit, span_of(rows[i].value), &out,
		    &err), 0, "set %zu", i);
		is_str(buf_string(&out), rows[i].want, "its text");
		buf_clear(&out);
	}
}

static void
test_set_refused(void)
{
	static const struct {
		const char *text, *where, *key, *value, *message;
	} rows[] = {
		{ "[default]\nttl = 5m\n", "default", "lease", "30s",
		    "'f' line 2: ttl cannot be '5m'" },
		{ "", "default", "ttl", "5m", "line 2: ttl cannot be" },
		{ "", "default", "refreshed_by", "a # b",
		    "refreshed_by cannot have that value in a file" },
		{ "", "default", "refreshed_by", "a\nttl = 20m",
		    "refreshed_by cannot have" },
		{ "", "default", "refreshed_by", " a", "cannot have" },
		{ "", "default", "refreshed_by", "a\x1b[31m",
		    "a control byte" },
		{ "", "type x", "request", "[]", "not a JSON object" },
		{ "", "profile a]b", "ttl", "20m", "text behind ']'" },
		{ "", "type full-data", "request", "{}", "is built in" },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct config_edit edit = { .text = span_of(rows[i].text),
			.path = "f", .place = place(rows[i].where),
			.key = rows[i].key };
		struct err err = { 0 };
		struct buf out;

		buf_init(&out, LIMIT_SETTINGS_FILE);
		is_int(config_edit_set(&edit, span_of(rows[i].value), &out,
		    &err), -1, "refused %zu", i);
		is_int(err.class, ERR_USAGE, "its class");
		has_str(err.message, rows[i].message, "its message");
		buf_clear(&out);
	}
}

static void
test_unset(void)
{
	static const struct {
		const char *text, *where, *key, *want;
		bool found;
	} rows[] = {
		{ "[default]\nttl = 20m  ; so\nlease = 30s\n", "default",
		    "ttl", "[default]\nlease = 30s\n", true },
		{ "[default]\n# ours\nttl = 20m", "default", "ttl",
		    "[default]\n# ours\n", true },
		{ "[default]\nttl = 20m\n", "default", "lease",
		    "[default]\nttl = 20m\n", false },
		{ "[default]\nttl = 20m\n", "profile p", "ttl",
		    "[default]\nttl = 20m\n", false },
		{ "[type x]\n# why\nrequest = {\"a\":\n 1}\n\n[default]\n",
		    "type x", "request", "\n[default]\n", true },
		{ "[type x]\n[default]\nttl=20m\n[type x]\nrequest = {}\n",
		    "type x", "request",
		    "[type x]\n[default]\nttl=20m\n[type x]\n", true },
		{ "", "default", "ttl", "", false },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct config_edit edit = { .text = span_of(rows[i].text),
			.path = "f", .place = place(rows[i].where),
			.key = rows[i].key };
		struct err err = { 0 };
		bool found = !rows[i].found;
		struct buf out;

		buf_init(&out, LIMIT_SETTINGS_FILE);
		is_int(config_edit_unset(&edit, &found, &out, &err), 0,
		    "unset %zu", i);
		ok(found == rows[i].found, "whether it was there");
		is_str(buf_string(&out), rows[i].want, "its text");
		buf_clear(&out);
	}
}

int
main(void)
{
	test_set();
	test_set_refused();
	test_unset();
	return done_testing();
}
