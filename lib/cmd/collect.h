#ifndef CMD_COLLECT_H
#define CMD_COLLECT_H

#include <stddef.h>

#include "base/err.h"
#include "cache/readthrough.h"
#include "cmd/option.h"
#include "cmd/sheet.h"

/* What is to be made of entries. */
struct collect {
	const char *metric;	/* NULL: the usual one */
	size_t top;		/* so many groups; 0: all */
	bool rows_only;
};

/* From --metric and --top, or else the format's own number. */
struct collect collect_choose(const struct options *options, size_t top,
    bool rows_only);

/*
 * Put an entry that has data on its sheet. ERR_DATA, with the entry's name
 * before it, when it cannot be shown so.
 */
int collect_entry(const struct collect *collect, const char *profile,
    const struct readthrough_result *r, struct sheets *sheets,
    struct err *err);

#endif
