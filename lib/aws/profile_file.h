#ifndef AWS_PROFILE_FILE_H
#define AWS_PROFILE_FILE_H

#include <stdbool.h>

#include "base/err.h"
#include "sys/env.h"

/* Where the two shared AWS files are: the config file, or the credentials
 * file. */

/* The variable that names it. */
const char *profile_file_variable(bool credentials);

/* Its path, of that variable or below HOME, "~" and $VAR expanded: on the
 * heap. NULL with err: memory, or longer than LIMIT_INI_LINE. */
char *profile_file_find(const struct env *env, bool credentials,
    struct err *err);

#endif
