#ifndef CREDS_PROVIDER_TABLE_H
#define CREDS_PROVIDER_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "creds/provider.h"

/* All providers, in the SDKs' order. */
#define PROVIDER_TABLE_ROWS 10

struct provider_table_row {
	const struct provider *provider;
	bool of_profile;	/* what a source profile may use too */
};

/* The i-th of them. */
const struct provider_table_row *provider_table_at(size_t i);

/* By name, the first of that name; it must be there. */
const struct provider *provider_table_named(const char *name);

#endif
