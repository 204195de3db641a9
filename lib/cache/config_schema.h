#ifndef CACHE_CONFIG_SCHEMA_H
#define CACHE_CONFIG_SCHEMA_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "codec/ini.h"

/*
 * The settings file's schema: which names mean what. [default] may say
 * `schema = N`; a file that does not is of the present one, unless it uses a
 * name that only an older one has. Of schema 0 are s3_bucket, s3_region,
 * s3_prefix and cache_ttl. Pure.
 */
#define CONFIG_SCHEMA 1

/*
 * ini_parse, as if the text had been written in the present schema, with the
 * lines where they are; *schema is what it is of. ERR_USAGE, with path and
 * line, for one that is newer than this program, or no number.
 */
int config_schema_parse(struct ini *ini, struct span text, const char *path,
    int *schema, struct err *err);

/* The text itself becomes the present schema's: names are exchanged, line by
 * line, and all else stays. *schema is what it was of. */
int config_schema_upgrade(struct buf *text, const char *path, int *schema,
    struct err *err);

#endif
