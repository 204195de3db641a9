#include "cmd/printer.h"

#include <string.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "cmd/github.h"
#include "cmd/report.h"
#include "sys/file.h"
#include "sys/interrupt.h"

static bool
on(const struct printer *p, enum option_id id)
{
	return option_given(p->input->options, id);
}

static bool
is_folder(const char *path)
{
	struct stat st;

	return span_ends(span_of(path), "/") ||
	    (stat(path, &st) == 0 && S_ISDIR(st.st_mode));
}

/* Where -o points; "-" is stdout. */
static int
choose_output(struct printer *p, struct err *err)
{
	const char *path = option_text(p->input->options, OPTION_OUTPUT);
	struct stat st;

	if (path == NULL || strcmp(path, "-") == 0)
		return 0;
	p->path = path;
	p->folder = is_folder(path);
	if (!p->folder)
		return 0;
	if (on(p, OPTION_JSON)) {
		err_set(err, ERR_USAGE, "-o '%s' is a directory, and --json "
		    "prints one object", path);
		err_hint(err, "name a file, or leave --json out");
		return -1;
	}
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return 0;
	return err_set(err, ERR_USAGE, "-o '%s': there is no such directory",
	    path);
}

/* --metric and --top are for what adds up. */
static int
choose_format(struct printer *p, struct err *err)
{
	const struct options *o = p->input->options;

	p->format = format_find(option_text(o, OPTION_FORMAT));
	p->collect = collect_choose(o, p->format->top, p->format->rows_only);
	if (p->format->write != NULL || on(p, OPTION_GITHUB_SUMMARY) ||
	    !(on(p, OPTION_METRIC) || on(p, OPTION_TOP)))
		return 0;
	err_set(err, ERR_USAGE, "%s: the data is printed as it is",
	    on(p, OPTION_METRIC) ? "--metric" : "--top");
	err_hint(err, "it goes with --format table, csv, markdown, chart and "
	    "html");
	return -1;
}

int
printer_open(struct printer *p, const struct command_input *input,
    size_t entries, struct err *err)
{
	p->input = input;
	p->several = entries > 1;
	buf_init(&p->json, 4 * LIMIT_OBJECT);
	buf_init(&p->lines, 4 * LIMIT_OBJECT);
	json_begin(&p->writer, &p->json, false);
	json_open_array(&p->writer);
	if (choose_format(p, err) != 0 || choose_output(p, err) != 0)
		return -1;
	progress_begin(&p->progress, input, entries);
	return 0;
}

void
printer_clear(struct printer *p)
{
	progress_end(&p->progress);
	buf_clear(&p->json);
	buf_clear(&p->lines);
	sheet_clear(&p->sheets);
}

/* What the user asked to see of an entry: its data, or the envelope. */
static bool
envelope_wanted(const struct printer *p)
{
	return strcmp(p->format->name, "envelope") == 0;
}

static struct span
wanted(const struct printer *p, const struct readthrough_result *r)
{
	return envelope_wanted(p) ? r->envelope : r->entry.data;
}

/* How it may look in a file: no colour, no terminal's width. */
static struct look
look_of_file(const struct printer *p)
{
	return look_choose(p->input->process->env, "never", false, 0);
}

/* What a file of this entry's own holds. */
static int
make_text(const struct printer *p, const char *profile,
    const struct readthrough_result *r, struct buf *text, struct err *err)
{
	const struct look look = look_of_file(p);
	struct sheets sheets = { 0 };
	int result = 0;

	if (p->format->write == NULL) {
		buf_add_span(text, wanted(p, r));
		buf_add_char(text, '\n');
	} else {
		result = collect_entry(&p->collect, profile, r, &sheets, err);
		if (result == 0)
			p->format->write(&sheets, &look, text);
		sheet_clear(&sheets);
	}
	return result == 0 ? buf_check(text, "entry", err) : -1;
}

/* -o DIR/: one file an entry; those of failed entries are left alone. */
static int
write_into_folder(struct printer *p, const char *profile,
    const struct readthrough_result *r, struct err *err)
{
	char period[MONTH_ROOM];
	struct buf path, text;
	int result = -1;

	month_format(r->key.month, period);
	buf_init(&path, 4096);
	buf_init(&text, LIMIT_OBJECT + LIMIT_MIB);
	buf_addf(&path, "%s%s%s-%s-%s.%s", p->path,
	    span_ends(span_of(p->path), "/") ? "" : "/", r->key.account,
	    period, r->key.type, p->format->extension);
	if (buf_check(&path, "path", err) == 0 &&
	    make_text(p, profile, r, &text, err) == 0)
		result = file_replace(buf_string(&path), buf_view(&text),
		    true, err);
	buf_clear(&path);
	buf_clear(&text);
	return result;
}

/* One entry as a line of NDJSON. */
static void
add_line(struct printer *p, const char *profile,
    const struct readthrough_result *r)
{
	struct json_writer w;

	if (envelope_wanted(p)) {
		if (!r->has_data)
			return;
		buf_add_span(&p->lines, r->envelope);
	} else {
		json_begin(&w, &p->lines, false);
		report_entry(&w, profile, r, true);
	}
	buf_add_char(&p->lines, '\n');
}

bool
printer_takes_bulk(const struct printer *p)
{
	return !p->several && p->path == NULL && p->format->write == NULL &&
	    !on(p, OPTION_JSON) && !on(p, OPTION_GITHUB_SUMMARY);
}

struct printing {
	struct output *out;
	int came;		/* signals, as it began */
};

static int
print_piece(void *state, const char *bytes, size_t n, struct err *err)
{
	const struct printing *print = state;

	if (interrupt_count() != print->came)
		return err_set(err, interrupt_class(), "cannot write "
		    "'standard output': %s", interrupt_word());
	output_span(print->out, span_make(bytes, n));
	return 0;
}

static int
gather_piece(void *state, const char *bytes, size_t n, struct err *err)
{
	struct buf *text = state;

	buf_add(text, bytes, n);
	return buf_check(text, "result", err);
}

/* On a terminal control characters are looked for, which a piece may cut. */
static int
show_bulk(struct output *out, const struct bulk *bulk, size_t from, size_t n,
    struct err *err)
{
	struct buf text;
	int result = -1;

	buf_init(&text, n);
	if (buf_reserve(&text, n) == NULL)
		err_memory(err);
	else if (bulk_send(bulk, from, n, gather_piece, &text, err) == 0)
		result = 0;
	if (result == 0)
		output_json_line(out, buf_view(&text));
	buf_clear(&text);
	return result;
}

static int
print_bulk(const struct printer *p, const struct readthrough_result *r,
    struct err *err)
{
	struct printing print = { p->input->output, interrupt_count() };
	size_t from = envelope_wanted(p) ? 0 : r->entry.data_offset;
	size_t n = wanted(p, r).n;

	if (output_terminal(print.out))
		return show_bulk(print.out, &r->bulk, from, n, err);
	if (bulk_send(&r->bulk, from, n, print_piece, &print, err) != 0)
		return -1;
	output_text(print.out, "\n");
	return 0;
}

static int
print(struct printer *p, const char *profile,
    const struct readthrough_result *r, struct err *err)
{
	struct output *out = p->input->output;

	if (on(p, OPTION_JSON)) {
		report_entry(&p->writer, profile, r, !on(p, OPTION_WARM));
		return buf_check(&p->json, "result", err);
	}
	if (on(p, OPTION_WARM))
		return 0;
	if (p->folder)
		return r->has_data ? write_into_folder(p, profile, r, err) :
		    0;
	if (p->format->write != NULL)
		return r->has_data ? collect_entry(&p->collect, profile, r,
		    &p->sheets, err) : 0;
	if (r->has_data && r->bulk.there)
		return print_bulk(p, r, err);
	if (!p->several && p->path == NULL) {
		if (r->has_data)
			output_json_line(out, wanted(p, r));
		return 0;
	}
	if (p->several) {
		add_line(p, profile, r);
	} else if (r->has_data) {
		buf_add_span(&p->lines, wanted(p, r));
		buf_add_char(&p->lines, '\n');
	}
	if (buf_check(&p->lines, "result", err) != 0)
		return -1;
	if (p->path == NULL) {
		output_json(out, buf_view(&p->lines));
		buf_reset(&p->lines);
	}
	return 0;
}

int
printer_entry(struct printer *p, const char *profile,
    const struct readthrough_result *r, struct err *err)
{
	int result;

	progress_done(&p->progress, ++p->printed);
	result = print(p, profile, r, err);
	/* It is this one's fault alone: the others are shown. */
	if (result != 0 && p->several && err->class == ERR_DATA &&
	    p->format->write != NULL) {
		log_error(p->input->log, err);
		p->status = report_worse(p->status, err_status(err->class));
		err_clear(err);
		result = 0;
	}
	return result;
}

static int
close_json(struct printer *p, int status, const struct call_counts *counts,
    struct err *err)
{
	struct output *out = p->input->output;
	struct json_writer w;
	struct buf head;
	int result = -1;

	json_close_array(&p->writer);
	buf_init(&head, LIMIT_MIB);
	report_open(&w, &head, p->input, status, counts);
	buf_add_string(&head, ",\"entries\":");
	if (buf_check(&head, "result", err) != 0 ||
	    buf_check(&p->json, "result", err) != 0)
		goto out;
	if (p->path != NULL) {
		buf_add_span(&p->lines, buf_view(&head));
		buf_add_span(&p->lines, buf_view(&p->json));
		buf_add_string(&p->lines, "}\n");
	} else {
		output_json(out, buf_view(&head));
		output_json(out, buf_view(&p->json));
		output_text(out, "}\n");
	}
	result = 0;
out:
	buf_clear(&head);
	return result;
}

/* All sheets as one text, to stdout or into the file. */
static int
close_sheets(struct printer *p, struct err *err)
{
	struct look look = p->path != NULL ? look_of_file(p) :
	    look_of(p->input->process->env, option_text(p->input->options,
	    OPTION_COLOR), p->input->process->out);

	if (p->sheets.count == 0)
		return 0;
	p->format->write(&p->sheets, &look, &p->lines);
	if (buf_check(&p->lines, "result", err) != 0)
		return -1;
	if (p->path != NULL)
		return 0;
	if (p->format->for_log)
		github_guard(p->input);
	output_span(p->input->output, buf_view(&p->lines));
	return 0;
}

int
printer_close(struct printer *p, int status,
    const struct call_counts *counts, struct err *err)
{
	progress_end(&p->progress);
	if (on(p, OPTION_JSON) ? close_json(p, status, counts, err) != 0 :
	    p->format->write != NULL && close_sheets(p, err) != 0)
		return -1;
	if (p->path == NULL || p->lines.n == 0)
		return 0;
	if (buf_check(&p->lines, "result", err) != 0)
		return -1;
	return file_replace(p->path, buf_view(&p->lines), true, err);
}
