#include "config_home.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

/* The settings file's faults, with their lines. */
static void
test_faults(void)
{
	static const struct {
		const char *text, *message, *hint;
	} rows[] = {
		{ "[default]\n\nbuket = x\n",
		    "line 3: unknown setting 'buket'; did you mean 'bucket'?",
		    "" },
		{ "[default]\nstale-if-error = 1h\n",
		    "did you mean 'stale_if_error'?", "" },
		{ "[default]\ncolour = red\n",
		    "line 2: unknown setting 'colour'", "" },
		{ "[default]\nttl = 5m\n", "line 2: ttl cannot be '5m': want "
		    "a duration from 15m to 1h", "" },
		{ "[profile other]\nttl = 5m\n", "line 2: ttl cannot be", "" },
		{ "[default]\nttl = 20m\nTTL = 30m\n",
		    "line 3: 'ttl' was set in line 2 already", "" },
		{ "[profile a]\nttl = 20m\n[default]\n[profile a]\nttl=30m\n",
		    "line 5: 'ttl' was set in line 2 already", "" },
		{ "[default]\nprefix =\nprefix = a\n", "in line 2 already",
		    "" },
		{ "[Default]\n", "line 1: unknown section [Default]; sections "
		    "are [default], [profile NAME] and [type NAME]",
		    "did you mean [default]?" },
		{ "\n[prod]\n", "line 2: unknown section [prod]",
		    "did you mean [profile prod]?" },
		{ "[profile]\n", "unknown section [profile]", "" },
		{ "[profile a b]\n", "quote the name", "" },
		{ "[profile \"a]\n", "quote the name", "" },
		{ "[profile default]\n", "write [default]", "" },
		{ "[type Big]\n", "'Big' cannot name a type", "" },
		{ "[type full-data]\n", "'full-data' is built in", "" },
		{ "[type x]\noperation=GetCostAndUsage\n",
		    "line 1: [type x] needs 'request' too", "" },
		{ "[type x]\nrequest={}\n", "line 1: [type x] needs "
		    "'operation' too", "" },
		{ "[type x]\n", "line 1: [type x] needs", "" },
		{ "[type x]\nttl=20m\n", "line 2: unknown key 'ttl'; a type "
		    "has 'operation' and 'request'", "" },
		{ "[type x]\noperation=DeleteAnomalyMonitor\n",
		    "line 2: operation cannot be", "" },
		{ "[type x]\noperation=Get/../x\n",
		    "line 2: operation cannot be", "" },
		{ "[type x]\noperation=\n", "line 2: operation cannot be ''",
		    "" },
		{ "[type x]\nrequest={\"a\":1\n", "line 2: request is not "
		    "JSON", "" },
		{ "[type x]\nrequest=[]\n", "line 2: request is not a JSON "
		    "object", "" },
		{ "[type x]\nrequest={\"a\":1,\"a\":2}\n",
		    "line 2: request is not JSON", "" },
		{ "[default]\nttl = 20m\n  lease = 19s\n",
		    "line 2: the indented line below goes on with the value "
		    "of ttl", "" },
		{ "[default]\nprefix =\n  lease = 19s\n",
		    "line 3: an indented line", "" },
		{ "ttl = 20m\n", "line 1: ", "" },
		{ "[default]\nttl\n", "line 2: ", "" },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct err err = { 0 };

		ok(load(rows[i].text, "p", NULL, NULL, &err) == NULL,
		    "fault %zu is refused", i);
		is_int(err.class, ERR_USAGE, "its class");
		has_str(err.message, rows[i].message, "its message");
		has_str(err.message, file, "its file");
		is_str(err.hint, rows[i].hint, "its hint");
	}
}

static void
test_catalog(void)
{
	static const char text[] =
	    "[profile zeta]\nteam_cache = on\n"
	    "[type untagged-by-team]      ; a data set of one's own\n"
	    "operation = GetCostAndUsage\n"
	    "request = {\"Granularity\":\"DAILY\",\n"
	    "    \"Metrics\":[\"UnblendedCost\"]}\n"
	    "[profile \"alpha beta\"]\n"
	    "[default]\n"
	    "[profile zeta]\nttl = 20m\n"
	    "[type b]\nrequest = {}\noperation = ListCostAllocationTags\n";
	struct err err = { 0 };
	const struct config_type *type;
	struct config *c = load(text, NULL, NULL, NULL, &err);

	if (!ok(c != NULL, "profiles and types load: %s", err.message))
		return;
	is_str(config_profile_name(c, 0), "zeta", "in the file's order");
	is_str(config_profile_name(c, 1), "alpha beta", "each once");
	ok(config_profile_name(c, 2) == NULL, "then no more");
	type = config_type(c, "untagged-by-team");
	if (ok(type != NULL, "a type")) {
		is_str(type->operation, "GetCostAndUsage", "operation");
		is_str(type->request, "{\"Granularity\":\"DAILY\",\n"
		    "\"Metrics\":[\"UnblendedCost\"]}", "request");
	}
	type = config_type(c, "b");
	if (ok(type != NULL, "another"))
		is_str(type->request, "{}", "its request");
	ok(config_type(c, "zeta") == NULL, "a profile is none");
	ok(config_type_at(c, 1) != NULL && config_type_at(c, 2) == NULL,
	    "both are found without their names");
	config_free(c);
}

static void
test_owners(void)
{
	struct err err = { 0 };
	struct config *c;

	write_file(file, "[default]\n", 0602);
	ok(load_at(home, NULL, NULL, &err) == NULL, "a world-writable file");
	is_int(err.class, ERR_USAGE, "is refused");
	has_str(err.hint, "chmod o-w", "with the remedy");
	ok(load_at(home, NULL, file, &err) == NULL, "when named as well");
	write_file(file, "[default]\n", 0664);
	c = load_at(home, NULL, NULL, &err);
	ok(c != NULL, "a group may write");
	config_free(c);
	if (geteuid() != 0) {
		skip_test("another owner: only root can give a file away");
		return;
	}
	write_file(file, "[default]\n", 0644);
	ok(chown(file, 12345, 12345) == 0, "give the file away");
	ok(load_at(home, NULL, NULL, &err) == NULL, "a stranger's file");
	has_str(err.message, "belongs to user 12345", "is refused");
	c = load_at(home, NULL, file, &err);
	ok(c != NULL, "but not when it was named");
	config_free(c);
}

static void
test_large(void)
{
	size_t n = ((size_t)1 << 20) + 1;
	char *text = malloc(n + 1);
	struct err err = { 0 };
	struct config *c;

	if (!ok(text != NULL, "memory"))
		return;
	memset(text, '\n', n);
	text[n] = '\0';
	ok(load(text, NULL, NULL, NULL, &err) == NULL, "more than 1 MiB");
	is_int(err.class, ERR_USAGE, "is refused");
	text[n - 1] = '\0';
	c = load(text, NULL, NULL, NULL, &(struct err){ 0 });
	ok(c != NULL, "1 MiB is not");
	config_free(c);
	free(text);
}

int
main(void)
{
	prepare();
	test_faults();
	test_catalog();
	test_owners();
	test_large();
	clean();
	return done_testing();
}
