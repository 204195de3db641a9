#ifndef CODEC_JSON_H
#define CODEC_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

/*
 * Reading. A document is checked whole against RFC 8259 before a value is
 * looked at (jsmn is only the tokenizer: it accepts {"a" "b"}, 01 and [1 2]
 * even in strict mode), with UTF-8 verified and depth capped at
 * LIMIT_JSON_DEPTH. No recursion anywhere.
 */

/* Does the text hold exactly one JSON value? Allocates nothing; err says
 * where it breaks ("byte 17: ...", the first byte is 1), class ERR_DATA. */
int json_check(struct span text, struct err *err);

/* As json_check, and counts values and member names: what json_parse needs. */
int json_check_count(struct span text, size_t *count, struct err *err);

/*
 * As json_check, of a text that comes in pieces: pull gives the next one (an
 * empty one too), and false behind the last. A piece is read to its end before
 * the next is asked for; after an error the rest is not. err does not say
 * where.
 */
typedef bool json_pull(void *state, struct span *piece);
int json_check_pieces(json_pull *pull, void *state, struct err *err);

/*
 * A parsed document: tokens (20 bytes a value or name) over the caller's
 * text, which must outlive it. Zero-initialise, or let json_parse fill it.
 */
struct json {
	struct span text;
	void *tokens;		/* private */
	unsigned count;
};

/* A value: an index into the document; 0 is the root, JSON_NONE no value. */
typedef unsigned json_value;
#define JSON_NONE ((json_value)-1)

enum json_type {
	JSON_ABSENT,		/* of JSON_NONE */
	JSON_OBJECT, JSON_ARRAY, JSON_STRING, JSON_NUMBER,
	JSON_TRUE, JSON_FALSE, JSON_NULL
};

enum {
	JSON_UNIQUE_KEYS = 1	/* refuse duplicate names, at any depth */
};

/* Check, then tokenize. 0, or -1 with err (ERR_DATA, or memory) and *j empty.
 * Time and memory are linear in the text; texts end below 2 GiB. */
int json_parse(struct json *j, struct span text, unsigned flags,
    struct err *err);

/* Free the tokens; harmless twice. */
void json_clear(struct json *j);

enum json_type json_type(const struct json *j, json_value v);

/* The member of that name; JSON_NONE when v is no object or has none. With
 * duplicate names the last one wins, as in jq. */
json_value json_member(const struct json *j, json_value v, const char *name);

/* Walk: members or elements. First child, then next sibling, each in constant
 * time; JSON_NONE (also when given) ends.
 * For objects the children are the values; json_name gives a value's name
 * (raw, still escaped) or the empty span. */
json_value json_first(const struct json *j, json_value v);
json_value json_next(const struct json *j, json_value v);
struct span json_name(const struct json *j, json_value v);

/* Number of members or elements. */
size_t json_count(const struct json *j, json_value v);

/* The value's own bytes in the text: with quotes for strings, from { to }. */
struct span json_raw(const struct json *j, json_value v);

/* A string's raw inside (escapes as they are); empty for other types. */
struct span json_inside(const struct json *j, json_value v);

/*
 * A string, unescaped, appended to out (check with buf_check). false when v
 * is not a string. \u escapes become UTF-8; a lone surrogate becomes U+FFFD.
 */
bool json_string(const struct json *j, json_value v, struct buf *out);

/* As json_string into a fixed array, NUL-terminated: false also when it does
 * not fit or holds a NUL. */
bool json_string_copy(const struct json *j, json_value v, char *to,
    size_t room);

/* Does the string equal s after unescaping? */
bool json_string_is(const struct json *j, json_value v, const char *s);

/* An integer without fraction or exponent, in [min, max]. */
bool json_integer(const struct json *j, json_value v, int64_t min,
    int64_t max, int64_t *out);

/*
 * Looking into a large document without a token for each of its values. The
 * text is one that json_check found sound (nothing is checked here), and what
 * is given back are views into it, without blanks around.
 *
 * The member of that name; with duplicate names the last one. Empty when the
 * text is no object or has none.
 */
struct span json_find(struct span text, const char *name);

/* Is it an array? Then rest is set before its first element; json_element takes
 * one, false at the end. */
bool json_elements(struct span text, struct span *rest);
bool json_element(struct span *rest, struct span *element);

/* Does the inside of a string, its escapes as they are, equal s? */
bool json_inside_is(struct span inside, const char *s);

/*
 * The canonical form, for request hashes (facts/cost-explorer.md 9): members
 * sorted by name (bytes of the unescaped UTF-8), of duplicates the last only;
 * no white space; strings minimally escaped (RFC 8785 3.2.2.2); numbers as
 * they stand; arrays that are the values of members named in sorted_arrays
 * (NULL-terminated list, may be NULL) are sorted by their canonical elements.
 * Appended to out; -1 with err when memory ran out or out is full.
 */
int json_canonical(const struct json *j, json_value v,
    const char *const *sorted_arrays, struct buf *out, struct err *err);

/*
 * Writing. Appends to a buffer, which is checked with buf_check at the end;
 * commas and quotes are kept by the writer. Compact unless indent is set (2
 * spaces a level, for people). Balanced calls are the caller's duty; no line
 * end is written after the document.
 */
struct json_writer {
	struct buf *out;
	bool indent;
	bool fresh;		/* nothing stands in this container yet */
	bool named;		/* a name was just written */
	int depth;
};

void json_begin(struct json_writer *w, struct buf *out, bool indent);
void json_open_object(struct json_writer *w);
void json_close_object(struct json_writer *w);
void json_open_array(struct json_writer *w);
void json_close_array(struct json_writer *w);
void json_put_name(struct json_writer *w, const char *name);
void json_put_string(struct json_writer *w, const char *s);	/* NULL: null */
void json_put_span(struct json_writer *w, struct span s);
void json_put_integer(struct json_writer *w, int64_t value);
void json_put_bool(struct json_writer *w, bool value);
void json_put_null(struct json_writer *w);
/* A value that is JSON already, byte-exact. */
void json_put_raw(struct json_writer *w, struct span value);

/* name and value in one. */
void json_member_string(struct json_writer *w, const char *name,
    const char *s);
void json_member_integer(struct json_writer *w, const char *name,
    int64_t value);
void json_member_bool(struct json_writer *w, const char *name, bool value);
void json_member_null(struct json_writer *w, const char *name);
void json_member_raw(struct json_writer *w, const char *name,
    struct span value);

/* A string's JSON form with quotes; bytes that are no UTF-8 become U+FFFD
 * each; '"' and '\\' are escaped, controls are \b \f \n \r \t or \u00xx, DEL
 * and C1 \u00xx too. */
void json_quote(struct span s, struct buf *out);

#endif
