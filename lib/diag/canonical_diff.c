#include "diag/canonical_diff.h"

#include <stdbool.h>
#include <stdio.h>

#include "base/limits.h"
#include "codec/xml.h"
#include "net/redact.h"

/* More than these are no accident of one proxy. */
#define SHOWN_MAX 4

/* "name:value", whose value may be shown? The rest of the lines may. */
static bool
is_secret(struct span line)
{
	struct span name, value;
	char text[64];
	int n;

	if (!span_split(line, ':', &name, &value))
		return false;
	n = snprintf(text, sizeof text, "%.*s", (int)(name.n < sizeof text ?
	    name.n : sizeof text - 1), name.p);
	return n > 0 && !redact_field(text);
}

static void
show(struct span line, struct buf *out)
{
	buf_add_string(out, "'");
	redact_text(line, LIMIT_QUOTE, out);
	buf_add_string(out, "'");
}

static void
compare(struct span ours, struct span theirs, int *shown, struct buf *out)
{
	if (span_equal(ours, theirs) || ++*shown > SHOWN_MAX)
		return;
	if (out->n > 0)
		buf_add_string(out, "; ");
	if (is_secret(ours) || is_secret(theirs)) {
		buf_add_string(out, "a secret field is another one");
		return;
	}
	buf_add_string(out, "signed was ");
	show(ours, out);
	buf_add_string(out, ", S3 saw ");
	show(theirs, out);
}

void
canonical_diff(struct span answer, struct span ours, struct buf *out)
{
	struct xml x = { 0 };
	struct err ignored = { 0 };
	struct span theirs, a, b;
	int shown = 0;

	if (ours.n == 0 || xml_parse(&x, answer, &ignored) != 0)
		return;
	theirs = xml_text(x.root, "CanonicalRequest");
	if (theirs.n > 0) {
		while (ours.n > 0 || theirs.n > 0) {
			span_split(ours, '\n', &a, &ours);
			span_split(theirs, '\n', &b, &theirs);
			compare(a, b, &shown, out);
		}
		if (shown == 0)
			buf_add_string(out, "S3 saw the request that was "
			    "signed: the secret key is the wrong one");
	}
	xml_clear(&x);
}
