#include "cmd/settings_write.h"

#include "base/limits.h"
#include "cache/config_schema.h"
#include "cache/memo.h"
#include "cache/place.h"
#include "sys/log.h"

static void
tell(const struct command_input *input, const char *path, int schema)
{
	struct buf former;

	if (schema >= CONFIG_SCHEMA)
		return;
	buf_init(&former, LIMIT_STATE_FILE);
	config_write_backup(path, schema, &former);
	log_warn(input->log, "'%s' was of schema %d and is of %d now; the "
	    "former file is '%s'", path, schema, CONFIG_SCHEMA,
	    buf_string(&former));
	buf_clear(&former);
}

int
settings_write(const struct command_input *input, struct config_write *write,
    bool *changed, struct err *err)
{
	struct memo memo = { .root = { .fd = -1 } };
	struct config_written done;
	int result;

	if (write->path == NULL)
		return place_none(PLACE_CONFIG, err);
	if (memo_open(&memo, input->process->env, err) != 0) {
		memo_close(&memo);
		return -1;
	}
	write->named = option_given(input->options, OPTION_CONFIG);
	write->state = &memo.root;
	write->clock = input->process->clock;
	result = config_write(write, &done, err);
	write->state = NULL;
	memo_close(&memo);
	*changed = result == 0 && done.changed;
	if (result == 0)
		tell(input, write->path, done.schema);
	return result;
}
