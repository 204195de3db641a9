#include "aws/s3.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "aws/s3_send.h"
#include "base/limits.h"
#include "codec/base64.h"
#include "codec/hash.h"
#include "codec/xml.h"
#include "net/redact.h"

#define S3_NAMESPACE "http://s3.amazonaws.com/doc/2006-03-01/"

/* S3's own limit for a request. */
#define S3_DELETE_MAX 1000

/* A key of LIMIT_KEY bytes, each escaped to six, with ids and elements. */
#define S3_DELETE_BODY (S3_DELETE_MAX * (6 * LIMIT_KEY + 2048))

/* Until the answer says otherwise. The code is ours, not S3's. */
static const char no_result[] = "NoResult";

static void
set_result(struct s3_deletion *d, bool failed, struct span code,
    struct span message)
{
	struct buf text;
	size_t i, n = code.n < sizeof d->code ? code.n : sizeof d->code - 1;

	d->failed = failed;
	for (i = 0; i < n; i++)
		d->code[i] = code.p[i] > 0x20 && code.p[i] < 0x7f ?
		    code.p[i] : '?';
	d->code[n] = '\0';
	buf_init(&text, 4 * sizeof d->message);
	redact_text(message, sizeof d->message - 4, &text);
	n = text.n < sizeof d->message ? text.n : sizeof d->message - 1;
	if (n > 0)
		memcpy(d->message, text.p, n);
	d->message[n] = '\0';
	buf_clear(&text);
}

/* XML 1.0 has no way to write other control bytes, nor broken UTF-8. */
static bool
fits_xml(const char *key)
{
	const char *p;

	for (p = key; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 && *p != '\t' && *p != '\n' &&
		    *p != '\r')
			return false;
	/* U+FFFE and U+FFFF are no characters of XML either. */
	return span_utf8(span_of(key)) && strstr(key, "\xef\xbf\xbe") == NULL
	    && strstr(key, "\xef\xbf\xbf") == NULL;
}

static void
add_element(struct buf *out, const char *name, const char *value)
{
	if (value == NULL)
		return;
	buf_addf(out, "<%s>", name);
	xml_escape(span_of(value), out);
	buf_addf(out, "</%s>", name);
}

/* The request; returns how many keys are in it. */
static size_t
make_body(struct s3_deletion *deletions, size_t count, bool *conditional,
    struct buf *out)
{
	size_t i, n = 0;

	*conditional = false;
	buf_add_string(out, "<Delete xmlns=\"" S3_NAMESPACE "\">");
	for (i = 0; i < count; i++) {
		struct s3_deletion *d = &deletions[i];

		if (!fits_xml(d->key)) {
			set_result(d, true, span_of("InvalidKey"), span_of(
			    "XML cannot name this key; delete it singly"));
			continue;
		}
		set_result(d, true, span_of(no_result),
		    span_of("the answer does not mention this key"));
		buf_add_string(out, "<Object>");
		add_element(out, "Key", d->key);
		add_element(out, "VersionId", d->version_id);
		add_element(out, "ETag", d->etag);
		buf_add_string(out, "</Object>");
		*conditional = *conditional || d->etag != NULL;
		n++;
	}
	buf_add_string(out, "<Quiet>false</Quiet></Delete>");
	return n;
}

/* The deletion that a result is about: not yet answered, same key, and the
 * same version where both name one. Answers mostly keep the order, so the
 * search begins behind the last hit. */
static struct s3_deletion *
find(struct s3_deletion *deletions, size_t count, size_t *from,
    const struct xml_node *node)
{
	struct span key = xml_text(node, "Key");
	struct span version = xml_text(node, "VersionId");
	size_t i;

	for (i = 0; i < count; i++) {
		size_t at = (*from + i) % count;
		struct s3_deletion *d = &deletions[at];

		if (!span_is(key, d->key) || strcmp(d->code, no_result) != 0)
			continue;
		if (d->version_id != NULL && version.n > 0 &&
		    !span_is(version, d->version_id))
			continue;
		*from = at + 1;
		return d;
	}
	return NULL;
}

static int
read_results(struct span body, struct s3_deletion *deletions,
    size_t count, struct err *err)
{
	struct xml x = { 0 };
	const struct xml_node *node;
	size_t from = 0;

	if (xml_parse(&x, body, err) != 0)
		return -1;
	if (strcmp(x.root->name, "DeleteResult") != 0) {
		xml_clear(&x);
		return err_set(err, ERR_DATA, "not a result of deletions");
	}
	for (node = x.root->first; node != NULL; node = node->next) {
		struct s3_deletion *d = find(deletions, count, &from, node);

		if (d == NULL)
			continue;
		if (strcmp(node->name, "Deleted") == 0)
			set_result(d, false, span_of(""), span_of(""));
		else if (strcmp(node->name, "Error") == 0)
			set_result(d, true, xml_text(node, "Code"),
			    xml_text(node, "Message"));
	}
	xml_clear(&x);
	return 0;
}

enum s3_outcome
s3_delete_many(struct s3 *s3, struct s3_deletion *deletions, size_t count,
    struct err *err)
{
	struct http_field fields[2] = { { "content-type",
	    "application/xml" } };
	struct s3_ask ask = { .method = "POST", .verb = "delete objects of",
	    .action = count > 0 && deletions[0].version_id != NULL ?
	    "s3:DeleteObjectVersion" : "s3:DeleteObject",
	    .query = SPAN_LITERAL("delete="), .fields = fields,
	    .field_count = 2, .has_body = true,
	    .max_body = LIMIT_LIST_BODY };
	unsigned char digest[HASH_MD5];
	struct buf body, md5;
	enum s3_outcome outcome = S3_OK;

	assert(count <= S3_DELETE_MAX);
	buf_init(&body, S3_DELETE_BODY);
	buf_init(&md5, 64);
	if (make_body(deletions, count, &ask.conditional, &body) == 0)
		goto out;
	outcome = S3_ERROR;
	if (buf_check(&body, "the list of keys", err) != 0)
		goto out;
	hash_md5_of(buf_view(&body), digest);
	base64_encode(span_make((const char *)digest, sizeof digest), &md5);
	if (buf_check(&md5, "the checksum", err) != 0)
		goto out;
	fields[1].name = "content-md5";
	fields[1].value = buf_string(&md5);
	ask.body = buf_view(&body);
	outcome = s3_send(s3, &ask, err);
	if (outcome == S3_OK && read_results(buf_view(
	    &s3->reply.response.body), deletions, count, err) != 0) {
		err_context(err, "cannot delete objects of 's3://%s'",
		    s3->settings.bucket);
		outcome = S3_ERROR;
	}
out:
	buf_clear(&body);
	buf_clear(&md5);
	return outcome;
}
