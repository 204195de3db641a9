#ifndef AWS_S3_PAGE_H
#define AWS_S3_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "aws/s3.h"
#include "aws/sigv4.h"
#include "base/buf.h"
#include "codec/xml.h"

/*
 * A page of a list in XML. Its texts lie one behind the other in one block;
 * while that grows, each is known by its length alone (s3_page_keep), and
 * gets its address in the same order once the block is whole (s3_page_place).
 */
struct s3_page {
	struct buf text;
	bool encoded;		/* the server did encode the keys */
};

/* Takes the root of the answer apart: 0, or -1 with err. */
typedef int s3_page_read(void *state, struct s3_page *page,
    const struct xml_node *root, struct err *err);

struct s3_page_request {
	const char *verb;	/* "list": for errors */
	const char *action;	/* "s3:ListBucket" */
	const char *prefix;	/* for errors; NULL: none */
	const struct sigv4_pair *pairs;	/* of the query */
	size_t pair_count;
	s3_page_read *read;
	void *state;
};

/*
 * Ask for a page and have it read. S3_OK: *memory is the block, the caller's
 * to free. Otherwise *memory is NULL, and what read has made is for the caller
 * to clear.
 */
enum s3_outcome s3_page_fetch(struct s3 *s3,
    const struct s3_page_request *request, void **memory, struct err *err);

/* Keep a text, decoded where decode says so; *to gets its length. False when
 * it is badly encoded. Out of memory shows when the page is whole. */
bool s3_page_keep(struct s3_page *page, struct span from, bool decode,
    struct span *to);

/* Is the text that was kept empty, and not for lack of memory? */
bool s3_page_lacks(const struct s3_page *page, struct span kept);

/* A kept text's address is memory; the next one's is returned. */
const char *s3_page_place(struct span *kept, const char *memory);

#endif
