#include "creds/imds_settings.h"

#include "aws_files.h"
#include "tap.h"

static const struct {
	const char *name;
	const char *config;	/* of [profile p] */
	const char *variables[3];
	const char *base;	/* NULL: an error */
	int timeout;		/* seconds; 0: disabled */
	int attempts;
	bool v1_disabled;
	const char *says;
} rows[] = {
	{ "nothing", "", { NULL }, "http://169.254.169.254", 1, 1, false,
	    NULL },
	{ "disabled", "", { "AWS_EC2_METADATA_DISABLED=True" }, "", 0, 0,
	    false, NULL },
	{ "not disabled", "", { "AWS_EC2_METADATA_DISABLED=1" },
	    "http://169.254.169.254", 1, 1, false, NULL },
	{ "IPv6", "", { "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=ipv6" },
	    "http://[fd00:ec2::254]", 1, 1, false, NULL },
	{ "IPv6 of the profile", "ec2_metadata_service_endpoint_mode = IPv6",
	    { NULL }, "http://[fd00:ec2::254]", 1, 1, false, NULL },
	{ "the variable beats the profile",
	    "ec2_metadata_service_endpoint_mode = IPv6",
	    { "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=IPv4" },
	    "http://169.254.169.254", 1, 1, false, NULL },
	{ "no mode", "", { "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=both" },
	    NULL, 0, 0, false, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is "
	    "'both': it takes 'IPv4' or 'IPv6'" },
	{ "an endpoint", "",
	    { "AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:1338/" },
	    "http://127.0.0.1:1338", 1, 1, false, NULL },
	{ "which beats the mode", "ec2_metadata_service_endpoint = "
	    "http://[::1]:80/a//",
	    { "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=IPv6" },
	    "http://[::1]:80/a", 1, 1, false, NULL },
	{ "no endpoint", "ec2_metadata_service_endpoint = 10.0.0.1",
	    { NULL }, NULL, 0, 0, false,
	    "config' line 2)" },
	{ "an endpoint with a query", "",
	    { "AWS_EC2_METADATA_SERVICE_ENDPOINT=http://x/?y" }, NULL, 0, 0,
	    false, "no address of a metadata service" },
	{ "patience", "metadata_service_num_attempts = 3",
	    { "AWS_METADATA_SERVICE_TIMEOUT=5" }, "http://169.254.169.254",
	    5, 3, false, NULL },
	{ "patience by variables", "metadata_service_num_attempts = 3",
	    { "AWS_METADATA_SERVICE_TIMEOUT=2",
	    "AWS_METADATA_SERVICE_NUM_ATTEMPTS=4" },
	    "http://169.254.169.254", 2, 4, false, NULL },
	{ "patience by the profile", "metadata_service_timeout = 7",
	    { NULL }, "http://169.254.169.254", 7, 1, false, NULL },
	{ "no patience", "", { "AWS_METADATA_SERVICE_TIMEOUT=0" }, NULL, 0,
	    0, false, "it takes a number from 1 to 60" },
	{ "no number", "metadata_service_num_attempts = many", { NULL },
	    NULL, 0, 0, false, "metadata_service_num_attempts ('" },
	{ "no version 1", "", { "AWS_EC2_METADATA_V1_DISABLED=TRUE" },
	    "http://169.254.169.254", 1, 1, true, NULL },
	{ "no version 1, by the profile", "ec2_metadata_v1_disabled = true",
	    { NULL }, "http://169.254.169.254", 1, 1, true, NULL },
	{ "version 1 all the same", "ec2_metadata_v1_disabled = true",
	    { "AWS_EC2_METADATA_V1_DISABLED=false" },
	    "http://169.254.169.254", 1, 1, false, NULL },
};

int
main(void)
{
	struct aws_files shared;
	size_t i;

	aws_files_begin(&shared);
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct imds_settings out;
		struct err err = { 0 };
		struct profile_files *files;
		char config[512];

		snprintf(config, sizeof config, "[profile p]\n%s\n",
		    rows[i].config);
		files = aws_files_load(&shared, config, NULL, &err);
		aws_files_env(&shared, rows[i].variables);
		is_int(imds_settings_read(&shared.env, files, "p", &out,
		    &err), rows[i].base != NULL ? 0 : -1, "%s",
		    rows[i].name);
		if (rows[i].base != NULL) {
			is_int(out.disabled, rows[i].timeout == 0,
			    "disabled or not");
			is_str(out.base, rows[i].base, "its address");
			is_int(out.timeout_ms, rows[i].timeout * 1000,
			    "its timeout");
			is_int(out.attempts, rows[i].attempts, "its attempts");
			is_int(out.v1_disabled, rows[i].v1_disabled,
			    "version 1");
		} else {
			has_str(err.message, rows[i].says, "its error");
		}
		profile_free(files);
	}
	aws_files_end(&shared);
	return done_testing();
}
