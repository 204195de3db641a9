/* What was read, written in the plainest form, reads as the same. */
#include "fuzz.h"

#include "base/limits.h"
#include "codec/xml.h"

static void
put(const struct xml_node *node, unsigned depth, size_t *elements,
    struct buf *out)
{
	for (; node != NULL; node = node->next) {
		must(depth < LIMIT_XML_DEPTH);
		must(++*elements <= LIMIT_XML_ELEMENTS);
		must(node->name[0] != '\0' && strchr(node->name, ':') == NULL);
		must(node->first == NULL || node->text.n == 0);
		buf_addf(out, "<%s>", node->name);
		xml_escape(node->text, out);
		put(node->first, depth + 1, elements, out);
		buf_addf(out, "</%s>", node->name);
	}
}

static void
check_same(const struct xml_node *a, const struct xml_node *b)
{
	for (; a != NULL && b != NULL; a = a->next, b = b->next) {
		must(strcmp(a->name, b->name) == 0);
		must(span_equal(a->text, b->text));
		check_same(a->first, b->first);
	}
	must(a == NULL && b == NULL);
}

/* By its name, the first of each is found. */
static void
check_found(const struct xml_node *node)
{
	const struct xml_node *child;

	for (child = node->first; child != NULL; child = child->next) {
		const struct xml_node *found = xml_child(node, child->name);
		size_t steps = 0;

		while (found != NULL && found != child && steps++ < 64)
			found = xml_again(found);
		must(found == child || steps >= 64);
	}
	must(xml_find(node, "") == node);
	must(span_equal(xml_text(node, ""), node->text));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = { 0 };
	struct xml x, again;
	struct buf text;
	size_t elements = 0;

	if (xml_parse(&x, fuzz_span(data, size), &err) != 0) {
		fuzz_refused(&err);
		must(x.root == NULL && x.memory == NULL);
		return 0;
	}
	must(x.root != NULL && x.root->next == NULL);
	check_found(x.root);
	buf_init(&text, 64 * size + 64);
	put(x.root, 0, &elements, &text);
	must(buf_check(&text, "text", &err) == 0);
	must(xml_parse(&again, buf_view(&text), &err) == 0);
	check_same(x.root, again.root);
	xml_clear(&again);
	xml_clear(&x);
	buf_clear(&text);
	return 0;
}
