#ifndef DIAG_CANONICAL_DIFF_H
#define DIAG_CANONICAL_DIFF_H

#include "base/buf.h"
#include "base/span.h"

/*
 * Why a signature does not match: S3 answers SignatureDoesNotMatch with the
 * canonical request as it saw it. Line by line beside the one that was signed
 * (SigV4: canonical request), what differs was changed on the way. Values of
 * secret fields are never shown. Pure.
 *
 * answer: S3's error document. What differs is appended, a sentence each; "the
 * same" when nothing does, so that the secret key is what is wrong. Nothing
 * when the answer holds no canonical request.
 */
void canonical_diff(struct span answer, struct span ours, struct buf *out);

#endif
