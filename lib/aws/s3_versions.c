#include "aws/s3.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/s3_page.h"
#include "aws/s3_send.h"
#include "base/date.h"
#include "base/limits.h"

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

static int
read_item(struct s3_versions *out, struct s3_page *page,
    const struct xml_node *node, struct err *err)
{
	struct s3_version *item = &out->items[out->count];

	if (!s3_page_keep(page, xml_text(node, "Key"), page->encoded,
	    &item->key) ||
	    !s3_page_keep(page, xml_text(node, "VersionId"), false,
	    &item->id))
		return err_set(err, ERR_DATA, "a key is badly encoded");
	if (s3_page_lacks(page, item->key) || s3_page_lacks(page, item->id))
		return err_set(err, ERR_DATA,
		    "a version has no key or no id");
	if (!date_parse_rfc3339(xml_text(node, "LastModified"),
	    &item->last_modified))
		item->last_modified = -1;
	item->latest = span_is_nocase(xml_text(node, "IsLatest"), "true");
	item->marker = is_marker(node);
	out->count++;
	return 0;
}

static int
read_next(struct s3_versions *out, struct s3_page *page,
    const struct xml_node *root, struct err *err)
{
	if (!span_is_nocase(xml_text(root, "IsTruncated"), "true"))
		return 0;
	out->more = true;
	if (!s3_page_keep(page, xml_text(root, "NextKeyMarker"),
	    page->encoded, &out->next_key))
		return err_set(err, ERR_DATA, "a key is badly encoded");
	s3_page_keep(page, xml_text(root, "NextVersionIdMarker"), false,
	    &out->next_id);
	return !s3_page_lacks(page, out->next_key) ? 0 : err_set(err,
	    ERR_DATA, "the list goes on, but does not say where");
}

static int
read_page(void *state, struct s3_page *page, const struct xml_node *root,
    struct err *err)
{
	struct s3_versions *out = state;
	const struct xml_node *node;
	size_t count = 0;

	/* S3's documents say ListVersionsResult; some copies of it do not. */
	if (strcmp(root->name, "ListVersionsResult") != 0 &&
	    strcmp(root->name, "ListObjectVersionsResult") != 0)
		return err_set(err, ERR_DATA, "not a list of versions");
	for (node = root->first; node != NULL; node = node->next)
		count += is_version(node) || is_marker(node);
	out->items = calloc(count + 1, sizeof *out->items);
	if (out->items == NULL)
		return err_memory(err);
	for (node = root->first; node != NULL; node = node->next)
		if ((is_version(node) || is_marker(node)) &&
		    read_item(out, page, node, err) != 0)
			return -1;
	return read_next(out, page, root, err);
}

/* Addresses, in the order in which the texts were kept. */
static void
settle(struct s3_versions *out)
{
	const char *memory = out->memory;
	size_t i;

	for (i = 0; i < out->count; i++) {
		memory = s3_page_place(&out->items[i].key, memory);
		memory = s3_page_place(&out->items[i].id, memory);
	}
	memory = s3_page_place(&out->next_key, memory);
	s3_page_place(&out->next_id, memory);
}

enum s3_outcome
s3_versions_page(struct s3 *s3, const struct s3_versions_ask *which,
    struct s3_versions *out, struct err *err)
{
	struct sigv4_pair pairs[6] = {
		{ "encoding-type", "url" }, { "versions", NULL },
	};
	struct s3_page_request request = { .verb = "list versions in",
	    .action = "s3:ListBucketVersions",
	    .prefix = which->prefix, .pairs = pairs, .pair_count = 2,
	    .read = read_page, .state = out };
	enum s3_outcome outcome = S3_ERROR;
	char number[16];
	char *key = NULL, *id = NULL;

	memset(out, 0, sizeof *out);
	if (which->prefix[0] != '\0')
		pairs[request.pair_count++] = (struct sigv4_pair){ "prefix",
		    which->prefix };
	if (which->max_keys > 0 && snprintf(number, sizeof number, "%u",
	    which->max_keys) > 0)
		pairs[request.pair_count++] = (struct sigv4_pair){
		    "max-keys", number };
	if (which->from_key.n > 0) {
		if ((key = span_dup(which->from_key)) == NULL)
			goto out;
		pairs[request.pair_count++] = (struct sigv4_pair){
		    "key-marker", key };
	}
	if (which->from_key.n > 0 && which->from_id.n > 0) {
		if ((id = span_dup(which->from_id)) == NULL)
			goto out;
		pairs[request.pair_count++] = (struct sigv4_pair){
		    "version-id-marker", id };
	}
	outcome = s3_page_fetch(s3, &request, &out->memory, err);
	if (outcome == S3_OK)
		settle(out);
	else
		s3_versions_clear(out);
out:
	if (outcome == S3_ERROR && err->class == ERR_NONE)
		err_memory(err);
	free(key);
	free(id);
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
	struct s3_ask ask = { .method = "HEAD", .verb = "read",
	    .action = "s3:GetObjectVersion", .key = key };

	return send_version(s3, &ask, version_id, err);
}

enum s3_outcome
s3_versions_delete(struct s3 *s3, const char *key, const char *version_id,
    struct err *err)
{
	struct s3_ask ask = { .method = "DELETE", .verb = "delete",
	    .action = "s3:DeleteObjectVersion", .key = key,
	    .max_body = LIMIT_ERROR_BODY };

	return send_version(s3, &ask, version_id, err);
}
