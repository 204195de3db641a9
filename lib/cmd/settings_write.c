#include "cmd/settings_write.h"

#include "cache/memo.h"
#include "cache/place.h"

int
settings_write(const struct command_input *input, struct config_write *write,
    bool *changed, struct err *err)
{
	struct memo memo = { .root = { .fd = -1 } };
	int result;

	if (write->path == NULL)
		return place_none(PLACE_CONFIG, err);
	if (memo_open(&memo, input->process->env, err) != 0)
		return -1;
	write->named = option_given(input->options, OPTION_CONFIG);
	write->state = &memo.root;
	write->clock = input->process->clock;
	result = config_write(write, changed, err);
	write->state = NULL;
	memo_close(&memo);
	return result;
}
