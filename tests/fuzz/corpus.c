/*
 * The files of tests/fuzz/corpus/NAME, NAME that of the program, go through
 * the target without libFuzzer: each as it is, cut after each of its first
 * bytes, and with each of them changed.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdbool.h>

#define CORPUS "tests/fuzz/corpus"

enum { CHANGES_MAX = 300, FILE_MAX = 1024 * 1024 };

/* A copy of exactly this size, for a sanitizer to watch. */
static bool
feed(const uint8_t *bytes, size_t n, size_t flip)
{
	uint8_t *copy = malloc(n == 0 ? 1 : n);

	if (copy == NULL)
		return false;
	if (n > 0)
		memcpy(copy, bytes, n);
	if (flip < n)
		copy[flip] ^= (uint8_t)(1u << flip % 8);
	(void)LLVMFuzzerTestOneInput(copy, n);
	free(copy);
	return true;
}

static bool
feed_changed(const uint8_t *bytes, size_t n)
{
	size_t i, max = n < CHANGES_MAX ? n : CHANGES_MAX;

	for (i = 0; i < max; i++)
		if (!feed(bytes, i, i) || !feed(bytes, n, i))
			return false;
	return feed(bytes, n, n);
}

static bool
feed_file(const char *path)
{
	uint8_t *bytes = malloc(FILE_MAX);
	FILE *f = fopen(path, "rb");
	bool fed = false;
	size_t n;

	if (bytes != NULL && f != NULL) {
		n = fread(bytes, 1, FILE_MAX, f);
		fed = n < FILE_MAX && ferror(f) == 0 && feed_changed(bytes, n);
	}
	if (f != NULL && fclose(f) != 0)
		fed = false;
	free(bytes);
	return fed;
}

static int
no_dots(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int
main(int argc, char **argv)
{
	const char *name = argc > 0 ? strrchr(argv[0], '/') : NULL;
	struct dirent **files = NULL;
	char path[1024];
	int i, n, failed = 0;

	name = name == NULL ? "" : name + 1;
	(void)snprintf(path, sizeof path, CORPUS "/%s", name);
	n = scandir(path, &files, no_dots, alphasort);
	for (i = 0; i < n; i++) {
		(void)snprintf(path, sizeof path, CORPUS "/%s/%s", name,
		    files[i]->d_name);
		if (!feed_file(path)) {
			failed++;
			printf("not ");
		}
		printf("ok %d - %s\n", i + 1, files[i]->d_name);
		fflush(stdout);
		free(files[i]);
	}
	free(files);
	if (n <= 0)
		printf("not ok 1 - no corpus in %s\n", path);
	printf("1..%d\n", n <= 0 ? 1 : n);
	return n <= 0 || failed > 0;
}
