#ifndef CACHE_PURCHASE_H
#define CACHE_PURCHASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/month.h"
#include "cache/config.h"

/*
 * What is asked of Cost Explorer for a data type and month, as data.
 */
struct purchase {
	char name[65];		/* names lock and lease: "full-data",
				   "forecast", or the type */
	const char *operation;	/* NULL: this type cannot be bought */
	char operation_text[64];
	struct buf request;	/* JSON */
	char request_sha256[65];	/* of the canonical question, without
					   the period that the key implies */
	bool custom;		/* the entry's hash must be the same */
};

/* The built-in types in their order, NULL at the end. */
const char *purchase_built_in(size_t i);
bool purchase_is_built_in(const char *type);

/* The types that one purchase fills, NULL at the end: four for full-data and
 * the types derived from it, else the type itself alone. */
const char *purchase_fills(const char *name, const char *type, size_t i);

/*
 * Plan: type with, for a custom one, its definition (type may be NULL) or
 * the text of --request (may be empty), seen from now (which month is
 * current). ERR_USAGE for a bad definition; ERR_NOT_ENABLED is not decided
 * here. A built-in forecast of another month than the current one gets
 * operation NULL. Clear with purchase_clear.
 */
int purchase_plan(const char *type, const struct config_type *definition,
    struct span request_text, struct month month, int64_t now,
    struct purchase *out, struct err *err);
void purchase_clear(struct purchase *p);

/*
 * The operation's answer wrapped as the data that is stored:
 * {"cost_and_usage":ANSWER}, {"forecast":ANSWER}; other operations by their
 * name in snake_case without "Get".
 */
void purchase_wrap(const char *operation, struct span answer,
    struct buf *data);

#endif
