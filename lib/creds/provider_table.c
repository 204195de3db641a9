#include "creds/provider_table.h"

#include <assert.h>
#include <string.h>

/*
 * The one table: the SDKs' order (facts/credentials.md 1). Static keys of the
 * credentials file come before login and process, those of the config file
 * after them.
 */
static const struct provider_table_row rows[PROVIDER_TABLE_ROWS] = {
	{ &provider_environment, false },
	{ &provider_assume_role, true },
	{ &provider_web_identity, true },
	{ &provider_sso, true },
	{ &provider_profile, true },
	{ &provider_login, true },
	{ &provider_process, true },
	{ &provider_profile_config, true },
	{ &provider_container, false },
	{ &provider_imds, false },
};

const struct provider_table_row *
provider_table_at(size_t i)
{
	assert(i < PROVIDER_TABLE_ROWS);
	return &rows[i];
}

const struct provider *
provider_table_named(const char *name)
{
	size_t i = 0;

	while (strcmp(rows[i].provider->name, name) != 0) {
		i++;
		assert(i < PROVIDER_TABLE_ROWS);
	}
	return rows[i].provider;
}
