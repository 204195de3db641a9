#include "cmd/settings_init.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/profile.h"
#include "base/limits.h"
#include "cache/account.h"
#include "cache/key.h"
#include "cmd/bucket_owner.h"
#include "cmd/confirm.h"
#include "cmd/question.h"
#include "cmd/settings_write.h"
#include "cmd/setup.h"
#include "sys/interrupt.h"

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
	bool looked, fit;	/* what verify-bucket said, if it ran */
};

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

	buf_init(&question, QUESTION_MAX);
	buf_init(&answer, QUESTION_MAX);
	propose_profiles(a, &question, &proposal);
	while (result == 0 && a->profiles.n == 0) {
		result = question_ask(buf_string(&question), proposal, &answer,
		    err);
		if (result == 0)
			result = take_profiles(a, buf_view(&answer), err);
	}
	buf_clear(&question);
	buf_clear(&answer);
	return result;
}

/* A command as the first profile's user would give it. */
struct line {
	struct command_input input;
	const char *argv[12];
	int argc;
	char *profile;
	struct options *options;
};

static void
put_word(struct line *line, const char *word)
{
	line->argv[line->argc++] = word;
}

static void
put_option(struct line *line, const char *name, const char *value)
{
	if (value == NULL)
		return;
	put_word(line, name);
	put_word(line, value);
}

/*
 * With what was answered where written is false, else with what the file says
 * by now. flag may be NULL. Close it in any case.
 */
static int
line_open(struct line *line, const struct answers *a,
    const struct command *command, const char *flag, bool written,
    struct err *err)
{
	const struct options *given = a->input->options;
	struct span first, rest;

	memset(line, 0, sizeof *line);
	line->input = *a->input;
	line->input.command = command;
	(void)span_split(buf_view(&a->profiles), '\n', &first, &rest);
	if ((line->profile = span_dup(first)) == NULL)
		return err_memory(err);
	if (flag != NULL)
		put_word(line, flag);
	/* [default] is anybody's, keys of the environment too. */
	if (strcmp(line->profile, "default") != 0)
		put_option(line, "--profile", line->profile);
	put_option(line, "--config", option_text(given, OPTION_CONFIG));
	if (!written) {
		put_option(line, "--bucket", buf_string(&a->bucket));
		if (a->region.n > 0)
			put_option(line, "--region", buf_string(&a->region));
		put_option(line, "--endpoint-url",
		    option_text(given, OPTION_ENDPOINT_URL));
	}
	line->options = option_parse(command, line->argc, line->argv, err);
	line->input.options = line->options;
	return line->options == NULL ? -1 : 0;
}

static void
line_close(struct line *line)
{
	option_free(line->options);
	free(line->profile);
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
	return outcome == S3_ERROR ? -1 : 0;
}

/* 0; 1 when it did not answer as it should, with *wrong; -1 with err. */
static int
test_bucket(struct answers *a, struct err *wrong, struct err *err)
{
	struct setup setup = { 0 };
	struct line line;
	int result = -1;

	err_clear(wrong);
	if (line_open(&line, a, a->input->command, NULL, false, err) != 0 ||
	    setup_load(&setup, &line.input, NULL, err) != 0)
		goto out;
	result = try_bucket(a, &setup, wrong) == 0 ? 0 : 1;
	if (err_interrupted(wrong)) {
		*err = *wrong;
		result = -1;
	} else if (result == 1) {
		log_error(a->input->log, wrong);
		setup_advise(&setup, &line.input, wrong, a->account);
	}
out:
	setup_close(&setup);
	line_close(&line);
	return result;
}

/* 0 the bucket is fit; 1 it is not, which was told; -1 with err. */
static int
verify(const struct answers *a, const char *flag, bool written,
    struct err *err)
{
	struct err wrong = { 0 };
	struct line line;
	int result, status = 0;

	if ((result = line_open(&line, a, &command_verify_bucket, flag,
	    written, err)) == 0) {
		result = line.input.command->run(&line.input, &status, &wrong);
		/* Who says no to the changes has not interrupted this. */
		if (result != 0 && interrupt_count() > 0)
			*err = wrong;
		else if (result != 0 || status != 0)
			result = 1;
		if (result == 1)
			log_error(a->input->log, &wrong);
	}
	line_close(&line);
	return result;
}

static int
write_section(const struct answers *a, enum config_section section,
    struct span name, const struct config_change *changes, size_t count,
    struct err *err)
{
	struct config_write write = {
		.path = a->path,
		.place = { section, name },
		.changes = changes,
		.count = count,
	};
	bool changed;

	return settings_write(a->input, &write, &changed, err);
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

static int
write_owner(const struct answers *a, struct err *err)
{
	struct setup setup = { 0 };
	char account[13];
	struct line line;
	int result = -1;

	if (line_open(&line, a, a->input->command, NULL, true, err) == 0 &&
	    setup_open(&setup, &line.input, err) == 0)
		result = bucket_owner_record(&line.input, &setup, account,
		    err);
	setup_close(&setup);
	line_close(&line);
	return result;
}

static int
ask_all(struct answers *a, const struct config *now, struct err *err)
{
	const struct question_setting bucket = {
		.question = "The team's S3 bucket",
		.id = CONFIG_BUCKET,
		.proposal = config_text(now, CONFIG_BUCKET),
		.needed = true,
		.log = a->input->log,
	}, region = {
		.question = "Its region (empty: found out)",
		.id = CONFIG_REGION,
		.proposal = config_text(now, CONFIG_REGION),
		.log = a->input->log,
	};

	if (ask_profiles(a, err) != 0 ||
	    question_setting(&bucket, &a->bucket, err) != 0)
		return -1;
	return question_setting(&region, &a->region, err);
}

/*
 * An offer to do what `verify-bucket` does with that flag. Its own questions
 * are asked on stderr, so that it is made only where somebody reads them.
 */
static int
offer(struct answers *a, const char *question, const char *flag,
    bool written, struct err *err)
{
	struct err ignored = { 0 };
	int yes, result;

	if (confirm_possible(a->input, flag, &ignored) != 0)
		return 0;
	if (output_finish(a->input->output, err) != 0)
		return -1;
	if ((yes = question_confirm(question, err)) <= 0)
		return yes;
	if ((result = verify(a, flag, written, err)) < 0 ||
	    output_finish(a->input->output, err) != 0)
		return -1;
	a->looked = true;
	a->fit = result == 0;
	return 0;
}

/* The bucket answers, now or after it was made: 0; 1 it does not; -1. */
static int
find_bucket(struct answers *a, struct err *err)
{
	struct err why = { 0 };
	int wrong = test_bucket(a, &why, err);

	if (wrong <= 0 || strcmp(why.code, "NoSuchBucket") != 0)
		return wrong;
	if (offer(a, "Make it and set it up (verify-bucket --create)?",
	    "--create", false, err) != 0)
		return -1;
	return a->looked ? test_bucket(a, &why, err) : 1;
}

static int
finish(struct answers *a, bool wrong, struct err *err)
{
	struct output *o = a->input->output;

	if (write_all(a, err) != 0 || (!wrong && write_owner(a, err) != 0))
		return -1;
	output_text(o, "wrote ");
	output_clean(o, span_of(a->path));
	output_text(o, "\n");
	if (!wrong && !a->looked && offer(a, "Prove that the bucket is fit, "
	    "and mend what is not (verify-bucket --fix)?", "--fix", true,
	    err) != 0)
		return -1;
	output_format(o, "next: %s\n", wrong ?
	    "teamcache verify-bucket --create, or teamcache doctor" : a->fit ?
	    "teamcache fetch" :
	    "teamcache verify-bucket, then teamcache fetch");
	return 0;
}

static int
run(struct answers *a, const struct config *now, struct err *err)
{
	int wrong, yes = 1;

	if (ask_all(a, now, err) != 0 ||
	    (wrong = find_bucket(a, err)) < 0)
		return -1;
	if (wrong > 0)
		yes = question_confirm("The bucket did not answer as it "
		    "should. Write the settings all the same?", err);
	if (yes < 0)
		return -1;
	if (yes == 0) {
		output_text(a->input->output, "nothing was written\n");
		return 0;
	}
	return finish(a, wrong > 0, err);
}

int
settings_init(struct command_input *input, const char *path, struct err *err)
{
	struct answers a = { .input = input, .path = path };
	struct setup setup = { 0 };
	int result = -1;

	buf_init(&a.profiles, QUESTION_MAX);
	buf_init(&a.bucket, QUESTION_MAX);
	buf_init(&a.region, QUESTION_MAX);
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
