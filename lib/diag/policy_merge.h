#ifndef DIAG_POLICY_MERGE_H
#define DIAG_POLICY_MERGE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

/*
 * Statements of ours put into a document of others (empty: none): those with
 * the Sid of one of ours are replaced, and keep the AWS principals that they
 * named; all others stay as they are. skip: the Sid of a statement of ours
 * that is not needed, or NULL. *changed: is the result another policy than old?
 * Appended to out; -1 with err ERR_DATA for a document that is none.
 */
int policy_merge_statements(struct span old, struct span ours, const char *skip,
    struct buf *out, bool *changed, struct err *err);

#endif
