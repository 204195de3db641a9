#include "cmd/doctor_print.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/limits.h"
#include "cmd/check_print.h"
#include "cmd/github.h"
#include "cmd/report.h"
#include "creds/chain.h"

#define GOOD "everything that was looked at works"

static const char *const result_names[] = {
	[CHAIN_SKIPPED] = "skipped", [CHAIN_USED] = "used",
	[CHAIN_FAILED] = "failed",
};

static void
put_trace(struct json_writer *w, const struct doctor_patient *p)
{
	const struct chain *chain = p->exam == NULL ? NULL : p->exam->s->chain;
	size_t i, n = chain == NULL ? 0 : chain_steps(chain);

	json_put_name(w, "trace");
	json_open_array(w);
	for (i = 0; i < n; i++) {
		struct chain_step step = chain_step(chain, i);

		json_open_object(w);
		json_member_string(w, "provider", step.provider);
		json_member_string(w, "result", result_names[step.result]);
		json_member_string(w, "reason", p->masked ? NULL :
		    step.reason);
		json_close_object(w);
	}
	json_close_array(w);
}

static void
put_keys(struct json_writer *w, const struct doctor_patient *p)
{
	const struct keys *k = p->exam == NULL ? NULL : p->exam->keys;
	char expires[DATE_ROOM], kind[16];

	json_member_string(w, "source", k == NULL ? NULL :
	    chain_provider(p->exam->s->chain));
	/* As doctor_report_mask has it. */
	if (k != NULL && p->masked)
		snprintf(kind, sizeof kind, "%.4s[masked]", k->access_key_id);
	json_member_string(w, "access_key_id", k == NULL ? NULL :
	    p->masked ? kind : k->access_key_id);
	json_member_bool(w, "session_token_present",
	    k != NULL && secret_present(&k->session_token));
	if (k == NULL || k->expires_at == 0) {
		json_member_null(w, "expires_at");
	} else {
		date_format_rfc3339(k->expires_at, expires);
		json_member_string(w, "expires_at", expires);
	}
	json_member_string(w, "account_id", k == NULL || p->masked ||
	    k->account_id[0] == '\0' ? NULL : k->account_id);
	json_member_string(w, "region", p->exam == NULL ? NULL :
	    session_region(p->exam->s));
}

/* The member "credentials" (design section 10). */
static void
put_credentials(struct json_writer *w, const struct doctor_patient *p)
{
	json_put_name(w, "credentials");
	json_open_object(w);
	put_keys(w, p);
	put_trace(w, p);
	json_put_name(w, "error");
	report_error(w, p->credentials);
	json_close_object(w);
}

int
doctor_print_only(const struct command_input *input,
    const struct doctor_patient *p, int status, struct err *err)
{
	struct json_writer w;
	struct buf text;

	buf_init(&text, LIMIT_MIB);
	report_begin(&w, &text, input->command, status);
	put_credentials(&w, p);
	return report_end(&w, input->output, err);
}

static void
more(struct json_writer *w, const void *state)
{
	put_credentials(w, state);
}

int
doctor_print_one(const struct command_input *input,
    const struct doctor_patient *p, int *status, struct err *err)
{
	struct check_print print = {
		.input = input, .list = p->list, .good = GOOD,
		.stopped = &p->stopped, .more = more, .state = p,
	};

	return check_print(&print, status, err);
}

void
doctor_print_verdict(const struct doctor_patient *p, struct buf *out)
{
	check_verdict(p->list, GOOD, &p->stopped, out);
}

int
doctor_print_status(const struct doctor_patient *patients, size_t count)
{
	int status = 0;
	size_t i;

	for (i = 0; i < count; i++)
		status = report_worse(status, check_exit(patients[i].list,
		    &patients[i].stopped));
	return status;
}

static int
print_json(const struct command_input *input,
    const struct doctor_patient *patients, size_t count, int status,
    struct err *err)
{
	struct buf text, verdict;
	struct json_writer w;
	size_t i;

	buf_init(&text, (count + 1) * 8 * LIMIT_MIB);
	report_begin(&w, &text, input->command, status);
	json_put_name(&w, "profiles");
	json_open_array(&w);
	for (i = 0; i < count; i++) {
		const struct doctor_patient *p = &patients[i];

		buf_init(&verdict, LIMIT_MIB);
		doctor_print_verdict(p, &verdict);
		json_open_object(&w);
		json_member_string(&w, "profile", p->profile);
		json_member_integer(&w, "exit_status",
		    check_exit(p->list, &p->stopped));
		json_member_string(&w, "verdict", buf_string(&verdict));
		check_print_results(&w, p->list);
		json_put_name(&w, "error");
		report_error(&w, &p->stopped);
		put_credentials(&w, p);
		json_close_object(&w);
		buf_clear(&verdict);
	}
	json_close_array(&w);
	return report_end(&w, input->output, err);
}

/* A row of the table: one check, a column a profile. */
static void
print_row(struct output *o, const struct look *look,
    const struct doctor_patient *patients, size_t count, const char *name)
{
	bool any = false;
	size_t i;

	for (i = 0; i < count; i++)
		any = any || check_find(patients[i].list, name) != NULL;
	if (!any)
		return;
	output_format(o, "%-24s", name);
	for (i = 0; i < count; i++) {
		const struct check_result *r = check_find(patients[i].list,
		    name);

		output_format(o, " %s%*s", r == NULL ? " " :
		    check_print_mark(look, r->status),
		    (int)strlen(patients[i].profile) - 1, "");
	}
	output_text(o, "\n");
}

static void
print_table(const struct command_input *input,
    const struct doctor_patient *patients, size_t count)
{
	struct output *o = input->output;
	const struct look look = look_choose(input->process->env,
	    option_text(input->options, OPTION_COLOR), output_terminal(o), 0);
	struct buf verdict;
	size_t i;

	output_format(o, "%-24s", "");
	for (i = 0; i < count; i++) {
		output_text(o, " ");
		output_clean(o, span_of(patients[i].profile));
	}
	output_text(o, "\n");
	for (i = 0; exam_name(i) != NULL; i++)
		print_row(o, &look, patients, count, exam_name(i));
	for (i = 0; i < count; i++) {
		buf_init(&verdict, LIMIT_MIB);
		doctor_print_verdict(&patients[i], &verdict);
		output_clean(o, span_of(patients[i].profile));
		output_text(o, ": ");
		output_clean(o, buf_view(&verdict));
		output_text(o, "\n");
		buf_clear(&verdict);
	}
}

int
doctor_print_all(const struct command_input *input,
    const struct doctor_patient *patients, size_t count, int *status,
    struct err *err)
{
	*status = doctor_print_status(patients, count);
	if (option_given(input->options, OPTION_JSON))
		return print_json(input, patients, count, *status, err);
	github_guard(input);
	print_table(input, patients, count);
	return 0;
}
