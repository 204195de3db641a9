#ifndef CREDS_IMDS_SETTINGS_H
#define CREDS_IMDS_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "aws/profile.h"
#include "base/err.h"
#include "sys/env.h"

/*
 * What the environment, and after it the profile, say about EC2's instance
 * metadata service: AWS_EC2_METADATA_DISABLED (no key of its own),
 * AWS_EC2_METADATA_SERVICE_ENDPOINT and _ENDPOINT_MODE,
 * AWS_EC2_METADATA_V1_DISABLED, AWS_METADATA_SERVICE_TIMEOUT and
 * _NUM_ATTEMPTS, whose keys are called ec2_metadata_service_endpoint, ...,
 * metadata_service_timeout, ... Pure.
 */
struct imds_settings {
	bool disabled;
	bool v1_disabled;
	char base[512];		/* without a slash at the end */
	int64_t timeout_ms;
	int attempts;
};

/* ERR_CREDENTIALS, naming the variable or the file and line, for a value that
 * is none of the valid ones. */
int imds_settings_read(const struct env *env,
    const struct profile_files *files, const char *profile,
    struct imds_settings *out, struct err *err);

#endif
