#include "cmd/bucket_owner.h"

#include <string.h>

#include "aws/s3_bucket.h"
#include "cache/account.h"
#include "cmd/settings_write.h"

/* NULL takes the key out again. */
static int
write_owner(const struct command_input *input, const struct setup *setup,
    const char *account, struct err *err)
{
	const char *profile;
	struct config_change change = { .key = "expected_bucket_owner",
		.value = span_of(account), .unset = account == NULL };
	struct config_write write = { .path = config_path(setup->config),
		.changes = &change, .count = 1 };
	bool changed;

	if (!config_files_bucket(setup->config, &profile))
		return 0;
	write.place.section = profile == NULL ? CONFIG_SECTION_DEFAULT :
	    CONFIG_SECTION_PROFILE;
	write.place.name = span_of(profile);
	return settings_write(input, &write, &changed, err);
}

static int
again(const struct command_input *input, struct setup *setup,
    struct err *err)
{
	setup_close(setup);
	if (setup_open(setup, input, err) != 0)
		return -1;
	session_deadline(&setup->session, setup_timeout_ms(setup));
	return 0;
}

/* A request that expects another owner is denied. */
static bool
owns(struct setup *setup, struct err *why)
{
	struct s3 *s3 = session_s3(&setup->session, why);
	char region[64];

	return s3 != NULL && s3_bucket_head(s3, false, region, why) == S3_OK;
}

int
bucket_owner_record(const struct command_input *input, struct setup *setup,
    char account[13], struct err *err)
{
	struct err why = { 0 };
	const char *profile;
	struct s3 *s3;

	account[0] = '\0';
	if (!config_files_bucket(setup->config, &profile) ||
	    config_given(setup->config, CONFIG_EXPECTED_BUCKET_OWNER))
		return 0;
	session_deadline(&setup->session, setup_timeout_ms(setup));
	if ((s3 = session_s3(&setup->session, err)) == NULL)
		return -1;
	if (!s3_is_aws(s3))
		return 0;
	if (account_name(&setup->session, account, &why) != 0) {
		log_step(input->log, "whose bucket it is is not known: %s",
		    why.message);
		account[0] = '\0';
		return 0;
	}
	/* A file that somebody else looks after is no reason to stop. */
	if (write_owner(input, setup, account, &why) != 0) {
		log_warn(input->log, "expected_bucket_owner = %s was not "
		    "written: %s", account, why.message);
		account[0] = '\0';
		return 0;
	}
	if (again(input, setup, err) != 0)
		return -1;
	if (owns(setup, &why))
		return 0;
	log_step(input->log, "the bucket is not known to belong to account "
	    "%s: %s", account, why.message);
	account[0] = '\0';
	if (write_owner(input, setup, NULL, err) != 0)
		return -1;
	return again(input, setup, err);
}
