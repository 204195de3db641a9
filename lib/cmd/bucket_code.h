#ifndef CMD_BUCKET_CODE_H
#define CMD_BUCKET_CODE_H

#include "base/err.h"
#include "cmd/command.h"

/*
 * verify-bucket --emit: print infrastructure code for the bucket of the
 * settings, without a request. -1 with err, mostly ERR_USAGE.
 */
int bucket_code_print(const struct command_input *input, struct err *err);

#endif
