#include "aws/endpoint.h"

#include "aws_files.h"
#include "endpoint_table.h"
#include "tap.h"

struct configured {
	const char *name;
	enum endpoint_service service;
	const char *explicit_url;
	const char *variables[4];
	const char *profile;
	bool ignore;
	const char *url;
};

static const struct configured configured[] = {
	{ "nothing", S3, NULL, { NULL }, "bare", false, NULL },
	{ "explicit", S3, "http://e", { "AWS_ENDPOINT_URL_S3=http://s" },
	    "full", false, "http://e" },
	{ "its variable", S3, NULL, { "AWS_ENDPOINT_URL=http://all",
	    "AWS_ENDPOINT_URL_S3=http://s" }, "full", false, "http://s" },
	{ "another service's", STS, NULL, { "AWS_ENDPOINT_URL_S3=http://s" },
	    "bare", false, NULL },
	{ "everybody's variable", S3, NULL, { "AWS_ENDPOINT_URL=http://all" },
	    "full", false, "http://all" },
	{ "COST_EXPLORER", CE, NULL,
	    { "AWS_ENDPOINT_URL_CE=http://wrong",
	    "AWS_ENDPOINT_URL_COST_EXPLORER=http://right" }, "bare", false,
	    "http://right" },
	{ "[services]", S3, NULL, { NULL }, "full", false,
	    "http://services-s3" },
	{ "cost_explorer in it", CE, NULL, { NULL }, "full", false,
	    "http://services-ce" },
	{ "the profile's endpoint_url", STS, NULL, { NULL }, "full", false,
	    "http://profile" },
	{ "ignored", S3, NULL, { "AWS_ENDPOINT_URL_S3=http://s" }, "full",
	    true, NULL },
	{ "explicit is not", S3, "http://e",
	    { "AWS_ENDPOINT_URL_S3=http://s" }, "full", true, "http://e" },
	{ "empty is unset", S3, NULL, { "AWS_ENDPOINT_URL_S3=" }, "bare",
	    false, NULL },
};

static const char config[] =
    "[profile full]\n"
    "services = local\n"
    "endpoint_url = http://profile\n"
    "[services local]\n"
    "s3 =\n  endpoint_url = http://services-s3\n"
    "cost_explorer =\n  endpoint_url = http://services-ce\n"
    "[profile bare]\n"
    "[profile flags]\n"
    "use_fips_endpoint = true\n"
    "use_dualstack_endpoint = True\n"
    "ignore_configured_endpoint_urls = true\n"
    "sts_regional_endpoints = legacy\n"
    "s3 =\n  use_dualstack_endpoint = false\n"
    "[profile s3only]\n"
    "s3 =\n  use_dualstack_endpoint = true\n"
    "[profile wrong]\n"
    "use_fips_endpoint = yes\n"
    "[profile wrong-s3]\n"
    "s3 =\n  use_dualstack_endpoint = 1\n"
    "[profile fast]\n"
    "s3 =\n  use_accelerate_endpoint = true\n"
    "  us_east_1_regional_endpoint = legacy\n"
    "[profile east]\n"
    "s3_us_east_1_regional_endpoint = legacy\n"
    "[profile wrong-east]\n"
    "s3_us_east_1_regional_endpoint = global\n";

static void
test_configured(const struct profile_files *files)
{
	size_t i;

	for (i = 0; i < sizeof configured / sizeof configured[0]; i++) {
		const struct configured *c = &configured[i];
		struct env env = { c->variables };
		struct endpoint_settings s = { .ignore_configured =
		    c->ignore };

		is_str(endpoint_configured(c->service, c->explicit_url, &env,
		    files, c->profile, &s), c->url, "configured: %s",
		    c->name);
	}
}

/* Each service by its own variable and its own key in [services]. */
static void
test_services(struct aws_files *shared)
{
	static const struct {
		enum endpoint_service service;
		const char *variable;
		const char *key;
	} rows[] = {
		{ S3, "AWS_ENDPOINT_URL_S3", "s3" },
		{ STS, "AWS_ENDPOINT_URL_STS", "sts" },
		{ CE, "AWS_ENDPOINT_URL_COST_EXPLORER", "cost_explorer" },
		{ IAM, "AWS_ENDPOINT_URL_IAM", "iam" },
		{ ENDPOINT_KMS, "AWS_ENDPOINT_URL_KMS", "kms" },
		{ ENDPOINT_SSO, "AWS_ENDPOINT_URL_SSO", "sso" },
		{ ENDPOINT_SSO_OIDC, "AWS_ENDPOINT_URL_SSO_OIDC", "sso_oidc" },
		{ ENDPOINT_SIGNIN, "AWS_ENDPOINT_URL_SIGNIN", "signin" },
	};
	struct endpoint_settings s = { 0 };
	size_t i, k;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char text[200], variable[100];
		const char *one[] = { variable, NULL }, *none[] = { NULL };
		struct env env = { one }, empty = { none };
		struct profile_files *files;
		struct err err = { 0 };

		snprintf(variable, sizeof variable, "%s=http://v",
		    rows[i].variable);
		snprintf(text, sizeof text, "[profile p]\nservices = x\n"
		    "[services x]\n%s =\n  endpoint_url = http://k\n",
		    rows[i].key);
		files = aws_files_load(shared, text, NULL, &err);
		for (k = 0; k < sizeof rows / sizeof rows[0]; k++) {
			is_str(endpoint_configured(rows[k].service, NULL,
			    &env, NULL, NULL, &s), k == i ? "http://v" : NULL,
			    "%s for %s", rows[i].variable, rows[k].key);
			is_str(endpoint_configured(rows[k].service, NULL,
			    &empty, files, "p", &s), k == i ? "http://k" :
			    NULL, "[services] %s for %s", rows[i].key,
			    rows[k].key);
		}
		profile_free(files);
	}
}

static void
test_settings(const struct profile_files *files)
{
	const char *none[] = { NULL };
	const char *off[] = { "AWS_USE_FIPS_ENDPOINT=FALSE",
	    "AWS_USE_DUALSTACK_ENDPOINT=true",
	    "AWS_STS_REGIONAL_ENDPOINTS=regional", NULL };
	const char *on[] = { "AWS_USE_DUALSTACK_ENDPOINT=true",
	    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true", NULL };
	const char *bad[] = { "AWS_USE_FIPS_ENDPOINT=1", NULL };
	const char *regional[] = {
	    "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT=regional", NULL };
	struct env env = { none };
	struct endpoint_settings s;
	struct err err = { 0 };

	is_int(endpoint_settings_read(&env, NULL, NULL, &s, &err), 0,
	    "without files");
	ok(!s.fips && !s.dualstack && !s.s3_dualstack &&
	    !s.ignore_configured && !s.sts_legacy, "everything is off");
	is_int(endpoint_settings_read(&env, files, "flags", &s, &err), 0,
	    "from a profile");
	ok(s.fips && s.dualstack && s.ignore_configured && s.sts_legacy,
	    "everything is on");
	ok(!s.s3_dualstack, "but S3's own key says no");
	is_int(endpoint_settings_read(&env, files, "s3only", &s, &err), 0,
	    "S3's key alone");
	ok(s.s3_dualstack && !s.dualstack, "is S3's alone");
	env.variables = off;
	is_int(endpoint_settings_read(&env, files, "flags", &s, &err), 0,
	    "the environment first");
	ok(!s.fips && s.dualstack && s.s3_dualstack && !s.sts_legacy,
	    "it beats the profile, for S3 too");
	env.variables = on;
	is_int(endpoint_settings_read(&env, files, "bare", &s, &err), 0,
	    "the environment alone");
	ok(!s.fips && s.dualstack && s.s3_dualstack && s.ignore_configured,
	    "is as good");
	env.variables = bad;
	is_int(endpoint_settings_read(&env, files, "bare", &s, &err), -1,
	    "neither true nor false");
	has_str(err.message, "AWS_USE_FIPS_ENDPOINT is '1'", "names it");
	err_clear(&err);
	env.variables = none;
	is_int(endpoint_settings_read(&env, files, "wrong", &s, &err), -1,
	    "in a file");
	has_str(err.message, "config' line 21: use_fips_endpoint is 'yes'",
	    "with file and line");
	err_clear(&err);
	is_int(endpoint_settings_read(&env, files, "wrong-s3", &s, &err), -1,
	    "nested");
	is_int(err.class, ERR_USAGE, "as usage");
	err_clear(&err);
	is_int(endpoint_settings_read(&env, files, "fast", &s, &err), 0,
	    "more of S3");
	ok(s.s3_accelerate && s.s3_global, "is read");
	is_int(endpoint_settings_read(&env, files, "east", &s, &err), 0,
	    "the other SDKs' name");
	ok(!s.s3_accelerate && s.s3_global, "for the same");
	env.variables = regional;
	is_int(endpoint_settings_read(&env, files, "east", &s, &err), 0,
	    "the variable first");
	ok(!s.s3_global, "here too");
	env.variables = none;
	is_int(endpoint_settings_read(&env, files, "wrong-east", &s, &err),
	    -1, "another word");
	has_str(err.message, "it takes 'regional' or 'legacy'", "the words");
}

int
main(void)
{
	struct aws_files shared;
	struct profile_files *files;
	struct err err;

	aws_files_begin(&shared);
	if ((files = aws_files_load(&shared, config, NULL, &err)) == NULL)
		return 1;
	test_configured(files);
	test_settings(files);
	profile_free(files);
	test_services(&shared);
	aws_files_end(&shared);
	return done_testing();
}
