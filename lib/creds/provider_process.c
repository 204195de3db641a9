#include "creds/provider.h"

#include <string.h>
#include <unistd.h>

#include "aws/arn.h"
#include "base/date.h"
#include "base/limits.h"
#include "codec/json.h"
#include "creds/keys_json.h"
#include "creds/refusal.h"
#include "creds/words.h"
#include "net/redact.h"
#include "sys/child.h"
#include "sys/interrupt.h"

/* What the Go SDK allows; a person may have to find a token in it. */
#define TIME_LIMIT_MS 60000

/* One run of the program. */
struct run {
	struct provider_input *input;
	struct profile_value value;
	struct words words;
	int64_t limit_ms;
	struct child_result result;
	struct buf output;
	struct buf errors;
};

static int64_t
time_limit(const struct provider_input *input)
{
	const struct call_context *call = input->settings->call;
	int64_t left = call == NULL ? TIME_LIMIT_MS : call_left_ms(call);

	if (left > TIME_LIMIT_MS)
		return TIME_LIMIT_MS;
	return left > 0 ? left : 1;
}

/* ": TEXT", the last line of what it wrote to stderr. */
static void
add_last_words(const struct run *run, struct buf *to)
{
	struct span rest = span_trim(buf_view(&run->errors)), line, last;

	for (last = rest; rest.n > 0; last = line)
		span_split(rest, '\n', &line, &rest);
	if (last.n == 0)
		return;
	buf_add_string(to, ": ");
	redact_text(span_trim(last), LIMIT_QUOTE, to);
}

/* It has ended; but well? */
static int
judge(const struct run *run, struct err *err)
{
	const char *program = run->words.list[0];
	struct buf said;

	buf_init(&said, 8 * LIMIT_QUOTE);
	add_last_words(run, &said);
	switch (run->result.end) {
	case CHILD_EXITED:
		if (run->result.number != 0)
			err_set(err, ERR_CREDENTIALS,
			    "'%s' ended with status %d%s", program,
			    run->result.number, buf_string(&said));
		break;
	case CHILD_KILLED:
		err_set(err, ERR_CREDENTIALS, "'%s' was ended by signal %d%s",
		    program, run->result.number, buf_string(&said));
		break;
	case CHILD_LATE:
		err_set(err, ERR_CREDENTIALS, "'%s' took longer than %lld "
		    "seconds, and was stopped%s", program,
		    (long long)(run->limit_ms + 999) / 1000,
		    buf_string(&said));
		break;
	case CHILD_FLOOD:
		(void)buf_check(&run->output, "its output", err);
		err_context(err, "'%s' was stopped", program);
		break;
	case CHILD_INTERRUPTED:
		err_set(err, interrupt_class(), "'%s': interrupted", program);
		break;
	}
	buf_clear(&said);
	return err->class == ERR_NONE ? 0 : -1;
}

static int
check_version(const struct json *j, const char *where, struct err *err)
{
	json_value v = json_member(j, 0, "Version");
	int64_t version;

	if (json_integer(j, v, 1, 1, &version))
		return 0;
	if (v == JSON_NONE)
		return err_set(err, ERR_CREDENTIALS,
		    "%s has no Version, which must be 1", where);
	return err_set(err, ERR_CREDENTIALS,
	    "%s has another Version than the number 1", where);
}

static int
check_expiry(const struct run *run, const struct keys *keys,
    struct err *err)
{
	char when[DATE_ROOM];

	if (keys->expires_at == 0 || run->input->now == 0 ||
	    run->input->now < keys->expires_at)
		return 0;
	date_format_rfc3339(keys->expires_at, when);
	return err_set(err, ERR_CREDENTIALS, "'%s' printed keys that expired "
	    "at %s", run->words.list[0], when);
}

/* The account that the profile names does where the program says nothing. */
static void
add_account(const struct provider_input *input, struct keys *keys)
{
	const char *account = provider_value(input, "aws_account_id").text;

	if (keys->account_id[0] == '\0' && account != NULL &&
	    arn_account_valid(span_of(account)))
		memcpy(keys->account_id, account, sizeof keys->account_id);
}

static int
read_output(const struct run *run, struct keys *keys, struct err *err)
{
	struct keys_json names = { .id = "AccessKeyId",
	    .secret = "SecretAccessKey", .token = "SessionToken",
	    .expiration = "Expiration", .account = "AccountId" };
	struct json j = { 0 };
	struct buf where;
	int result = -1;

	buf_init(&where, sizeof err->message);
	buf_addf(&where, "the output of '%s'", run->words.list[0]);
	names.where = buf_string(&where);
	if (json_parse(&j, span_trim(buf_view(&run->output)), 0, err) != 0) {
		err_context(err, "%s is not JSON", names.where);
		goto out;
	}
	if (check_version(&j, names.where, err) != 0 ||
	    keys_json_read(&names, &j, 0, keys, err) != 0 ||
	    check_expiry(run, keys, err) != 0)
		goto out;
	add_account(run->input, keys);
	result = 0;
out:
	json_clear(&j);
	buf_clear(&where);
	return result;
}

static int
run_program(struct run *run, struct keys *keys, struct err *err)
{
	const struct call_context *call = run->input->settings->call;
	struct child_request request = {
		.env = run->input->settings->env,
		.clock = call != NULL && call->clock != NULL ? call->clock :
		    clock_system(),
		.limit_ms = run->limit_ms,
		.output = &run->output,
		.errors = &run->errors,
		/* A question is for the person who sits there. */
		.echo = isatty(STDERR_FILENO) ? STDERR_FILENO : -1,
	};

	if (words_split(&run->words, run->value.text, err) != 0)
		return -1;
	request.words = run->words.list;
	if (child_run(&request, &run->result, err) != 0 ||
	    judge(run, err) != 0)
		return -1;
	return read_output(run, keys, err);
}

static void
hint(const struct run *run, struct err *err)
{
	if (words_want_shell(run->value.text))
		err_hint(err, "the program is run without a shell; where it "
		    "needs one, write: credential_process = sh -c '...'");
	else
		refusal_command(err, "see what the AWS CLI says to it",
		    "aws sts get-caller-identity --profile",
		    run->input->settings->profile);
}

static enum provider_outcome
resolve(struct provider_input *input, struct keys *keys, struct err *err)
{
	struct run run = { .input = input, .limit_ms = time_limit(input) };
	enum provider_outcome outcome = PROVIDER_KEYS;

	run.value = provider_value(input, "credential_process");
	if (run.value.text == NULL)
		return provider_say(input, "profile '%s' has no "
		    "credential_process", input->settings->profile);
	provider_say(input, "profile '%s' has credential_process ('%s' line "
	    "%u)", input->settings->profile, run.value.file, run.value.line);
	buf_init_secret(&run.output, LIMIT_PROCESS_OUTPUT);
	buf_init(&run.errors, LIMIT_PROCESS_ERRORS);
	if (run_program(&run, keys, err) != 0) {
		err_context(err, "credential_process of profile '%s' ('%s' "
		    "line %u)", input->settings->profile, run.value.file,
		    run.value.line);
		hint(&run, err);
		outcome = refusal(input, err);
	}
	buf_clear(&run.output);
	buf_clear(&run.errors);
	words_clear(&run.words);
	return outcome;
}

const struct provider provider_process = { "process", resolve };
