#ifndef TESTS_FILE_PLACE_H
#define TESTS_FILE_PLACE_H

#include "tap.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "sandbox.h"
#include "sys/file.h"

/* Files in a directory of the test's own. */
static char *dir;

/* How many descriptors are open, for end. */
static inline int
begin(void)
{
	int before = sandbox_descriptors();

	umask(022);
	if ((dir = sandbox_new()) == NULL) {
		printf("Bail out! no directory\n");
		exit(1);
	}
	return before;
}

static inline int
end(int before)
{
	is_int(sandbox_descriptors(), before, "no descriptor is left open");
	sandbox_remove(dir);
	return done_testing();
}

static inline const char *
at(const char *name)
{
	return sandbox_path(dir, name);
}

static inline int
mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? (int)(st.st_mode & 07777) : -1;
}

/* Read with a cap; the text, or the error's message. */
static inline const char *
slurp(const char *path, size_t max, struct err *err)
{
	static char text[1024];
	struct buf b;

	err_clear(err);
	buf_init(&b, max);
	switch (file_read(path, &b, err)) {
	case FILE_READ:
		snprintf(text, sizeof text, "%s", buf_string(&b));
		break;
	case FILE_ABSENT:
		snprintf(text, sizeof text, "(absent)");
		break;
	case FILE_ERROR:
		snprintf(text, sizeof text, "%s", err->message);
		break;
	}
	buf_clear(&b);
	return text;
}

#endif
