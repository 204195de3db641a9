#ifndef CREDS_TOKEN_FILE_H
#define CREDS_TOKEN_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/secret.h"
#include "codec/json.h"
#include "sys/file.h"

/*
 * A file of tokens that the AWS CLI and the SDKs share with us: a JSON
 * object. Zero-initialise; token_file_clear wipes it, harmless twice.
 */
struct token_file {
	struct buf text;
	struct json json;
};

/* Read path. FILE_ABSENT: there is none. FILE_ERROR, with err, too for what is
 * no JSON object. What was read before is cleared. */
enum file_found token_file_read(struct token_file *file, const char *path,
    struct err *err);
void token_file_clear(struct token_file *file);

/* A member of it: a text that is not empty, or a time; false when it is not
 * there or no such thing. */
bool token_file_text(const struct token_file *file, const char *name,
    struct secret *out);
bool token_file_time(const struct token_file *file, const char *name,
    int64_t *seconds);

/* A member's new value, as JSON. */
struct token_file_change {
	const char *name;
	struct span value;
};

/*
 * Write the file anew with changed members, the others as they were and in
 * their order, new ones at the end: atomically, with mode 0600. The file
 * object keeps the old content.
 */
int token_file_write(const struct token_file *file, const char *path,
    const struct token_file_change *changes, size_t count, struct err *err);

#endif
