#include "sys/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/printable.h"
#include "sys/file.h"
#include "sys/interrupt.h"

static const char place[] = "/dev/tty";

/* How soon a signal is seen. */
#define SLICE_MS 100

#define LINE_MAX_BYTES 1024

static int
show(int fd, const char *question, struct err *err)
{
	struct buf text;
	int result;

	buf_init(&text, 4 * LINE_MAX_BYTES);
	buf_add_string(&text, question);
	if (text.n > 0)
		printable_clean(text.p, text.n, false);
	result = file_write_fd(fd, buf_view(&text), place, err);
	buf_clear(&text);
	return result;
}

static int
set_interrupted(struct err *err)
{
	return err_set(err, interrupt_class(), "%s", interrupt_word());
}

/* The terminal itself puts the line together. */
static int
read_line(int fd, int came, struct buf *answer, struct err *err)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	char line[LINE_MAX_BYTES];
	ssize_t n;

	for (;;) {
		if (interrupt_count() > came)
			return set_interrupted(err);
		if (poll(&wait, 1, SLICE_MS) <= 0)
			continue;
		n = read(fd, line, sizeof line);
		if (n > 0)
			break;
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n < 0)
			return err_system(err, errno, "cannot read", place);
		return err_set(err, ERR_CREDENTIALS,
		    "the terminal gave no answer");
	}
	/* A line behind a Ctrl-C is no answer. */
	if (interrupt_count() > came) {
		explicit_bzero(line, sizeof line);
		return set_interrupted(err);
	}
	buf_add_span(answer, span_trim(span_make(line, (size_t)n)));
	explicit_bzero(line, sizeof line);
	return buf_check(answer, "the answer", err);
}

bool
terminal_ask(void *state, const char *question, struct buf *answer,
    struct err *err)
{
	int fd = open(place, O_RDWR | O_NOCTTY | O_CLOEXEC);
	/* Whoever sees the question may answer it by Ctrl-C at once. */
	int came = interrupt_count();
	bool answered = false;

	(void)state;
	/* Reading in the background would stop us. */
	if (fd < 0 || tcgetpgrp(fd) != getpgrp())
		goto out;
	answered = show(fd, question, err) == 0 &&
	    read_line(fd, came, answer, err) == 0;
out:
	if (fd >= 0)
		(void)close(fd);
	return answered;
}
