#ifndef AWS_PROFILE_SUGGEST_H
#define AWS_PROFILE_SUGGEST_H

#include "aws/profile.h"
#include "base/buf.h"

/*
 * For a person who named a profile that is not there: profiles whose names are
 * near, and sections of that name which the rules of the files pass over
 * ("[prod]" in the config file, "[profile prod]" in the credentials file).
 * Lines without an end, joined by LF, appended to out; nothing when there is
 * nothing to say.
 */
void profile_suggest(const struct profile_files *files, const char *profile,
    struct buf *out);

#endif
