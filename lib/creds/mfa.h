#ifndef CREDS_MFA_H
#define CREDS_MFA_H

#include "base/buf.h"
#include "creds/provider.h"

/* The length of a code. */
#define MFA_DIGITS 6

/*
 * The present code of the MFA device, six digits, into code: the one that was
 * given (settings.mfa_code), else one that is asked for. The time in which
 * the person types does not count against the call's deadline. ERR_USAGE for
 * a given one that is none; ERR_CREDENTIALS when nobody can be asked.
 */
int mfa_code(const struct provider_input *input, const char *serial,
    struct buf *code, struct err *err);

#endif
