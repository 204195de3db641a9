#include "codec/xml.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <expat.h>

#include "base/limits.h"

/* Nodes, names and texts live in blocks that are freed together. */
struct block {
	struct block *next;
	size_t used;
	size_t room;
	_Alignas(max_align_t) char bytes[];
};

#define BLOCK_ROOM ((size_t)16384)

struct open_element {
	struct xml_node *node;
	struct xml_node *last;	/* child so far */
};

struct reader {
	XML_Parser parser;
	struct xml *xml;
	struct open_element open[LIMIT_XML_DEPTH];
	size_t depth;
	size_t elements;
	struct buf text;	/* since the last tag */
	const char *problem;	/* ours, not expat's */
	bool no_memory;
};

static void *
take_memory(struct xml *x, size_t n)
{
	struct block *b = x->memory;
	void *p;

	n = (n + _Alignof(max_align_t) - 1) / _Alignof(max_align_t) *
	    _Alignof(max_align_t);
	if (b == NULL || n > b->room - b->used) {
		size_t room = n > BLOCK_ROOM ? n : BLOCK_ROOM;

		if ((b = malloc(sizeof *b + room)) == NULL)
			return NULL;
		b->next = x->memory;
		b->used = 0;
		b->room = room;
		x->memory = b;
	}
	p = b->bytes + b->used;
	b->used += n;
	return p;
}

static char *
take_copy(struct xml *x, struct span s)
{
	char *p = take_memory(x, s.n + 1);

	if (p == NULL)
		return NULL;
	if (s.n > 0)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}

static bool
stopped(const struct reader *r)
{
	return r->problem != NULL || r->no_memory;
}

/* Handlers may be called once more after this; they look at stopped(). */
static void
stop(struct reader *r, const char *problem)
{
	if (stopped(r))
		return;
	r->problem = problem;
	r->no_memory = problem == NULL;
	(void)XML_StopParser(r->parser, XML_FALSE);
}

/*
 * NULL when what follows the prefix is no name. expat, which is not told of
 * namespaces, has looked at the first byte of the whole alone; past ASCII its
 * table of letters is not ours, and nobody we read names an element so.
 */
static const char *
local_name(const char *name)
{
	static const char first[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
	    "abcdefghijklmnopqrstuvwxyz";
	const char *colon = strrchr(name, ':');

	if (colon == NULL)
		return name;
	return strspn(colon + 1, first) > 0 ? colon + 1 : NULL;
}

static struct xml_node *
make_node(struct xml *x, const char *name)
{
	struct xml_node *node = take_memory(x, sizeof *node);

	if (node == NULL)
		return NULL;
	memset(node, 0, sizeof *node);
	node->name = take_copy(x, span_of(name));
	return node->name == NULL ? NULL : node;
}

static void
on_start(void *state, const XML_Char *name, const XML_Char **attributes)
{
	struct reader *r = state;
	struct open_element *parent;
	struct xml_node *node;

	(void)attributes;
	if (stopped(r))
		return;
	if (r->depth == LIMIT_XML_DEPTH) {
		stop(r, "nested too deeply");
		return;
	}
	if ((name = local_name(name)) == NULL) {
		stop(r, "an element without a name");
		return;
	}
	if (++r->elements > LIMIT_XML_ELEMENTS) {
		stop(r, "too many elements");
		return;
	}
	if ((node = make_node(r->xml, name)) == NULL) {
		stop(r, NULL);
		return;
	}
	if (r->depth == 0) {
		r->xml->root = node;
	} else {
		parent = &r->open[r->depth - 1];
		if (parent->last == NULL)
			parent->node->first = node;
		else
			parent->last->next = node;
		parent->last = node;
	}
	r->open[r->depth].node = node;
	r->open[r->depth].last = NULL;
	r->depth++;
	buf_reset(&r->text);
}

static void
on_end(void *state, const XML_Char *name)
{
	struct reader *r = state;
	struct xml_node *node;

	(void)name;
	if (stopped(r))
		return;
	node = r->open[--r->depth].node;
	if (r->text.fault != BUF_SOUND) {
		stop(r, NULL);
		return;
	}
	if (node->first == NULL) {
		node->text = buf_view(&r->text);
		node->text.p = take_copy(r->xml, node->text);
		if (node->text.p == NULL)
			stop(r, NULL);
	}
	buf_reset(&r->text);
}

static void
on_text(void *state, const XML_Char *s, int n)
{
	struct reader *r = state;

	if (!stopped(r))
		buf_add(&r->text, s, (size_t)n);
}

/* No document type, no entities: nothing to expand, nothing to fetch. */
static void
on_doctype(void *state, const XML_Char *name, const XML_Char *system_id,
    const XML_Char *public_id, int internal)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)internal;
	stop(state, "a document type declaration");
}

static int
report(const struct reader *r, struct err *err)
{
	enum XML_Error code = XML_GetErrorCode(r->parser);
	const char *problem = r->problem;

	if (r->no_memory || code == XML_ERROR_NO_MEMORY)
		return err_memory(err);
	if (problem == NULL)
		problem = XML_ErrorString(code);
	return err_set(err, ERR_DATA, "not XML: line %lu: %s",
	    (unsigned long)XML_GetCurrentLineNumber(r->parser),
	    problem == NULL ? "unknown error" : problem);
}

int
xml_parse(struct xml *x, struct span text, struct err *err)
{
	struct reader r = { .xml = x };
	int status = -1;

	memset(x, 0, sizeof *x);
	if (text.n > INT_MAX)
		return err_set(err, ERR_DATA, "not XML: too large");
	/* A byte of another encoding becomes at most two of UTF-8. */
	buf_init_secret(&r.text, text.n * 2);
	if ((r.parser = XML_ParserCreate(NULL)) == NULL)
		return err_memory(err);
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, on_start, on_end);
	XML_SetCharacterDataHandler(r.parser, on_text);
	XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
	if (XML_Parse(r.parser, text.n == 0 ? "" : text.p, (int)text.n,
	    XML_TRUE) == XML_STATUS_OK && !stopped(&r))
		status = 0;
	else
		report(&r, err);
	XML_ParserFree(r.parser);
	buf_clear(&r.text);
	if (status != 0)
		xml_clear(x);
	return status;
}

void
xml_clear(struct xml *x)
{
	struct block *b = x->memory, *next;

	for (; b != NULL; b = next) {
		next = b->next;
		/* An answer of STS holds keys. */
		explicit_bzero(b->bytes, b->used);
		free(b);
	}
	memset(x, 0, sizeof *x);
}

static const struct xml_node *
named(const struct xml_node *node, struct span name)
{
	while (node != NULL && !span_is(name, node->name))
		node = node->next;
	return node;
}

const struct xml_node *
xml_child(const struct xml_node *node, const char *name)
{
	return node == NULL ? NULL : named(node->first, span_of(name));
}

const struct xml_node *
xml_again(const struct xml_node *node)
{
	return node == NULL ? NULL : named(node->next, span_of(node->name));
}

const struct xml_node *
xml_find(const struct xml_node *node, const char *path)
{
	struct span rest = span_of(path), name;

	while (node != NULL && rest.n > 0) {
		(void)span_split(rest, '/', &name, &rest);
		node = named(node->first, name);
	}
	return node;
}

struct span
xml_text(const struct xml_node *node, const char *path)
{
	node = xml_find(node, path);
	return node == NULL ? span_make(NULL, 0) : node->text;
}

void
xml_escape(struct span s, struct buf *out)
{
	static const char from[] = "&<>\"'\r";
	static const char *const to[] = { "&amp;", "&lt;", "&gt;", "&quot;",
		"&apos;", "&#13;" };
	size_t i;

	for (i = 0; i < s.n; i++) {
		const char *at = s.p[i] == '\0' ? NULL :
		    strchr(from, s.p[i]);

		if (at == NULL)
			buf_add_char(out, s.p[i]);
		else
			buf_add_string(out, to[at - from]);
	}
}
