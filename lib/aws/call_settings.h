#ifndef AWS_CALL_SETTINGS_H
#define AWS_CALL_SETTINGS_H

#include <stdint.h>

#include "aws/setting.h"
#include "base/err.h"

/*
 * How calls are made, as AWS's own settings say it (facts/retries.md 3). Pure.
 *
 *	AWS_MAX_ATTEMPTS, max_attempts		1 to 100, the first included
 *	AWS_RETRY_MODE, retry_mode		standard, adaptive, legacy: all
 *						are standard here
 *	AWS_DEFAULTS_MODE, defaults_mode	how long connecting may take
 *	AWS_SDK_UA_APP_ID, sdk_ua_app_id	a word in the User-Agent
 */
struct call_settings {
	int max_attempts;
	int64_t connect_ms;	/* name and TCP; TLS as much again */
	char app_id[51];	/* "": none; fit for a header */
};

/* max_attempts > 0 beats what the settings say. ERR_USAGE, naming the
 * variable or the file and line, for a value that is none of the valid
 * ones. */
int call_settings_read(const struct setting_place *place, int max_attempts,
    struct call_settings *out, struct err *err);

#endif
