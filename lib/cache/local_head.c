#include "cache/local_head.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "cache/local_facts.h"
#include "codec/gzip.h"

#define MAGIC "tcl1 "

#define FACTS_MAX 2048

/* Of a line with its end and what follows it. */
static uint32_t
crc_of(struct span line, uint32_t envelope, size_t length)
{
	return gzip_crc32_join(gzip_crc32(0, line.p, line.n), envelope,
	    length);
}

int
local_head_make(const struct local_facts *facts, uint32_t crc, size_t length,
    struct buf *out, struct err *err)
{
	struct buf line;
	int result = -1;

	buf_init(&line, FACTS_MAX);
	buf_init(out, LOCAL_HEAD_MAX);
	local_facts_put(facts, &line);
	if (buf_check(&line, "the local facts", err) != 0)
		goto out;
	buf_addf(out, MAGIC "%08lx %zu\n", (unsigned long)crc_of(
	    buf_view(&line), crc, length), line.n + length);
	buf_add_span(out, buf_view(&line));
	result = buf_check(out, "the first line", err);
out:
	buf_clear(&line);
	return result;
}

/* Take a line of at most max bytes from the front of rest. */
static bool
take_line(struct span *rest, size_t max, struct span *line)
{
	struct span front = span_make(rest->p,
	    rest->n < max ? rest->n : max), after;

	if (!span_split(front, '\n', line, &after))
		return false;
	*rest = span_make(rest->p + line->n + 1, rest->n - line->n - 1);
	return true;
}

void
local_head_first(const char *p, size_t n, char *out)
{
	size_t i;

	for (i = 0; i < n && i < LOCAL_FIRST - 1 &&
	    (i == 0 || p[i - 1] != '\n'); i++)
		out[i] = p[i];
	out[i] = '\0';
}

bool
local_head_frame(struct span *rest, struct span *crc, uint64_t *length)
{
	struct span line, text;

	if (!take_line(rest, LOCAL_FIRST, &line) || !span_starts(line, MAGIC))
		return false;
	line = span_make(line.p + strlen(MAGIC), line.n - strlen(MAGIC));
	return span_split(line, ' ', crc, &text) &&
	    num_parse(text, SIZE_MAX, length);
}

bool
local_head_facts(struct span *rest, struct span *line)
{
	return take_line(rest, FACTS_MAX, line);
}

bool
local_head_is(struct span digits, struct span line, uint32_t envelope,
    size_t length)
{
	char text[16];
	int n = snprintf(text, sizeof text, "%08lx", (unsigned long)crc_of(
	    span_make(line.p, line.n + 1), envelope, length));

	return n > 0 && span_is(digits, text);
}
