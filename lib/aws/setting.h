#ifndef AWS_SETTING_H
#define AWS_SETTING_H

#include <stdbool.h>
#include <stddef.h>

#include "aws/profile.h"
#include "base/err.h"
#include "sys/env.h"

/*
 * A setting of the AWS world: from its environment variable, else from a key
 * of the profile. Pure. Borrowed from env and files.
 */
struct setting_place {
	const struct env *env;
	const struct profile_files *files;	/* NULL: none */
	const char *profile;			/* NULL: none */
};

struct setting {
	const char *text;	/* NULL: nobody says anything */
	const char *name;	/* of the variable or the key that says it */
	struct profile_value value;	/* where; file NULL: a variable */
};

/* variable NULL: there is none. sub: as in profile_get. */
struct setting setting_find(const struct setting_place *place,
    const char *variable, const char *key, const char *sub);

/*
 * Which of the words is it, letters without case? words ends with NULL, *out
 * is its index; 0, the first one, where nobody says anything. ERR_USAGE for
 * another word.
 */
int setting_word(const struct setting *s, const char *const *words,
    size_t *out, struct err *err);

/* "true" or "false", which is also what silence means. */
int setting_flag(const struct setting *s, bool *out, struct err *err);

/* ERR_USAGE: "NAME is 'TEXT': it takes WHAT", with file and line. Returns
 * -1. */
int setting_refuse(const struct setting *s, const char *what,
    struct err *err);

#endif
