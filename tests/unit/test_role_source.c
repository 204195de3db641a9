#include "creds/role_source.h"

#include "chain_world.h"
#include "fake_provider.h"
#include "sts_answers.h"
#include "tap.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define ROLE "role_arn = arn\n"
#define FROM_Q "[profile p]\n" ROLE "source_profile = q\n[profile q]\n"

static struct world w;

static const struct {
	const char *config;
	const char *variables[3];
} rows[] = {
	{ FROM_Q "aws_access_key_id = K1\n", { NULL } },
	{ FROM_Q "aws_access_key_id = K2\n", { NULL } },
	{ "[profile p]\n" ROLE "source_profile = r\n[profile r]\n"
	    "aws_access_key_id = K1\n", { NULL } },
	{ FROM_Q "role_arn = arn:1\nsource_profile = r\n[profile r]\n"
	    "aws_access_key_id = K1\n", { NULL } },
	{ FROM_Q "role_arn = arn:2\nsource_profile = r\n[profile r]\n"
	    "aws_access_key_id = K1\n", { NULL } },
	{ FROM_Q "role_arn = arn:1\nsource_profile = r\n[profile r]\n"
	    "aws_access_key_id = K2\n", { NULL } },
	{ FROM_Q "role_arn = arn:1\nrole_session_name = a\n"
	    "source_profile = r\n[profile r]\naws_access_key_id = K1\n",
	    { NULL } },
	{ FROM_Q "role_arn = arn:1\nexternal_id = a\n"
	    "source_profile = r\n[profile r]\naws_access_key_id = K1\n",
	    { NULL } },
	{ FROM_Q "role_arn = arn:1\nmfa_serial = a\n"
	    "source_profile = r\n[profile r]\naws_access_key_id = K1\n",
	    { NULL } },
	{ FROM_Q "role_arn = arn:1\nduration_seconds = 900\n"
	    "source_profile = r\n[profile r]\naws_access_key_id = K1\n",
	    { NULL } },
	{ FROM_Q "role_arn = arn:1\nweb_identity_token_file = /a\n",
	    { NULL } },
	{ FROM_Q "role_arn = arn:1\nweb_identity_token_file = /b\n",
	    { NULL } },
	{ FROM_Q "sso_account_id = 1\nsso_role_name = a\n"
	    "sso_start_url = a\nsso_region = a\n", { NULL } },
	{ FROM_Q "sso_account_id = 2\nsso_role_name = a\n"
	    "sso_start_url = a\nsso_region = a\n", { NULL } },
	{ FROM_Q "sso_account_id = 1\nsso_role_name = b\n"
	    "sso_start_url = a\nsso_region = a\n", { NULL } },
	{ FROM_Q "sso_account_id = 1\nsso_role_name = a\n"
	    "sso_start_url = b\nsso_region = a\n", { NULL } },
	{ FROM_Q "sso_account_id = 1\nsso_role_name = a\n"
	    "sso_start_url = a\nsso_region = b\n", { NULL } },
	{ FROM_Q "sso_account_id = 1\nsso_role_name = a\nsso_session = s\n"
	    "[sso-session s]\nsso_start_url = a\nsso_region = a\n",
	    { NULL } },
	{ FROM_Q "sso_account_id = 1\nsso_role_name = a\nsso_session = t\n"
	    "[sso-session t]\nsso_start_url = a\nsso_region = a\n",
	    { NULL } },
	{ FROM_Q "sso_account_id = 1\nsso_role_name = a\nsso_session = s\n"
	    "[sso-session s]\nsso_start_url = b\nsso_region = a\n",
	    { NULL } },
	{ FROM_Q "sso_account_id = 1\nsso_role_name = a\nsso_session = s\n"
	    "[sso-session s]\nsso_start_url = a\nsso_region = b\n",
	    { NULL } },
	{ FROM_Q "login_session = a\n", { NULL } },
	{ FROM_Q "login_session = b\n", { NULL } },
	{ FROM_Q "credential_process = a\n", { NULL } },
	{ FROM_Q "credential_process = b\n", { NULL } },
	{ "[profile p]\n" ROLE "credential_source = Environment\n",
	    { "AWS_ACCESS_KEY_ID=A" } },
	{ "[profile p]\n" ROLE "credential_source = Environment\n",
	    { "AWS_ACCESS_KEY_ID=B" } },
	{ "[profile p]\n" ROLE "credential_source = EcsContainer\n",
	    { "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/a" } },
	{ "[profile p]\n" ROLE "credential_source = EcsContainer\n",
	    { "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/b" } },
	{ "[profile p]\n" ROLE "credential_source = EcsContainer\n",
	    { "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://a" } },
	{ "[profile p]\n" ROLE "credential_source = EcsContainer\n",
	    { "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://b" } },
	{ "[profile p]\n" ROLE "credential_source = Ec2InstanceMetadata\n",
	    { NULL } },
	{ "[profile p]\n" ROLE "credential_source = Ec2InstanceMetadata\n",
	    { "AWS_EC2_METADATA_SERVICE_ENDPOINT=http://a" } },
	{ FROM_Q "role_arn = arn:1\ncredential_source = Environment\n",
	    { "AWS_ACCESS_KEY_ID=A" } },
	{ FROM_Q "role_arn = arn:1\ncredential_source = Environment\n",
	    { "AWS_ACCESS_KEY_ID=B" } },
	{ FROM_Q "role_arn = arn:1\ncredential_source = EcsContainer\n",
	    { "AWS_ACCESS_KEY_ID=B" } },
	{ "[profile p]\n" ROLE "credential_source = Ec2InstanceMetadata\n"
	    "ec2_metadata_service_endpoint = http://c\n", { NULL } },
};

static struct buf subjects[COUNT(rows)];

static void
describe(const char *config, const char *const *variables,
    struct buf *subject)
{
	struct role_source s;

	buf_init(subject, 16 * 1024);
	world_set(&w, config, variables, "p", NULL, 0);
	if (!ok(role_source_read(&s, &w.input, &w.err) == 0, "%s",
	    w.err.message))
		return;
	role_source_describe(&s, subject);
	role_source_clear(&s);
}

/* Keys that one of these gave are never taken from the cache for another. */
static void
test_apart(void)
{
	size_t i, k;

	for (i = 0; i < COUNT(rows); i++) {
		describe(rows[i].config, rows[i].variables, &subjects[i]);
		for (k = 0; k < i; k++) {
			if (!span_equal(buf_view(&subjects[i]),
			    buf_view(&subjects[k])))
				continue;
			ok(false, "the sources %zu and %zu are the same", k,
			    i);
		}
	}
	for (i = 0; i < COUNT(rows); i++)
		buf_clear(&subjects[i]);
}

/* What does not decide, and what is secret, is not in it. */
static void
test_same(void)
{
	static const char *const variables[] = { "AWS_ACCESS_KEY_ID=ENV",
	    "AWS_SECRET_ACCESS_KEY=env", NULL };
	struct buf one, other;

	describe(rows[0].config, NULL, &one);
	describe(FROM_Q "aws_access_key_id = K1\nregion = x\n"
	    "aws_secret_access_key = quiet\n", variables, &other);
	is_span(buf_view(&other), buf_string(&one),
	    "the environment is not asked where the profile has keys");
	ok(strstr(buf_string(&other), "quiet") == NULL, "no secret");
	buf_clear(&one);
	buf_clear(&other);
}

/* Each mechanism of a profile, as a source_profile's. */
static void
test_mechanisms(void)
{
	/* SHA-1 of "https://acme/start", SHA-256 of "arn:me" */
	static const char sso_file[] = ".aws/sso/cache/"
	    "30381e1c74dd0d39af8b9e005a3f1baadb0ba66f.json";
	static const char token_file[] = "token";
	static const char login_file[] = ".aws/login/cache/"
	    "545571cfa93b7f589504ef846805e040f577bbf468827bf924b3b42c243ad70d"
	    ".json";
	static const struct {
		const char *name;
		const char *config;	/* of q */
		const char *credentials;
		const char *file;
		const char *text;
		struct fake_answer answer;
		const char *id;
	} sources[] = {
		{ "the credentials file", "region = x\n", "[q]\n"
		    "aws_access_key_id = KCRED\naws_secret_access_key = s\n",
		    NULL, NULL, { 0 }, "KCRED" },
		{ "the config file", "aws_access_key_id = KCONFIG\n"
		    "aws_secret_access_key = s\n", NULL, NULL, NULL, { 0 },
		    "KCONFIG" },
		{ "a web identity", "role_arn = arn:q\n"
		    "web_identity_token_file = ", NULL, token_file,
		    "e30.e30.x", STS_ANSWER(200, STS_WEB("KWEB")), "KWEB" },
		{ "SSO", "sso_account_id = 1\nsso_role_name = r\n"
		    "sso_start_url = https://acme/start\nsso_region = x\n",
		    NULL, sso_file, "{\"accessToken\":\"x\","
		    "\"expiresAt\":\"2026-01-02T09:00:00Z\"}",
		    { .status = 200, .body = "{\"roleCredentials\":{"
		    "\"accessKeyId\":\"KSSO\",\"secretAccessKey\":\"s\","
		    "\"sessionToken\":\"t\",\"expiration\":1767344400000}}" },
		    "KSSO" },
		{ "a login session", "login_session = arn:me\n", NULL,
		    login_file, "{\"accessToken\":{\"accessKeyId\":\"KLOGIN\","
		    "\"secretAccessKey\":\"s\",\"sessionToken\":\"t\","
		    "\"expiresAt\":\"2026-01-02T09:00:00Z\"}}", { 0 },
		    "KLOGIN" },
		{ "a process", "credential_process = /bin/echo '{\"Version\":1,"
		    "\"AccessKeyId\":\"KPROCESS\","
		    "\"SecretAccessKey\":\"s\"}'\n", NULL, NULL, NULL, { 0 },
		    "KPROCESS" },
	};
	struct fake_provider f;
	size_t i;

	fake_provider_begin(&f);
	for (i = 0; i < COUNT(sources); i++) {
		const struct keys *keys = NULL;
		struct keys_source source;
		struct role_source s;
		bool token = sources[i].file == token_file;
		char config[8600];

		snprintf(config, sizeof config, FROM_Q "%s%s",
		    sources[i].config, token ?
		    sandbox_path(f.files.directory, token_file) : "");
		if (sources[i].file != NULL)
			fake_provider_file(&f, sources[i].file,
			    sources[i].text);
		fake_provider_set(&f, config, NULL, &sources[i].answer, 1);
		aws_files_write(&f.files, config, sources[i].credentials);
		profile_free(f.profiles);
		f.set.files = f.profiles = profile_load(&f.files.env, &f.err);
		f.input = (struct provider_input){ .settings = &f.set,
		    .now = clock_wall_seconds(&f.aws.clock) };
		is_int(role_source_read(&s, &f.input, &f.err), 0,
		    "a source by %s", sources[i].name);
		source = role_source_keys(&s);
		is_int(source.get(source.state, false, &keys, &f.err), 0,
		    "gives keys %s", f.err.message);
		is_str(keys != NULL ? keys->access_key_id : "",
		    sources[i].id, "its own");
		has_str(f.input.reason, "source_profile 'q' by ",
		    "the trace says it: %s", f.input.reason);
		role_source_clear(&s);
	}
	fake_provider_end(&f);
}

int
main(void)
{
	world_begin(&w);
	test_apart();
	test_same();
	test_mechanisms();
	world_end(&w);
	return done_testing();
}
