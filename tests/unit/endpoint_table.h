#ifndef TESTS_ENDPOINT_TABLE_H
#define TESTS_ENDPOINT_TABLE_H

#include "aws/endpoint.h"

/* Short words for tables of endpoints. */
#define S3 ENDPOINT_S3
#define STS ENDPOINT_STS
#define CE ENDPOINT_CE
#define IAM ENDPOINT_IAM

enum { FIPS = 1, DUAL = 2, LEGACY = 4, FAST = 8, GLOBAL = 16 };

static inline struct endpoint_settings
settings_of(int flags)
{
	struct endpoint_settings s = { 0 };

	s.fips = (flags & FIPS) != 0;
	s.dualstack = s.s3_dualstack = (flags & DUAL) != 0;
	s.sts_legacy = (flags & LEGACY) != 0;
	s.s3_accelerate = (flags & FAST) != 0;
	s.s3_global = (flags & GLOBAL) != 0;
	return s;
}

#endif
