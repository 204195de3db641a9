#include "creds/chain.h"

#include "chain_world.h"
#include "sts_answers.h"
#include "tap.h"

static struct aws_files shared;

/* Another tool rewrites the files; a service says that our keys expired. */
static void
test_renew(void)
{
	struct err err = { 0 };
	struct profile_files *files = aws_files_load(&shared, NULL,
	    "[p]\n" PAIR("OLD"), &err);
	struct chain_settings set = { .env = &shared.env, .files = files,
	    .profile = "p", .profile_option = true, .profile_named = true };
	struct chain *chain = chain_new(&set, &err);
	const struct keys *keys;

	is_int(chain_keys(chain, false, &keys, &err), 0, "keys");
	aws_files_write(&shared, NULL, "[p]\n" PAIR("NEW"));
	is_int(chain_keys(chain, false, &keys, &err), 0, "again");
	is_str(keys->access_key_id, "OLD", "they are kept");
	is_int(chain_keys(chain, true, &keys, &err), 0, "renewed");
	is_str(keys->access_key_id, "NEW", "from the file as it is now");
	aws_files_write(&shared, NULL, "half a line");
	is_int(chain_keys(chain, true, &keys, &err), 0,
	    "a file that is being written");
	is_str(keys->access_key_id, "NEW", "leaves what there was");
	aws_files_write(&shared, NULL, NULL);
	is_int(chain_keys(chain, true, &keys, &err), -1, "files gone");
	has_str(err.message, "there is no profile 'p'", "say so");
	err_clear(&err);
	is_int(chain_keys(chain, false, &keys, &err), -1,
	    "the failure is kept");
	has_str(err.message, "there is no profile 'p'", "as it was");
	err_clear(&err);
	aws_files_write(&shared, NULL, "[p]\n" PAIR("LATER"));
	is_int(chain_keys(chain, true, &keys, &err), 0,
	    "until the next renewal");
	is_str(keys->access_key_id, "LATER", "which finds keys");
	chain_free(chain);
	profile_free(files);
}

/* A chain that finds its keys in these variables. */
static struct chain *
environment_begin(struct world *w, const char **variables)
{
	world_begin(w);
	world_set(w, NULL, variables, "default", NULL, 0);
	w->settings.profile_named = false;
	return chain_new(&w->settings, &w->err);
}

/* Keys that expire are resolved anew in time, and used until they end. */
static void
test_expiry(void)
{
	const char *variables[] = { ID, SECRET,
	    "AWS_CREDENTIAL_EXPIRATION=2026-01-02T04:04:05Z", NULL };
	const struct keys *keys;
	struct world w;
	struct chain *chain = environment_begin(&w, variables);

	is_int(chain_keys(chain, false, &keys, &w.err), 0, "an hour left");
	w.fake.elapsed_ms = 3301 * 1000;
	is_int(chain_keys(chain, false, &keys, &w.err), 0,
	    "five minutes left: resolved again");
	is_str(keys->access_key_id, "ENVKEY", "the same");
	w.shared.variables[2] = "X=";	/* the variable goes */
	w.fake.elapsed_ms = 3302 * 1000;
	is_int(chain_keys(chain, false, &keys, &w.err), 0,
	    "but not again within a minute");
	w.fake.elapsed_ms = 3400 * 1000;
	is_int(chain_keys(chain, false, &keys, &w.err), 0,
	    "a failure does no harm before the end");
	is_str(keys->access_key_id, "ENVKEY", "the old keys do");
	w.fake.elapsed_ms = 3600 * 1000;
	is_int(chain_keys(chain, false, &keys, &w.err), -1,
	    "afterwards it is one");
	has_str(w.err.message, "no AWS credentials", "with its reason");
	chain_free(chain);
	world_end(&w);
}

/* Keys that say nothing of an end are asked for once. */
static void
test_forever(void)
{
	const char *variables[] = { ID, SECRET, NULL };
	const struct keys *keys;
	struct world w;
	struct chain *chain = environment_begin(&w, variables);

	is_int(chain_keys(chain, false, &keys, &w.err), 0, "keys for ever");
	w.shared.variables[2] = "AWS_ACCESS_KEY_ID=OTHER";
	w.fake.elapsed_ms = 86400 * 1000;
	is_int(chain_keys(chain, false, &keys, &w.err), 0, "a day later");
	is_str(keys->access_key_id, "ENVKEY", "they are those");
	chain_free(chain);
	world_end(&w);
}

#define ROLE \
	"[profile q]\n" PAIR("K") \
	"[profile p]\nrole_arn = arn\nsource_profile = q\n"

/* The profile p of such a file, which a role is for. */
static void
role_begin(struct world *w, const char *config,
    const struct fake_answer *answers, size_t count)
{
	world_begin(w);
	world_set(w, config, NULL, "p", answers, count);
}

/* Not before it is time, and then once a minute. */
static void
test_due(void)
{
	static const struct fake_answer answers[] = {
		STS_ANSWER(200, STS_ROLE("ASIA1")),
		STS_ANSWER(403, STS_ERROR("AccessDenied", "no")),
		STS_ANSWER(200, STS_KEYS("AssumeRole", "ASIA2",
		    "2026-01-02T06:00:00Z", STS_ASSUMED_ARN)),
	};
	static const struct {
		int64_t at;	/* seconds */
		size_t requests;
		const char *id;
	} rows[] = {
		{ 0, 1, "ASIA1" }, { 1, 1, "ASIA1" }, { 3299, 1, "ASIA1" },
		{ 3301, 2, "ASIA1" }, { 3302, 2, "ASIA1" },
		{ 3360, 2, "ASIA1" }, { 3362, 3, "ASIA2" },
		{ 3599, 3, "ASIA2" }, { 3700, 3, "ASIA2" },
	};
	const struct keys *keys = NULL;
	struct chain *chain;
	struct world w;
	size_t i;

	role_begin(&w, ROLE, answers, sizeof answers / sizeof answers[0]);
	chain = chain_new(&w.settings, &w.err);
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		w.fake.elapsed_ms = rows[i].at * 1000;
		is_int(chain_keys(chain, false, &keys, &w.err), 0,
		    "after %d s %s", (int)rows[i].at, w.err.message);
		is_str(keys->access_key_id, rows[i].id, "its keys");
		is_uint(w.fake.used, rows[i].requests, "its requests");
	}
	chain_free(chain);
	world_end(&w);
}

/* A role with a code: asked for once, and again only when there is no other
 * way. */
static void
test_mfa(void)
{
	static const struct fake_answer answers[] = {
		STS_ANSWER(200, STS_ROLE("ASIA1")),
		STS_ANSWER(200, STS_KEYS("AssumeRole", "ASIA2",
		    "2026-01-02T06:00:00Z", STS_ASSUMED_ARN)),
	};
	struct world w;
	struct chain *chain;
	const struct keys *keys = NULL;

	role_begin(&w, ROLE "mfa_serial = me\n", answers,
	    sizeof answers / sizeof answers[0]);
	w.settings.mfa_code = "111111";
	w.answer = "222222";
	chain = chain_new(&w.settings, &w.err);
	is_int(chain_keys(chain, false, &keys, &w.err), 0, "by the code %s",
	    w.err.message);
	is_str(keys->account_id, "210987654321", "account");
	has_str(w.fake.seen[0].body, "TokenCode=111111", "sent");
	w.fake.elapsed_ms = 3400 * 1000;
	is_int(chain_keys(chain, false, &keys, &w.err), 0, "soon at an end");
	is_str(keys->access_key_id, "ASIA1", "the old keys do");
	is_int(w.questions, 0, "nobody is bothered");
	w.fake.elapsed_ms = 3700 * 1000;
	is_int(chain_keys(chain, false, &keys, &w.err), 0, "at an end");
	is_str(keys->access_key_id, "ASIA2", "new ones");
	has_str(w.fake.seen[1].body, "TokenCode=222222", "with a new code");
	chain_free(chain);
	world_end(&w);
}

/* What a service has refused is not taken from the cache again. */
static void
test_rejected(void)
{
	static const struct fake_answer answers[] = {
		STS_ANSWER(200, STS_ROLE("ASIA1")),
		STS_ANSWER(200, STS_ROLE("ASIA2")),
	};
	struct world w;
	struct chain *chain;
	const struct keys *keys = NULL;
	int i;

	role_begin(&w, ROLE, answers, sizeof answers / sizeof answers[0]);
	w.settings.state = &w.state;
	w.settings.disk_cache = true;
	for (i = 0; i < 2; i++) {
		chain = chain_new(&w.settings, &w.err);
		is_int(chain_keys(chain, false, &keys, &w.err), 0,
		    "process %d %s", i, w.err.message);
		is_str(keys->access_key_id, "ASIA1", "the same keys");
		if (i == 1) {
			is_int(chain_keys(chain, true, &keys, &w.err), 0,
			    "refused");
			is_str(keys->access_key_id, "ASIA2", "new ones");
		}
		chain_free(chain);
	}
	is_uint(w.fake.used, 2, "two requests");
	world_end(&w);
}

/* Chains of several threads: one resolves, all have what it found. */
static void
test_share(void)
{
	static const struct fake_answer answers[] = {
		STS_ANSWER(200, STS_ROLE("ASIA1")),
		STS_ANSWER(200, STS_KEYS("AssumeRole", "ASIA2",
		    "2026-01-02T06:00:00Z", STS_ASSUMED_ARN)),
		STS_ANSWER(403, STS_ERROR("AccessDenied", "no")),
	};
	const struct keys *keys = NULL, *others = NULL;
	struct chain *one, *other;
	struct world w;

	role_begin(&w, ROLE, answers, sizeof answers / sizeof answers[0]);
	w.settings.share = chain_share_new();
	one = chain_new(&w.settings, &w.err);
	other = chain_new(&w.settings, &w.err);
	is_int(chain_keys(one, false, &keys, &w.err), 0, "one asks");
	is_int(chain_keys(other, false, &others, &w.err), 0, "another too");
	is_str(others->access_key_id, "ASIA1", "and has the same");
	ok(others != keys && span_equal(secret_reveal(&others->secret_key),
	    secret_reveal(&keys->secret_key)), "as its own");
	is_str(chain_provider(other), "assume-role", "by the same provider");
	is_uint(w.fake.used, 1, "one request");
	is_int(chain_keys(one, true, &keys, &w.err), 0, "refused to one");
	is_str(keys->access_key_id, "ASIA2", "new ones");
	is_int(chain_keys(other, true, &others, &w.err), 0,
	    "refused to the other");
	is_str(others->access_key_id, "ASIA2", "they are there already");
	is_uint(w.fake.used, 2, "two requests");
	is_int(chain_keys(other, true, &others, &w.err), -1,
	    "those refused as well");
	is_uint(w.fake.used, 3, "three requests");
	err_clear(&w.err);
	is_int(chain_keys(one, false, &keys, &w.err), -1, "a failure is one");
	has_str(w.err.message, "no", "for all");
	is_uint(w.fake.used, 3, "without a request");
	chain_free(one);
	chain_free(other);
	chain_share_free(w.settings.share);
	world_end(&w);
}

int
main(void)
{
	aws_files_begin(&shared);
	test_renew();
	test_expiry();
	test_forever();
	test_due();
	test_mfa();
	test_rejected();
	test_share();
	aws_files_end(&shared);
	return done_testing();
}
