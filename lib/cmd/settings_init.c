#include "cmd/settings_init.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/profile.h"
#include "base/limits.h"
#include "cache/account.h"
#include "cache/config_write.h"
#include "cache/key.h"
#include "cache/memo.h"
#include "cmd/setup.h"
#include "sys/terminal.h"

#define ANSWER_MAX 1024
#define PROFILES_MAX 16

/* What the questions gave. */
struct answers {
	struct command_input *input;
	const char *path;
	struct profile_files *files;
	struct buf profiles;	/* names, LF between */
	struct buf bucket;
	struct buf region;	/* empty: found out each time */
	char account[13];	/* of the first profile; "" not known */
	bool aws;		/* the bucket is at AWS */
};

static int
no_terminal(struct err *err)
{
	if (err->class != ERR_NONE && err->class != ERR_CREDENTIALS)
		return -1;
	err_clear(err);
	err_set(err, ERR_USAGE, "config init asks at a terminal, and nobody "
	    "answers there");
	err_hint(err, "teamcache config set bucket NAME region REGION\n"
	    "teamcache config set --profile NAME team_cache on");
	return -1;
}

/* One answer into out; an empty one is the proposal's. */
static int
ask(const char *question, const char *proposal, struct buf *out,
    struct err *err)
{
	struct buf text;
	bool answered;

	buf_init(&text, ANSWER_MAX * 2);
	if (proposal != NULL && proposal[0] != '\0')
		buf_addf(&text, "%s [%s]: ", question, proposal);
	else
		buf_addf(&text, "%s: ", question);
	buf_reset(out);
	answered = terminal_ask(NULL, buf_string(&text), out, err);
	buf_clear(&text);
	if (!answered)
		return no_terminal(err);
	if (out->n == 0 && proposal != NULL)
		buf_add_string(out, proposal);
	return 0;
}

/* Yes or no; an empty answer is the proposal's. 1, 0, -1 with err. */
static int
confirm(const char *question, bool proposal, struct err *err)
{
	struct buf answer;
	int result = -1;

	buf_init(&answer, ANSWER_MAX);
	while (ask(question, proposal ? "Y/n" : "y/N", &answer, err) == 0) {
		struct span s = buf_view(&answer);

		if (span_is(s, "Y/n") || span_is_nocase(s, "y") ||
		    span_is_nocase(s, "yes")) {
			result = 1;
			break;
		}
		if (span_is(s, "y/N") || span_is_nocase(s, "n") ||
		    span_is_nocase(s, "no")) {
			result = 0;
			break;
		}
	}
	buf_clear(&answer);
	return result;
}

/* Ask until the setting's own rules are met. */
static int
ask_setting(const struct answers *a, const char *question, enum config_id id,
    const char *proposal, bool needed, struct buf *out, struct err *err)
{
	struct err wrong;

	for (;;) {
		if (ask(question, proposal, out, err) != 0)
			return -1;
		if (out->n == 0 && !needed)
			return 0;
		err_clear(&wrong);
		if (config_check(config_spec(id), buf_view(out), NULL,
		    &wrong) == 0)
			return 0;
		log_error(a->input->log, &wrong);
	}
}

/* The names that one can choose from, for the question. */
static void
propose_profiles(const struct answers *a, struct buf *question,
    const char **proposal)
{
	const char *name;
	size_t i;
	bool named;

	*proposal = profile_select(a->input->process->env, NULL, &named);
	if (!named && !profile_exists(a->files, *proposal) &&
	    profile_name(a->files, 0) != NULL)
		*proposal = profile_name(a->files, 0);
	buf_add_string(question, "AWS profiles whose figures are shared, "
	    "blanks between");
	for (i = 0; i < PROFILES_MAX &&
	    (name = profile_name(a->files, i)) != NULL; i++)
		buf_addf(question, "%s%s", i == 0 ? " (there are: " : ", ",
		    name);
	if (i > 0)
		buf_add_string(question, profile_name(a->files, i) == NULL ?
		    ")" : ", ...)");
}

static int
take_profiles(struct answers *a, struct span list, struct err *err)
{
	struct span rest = list, name;

	buf_reset(&a->profiles);
	while (rest.n > 0) {
		(void)span_split(rest, ' ', &name, &rest);
		if (name.n == 0)
			continue;
		if (name.p[name.n - 1] == ',')
			name.n--;
		buf_addf(&a->profiles, "%s%.*s", a->profiles.n > 0 ? "\n" : "",
		    (int)name.n, name.p);
	}
	return buf_check(&a->profiles, "the list of profiles", err);
}

static int
ask_profiles(struct answers *a, struct err *err)
{
	const char *proposal;
	struct buf question, answer;
	int result = 0;

	buf_init(&question, ANSWER_MAX);
	buf_init(&answer, ANSWER_MAX);
	propose_profiles(a, &question, &proposal);
	while (result == 0 && a->profiles.n == 0) {
		result = ask(buf_string(&question), proposal, &answer, err);
		if (result == 0)
			result = take_profiles(a, buf_view(&answer), err);
	}
	buf_clear(&question);
	buf_clear(&answer);
	return result;
}

/* The first chosen profile, in a buffer of its own. */
static char *
first_profile(const struct answers *a)
{
	struct span first, rest;

	(void)span_split(buf_view(&a->profiles), '\n', &first, &rest);
	return span_dup(first);
}

static int
put_option(const char *argv[], int argc, const char *name, const char *value)
{
	if (value == NULL)
		return argc;
	argv[argc] = name;
	argv[argc + 1] = value;
	return argc + 2;
}

static int
try_bucket(struct answers *a, struct setup *setup, struct err *err)
{
	struct s3 *s3;
	struct err ignored = { 0 };
	enum s3_outcome outcome;

	if (setup_session(setup, err) != 0)
		return -1;
	session_deadline(&setup->session, setup_timeout_ms(setup));
	if (account_name(&setup->session, a->account, &ignored) != 0)
		a->account[0] = '\0';
	if ((s3 = session_s3(&setup->session, err)) == NULL)
		return -1;
	/* Not HEAD: its errors have no body that names the bucket. */
	outcome = s3_get(s3, KEY_ROOT "nothing", NULL, LIMIT_ERROR_BODY, err);
	a->aws = s3_is_aws(s3);
	return outcome == S3_ERROR ? -1 : 0;
}

/*
 * As the first profile would use it, with what was answered where written is
 * false, else with what the file says by now. 0; 1 when it did not answer as
 * it should, with *wrong; -1 with err.
 */
static int
test_bucket(struct answers *a, bool written, struct err *wrong,
    struct err *err)
{
	const char *argv[10];
	struct command_input input = *a->input;
	struct options *options = NULL;
	struct setup setup = { 0 };
	char *profile = first_profile(a);
	int argc = 0, result = -1;

	if (profile == NULL)
		return err_memory(err);
	/* [default] is anybody's, keys of the environment too. */
	argc = put_option(argv, argc, "--profile",
	    strcmp(profile, "default") == 0 ? NULL : profile);
	argc = put_option(argv, argc, "--config",
	    option_text(a->input->options, OPTION_CONFIG));
	if (!written) {
		argc = put_option(argv, argc, "--bucket",
		    buf_string(&a->bucket));
		argc = put_option(argv, argc, "--region", a->region.n == 0 ?
		    NULL : buf_string(&a->region));
		argc = put_option(argv, argc, "--endpoint-url", option_text(
		    a->input->options, OPTION_ENDPOINT_URL));
	}
	options = option_parse(input.command, argc, argv, err);
	if (options == NULL)
		goto out;
	input.options = options;
	if (setup_load(&setup, &input, NULL, err) != 0)
		goto out;
	result = try_bucket(a, &setup, wrong) == 0 ? 0 : 1;
	if (wrong->class == ERR_INTERRUPTED ||
	    wrong->class == ERR_TERMINATED) {
		*err = *wrong;
		result = -1;
	} else if (result == 1 && !written) {
		log_error(a->input->log, wrong);
		setup_advise(&setup, &input, wrong, "s3:GetObject",
		    a->account);
	}
out:
	setup_close(&setup);
	option_free(options);
	free(profile);
	return result;
}

static int
write_section(const struct answers *a, enum config_section section,
    struct span name, const struct config_change *changes, size_t count,
    struct err *err)
{
	struct memo memo = { .root = { .fd = -1 } };
	struct config_write write = {
		.path = a->path,
		.named = option_given(a->input->options, OPTION_CONFIG),
		.place = { section, name },
		.changes = changes,
		.count = count,
		.state = &memo.root,
		.clock = a->input->process->clock,
	};
	bool changed;
	int result;

	if (memo_open(&memo, a->input->process->env, err) != 0)
		return -1;
	result = config_write(&write, &changed, err);
	memo_close(&memo);
	return result;
}

static size_t
add(struct config_change *changes, size_t n, const char *key,
    struct span value)
{
	if (value.n == 0)
		return n;
	changes[n].key = key;
	changes[n].value = value;
	changes[n].unset = false;
	return n + 1;
}

static int
write_all(const struct answers *a, struct err *err)
{
	struct config_change changes[4];
	struct span rest = buf_view(&a->profiles), name;
	size_t n = 0;
	bool first = true;

	n = add(changes, n, "team_cache", span_of("on"));
	n = add(changes, n, "bucket", buf_view(&a->bucket));
	n = add(changes, n, "region", buf_view(&a->region));
	n = add(changes, n, "endpoint_url", span_of(option_text(
	    a->input->options, OPTION_ENDPOINT_URL)));
	if (write_section(a, CONFIG_SECTION_DEFAULT, span_make(NULL, 0),
	    changes, n, err) != 0)
		return -1;
	for (; rest.n > 0; first = false) {
		(void)span_split(rest, '\n', &name, &rest);
		n = add(changes, 0, "team_cache", span_of("on"));
		/* Whose keys the others are was not asked. */
		if (first)
			n = add(changes, n, "account_id",
			    span_of(a->account));
		if (span_is(name, "default"))
			continue;
		if (write_section(a, CONFIG_SECTION_PROFILE, name, changes, n,
		    err) != 0)
			return -1;
	}
	return 0;
}

/* That the account owns the bucket is proved by naming it: a request that
 * names another owner is denied. */
static int
write_owner(struct answers *a, struct err *err)
{
	struct config_change change = { "expected_bucket_owner",
		span_of(a->account), false };
	struct err wrong = { 0 };
	int result;

	if (!a->aws || a->account[0] == '\0')
		return 0;
	if (write_section(a, CONFIG_SECTION_DEFAULT, span_make(NULL, 0),
	    &change, 1, err) != 0)
		return -1;
	if ((result = test_bucket(a, true, &wrong, err)) <= 0)
		return result;
	change.unset = true;
	return write_section(a, CONFIG_SECTION_DEFAULT, span_make(NULL, 0),
	    &change, 1, err);
}

static int
ask_all(struct answers *a, const struct config *now, struct err *err)
{
	if (ask_profiles(a, err) != 0 ||
	    ask_setting(a, "The team's S3 bucket", CONFIG_BUCKET,
	    config_text(now, CONFIG_BUCKET), true, &a->bucket, err) != 0)
		return -1;
	return ask_setting(a, "Its region (empty: found out)", CONFIG_REGION,
	    config_text(now, CONFIG_REGION), false, &a->region, err);
}

static int
run(struct answers *a, const struct config *now, struct err *err)
{
	struct output *o = a->input->output;
	struct err why = { 0 };
	int wrong, yes = 1;

	if (ask_all(a, now, err) != 0 ||
	    (wrong = test_bucket(a, false, &why, err)) < 0)
		return -1;
	if (wrong > 0)
		yes = confirm("The bucket did not answer as it should. Write "
		    "the settings all the same?", false, err);
	if (yes < 0)
		return -1;
	if (yes == 0) {
		output_text(o, "nothing was written\n");
		return 0;
	}
	if (write_all(a, err) != 0 ||
	    (wrong == 0 && write_owner(a, err) != 0))
		return -1;
	output_text(o, "wrote ");
	output_clean(o, span_of(a->path));
	output_format(o, "\n%s\n", wrong > 0 ?
	    "next: teamcache verify-bucket --create, or teamcache doctor" :
	    "next: teamcache verify-bucket, then teamcache fetch");
	return 0;
}

int
settings_init(struct command_input *input, const char *path, struct err *err)
{
	struct answers a = { .input = input, .path = path };
	struct setup setup = { 0 };
	int result = -1;

	buf_init(&a.profiles, ANSWER_MAX);
	buf_init(&a.bucket, ANSWER_MAX);
	buf_init(&a.region, ANSWER_MAX);
	if (option_given(input->options, OPTION_JSON))
		err_set(err, ERR_USAGE, "config init talks to a person and "
		    "has no --json form");
	else if (setup_load(&setup, input, NULL, err) == 0 &&
	    (a.files = profile_load(input->process->env, err)) != NULL)
		result = run(&a, setup.config, err);
	profile_free(a.files);
	setup_close(&setup);
	buf_clear(&a.profiles);
	buf_clear(&a.bucket);
	buf_clear(&a.region);
	return result;
}
