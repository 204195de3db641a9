/*
 * suite FILE...: does the check say of each file what its name does? y_ is
 * JSON, n_ is not, and i_ is up to us, as long as the check and the parser
 * agree. TAP.
 */
#include "../unit/tap.h"

#include <stdlib.h>

#include "base/limits.h"
#include "codec/json.h"

/* A copy of exactly its size, for a sanitizer to watch; NULL: unreadable. */
static char *
read_file(const char *path, size_t *n)
{
	char *room = malloc(LIMIT_MIB), *text = NULL;
	FILE *f = fopen(path, "rb");

	if (room != NULL && f != NULL) {
		*n = fread(room, 1, LIMIT_MIB, f);
		if (ferror(f) == 0 && *n < LIMIT_MIB)
			text = malloc(*n == 0 ? 1 : *n);
	}
	if (text != NULL)
		memcpy(text, room, *n);
	if (f != NULL)
		(void)fclose(f);
	free(room);
	return text;
}

static void
check_file(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;
	struct err err = { 0 };
	struct json j = { 0 };
	size_t n = 0;
	char *text = read_file(path, &n);
	bool sound, parsed;

	if (text == NULL) {
		ok(false, "%s can be read", name);
		return;
	}
	sound = json_check(span_make(text, n), &err) == 0;
	err_clear(&err);
	parsed = json_parse(&j, span_make(text, n), 0, &err) == 0;
	json_clear(&j);
	if (name[0] == 'i')
		ok(sound == parsed, "%s: check and parser agree", name);
	else
		ok(sound == parsed && sound == (name[0] == 'y'), "%s: %s",
		    name, sound ? "accepted" : "refused");
	free(text);
}

int
main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		check_file(argv[i]);
	return done_testing();
}
