#ifndef CREDS_REFUSAL_H
#define CREDS_REFUSAL_H

#include "base/err.h"
#include "creds/provider.h"

/*
 * How a provider that applies and failed ends: err, which says why, becomes
 * an ERR_CREDENTIALS whatever its cause was (network, settings), but for
 * interruptions and lack of memory; its message is the reason too. Returns
 * PROVIDER_FAILED.
 */
enum provider_outcome refusal(struct provider_input *input, struct err *err);

/* The hint "TEXT: COMMAND NAME", NAME being quoted for a shell; NULL: none. */
void refusal_command(struct err *err, const char *text, const char *command,
    const char *name);

#endif
