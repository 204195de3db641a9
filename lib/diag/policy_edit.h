#ifndef DIAG_POLICY_EDIT_H
#define DIAG_POLICY_EDIT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "diag/policy_verdict.h"

/*
 * Policy documents of others, changed: the result is appended to out, and what
 * is not concerned stays, byte for byte. -1 with err ERR_DATA for a text that
 * is no policy document, or for a result that out is too small for. Pure.
 */

/*
 * The policy without what denies the request: the action is taken out of the
 * statement where it is named by itself among others, else the statement goes.
 * Nothing is appended when no statement would be left.
 */
int policy_edit_without(struct span policy, const struct verdict *v,
    const char *action, struct buf *out, struct err *err);

/* The policy with one statement (JSON) more, at its end; an empty policy makes
 * a new one. A statement of the same Sid goes. */
int policy_edit_with(struct span policy, struct span statement,
    struct buf *out, struct err *err);

/*
 * Statements of ours put into a document of others (empty: none): those with
 * the Sid of one of ours are replaced, and keep the AWS principals that they
 * named; all others stay as they are. skip: the Sid of a statement of ours
 * that is not needed, or NULL. *changed: is the result another policy than old?
 */
int policy_edit_merge(struct span old, struct span ours, const char *skip,
    struct buf *out, bool *changed, struct err *err);

#endif
