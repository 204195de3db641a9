#include "aws/s3_page.h"

#include "aws/s3_send.h"
#include "base/limits.h"
#include "codec/uri.h"

bool
s3_page_keep(struct s3_page *page, struct span from, bool decode,
    struct span *to)
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

bool
s3_page_lacks(const struct s3_page *page, struct span kept)
{
	return kept.n == 0 && page->text.fault == BUF_SOUND;
}

const char *
s3_page_place(struct span *kept, const char *memory)
{
	kept->p = memory;
	return memory + kept->n;
}

/* The block of a page that has been read; NULL with err. */
static char *
take(const struct s3_page_request *request, struct span body,
    struct err *err)
{
	struct s3_page page = { .encoded = false };
	struct xml x = { 0 };
	char *memory = NULL;

	/* Decoding never makes a text longer. */
	buf_init(&page.text, LIMIT_LIST_BODY);
	if (xml_parse(&x, body, err) != 0)
		goto out;
	page.encoded = span_is_nocase(xml_text(x.root, "EncodingType"),
	    "url");
	if (request->read(request->state, &page, x.root, err) == 0 &&
	    buf_check(&page.text, "the list", err) == 0 &&
	    (memory = buf_take(&page.text)) == NULL)
		err_memory(err);
out:
	xml_clear(&x);
	buf_clear(&page.text);
	return memory;
}

enum s3_outcome
s3_page_fetch(struct s3 *s3, const struct s3_page_request *request,
    void **memory, struct err *err)
{
	struct s3_ask ask = { .method = "GET", .verb = request->verb,
	    .action = request->action,
	    .max_body = LIMIT_LIST_BODY };
	enum s3_outcome outcome = S3_ERROR;
	struct buf query;

	*memory = NULL;
	buf_init(&query, LIMIT_HEADER_BLOCK);
	if (sigv4_query(request->pairs, request->pair_count, &query,
	    err) == 0) {
		ask.query = buf_view(&query);
		outcome = s3_send(s3, &ask, err);
	}
	buf_clear(&query);
	if (outcome != S3_OK)
		return outcome;
	*memory = take(request, buf_view(&s3->reply.response.body), err);
	if (*memory != NULL)
		return S3_OK;
	err_context(err, "cannot %s 's3://%s/%s'", request->verb,
	    s3->settings.bucket, request->prefix != NULL ? request->prefix :
	    "");
	return S3_ERROR;
}
