#include "cmd/github.h"

#include <inttypes.h>
#include <string.h>

#include "base/limits.h"
#include "cmd/format.h"
#include "codec/hex.h"
#include "sys/file.h"

#define RANDOM_BYTES 16

bool
github_runs(const struct env *env)
{
	const char *value = env_value(env, "GITHUB_ACTIONS");

	return value != NULL && strcmp(value, "true") == 0;
}

void
github_guard(const struct command_input *input)
{
	if (github_runs(input->process->env))
		output_disarm(input->output);
}

/* The file that the variable names, when the option is given. */
static int
find_file(const struct command_input *input, enum option_id id,
    const char *variable, const char **path, struct err *err)
{
	*path = NULL;
	if (!option_given(input->options, id))
		return 0;
	*path = env_value(input->process->env, variable);
	if (*path != NULL)
		return 0;
	err_set(err, ERR_USAGE, "--%s: %s is not set", option_spec(id)->name,
	    variable);
	err_hint(err, "a job of GitHub Actions has it; elsewhere, set it to "
	    "the name of a file");
	return -1;
}

int
github_open(struct github *g, const struct command_input *input,
    struct err *err)
{
	memset(g, 0, sizeof *g);
	g->input = input;
	g->collect = collect_choose(input->options, 0, false);
	buf_init(&g->pairs, LIMIT_MIB);
	if (find_file(input, OPTION_GITHUB_SUMMARY, "GITHUB_STEP_SUMMARY",
	    &g->summary, err) != 0)
		return -1;
	return find_file(input, OPTION_GITHUB_OUTPUT, "GITHUB_OUTPUT",
	    &g->output, err);
}

void
github_add_output(const char *name, struct span value, const char *delimiter,
    struct buf *out)
{
	buf_addf(out, "%s<<%s\n", name, delimiter);
	buf_add_span(out, value);
	buf_addf(out, "\n%s\n", delimiter);
}

/* A delimiter of 128 random bits. */
static int
make_delimiter(const struct rand *r, char out[2 * RANDOM_BYTES + 8],
    struct err *err)
{
	unsigned char bytes[RANDOM_BYTES];

	if (rand_fill(r, bytes, sizeof bytes) != 0)
		return err_set(err, ERR_INTERNAL, "there is no randomness");
	memcpy(out, "end_", 4);
	hex_encode(bytes, sizeof bytes, out + 4);
	return 0;
}

/* Of the first entry: where it came from, how old it is, what it sums up to. */
static int
set_outputs(struct github *g, const struct readthrough_result *r,
    const struct sheet *s, struct err *err)
{
	char delimiter[2 * RANDOM_BYTES + 8];
	struct buf text;

	if (make_delimiter(g->input->process->rand, delimiter, err) != 0)
		return -1;
	buf_init(&text, 4 * LIMIT_KIB);
	github_add_output("source", span_of(readthrough_source_name(
	    r->source)), delimiter, &g->pairs);
	if (r->age >= 0)
		buf_addf(&text, "%" PRId64, r->age);
	github_add_output("age", buf_view(&text), delimiter, &g->pairs);
	buf_renew(&text, &g->pairs);
	if (s != NULL)
		decimal_format(s->has_total ? &s->total :
		    &s->parts[SHEET_FORECAST].tally.total, &text);
	github_add_output("cost", buf_view(&text), delimiter, &g->pairs);
	github_add_output("currency", span_of(s == NULL ? "" : s->unit),
	    delimiter, &g->pairs);
	buf_spoil(&g->pairs, &text);
	buf_clear(&text);
	return buf_check(&g->pairs, "the outputs", err);
}

void
github_entry(struct github *g, const char *profile,
    const struct readthrough_result *r)
{
	bool wanted = g->summary != NULL || (g->output != NULL && !g->seen);
	bool shown = false;
	struct err err;

	err_clear(&err);
	if (wanted && r->has_data)
		shown = collect_entry(&g->collect, profile, r, &g->sheets,
		    &err) == 0;
	if (g->output != NULL && !g->seen)
		(void)set_outputs(g, r, shown ? g->sheets.items[0] : NULL,
		    &err);
	g->seen = true;
	if (err.class != ERR_NONE)
		log_warn(g->input->log, "%s", err.message);
}

int
github_close(struct github *g, struct err *err)
{
	const struct look look = { .utf8 = true };
	struct buf text;
	int result = 0;

	buf_init(&text, LIMIT_OBJECT);
	if (g->summary != NULL && g->sheets.count > 0) {
		format_markdown_write(&g->sheets, &look, &text);
		buf_add_char(&text, '\n');
		if (buf_check(&text, "the summary", err) != 0 ||
		    file_append(g->summary, buf_view(&text), err) != 0)
			result = -1;
	}
	if (result == 0 && g->output != NULL)
		result = file_append(g->output, buf_view(&g->pairs), err);
	buf_clear(&text);
	return result;
}

void
github_clear(struct github *g)
{
	sheet_clear(&g->sheets);
	buf_clear(&g->pairs);
}
