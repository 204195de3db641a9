#include "codec/json.h"

#include <assert.h>
#include <string.h>

#include "base/limits.h"

/*
 * The grammar of RFC 8259, each reader named after its rule. A reader moves
 * s->p behind what it read and returns NULL, or returns what is wrong with
 * s->p at the offending byte.
 */
struct scan {
	const unsigned char *p;
	const unsigned char *end;	/* of this piece */
	size_t count;		/* values and names */
	json_pull *pull;	/* NULL: there is no other piece */
	void *state;
};

/* Inlined whole, once for a text in one piece, where it is known then that
 * there is no other: asking at every byte cost two fifths of the time. */
#define RULE static inline __attribute__((always_inline))

static const char early[] = "the text ends too early";

static bool next_piece(struct scan *s) __attribute__((noinline, cold));

static bool
next_piece(struct scan *s)
{
	struct span piece;

	while (s->pull != NULL && s->pull(s->state, &piece)) {
		if (piece.n == 0)
			continue;
		s->p = (const unsigned char *)piece.p;
		s->end = s->p + piece.n;
		return true;
	}
	/* Nothing is asked again that has said it is over. */
	s->pull = NULL;
	return false;
}

/* Is there another byte? */
RULE bool
more(struct scan *s)
{
	return s->p < s->end || (s->pull != NULL && next_piece(s));
}

RULE bool
at(struct scan *s, unsigned char c)
{
	return more(s) && *s->p == c;
}

RULE bool
at_digit(struct scan *s)
{
	return more(s) && *s->p >= '0' && *s->p <= '9';
}

RULE bool
is_blank(unsigned char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

RULE void
skip_blanks(struct scan *s)
{
	while (more(s) && is_blank(*s->p))
		s->p++;
}

/* Section 3: the three literal names. */
RULE const char *
scan_word(struct scan *s, const char *word)
{
	for (; *word != '\0'; word++, s->p++) {
		if (!more(s))
			return early;
		if (*s->p != (unsigned char)*word)
			return "no JSON value";
	}
	return NULL;
}

RULE const char *
scan_digits(struct scan *s)
{
	if (!at_digit(s))
		return more(s) ? "a digit is missing" : early;
	while (at_digit(s))
		s->p++;
	return NULL;
}

/* Section 6. What follows the number is the caller's to judge. */
RULE const char *
scan_number(struct scan *s)
{
	const char *wrong = NULL;

	if (at(s, '-'))
		s->p++;
	if (at(s, '0')) {
		s->p++;
		if (at_digit(s))
			return "a number may not begin with 0";
	} else {
		wrong = scan_digits(s);
	}
	if (wrong == NULL && at(s, '.')) {
		s->p++;
		wrong = scan_digits(s);
	}
	if (wrong == NULL && (at(s, 'e') || at(s, 'E'))) {
		s->p++;
		if (at(s, '+') || at(s, '-'))
			s->p++;
		wrong = scan_digits(s);
	}
	return wrong;
}

/* Behind the backslash. */
RULE const char *
scan_escape(struct scan *s)
{
	int i;

	if (!more(s))
		return early;
	if (*s->p != 'u') {
		if (*s->p == '\0' || strchr("\"\\/bfnrt", *s->p) == NULL)
			return "unknown escape";
		s->p++;
		return NULL;
	}
	s->p++;
	for (i = 0; i < 4; i++, s->p++) {
		unsigned char c;

		if (!more(s))
			return early;
		c = *s->p | 0x20;
		if (!at_digit(s) && (c < 'a' || c > 'f'))
			return "\\u needs four hex digits";
	}
	return NULL;
}

/* How many of the last bytes begin a sequence that they do not end. */
RULE size_t
cut_off(const unsigned char *start, const unsigned char *end)
{
	size_t n;

	for (n = 1; n < 4 && end - start >= (ptrdiff_t)n; n++) {
		unsigned char c = end[-(ptrdiff_t)n];

		if (c >= 0xc0)
			return n < (c >= 0xf0 ? 4u : c >= 0xe0 ? 3u : 2u) ?
			    n : 0;
	}
	return 0;
}

/* The sequence that the end of a piece has cut, from the next ones. */
RULE bool
join_utf8(struct scan *s, const unsigned char *begun, size_t n)
{
	char joined[4];
	size_t i;

	for (i = 0; i < n; i++)
		joined[i] = (char)begun[i];
	while (!span_utf8(span_make(joined, n))) {
		if (n == sizeof joined || !more(s) || *s->p < 0x80 ||
		    *s->p >= 0xc0)
			return false;
		joined[n++] = (char)*s->p++;
	}
	return true;
}

/* A run of bytes beyond ASCII: sequences cannot reach over its ends. */
RULE const char *
scan_utf8(struct scan *s)
{
	const unsigned char *start = s->p;
	size_t cut = 0;

	while (s->p < s->end && *s->p >= 0x80)
		s->p++;
	if (s->p == s->end && s->pull != NULL)
		cut = cut_off(start, s->p);
	if (!span_utf8(span_make((const char *)start,
	    (size_t)(s->p - start) - cut))) {
		s->p = start;
		return "not UTF-8";
	}
	return cut == 0 || join_utf8(s, s->p - cut, cut) ? NULL :
	    "not UTF-8";
}

/* Above ASCII, a control byte, a quote or a backslash. */
RULE bool
is_special(unsigned char c)
{
	return c < 0x20 || c >= 0x80 || c == '"' || c == '\\';
}

/*
 * How many of eight bytes are before the first special one? All at once:
 * (x - 0x01..) & 0x80.. finds zero bytes, and a borrow is a false alarm only
 * behind one that was true.
 */
RULE int
count_plain(const unsigned char *p)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t x = (uint64_t)p[0] | (uint64_t)p[1] << 8 |
	    (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
	    (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 |
	    (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
	uint64_t quote = x ^ ones * '"', slash = x ^ ones * '\\';

	x |= (x - ones * 0x20) | (quote - ones) | (slash - ones);
	x &= ones * 0x80;
	return x == 0 ? 8 : __builtin_ctzll(x) / 8;
}

RULE void
skip_plain(struct scan *s)
{
	const unsigned char *p = s->p, *end = s->end;
	int n = 8;

	while (n == 8 && end - p >= 8) {
		n = count_plain(p);
		p += n;
	}
	/* A piece's last bytes, one by one. */
	while (p < end && end - p < 8 && !is_special(*p))
		p++;
	s->p = p;
}

/* Section 7, from the opening quote. */
RULE const char *
scan_string(struct scan *s)
{
	const char *wrong = NULL;

	s->p++;
	while (wrong == NULL) {
		skip_plain(s);
		if (!more(s))
			return early;
		if (*s->p == '"') {
			s->p++;
			return NULL;
		}
		if (*s->p == '\\') {
			s->p++;
			wrong = scan_escape(s);
		} else if (*s->p >= 0x80) {
			wrong = scan_utf8(s);
		} else if (*s->p < 0x20) {
			wrong = "a control byte in a string";
		}
	}
	return wrong;
}

RULE const char *
scan_scalar(struct scan *s)
{
	switch (*s->p) {
	case '"':
		return scan_string(s);
	case 't':
		return scan_word(s, "true");
	case 'f':
		return scan_word(s, "false");
	case 'n':
		return scan_word(s, "null");
	case '-': case '0': case '1': case '2': case '3': case '4':
	case '5': case '6': case '7': case '8': case '9':
		return scan_number(s);
	default:
		return "no JSON value";
	}
}

/* A name, and the colon behind it. */
RULE const char *
scan_name(struct scan *s)
{
	const char *wrong;

	if (*s->p != '"')
		return "a member needs a name in quotes";
	if ((wrong = scan_string(s)) != NULL)
		return wrong;
	s->count++;
	skip_blanks(s);
	if (!more(s))
		return early;
	if (*s->p != ':')
		return "':' is missing behind a name";
	s->p++;
	return NULL;
}

/* Where the scan stands between tokens. */
struct place {
	enum { VALUE, NAME, BEHIND } wanted;
	bool first;		/* or the container's end */
	int depth;
	bool object[LIMIT_JSON_DEPTH];
};

RULE const char *
scan_behind(struct scan *s, struct place *place)
{
	bool object;

	if (place->depth == 0)
		return "more than one value";
	object = place->object[place->depth - 1];
	if (*s->p == ',') {
		place->wanted = object ? NAME : VALUE;
		place->first = false;
	} else if (*s->p == (object ? '}' : ']')) {
		place->depth--;
	} else {
		return object ? "',' or '}' is missing" :
		    "',' or ']' is missing";
	}
	s->p++;
	return NULL;
}

RULE const char *
scan_value(struct scan *s, struct place *place)
{
	bool object = *s->p == '{';

	s->count++;
	place->wanted = BEHIND;
	if (!object && *s->p != '[')
		return scan_scalar(s);
	static_assert(LIMIT_JSON_DEPTH == 64, "the text says so");
	if (place->depth == LIMIT_JSON_DEPTH)
		return "nested more than 64 deep";
	place->object[place->depth++] = object;
	place->wanted = object ? NAME : VALUE;
	place->first = true;
	s->p++;
	return NULL;
}

/* One token; blanks before it are read already. */
RULE const char *
scan_step(struct scan *s, struct place *place)
{
	bool first = place->first;
	const char *wrong;

	place->first = false;
	switch (place->wanted) {
	case NAME:
		if (first && *s->p == '}') {
			place->wanted = BEHIND;
			return scan_behind(s, place);
		}
		wrong = scan_name(s);
		place->wanted = VALUE;
		return wrong;
	case VALUE:
		if (first && *s->p == ']') {
			place->wanted = BEHIND;
			return scan_behind(s, place);
		}
		return scan_value(s, place);
	default:
		return scan_behind(s, place);
	}
}

/* The whole text; NULL, or what is wrong at s->p. */
RULE const char *
scan_text(struct scan *s)
{
	struct place place = { .wanted = VALUE };
	const char *wrong = NULL;

	for (skip_blanks(s); more(s); skip_blanks(s))
		if ((wrong = scan_step(s, &place)) != NULL)
			return wrong;
	return place.wanted != BEHIND || place.depth > 0 ? early : NULL;
}

int
json_check_count(struct span text, size_t *count, struct err *err)
{
	const unsigned char *start = (const unsigned char *)text.p;
	struct scan s = { .p = start };
	const char *wrong;

	if (text.n == 0)
		return err_set(err, ERR_DATA, "byte 1: %s", early);
	s.end = start + text.n;
	if ((wrong = scan_text(&s)) != NULL)
		return err_set(err, ERR_DATA, "byte %zu: %s",
		    (size_t)(s.p - start) + 1, wrong);
	*count = s.count;
	return 0;
}

int
json_check(struct span text, struct err *err)
{
	size_t count;

	return json_check_count(text, &count, err);
}

int
json_check_pieces(json_pull *pull, void *state, struct err *err)
{
	static const unsigned char none[1];
	struct scan s = { .p = none, .end = none, .pull = pull,
		.state = state };
	const char *wrong = scan_text(&s);

	return wrong == NULL ? 0 : err_set(err, ERR_DATA, "%s", wrong);
}
