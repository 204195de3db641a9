#ifndef CODEC_XML_H
#define CODEC_XML_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

/*
 * S3's and STS's XML, read by local name (namespaces and prefixes dropped),
 * element order free, unknown elements ignored. Entity declarations and
 * DOCTYPE are refused; depth and element count are capped (limits.h).
 */

/* A node of a parsed document. Text is the concatenated character data that
 * stands directly in it, for leaves untrimmed, for containers empty. */
struct xml_node {
	const char *name;	/* local name */
	struct span text;
	struct xml_node *first;	/* first child */
	struct xml_node *next;	/* next sibling */
};

struct xml {
	struct xml_node *root;
	void *memory;		/* arena; private */
};

/* 0, or -1 with err and *x empty: ERR_DATA "not XML: line N: ...", or memory.
 * Nothing is borrowed from text. */
int xml_parse(struct xml *x, struct span text, struct err *err);
/* Wipes and frees; harmless twice. */
void xml_clear(struct xml *x);

/* First child of that local name; NULL when node is NULL or has none. */
const struct xml_node *xml_child(const struct xml_node *node,
    const char *name);

/* Next sibling of the same name. */
const struct xml_node *xml_again(const struct xml_node *node);

/* Descend along a path of names, "Error/Code", the first child of each; NULL
 * when it ends; the node itself for "". */
const struct xml_node *xml_find(const struct xml_node *node,
    const char *path);

/* The text of a path; empty when absent. */
struct span xml_text(const struct xml_node *node, const char *path);

/* Escape for element content: & < > " ', CR as &#13;. */
void xml_escape(struct span s, struct buf *out);

#endif
