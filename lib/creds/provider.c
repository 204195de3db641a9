#include "creds/provider.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/printable.h"

enum provider_outcome
provider_say(struct provider_input *input, const char *format, ...)
{
	size_t n = strlen(input->reason), room = sizeof input->reason - n;
	char *to = input->reason + n;
	va_list ap;

	/* What does not fit is cut: a trace, not data. */
	if (n > 0 && room > 2) {
		memcpy(to, "; ", 3);
		to += 2;
		room -= 2;
	}
	va_start(ap, format);
	if (vsnprintf(to, room, format, ap) < 0)
		*to = '\0';
	va_end(ap);
	printable_clean(to, strlen(to), false);
	return PROVIDER_PASSED;
}
