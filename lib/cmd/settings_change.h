#ifndef CMD_SETTINGS_CHANGE_H
#define CMD_SETTINGS_CHANGE_H

#include "base/err.h"
#include "cmd/settings.h"

/* `config set NAME VALUE...` and `config unset NAME...`: the section that
 * --profile or --type names, all of it or nothing. */
int settings_change_set(struct settings_job *j, struct err *err);
int settings_change_unset(struct settings_job *j, struct err *err);

/* `config upgrade`: the file in the present schema, and no other change. */
int settings_change_upgrade(struct settings_job *j, struct err *err);

#endif
