#include "creds/refusal.h"

#include <assert.h>

#include "base/buf.h"
#include "codec/escape.h"

enum provider_outcome
refusal(struct provider_input *input, struct err *err)
{
	assert(err->class != ERR_NONE);
	switch (err->class) {
	case ERR_INTERNAL:
	case ERR_INTERRUPTED:
	case ERR_TERMINATED:
		break;
	default:
		err->class = ERR_CREDENTIALS;
		break;
	}
	provider_say(input, "%s", err->message);
	return PROVIDER_FAILED;
}

void
refusal_command(struct err *err, const char *text, const char *command,
    const char *name)
{
	struct buf word;

	buf_init(&word, sizeof err->hint / 2);
	if (name != NULL)
		escape_shell(span_of(name), &word);
	err_hint(err, "%s: %s%s%s", text, command, name != NULL ? " " : "",
	    buf_string(&word));
	buf_clear(&word);
}
