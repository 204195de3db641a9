#ifndef BASE_WORKFLOW_H
#define BASE_WORKFLOW_H

#include <stddef.h>

#include "base/buf.h"
#include "base/span.h"

/*
 * What a runner of GitHub Actions reads in the output of a step: lines that
 * begin with "::", after blanks too, and "##[" anywhere, are commands to it.
 */

/* One command line, "::warning title=teamcache::TEXT": the text's % CR and LF
 * are encoded as the runner decodes them. command is ours. */
void workflow_command(const char *command, struct span text,
    struct buf *out);

/* Make the n bytes at p hold no command, in place: a mark of each becomes
 * '?'. */
void workflow_disarm(char *p, size_t n);

#endif
