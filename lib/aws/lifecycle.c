#include "aws/lifecycle.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/num.h"

#define NAMESPACE " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\""

static int64_t
number(const struct xml_node *node, const char *path)
{
	int64_t value;

	if (!num_parse_signed(span_trim(xml_text(node, path)), 0, INT64_MAX,
	    &value))
		return -1;
	return value;
}

/* The prefix stands in Filter, in Filter/And, or in old rules by itself. */
static void
read_filter(const struct xml_node *node, struct lifecycle_rule *rule)
{
	const struct xml_node *filter = xml_child(node, "Filter");
	const struct xml_node *only;

	if (filter == NULL) {
		rule->by_prefix = true;
		rule->prefix = xml_text(node, "Prefix");
		return;
	}
	only = filter->first;
	rule->by_prefix = only == NULL || (only->next == NULL &&
	    strcmp(only->name, "Prefix") == 0);
	rule->prefix = xml_text(filter, "Prefix");
	if (rule->prefix.n == 0)
		rule->prefix = xml_text(filter, "And/Prefix");
}

static void
read_rule(const struct xml_node *node, struct lifecycle_rule *rule)
{
	rule->node = node;
	rule->id = span_trim(xml_text(node, "ID"));
	rule->enabled = span_is(span_trim(xml_text(node, "Status")),
	    "Enabled");
	read_filter(node, rule);
	rule->days = number(node, "Expiration/Days");
	rule->markers = span_is_nocase(span_trim(xml_text(node,
	    "Expiration/ExpiredObjectDeleteMarker")), "true");
	rule->noncurrent_days = number(node,
	    "NoncurrentVersionExpiration/NoncurrentDays");
	rule->newer_noncurrent = number(node,
	    "NoncurrentVersionExpiration/NewerNoncurrentVersions");
	rule->upload_days = number(node,
	    "AbortIncompleteMultipartUpload/DaysAfterInitiation");
}

int
lifecycle_read(struct span body, struct lifecycle *out, struct err *err)
{
	const struct xml_node *node;
	size_t count = 0;

	memset(out, 0, sizeof *out);
	if (xml_parse(&out->xml, span_trim(body), err) != 0)
		return -1;
	if (strcmp(out->xml.root->name, "LifecycleConfiguration") != 0) {
		lifecycle_clear(out);
		return err_set(err, ERR_DATA,
		    "the answer is no LifecycleConfiguration");
	}
	for (node = xml_child(out->xml.root, "Rule"); node != NULL;
	    node = xml_again(node))
		count++;
	out->rules = calloc(count + 1, sizeof *out->rules);
	if (out->rules == NULL) {
		lifecycle_clear(out);
		return err_memory(err);
	}
	for (node = xml_child(out->xml.root, "Rule"); node != NULL;
	    node = xml_again(node))
		read_rule(node, &out->rules[out->count++]);
	return 0;
}

void
lifecycle_clear(struct lifecycle *l)
{
	free(l->rules);
	xml_clear(&l->xml);
	memset(l, 0, sizeof *l);
}

/* An element as it was read, with all that is in it. */
static void
put_node(const struct xml_node *top, struct buf *out)
{
	const struct xml_node *above[LIMIT_XML_DEPTH + 1];
	const struct xml_node *node = top;
	size_t depth = 0;

	while (node != NULL) {
		buf_addf(out, "<%s>", node->name);
		if (node->first != NULL && depth < LIMIT_XML_DEPTH) {
			above[depth++] = node;
			node = node->first;
			continue;
		}
		xml_escape(node->text, out);
		buf_addf(out, "</%s>", node->name);
		while (depth > 0 && node->next == NULL) {
			node = above[--depth];
			buf_addf(out, "</%s>", node->name);
		}
		node = depth == 0 ? NULL : node->next;
	}
}

static void
put_number(const char *outer, const char *inner, int64_t value,
    struct buf *out)
{
	if (value >= 0)
		buf_addf(out, "<%s><%s>%lld</%s></%s>", outer, inner,
		    (long long)value, inner, outer);
}

static void
put_wish(const struct lifecycle_wish *w, struct buf *out)
{
	buf_add_string(out, "<Rule><ID>");
	xml_escape(span_of(w->id), out);
	buf_add_string(out, "</ID><Filter><Prefix>");
	xml_escape(span_of(w->prefix), out);
	buf_add_string(out, "</Prefix></Filter><Status>Enabled</Status>");
	put_number("Expiration", "Days", w->days, out);
	if (w->markers)
		buf_add_string(out, "<Expiration><ExpiredObjectDeleteMarker>"
		    "true</ExpiredObjectDeleteMarker></Expiration>");
	put_number("NoncurrentVersionExpiration", "NoncurrentDays",
	    w->noncurrent_days, out);
	put_number("AbortIncompleteMultipartUpload", "DaysAfterInitiation",
	    w->upload_days, out);
	buf_add_string(out, "</Rule>");
}

static bool
replaced(const struct lifecycle_rule *rule,
    const struct lifecycle_wish *wishes, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (span_is(rule->id, wishes[i].id))
			return true;
	return false;
}

void
lifecycle_write(const struct lifecycle *old,
    const struct lifecycle_wish *wishes, size_t count, struct buf *out)
{
	size_t i;

	buf_add_string(out, "<LifecycleConfiguration" NAMESPACE ">");
	for (i = 0; old != NULL && i < old->count; i++)
		if (!replaced(&old->rules[i], wishes, count))
			put_node(old->rules[i].node, out);
	for (i = 0; i < count; i++)
		put_wish(&wishes[i], out);
	buf_add_string(out, "</LifecycleConfiguration>");
}
