#include "aws/bucket_name.h"

#include "aws/endpoint.h"
#include "tap.h"

static const struct {
	const char *bucket;
	const char *region;
	const char *says;	/* NULL: fine */
} names[] = {
	{ "", NULL, "is empty" },
	{ "ab", NULL, "shorter than 3" },
	{ "a..b", NULL, "two dots" },
	{ "192.168.1.1", NULL, "IP address" },
	{ "1.2.3", "eu-west-1", NULL },
	{ "a.b.c.d", "eu-west-1", NULL },
	{ "1.2.3.4a", "eu-west-1", NULL },
	{ "Upper", "eu-west-1", "capital" },
	{ "under_score", "eu-west-1", "capital letter or '_'" },
	{ "Upper", NULL, NULL },
	{ "-abc", "eu-west-1", "begin and end" },
	{ "abc-", "eu-west-1", "begin and end" },
	{ "abc/def", NULL, "'prefix'" },
	{ "s3://abc", NULL, "is a URL" },
	{ "a b c", NULL, "character" },
	{ "b\303\274cket", NULL, "character" },
	{ "arn:aws:s3:::abc", NULL, "ARN" },
	{ "foo.mrap", NULL, "multi-Region" },
	{ "b--use1-az4--x-s3", NULL, "directory bucket" },
	{ "b--ol-s3", NULL, "Object Lambda" },
	{ "b--table-s3", NULL, "table bucket" },
	{ "xn--abc", NULL, "reserves" },
	{ "sthree-abc", NULL, "reserves" },
	{ "amzn-s3-demo-abc", NULL, "reserves" },
	{ "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcd",
	    "eu-west-1", "longer than 63" },
	{ "abc", "EU-west-1", "not a region" },
	{ "abc", "eu.west", "not a region" },
	{ "abc", "-eu", "not a region" },
	{ "abc", "eu-west-1-that-is-longer-than-a-label-of-a-host-may-be-by-a-char",
	    "not a region" },
};

static void
test_names(void)
{
	struct endpoint_settings s = { 0 };
	struct endpoint e;
	char long_name[300];
	size_t i;

	for (i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct err err = { 0 };
		int result = endpoint_bucket(names[i].bucket,
		    names[i].region, NULL, ENDPOINT_AUTO, &s, &e, &err);

		if (names[i].says == NULL) {
			is_int(result, 0, "fine: '%s'", names[i].bucket);
			continue;
		}
		is_int(result, -1, "refused: '%s'", names[i].bucket);
		is_int(err.class, ERR_USAGE, "as usage");
		has_str(err.message, names[i].says, "with the reason");
	}
	memset(long_name, 'a', sizeof long_name);
	long_name[255] = '\0';
	ok(bucket_name_fault(long_name, BUCKET_NAME_OLD) == NULL,
	    "255 characters of old");
	is_int(endpoint_bucket(long_name, NULL, "http://h/base",
	    ENDPOINT_AUTO, &s, &e, &(struct err){ 0 }), 0,
	    "and their path fits");
	memset(long_name, 'a', sizeof long_name);
	long_name[256] = '\0';
	ok(bucket_name_fault(long_name, BUCKET_NAME_OLD) != NULL, "not 256");
	ok(bucket_name_fault(long_name, BUCKET_NAME_ANY) != NULL,
	    "not anywhere");
}

int
main(void)
{
	test_names();
	return done_testing();
}
