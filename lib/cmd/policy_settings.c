#include "cmd/policy_settings.h"

#include <stdlib.h>
#include <string.h>

#include "aws/partition.h"
#include "base/limits.h"
#include "cache/key.h"
#include "sys/env.h"

static int
read_place(const struct command_input *input, const struct setup *setup,
    struct policy_settings *p, struct err *err)
{
	const char *prefix = config_text(setup->config, CONFIG_PREFIX);
	const char *region = config_text(setup->config, CONFIG_REGION);

	p->place.bucket = config_text(setup->config, CONFIG_BUCKET);
	if (p->place.bucket == NULL) {
		err_set(err, ERR_USAGE, "no bucket is named");
		err_hint(err, "give --bucket, or 'bucket' in the settings");
		return -1;
	}
	if (key_prefix(span_of(prefix), &p->prefix, err) != 0 ||
	    buf_check(&p->prefix, "prefix", err) != 0)
		return -1;
	p->place.prefix = buf_string(&p->prefix);
	p->place.region = region;
	/* Where the caller works tells the partition, not the region. */
	if (region == NULL)
		region = env_value(input->process->env, "AWS_REGION");
	if (region == NULL)
		region = env_value(input->process->env, "AWS_DEFAULT_REGION");
	p->place.partition = partition_of(region == NULL ? "us-east-1" :
	    region)->id;
	return 0;
}

/* The grants that an option names, each of its values one. */
static int
read_option(const struct options *o, enum option_id id, bool writes,
    struct policy_settings *p, struct err *err)
{
	size_t i;

	for (i = 0; i < option_count(o, id); i++)
		if (policy_grant_parse(option_text_at(o, id, i), writes,
		    &p->grants[p->grant_count++], err) != 0) {
			err_context(err, "--%s", option_spec(id)->name);
			return -1;
		}
	return 0;
}

static int
read_grants(const struct options *o, struct policy_settings *p,
    struct err *err)
{
	size_t i, own = option_count(o, OPTION_ALLOW_ACCOUNT);
	const char *at;

	p->grants = calloc(own + option_count(o, OPTION_WRITER) +
	    option_count(o, OPTION_READER) + 1, sizeof *p->grants);
	if (p->grants == NULL)
		return err_memory(err);
	/* An account of its own data: "ID=ID", a NUL behind each. */
	for (i = 0; i < own; i++) {
		at = option_text_at(o, OPTION_ALLOW_ACCOUNT, i);
		buf_addf(&p->own, "%s=%s", at, at);
		buf_add_char(&p->own, '\0');
	}
	if (buf_check(&p->own, "list of accounts", err) != 0)
		return -1;
	at = buf_string(&p->own);
	for (i = 0; i < own; i++, at += strlen(at) + 1)
		if (policy_grant_parse(at, true,
		    &p->grants[p->grant_count++], err) != 0)
			return -1;
	if (read_option(o, OPTION_WRITER, true, p, err) != 0 ||
	    read_option(o, OPTION_READER, false, p, err) != 0)
		return -1;
	return policy_grant_check(p->grants, p->grant_count, err);
}

int
policy_settings_read(const struct command_input *input,
    const struct setup *setup, struct policy_settings *out, struct err *err)
{
	const char *sse = config_text(setup->config, CONFIG_SSE);

	buf_init(&out->prefix, LIMIT_KEY + 1);
	buf_init(&out->own, LIMIT_MIB);
	/* AES256 uses no key, whatever is named. */
	if (strcmp(sse, "AES256") != 0)
		out->kms_key = config_text(setup->config, CONFIG_KMS_KEY_ID);
	return read_place(input, setup, out, err) != 0 ? -1 :
	    read_grants(input->options, out, err);
}

void
policy_settings_clear(struct policy_settings *p)
{
	buf_clear(&p->prefix);
	buf_clear(&p->own);
	free(p->grants);
	memset(p, 0, sizeof *p);
}
