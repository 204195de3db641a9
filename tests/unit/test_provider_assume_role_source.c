#include "creds/provider.h"

#include "role_world.h"
#include "tap.h"

/* b assumes its role with a's, which is assumed with static keys. */
static void
test_chain(void)
{
	static const struct fake_answer answers[] = {
		STS_ANSWER(200, STS_ROLE("ASIA1")),
		STS_ANSWER(200, STS_ROLE("ASIA2")),
		/* The source's keys end before their time. */
		STS_ANSWER(200, STS_ROLE("ASIA3")),
		STS_ANSWER(403, STS_ERROR("ExpiredToken", "expired")),
		STS_ANSWER(200, STS_ROLE("ASIA4")),
		STS_ANSWER(200, STS_ROLE("ASIA5")),
		STS_ANSWER(403, DENIED),
	};

	world_set(&w, "[profile b]\n" ROLE "source_profile = a\n"
	    "region = eu-north-1\n[profile a]\nrole_arn = arn:a\n"
	    "source_profile = base\n[profile base]\n"
	    "role_arn = arn:never\nsource_profile = b\n" PAIR("AKIABASE"),
	    NULL, "b", answers, COUNT(answers));
	is_int(resolve(), PROVIDER_KEYS, "two links %s", w.err.message);
	is_str(w.keys.access_key_id, "ASIA2", "the last one's keys");
	has_str(w.fake.seen[0].fields, "Credential=AKIABASE/", "first");
	has_str(w.fake.seen[0].body, "RoleArn=arn%3Aa&", "the inner role");
	has_str(w.fake.seen[0].url, "eu-north-1", "in the outer's region");
	has_str(w.fake.seen[1].fields, "Credential=ASIA1/", "then");
	ok(fake_has(&w.fake, 1, "x-amz-security-token", "token-of-ASIA1"),
	    "with its token");
	is_int(resolve(), PROVIDER_KEYS, "expired on the way %s",
	    w.err.message);
	has_str(w.fake.seen[5].fields, "Credential=ASIA4/", "renewed");
	is_str(w.keys.access_key_id, "ASIA5", "the last one's keys");
	is_int(resolve(), PROVIDER_FAILED, "refused on the way");
	has_str(w.err.message, "source_profile 'a' of profile 'b': cannot "
	    "assume role 'arn:a'", "says which: %s", w.err.message);
	is_str(w.err.code, "AccessDenied", "code");
}

static void
test_long_chain(void)
{
	char config[4096] = "";
	size_t n = 0;
	int i;

	for (i = 0; i < 9; i++)
		n += (size_t)snprintf(config + n, sizeof config - n,
		    "[profile p%d]\n" ROLE "source_profile = p%d\n", i, i + 1);
	snprintf(config + n, sizeof config - n, "[profile p9]\n" PAIR("K"));
	world_set(&w, config, NULL, "p0", NULL, 0);
	is_int(resolve(), PROVIDER_FAILED, "nine roles");
	has_str(w.err.message, "number 8 of a chain", "are too many: %s",
	    w.err.message);
}

static void
test_credential_source(void)
{
	static const struct fake_answer answers[] = {
		STS_ANSWER(200, STS_ROLE("ASIA1")),
	};
	static const char *const variables[] = { "AWS_ACCESS_KEY_ID=ENV",
	    "AWS_SECRET_ACCESS_KEY=env", "AWS_SESSION_TOKEN=tok", NULL };
	static const char config[] = "[profile p]\n" ROLE
	    "credential_source = environment\n";
	static const char *const container[] = {
	    "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:8/keys",
	    NULL };
	static const struct fake_answer container_answers[] = {
		{ 200, NULL, "{\"AccessKeyId\":\"ASIACONTAINER\","
		    "\"SecretAccessKey\":\"s\",\"Token\":\"t\","
		    "\"Expiration\":\"" STS_HOUR "\"}", 0, false, 0 },
		STS_ANSWER(200, STS_ROLE("ASIA1")),
	};

	world_set(&w, config, variables, "p", answers, 1);
	w.settings.profile_option = true;
	is_int(resolve(), PROVIDER_KEYS, "the environment %s",
	    w.err.message);
	has_str(w.fake.seen[0].fields, "Credential=ENV/",
	    "also with --profile");
	world_set(&w, config, NULL, "p", answers, 1);
	is_int(resolve(), PROVIDER_FAILED, "nothing there");
	has_str(w.err.message, "gives no keys: AWS_ACCESS_KEY_ID is not set",
	    "says so: %s", w.err.message);
	world_set(&w, "[profile p]\n" ROLE "credential_source = "
	    "EcsContainer\n", container, "p", container_answers, 2);
	is_int(resolve(), PROVIDER_KEYS, "a container %s", w.err.message);
	is_str(w.fake.seen[0].url, "http://127.0.0.1:8/keys", "asked");
	has_str(w.fake.seen[1].fields, "Credential=ASIACONTAINER/",
	    "its keys");
	world_set(&w, "[profile p]\n" ROLE "credential_source = "
	    "EcsContainer\n", NULL, "p", NULL, 0);
	is_int(resolve(), PROVIDER_FAILED, "no container");
	has_str(w.err.message, "credential_source 'EcsContainer'",
	    "says so: %s", w.err.message);
}

/* EC2's metadata service. */
static void
test_instance_source(void)
{
	static const struct fake_answer answers[] = {
		{ 200, NULL, "session", 0, false, 0 },
		{ 200, NULL, "web-server", 0, false, 0 },
		{ 200, NULL, "{\"Code\":\"Success\",\"AccessKeyId\":"
		    "\"ASIAINSTANCE\",\"SecretAccessKey\":\"s\",\"Token\":"
		    "\"t\",\"Expiration\":\"" STS_HOUR "\"}", 0, false, 0 },
		{ 200, NULL, "cn-north-1", 0, false, 0 },
		STS_ANSWER(200, STS_ROLE("ASIA1")),
	};
	static const struct fake_answer nobody[] = {
		{ .fault = HTTP_CONNECT },
	};
	static const char config[] = "[profile p]\n" ROLE
	    "credential_source = Ec2InstanceMetadata\n";
	static const char elsewhere[] = "[profile p]\n" ROLE
	    "source_profile = q\n"
	    "ec2_metadata_service_endpoint = http://127.0.0.1:8\n"
	    "[profile q]\nrole_arn = arn:q\n"
	    "credential_source = Ec2InstanceMetadata\n";

	world_set(&w, config, NULL, "p", answers, COUNT(answers));
	w.settings.state = &w.state;
	w.settings.disk_cache = true;
	is_int(resolve(), PROVIDER_KEYS, "the instance %s", w.err.message);
	has_str(w.fake.seen[4].fields, "Credential=ASIAINSTANCE/",
	    "its keys");
	is_str(w.fake.seen[4].url,
	    "https://sts.cn-north-1.amazonaws.com.cn/",
	    "in its region, which nobody else names");
	is_str(w.input.region, "cn-north-1", "which is passed on");
	w.input.region[0] = '\0';
	is_int(resolve(), PROVIDER_KEYS, "from the cache");
	is_int(w.fake.used, 5, "nobody is asked");
	is_str(w.input.region, "cn-north-1", "the region too");
	world_set(&w, config, NULL, "p", nobody, 1);
	is_int(resolve(), PROVIDER_FAILED, "no instance");
	has_str(w.err.message, "credential_source 'Ec2InstanceMetadata' ('",
	    "says so: %s", w.err.message);
	world_set(&w, elsewhere, NULL, "p", nobody, 1);
	is_int(resolve(), PROVIDER_FAILED, "an instance elsewhere");
	is_str(w.fake.seen[0].url, "http://127.0.0.1:8/latest/api/token",
	    "where the profile that was chosen says");
}

/* Neither the environment's keys nor its token are a source profile's. */
static void
test_foreign_source(void)
{
	static const char *const variables[] = { "AWS_ACCESS_KEY_ID=ENV",
	    "AWS_SECRET_ACCESS_KEY=env", "AWS_ROLE_ARN=arn:env",
	    "AWS_WEB_IDENTITY_TOKEN_FILE=/t",
	    "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:8/keys",
	    NULL };

	world_set(&w, "[profile p]\n" ROLE "source_profile = q\n"
	    "[profile q]\nregion = x\n", variables, "p", NULL, 0);
	is_int(resolve(), PROVIDER_FAILED, "a source with nothing");
	has_str(w.err.message, "source_profile 'q' of profile 'p' ('",
	    "takes nothing from elsewhere: %s", w.err.message);
	is_int(w.fake.used, 0, "and asks nobody");
}

/* Any mechanism of a profile will do. */
static void
test_process_source(void)
{
	static const struct fake_answer answers[] = {
		STS_ANSWER(200, STS_ROLE("ASIA1")),
	};

	world_set(&w, "[profile p]\n" ROLE "source_profile = q\n"
	    "[profile q]\ncredential_process = /bin/echo "
	    "'{\"Version\":1,\"AccessKeyId\":\"AKIAPROCESS\","
	    "\"SecretAccessKey\":\"s\"}'\n", NULL, "p", answers, 1);
	is_int(resolve(), PROVIDER_KEYS, "a process %s", w.err.message);
	has_str(w.fake.seen[0].fields, "Credential=AKIAPROCESS/",
	    "its keys");
}

int
main(void)
{
	world_begin(&w);
	test_chain();
	test_long_chain();
	test_credential_source();
	test_instance_source();
	test_foreign_source();
	test_process_source();
	world_end(&w);
	return done_testing();
}
