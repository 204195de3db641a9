#ifndef AWS_BUCKET_NAME_H
#define AWS_BUCKET_NAME_H

#include <stdbool.h>

/*
 * Bucket names (S3 User Guide, "General purpose bucket naming rules";
 * facts/s3.md 7). Pure.
 */
enum bucket_name_rules {
	BUCKET_NAME_AWS,	/* today's rules */
	BUCKET_NAME_OLD,	/* and names of old: capitals, '_', up to 255
				   bytes, as us-east-1 once gave */
	BUCKET_NAME_ANY		/* another store's: no more than what a URL
				   needs */
};

/* Why the name cannot be used, as words after "it"; NULL when it can. */
const char *bucket_name_fault(const char *name, enum bucket_name_rules rules);

/* Can it stand before a host name? dots: may it hold them (a certificate for
 * *.s3.REGION covers one label only)? */
bool bucket_name_fits_host(const char *name, bool dots);

#endif
