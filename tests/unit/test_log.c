#include "sys/log.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

#define THREADS 4
#define LINES 50

static int ends[2];
static char text[65536];

/* What was written since the last look. */
static const char *
written(void)
{
	ssize_t n = read(ends[0], text, sizeof text - 1);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void
test_levels(void)
{
	struct log *log = log_new(ends[1], LOG_QUIET);
	struct err err = { 0 };

	log_warn(log, "w%d", 1);
	log_step(log, "s");
	log_trace(log, "t");
	log_note(log, "n");
	log_error(log, &err);
	is_str(written(), "", "-q: silence");
	is_uint(log_warnings(log), 1, "but the warning is kept");
	is_str(log_warning(log, 0), "w1", "as it was");
	err_set(&err, ERR_USAGE, "bad %s", "thing");
	err_hint(&err, "do this\nthen that\n");
	log_error(log, &err);
	is_str(written(), "teamcache: bad thing\n  do this\n  then that\n",
	    "errors are shown always, with their hint");
	log_free(log);

	log = log_new(ends[1], LOG_NORMAL);
	log_warn(log, "careful");
	log_warn(log, "careful");
	log_step(log, "s");
	log_note(log, "a\n\nb");
	is_str(written(), "teamcache: warning: careful\n  a\n\n  b\n",
	    "a warning once, a note indented");
	is_uint(log_warnings(log), 1, "the same warning counts once");
	is_str(log_warning(log, 1), NULL, "no second one");
	log_free(log);

	log = log_new(ends[1], LOG_STEPS);
	log_step(log, "step %s", "one");
	log_trace(log, "t");
	is_str(written(), "teamcache: step one\n", "-v: steps");
	log_free(log);

	log = log_new(ends[1], LOG_TRACE);
	log_trace(log, "t");
	is_str(written(), "teamcache: t\n", "-vv: traces");
	is_int(log_level(log), LOG_TRACE, "the level");
	log_free(log);
}

static void
test_clean(void)
{
	struct log *log = log_new(ends[1], LOG_NORMAL);
	struct err err = { 0 };

	log_warn(log, "a\033[2Jb\nteamcache: forged\xff\xc2\x9b");
	is_str(written(),
	    "teamcache: warning: a?[2Jb?teamcache: forged???\n",
	    "no escape sequence, no second line");
	err_set(&err, ERR_DATA, "\xe2\x80\xae" "bad");
	log_error(log, &err);
	is_str(written(), "teamcache: ?\?\?bad\n", "no text direction games");
	log_warn(log, "gr\xc3\xbc\xc3\x9f");
	is_str(written(), "teamcache: warning: gr\xc3\xbc\xc3\x9f\n",
	    "UTF-8 stays");
	log_free(log);
}

/* In a job of GitHub Actions: commands of ours, and no others. */
static void
test_annotate(void)
{
	struct log *log = log_new(ends[1], LOG_NORMAL);
	struct err err = { 0 };

	log_annotate(log);
	log_warn(log, "100%% of '##[error]'");
	is_str(written(), "teamcache: warning: 100% of '?#[error]'\n"
	    "::warning title=teamcache::100%25 of '##[error]'\n",
	    "a warning, also as a command");
	err_set(&err, ERR_DATA, "bad");
	err_hint(&err, "::stop-commands::x\nb");
	log_error(log, &err);
	is_str(written(), "teamcache: bad\n  ?:stop-commands::x\n  b\n"
	    "::error title=teamcache::bad%0A::stop-commands::x%0Ab\n",
	    "an error with its hint; no other line is a command");
	log_note(log, "::debug::x");
	is_str(written(), "  ?:debug::x\n", "nor is a note");
	log_free(log);
	log = log_new(ends[1], LOG_QUIET);
	log_annotate(log);
	log_warn(log, "w");
	is_str(written(), "", "-q: no warning, in no form");
	log_free(log);
}

static void
test_status(void)
{
	struct log *log = log_new(ends[1], LOG_NORMAL);

	log_status(log, "");
	is_str(written(), "", "nothing to take away");
	log_status(log, "1 s");
	is_str(written(), "1 s", "a line without end");
	log_status(log, "2 s");
	is_str(written(), "\r\033[K2 s", "the next one is written over it");
	log_warn(log, "w");
	is_str(written(), "\r\033[Kteamcache: warning: w\n",
	    "it gives way for a message");
	log_status(log, "");
	is_str(written(), "", "and is gone then");
	log_status(NULL, "x");
	log_free(log);
}

static void
test_no_log(void)
{
	struct err err = { 0 };

	err_set(&err, ERR_DATA, "x");
	log_warn(NULL, "x");
	log_step(NULL, "x");
	log_trace(NULL, "x");
	log_note(NULL, "x");
	log_error(NULL, &err);
	log_free(NULL);
	is_uint(log_warnings(NULL), 0, "no log, no warnings");
	is_str(log_warning(NULL, 0), NULL, "none to give");
	is_int(log_level(NULL), LOG_QUIET, "quiet");
}

static void *
write_lines(void *state)
{
	int i;

	for (i = 0; i < LINES; i++)
		log_warn(state, "line %d", i);
	return NULL;
}

static void
test_threads(void)
{
	struct log *log = log_new(ends[1], LOG_NORMAL);
	pthread_t threads[THREADS];
	int i, lines = 0;
	const char *p;

	for (i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, write_lines, log);
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (p = written(); *p != '\0'; p++)
		lines += *p == '\n';
	is_int(lines, LINES, "each warning once, whoever says it");
	is_uint(log_warnings(log), LINES, "and kept once");
	log_free(log);
}

int
main(void)
{
	if (pipe(ends) != 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0)
		return 1;
	test_levels();
	test_clean();
	test_annotate();
	test_status();
	test_no_log();
	test_threads();
	return done_testing();
}
