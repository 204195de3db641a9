#ifndef AWS_ENDPOINT_H
#define AWS_ENDPOINT_H

#include <stdbool.h>

#include "aws/profile.h"
#include "base/err.h"
#include "sys/env.h"

/*
 * Partitions, hosts and the settings that change them (facts/s3.md 7,
 * credentials.md 5, cost-explorer.md 1).
 */
enum endpoint_service {
	ENDPOINT_S3, ENDPOINT_STS, ENDPOINT_CE, ENDPOINT_IAM, ENDPOINT_KMS,
	ENDPOINT_SSO, ENDPOINT_SSO_OIDC, ENDPOINT_SIGNIN
};

struct endpoint_settings {
	bool fips;
	bool dualstack;		/* of all services but S3 */
	bool s3_dualstack;	/* of S3, whose nested key may differ */
	bool s3_accelerate;	/* S3 Transfer Acceleration */
	bool s3_global;		/* us-east-1's buckets at s3.amazonaws.com */
	bool ignore_configured;	/* AWS_IGNORE_CONFIGURED_ENDPOINT_URLS */
	bool sts_legacy;
};

/* What env and the profile say; files may be NULL. ERR_USAGE, naming the
 * variable or the file and line, for a value that is none of the valid ones. */
int endpoint_settings_read(const struct env *env,
    const struct profile_files *files, const char *profile,
    struct endpoint_settings *out, struct err *err);

/* The partition of a region: "aws", "aws-cn", ...; unknown regions: "aws". */
const char *endpoint_partition(const char *region);

/* Is it fit to stand in a host name: [a-z0-9-], 1..63, no dash at the ends? */
bool endpoint_region_valid(const char *region);

/*
 * A configured URL for the service: explicit_url, AWS_ENDPOINT_URL_<SERVICE>,
 * AWS_ENDPOINT_URL, [services], the profile's endpoint_url; NULL when none.
 * Borrowed.
 */
const char *endpoint_configured(enum endpoint_service service,
    const char *explicit_url, const struct env *env,
    const struct profile_files *files, const char *profile,
    const struct endpoint_settings *settings);

/* Where a request goes and what it is signed for. */
struct endpoint {
	char url[512];		/* "https://host[:port]", no path, no slash */
	char path[512];		/* "" or a base path from a configured URL,
				   then the bucket in path style */
	char region[64];	/* signing region */
	bool custom;		/* configured, not AWS's own rule */
	bool aws;		/* the host lies under an AWS suffix */
};

/*
 * For all services but S3; region may be NULL (us-east-1). CE and IAM go to
 * their partition's one region. A configured URL is taken as it is (no query);
 * ERR_USAGE for a bad one, a bad region, or one together with FIPS or
 * dual-stack, which the SDKs refuse too.
 */
int endpoint_resolve(enum endpoint_service service, const char *region,
    const char *configured, const struct endpoint_settings *settings,
    struct endpoint *out, struct err *err);

enum endpoint_style { ENDPOINT_AUTO, ENDPOINT_PATH, ENDPOINT_VIRTUAL };

/*
 * For a bucket; region may be NULL (us-east-1, where the discovery starts).
 * Auto: virtual host, but path style for custom endpoints and for names with
 * dots or unfit for DNS. Virtual falls back to path style where it cannot
 * work: IP addresses, dots under TLS, names unfit for DNS. path gets "/bucket"
 * in path style. ERR_USAGE, with the reason, for names that no bucket can
 * have; a custom endpoint's store may be more liberal.
 */
int endpoint_bucket(const char *bucket, const char *region,
    const char *configured, enum endpoint_style style,
    const struct endpoint_settings *settings, struct endpoint *out,
    struct err *err);

#endif
