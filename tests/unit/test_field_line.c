#include "net/field_line.h"

#include "tap.h"

static const struct {
	const char *name;
	const char *value;
	const char *line;	/* NULL: refused */
} cases[] = {
	{ "x-a", "b", "x-a: b" },
	{ "x-a", "", "x-a;" },
	{ "x-a", "b: c; d", "x-a: b: c; d" },
	{ "x-a", "b\r\nx-c: d", NULL },
	{ "x-a", "b\n", NULL },
	{ "x-a:", "b", NULL },
	{ "x-a;", "", NULL },
	{ "x\ra", "b", NULL },
};

int
main(void)
{
	struct buf line;
	size_t i;

	buf_init(&line, 64);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct http_field field = { cases[i].name, cases[i].value };
		struct err err = { 0 };
		int result = field_line(&field, &line, &err);

		if (cases[i].line == NULL) {
			is_int(result, -1, "refused: %zu", i);
			is_int(err.class, ERR_INTERNAL, "as a bug");
			continue;
		}
		is_int(result, 0, "fine: %s", cases[i].line);
		is_str(buf_string(&line), cases[i].line, "as libcurl wants");
	}
	buf_clear(&line);
	return done_testing();
}
