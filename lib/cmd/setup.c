#include "cmd/setup.h"

#include <string.h>

#include "base/limits.h"
#include "diag/advice.h"

/* Options that are settings under another name. */
static const struct {
	enum option_id option;
	enum config_id setting;
	const char *name;	/* where the value comes from, for messages */
} overrides[] = {
	{ OPTION_BUCKET, CONFIG_BUCKET, "--bucket" },
	{ OPTION_REGION, CONFIG_REGION, "--region" },
	{ OPTION_PREFIX, CONFIG_PREFIX, "--prefix" },
	{ OPTION_ENDPOINT_URL, CONFIG_ENDPOINT_URL, "--endpoint-url" },
	{ OPTION_ACCOUNT, CONFIG_ACCOUNT_ID, "--account" },
	{ OPTION_TTL, CONFIG_TTL, "--ttl" },
	{ OPTION_STALE_IF_ERROR, CONFIG_STALE_IF_ERROR, "--stale-if-error" },
	{ OPTION_TIMEOUT, CONFIG_TIMEOUT, "--timeout" },
	{ OPTION_WAIT, CONFIG_WAIT, "--wait" },
	{ OPTION_KMS_KEY, CONFIG_KMS_KEY_ID, "--kms-key" },
};

#define OVERRIDES (sizeof overrides / sizeof overrides[0])

static struct config *
load(const struct command_input *input, const char *profile, bool named,
    struct err *err)
{
	const struct options *o = input->options;
	struct config_override given[OVERRIDES];
	struct config_request request = {
		.env = input->process->env,
		.file = option_text(o, OPTION_CONFIG),
		.profile = profile,
		.profile_named = named,
		.overrides = given,
	};
	size_t i;

	for (i = 0; i < OVERRIDES; i++) {
		if (!option_given(o, overrides[i].option))
			continue;
		given[request.override_count].id = overrides[i].setting;
		given[request.override_count].value =
		    option_text(o, overrides[i].option);
		given[request.override_count++].option = overrides[i].name;
	}
	return config_load(&request, err);
}

static void
settle(struct setup *setup, const struct command_input *input,
    const char *profile)
{
	const struct options *o = input->options;
	struct session_settings *set = &setup->settings;

	memset(setup, 0, sizeof *setup);
	if (profile == NULL)
		profile = option_text(o, OPTION_PROFILE);
	set->env = input->process->env;
	set->clock = input->process->clock;
	set->rand = input->process->rand;
	set->log = input->log;
	set->profile_option = profile != NULL;
	set->no_local = option_given(o, OPTION_NO_LOCAL);
	set->no_remote = option_given(o, OPTION_NO_REMOTE);
	set->offline = option_given(o, OPTION_OFFLINE);
	set->mfa_code = option_text(o, OPTION_MFA_CODE);
	if (option_given(o, OPTION_MAX_ATTEMPTS))
		set->max_attempts =
		    (int)option_number(o, OPTION_MAX_ATTEMPTS);
	set->profile = profile_select(set->env, profile,
	    &set->profile_named);
}

int
setup_load(struct setup *setup, const struct command_input *input,
    const char *profile, struct err *err)
{
	struct session_settings *set = &setup->settings;

	settle(setup, input, profile);
	setup->config = load(input, set->profile, set->profile_named, err);
	set->config = setup->config;
	if (setup->config == NULL)
		return -1;
	if (config_old_schema(setup->config) >= 0)
		log_warn(input->log, "'%s' is of schema %d, an older one; "
		    "'teamcache config upgrade' brings it up to date",
		    config_path(setup->config),
		    config_old_schema(setup->config));
	return 0;
}

int
setup_load_bare(struct setup *setup, const struct command_input *input,
    const char *profile, struct err *err)
{
	static const char *const nothing[] = { NULL };
	const struct env empty = { nothing };
	struct config_request request = {
		.env = &empty,
		.file = "/dev/null",
		.profile_named = false,
	};

	settle(setup, input, profile);
	request.profile = setup->settings.profile;
	setup->config = config_load(&request, err);
	setup->settings.config = setup->config;
	return setup->config == NULL ? -1 : 0;
}

int
setup_session(struct setup *setup, struct err *err)
{
	setup->session_open = true;
	return session_open(&setup->session, &setup->settings, err);
}

int
setup_load_one(struct setup *setup, const struct command_input *input,
    struct err *err)
{
	if (option_count(input->options, OPTION_PROFILE) > 1)
		return err_set(err, ERR_USAGE, "%s works with one profile",
		    input->command->name);
	return setup_load(setup, input, NULL, err);
}

int
setup_open(struct setup *setup, const struct command_input *input,
    struct err *err)
{
	return setup_load_one(setup, input, err) == 0 ?
	    setup_session(setup, err) : -1;
}

void
setup_close(struct setup *setup)
{
	if (setup->session_open)
		session_close(&setup->session);
	config_free(setup->config);
	memset(setup, 0, sizeof *setup);
}

int
setup_type(const char *type, struct err *err)
{
	return key_type_valid(span_of(type)) ? 0 : err_set(err, ERR_USAGE,
	    "'%s' is no type: a type is 1 to 64 lower-case letters, digits "
	    "and dashes", type);
}

int
setup_types(const struct command_input *input,
    const char *types[SETUP_TYPES_MAX], size_t *count, struct err *err)
{
	const struct options *o = input->options;
	size_t i, n = option_operands(o);

	if (n > SETUP_TYPES_MAX)
		return err_set(err, ERR_USAGE, "more than %d types in one "
		    "command", SETUP_TYPES_MAX);
	for (i = 0; i < n; i++) {
		types[i] = option_operand(o, i);
		if (setup_type(types[i], err) != 0)
			return -1;
	}
	*count = n;
	return 0;
}

int
setup_month(const struct setup *setup, const struct command_input *input,
    struct month *out, bool *by_default, struct err *err)
{
	struct month now = month_of(
	    clock_wall_seconds(setup->settings.clock));
	char asked[MONTH_ROOM], current[MONTH_ROOM];

	*by_default = !option_month(input->options, OPTION_MONTH, out);
	if (*by_default) {
		*out = now;
		return 0;
	}
	if (month_compare(*out, now) <= 0)
		return 0;
	month_format(*out, asked);
	month_format(now, current);
	return err_set(err, ERR_USAGE, "--month '%s' lies in the future: "
	    "this month (UTC) is %s", asked, current);
}

int64_t
setup_ttl(const struct setup *setup)
{
	int64_t ttl = config_number(setup->config, CONFIG_TTL_OVERRIDE);

	return ttl >= 0 ? ttl : config_number(setup->config, CONFIG_TTL);
}

int64_t
setup_timeout_ms(const struct setup *setup)
{
	return config_number(setup->config, CONFIG_TIMEOUT) * 1000;
}

void
setup_advise(const struct setup *setup, const struct command_input *input,
    const struct err *err, const char *account)
{
	const struct session *s = &setup->session;
	struct advice_question question = {
		.err = err,
		.bucket = s->bucket,
		.prefix = buf_string(&s->prefix),
		.account = account,
		.region = config_text(setup->config, CONFIG_REGION),
		.endpoint = s->s3_endpoint,
		.kms_key_id = config_text(setup->config, CONFIG_KMS_KEY_ID),
	};
	struct buf text;

	buf_init(&text, 16 * LIMIT_KIB);
	advice_text(&question, &text);
	if (text.n > 0 && err->class == ERR_DENIED)
		buf_add_string(&text, "Whose policy denies it: run 'teamcache "
		    "doctor'\n");
	if (text.n > 0)
		log_note(input->log, buf_string(&text));
	buf_clear(&text);
}
