#ifndef DIAG_REMEDY_CALLER_H
#define DIAG_REMEDY_CALLER_H

#include "diag/remedy.h"

/* remedy_make, where the caller's own side has to change. Pure. */

/* Nothing of his allows it. */
int remedy_caller_allow(const struct remedy_question *q, struct remedy *out,
    struct err *err);

/* A policy of his denies it (q->decides, where it was found). */
int remedy_caller_lift(const struct remedy_question *q, struct remedy *out,
    struct err *err);

/* His permissions boundary is in the way (q->decides, where it was read):
 * policy and command for whoever may change it, no text. */
int remedy_caller_boundary(const struct remedy_question *q,
    struct remedy *out, struct err *err);

#endif
