#include "base/secret.h"

#include <stdlib.h>
#include <string.h>

int
secret_set(struct secret *s, struct span value, struct err *err)
{
	char *copy = span_dup(value);

	if (copy == NULL)
		return err_memory(err);
	secret_clear(s);
	s->bytes = copy;
	s->length = value.n;
	return 0;
}

void
secret_clear(struct secret *s)
{
	if (s->bytes != NULL)
		explicit_bzero(s->bytes, s->length);
	free(s->bytes);
	s->bytes = NULL;
	s->length = 0;
}

bool
secret_present(const struct secret *s)
{
	return s->length > 0;
}

struct span
secret_reveal(const struct secret *s)
{
	return span_make(s->bytes, s->length);
}
