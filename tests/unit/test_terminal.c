/* posix_openpt and its kin */
#define _XOPEN_SOURCE 700
#include "sys/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/interrupt.h"
#include "tap.h"

/* What the one at the terminal got, and what came of it. */
struct outcome {
	bool answered;
	int class;
	char answer[256];
};

/* In a session of its own, at that terminal if there is one. */
static void
ask(const char *terminal, int to)
{
	struct outcome o = { 0 };
	struct err err = { 0 };
	struct buf answer;

	if (setsid() < 0)
		_exit(1);
	/* The first terminal that a session's leader opens is its own. */
	if (terminal != NULL && open(terminal, O_RDWR) < 0)
		_exit(1);
	if (interrupt_install() != 0)
		_exit(1);
	buf_init(&answer, 64);
	o.answered = terminal_ask(NULL, "code\033[2J: ", &answer, &err);
	o.class = (int)err.class;
	snprintf(o.answer, sizeof o.answer, "%s", buf_string(&answer));
	buf_clear(&answer);
	if (write(to, &o, sizeof o) != (ssize_t)sizeof o)
		_exit(1);
	_exit(0);
}

/* Until the question is there; 10 s. */
static void
read_question(int terminal, char *to, size_t room)
{
	struct pollfd wait = { .fd = terminal, .events = POLLIN };
	size_t n = 0;
	ssize_t got;

	while (n + 1 < room && strstr(to, ": ") == NULL &&
	    poll(&wait, 1, 10000) > 0 &&
	    (got = read(terminal, to + n, room - n - 1)) > 0) {
		n += (size_t)got;
		to[n] = '\0';
	}
}

/* typed NULL: there is no terminal. */
static struct outcome
play(const char *typed, char *question, size_t room)
{
	struct outcome o = { 0 };
	int terminal = -1, pipes[2], status;
	const char *name = NULL;
	pid_t child;

	memset(question, 0, room);
	if (typed != NULL) {
		terminal = posix_openpt(O_RDWR | O_NOCTTY);
		if (terminal < 0 || grantpt(terminal) != 0 ||
		    unlockpt(terminal) != 0 ||
		    (name = ptsname(terminal)) == NULL) {
			printf("Bail out! no pseudo-terminal\n");
			exit(1);
		}
	}
	if (pipe(pipes) != 0 || (child = fork()) < 0)
		abort();
	if (child == 0)
		ask(name, pipes[1]);
	close(pipes[1]);
	if (typed != NULL) {
		read_question(terminal, question, room);
		if (write(terminal, typed, strlen(typed)) < 0)
			abort();
	}
	if (read(pipes[0], &o, sizeof o) != (ssize_t)sizeof o)
		o.class = -1;
	close(pipes[0]);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	if (terminal >= 0)
		close(terminal);
	return o;
}

int
main(void)
{
	static const struct {
		const char *typed;
		bool answered;
		enum err_class class;
		const char *answer;
	} rows[] = {
		{ "123456\n", true, ERR_NONE, "123456" },
		{ "  1 2\t\r\n", true, ERR_NONE, "1 2" },
		{ "\n", true, ERR_NONE, "" },
		{ "\004", false, ERR_CREDENTIALS, "" },
		{ "\003", false, ERR_INTERRUPTED, "" },
		{ "0123456789012345678901234567890123456789012345678901234567"
		    "0123456789\n", false, ERR_DATA, "" },
		{ NULL, false, ERR_NONE, "" },
	};
	char question[256];
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct outcome o = play(rows[i].typed, question,
		    sizeof question);

		is_int(o.answered, rows[i].answered, "typed %s",
		    rows[i].typed == NULL ? "nothing" : rows[i].typed);
		is_int(o.class, rows[i].class, "class");
		is_str(o.answer, rows[i].answer, "answer");
		if (rows[i].typed != NULL)
			is_str(question, "code?[2J: ", "the question");
	}
	return done_testing();
}
