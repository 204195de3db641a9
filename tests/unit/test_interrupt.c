#include "sys/interrupt.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

/* In a child: what nohup ignores stays ignored. */
static int
ignored_stays(void)
{
	struct sigaction now;

	if (signal(SIGHUP, SIG_IGN) == SIG_ERR || interrupt_install() != 0 ||
	    sigaction(SIGHUP, NULL, &now) != 0)
		return 2;
	return now.sa_handler == SIG_IGN ? 0 : 1;
}

int
main(void)
{
	struct sigaction now;
	int status = -1;
	pid_t pid;

	pid = fork();
	if (pid == 0)
		_exit(ignored_stays());
	waitpid(pid, &status, 0);
	is_int(status, 0, "an ignored SIGHUP stays ignored");
	is_int(interrupt_count(), 0, "none yet");
	is_int(interrupt_signal(), 0, "no number yet");
	is_int(interrupt_install(), 0, "installed");
	raise(SIGTERM);
	raise(SIGINT);
	raise(SIGHUP);
	is_int(interrupt_count(), 3, "three came");
	is_int(interrupt_signal(), SIGTERM, "the first one's number");
	is_int(raise(SIGXFSZ), 0, "a file's limit kills nobody");
	is_int(interrupt_count(), 3, "and is no interruption");
	sigaction(SIGPIPE, NULL, &now);
	ok(now.sa_handler == SIG_DFL, "SIGPIPE is as it was");
	return done_testing();
}
