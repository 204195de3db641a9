#include "tap.h"

#include "aws_files.h"
#include "cache/account.h"
#include "fake_aws.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

#define ACCOUNT "123456789012"
#define OTHER "210987654321"
#define ID "AWS_ACCESS_KEY_ID=AKIDENV"
#define SECRET "AWS_SECRET_ACCESS_KEY=sss"
#define PAIR "aws_access_key_id = AKIDFILE\naws_secret_access_key = sss\n"
#define ROLE "[profile p]\nrole_arn = arn:aws:iam::" ACCOUNT ":role/x\n"
#define SSO "[profile p]\nsso_account_id = " ACCOUNT "\n"

/* A command's surroundings: AWS files, variables, and an STS that plays
 * answers. */
struct scene {
	struct aws_files files;
	char home[4200], store[4200], state[4200];
	const char *variables[12];
	struct fake aws;
	struct config *config;
	struct session session;
};

static void
scene_begin(struct scene *t)
{
	aws_files_begin(&t->files);
	snprintf(t->home, sizeof t->home, "HOME=%s", t->files.directory);
	snprintf(t->store, sizeof t->store, "TEAMCACHE_DIR=%s/store",
	    t->files.directory);
	snprintf(t->state, sizeof t->state, "TEAMCACHE_STATE_DIR=%s/state",
	    t->files.directory);
}

static void
scene_open(struct scene *t, const char *config, const char *credentials,
    const char *const *variables, const char *profile, bool by_option,
    const struct fake_answer *answers, size_t count)
{
	struct config_request request = { .env = &t->files.env };
	struct session_settings set = { .env = &t->files.env,
		.clock = &t->aws.clock, .rand = &t->aws.rand,
		.profile = profile == NULL ? "default" : profile,
		.profile_named = profile != NULL,
		.profile_option = by_option };
	struct err err = { 0 };
	size_t n = 0;

	t->variables[n++] = t->home;
	t->variables[n++] = t->store;
	t->variables[n++] = t->state;
	while (n < COUNT(t->variables) - 1 && *variables != NULL)
		t->variables[n++] = *variables++;
	t->variables[n] = NULL;
	aws_files_write(&t->files, config, credentials);
	aws_files_env(&t->files, t->variables);
	fake_begin(&t->aws, answers, count);
	request.profile = set.profile;
	request.profile_named = set.profile_named;
	t->config = config_load(&request, &err);
	set.config = t->config;
	if (t->config == NULL ||
	    session_open(&t->session, &set, &err) != 0 ||
	    session_network(&t->session, &err) != 0) {
		printf("Bail out! no session: %s\n", err.message);
		exit(1);
	}
	t->session.call.http = &t->aws.http;
}

static void
scene_close(struct scene *t)
{
	session_close(&t->session);
	config_free(t->config);
	fake_end(&t->aws);
}

#define IDENTITY(account) { 200, "x-amzn-requestid: R\n", \
	"<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn</Arn>" \
	"<UserId>U</UserId><Account>" account "</Account>" \
	"</GetCallerIdentityResult></GetCallerIdentityResponse>", 0, false, 0 }
#define DENIED { 403, "x-amzn-requestid: R\n", "<ErrorResponse><Error><Code>" \
	"InvalidClientTokenId</Code><Message>no</Message></Error>" \
	"</ErrorResponse>", 0, false, 0 }

static const struct fake_answer identity = IDENTITY(ACCOUNT);

static void
test_names(struct scene *t)
{
	static const struct {
		const char *what, *config, *credentials, *variables[4],
		    *profile;
		bool by_option;
		const char *want;
		size_t requests;
	} rows[] = {
		{ "the settings' account", ROLE, NULL,
		    { "TEAMCACHE_ACCOUNT_ID=" OTHER, ID, SECRET }, "p", true,
		    OTHER, 0 },
		{ "the role's", ROLE, NULL, { NULL }, "p", true, ACCOUNT, 0 },
		{ "the role's, by AWS_PROFILE", ROLE, NULL, { NULL }, "p",
		    false, ACCOUNT, 0 },
		{ "SSO's", SSO, NULL, { NULL }, "p", true, ACCOUNT, 0 },
		{ "the role's before SSO's", ROLE "sso_account_id = " OTHER
		    "\n", NULL, { NULL }, "p", true, ACCOUNT, 0 },
		{ "--profile beats keys in the environment", ROLE, NULL,
		    { ID, SECRET, "AWS_ACCOUNT_ID=" OTHER }, "p", true,
		    ACCOUNT, 0 },
		{ "which beat AWS_PROFILE", ROLE, NULL,
		    { ID, SECRET, "AWS_ACCOUNT_ID=" OTHER }, "p", false,
		    OTHER, 0 },
		{ "with the keys of a file", NULL, "[default]\n" PAIR
		    "aws_account_id = " OTHER "\n", { NULL }, NULL, false,
		    OTHER, 0 },
		{ "asked of STS", NULL, "[default]\n" PAIR, { NULL }, NULL,
		    false, ACCOUNT, 1 },
		{ "and remembered by the key", NULL, "[default]\n" PAIR,
		    { NULL }, NULL, false, ACCOUNT, 0 },
		{ "in another profile too", NULL, "[p]\n" PAIR, { NULL }, "p",
		    true, ACCOUNT, 0 },
		{ "another key is another question", NULL, NULL,
		    { ID, SECRET }, NULL, false, ACCOUNT, 1 },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		char account[13] = "";
		struct err err = { 0 };

		scene_open(t, rows[i].config, rows[i].credentials,
		    rows[i].variables, rows[i].profile, rows[i].by_option,
		    &identity, 1);
		is_int(account_name(&t->session, account, &err), 0, "%s",
		    rows[i].what);
		if (err.class != ERR_NONE)
			note("%s", err.message);
		is_str(account, rows[i].want, "is it");
		is_uint(t->aws.used, rows[i].requests, "after so many "
		    "requests");
		scene_close(t);
	}
}

static void
test_unnamed(struct scene *t)
{
	static const struct fake_answer denied = DENIED;
	static const char *const nothing[] = {
		"AWS_EC2_METADATA_DISABLED=true", NULL };
	static const char *const fresh[] = { "AWS_ACCESS_KEY_ID=AKIDBAD",
		SECRET, NULL };
	char account[13] = "";
	struct err err = { 0 };

	scene_open(t, NULL, NULL, nothing, NULL, false, &identity, 1);
	is_int(account_name(&t->session, account, &err), -1, "no keys");
	is_int(err.class, ERR_CREDENTIALS, "are missed");
	is_uint(t->aws.used, 0, "without a request");
	scene_close(t);

	err_clear(&err);
	scene_open(t, NULL, NULL, fresh, NULL, false, &denied, 1);
	is_int(account_name(&t->session, account, &err), -1, "bad keys");
	is_int(err.class, ERR_CREDENTIALS, "are refused");
	has_str(err.message, "which account the keys belong to",
	    "and what they were for is said");
	ok(err.hint[0] != '\0', "with a hint");
	scene_close(t);
}

static void
test_prove(struct scene *t)
{
	static const char *const keys[] = { "AWS_ACCESS_KEY_ID=AKIDPROVE",
		SECRET, NULL };
	static const char *const told[] = { "AWS_ACCESS_KEY_ID=AKIDTOLD",
		SECRET, "AWS_ACCOUNT_ID=" OTHER, NULL };
	struct err err = { 0 };

	scene_open(t, NULL, NULL, keys, NULL, false, &identity, 1);
	is_int(account_prove(&t->session, ACCOUNT, &err), 0, "the account's");
	is_uint(t->aws.used, 1, "asked of STS");
	is_int(account_prove(&t->session, ACCOUNT, &err), 0, "again");
	is_uint(t->aws.used, 1, "from memory");
	is_int(account_prove(&t->session, OTHER, &err), -1, "another's");
	is_int(err.class, ERR_USAGE, "is refused");
	has_str(err.message, "'" ACCOUNT "'", "whose they are is said");
	has_str(err.message, "'" OTHER "'", "whose they should be too");
	has_str(err.hint, "--account " ACCOUNT, "and what to do");
	scene_close(t);

	err_clear(&err);
	scene_open(t, NULL, NULL, told, NULL, false, &identity, 1);
	is_int(account_prove(&t->session, OTHER, &err), -1, "a variable "
	    "proves nothing");
	is_uint(t->aws.used, 1, "STS is asked");
	err_clear(&err);
	is_int(account_prove(&t->session, ACCOUNT, &err), 0, "and decides");
	scene_close(t);
}

int
main(void)
{
	static struct scene scene;

	scene_begin(&scene);
	test_names(&scene);
	test_unnamed(&scene);
	test_prove(&scene);
	aws_files_end(&scene.files);
	return done_testing();
}
