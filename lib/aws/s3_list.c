#include "aws/s3.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/s3_page.h"
#include "base/date.h"
#include "base/num.h"

static int
read_item(struct s3_list *out, struct s3_page *page,
    const struct xml_node *node, struct err *err)
{
	struct s3_listed *item = &out->items[out->count];

	if (!s3_page_keep(page, xml_text(node, "Key"), page->encoded,
	    &item->key) ||
	    !s3_page_keep(page, xml_text(node, "ETag"), false, &item->etag))
		return err_set(err, ERR_DATA, "a key is badly encoded");
	if (s3_page_lacks(page, item->key))
		return err_set(err, ERR_DATA, "an object has no key");
	if (!date_parse_rfc3339(xml_text(node, "LastModified"),
	    &item->last_modified))
		item->last_modified = -1;
	if (!num_parse_signed(xml_text(node, "Size"), 0, INT64_MAX,
	    &item->size))
		item->size = -1;
	out->count++;
	return 0;
}

static int
read_page(void *state, struct s3_page *page, const struct xml_node *root,
    struct err *err)
{
	struct s3_list *out = state;
	const struct xml_node *node;
	size_t count = 0;

	if (strcmp(root->name, "ListBucketResult") != 0)
		return err_set(err, ERR_DATA, "not a list of objects");
	for (node = xml_child(root, "Contents"); node != NULL;
	    node = xml_again(node))
		count++;
	out->items = calloc(count + 1, sizeof *out->items);
	if (out->items == NULL)
		return err_memory(err);
	for (node = xml_child(root, "Contents"); node != NULL;
	    node = xml_again(node))
		if (read_item(out, page, node, err) != 0)
			return -1;
	if (!span_is_nocase(xml_text(root, "IsTruncated"), "true"))
		return 0;
	s3_page_keep(page, xml_text(root, "NextContinuationToken"), false,
	    &out->next);
	return !s3_page_lacks(page, out->next) ? 0 : err_set(err, ERR_DATA,
	    "the list goes on, but does not say where");
}

/* Addresses, in the order in which the texts were kept. */
static void
settle(struct s3_list *out)
{
	const char *memory = out->memory;
	size_t i;

	for (i = 0; i < out->count; i++) {
		memory = s3_page_place(&out->items[i].key, memory);
		memory = s3_page_place(&out->items[i].etag, memory);
	}
	s3_page_place(&out->next, memory);
}

enum s3_outcome
s3_list_page(struct s3 *s3, const char *prefix, struct span continuation,
    unsigned max_keys, struct s3_list *out, struct err *err)
{
	struct sigv4_pair pairs[5] = {
		{ "encoding-type", "url" }, { "list-type", "2" },
	};
	struct s3_page_request request = { .verb = "list",
	    .action = "s3:ListBucket", .prefix = prefix,
	    .pairs = pairs, .pair_count = 2, .read = read_page,
	    .state = out };
	enum s3_outcome outcome;
	char number[16];
	char *token = NULL;

	memset(out, 0, sizeof *out);
	if (prefix != NULL && prefix[0] != '\0')
		pairs[request.pair_count++] = (struct sigv4_pair){ "prefix",
		    prefix };
	if (max_keys > 0 && snprintf(number, sizeof number, "%u",
	    max_keys) > 0)
		pairs[request.pair_count++] = (struct sigv4_pair){
		    "max-keys", number };
	if (continuation.n > 0) {
		if ((token = span_dup(continuation)) == NULL) {
			err_memory(err);
			return S3_ERROR;
		}
		pairs[request.pair_count++] = (struct sigv4_pair){
		    "continuation-token", token };
	}
	outcome = s3_page_fetch(s3, &request, &out->memory, err);
	if (outcome == S3_OK)
		settle(out);
	else
		s3_list_clear(out);
	free(token);
	return outcome;
}

void
s3_list_clear(struct s3_list *list)
{
	free(list->items);
	free(list->memory);
	memset(list, 0, sizeof *list);
}
