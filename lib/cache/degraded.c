#include "cache/degraded.h"

#include <string.h>

void
degraded_init(struct degraded *d)
{
	d->count = 0;
	err_clear(&d->s3_err);
}

void
degraded_add(struct degraded *d, const char *word)
{
	size_t i;

	for (i = 0; i < d->count; i++)
		if (strcmp(d->words[i], word) == 0)
			return;
	if (d->count < sizeof d->words / sizeof d->words[0])
		d->words[d->count++] = word;
}

void
degraded_s3(struct degraded *d, const char *word, const struct err *err)
{
	degraded_add(d, word);
	if (d->s3_err.class == ERR_NONE)
		d->s3_err = *err;
}
