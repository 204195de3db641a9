#include "cmd/format.h"

#include <string.h>

static const struct format formats[] = {
	{ .name = "json", .extension = "json" },
	{ .name = "envelope", .extension = "json" },
	{ .name = "table", .extension = "txt", .for_log = true,
	    .write = format_table_write },
	{ .name = "csv", .extension = "csv", .rows_only = true,
	    .write = format_csv_write },
	{ .name = "markdown", .extension = "md",
	    .write = format_markdown_write },
	{ .name = "chart", .extension = "txt", .for_log = true, .top = 10,
	    .write = format_chart_write },
	{ .name = "html", .extension = "html", .top = 12,
	    .write = format_html_write },
};

const struct format *
format_at(size_t i)
{
	return i < sizeof formats / sizeof formats[0] ? &formats[i] : NULL;
}

const struct format *
format_find(const char *name)
{
	const struct format *format = NULL;
	size_t i;

	for (i = 0; (format = format_at(i)) != NULL; i++)
		if (strcmp(format->name, name == NULL ? "json" : name) == 0)
			break;
	return format;
}
