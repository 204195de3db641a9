#include "cmd/check_print.h"

#include <string.h>

#include "base/limits.h"
#include "base/printable.h"
#include "base/span.h"
#include "cmd/github.h"
#include "cmd/report.h"
#include "cmd/wrap.h"

/* What stands below a result begins under its name. */
#define INDENT 4

static const struct {
	const char *unicode;
	const char *ascii;
	const char *colour;
} marks[] = {
	[CHECK_PASS] = { "\xe2\x9c\x93", "+", "\x1b[32m" },
	[CHECK_WARN] = { "!", "!", "\x1b[33m" },
	[CHECK_FAIL] = { "\xe2\x9c\x97", "x", "\x1b[31m" },
	[CHECK_SKIP] = { "-", "-", "\x1b[2m" },
};

/* Where texts go, and how wide they may become there. */
struct page {
	struct output *o;
	struct look look;
};

/* A text from wherever, behind a label. */
static void
put_filled(const struct page *page, const char *label,
    const struct buf *text, const struct wrap *wrap)
{
	struct buf clean;

	buf_init(&clean, text->max + LIMIT_KIB);
	buf_addf(&clean, "%s%s", label, buf_string(text));
	output_check(page->o, &clean);
	printable_clean(clean.p, clean.n, true);
	wrap_fill(page->o, buf_string(&clean), wrap);
	buf_clear(&clean);
}

static void
put_text(const struct page *page, const char *label, const struct buf *text)
{
	const struct wrap wrap = { INDENT, 0, wrap_width(page->look.width) };

	if (text->n > 0)
		put_filled(page, label, text, &wrap);
}

/* One line for who searches in lines, whatever somebody's key holds; a
 * terminal's own width is kept to. */
static void
put_line(const struct page *page, size_t column, const struct buf *text)
{
	const struct wrap wrap = { column > 0 ? INDENT : 0, column,
		page->look.width < WRAP_NARROWEST ? WRAP_NARROWEST :
		page->look.width };
	struct buf line;

	buf_init(&line, text->max);
	buf_add_span(&line, buf_view(text));
	output_check(page->o, &line);
	printable_clean(line.p, line.n, false);
	if (page->look.width > 0) {
		put_filled(page, "", &line, &wrap);
	} else {
		output_clean(page->o, buf_view(&line));
		output_text(page->o, "\n");
	}
	buf_clear(&line);
}

/* What is to be copied stands as it is, a line each. */
static void
put_lines(struct output *o, const struct buf *text)
{
	struct span rest = buf_view(text), line;

	while (rest.n > 0) {
		span_split(rest, '\n', &line, &rest);
		output_format(o, "%*s", INDENT, "");
		output_clean(o, line);
		output_text(o, "\n");
	}
}

static void
put_denial(const struct page *page, const struct check_denial *d)
{
	struct buf text;

	if (!d->given)
		return;
	buf_init(&text, 256 * LIMIT_KIB);
	buf_addf(&text, "denied: %s", buf_string(&d->action));
	if (d->resource.n > 0)
		buf_addf(&text, " on %s", buf_string(&d->resource));
	if (d->principal.n > 0)
		buf_addf(&text, " for %s", buf_string(&d->principal));
	if (d->layer != NULL)
		buf_addf(&text, ", by the %s", d->layer);
	if (d->kind != NULL)
		buf_addf(&text, " (%s)", d->kind);
	if (d->policy_arn.n > 0)
		buf_addf(&text, " %s", buf_string(&d->policy_arn));
	put_text(page, "", &text);
	buf_clear(&text);
}

const char *
check_print_mark(const struct look *look,
    enum check_status status)
{
	return look->utf8 ? marks[status].unicode : marks[status].ascii;
}

static void
put_result(const struct page *page, const struct check_result *r)
{
	const struct look *look = &page->look;
	struct output *o = page->o;

	output_format(o, "%s[%s]%s %s: ", look->colour ?
	    marks[r->status].colour : "", check_print_mark(look, r->status),
	    look->colour ? "\x1b[0m" : "", r->name);
	put_line(page, INDENT + strlen(r->name) + 2, &r->summary);
	if (r->status == CHECK_PASS)
		return;
	put_text(page, "", &r->detail);
	put_denial(page, &r->denial);
	put_text(page, "fix: ", &r->fix.text);
	put_lines(o, &r->fix.policy);
	put_lines(o, &r->fix.command);
}

static void
print_text(const struct check_print *p, const struct buf *verdict)
{
	const struct cmd_process *process = p->input->process;
	const struct page page = { p->input->output, look_of(process->env,
	    option_text(p->input->options, OPTION_COLOR), process->out) };
	size_t i;

	github_guard(p->input);
	for (i = 0; i < p->list->count; i++)
		put_result(&page, &p->list->items[i]);
	put_line(&page, 0, verdict);
}

static void
member_text(struct json_writer *w, const char *name, const struct buf *text)
{
	json_put_name(w, name);
	if (text->n == 0)
		json_put_null(w);
	else
		json_put_span(w, buf_view(text));
}

static void
put_json_denial(struct json_writer *w, const struct check_denial *d)
{
	json_put_name(w, "denial");
	if (!d->given) {
		json_put_null(w);
		return;
	}
	json_open_object(w);
	member_text(w, "action", &d->action);
	member_text(w, "resource", &d->resource);
	member_text(w, "principal", &d->principal);
	json_member_string(w, "layer", d->layer);
	json_member_string(w, "kind", d->kind);
	member_text(w, "policy_arn", &d->policy_arn);
	json_close_object(w);
}

static void
put_json_fix(struct json_writer *w, const struct check_fix *fix)
{
	json_put_name(w, "fix");
	if (fix->text.n + fix->policy.n + fix->command.n == 0) {
		json_put_null(w);
		return;
	}
	json_open_object(w);
	member_text(w, "text", &fix->text);
	json_put_name(w, "policy");
	if (fix->policy.n == 0)
		json_put_null(w);
	else
		json_put_raw(w, buf_view(&fix->policy));
	member_text(w, "command", &fix->command);
	json_close_object(w);
}

static void
put_json_result(struct json_writer *w, const struct check_result *r)
{
	json_open_object(w);
	json_member_string(w, "name", r->name);
	json_member_string(w, "status", check_status_name(r->status));
	json_member_string(w, "summary", buf_string(&r->summary));
	json_member_string(w, "detail", buf_string(&r->detail));
	json_member_integer(w, "milliseconds", r->milliseconds);
	put_json_denial(w, &r->denial);
	put_json_fix(w, &r->fix);
	json_close_object(w);
}

void
check_print_results(struct json_writer *w, const struct check_list *list)
{
	size_t i;

	json_put_name(w, "checks");
	json_open_array(w);
	for (i = 0; i < list->count; i++)
		put_json_result(w, &list->items[i]);
	json_close_array(w);
}

static int
print_json(const struct check_print *p, const struct buf *verdict, int status,
    struct err *err)
{
	struct json_writer w;
	struct buf text;

	buf_init(&text, LIMIT_MIB + p->list->count * LIMIT_MIB);
	report_begin(&w, &text, p->input->command, status);
	json_member_string(&w, "verdict", buf_string(verdict));
	check_print_results(&w, p->list);
	json_put_name(&w, "error");
	report_error(&w, p->stopped);
	if (p->more != NULL)
		p->more(&w, p->state);
	return report_end(&w, p->input->output, err);
}

int
check_print(const struct check_print *print, int *status, struct err *err)
{
	struct buf verdict;
	int result = -1;

	buf_init(&verdict, 256 * LIMIT_KIB);
	check_verdict(print->list, print->good, print->stopped, &verdict);
	if (check_whole(print->list, err) != 0 ||
	    buf_check(&verdict, "the verdict", err) != 0)
		goto out;
	*status = check_exit(print->list, print->stopped);
	result = 0;
	if (option_given(print->input->options, OPTION_JSON))
		result = print_json(print, &verdict, *status, err);
	else
		print_text(print, &verdict);
out:
	buf_clear(&verdict);
	return result;
}
