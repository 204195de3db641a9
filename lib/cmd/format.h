#ifndef CMD_FORMAT_H
#define CMD_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "cmd/look.h"
#include "cmd/sheet.h"

/*
 * The formats of fetch, a const table. --format's choices, help, completions
 * and the file names under -o DIR/ follow from it.
 */
struct format {
	const char *name;	/* "table" */
	const char *extension;	/* "txt" */
	bool rows_only;		/* shows rows and adds nothing up */
	bool for_log;		/* its lines may stand in a job's log */
	size_t top;		/* so many groups without --top; 0: all */
	/* Sheets, in order, into one text. NULL: the data as it is, which
	 * needs no sheets. */
	void (*write)(const struct sheets *sheets, const struct look *look,
	    struct buf *out);
};

/* The table's names, in its order, as an option's choices. */
#define FORMAT_CHOICES "json|envelope|table|csv|markdown|chart|html"

/* The metrics that Cost Explorer has, as an option's choices. */
#define FORMAT_METRICS "UnblendedCost|BlendedCost|AmortizedCost|" \
	"NetUnblendedCost|NetAmortizedCost|UsageQuantity|" \
	"NormalizedUsageAmount"

/* The i-th format, NULL at the end; and by name (NULL: json). */
const struct format *format_at(size_t i);
const struct format *format_find(const char *name);

/* The writers, a file each. */
void format_table_write(const struct sheets *sheets, const struct look *look,
    struct buf *out);
void format_csv_write(const struct sheets *sheets, const struct look *look,
    struct buf *out);
void format_markdown_write(const struct sheets *sheets,
    const struct look *look, struct buf *out);
void format_chart_write(const struct sheets *sheets, const struct look *look,
    struct buf *out);
void format_html_write(const struct sheets *sheets, const struct look *look,
    struct buf *out);

#endif
