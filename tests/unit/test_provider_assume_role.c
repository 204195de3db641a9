#include "creds/provider.h"

#include "role_world.h"
#include "tap.h"

/* What the profile must say, before anything is sent. */
static void
test_profile(void)
{
	static const struct {
		const char *name;
		const char *config;
		enum provider_outcome outcome;
		const char *says;	/* in the message, or in the reason */
		const char *hint;
	} rows[] = {
		{ "no role", "[profile p]\nregion = x\n", PROVIDER_PASSED,
		    "profile 'p' has no role_arn", "" },
		{ "web identity", "[profile p]\n" ROLE
		    "web_identity_token_file = /t\n", PROVIDER_PASSED,
		    "has a web_identity_token_file", "" },
		{ "no source", "[profile p]\n" ROLE PAIR("K"),
		    PROVIDER_FAILED, "neither source_profile nor "
		    "credential_source", "source_profile = NAME" },
		{ "two sources", "[profile p]\n" ROLE "source_profile = b\n"
		    "credential_source = Environment\n", PROVIDER_FAILED,
		    "config' line 3) and credential_source ('",
		    "take the other away" },
		{ "an unknown source", "[profile p]\n" ROLE
		    "credential_source = Env\n", PROVIDER_FAILED,
		    "line 3: credential_source is 'Env'",
		    "Environment, Ec2InstanceMetadata or EcsContainer" },
		{ "an absent profile", "[profile base]\n[profile p]\n" ROLE
		    "source_profile = bas\n", PROVIDER_FAILED,
		    "source_profile 'bas' ('", "did you mean 'base'?" },
		{ "itself without keys", "[profile p]\n" ROLE
		    "source_profile = p\n", PROVIDER_FAILED,
		    "leads round in a circle", "static ones" },
		{ "a circle", "[profile p]\n" ROLE "source_profile = q\n"
		    "[profile q]\n" ROLE "source_profile = r\n"
		    "[profile r]\n" ROLE "source_profile = p\n",
		    PROVIDER_FAILED, "source_profile 'p' of profile 'r' ('",
		    "static ones" },
		{ "a circle further on", "[profile p]\n" ROLE
		    "source_profile = q\n[profile q]\n" ROLE
		    "source_profile = r\n[profile r]\n" ROLE
		    "source_profile = q\n", PROVIDER_FAILED,
		    "source_profile 'q' of profile 'r' ('", "" },
		{ "a source without keys", "[profile p]\n" ROLE
		    "source_profile = q\n[profile q]\nregion = x\n",
		    PROVIDER_FAILED, "source_profile 'q' of profile 'p' ('",
		    "credential_source = Environment" },
		{ "half a pair", "[profile p]\n" ROLE "source_profile = q\n"
		    "[profile q]\naws_access_key_id = K\n", PROVIDER_FAILED,
		    "source_profile 'q' of profile 'p': half a key pair",
		    "set both" },
		{ "a source that fails", "[profile p]\n" ROLE
		    "source_profile = q\n[profile q]\n" ROLE
		    "credential_source = environment\n", PROVIDER_FAILED,
		    "source_profile 'q' of profile 'p': credential_source "
		    "'environment' ('", "" },
		{ "a short time", "[profile p]\n" ROLE "source_profile = q\n"
		    "duration_seconds = 899\n[profile q]\n" PAIR("K"),
		    PROVIDER_FAILED, "line 4: duration_seconds is '899': it "
		    "takes a whole number from 900 to 43200", "" },
		{ "a long time", "[profile p]\n" ROLE "source_profile = q\n"
		    "duration_seconds = 43201\n[profile q]\n" PAIR("K"),
		    PROVIDER_FAILED, "duration_seconds is '43201'", "" },
		{ "no time", "[profile p]\n" ROLE "source_profile = q\n"
		    "duration_seconds = 1h\n[profile q]\n" PAIR("K"),
		    PROVIDER_FAILED, "duration_seconds is '1h'", "" },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		enum provider_outcome outcome;

		world_set(&w, rows[i].config, NULL, "p", NULL, 0);
		outcome = resolve();
		is_int(outcome, rows[i].outcome, "%s", rows[i].name);
		has_str(outcome == PROVIDER_FAILED ? w.err.message :
		    w.input.reason, rows[i].says, "says: %s", w.err.message);
		has_str(w.err.hint, rows[i].hint, "hint: %s", w.err.hint);
		is_int(w.err.class, outcome == PROVIDER_FAILED ?
		    ERR_CREDENTIALS : ERR_NONE, "class");
		ok(w.input.reason[0] != '\0', "a reason: %s",
		    w.input.reason);
		is_int(w.fake.used, 0, "nothing was sent");
	}
}

static void
test_success(void)
{
	static const struct fake_answer answers[] = {
		STS_ANSWER(200, STS_ROLE("ASIA1")),
	};
	static const char *const variables[] = { "AWS_ACCESS_KEY_ID=ENV",
	    "AWS_SECRET_ACCESS_KEY=env", NULL };

	world_set(&w, "[profile p]\n" ROLE "source_profile = base\n"
	    "region = eu-central-1\nexternal_id = xx\n"
	    "role_session_name = o'neil\nduration_seconds = 3600\n"
	    PAIR("OWN") "[profile base]\n" PAIR("AKIABASE"), variables, "p",
	    answers, 1);
	is_int(resolve(), PROVIDER_KEYS, "keys %s", w.err.message);
	is_str(w.keys.access_key_id, "ASIA1", "of the role");
	is_str(w.keys.account_id, "210987654321", "its account");
	is_str(w.fake.seen[0].url, "https://sts.eu-central-1.amazonaws.com/",
	    "in the profile's region");
	is_str(w.fake.seen[0].body, "Action=AssumeRole&Version=2011-06-15&"
	    "RoleArn=arn%3Aaws%3Aiam%3A%3A210987654321%3Arole%2Fr&"
	    "RoleSessionName=o-neil&DurationSeconds=3600&ExternalId=xx",
	    "as the profile says");
	has_str(w.fake.seen[0].fields, "Credential=AKIABASE/",
	    "by the source profile's keys");
	has_str(w.input.reason, "the session is called 'o-neil'",
	    "a name that does not fit is told of");
	has_str(w.input.reason, "source_profile 'base' by profile: ",
	    "and the source: %s", w.input.reason);
}

static void
test_defaults(void)
{
	static const struct fake_answer answers[] = {
		STS_ANSWER(200, STS_ROLE("ASIA1")),
	};
	static const char *const variables[] = { "AWS_DEFAULT_REGION=eu-west-3",
	    NULL };

	world_set(&w, "[default]\n" ROLE "source_profile = default\n"
	    PAIR("SELF"), variables, "default", answers, 1);
	is_int(resolve(), PROVIDER_KEYS, "its own keys %s", w.err.message);
	has_str(w.fake.seen[0].fields, "Credential=SELF/", "are the source");
	has_str(w.fake.seen[0].body, "&RoleSessionName=teamcache-1767323045",
	    "a name is made up");
	ok(strstr(w.fake.seen[0].body, "Duration") == NULL &&
	    strstr(w.fake.seen[0].body, "External") == NULL,
	    "nothing else is");
	has_str(w.fake.seen[0].url, "eu-west-3", "the environment's region");
}

static void
test_refused(void)
{
	static const struct fake_answer answers[] = {
		STS_ANSWER(403, DENIED),
		{ .fault = HTTP_TIMEOUT, .sent = true, .takes_ms = 3000 },
		{ .fault = HTTP_CONNECT },
		{ .fault = HTTP_CONNECT },
		STS_ANSWER(200, "<html/>"),
	};

	world_set(&w, "[profile p]\n" ROLE "source_profile = q\n"
	    "[profile q]\n" PAIR("K"), NULL, "p", answers, COUNT(answers));
	is_int(resolve(), PROVIDER_FAILED, "refused");
	has_str(w.err.message, "cannot assume role "
	    "'arn:aws:iam::210987654321:role/r'", "which");
	has_str(w.err.hint, "allow the caller sts:AssumeRole", "its hint");
	has_str(w.input.reason, "cannot assume role", "the trace too");
	is_int(resolve(), PROVIDER_FAILED, "nobody there");
	is_int(w.err.class, ERR_CREDENTIALS, "its class");
	has_str(w.err.message, "after 3 attempts", "says so");
	is_int(resolve(), PROVIDER_FAILED, "nonsense");
	is_int(w.err.class, ERR_CREDENTIALS, "its class");
	w.settings.call = NULL;
	is_int(resolve(), PROVIDER_FAILED, "no network");
	has_str(w.err.message, "cannot be made here", "says so");
}

static void
test_mfa(void)
{
	static const struct fake_answer answers[] = {
		STS_ANSWER(200, STS_ROLE("ASIA1")),
		STS_ANSWER(200, STS_ROLE("ASIA2")),
		STS_ANSWER(403, STS_ERROR("AccessDenied",
		    "MultiFactorAuthentication failed with invalid MFA one "
		    "time pass code.")),
	};

	world_set(&w, "[profile p]\n" ROLE "source_profile = q\n"
	    "mfa_serial = arn:mfa/me\n[profile q]\n" PAIR("K"), NULL, "p",
	    answers, COUNT(answers));
	w.answer = "654321";
	is_int(resolve(), PROVIDER_KEYS, "asked %s", w.err.message);
	is_str(w.question, "MFA code of arn:mfa/me for profile 'p': ",
	    "how");
	has_str(w.fake.seen[0].body, "&SerialNumber=arn%3Amfa%2Fme&TokenCode="
	    "654321", "the answer is sent");
	w.settings.mfa_code = "123456";
	w.questions = 0;
	is_int(resolve(), PROVIDER_KEYS, "given %s", w.err.message);
	is_int(w.questions, 0, "not asked");
	has_str(w.fake.seen[1].body, "&TokenCode=123456", "sent");
	is_int(resolve(), PROVIDER_FAILED, "used twice");
	has_str(w.err.hint, "a code works once", "its hint");
	w.settings.mfa_code = NULL;
	w.answer = NULL;
	is_int(resolve(), PROVIDER_FAILED, "nobody to ask");
	has_str(w.err.message, "there is no terminal", "says so");
	is_int(w.fake.used, 3, "nothing is sent");
	world_set(&w, "[profile p]\n" ROLE "source_profile = q\n"
	    "mfa_serial = arn:mfa/me\n[profile q]\nregion = x\n", NULL, "p",
	    NULL, 0);
	w.answer = "654321";
	is_int(resolve(), PROVIDER_FAILED, "a source without keys");
	is_int(w.questions, 0, "nobody is bothered");
}

/* Nobody is asked for a code while what is kept has a minute left. */
static void
test_mfa_kept(void)
{
	static const struct fake_answer answers[] = {
		STS_ANSWER(200, STS_ROLE("ASIA1")),
		STS_ANSWER(200, STS_KEYS("AssumeRole", "ASIA2",
		    "2026-01-02T06:00:00Z", STS_ASSUMED_ARN)),
	};
	static const struct {
		int64_t at;	/* seconds */
		const char *id;
	} rows[] = {
		{ 0, "ASIA1" }, { 3301, "ASIA1" }, { 3539, "ASIA1" },
		{ 3541, "ASIA2" },
	};
	size_t i;

	world_set(&w, "[profile p]\nrole_arn = arn:kept\n"
	    "source_profile = q\nmfa_serial = me\n[profile q]\n" PAIR("K"),
	    NULL, "p", answers, COUNT(answers));
	w.settings.state = &w.state;
	w.settings.disk_cache = true;
	w.answer = "123456";
	for (i = 0; i < COUNT(rows); i++) {
		w.fake.elapsed_ms = rows[i].at * 1000;
		is_int(resolve(), PROVIDER_KEYS, "after %d s %s",
		    (int)rows[i].at, w.err.message);
		is_str(w.keys.access_key_id, rows[i].id, "its keys");
	}
	is_int(w.questions, 2, "asked twice");
}

/* Another source, another place in the cache. */
static void
test_cache(void)
{
	static const struct fake_answer answers[] = {
		STS_ANSWER(200, STS_ROLE("ASIA1")),
		STS_ANSWER(200, STS_ROLE("ASIA2")),
		STS_ANSWER(200, STS_ROLE("ASIA3")),
		STS_ANSWER(200, STS_ROLE("ASIA4")),
		STS_ANSWER(200, STS_ROLE("ASIA5")),
		STS_ANSWER(200, STS_ROLE("ASIA6")),
		STS_ANSWER(200, STS_ROLE("ASIA7")),
		STS_ANSWER(200, STS_ROLE("ASIA8")),
	};
	static const struct {
		const char *config;
		const char *id;
		const char *why;
	} rows[] = {
		{ "[profile p]\n" ROLE "source_profile = q\n[profile q]\n"
		    PAIR("K1"), "ASIA1", "cold" },
		{ "[profile p]\n" ROLE "source_profile = q\n[profile q]\n"
		    PAIR("K1"), "ASIA1", "warm" },
		{ "[profile p]\n" ROLE "source_profile = q\n[profile q]\n"
		    PAIR("K2"), "ASIA2", "another source key" },
		{ "[profile p]\n" ROLE "source_profile = q\n"
		    "role_session_name = me\n[profile q]\n" PAIR("K2"),
		    "ASIA3", "another session name" },
		{ "[profile p]\n" ROLE "source_profile = q\n"
		    "region = eu-west-1\n[profile q]\n" PAIR("K2"), "ASIA4",
		    "another endpoint" },
		{ "[profile p]\n" ROLE "source_profile = q\n[profile q]\n"
		    "region = x\n" PAIR("K2"), "ASIA2",
		    "what does not decide" },
		{ "[profile p]\nrole_arn = arn:other\nsource_profile = q\n"
		    "[profile q]\n" PAIR("K2"), "ASIA5", "another role" },
		{ "[profile p]\nrole_arn = arn:other\nsource_profile = q\n"
		    "[profile q]\n" PAIR("K2"), "ASIA5", "warm again" },
		{ "[profile p]\n" ROLE "source_profile = q\n"
		    "external_id = one\n[profile q]\n" PAIR("K2"), "ASIA6",
		    "another external id" },
		{ "[profile p]\n" ROLE "source_profile = q\n"
		    "duration_seconds = 900\n[profile q]\n" PAIR("K2"),
		    "ASIA7", "another duration" },
		{ "[profile p]\n" ROLE "source_profile = q\n"
		    "mfa_serial = me\n[profile q]\n" PAIR("K2"), "ASIA8",
		    "an MFA device" },
	};
	size_t i, used = 0;

	for (i = 0; i < COUNT(rows); i++) {
		world_set(&w, rows[i].config, NULL, "p", answers,
		    COUNT(answers));
		w.settings.state = &w.state;
		w.settings.disk_cache = true;
		w.settings.mfa_code = "123456";
		w.fake.used = used;
		is_int(resolve(), PROVIDER_KEYS, "%s %s", rows[i].why,
		    w.err.message);
		is_str(w.keys.access_key_id, rows[i].id, "its keys");
		used = w.fake.used;
	}
	is_uint(used, COUNT(answers), "as many requests as answers");
}

int
main(void)
{
	world_begin(&w);
	test_profile();
	test_success();
	test_defaults();
	test_refused();
	test_mfa();
	test_mfa_kept();
	test_cache();
	world_end(&w);
	return done_testing();
}
