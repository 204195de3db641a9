#ifndef TESTS_CAPTURE_H
#define TESTS_CAPTURE_H

#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "cmd/output.h"
#include "sys/file.h"
#include "tap.h"

/* What an output wrote, through a file whose name is gone already. */

static inline int
capture_open(void)
{
	char name[] = "/tmp/teamcache-capture.XXXXXX";
	int fd = mkstemp(name);

	if (fd != -1)
		(void)unlink(name);
	return fd;
}

/* All that was written to fd so far. */
static inline void
capture_read(int fd, struct buf *out)
{
	struct err err = { 0 };

	buf_reset(out);
	ok(lseek(fd, 0, SEEK_SET) == 0 && file_read_fd(fd, out, "capture",
	    &err) == 0, "what was written can be read");
}

/* What one function prints; what is passed on to it. */
static inline void
capture(void (*print)(struct output *o, const void *what), const void *what,
    struct buf *out)
{
	int fd = capture_open();
	struct output *o = output_new(fd);
	struct err err = { 0 };

	if (fd == -1 || o == NULL) {
		ok(false, "a file to print to");
	} else {
		print(o, what);
		ok(output_finish(o, &err) == 0, "printed");
		capture_read(fd, out);
	}
	output_free(o);
	(void)close(fd);
}

#endif
