#include "cmd/format.h"

#include "cmd/option_spec.h"
#include "tap.h"

/* What the option offers is what the table has, in the same order. */
static void
test_choices(void)
{
	const char *at = option_spec(OPTION_FORMAT)->choices, *choice;
	const struct format *format;
	size_t i, n;

	for (i = 0; (format = format_at(i)) != NULL; i++) {
		n = option_spec_choice(&at, &choice);
		is_span(span_make(choice, n), format->name, "choice %zu", i);
		ok(format_find(format->name) == format, "found");
		ok(format->extension[0] != '\0' && format->extension[0] !=
		    '.', "'%s' is an extension", format->extension);
	}
	is_uint(option_spec_choice(&at, &choice), 0, "and no more");
	is_uint(i, 7, "seven of them");
	is_str(format_find(NULL)->name, "json", "the usual one");
	ok(format_find("xml") == NULL, "no other");
}

int
main(void)
{
	test_choices();
	return done_testing();
}
