#include "cache/gate.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "cache/breaker.h"
#include "codec/hash.h"
#include "sys/lock.h"

/* Between reading and replacing nobody waits for anything. */
#define LOCK_MS 1000

#define PATH_ROOM 128

/* One bucket of the command. */
struct bucket {
	struct bucket *next;
	char name[HASH_SHA256_HEX];
	bool asked;
	bool passes;
	struct gate_view view;
	bool failed;
	bool answered;
	struct lock probe;
};

struct gate {
	const struct env *env;
	const struct clock *clock;
	struct log *log;
	pthread_mutex_t lock;	/* guards what follows */
	struct memo state;
	bool state_tried;
	struct bucket *buckets;
};

struct gate *
gate_new(const struct env *env, const struct clock *clock, struct log *log)
{
	struct gate *g = calloc(1, sizeof *g);

	if (g == NULL || pthread_mutex_init(&g->lock, NULL) != 0) {
		free(g);
		return NULL;
	}
	g->env = env;
	g->clock = clock;
	g->log = log;
	g->state.root.fd = -1;
	return g;
}

/* A place that cannot be used was warned of by the session. */
static bool
usable(struct gate *g)
{
	struct err ignored = { 0 };

	if (!g->state_tried) {
		g->state_tried = true;
		(void)memo_open(&g->state, g->env, &ignored);
	}
	return g->state.usable;
}

static struct bucket *
find(struct gate *g, const char *subject)
{
	char name[HASH_SHA256_HEX];
	struct bucket *b;

	hash_sha256_hex(span_of(subject), name);
	for (b = g->buckets; b != NULL; b = b->next)
		if (strcmp(b->name, name) == 0)
			return b;
	if ((b = calloc(1, sizeof *b)) == NULL)
		return NULL;
	memcpy(b->name, name, sizeof b->name);
	b->probe.fd = -1;
	b->next = g->buckets;
	g->buckets = b;
	return b;
}

static void
path_of(const char *name, const char *suffix, struct buf *path)
{
	buf_init(path, PATH_ROOM);
	buf_addf(path, "breaker/%s%s", name, suffix);
}

/* False, with a closed one, when nothing is remembered. */
static bool
read_breaker(const struct memo *state, const char *name,
    struct breaker *out)
{
	struct err ignored = { 0 };
	struct buf path, text;
	bool known;

	memset(out, 0, sizeof *out);
	path_of(name, "", &path);
	buf_init(&text, BREAKER_TEXT);
	known = path.n > 0 && file_root_read(&state->root, buf_string(&path),
	    &text, &ignored) == FILE_READ &&
	    breaker_parse(buf_view(&text), out);
	buf_clear(&text);
	buf_clear(&path);
	return known;
}

static struct breaker_moment
moment(const struct clock *clock)
{
	struct breaker_moment now = {
		.wall = clock_wall_seconds(clock),
		.elapsed = clock_elapsed_ms(clock) / 1000,
	};

	boot_id(now.boot);
	return now;
}

static void
show(const struct breaker *b, const struct breaker_moment *now,
    struct gate_view *view)
{
	memset(view, 0, sizeof *view);
	view->failures = b->failures;
	view->since = view->next_probe = -1;
	if (b->delay == 0)
		return;
	view->open = true;
	view->since = b->since;
	view->next_probe = now->wall + breaker_left(b, now);
}

void
gate_look(const struct memo *state, const char *subject,
    const struct clock *clock, struct gate_view *view)
{
	struct breaker_moment now = { 0 };
	char name[HASH_SHA256_HEX];
	struct breaker b = { 0 };

	hash_sha256_hex(span_of(subject), name);
	if (state->usable && read_breaker(state, name, &b))
		now = moment(clock);
	show(&b, &now, view);
}

/* Read once more under the lock of who probes: the last one may have closed
 * it, or found S3 still out, after we looked. */
static bool
probe(struct gate *g, struct bucket *b)
{
	struct breaker_moment now;
	struct err err = { 0 };
	struct breaker breaker;
	struct buf path;
	enum lock_result held;

	path_of(b->name, ".probe", &path);
	held = path.n > 0 ? lock_try(&b->probe, &g->state.root,
	    buf_string(&path), &err) : LOCK_ERROR;
	buf_clear(&path);
	b->view.probing = held == LOCK_BUSY;
	if (held != LOCK_HELD)
		return held == LOCK_ERROR;
	(void)read_breaker(&g->state, b->name, &breaker);
	now = moment(g->clock);
	show(&breaker, &now, &b->view);
	if (breaker_way(&breaker, &now) == BREAKER_OPEN) {
		lock_release(&b->probe);
		return false;
	}
	log_step(g->log, "S3 did not serve the last %d commands: this one "
	    "tries it again", breaker.failures);
	return true;
}

static bool
decide(struct gate *g, struct bucket *b)
{
	struct breaker_moment now;
	struct breaker breaker;

	if (!usable(g) || !read_breaker(&g->state, b->name, &breaker))
		return true;
	now = moment(g->clock);
	show(&breaker, &now, &b->view);
	switch (breaker_way(&breaker, &now)) {
	case BREAKER_CLOSED:
		return true;
	case BREAKER_DUE:
		return probe(g, b);
	default:
		return false;
	}
}

bool
gate_pass(struct gate *g, const char *subject, struct gate_view *view)
{
	bool passes = true;
	struct bucket *b;

	pthread_mutex_lock(&g->lock);
	if ((b = find(g, subject)) != NULL) {
		if (!b->asked)
			b->passes = decide(g, b);
		b->asked = true;
		passes = b->passes;
		*view = b->view;
	}
	pthread_mutex_unlock(&g->lock);
	return passes;
}

void
gate_tell(struct gate *g, const char *subject, bool failed, bool answered)
{
	struct bucket *b;

	pthread_mutex_lock(&g->lock);
	if ((b = find(g, subject)) != NULL) {
		b->failed = b->failed || failed;
		b->answered = b->answered || answered;
	}
	pthread_mutex_unlock(&g->lock);
}

static void
replace(struct gate *g, const struct bucket *b,
    const struct breaker *breaker, struct err *err)
{
	struct buf path, text;
	struct span piece;

	path_of(b->name, "", &path);
	buf_init(&text, BREAKER_TEXT);
	breaker_format(breaker, &text);
	piece = buf_view(&text);
	if (path.n > 0 && piece.n > 0)
		(void)file_root_replace(&g->state.root, buf_string(&path),
		    &piece, 1, false, err);
	buf_clear(&text);
	buf_clear(&path);
}

static void
forget(struct gate *g, const struct bucket *b, struct err *err)
{
	struct buf path;

	path_of(b->name, "", &path);
	if (path.n > 0)
		(void)file_root_remove(&g->state.root, buf_string(&path),
		    err);
	buf_clear(&path);
}

static void
note_failure(struct gate *g, const struct bucket *b, struct err *err)
{
	struct breaker_moment now = moment(g->clock);
	struct breaker breaker;
	int64_t delay;

	(void)read_breaker(&g->state, b->name, &breaker);
	/* Commands that met one outage side by side are no row of failures. */
	if (b->asked && breaker.failures > b->view.failures)
		return;
	delay = breaker.delay;
	breaker_failed(&breaker, &now);
	replace(g, b, &breaker, err);
	if (breaker.delay != delay)
		log_step(g->log, "S3 did not serve the last %d commands: it "
		    "is left alone for %lld s", breaker.failures,
		    (long long)breaker.delay);
}

/* One command more. What cannot be remembered costs a wait another time. */
static void
record(struct gate *g, const struct bucket *b)
{
	struct lock lock = LOCK_INIT;
	struct err err = { 0 };
	struct breaker breaker;
	struct buf path;

	if (!usable(g) || (!b->failed &&
	    !read_breaker(&g->state, b->name, &breaker)))
		return;
	path_of(b->name, ".lock", &path);
	if (path.n > 0 && lock_wait(&lock, &g->state.root, buf_string(&path),
	    g->clock, LOCK_MS, &err) == LOCK_HELD) {
		if (b->failed)
			note_failure(g, b, &err);
		else
			forget(g, b, &err);
	}
	lock_release(&lock);
	buf_clear(&path);
	if (err.class != ERR_NONE)
		log_step(g->log, "how S3 served is not remembered: %s",
		    err.message);
}

void
gate_free(struct gate *g)
{
	struct bucket *b;

	if (g == NULL)
		return;
	while ((b = g->buckets) != NULL) {
		g->buckets = b->next;
		if (b->failed || b->answered)
			record(g, b);
		lock_release(&b->probe);
		free(b);
	}
	if (g->state_tried)
		memo_close(&g->state);
	pthread_mutex_destroy(&g->lock);
	free(g);
}
