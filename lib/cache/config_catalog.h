#ifndef CACHE_CONFIG_CATALOG_H
#define CACHE_CONFIG_CATALOG_H

#include <stddef.h>

#include "base/err.h"
#include "cache/config.h"
#include "cache/config_file.h"

/*
 * What the settings file names: its profiles and its custom types, copied.
 * Private to config. Zero-initialise.
 */
struct config_catalog {
	char **profiles;	/* in the file's order */
	size_t profile_count;
	struct config_catalog_type *types;
	size_t type_count;
};

/* 0, or -1 with err: memory, or ERR_USAGE for a type that lacks its operation
 * or request. Clear it in any case. */
int config_catalog_read(struct config_catalog *catalog,
    const struct config_file *file, const char *path, struct err *err);
void config_catalog_clear(struct config_catalog *catalog);

/* The type of that name; NULL when there is none. */
const struct config_type *config_catalog_find(
    const struct config_catalog *catalog, const char *name);

/* The i-th type, NULL at the end. */
const struct config_type *config_catalog_at(
    const struct config_catalog *catalog, size_t i);

#endif
