#ifndef CACHE_CONFIG_FILE_H
#define CACHE_CONFIG_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "cache/config.h"
#include "codec/ini.h"

/*
 * The settings file as checked rows (design section 2); config.h resolves
 * them for a profile. Private to config.
 */
enum config_section {
	CONFIG_SECTION_DEFAULT,	/* [default] */
	CONFIG_SECTION_PROFILE,	/* [profile NAME], [profile "MY NAME"] */
	CONFIG_SECTION_TYPE	/* [type NAME] */
};

/* Rows that are no setting hold these instead of an enum config_id. */
enum {
	CONFIG_FILE_OPERATION = CONFIG_COUNT,
	CONFIG_FILE_REQUEST,
	CONFIG_FILE_SCHEMA	/* [default]'s, which is no setting */
};
_Static_assert(CONFIG_FILE_SCHEMA < 64, "config_header has a bit for each");

struct config_header {
	enum config_section section;
	struct span name;	/* empty for [default] */
	unsigned line;		/* of the first, where there are several */
	uint64_t keys;		/* bit i: a row of id i stands in it */
};

struct config_row {
	const struct config_header *header;
	int id;
	struct span value;	/* may be empty */
	unsigned line;
};

struct config_file {
	struct ini ini;		/* owns the texts */
	int schema;		/* what it was of; the rows are of
				   CONFIG_SCHEMA */
	struct config_header *headers;	/* each section once, sorted */
	size_t header_count;
	struct config_row *rows;	/* in order, an id once a section */
	size_t row_count;
};

/*
 * Read and check the file at path. named: the user said which file; it must
 * exist then, else its absence is an empty one and its owner is looked at.
 * ERR_USAGE for all that is wrong with it. Clear it in any case.
 */
int config_file_read(struct config_file *file, const char *path, bool named,
    struct err *err);

/* The two halves of it. The text, appended to out, whose max is
 * LIMIT_SETTINGS_FILE: 1 read, 0 there is none, -1 with err. */
int config_file_text(const char *path, bool named, struct buf *out,
    struct err *err);

/* A text that goes by the name of path in messages. Clear it in any case. */
int config_file_parse(struct config_file *file, struct span text,
    const char *path, struct err *err);

void config_file_clear(struct config_file *file);

/* That section; NULL when the file has none. */
struct config_header *config_file_find(const struct config_file *file,
    enum config_section section, struct span name);

#endif
