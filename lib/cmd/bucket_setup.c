#include "cmd/bucket_setup.h"

#include <string.h>

#include "aws/endpoint.h"
#include "aws/s3_bucket.h"
#include "base/limits.h"
#include "cmd/confirm.h"

static bool
on(const struct command_input *input, enum option_id id)
{
	return option_given(input->options, id);
}

bool
bucket_setup_wanted(const struct command_input *input)
{
	return on(input, OPTION_CREATE) || on(input, OPTION_FIX);
}

int
bucket_setup_open(struct bucket_setup *b, const struct command_input *input,
    struct setup *setup, struct err *err)
{
	static const enum option_id needing[] = { OPTION_DRY_RUN, OPTION_YES,
		OPTION_ALLOW_ACCOUNT, OPTION_WRITER, OPTION_READER,
		OPTION_KMS_KEY };
	size_t i;

	memset(b, 0, sizeof *b);
	b->input = input;
	b->setup = setup;
	buf_init(&b->location, LIMIT_KIB);
	for (i = 0; i < sizeof needing / sizeof needing[0]; i++)
		if (on(input, needing[i]) && !bucket_setup_wanted(input))
			return err_set(err, ERR_USAGE, "--%s goes with "
			    "--create or --fix",
			    option_spec(needing[i])->name);
	return policy_settings_read(input, setup, &b->policy, err);
}

void
bucket_setup_clear(struct bucket_setup *b)
{
	bucket_plan_clear(&b->plan);
	buf_clear(&b->location);
	policy_settings_clear(&b->policy);
}

/* Is it there? Its absence is what --create is for. */
static int
look(struct bucket_setup *b, struct s3 *s3, struct err *err)
{
	struct err why = { 0 };
	char region[64];

	if (s3_bucket_head(s3, false, region, &why) == S3_OK)
		return 0;
	if (on(b->input, OPTION_CREATE) && why.class == ERR_BUCKET &&
	    s3_answer(s3)->status == 404) {
		b->missing = true;
		return 0;
	}
	*err = why;
	if (err->class == ERR_BUCKET && s3_answer(s3)->status == 404)
		err_hint(err, "'teamcache verify-bucket --create' makes it");
	return -1;
}

/* us-east-1 is the one region that must not be named. */
static void
locate(struct bucket_setup *b, const struct s3 *s3)
{
	if (strcmp(s3_region(s3), "us-east-1") != 0)
		bucket_config_put_location(s3_region(s3), &b->location);
}

static int
create(struct bucket_setup *b, struct s3 *s3, struct err *err)
{
	struct err why = { 0 };

	if (s3_bucket_create(s3, buf_view(&b->location), &why) != S3_OK) {
		/* Stores of one place know no names of AWS's regions. */
		if (b->location.n == 0 || s3_is_aws(s3) ||
		    strcmp(why.code, "InvalidLocationConstraint") != 0) {
			*err = why;
			return -1;
		}
		buf_reset(&b->location);
		if (s3_bucket_create(s3, buf_view(&b->location), err) !=
		    S3_OK)
			return -1;
	}
	b->created = true;
	log_step(b->input->log, "created 's3://%s'",
	    b->setup->session.bucket);
	return 0;
}

static int
ask(const struct bucket_setup *b, struct err *err)
{
	struct buf text;
	size_t i;
	int result;

	if (b->created || on(b->input, OPTION_YES))
		return 0;
	if (confirm_possible(b->input, "--fix", err) != 0) {
		err_hint(err, "add --yes when you mean it; --dry-run shows "
		    "the calls");
		return -1;
	}
	buf_init(&text, 4 * LIMIT_KIB);
	buf_addf(&text, "teamcache: this sets up 's3://%s': ",
	    b->setup->session.bucket);
	for (i = 0; i < b->plan.count; i++)
		buf_addf(&text, "%s%s", i == 0 ? "" : ", ",
		    bucket_config_info(b->plan.calls[i].part)->what);
	buf_add_string(&text, ".\nGo on? [y/N] ");
	result = confirm_ask(b->input, &text, "nothing was changed", err);
	buf_clear(&text);
	return result;
}

/* "PUT /?versioning" and the body. */
static void
print_call(struct output *o, const char *query, const struct buf *body)
{
	size_t n = strlen(query);

	output_format(o, "PUT /%s%.*s\n", n == 0 ? "" : "?", n == 0 ? 0 :
	    (int)n - 1, query);
	if (body->n > 0) {
		output_clean(o, buf_view(body));
		output_text(o, "\n");
	}
}

static void
print_plan(const struct bucket_setup *b)
{
	struct output *o = b->input->output;
	size_t i;

	if (b->missing)
		print_call(o, "", &b->location);
	for (i = 0; i < b->plan.count; i++)
		print_call(o, bucket_config_info(b->plan.calls[i].part)->query,
		    &b->plan.calls[i].body);
	if (!b->missing && b->plan.count == 0)
		output_text(o, "nothing is to be done\n");
}

static int
apply(struct bucket_setup *b, struct bucket_facts *facts, struct err *err)
{
	for (b->done = 0; b->done < b->plan.count; b->done++) {
		session_deadline(&b->setup->session,
		    setup_timeout_ms(b->setup));
		if (bucket_plan_apply(&b->plan, b->done, facts, err) != 0)
			return -1;
		log_step(b->input->log, "set up: %s", bucket_config_info(
		    b->plan.calls[b->done].part)->what);
	}
	return 0;
}

/* Nothing is configured in a bucket that is not there. */
static void
assume_nothing(struct bucket_facts *facts)
{
	size_t i;

	for (i = 0; i < BUCKET_CONFIG_PARTS; i++)
		facts->parts[i].fact = BUCKET_FACT_NONE;
}

static int
work(struct bucket_setup *b, const struct check_selection *selection,
    struct s3 *s3, struct bucket_facts *facts, struct err *err)
{
	bool dry = on(b->input, OPTION_DRY_RUN);
	struct bucket_plan_request request = {
		.place = {
			.partition = endpoint_partition(s3_region(s3)),
			.bucket = b->setup->session.bucket,
			.prefix = buf_string(&b->setup->session.prefix),
			.region = s3_region(s3),
		},
		.kms_key = option_text(b->input->options, OPTION_KMS_KEY),
		.grants = b->policy.grants,
		.grant_count = b->policy.grant_count,
		.selection = *selection,
	};

	if (b->missing) {
		locate(b, s3);
		if (dry)
			assume_nothing(facts);
		else if (create(b, s3, err) != 0)
			return -1;
	}
	if (bucket_plan_make(&request, facts, &b->plan, err) != 0)
		return -1;
	if (dry) {
		if (!on(b->input, OPTION_JSON))
			print_plan(b);
		return 0;
	}
	if (b->plan.count > 0 && ask(b, err) != 0)
		return -1;
	return apply(b, facts, err);
}

int
bucket_setup_run(struct bucket_setup *b,
    const struct check_selection *selection, struct err *err)
{
	struct bucket_facts facts;
	struct s3 *s3;
	int result;

	session_deadline(&b->setup->session, setup_timeout_ms(b->setup));
	if ((s3 = session_s3(&b->setup->session, err)) == NULL ||
	    look(b, s3, err) != 0)
		return -1;
	bucket_facts_init(&facts, s3);
	result = work(b, selection, s3, &facts, err);
	bucket_facts_clear(&facts);
	return result;
}

static void
put_change(struct json_writer *w, const char *action, const char *query,
    const struct buf *body, bool made)
{
	size_t n = strlen(query);

	json_open_object(w);
	json_member_string(w, "action", action);
	json_member_string(w, "method", "PUT");
	json_put_name(w, "query");
	json_put_span(w, span_make(query, n == 0 ? 0 : n - 1));
	json_put_name(w, "body");
	json_put_span(w, buf_view(body));
	json_member_bool(w, "made", made);
	json_close_object(w);
}

void
bucket_setup_json(struct json_writer *w, const void *bucket_setup)
{
	const struct bucket_setup *b = bucket_setup;
	size_t i;

	json_member_bool(w, "dry_run", on(b->input, OPTION_DRY_RUN));
	json_put_name(w, "changes");
	json_open_array(w);
	if (b->missing)
		put_change(w, "s3:CreateBucket", "", &b->location,
		    b->created);
	for (i = 0; i < b->plan.count; i++) {
		const struct bucket_config_info *info = bucket_config_info(
		    b->plan.calls[i].part);

		put_change(w, info->write_action, info->query,
		    &b->plan.calls[i].body, i < b->done);
	}
	json_close_array(w);
	json_member_string(w, "expected_bucket_owner",
	    b->owner[0] == '\0' ? NULL : b->owner);
}
