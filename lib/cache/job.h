#ifndef CACHE_JOB_H
#define CACHE_JOB_H

#include <stdbool.h>

#include "base/buf.h"
#include "sys/env.h"

/*
 * The URL of the CI job that runs us, as the variables of GitHub Actions,
 * GitLab, Buildkite, CircleCI, Bitbucket and Jenkins tell it, appended to out,
 * which the caller checks. false, and nothing, where CI is not set or none of
 * them is known. Pure.
 */
bool job_url(const struct env *env, struct buf *out);

#endif
