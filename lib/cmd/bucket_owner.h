#ifndef CMD_BUCKET_OWNER_H
#define CMD_BUCKET_OWNER_H

#include "base/err.h"
#include "cmd/command.h"
#include "cmd/setup.h"

/*
 * Write expected_bucket_owner (design section 2), the account of the keys, to
 * the section of the settings file that names the bucket. Only where the file
 * does, the endpoint is AWS's, nothing is set yet and the account proves to be
 * the owner's; else nothing happens. A file that cannot be changed is warned
 * of. The setup is opened again when the file has changed. account: the owner
 * that was written, "" for none. -1 with err: the setup cannot be used.
 */
int bucket_owner_record(const struct command_input *input,
    struct setup *setup, char account[13], struct err *err);

#endif
