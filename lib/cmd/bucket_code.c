#include "cmd/bucket_code.h"

#include "base/limits.h"
#include "cmd/policy_settings.h"
#include "cmd/setup.h"
#include "diag/bucket_rules.h"
#include "diag/emit.h"

static int
print(const struct command_input *input, const struct setup *setup,
    const struct policy_settings *named, struct err *err)
{
	struct emit_request rq = {
		.place = named->place,
		.endpoint = setup->session.s3_endpoint,
		.kms_key = named->kms_key,
		.grants = named->grants,
		.grant_count = named->grant_count,
	};
	struct bucket_rules rules = { 0 };
	struct buf text;
	int result = -1;

	buf_init(&text, 16 * LIMIT_MIB);
	if (!emit_find(option_text(input->options, OPTION_EMIT), &rq.format))
		err_set(err, ERR_INTERNAL, "an unknown format of code");
	if (err->class != ERR_NONE ||
	    bucket_rules_init(&rules, named->place.prefix, err) != 0)
		goto out;
	rq.rules = rules.wishes;
	rq.rule_count = BUCKET_RULES_COUNT;
	if (emit_text(&rq, &text, err) != 0 ||
	    buf_check(&text, "code", err) != 0)
		goto out;
	output_span(input->output, buf_view(&text));
	result = 0;
out:
	bucket_rules_clear(&rules);
	buf_clear(&text);
	return result;
}

int
bucket_code_print(const struct command_input *input, struct err *err)
{
	struct policy_settings named = { 0 };
	struct setup setup = { 0 };
	int result = -1;

	if (setup_open(&setup, input, err) == 0 &&
	    policy_settings_read(input, &setup, &named, err) == 0)
		result = print(input, &setup, &named, err);
	policy_settings_clear(&named);
	setup_close(&setup);
	return result;
}
