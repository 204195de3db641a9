#include "diag/check.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "base/span.h"
#include "sys/interrupt.h"

#define TEXT_MAX (64 * LIMIT_KIB)

/* The texts of a result. */
#define TEXTS 9

static void
texts_of(struct check_result *r, struct buf *texts[TEXTS])
{
	struct buf *const all[TEXTS] = {
		&r->summary, &r->detail, &r->denial.action,
		&r->denial.resource, &r->denial.principal,
		&r->denial.policy_arn, &r->fix.text, &r->fix.policy,
		&r->fix.command,
	};

	memcpy(texts, all, sizeof all);
}

const char *
check_status_name(enum check_status status)
{
	static const char *const names[] = {
		[CHECK_PASS] = "pass", [CHECK_WARN] = "warn",
		[CHECK_FAIL] = "fail", [CHECK_SKIP] = "skip",
	};

	return names[status];
}

struct check_result *
check_add(struct check_list *list, const char *name, struct err *err)
{
	struct buf *texts[TEXTS];
	struct check_result *r = array_grow(list->items, list->count,
	    &list->room, sizeof *r);
	size_t i;

	if (r == NULL) {
		err_memory(err);
		return NULL;
	}
	list->items = r;
	r = &list->items[list->count++];
	memset(r, 0, sizeof *r);
	r->name = name;
	texts_of(r, texts);
	for (i = 0; i < TEXTS; i++)
		buf_init(texts[i], TEXT_MAX);
	return r;
}

const struct check_result *
check_find(const struct check_list *list, const char *name)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (strcmp(list->items[i].name, name) == 0)
			return &list->items[i];
	return NULL;
}

void
check_clear(struct check_list *list)
{
	struct buf *texts[TEXTS];
	size_t i, k;

	for (i = 0; i < list->count; i++) {
		texts_of(&list->items[i], texts);
		for (k = 0; k < TEXTS; k++)
			buf_clear(texts[k]);
	}
	free(list->items);
	memset(list, 0, sizeof *list);
}

void
check_set(struct check_result *r, enum check_status status,
    const char *format, ...)
{
	va_list ap;

	r->status = status;
	buf_reset(&r->summary);
	va_start(ap, format);
	buf_addv(&r->summary, format, ap);
	va_end(ap);
}

void
check_detail(struct check_result *r, const char *format, ...)
{
	va_list ap;

	if (r->detail.n > 0)
		buf_add_string(&r->detail, "\n\n");
	va_start(ap, format);
	buf_addv(&r->detail, format, ap);
	va_end(ap);
}

void
check_fix(struct check_result *r, const char *format, ...)
{
	va_list ap;

	buf_reset(&r->fix.text);
	va_start(ap, format);
	buf_addv(&r->fix.text, format, ap);
	va_end(ap);
}

/* The next name of "a,b,c"; false at the end. */
static bool
next_name(struct span *list, struct span *name)
{
	if (list->p == NULL)
		return false;
	if (!span_split(*list, ',', name, list))
		list->p = NULL;
	*name = span_trim(*name);
	return true;
}

static bool
listed(const char *list, const char *name)
{
	struct span rest = span_of(list), one;

	while (next_name(&rest, &one))
		if (span_is(one, name))
			return true;
	return false;
}

static const char *
known_name(const void *state, size_t i, size_t *n)
{
	const char *const *names = state;

	if (names[i] != NULL)
		*n = strlen(names[i]);
	return names[i];
}

static bool
known(const char *const *names, struct span name)
{
	for (; *names != NULL; names++)
		if (span_is(name, *names))
			return true;
	return false;
}

static void
hint_names(const char *const *names, struct span meant, struct err *err)
{
	struct buf all;
	size_t n, i;
	const char *nearest = meant.n == 0 ? NULL :
	    nearest_of(meant.p, meant.n, known_name, names, &n);

	if (nearest != NULL) {
		err_hint(err, "did you mean '%.*s'?", (int)n, nearest);
		return;
	}
	buf_init(&all, sizeof err->hint);
	for (i = 0; names[i] != NULL; i++)
		buf_addf(&all, "%s%s", i == 0 ? "the checks are: " : ", ",
		    names[i]);
	err_hint(err, "%s", buf_string(&all));
	buf_clear(&all);
}

static int
select_names(const char *option, const char *list, const char *const *names,
    struct err *err)
{
	struct span rest = span_of(list), name;

	while (next_name(&rest, &name)) {
		if (known(names, name))
			continue;
		err_set(err, ERR_USAGE, "option '%s': '%.*s' is not a check",
		    option, (int)(name.n > LIMIT_QUOTE ? LIMIT_QUOTE :
		    name.n), name.n == 0 ? "" : name.p);
		hint_names(names, name, err);
		return -1;
	}
	return 0;
}

int
check_select(const struct check_selection *selection,
    const char *const *names, struct err *err)
{
	size_t i;

	if (select_names("--only", selection->only, names, err) != 0 ||
	    select_names("--skip", selection->skip, names, err) != 0)
		return -1;
	for (i = 0; names[i] != NULL; i++)
		if (check_selected(selection, names[i]))
			return 0;
	return err_set(err, ERR_USAGE,
	    "--only and --skip together leave no check to make");
}

bool
check_selected(const struct check_selection *selection, const char *name)
{
	return (selection->only == NULL || listed(selection->only, name)) &&
	    !listed(selection->skip, name);
}

static int
run_entry(const struct check_run *run, const struct check_entry *entry,
    struct check_list *list, struct err *err)
{
	struct check_result *r = check_add(list, entry->name, err);
	int64_t began;
	int result;

	if (r == NULL)
		return -1;
	began = clock_elapsed_ms(run->clock);
	result = entry->run(run->state, entry, r, err);
	r->milliseconds = clock_elapsed_ms(run->clock) - began;
	if ((r->status == CHECK_FAIL || r->status == CHECK_WARN) &&
	    entry->explain != NULL)
		check_detail(r, "%s", entry->explain);
	return result;
}

int
check_run(const struct check_run *run, struct check_list *list,
    struct err *err)
{
	size_t i;

	for (i = 0; i < run->count; i++) {
		if (!check_selected(&run->selection, run->entries[i].name))
			continue;
		if (run_entry(run, &run->entries[i], list, err) != 0)
			return -1;
		/* A check may have brought to its end what it had begun. */
		if (interrupt_count() > 0)
			return err_set(err, interrupt_class(), "%s",
			    interrupt_word());
	}
	return check_whole(list, err);
}

size_t
check_count(const struct check_list *list, enum check_status status)
{
	size_t i, n = 0;

	for (i = 0; i < list->count; i++)
		n += list->items[i].status == status;
	return n;
}

int
check_exit(const struct check_list *list, const struct err *stopped)
{
	if (stopped->class != ERR_NONE)
		return err_status(stopped->class);
	return check_count(list, CHECK_FAIL) > 0 ? err_status(ERR_CHECKS) : 0;
}

static const struct check_result *
first_of(const struct check_list *list, enum check_status status)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (list->items[i].status == status)
			return &list->items[i];
	return NULL;
}

static void
add_counted(struct buf *out, const char *lead, size_t n, const char *one,
    const char *many)
{
	if (n > 0)
		buf_addf(out, "%s%zu %s", lead, n, n == 1 ? one : many);
}

void
check_verdict(const struct check_list *list, const char *good,
    const struct err *stopped, struct buf *out)
{
	size_t fails = check_count(list, CHECK_FAIL);
	size_t warns = check_count(list, CHECK_WARN);
	size_t skips = check_count(list, CHECK_SKIP);
	const struct check_result *r;

	if (stopped->class != ERR_NONE) {
		buf_add_string(out, stopped->message);
		return;
	}
	if (fails > 0) {
		r = first_of(list, CHECK_FAIL);
		buf_addf(out, "%s: %s", r->name, buf_string(&r->summary));
		add_counted(out, " (and ", fails - 1, "more failed)",
		    "more failed)");
		return;
	}
	if (check_count(list, CHECK_PASS) + warns == 0)
		buf_add_string(out, "nothing was checked");
	else if (skips > 0)
		buf_add_string(out, "no check failed");
	else
		buf_add_string(out, good);
	add_counted(out, ", ", warns, "warning", "warnings");
	add_counted(out, ", ", skips, "check was not made",
	    "checks were not made");
}

int
check_whole(const struct check_list *list, struct err *err)
{
	struct buf *texts[TEXTS];
	size_t i, k;

	for (i = 0; i < list->count; i++) {
		texts_of(&list->items[i], texts);
		for (k = 0; k < TEXTS; k++)
			if (texts[k]->fault != BUF_SOUND)
				return err_set(err, ERR_INTERNAL,
				    "the result of check '%s' was lost: too "
				    "large, or out of memory",
				    list->items[i].name);
	}
	return 0;
}
