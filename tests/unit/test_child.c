#include "sys/child.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "sandbox.h"
#include "sys/interrupt.h"
#include "tap.h"

static const char *const variables[] = { "PATH=/bin:/usr/bin", "GREETING=hi",
    NULL };
static const struct env env = { variables };

struct run {
	struct buf output;
	struct buf errors;
	struct child_result result;
	struct err err;
	int code;
	int64_t took;
};

static void
begin(struct run *r, size_t output, size_t errors)
{
	memset(r, 0, sizeof *r);
	buf_init(&r->output, output);
	buf_init(&r->errors, errors);
}

static void
go(struct run *r, char *const *words, int64_t limit_ms, int echo)
{
	struct child_request request = { .words = words, .env = &env,
	    .clock = clock_system(), .limit_ms = limit_ms,
	    .output = &r->output, .errors = &r->errors, .echo = echo };
	int64_t begun = clock_elapsed_ms(clock_system());

	r->code = child_run(&request, &r->result, &r->err);
	r->took = clock_elapsed_ms(clock_system()) - begun;
}

/* sh -c SCRIPT; here it is only a program like another. */
static void
shell(struct run *r, char *script, int64_t limit_ms, int echo)
{
	char program[] = "/bin/sh", option[] = "-c";
	char *words[] = { program, option, script, NULL };

	go(r, words, limit_ms, echo);
}

static void
end(struct run *r)
{
	buf_clear(&r->output);
	buf_clear(&r->errors);
}

static void
test_ends(void)
{
	char both[] = "echo out; echo err >&2; echo $GREETING; exit 3";
	char killed[] = "kill -9 $$", silent[] = ":";
	char closed[] = "exec >&- 2>&-; sleep 0.05; exit 4";
	struct run r;

	begin(&r, 100, 100);
	shell(&r, both, 10000, -1);
	is_int(r.code, 0, "it ran");
	is_int(r.result.end, CHILD_EXITED, "and ended by itself");
	is_int(r.result.number, 3, "with its status");
	is_str(buf_string(&r.output), "out\nhi\n", "its output, its own "
	    "environment");
	is_str(buf_string(&r.errors), "err\n", "and what it complains of");
	end(&r);
	begin(&r, 100, 100);
	shell(&r, killed, 10000, -1);
	is_int(r.result.end, CHILD_KILLED, "killed");
	is_int(r.result.number, SIGKILL, "by that signal");
	end(&r);
	begin(&r, 100, 100);
	shell(&r, silent, 10000, -1);
	is_int(r.result.end, CHILD_EXITED, "a program without a word");
	is_uint(r.output.n, 0, "has none");
	end(&r);
	begin(&r, 100, 100);
	shell(&r, closed, 10000, -1);
	is_int(r.result.number, 4, "its status counts, not its output's end");
	end(&r);
}

static void
test_start(void)
{
	char echo[] = "echo", word[] = "a b", none[] = "no-such-program-here";
	char *in_path[] = { echo, word, NULL }, *absent[] = { none, NULL };
	char directory[] = "/tmp", *not_a_file[] = { directory, NULL };
	struct run r;

	begin(&r, 100, 100);
	go(&r, in_path, 10000, -1);
	is_str(buf_string(&r.output), "a b\n", "found in PATH, words kept");
	end(&r);
	begin(&r, 100, 100);
	go(&r, absent, 10000, -1);
	is_int(r.code, -1, "no such program");
	is_int(r.err.class, ERR_USAGE, "its class");
	has_str(r.err.message, "cannot run 'no-such-program-here': No such",
	    "its message");
	end(&r);
	begin(&r, 100, 100);
	go(&r, not_a_file, 10000, -1);
	is_int(r.code, -1, "a directory");
	end(&r);
}

static void
test_bounds(void)
{
	char slow[] = "echo a; sleep 30", deaf[] =
	    "trap '' TERM; echo a; sleep 30 & wait; sleep 30";
	char flood[] = "while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done";
	char noise[] = "i=0; while [ $i -lt 3000 ]; do echo line $i >&2; "
	    "i=$((i+1)); done; echo done";
	char daemon[] = "sleep 2 & echo started";
	struct run r;

	begin(&r, 100, 100);
	shell(&r, slow, 200, -1);
	is_int(r.result.end, CHILD_LATE, "too slow");
	ok(r.took < 5000, "ended at once (%d ms)", (int)r.took);
	end(&r);
	begin(&r, 100, 100);
	shell(&r, deaf, 200, -1);
	is_int(r.result.end, CHILD_LATE, "deaf to SIGTERM");
	ok(r.took >= 1000 && r.took < 10000, "killed (%d ms)", (int)r.took);
	end(&r);
	begin(&r, 10000, 100);
	shell(&r, flood, 20000, -1);
	is_int(r.result.end, CHILD_FLOOD, "too much output");
	is_int(r.output.fault, BUF_FULL, "is known as such");
	end(&r);
	begin(&r, 100, 64);
	shell(&r, noise, 20000, -1);
	is_int(r.result.end, CHILD_EXITED, "stderr may be long");
	is_str(buf_string(&r.output), "done\n", "without loss");
	has_str(buf_string(&r.errors), "line 2999\n", "its end is kept");
	ok(r.errors.n <= 64 && r.errors.fault == BUF_SOUND, "no more");
	end(&r);
	begin(&r, 100, 100);
	shell(&r, daemon, 20000, -1);
	is_str(buf_string(&r.output), "started\n", "a daemon is left behind");
	ok(r.took < 1500, "not waited for (%d ms)", (int)r.took);
	end(&r);
}

static int
lines_of(const char *text)
{
	int n = 0;

	for (; *text != '\0'; text++)
		n += *text == '\n';
	return n;
}

/* How many descriptors this process was given itself. */
static int
inherited(void)
{
	int fd, flags, n = 0;

	for (fd = 0; fd < 1024; fd++) {
		flags = fcntl(fd, F_GETFD);
		n += flags >= 0 && (flags & FD_CLOEXEC) == 0;
	}
	return n;
}

/* stdin is the caller's. */
static void
test_descriptors(void)
{
	char list[] = "exec ls /proc/self/fd", cat[] = "read x; echo $x";
	int before, extra = open("/dev/null", O_RDONLY | O_CLOEXEC), in[2];
	int held = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	struct run r;

	before = sandbox_descriptors();
	begin(&r, 100, 100);
	shell(&r, list, 10000, -1);
	is_int(lines_of(buf_string(&r.output)), inherited() + 1,
	    "no descriptor of ours (ls has one)");
	end(&r);
	is_int(sandbox_descriptors(), before, "and none is left open");
	if (pipe(in) != 0 || dup2(in[0], STDIN_FILENO) != STDIN_FILENO ||
	    write(in[1], "typed\n", 6) != 6)
		return;
	begin(&r, 100, 100);
	shell(&r, cat, 10000, -1);
	is_str(buf_string(&r.output), "typed\n", "it may read");
	end(&r);
	(void)dup2(held, STDIN_FILENO);
	close(held);
	close(in[0]);
	close(in[1]);
	close(extra);
}

static void
test_echo(void)
{
	char script[] = "echo question >&2; echo secret";
	char seen[32] = "";
	int ends[2];
	struct run r;

	if (pipe(ends) != 0)
		return;
	begin(&r, 100, 100);
	shell(&r, script, 10000, ends[1]);
	is_int(read(ends[0], seen, sizeof seen - 1), 9, "stderr goes on");
	is_str(seen, "question\n", "as it came");
	is_str(buf_string(&r.errors), "question\n", "and is kept");
	end(&r);
	close(ends[0]);
	close(ends[1]);
}

static void
test_interrupt(void)
{
	char script[] = "sleep 0.2; kill -INT $PPID; sleep 30";
	struct run r;

	is_int(interrupt_install(), 0, "handlers");
	begin(&r, 100, 100);
	shell(&r, script, 20000, -1);
	is_int(r.result.end, CHILD_INTERRUPTED, "interrupted");
	ok(r.took < 10000, "at once (%d ms)", (int)r.took);
	end(&r);
}

int
main(void)
{
	test_ends();
	test_start();
	test_bounds();
	test_descriptors();
	test_echo();
	test_interrupt();
	return done_testing();
}
