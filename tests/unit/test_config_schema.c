#include "tap.h"

#include <string.h>

#include "base/limits.h"
#include "cache/config_file.h"
#include "cache/config_schema.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

static const struct {
	const char *text;
	int schema;		/* -1: refused */
	const char *want;	/* NULL: the same; or the message */
} rows[] = {
	{ "", 1, NULL },
	{ "[default]\nbucket = b-one\n", 1, NULL },
	{ "[default]\nschema = 1\nbucket = b-one\n", 1, NULL },
	{ "[default]\ns3_bucket = b-one\n", 0, "[default]\nbucket = b-one\n" },
	{ "[default]\nschema = 0\nttl = 20m", 0,
	    "[default]\nschema = 1\nttl = 20m" },
	{ "[default]\r\n S3_REGION:x ; s3_region\r\nschema=  0 # 0\r\n", 0,
	    "[default]\r\n region:x ; s3_region\r\nschema=  1 # 0\r\n" },
	{ "\xef\xbb\xbf[profile p]\ncache_ttl = 20\n  m\n", 0,
	    "\xef\xbb\xbf[profile p]\nttl = 20\n  m\n" },
	/* said to be of the present one, whose name it is not */
	{ "[default]\ns3_bucket = b-one\nschema = 1\n", 1, NULL },
	/* not a setting there */
	{ "[type x]\ns3_bucket = b\n", 1, NULL },
	{ "[profile p]\nschema = 7\n", 1, NULL },
	{ "[default]\nx =\n  s3_bucket = b\n", 1, NULL },
	{ "\n[default]\nschema = 2\n", -1, "'f' line 3: the settings are of "
	    "schema 2, and this teamcache knows none above 1" },
	{ "[default]\nschema = one\n", -1,
	    "'f' line 2: schema cannot be 'one': want a number" },
	{ "[default]\nschema =\n", -1, "schema cannot be ''" },
	{ "[default]\nschema = -1\n", -1, "schema cannot be '-1'" },
	{ "[default]\nschema = 99999\n", -1, "schema cannot be '99999'" },
};

static void
test_upgrade(void)
{
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		const char *want = rows[i].want == NULL ? rows[i].text :
		    rows[i].want;
		struct err err = { 0 };
		struct buf text;
		int schema = -1, result;

		buf_init(&text, LIMIT_SETTINGS_FILE);
		buf_add_string(&text, rows[i].text);
		result = config_schema_upgrade(&text, "f", &schema, &err);
		is_int(result, rows[i].schema < 0 ? -1 : 0, "row %zu: %s", i,
		    err.message);
		if (rows[i].schema < 0) {
			is_int(err.class, ERR_USAGE, "row %zu: class", i);
			has_str(err.message, want, "row %zu: message", i);
		} else {
			is_int(schema, rows[i].schema, "row %zu: schema", i);
			is_span(buf_view(&text), want, "row %zu: text", i);
		}
		buf_clear(&text);
	}
}

/* Read as it was meant, in the lines where it stands. */
static void
test_file(void)
{
	static const char text[] = "[default]\n# c\nschema = 0\n"
	    "s3_bucket = b-one\n[profile p]\ncache_ttl = 20m\n";
	struct config_file file;
	struct err err = { 0 };

	if (ok(config_file_parse(&file, span_of(text), "f", &err) == 0,
	    "an older file is read: %s", err.message)) {
		is_int(file.schema, 0, "its schema is known");
		is_uint(file.row_count, 3, "rows");
		is_int(file.rows[1].id, CONFIG_BUCKET, "a former name");
		is_span(file.rows[1].value, "b-one", "its value");
		is_uint(file.rows[1].line, 4, "its line");
		is_int(file.rows[2].id, CONFIG_TTL, "in a profile too");
	}
	config_file_clear(&file);
	ok(config_file_parse(&file, span_of("[default]\nbucket = b-one\n"
	    "s3_bucket = b-two\n"), "f", &err) != 0, "both names at once");
	has_str(err.message, "line 3: 'bucket' was set in line 2 already",
	    "are one name twice");
	config_file_clear(&file);
	err_clear(&err);
	ok(config_file_parse(&file, span_of("[profile p]\nschema = 1\n"), "f",
	    &err) != 0, "a schema elsewhere");
	has_str(err.message, "unknown setting 'schema'", "is no setting");
	config_file_clear(&file);
}

int
main(void)
{
	test_upgrade();
	test_file();
	return done_testing();
}
