#ifndef CODEC_INI_H
#define CODEC_INI_H

#include <stddef.h>

#include "base/err.h"
#include "base/span.h"

/*
 * The syntax of ~/.aws/config, tolerant where real parsers differ
 * (facts/credentials.md section 3):
 * - whole-line comments with # or ;, indented too; inline comments only when
 *   asked for;
 * - the first '=' splits, or the first ':' where that comes earlier;
 * - a line indented deeper than the key before it continues it: after an
 *   empty value as a nested "k = v" ("s3 ="), else joined by LF;
 * - duplicate sections are merged and the later key wins;
 * - CRLF, and a BOM is skipped.
 * Names of sections keep their inside as written, trimmed; keys are
 * lower-cased. Values are trimmed, not unquoted.
 */

struct ini_entry {
	struct span section;	/* inside the brackets, trimmed */
	struct span key;	/* lower case */
	struct span sub;	/* nested key, lower case; empty if plain */
	struct span value;
	unsigned line;		/* 1-based */
};

struct ini_section {
	struct span name;
	unsigned line;
};

/* Borrows nothing: owns a copy of the text. */
struct ini {
	char *memory;
	size_t size;		/* of memory */
	struct ini_entry *entries;
	size_t count;
	struct ini_section *sections;	/* in order, duplicates included */
	size_t section_count;
};

enum {
	INI_INLINE_COMMENTS = 1	/* " ; c" and " # c" end a value */
};

/*
 * 0, or -1 with err and *ini empty: ERR_USAGE "'NAME' line N: ...", where name
 * is what the caller calls the file; no content is quoted, it could be a key.
 * NUL and control bytes, lines longer than LIMIT_INI_LINE, keys before the
 * first section, and lines that are none of the above are refused. The copy
 * is wiped by ini_clear.
 */
int ini_parse(struct ini *ini, struct span text, const char *name,
    unsigned flags, struct err *err);
void ini_clear(struct ini *ini);

#endif
