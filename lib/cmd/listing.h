#ifndef CMD_LISTING_H
#define CMD_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "cmd/output.h"

/*
 * Rows of cells. On a terminal: headings, and columns as wide as their widest
 * cell. Elsewhere: a line for each row, what kind it is first, then the cells,
 * with a tab between them. What is empty is "-"; control bytes become '?'.
 */
#define LISTING_MAX 12

struct listing {
	const char *kind;	/* "entry" */
	const char *const *headings;	/* count of them */
	size_t count;
	uint32_t right;		/* a bit for each column that is numbers */
	char **cells;
	size_t rows, room;
	bool out_of_memory;
};

/* count <= LISTING_MAX; texts are borrowed. */
void listing_init(struct listing *c, const char *kind,
    const char *const *headings, size_t count, uint32_t right);
void listing_clear(struct listing *c);

/* A new row: count cells, copied; NULL is empty. */
void listing_row(struct listing *c, const char *const *cells);

/* Nothing where there is no row. -1 with err: memory, then and before. */
int listing_print(const struct listing *c, struct output *o,
    struct err *err);

#endif
