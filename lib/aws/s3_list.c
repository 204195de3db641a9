#include "aws/s3.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/s3_send.h"
#include "aws/sigv4.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/num.h"
#include "codec/uri.h"
#include "codec/xml.h"

/* The spans of a page lie in one block, found by offset while it grows. */
struct page {
	struct s3_list *out;
	struct buf text;
	bool encoded;		/* the server did encode the keys */
};

/* Keep a text; *to gets its offset for now. */
static bool
keep(struct page *page, struct span from, bool decode, struct span *to)
{
	size_t at = page->text.n;
	bool sound = true;

	if (decode)
		sound = uri_decode(from, true, &page->text);
	else
		buf_add_span(&page->text, from);
	*to = span_make(NULL, page->text.n - at);
	return sound;
}

static int
read_item(struct page *page, const struct xml_node *node, struct err *err)
{
	struct s3_listed *item = &page->out->items[page->out->count];

	if (!keep(page, xml_text(node, "Key"), page->encoded, &item->key) ||
	    !keep(page, xml_text(node, "ETag"), false, &item->etag))
		return err_set(err, ERR_DATA, "a key is badly encoded");
	if (item->key.n == 0 && page->text.fault == BUF_SOUND)
		return err_set(err, ERR_DATA, "an object has no key");
	if (!date_parse_rfc3339(xml_text(node, "LastModified"),
	    &item->last_modified))
		item->last_modified = -1;
	if (!num_parse_signed(xml_text(node, "Size"), 0, INT64_MAX,
	    &item->size))
		item->size = -1;
	page->out->count++;
	return 0;
}

/* Offsets become addresses, in the order in which they were kept. */
static void
settle(struct s3_list *out, const char *memory)
{
	size_t i;

	for (i = 0; i < out->count; i++) {
		out->items[i].key.p = memory;
		memory += out->items[i].key.n;
		out->items[i].etag.p = memory;
		memory += out->items[i].etag.n;
	}
	out->next.p = memory;
}

static int
read_page(const struct xml_node *root, struct page *page, struct err *err)
{
	const struct xml_node *node;
	bool more = span_is_nocase(xml_text(root, "IsTruncated"), "true");
	size_t count = 0;

	if (strcmp(root->name, "ListBucketResult") != 0)
		return err_set(err, ERR_DATA, "not a list of objects");
	for (node = xml_child(root, "Contents"); node != NULL;
	    node = xml_again(node))
		count++;
	page->out->items = calloc(count + 1, sizeof *page->out->items);
	if (page->out->items == NULL)
		return err_memory(err);
	page->encoded = span_is_nocase(xml_text(root, "EncodingType"),
	    "url");
	for (node = xml_child(root, "Contents"); node != NULL;
	    node = xml_again(node))
		if (read_item(page, node, err) != 0)
			return -1;
	if (more) {
		keep(page, xml_text(root, "NextContinuationToken"), false,
		    &page->out->next);
		if (page->out->next.n == 0 && page->text.fault == BUF_SOUND)
			return err_set(err, ERR_DATA,
			    "the list goes on, but does not say where");
	}
	return buf_check(&page->text, "the list", err);
}

static int
parse_page(struct span body, struct s3_list *out, struct err *err)
{
	struct page page = { .out = out };
	struct xml x = { 0 };
	int result = -1;

	/* Decoding never makes a text longer. */
	buf_init(&page.text, LIMIT_LIST_BODY);
	if (xml_parse(&x, body, err) != 0 ||
	    read_page(x.root, &page, err) != 0)
		goto out;
	out->memory = buf_take(&page.text);
	if (out->memory == NULL) {
		err_memory(err);
		goto out;
	}
	settle(out, out->memory);
	result = 0;
out:
	xml_clear(&x);
	buf_clear(&page.text);
	return result;
}

static int
make_query(const char *prefix, struct span continuation,
    unsigned max_keys, struct buf *out, struct err *err)
{
	struct sigv4_pair pairs[5] = {
		{ "encoding-type", "url" }, { "list-type", "2" },
	};
	char number[16];
	char *token = NULL;
	size_t n = 2;
	int length, result;

	if (prefix != NULL && prefix[0] != '\0')
		pairs[n++] = (struct sigv4_pair){ "prefix", prefix };
	if (max_keys > 0) {
		length = snprintf(number, sizeof number, "%u", max_keys);
		if (length > 0)
			pairs[n++] = (struct sigv4_pair){ "max-keys",
			    number };
	}
	if (continuation.n > 0) {
		if ((token = span_dup(continuation)) == NULL)
			return err_memory(err);
		pairs[n++] = (struct sigv4_pair){ "continuation-token",
		    token };
	}
	result = sigv4_query(pairs, n, out, err);
	free(token);
	return result;
}

enum s3_outcome
s3_list_page(struct s3 *s3, const char *prefix, struct span continuation,
    unsigned max_keys, struct s3_list *out, struct err *err)
{
	struct s3_ask ask = { .method = "GET", .verb = "list",
	    .max_body = LIMIT_LIST_BODY };
	struct buf query;
	enum s3_outcome outcome = S3_ERROR;

	memset(out, 0, sizeof *out);
	buf_init(&query, LIMIT_HEADER_BLOCK);
	if (make_query(prefix, continuation, max_keys, &query, err) == 0) {
		ask.query = buf_view(&query);
		outcome = s3_send(s3, &ask, err);
	}
	if (outcome == S3_OK &&
	    parse_page(buf_view(&s3->reply.response.body), out, err) != 0) {
		err_context(err, "cannot list 's3://%s/%s'",
		    s3->settings.bucket, prefix != NULL ? prefix : "");
		s3_list_clear(out);
		outcome = S3_ERROR;
	}
	buf_clear(&query);
	return outcome;
}

void
s3_list_clear(struct s3_list *list)
{
	free(list->items);
	free(list->memory);
	memset(list, 0, sizeof *list);
}
