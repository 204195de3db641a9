#include "tap.h"

#include "cache/config.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

static void
test_table(void)
{
	size_t i, k;

	for (i = 0; i < CONFIG_COUNT; i++) {
		const struct config_spec *spec =
		    config_spec((enum config_id)i);
		char variable[64] = "TEAMCACHE_";

		is_int(spec->id, i, "row %zu stands in its place", i);
		for (k = 0; spec->name[k] != '\0' && k < 40; k++)
			variable[10 + k] = spec->name[k] == '_' ? '_' :
			    (char)(spec->name[k] - 'a' + 'A');
		is_str(spec->variable, variable, "variable of %s", spec->name);
		ok(config_find(span_of(spec->name), NULL) == spec, "%s found",
		    spec->name);
		ok(spec->help[0] != '\0', "%s has a help text", spec->name);
		if (spec->fallback != NULL)
			is_int(config_check(spec, span_of(spec->fallback),
			    NULL, &(struct err){ 0 }), 0,
			    "%s has a sound built-in value", spec->name);
	}
}

static void
test_values(void)
{
	static const struct {
		enum config_id id;
		const char *text;
		int64_t number;		/* -2: refused */
		const char *message;
	} rows[] = {
		{ CONFIG_TEAM_CACHE, "on", 1, NULL },
		{ CONFIG_TEAM_CACHE, "off", 0, NULL },
		{ CONFIG_TEAM_CACHE, "On", -2, "want one of: on, off" },
		{ CONFIG_API, "true", -2, "want one of: on, off" },
		{ CONFIG_FALLBACK, "fail", -1, NULL },
		{ CONFIG_FALLBACK, "fai", -2, "want one of: local, fail" },
		{ CONFIG_FALLBACK, "local|fail", -2, "want one of" },
		{ CONFIG_SSE, "AES256", -1, NULL },
		{ CONFIG_SSE, "aws:kms", -1, NULL },
		{ CONFIG_SSE, "aes256", -2,
		    "want one of: AES256, aws:kms, bucket-default" },
		{ CONFIG_CREDENTIAL_CACHE, "auto", -1, NULL },
		{ CONFIG_TTL, "15m", 900, NULL },
		{ CONFIG_TTL, "1h", 3600, NULL },
		{ CONFIG_TTL, "900s", 900, NULL },
		{ CONFIG_TTL, "14m", -2, "want a duration from 15m to 1h" },
		{ CONFIG_TTL, "61m", -2, "want a duration from 15m to 1h" },
		{ CONFIG_TTL, "900", -2, "like 90s, 15m, 6h or 30d" },
		{ CONFIG_TTL, "15 m", -2, "ttl cannot be '15 m'" },
		{ CONFIG_TTL, "", -2, "ttl cannot be ''" },
		{ CONFIG_TTL_OVERRIDE, "0", 0, NULL },
		{ CONFIG_TTL_OVERRIDE, "30d", 2592000, NULL },
		{ CONFIG_STALE_IF_ERROR, "0s", 0, NULL },
		{ CONFIG_STALE_IF_ERROR, "99999999999999999999d", -2,
		    "from 0s to 3650d" },
		{ CONFIG_LEASE, "15s", 15, NULL },
		{ CONFIG_LEASE, "14s", -2, "from 15s to 15m" },
		{ CONFIG_WAIT, "0", 0, NULL },
		{ CONFIG_TIMEOUT, "0", -2, "from 1s to 1d" },
		{ CONFIG_ACCOUNT_ID, "012345678901", -1, NULL },
		{ CONFIG_ACCOUNT_ID, "1234-5678-9012", -2, "twelve digits" },
		{ CONFIG_EXPECTED_BUCKET_OWNER, "1", -2, "twelve digits" },
		{ CONFIG_MAX_OBJECT_SIZE, "1", 1, NULL },
		{ CONFIG_MAX_OBJECT_SIZE, "256MiB", 268435456, NULL },
		{ CONFIG_MAX_OBJECT_SIZE, "257MiB", -2, "from 1 to 256MiB" },
		{ CONFIG_MAX_OBJECT_SIZE, "0", -2, "from 1 to 256MiB" },
		{ CONFIG_STORE_MAX_SIZE, "10M", 10485760, NULL },
		{ CONFIG_STORE_MAX_SIZE, "-1", -2, "from 0 to 1024GiB" },
		{ CONFIG_MAX_API_REQUESTS_PER_DAY, "7", 7, NULL },
		{ CONFIG_MAX_API_REQUESTS_PER_DAY, "7.5", -2,
		    "a number from 0 to 1000000" },
		{ CONFIG_BUCKET, "acme-team-cache", -1, NULL },
		{ CONFIG_BUCKET, "Old_Bucket.x", -1, NULL },
		{ CONFIG_BUCKET, "s3://acme", -2, "is a URL" },
		{ CONFIG_BUCKET, "acme/team", -2, "setting 'prefix'" },
		{ CONFIG_BUCKET, "..", -2, "is no name" },
		{ CONFIG_BUCKET, "a b", -2, "bucket: 'a b' has" },
		{ CONFIG_REGION, "eu-west-1", -1, NULL },
		{ CONFIG_REGION, "eu west", -2, "a region like eu-west-1" },
		{ CONFIG_REGION, "x.evil.example/", -2, "a region" },
		{ CONFIG_PREFIX, "a/b", -1, NULL },
		{ CONFIG_PREFIX, "/a", -2, "prefix: '/a' begins with '/'" },
		{ CONFIG_PREFIX, "a/../b", -2, "segment" },
		{ CONFIG_ENDPOINT_URL, "http://127.0.0.1:9000", -1, NULL },
		{ CONFIG_ENDPOINT_URL, "https://s3.example.com/x", -1, NULL },
		{ CONFIG_ENDPOINT_URL, "ftp://x", -2, "endpoint_url: " },
		{ CONFIG_ENDPOINT_URL, "example.com", -2, "endpoint_url: " },
		{ CONFIG_ENDPOINT_URL, "https://x/?a=b", -2, "a query" },
		{ CONFIG_REFRESHED_BY, "https://ci.example/1 \xc3\xa4", -1,
		    NULL },
		{ CONFIG_REFRESHED_BY, "a\nb", -2, "one line" },
		{ CONFIG_REFRESHED_BY, "\xff", -2, "one line" },
		{ CONFIG_KMS_KEY_ID, "arn:aws:kms:eu-west-1:1:key/x", -1,
		    NULL },
	};
	char text[600];
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		const struct config_spec *spec = config_spec(rows[i].id);
		struct err err = { 0 };
		int64_t number = -3;
		int want = rows[i].number == -2 ? -1 : 0;

		is_int(config_check(spec, span_of(rows[i].text), &number,
		    &err), want, "%s = '%s'", spec->name, rows[i].text);
		if (want == 0)
			is_int(number, rows[i].number, "its number");
		else
			has_str(err.message, rows[i].message, "its message");
		is_int(err.class, want == 0 ? ERR_NONE : ERR_USAGE,
		    "its class");
	}
	memset(text, 'a', sizeof text);
	is_int(config_check(config_spec(CONFIG_REFRESHED_BY),
	    span_make(text, 511), NULL, &(struct err){ 0 }), 0,
	    "the longest text");
	is_int(config_check(config_spec(CONFIG_REFRESHED_BY),
	    span_make(text, 512), NULL, &(struct err){ 0 }), -1,
	    "a longer one");
	is_int(config_check(config_spec(CONFIG_BUCKET), span_make(text, 256),
	    NULL, &(struct err){ 0 }), -1, "a long bucket");
	is_int(config_check(config_spec(CONFIG_REGION), span_make(text, 600),
	    NULL, &(struct err){ 0 }), -1, "a long region");
	is_int(config_check(config_spec(CONFIG_REGION), span_make("a\0b", 3),
	    NULL, &(struct err){ 0 }), -1, "a NUL in a region");
}

int
main(void)
{
	test_table();
	test_values();
	return done_testing();
}
