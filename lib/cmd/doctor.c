#include "cmd/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/limits.h"
#include "cmd/report.h"
#include "cmd/setup.h"
#include "codec/json.h"
#include "creds/chain.h"
#include "diag/check.h"

static const enum option_id options[] = {
	OPTION_ONLY, OPTION_SKIP,
};

static const char *const checks[] = { "credentials", NULL };

static const int statuses[] = { 0, 1, 2, 4, 130, 143, -1 };

/* What the credentials check found. */
struct finding {
	const struct chain *chain;	/* NULL: it did not come so far */
	const struct keys *keys;	/* NULL: none */
	const char *region;		/* NULL: none is set */
	struct err err;
};

static const char *const result_names[] = {
	[CHAIN_SKIPPED] = "skipped", [CHAIN_USED] = "used",
	[CHAIN_FAILED] = "failed",
};

/*
 * The check needs no settings of ours: where they cannot be used, it goes on
 * as if there were none.
 */
static int
load(struct setup *setup, const struct command_input *input,
    struct err *err)
{
	struct err first;

	err_clear(&first);
	if (setup_load(setup, input, NULL, &first) == 0)
		return 0;
	setup_close(setup);
	return setup_load_bare(setup, input, err);
}

static const char *
region_of(const struct session *s)
{
	const char *region = env_value(s->set.env, "AWS_REGION");

	if (region == NULL)
		region = env_value(s->set.env, "AWS_DEFAULT_REGION");
	if (region == NULL)
		region = profile_get(s->files, s->set.profile, "region",
		    NULL).text;
	return region;
}

static void
resolve(struct setup *setup, struct finding *f)
{
	struct session *s = &setup->session;

	if (setup_session(setup, &f->err) != 0)
		return;
	f->region = region_of(s);
	session_deadline(s, setup_timeout_ms(setup));
	if (session_network(s, &f->err) != 0)
		return;
	f->chain = s->chain;
	if (chain_keys(s->chain, false, &f->keys, &f->err) != 0)
		f->keys = NULL;
}

static void
put_trace(struct json_writer *w, const struct finding *f)
{
	size_t i, n = f->chain == NULL ? 0 : chain_steps(f->chain);

	json_put_name(w, "trace");
	json_open_array(w);
	for (i = 0; i < n; i++) {
		struct chain_step step = chain_step(f->chain, i);

		json_open_object(w);
		json_member_string(w, "provider", step.provider);
		json_member_string(w, "result", result_names[step.result]);
		json_member_string(w, "reason", step.reason);
		json_close_object(w);
	}
	json_close_array(w);
}

static void
put_keys(struct json_writer *w, const struct finding *f)
{
	const struct keys *k = f->keys;
	char expires[DATE_ROOM];

	json_member_string(w, "source",
	    k == NULL ? NULL : chain_provider(f->chain));
	json_member_string(w, "access_key_id",
	    k == NULL ? NULL : k->access_key_id);
	json_member_bool(w, "session_token_present",
	    k != NULL && secret_present(&k->session_token));
	if (k == NULL || k->expires_at == 0) {
		json_member_null(w, "expires_at");
	} else {
		date_format_rfc3339(k->expires_at, expires);
		json_member_string(w, "expires_at", expires);
	}
	json_member_string(w, "account_id", k == NULL ||
	    k->account_id[0] == '\0' ? NULL : k->account_id);
	json_member_string(w, "region", f->region);
}

static int
print_json(const struct command_input *input, const struct finding *f,
    int status, struct err *err)
{
	struct json_writer w;
	struct buf text;
	int result;

	buf_init(&text, LIMIT_MIB);
	json_begin(&w, &text, false);
	json_open_object(&w);
	json_member_string(&w, "command", input->command->name);
	json_member_integer(&w, "exit_status", status);
	json_put_name(&w, "credentials");
	json_open_object(&w);
	put_keys(&w, f);
	put_trace(&w, f);
	json_put_name(&w, "error");
	report_error(&w, &f->err);
	json_close_object(&w);
	json_close_object(&w);
	buf_add_char(&text, '\n');
	if ((result = buf_check(&text, "result", err)) == 0)
		output_span(input->output, buf_view(&text));
	buf_clear(&text);
	return result;
}

static void
print_keys(struct output *o, const struct finding *f)
{
	const struct keys *k = f->keys;
	char expires[DATE_ROOM];

	output_format(o, "pass  credentials: from %s, access key ",
	    chain_provider(f->chain));
	output_clean(o, span_of(k->access_key_id));
	if (secret_present(&k->session_token))
		output_text(o, ", with a session token");
	if (k->expires_at != 0) {
		date_format_rfc3339(k->expires_at, expires);
		output_format(o, ", until %s", expires);
	}
	if (k->account_id[0] != '\0')
		output_format(o, ", account %s", k->account_id);
	output_text(o, "\n");
}

static void
print_text(const struct command_input *input, const struct finding *f)
{
	struct output *o = input->output;
	size_t i, n = f->chain == NULL ? 0 : chain_steps(f->chain);

	if (f->keys != NULL) {
		print_keys(o, f);
	} else {
		output_text(o, "fail  credentials: ");
		output_clean(o, span_of(f->err.message));
		output_text(o, "\n");
	}
	for (i = 0; i < n; i++) {
		struct chain_step step = chain_step(f->chain, i);

		output_format(o, "      %-8s %s: ",
		    result_names[step.result], step.provider);
		output_clean(o, span_of(step.reason));
		output_text(o, "\n");
	}
	if (f->keys == NULL && f->err.hint[0] != '\0') {
		output_text(o, "fix   ");
		output_clean(o, span_of(f->err.hint));
		output_text(o, "\n");
	}
}

/* Interruptions and trouble of our own stay what they are. */
static int
status_of(const struct finding *f)
{
	switch (f->err.class) {
	case ERR_NONE:
		return 0;
	case ERR_INTERNAL:
	case ERR_INTERRUPTED:
	case ERR_TERMINATED:
		return err_status(f->err.class);
	default:
		return err_status(ERR_CREDENTIALS);
	}
}

static int
run(struct command_input *input, int *status, struct err *err)
{
	struct check_selection selection = {
		.only = option_text(input->options, OPTION_ONLY),
		.skip = option_text(input->options, OPTION_SKIP),
	};
	struct setup setup = { 0 };
	struct finding f = { 0 };
	int result = -1;

	if (check_select(&selection, checks, err) != 0 ||
	    load(&setup, input, err) != 0)
		goto out;
	resolve(&setup, &f);
	*status = status_of(&f);
	result = 0;
	if (option_given(input->options, OPTION_JSON))
		result = print_json(input, &f, *status, err);
	else
		print_text(input, &f);
out:
	setup_close(&setup);
	return result;
}

const struct command command_doctor = {
	.name = "doctor",
	.operands = NULL,
	.summary = "find out where credentials come from, or why there are none",
	.description =
	"Resolves AWS credentials as every other command does, and says which "
	"provider of the chain gave them, which were passed over and why, with "
	"the file and line or the variable that decided. It asks for nothing "
	"beyond what resolving needs, and shows neither secrets nor tokens.\n"
	"\n"
	"It needs no bucket, no region and no settings. The exit status is 0 "
	"when there are credentials, 4 when there are none.",
	.examples =
	"teamcache doctor --only credentials\twhose keys would be used\n"
	"teamcache doctor --only credentials --profile prod --json\t"
	"for a script\n",
	.options = options,
	.option_count = sizeof options / sizeof options[0],
	.statuses = statuses,
	.completes = NULL,
	.run = run,
};
