#include "codec/json.h"

#include <string.h>

#include "base/limits.h"

/*
 * The grammar of RFC 8259, each reader named after its rule. A reader moves
 * s->p behind what it read and returns NULL, or returns what is wrong with
 * s->p at the offending byte.
 */
struct scan {
	const unsigned char *p;
	const unsigned char *end;
	size_t count;		/* values and names */
};

static const char early[] = "the text ends too early";

static bool
at(const struct scan *s, unsigned char c)
{
	return s->p < s->end && *s->p == c;
}

static bool
at_digit(const struct scan *s)
{
	return s->p < s->end && *s->p >= '0' && *s->p <= '9';
}

static void
skip_blanks(struct scan *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\n' ||
	    *s->p == '\r' || *s->p == '\t'))
		s->p++;
}

/* Section 3: the three literal names. */
static const char *
scan_word(struct scan *s, const char *word)
{
	for (; *word != '\0'; word++, s->p++) {
		if (s->p == s->end)
			return early;
		if (*s->p != (unsigned char)*word)
			return "no JSON value";
	}
	return NULL;
}

static const char *
scan_digits(struct scan *s)
{
	if (!at_digit(s))
		return s->p == s->end ? early : "a digit is missing";
	while (at_digit(s))
		s->p++;
	return NULL;
}

/* Section 6. What follows the number is the caller's to judge. */
static const char *
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
static const char *
scan_escape(struct scan *s)
{
	int i;

	if (s->p == s->end)
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

		if (s->p == s->end)
			return early;
		c = *s->p | 0x20;
		if (!at_digit(s) && (c < 'a' || c > 'f'))
			return "\\u needs four hex digits";
	}
	return NULL;
}

/* A run of bytes beyond ASCII: sequences cannot reach over its ends. */
static const char *
scan_utf8(struct scan *s)
{
	const unsigned char *start = s->p;

	while (s->p < s->end && *s->p >= 0x80)
		s->p++;
	if (span_utf8(span_make((const char *)start, (size_t)(s->p - start))))
		return NULL;
	s->p = start;
	return "not UTF-8";
}

/* Above ASCII, a control byte, a quote or a backslash. */
static bool
is_special(unsigned char c)
{
	return c < 0x20 || c >= 0x80 || c == '"' || c == '\\';
}

/*
 * How many of eight bytes are before the first special one? All at once:
 * (x - 0x01..) & 0x80.. finds zero bytes, and a borrow is a false alarm only
 * behind one that was true.
 */
static int
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

static void
skip_plain(struct scan *s)
{
	int n = 8;

	while (n == 8 && s->end - s->p >= 8) {
		n = count_plain(s->p);
		s->p += n;
	}
	/* The text's last bytes, one by one. */
	while (s->p < s->end && s->end - s->p < 8 && !is_special(*s->p))
		s->p++;
}

/* Section 7, from the opening quote. */
static const char *
scan_string(struct scan *s)
{
	const char *wrong = NULL;

	s->p++;
	while (wrong == NULL) {
		skip_plain(s);
		if (s->p == s->end)
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
		} else {
			wrong = "a control byte in a string";
		}
	}
	return wrong;
}

static const char *
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
static const char *
scan_name(struct scan *s)
{
	const char *wrong;

	if (*s->p != '"')
		return "a member needs a name in quotes";
	if ((wrong = scan_string(s)) != NULL)
		return wrong;
	s->count++;
	skip_blanks(s);
	if (s->p == s->end)
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

static const char *
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

static const char *
scan_value(struct scan *s, struct place *place)
{
	bool object = *s->p == '{';

	s->count++;
	place->wanted = BEHIND;
	if (!object && *s->p != '[')
		return scan_scalar(s);
	if (place->depth == LIMIT_JSON_DEPTH)
		return "nested too deeply";
	place->object[place->depth++] = object;
	place->wanted = object ? NAME : VALUE;
	place->first = true;
	s->p++;
	return NULL;
}

/* One token; blanks before it are read already. */
static const char *
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

int
json_check_count(struct span text, size_t *count, struct err *err)
{
	const unsigned char *start = (const unsigned char *)text.p;
	struct scan s = { start, NULL, 0 };
	struct place place = { .wanted = VALUE };
	const char *wrong = NULL;

	if (text.n == 0)
		return err_set(err, ERR_DATA, "byte 1: %s", early);
	s.end = start + text.n;
	for (skip_blanks(&s); wrong == NULL && s.p < s.end; skip_blanks(&s))
		if ((wrong = scan_step(&s, &place)) != NULL)
			break;
	if (wrong == NULL && (place.wanted != BEHIND || place.depth > 0))
		wrong = early;
	if (wrong != NULL)
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
