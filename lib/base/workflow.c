#include "base/workflow.h"

#include <stdbool.h>

#include "base/app.h"

void
workflow_command(const char *command, struct span text, struct buf *out)
{
	size_t i;

	buf_addf(out, "::%s title=" APP_NAME "::", command);
	for (i = 0; i < text.n; i++) {
		if (text.p[i] == '%' || text.p[i] == '\r' || text.p[i] == '\n')
			buf_addf(out, "%%%02X", (unsigned)text.p[i]);
		else
			buf_add_char(out, text.p[i]);
	}
	buf_add_char(out, '\n');
}

void
workflow_disarm(char *p, size_t n)
{
	bool fresh = true;	/* nothing but blanks in this line yet */
	size_t i;

	for (i = 0; i < n; i++) {
		struct span rest = span_make(p + i, n - i);

		if ((fresh && span_starts(rest, "::")) ||
		    span_starts(rest, "##["))
			p[i] = '?';
		if (p[i] == '\n' || p[i] == '\r')
			fresh = true;
		/* The runner trims what Unicode calls a blank: any byte that
		 * is no printable ASCII may be part of one. */
		else if (p[i] > ' ' && p[i] < 0x7f)
			fresh = false;
	}
}
