#include "cmd/command.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "cmd/doctor_print.h"
#include "cmd/doctor_report.h"
#include "cmd/github.h"
#include "cmd/setup.h"
#include "diag/check.h"
#include "diag/exam.h"
#include "sys/file.h"

static const enum option_id options[] = {
	OPTION_ONLY, OPTION_SKIP, OPTION_QUICK, OPTION_PROBE_CE,
	OPTION_ALL_PROFILES, OPTION_REPORT, OPTION_REDACT,
};

static const int statuses[] = { 0, 1, 2, 4, 10, 130, 143, -1 };

#define TIMEOUT_MS 30000

/* Nobody wants to wait for what is broken; a hiccup is none. */
#define ATTEMPTS 2

/* One profile, with what belongs to it. */
struct visit {
	struct setup setup;
	struct err settings;	/* why they cannot be used */
	struct err session;	/* why there is none */
	struct exam exam;
	bool examined;
	struct check_list empty;	/* in place of an exam's */
};

struct visits {
	const struct command_input *input;
	struct exam_request request;	/* what all have in common */
	int64_t deadline_ms;	/* on the elapsed clock */
	struct visit *items;
	struct doctor_patient *patients;
	size_t count;
};

/* Is it the one check that has an object and an exit status of its own? */
static bool
only_credentials(const struct visits *v)
{
	const char *only = v->request.selection.only;

	return only != NULL && strcmp(only, "credentials") == 0;
}

/*
 * Checks need as little as possible: where our settings cannot be used, they
 * go on as if there were none, and say so.
 */
static int
open_session(struct visit *visit, const struct command_input *input,
    const char *profile, struct err *err)
{
	if (setup_load(&visit->setup, input, profile, &visit->settings) == 0) {
		/* The name may be another file's; ours stays open. */
		visit->setup.settings.profile =
		    config_profile(visit->setup.config);
		if (!option_given(input->options, OPTION_MAX_ATTEMPTS))
			visit->setup.settings.max_attempts = ATTEMPTS;
		if (setup_session(&visit->setup, &visit->settings) == 0)
			return 0;
	}
	setup_close(&visit->setup);
	if (visit->settings.class == ERR_INTERNAL) {
		*err = visit->settings;
		return -1;
	}
	if (setup_load_bare(&visit->setup, input, profile, err) != 0)
		return -1;
	(void)setup_session(&visit->setup, &visit->session);
	return 0;
}

/* The AWS files cannot be read: there is nothing to go on with. */
static int
give_up(struct visit *visit, struct doctor_patient *p, struct err *err)
{
	struct check_result *r = check_add(&visit->empty, "credentials", err);

	if (r == NULL)
		return -1;
	check_set(r, CHECK_FAIL, "%s", visit->session.message);
	if (visit->session.hint[0] != '\0')
		check_fix(r, "%s", visit->session.hint);
	p->list = &visit->empty;
	p->credentials = &visit->session;
	return 0;
}

static int
examine(struct visits *v, const char *profile, struct err *err)
{
	struct visit *visit = &v->items[v->count];
	struct doctor_patient *p = &v->patients[v->count++];
	const struct clock *clock = v->input->process->clock;
	struct exam_request rq = v->request;

	p->masked = option_given(v->input->options, OPTION_REDACT);
	if (open_session(visit, v->input, profile, err) != 0)
		return -1;
	p->profile = visit->setup.settings.profile;
	if (visit->session.class != ERR_NONE)
		return give_up(visit, p, err);
	session_deadline(&visit->setup.session,
	    v->deadline_ms - clock_elapsed_ms(clock));
	rq.session = &visit->setup.session;
	rq.settings = &visit->settings;
	exam_init(&visit->exam, &rq);
	visit->examined = true;
	p->exam = &visit->exam;
	p->list = &visit->exam.list;
	p->credentials = &visit->exam.credentials;
	(void)exam_run(&visit->exam, &p->stopped);
	if (p->masked)
		doctor_report_mask_list(&visit->exam.list);
	return 0;
}

static int
allocate(struct visits *v, size_t count, struct err *err)
{
	v->items = calloc(count, sizeof *v->items);
	v->patients = calloc(count, sizeof *v->patients);
	return v->items == NULL || v->patients == NULL ? err_memory(err) : 0;
}

/* Every profile of the settings that has the team cache on. */
static int
examine_all(struct visits *v, struct err *err)
{
	struct setup first = { 0 };
	const char *name, *why;
	int result = -1, on;
	size_t i, n = 0;

	if (setup_load(&first, v->input, NULL, err) != 0)
		goto out;
	while (config_profile_name(first.config, n) != NULL)
		n++;
	if (allocate(v, n + 1, err) != 0)
		goto out;
	for (i = 0; (name = config_profile_name(first.config, i)) != NULL;
	    i++) {
		struct setup setup = { 0 };

		on = setup_load(&setup, v->input, name, err) != 0 ? -1 :
		    config_team_cache(setup.config, &why, err);
		setup_close(&setup);
		if (on < 0 || (on == 1 && examine(v, name, err) != 0))
			goto out;
	}
	result = v->count > 0 ? 0 : err_set(err, ERR_USAGE,
	    "no profile of the settings has the team cache on");
out:
	setup_close(&first);
	return result;
}

static int
examine_named(struct visits *v, struct err *err)
{
	const struct options *o = v->input->options;
	size_t i, n = option_count(o, OPTION_PROFILE);

	if (allocate(v, n == 0 ? 1 : n, err) != 0)
		return -1;
	if (n == 0)
		return examine(v, NULL, err);
	for (i = 0; i < n; i++)
		if (examine(v, option_text_at(o, OPTION_PROFILE, i), err) !=
		    0)
			return -1;
	return 0;
}

/* Interruptions and trouble of our own stay what they are. */
static int
credentials_status(const struct doctor_patient *p)
{
	if (p->stopped.class != ERR_NONE)
		return err_status(p->stopped.class);
	assert(p->credentials != NULL);
	if (p->credentials->class == ERR_NONE)
		return 0;
	return exam_is_over(p->credentials) ?
	    err_status(p->credentials->class) : err_status(ERR_CREDENTIALS);
}

/* As -o has it, "-" is stdout, which then has the report alone. */
static bool
report_is_stdout(const struct options *o)
{
	const char *path = option_text(o, OPTION_REPORT);

	return path != NULL && strcmp(path, "-") == 0;
}

static int
check_report(const struct options *o, struct err *err)
{
	if (!report_is_stdout(o) || !option_given(o, OPTION_JSON))
		return 0;
	err_set(err, ERR_USAGE, "--report '-' is stdout, and --json prints "
	    "one object");
	err_hint(err, "name a file, or leave --json out");
	return -1;
}

static int
make_report(const struct visits *v, struct buf *text, struct err *err)
{
	struct buf verdict;
	size_t i;

	for (i = 0; i < v->count; i++) {
		if (check_whole(v->patients[i].list, err) != 0)
			return -1;
		buf_init(&verdict, LIMIT_MIB);
		doctor_print_verdict(&v->patients[i], &verdict);
		doctor_report_add(v->patients[i].profile,
		    buf_string(&verdict), v->patients[i].list, text);
		buf_clear(&verdict);
	}
	return buf_check(text, "the report", err);
}

static int
write_report(const struct visits *v, struct err *err)
{
	const struct command_input *input = v->input;
	struct buf text;
	int result;

	if (!option_given(input->options, OPTION_REPORT))
		return 0;
	buf_init(&text, (v->count + 1) * 8 * LIMIT_MIB);
	result = make_report(v, &text, err);
	if (result == 0 && !report_is_stdout(input->options)) {
		result = file_replace(option_text(input->options,
		    OPTION_REPORT), buf_view(&text), true, err);
	} else if (result == 0) {
		github_guard(input);
		output_clean(input->output, buf_view(&text));
	}
	buf_clear(&text);
	return result;
}

static int
print(struct visits *v, int *status, struct err *err)
{
	const struct command_input *input = v->input;
	bool json = option_given(input->options, OPTION_JSON), only;
	int result = 0;

	only = v->count == 1 && only_credentials(v);
	if (report_is_stdout(input->options))
		*status = doctor_print_status(v->patients, v->count);
	else if (v->count > 1)
		result = doctor_print_all(input, v->patients, v->count,
		    status, err);
	else if (!only || !json)
		result = doctor_print_one(input, v->patients, status, err);
	if (only)
		*status = credentials_status(v->patients);
	if (only && json)
		result = doctor_print_only(input, v->patients, *status, err);
	return result;
}

static void
close_all(struct visits *v)
{
	size_t i;

	for (i = 0; v->items != NULL && i < v->count; i++) {
		if (v->items[i].examined)
			exam_clear(&v->items[i].exam);
		check_clear(&v->items[i].empty);
		setup_close(&v->items[i].setup);
	}
	free(v->items);
	free(v->patients);
}

static int
select_checks(struct visits *v, struct err *err)
{
	const struct options *o = v->input->options;
	struct check_selection *selection = &v->request.selection;
	const char *names[EXAM_CHECKS] = { NULL };
	size_t i;

	selection->only = option_given(o, OPTION_QUICK) ? EXAM_QUICK :
	    option_text(o, OPTION_ONLY);
	selection->skip = option_text(o, OPTION_SKIP);
	for (i = 0; exam_name(i) != NULL; i++)
		names[i] = exam_name(i);
	return check_select(selection, names, err);
}

static int
run(struct command_input *input, int *status, struct err *err)
{
	const struct options *o = input->options;
	struct visits v = { .input = input };
	int64_t timeout = TIMEOUT_MS;
	int result = -1;

	if (option_given(o, OPTION_TIMEOUT))
		timeout = option_number(o, OPTION_TIMEOUT) * 1000;
	v.deadline_ms = clock_elapsed_ms(input->process->clock) + timeout;
	v.request.probe_ce = option_given(o, OPTION_PROBE_CE);
	if (check_report(o, err) == 0 && select_checks(&v, err) == 0 &&
	    (option_given(o, OPTION_ALL_PROFILES) ? examine_all(&v, err) :
	    examine_named(&v, err)) == 0 && write_report(&v, err) == 0)
		result = print(&v, status, err);
	close_all(&v);
	return result;
}

const struct command command_doctor = {
	.name = "doctor",
	.operands = NULL,
	.summary = "find out why it does not work, and print the smallest fix",
	.description =
	"Looks at everything that a fetch depends on, in the order in which a "
	"person would: settings, credentials, identity, clock, the way to each "
	"endpoint, bucket, the rights to list, read, write and delete in S3, "
	"the KMS key, the rights to ask Cost Explorer, and the local store. It "
	"sends real requests and leaves nothing behind.\n"
	"\n"
	"What was denied is named by action, resource and principal, with the "
	"kind of policy that denied it, as far as AWS's answer, the policies "
	"that may be read, or IAM's simulation tell; then come the smallest "
	"statement that mends it and the command that applies it. Where nothing "
	"tells, the candidates are listed, and nothing is guessed.\n"
	"\n"
	"Cost Explorer is not paid for: IAM is asked, or a request with "
	"impossible dates is sent. --probe-ce asks a question for real, USD "
	"0.01 each.\n"
	"\n"
	"The whole run takes 30s at most, and a request is tried twice, unless "
	"--timeout or --max-attempts says otherwise.\n"
	"\n"
	"The exit status is 0 when no check failed, else 10. `--only "
	"credentials` needs no bucket, no region and no settings, asks for "
	"nothing beyond what resolving needs, and exits 0 or 4. Neither secrets "
	"nor tokens are shown anywhere.",
	.examples =
	"teamcache doctor\tall of it\n"
	"teamcache doctor --quick --json\tfor a monitor\n"
	"teamcache doctor --all-profiles\ta table of profiles and checks\n"
	"teamcache doctor --report findings.md --redact\tfor a ticket\n"
	"teamcache doctor --report - >>\"$GITHUB_STEP_SUMMARY\"\tfor a job's "
	"page\n"
	"teamcache doctor --only credentials\twhose keys would be used\n",
	.options = options,
	.option_count = sizeof options / sizeof options[0],
	.statuses = statuses,
	.completes = NULL,
	.run = run,
};
