#include "creds/identity_token.h"

#include <unistd.h>

#include "base/limits.h"
#include "chain_world.h"
#include "codec/base64.h"
#include "tap.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define ROLE "AWS_ROLE_ARN=arn"

static struct world w;

static void
test_find(void)
{
	static const struct {
		const char *name;
		const char *config;
		const char *variables[5];
		bool option;
		enum identity_token_kind kind;
		const char *from;	/* its name */
		const char *text;
		const char *reason;
	} rows[] = {
		{ "nothing", NULL, { NULL }, false, IDENTITY_TOKEN_NONE, NULL,
		    NULL, "AWS_WEB_IDENTITY_TOKEN_FILE is not set; profile "
		    "'p' has no web_identity_token_file" },
		{ "a file", NULL, { "AWS_WEB_IDENTITY_TOKEN_FILE=/t" }, false,
		    IDENTITY_TOKEN_FILE, "AWS_WEB_IDENTITY_TOKEN_FILE", "/t",
		    "" },
		{ "before the profile's", "[profile p]\n"
		    "web_identity_token_file = /u\n",
		    { "AWS_WEB_IDENTITY_TOKEN_FILE=/t" }, false,
		    IDENTITY_TOKEN_FILE, "AWS_WEB_IDENTITY_TOKEN_FILE", "/t",
		    "" },
		{ "unless that was named", "[profile p]\n"
		    "web_identity_token_file = /u\n",
		    { "AWS_WEB_IDENTITY_TOKEN_FILE=/t" }, true,
		    IDENTITY_TOKEN_FILE, "web_identity_token_file", "/u",
		    "" },
		{ "a named profile without", NULL,
		    { "AWS_WEB_IDENTITY_TOKEN_FILE=/t", ROLE,
		    "CIRCLE_OIDC_TOKEN=c" }, true, IDENTITY_TOKEN_NONE, NULL,
		    NULL, "set, but a profile was named" },
		{ "the profile's before CI's", "[profile p]\n"
		    "web_identity_token_file = /u\n",
		    { ROLE, "CIRCLE_OIDC_TOKEN=c" }, false,
		    IDENTITY_TOKEN_FILE, "web_identity_token_file", "/u",
		    "" },
		{ "our variable", NULL, { ROLE,
		    "TEAMCACHE_WEB_IDENTITY_TOKEN=x", "GITLAB_OIDC_TOKEN=g" },
		    false, IDENTITY_TOKEN_VARIABLE,
		    "TEAMCACHE_WEB_IDENTITY_TOKEN", "x", "" },
		{ "GitLab", NULL, { ROLE, "GITLAB_OIDC_TOKEN=g" }, false,
		    IDENTITY_TOKEN_VARIABLE, "GITLAB_OIDC_TOKEN", "g", "" },
		{ "Bitbucket", NULL, { ROLE, "BITBUCKET_STEP_OIDC_TOKEN=b" },
		    false, IDENTITY_TOKEN_VARIABLE,
		    "BITBUCKET_STEP_OIDC_TOKEN", "b", "" },
		{ "CircleCI", NULL, { ROLE, "CIRCLE_OIDC_TOKEN=1",
		    "CIRCLE_OIDC_TOKEN_V2=2" }, false,
		    IDENTITY_TOKEN_VARIABLE, "CIRCLE_OIDC_TOKEN_V2", "2",
		    "" },
		{ "CircleCI as of old", NULL, { ROLE, "CIRCLE_OIDC_TOKEN=1" },
		    false, IDENTITY_TOKEN_VARIABLE, "CIRCLE_OIDC_TOKEN", "1",
		    "" },
		{ "not without a role", NULL, { "CIRCLE_OIDC_TOKEN=1",
		    "ACTIONS_ID_TOKEN_REQUEST_URL=u" }, false,
		    IDENTITY_TOKEN_NONE, NULL, NULL,
		    "CIRCLE_OIDC_TOKEN is set, but AWS_ROLE_ARN is not" },
		{ "nor from GitHub", NULL, {
		    "ACTIONS_ID_TOKEN_REQUEST_URL=u" }, false,
		    IDENTITY_TOKEN_NONE, NULL, NULL,
		    "ACTIONS_ID_TOKEN_REQUEST_URL is set, but AWS_ROLE_ARN is "
		    "not" },
		{ "a role without a token", NULL, { ROLE }, false,
		    IDENTITY_TOKEN_NONE, NULL, NULL,
		    "AWS_ROLE_ARN is set, but no token is there" },
		{ "GitHub", NULL, { ROLE, "ACTIONS_ID_TOKEN_REQUEST_URL=u" },
		    false, IDENTITY_TOKEN_GITHUB,
		    "ACTIONS_ID_TOKEN_REQUEST_URL", "u", "" },
		{ "GitHub without permission", NULL, { ROLE,
		    "GITHUB_ACTIONS=true" }, false, IDENTITY_TOKEN_NONE, NULL,
		    NULL, "has it with 'permissions: id-token: write'" },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct identity_token t;

		world_set(&w, rows[i].config, rows[i].variables, "p", NULL,
		    0);
		w.settings.profile_option = rows[i].option;
		t = identity_token_find(&w.input);
		is_int(t.kind, rows[i].kind, "%s", rows[i].name);
		is_str(t.name, rows[i].from, "its name");
		is_str(t.text, rows[i].text, "its text");
		has_str(w.input.reason, rows[i].reason, "reason");
	}
	has_str(w.input.advice, "id-token: write", "and the advice");
}

static int
get(enum identity_token_kind kind, const char *text, struct secret *token)
{
	const struct identity_token from = { .kind = kind, .text = text,
	    .name = "X" };

	secret_clear(token);
	err_clear(&w.err);
	return identity_token_get(&from, &w.input, token, &w.err);
}

static void
test_get(void)
{
	static const struct fake_answer answer = { 200, NULL,
	    "{\"value\":\"g.h.i\"}", 0, false, 0 };
	static const char *const variables[] = {
	    "ACTIONS_ID_TOKEN_REQUEST_TOKEN=job", NULL };
	const char *path = sandbox_path(w.shared.directory, "token");
	struct secret token = { 0 };
	char large[LIMIT_IDENTITY_TOKEN + 2];

	world_set(&w, NULL, variables, "p", &answer, 1);
	is_int(get(IDENTITY_TOKEN_FILE, path, &token), -1, "no file");
	has_str(w.err.message, "' of X is not there", "says so");
	is_int(sandbox_write(path, " a.b.c\r\n"), 0, "(written)");
	is_int(get(IDENTITY_TOKEN_FILE, path, &token), 0, "a file %s",
	    w.err.message);
	is_span(secret_reveal(&token), "a.b.c", "trimmed");
	is_int(sandbox_write(path, "d.e.f"), 0, "(another)");
	is_int(get(IDENTITY_TOKEN_FILE, path, &token), 0, "again");
	is_span(secret_reveal(&token), "d.e.f", "read anew");
	is_int(sandbox_write(path, "\n"), 0, "(empty)");
	is_int(get(IDENTITY_TOKEN_FILE, path, &token), -1, "an empty file");
	has_str(w.err.message, "of X holds nothing", "says so: %s",
	    w.err.message);
	is_int(get(IDENTITY_TOKEN_FILE, w.shared.directory, &token), -1,
	    "a directory");
	has_str(w.err.message, "the token file of X: ", "says so");
	is_int(get(IDENTITY_TOKEN_VARIABLE, "a.b.c\n", &token), 0,
	    "a variable");
	is_span(secret_reveal(&token), "a.b.c", "trimmed");
	is_int(get(IDENTITY_TOKEN_VARIABLE, "a b", &token), -1, "prose");
	is_str(w.err.message, "X holds something else than a token",
	    "says so, without it");
	memset(large, 'x', sizeof large);
	large[sizeof large - 1] = '\0';
	is_int(get(IDENTITY_TOKEN_VARIABLE, large, &token), -1,
	    "more than STS takes");
	large[sizeof large - 2] = '\0';
	is_int(get(IDENTITY_TOKEN_VARIABLE, large, &token), 0,
	    "as much as STS takes");
	is_int(get(IDENTITY_TOKEN_GITHUB, "https://h/", &token), 0,
	    "GitHub %s", w.err.message);
	is_span(secret_reveal(&token), "g.h.i", "its answer");
	secret_clear(&token);
}

static void
test_claims(void)
{
	static const struct {
		const char *payload;	/* NULL: no JWT at all */
		bool brief;
		const char *claims;
	} rows[] = {
		{ "{\"sub\":\"repo:o/r\",\"iss\":\"https://i\",\"x\":1,"
		    "\"aud\":[\"a\",\"b\"],\"exp\":1767326645}", true,
		    "iss \"https://i\", aud [\"a\",\"b\"], sub \"repo:o/r\", "
		    "exp 2026-01-02T04:04:05Z" },
		{ "{\"sub\":\"s\",\"exp\":1767326645}", false,
		    "sub \"s\"" },
		{ "{}", true, "" },
		{ "[1]", true, "" },
		{ "{", true, "" },
		{ NULL, true, "" },
	};
	struct secret token = { 0 };
	struct err err = { 0 };
	struct buf text, out;
	size_t i;

	buf_init(&text, 4096);
	buf_init(&out, 4096);
	for (i = 0; i < COUNT(rows); i++) {
		buf_reset(&text);
		buf_reset(&out);
		buf_add_string(&text, "head.");
		if (rows[i].payload != NULL)
			base64_encode_url(span_of(rows[i].payload), &text);
		if (rows[i].payload != NULL)
			buf_add_string(&text, ".signature");
		is_int(secret_set(&token, buf_view(&text), &err), 0,
		    "claims %zu", i);
		identity_token_claims(&token, rows[i].brief, &out);
		is_str(buf_string(&out), rows[i].claims, "as they are");
	}
	secret_clear(&token);
	buf_clear(&text);
	buf_clear(&out);
}

int
main(void)
{
	world_begin(&w);
	test_find();
	test_get();
	test_claims();
	world_end(&w);
	return done_testing();
}
