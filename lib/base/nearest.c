#include "base/nearest.h"

#include <stdbool.h>
#include <string.h>

#include "base/span.h"

/* Longer words are not compared: nobody mistypes those. */
#define ROOM 64

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool
same(char a, char b)
{
	return span_lower(a) == span_lower(b);
}

/* Optimal string alignment, three rows at a time. */
static size_t
distance(const char *a, size_t an, const char *b, size_t bn)
{
	size_t rows[3][ROOM + 1];
	size_t *before = rows[0], *last = rows[1], *now = rows[2], *spare;
	size_t i, j, cost;

	for (j = 0; j <= bn; j++)
		last[j] = j;
	for (i = 1; i <= an; i++) {
		now[0] = i;
		for (j = 1; j <= bn; j++) {
			cost = same(a[i - 1], b[j - 1]) ? 0 : 1;
			now[j] = least(last[j - 1] + cost,
			    least(last[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) &&
			    same(a[i - 2], b[j - 1]))
				now[j] = least(now[j], before[j - 2] + 1);
		}
		spare = before;
		before = last;
		last = now;
		now = spare;
	}
	return last[bn];
}

const char *
nearest_of(const char *word, size_t length, nearest_word *words,
    const void *state, size_t *found)
{
	const char *best = NULL, *prefixed = NULL, *candidate;
	size_t best_distance = length / 3 + 1, prefixes = 0, i, n, d;

	if (length < 2 || length > ROOM)
		return NULL;
	for (i = 0; (candidate = words(state, i, &n)) != NULL; i++) {
		if (n == length && memcmp(candidate, word, length) == 0) {
			*found = n;
			return candidate;
		}
		if (n > length && memcmp(candidate, word, length) == 0) {
			prefixes++;
			prefixed = candidate;
			*found = n;
		}
	}
	if (prefixes == 1)
		return prefixed;
	for (i = 0; (candidate = words(state, i, &n)) != NULL; i++) {
		if (n == 0 || n > ROOM)
			continue;
		d = distance(word, length, candidate, n);
		if (d < best_distance || (best == NULL && d == best_distance)) {
			best = candidate;
			best_distance = d;
			*found = n;
		}
	}
	return best;
}
