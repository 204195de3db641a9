#include "aws/s3.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/s3_send.h"
#include "aws/sigv4.h"
#include "base/date.h"
#include "base/limits.h"
#include "codec/uri.h"
#include "codec/xml.h"

/* The spans of a page lie in one block; they get their addresses at the end,
 * in the order in which they were kept. */
struct page {
	struct s3_versions *out;
	struct buf text;
	bool encoded;		/* the server did encode the keys */
};

static bool
is_version(const struct xml_node *node)
{
	return strcmp(node->name, "Version") == 0;
}

static bool
is_marker(const struct xml_node *node)
{
	return strcmp(node->name, "DeleteMarker") == 0;
}

/* Keep a text; *to gets its length for now. */
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
	struct s3_version *item = &page->out->items[page->out->count];

	if (!keep(page, xml_text(node, "Key"), page->encoded, &item->key) ||
	    !keep(page, xml_text(node, "VersionId"), false, &item->id))
		return err_set(err, ERR_DATA, "a key is badly encoded");
	if ((item->key.n == 0 || item->id.n == 0) &&
	    page->text.fault == BUF_SOUND)
		return err_set(err, ERR_DATA,
		    "a version has no key or no id");
	if (!date_parse_rfc3339(xml_text(node, "LastModified"),
	    &item->last_modified))
		item->last_modified = -1;
	item->latest = span_is_nocase(xml_text(node, "IsLatest"), "true");
	item->marker = is_marker(node);
	page->out->count++;
	return 0;
}

static int
read_next(struct page *page, const struct xml_node *root, struct err *err)
{
	struct s3_versions *out = page->out;

	if (!span_is_nocase(xml_text(root, "IsTruncated"), "true"))
		return 0;
	out->more = true;
	if (!keep(page, xml_text(root, "NextKeyMarker"), page->encoded,
	    &out->next_key))
		return err_set(err, ERR_DATA, "a key is badly encoded");
	keep(page, xml_text(root, "NextVersionIdMarker"), false,
	    &out->next_id);
	if (out->next_key.n == 0 && page->text.fault == BUF_SOUND)
		return err_set(err, ERR_DATA,
		    "the list goes on, but does not say where");
	return 0;
}

static void
settle(struct s3_versions *out, const char *memory)
{
	size_t i;

	for (i = 0; i < out->count; i++) {
		out->items[i].key.p = memory;
		memory += out->items[i].key.n;
		out->items[i].id.p = memory;
		memory += out->items[i].id.n;
	}
	out->next_key.p = memory;
	out->next_id.p = memory + out->next_key.n;
}

static int
read_page(const struct xml_node *root, struct page *page, struct err *err)
{
	const struct xml_node *node;
	size_t count = 0;

	/* S3's documents say ListVersionsResult; some copies of it do not. */
	if (strcmp(root->name, "ListVersionsResult") != 0 &&
	    strcmp(root->name, "ListObjectVersionsResult") != 0)
		return err_set(err, ERR_DATA, "not a list of versions");
	for (node = root->first; node != NULL; node = node->next)
		count += is_version(node) || is_marker(node);
	page->out->items = calloc(count + 1, sizeof *page->out->items);
	if (page->out->items == NULL)
		return err_memory(err);
	page->encoded = span_is_nocase(xml_text(root, "EncodingType"),
	    "url");
	for (node = root->first; node != NULL; node = node->next)
		if ((is_version(node) || is_marker(node)) &&
		    read_item(page, node, err) != 0)
			return -1;
	if (read_next(page, root, err) != 0)
		return -1;
	return buf_check(&page->text, "the list", err);
}

static int
parse_page(struct span body, struct s3_versions *out, struct err *err)
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
make_query(const struct s3_versions_ask *ask, struct buf *out,
    struct err *err)
{
	struct sigv4_pair pairs[6] = {
		{ "encoding-type", "url" }, { "versions", NULL },
	};
	char number[16];
	char *key = NULL, *id = NULL;
	size_t n = 2;
	int result = -1;

	if (ask->prefix[0] != '\0')
		pairs[n++] = (struct sigv4_pair){ "prefix", ask->prefix };
	if (ask->max_keys > 0 && snprintf(number, sizeof number, "%u",
	    ask->max_keys) > 0)
		pairs[n++] = (struct sigv4_pair){ "max-keys", number };
	if (ask->from_key.n > 0) {
		if ((key = span_dup(ask->from_key)) == NULL)
			goto out;
		pairs[n++] = (struct sigv4_pair){ "key-marker", key };
	}
	if (ask->from_key.n > 0 && ask->from_id.n > 0) {
		if ((id = span_dup(ask->from_id)) == NULL)
			goto out;
		pairs[n++] = (struct sigv4_pair){ "version-id-marker", id };
	}
	result = sigv4_query(pairs, n, out, err);
out:
	if (result != 0 && err->class == ERR_NONE)
		err_memory(err);
	free(key);
	free(id);
	return result;
}

enum s3_outcome
s3_versions_page(struct s3 *s3, const struct s3_versions_ask *which,
    struct s3_versions *out, struct err *err)
{
	struct s3_ask ask = { .method = "GET", .verb = "list versions in",
	    .max_body = LIMIT_LIST_BODY };
	enum s3_outcome outcome = S3_ERROR;
	struct buf query;

	memset(out, 0, sizeof *out);
	buf_init(&query, LIMIT_HEADER_BLOCK);
	if (make_query(which, &query, err) == 0) {
		ask.query = buf_view(&query);
		outcome = s3_send(s3, &ask, err);
	}
	if (outcome == S3_OK &&
	    parse_page(buf_view(&s3->reply.response.body), out, err) != 0) {
		err_context(err, "cannot list versions in 's3://%s/%s'",
		    s3->settings.bucket, which->prefix);
		s3_versions_clear(out);
		outcome = S3_ERROR;
	}
	buf_clear(&query);
	return outcome;
}

void
s3_versions_clear(struct s3_versions *versions)
{
	free(versions->items);
	free(versions->memory);
	memset(versions, 0, sizeof *versions);
}

/* One request about one version of a key. */
static enum s3_outcome
send_version(struct s3 *s3, struct s3_ask *ask, const char *version_id,
    struct err *err)
{
	const struct sigv4_pair pair = { "versionId", version_id };
	enum s3_outcome outcome = S3_ERROR;
	struct buf query;

	buf_init(&query, LIMIT_HEADER_BLOCK);
	if (sigv4_query(&pair, 1, &query, err) == 0) {
		ask->query = buf_view(&query);
		outcome = s3_send(s3, ask, err);
	}
	buf_clear(&query);
	return outcome;
}

enum s3_outcome
s3_versions_head(struct s3 *s3, const char *key, const char *version_id,
    struct err *err)
{
	struct s3_ask ask = { .method = "HEAD", .verb = "read", .key = key };

	return send_version(s3, &ask, version_id, err);
}

enum s3_outcome
s3_versions_delete(struct s3 *s3, const char *key, const char *version_id,
    struct err *err)
{
	struct s3_ask ask = { .method = "DELETE", .verb = "delete",
	    .key = key, .max_body = LIMIT_ERROR_BODY };

	return send_version(s3, &ask, version_id, err);
}
