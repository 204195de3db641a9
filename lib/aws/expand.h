#ifndef AWS_EXPAND_H
#define AWS_EXPAND_H

#include "base/buf.h"
#include "sys/env.h"

/*
 * A path as the AWS CLI reads one: a leading "~" stands for HOME (for itself
 * when HOME is unset; "~user" always), $VAR and ${VAR} for the environment's
 * value (unset ones for themselves). Appended to out; check with buf_check.
 */
void expand_path(const struct env *env, const char *path, struct buf *out);

#endif
