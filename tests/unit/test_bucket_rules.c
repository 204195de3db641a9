#include "tap.h"

#include "diag/bucket_rules.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

/* Which needs a document meets, as "evmul". */
static void
met(const char *body, const char *prefix, char out[8])
{
	struct lifecycle l = { 0 };
	struct err err = { 0 };
	size_t i, n = 0;

	if (body[0] != '\0')
		is_int(lifecycle_read(span_of(body), &l, &err), 0, "read");
	for (i = 0; i < BUCKET_RULES_NEEDS; i++)
		if (bucket_rules_met(body[0] == '\0' ? NULL : &l, prefix,
		    (enum bucket_rules_need)i))
			out[n++] = "evmul"[i];
	out[n] = '\0';
	lifecycle_clear(&l);
}

#define RULES(rules) "<LifecycleConfiguration>" rules \
	"</LifecycleConfiguration>"
#define RULE(prefix, what) "<Rule><Status>Enabled</Status><Filter><Prefix>" \
	prefix "</Prefix></Filter>" what "</Rule>"
#define DAYS(n) "<Expiration><Days>" n "</Days></Expiration>"
#define OLD(n) "<NoncurrentVersionExpiration><NoncurrentDays>" n \
	"</NoncurrentDays></NoncurrentVersionExpiration>"

static void
test_met(void)
{
	static const struct {
		const char *name, *body, *prefix, *want;
	} rows[] = {
		{ "nothing", "", "", "" },
		{ "the whole bucket, 30 days", RULES(RULE("", DAYS("30"))),
		    "", "e" },
		{ "7 days do for leases", RULES(RULE("", DAYS("7"))), "p/",
		    "el" },
		{ "31 days", RULES(RULE("", DAYS("31"))), "", "" },
		{ "a rule below our tree", RULES(RULE("cache-v1/1",
		    DAYS("1"))), "", "" },
		{ "a part of the prefix", RULES(RULE("te", DAYS("8"))),
		    "team/", "e" },
		{ "another prefix", RULES(RULE("other/", DAYS("8"))),
		    "team/", "" },
		{ "disabled", RULES("<Rule><Status>Disabled</Status><Filter/>"
		    DAYS("1") "</Rule>"), "", "" },
		{ "by size", RULES("<Rule><Status>Enabled</Status><Filter>"
		    "<ObjectSizeGreaterThan>1</ObjectSizeGreaterThan>"
		    "</Filter>" DAYS("1") "</Rule>"), "", "" },
		{ "versions of entries alone", RULES(RULE("cache-v1/",
		    OLD("7"))), "", "" },
		{ "versions of both", RULES(RULE("cache-v1/", OLD("7"))
		    RULE("lease-v1/", OLD("90"))), "", "v" },
		{ "versions, too late", RULES(RULE("", OLD("91"))), "", "" },
		{ "versions, but some stay", RULES(RULE("",
		    "<NoncurrentVersionExpiration><NoncurrentDays>1"
		    "</NoncurrentDays><NewerNoncurrentVersions>2"
		    "</NewerNoncurrentVersions>"
		    "</NoncurrentVersionExpiration>")), "", "" },
	};
	char found[8];
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		met(rows[i].body, rows[i].prefix, found);
		is_str(found, rows[i].want, "%s", rows[i].name);
	}
}

static void
test_ours(void)
{
	static const char *const prefixes[] = { "", "team/a/" };
	struct bucket_rules rules, other;
	struct err err = { 0 };
	struct buf out;
	char found[8];
	size_t i;

	for (i = 0; i < COUNT(prefixes); i++) {
		buf_init(&out, 65536);
		is_int(bucket_rules_init(&rules, prefixes[i], &err), 0,
		    "rules for '%s'", prefixes[i]);
		lifecycle_write(NULL, rules.wishes, BUCKET_RULES_COUNT, &out);
		met(buf_string(&out), prefixes[i], found);
		is_str(found, "evmul", "what is written meets every need");
		met(buf_string(&out), "elsewhere/", found);
		is_str(found, "", "and none elsewhere");
		buf_clear(&out);
		bucket_rules_clear(&rules);
	}
	is_int(bucket_rules_init(&rules, "", &err), 0, "without a prefix");
	is_int(bucket_rules_init(&other, "team/a/", &err), 0, "with one");
	is_str(rules.wishes[0].id, "teamcache-entries", "the plain id");
	for (i = 0; i < BUCKET_RULES_COUNT; i++)
		ok(strcmp(rules.wishes[i].id, other.wishes[i].id) != 0,
		    "two prefixes in one bucket do not meet: %s",
		    other.wishes[i].id);
	bucket_rules_clear(&rules);
	bucket_rules_clear(&other);
}

int
main(void)
{
	test_met();
	test_ours();
	return done_testing();
}
