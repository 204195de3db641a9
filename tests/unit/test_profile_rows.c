#include "aws/profile_rows.h"

#include "tap.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

static const struct profile_row drafts[] = {
	{ { SECTION_PROFILE, false, "b", "region", "" }, "one", 1, 0 },
	{ { SECTION_PROFILE, true, "b", "region", "" }, "two", 2, 1 },
	{ { SECTION_PROFILE, false, "a", "s3", "x" }, "three", 3, 2 },
	{ { SECTION_PROFILE, false, "a", "s3", "" }, "four", 4, 3 },
	{ { SECTION_PROFILE, false, "b", "region", "" }, "five", 5, 4 },
	{ { SECTION_SERVICES, false, "b", "region", "" }, "six", 6, 5 },
	{ { SECTION_PROFILE, false, "b", "zone", "" }, "seven", 7, 6 },
	{ { SECTION_PROFILE, false, "b", "region", "" }, "eight", 8, 7 },
};

static const struct {
	const char *name;
	struct profile_place place;
	const char *value;	/* NULL: none */
} places[] = {
	{ "the last of three", { SECTION_PROFILE, false, "b", "region", "" },
	    "eight" },
	{ "the other file", { SECTION_PROFILE, true, "b", "region", "" },
	    "two" },
	{ "another kind", { SECTION_SERVICES, false, "b", "region", "" },
	    "six" },
	{ "nested", { SECTION_PROFILE, false, "a", "s3", "x" }, "three" },
	{ "not nested", { SECTION_PROFILE, false, "a", "s3", "" }, "four" },
	{ "the last row", { SECTION_PROFILE, false, "b", "zone", "" },
	    "seven" },
	{ "no such key", { SECTION_PROFILE, false, "b", "regio", "" }, NULL },
	{ "no such nested key", { SECTION_PROFILE, false, "a", "s3", "y" },
	    NULL },
	{ "no such name", { SECTION_PROFILE, false, "c", "region", "" },
	    NULL },
	{ "before all", { SECTION_PROFILE, false, "", "", "" }, NULL },
	{ "behind all", { SECTION_SERVICES, true, "z", "z", "z" }, NULL },
};

int
main(void)
{
	struct profile_row rows[COUNT(drafts)];
	size_t i;

	memcpy(rows, drafts, sizeof rows);
	profile_rows_sort(rows, COUNT(rows));
	for (i = 0; i < COUNT(places); i++) {
		const struct profile_row *row = profile_rows_find(rows,
		    COUNT(rows), &places[i].place);

		is_str(row != NULL ? row->value : "(none)",
		    places[i].value != NULL ? places[i].value : "(none)",
		    "%s", places[i].name);
	}
	profile_rows_sort(rows, 0);
	ok(profile_rows_find(NULL, 0, &places[0].place) == NULL,
	    "nothing among nothing");
	return done_testing();
}
