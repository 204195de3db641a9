#include "aws/profile_suggest.h"

#include <string.h>

#include "base/span.h"

/* Longer names are compared by their beginnings. */
#define LONGEST 64

#define SUGGESTIONS_MAX 3

static unsigned
least(unsigned a, unsigned b, unsigned c)
{
	if (b < a)
		a = b;
	return c < a ? c : a;
}

/* Levenshtein's distance, letters without case. */
static unsigned
distance(struct span a, struct span b)
{
	unsigned row[LONGEST + 1], diagonal, above;
	size_t i, j;

	a.n = a.n > LONGEST ? LONGEST : a.n;
	b.n = b.n > LONGEST ? LONGEST : b.n;
	for (j = 0; j <= b.n; j++)
		row[j] = (unsigned)j;
	for (i = 0; i < a.n; i++) {
		diagonal = row[0]++;
		for (j = 0; j < b.n; j++) {
			above = row[j + 1];
			row[j + 1] = least(above + 1, row[j] + 1, diagonal +
			    (span_lower(a.p[i]) != span_lower(b.p[j])));
			diagonal = above;
		}
	}
	return row[b.n];
}

static bool
near(const char *wanted, const char *name)
{
	struct span a = span_of(wanted), b = span_of(name);

	return distance(a, b) <= 1 + a.n / 4 ||
	    (a.n >= 3 && (span_starts(b, wanted) || span_ends(b, wanted)));
}

static void
new_line(struct buf *out, size_t start)
{
	if (out->n > start)
		buf_add_char(out, '\n');
}

static void
near_names(const struct profile_files *files, const char *profile,
    struct buf *out)
{
	const char *name;
	size_t i;
	int found = 0;

	for (i = 0; (name = profile_name(files, i)) != NULL &&
	    found < SUGGESTIONS_MAX; i++) {
		if (near(profile, name))
			buf_addf(out, "%s'%s'", found++ == 0 ?
			    "did you mean " : " or ", name);
	}
	if (found > 0)
		buf_add_char(out, '?');
}

/* "[profile prod]" where "[prod]" is meant. */
static void
odd_credentials(const struct profile_files *files, const char *profile,
    struct buf *out, size_t start)
{
	const char *name;
	size_t i;

	for (i = 0; (name = profile_name(files, i)) != NULL; i++) {
		struct span word, rest;

		if (!span_split(span_of(name), ' ', &word, &rest) ||
		    !span_is(word, "profile") ||
		    !span_is(span_trim(rest), profile))
			continue;
		new_line(out, start);
		buf_addf(out, "'%s' has [%s]; in that file it must be [%s]",
		    profile_path(files, true), name, profile);
	}
}

/* "[prod]" where "[profile prod]" is meant, or a name with blanks unquoted. */
static void
odd_config(const struct profile_files *files, const char *profile,
    struct buf *out, size_t start)
{
	const char *quote = strchr(profile, ' ') != NULL ? "\"" : "";
	const char *inside;
	unsigned line;
	size_t i;

	for (i = 0; (inside = profile_ignored(files, i, &line)) != NULL; i++) {
		struct span s = span_of(inside);

		if (!span_is(s, profile) && !(span_starts(s, "profile") &&
		    span_ends(s, profile)))
			continue;
		new_line(out, start);
		buf_addf(out, "'%s' line %u has [%s]; in that file it must be "
		    "[profile %s%s%s]", profile_path(files, false), line,
		    inside, quote, profile, quote);
	}
}

void
profile_suggest(const struct profile_files *files, const char *profile,
    struct buf *out)
{
	size_t start = out->n;

	near_names(files, profile, out);
	odd_credentials(files, profile, out, start);
	odd_config(files, profile, out, start);
}
