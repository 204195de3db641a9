#include "cmd/progress.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cmd/look.h"
#include "sys/log.h"
#include "sys/thread.h"

#define LINE_MAX_BYTES 128

void
progress_text(size_t done, size_t asked, int64_t seconds, struct buf *out)
{
	buf_add_string(out, "teamcache: ");
	if (asked > 1)
		buf_addf(out, "%zu of %zu, ", done, asked);
	buf_addf(out, "%lld s", (long long)seconds);
}

/* Is there somebody to tell? */
static bool
has_reader(const struct command_input *input)
{
	const char *term = env_value(input->process->env, "TERM");

	return isatty(input->process->err) == 1 && term != NULL &&
	    strcmp(term, "dumb") != 0 &&
	    !option_given(input->options, OPTION_QUIET);
}

/* A line that the terminal breaks, as wide as it is by now, cannot be taken
 * back. */
static void
show(struct progress *p, struct buf *line)
{
	size_t columns = look_columns(p->input->process->err);

	if (columns > 0 && line->n >= columns)
		line->p[columns - 1] = '\0';
	log_status(p->input->log, buf_string(line));
}

static void *
tell(void *state)
{
	struct progress *p = state;
	struct buf line;

	buf_init(&line, LINE_MAX_BYTES);
	pthread_mutex_lock(&p->mutex);
	while (!thread_doze(&p->wake, &p->mutex, &p->stop, 1000)) {
		buf_reset(&line);
		progress_text(p->done, p->asked, (clock_elapsed_ms(
		    p->input->process->clock) - p->began_ms) / 1000, &line);
		show(p, &line);
	}
	pthread_mutex_unlock(&p->mutex);
	buf_clear(&line);
	return NULL;
}

/* Signals are for the thread that works. */
static bool
start(struct progress *p)
{
	sigset_t all, before;
	bool started;

	if (!thread_doze_init(&p->wake))
		return false;
	sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	started = pthread_create(&p->thread, NULL, tell, p) == 0;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!started)
		(void)pthread_cond_destroy(&p->wake);
	return started;
}

void
progress_begin(struct progress *p, const struct command_input *input,
    size_t asked)
{
	memset(p, 0, sizeof *p);
	if (!has_reader(input) || pthread_mutex_init(&p->mutex, NULL) != 0)
		return;
	p->input = input;
	p->asked = asked;
	p->began_ms = clock_elapsed_ms(input->process->clock);
	p->running = start(p);
	if (!p->running)
		(void)pthread_mutex_destroy(&p->mutex);
}

void
progress_done(struct progress *p, size_t done)
{
	if (!p->running)
		return;
	pthread_mutex_lock(&p->mutex);
	p->done = done;
	log_status(p->input->log, "");
	pthread_mutex_unlock(&p->mutex);
}

void
progress_end(struct progress *p)
{
	if (!p->running)
		return;
	p->running = false;
	pthread_mutex_lock(&p->mutex);
	p->stop = true;
	pthread_cond_signal(&p->wake);
	pthread_mutex_unlock(&p->mutex);
	(void)pthread_join(p->thread, NULL);
	log_status(p->input->log, "");
	(void)pthread_cond_destroy(&p->wake);
	(void)pthread_mutex_destroy(&p->mutex);
}
