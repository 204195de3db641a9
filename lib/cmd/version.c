#include "cmd/version.h"

#include <string.h>
#include <versions.h>

#include "base/app.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/span.h"
#include "cache/key.h"
#include "cmd/command.h"
#include "cmd/report.h"
#include "codec/json.h"

/* What is in the program, with Debian's version numbers. */
static const struct {
	const char *name;
	const char *version;
} parts_of[] = {
	{ "curl", TC_VENDOR_CURL },
	{ "bearssl", TC_VENDOR_BEARSSL },
	{ "zlib", TC_VENDOR_ZLIB },
	{ "expat", TC_VENDOR_EXPAT },
	{ "jsmn", TC_VENDOR_JSMN },
	{ "ca-certificates", TC_VENDOR_CA_CERTIFICATES },
	{ TC_VENDOR_LIBC_NAME, TC_VENDOR_LIBC },
};

static const int statuses[] = { 0, 1, 2, -1 };

void
version_print(struct output *o, bool parts)
{
	size_t i;

	output_text(o, APP_NAME " " APP_VERSION "\n");
	for (i = 0; parts && i < sizeof parts_of / sizeof parts_of[0]; i++)
		output_format(o, "  %-16s %s\n", parts_of[i].name,
		    parts_of[i].version);
}

/* Debian's "8.14.1-2+deb13u5" is version "8.14.1", revision "2+deb13u5". */
static void
put_part(struct json_writer *w, const char *name, const char *whole)
{
	const char *dash = strrchr(whole, '-');
	size_t n = dash == NULL ? strlen(whole) : (size_t)(dash - whole);

	json_open_object(w);
	json_member_string(w, "name", name);
	json_put_name(w, "version");
	json_put_span(w, span_make(whole, n));
	json_member_string(w, "debian_revision",
	    dash == NULL ? NULL : dash + 1);
	json_member_string(w, "debian_version", whole);
	json_close_object(w);
}

static int
print_json(struct output *o, struct err *err)
{
	struct json_writer w;
	struct buf out;
	size_t i;

	buf_init(&out, 64 * LIMIT_KIB);
	report_begin(&w, &out, &command_version, 0);
	json_member_string(&w, "version", APP_VERSION);
	json_member_integer(&w, "schema_version", KEY_SCHEMA_VERSION);
	json_member_string(&w, "libc", TC_VENDOR_LIBC_NAME);
	json_put_name(&w, "parts");
	json_open_array(&w);
	for (i = 0; i < sizeof parts_of / sizeof parts_of[0]; i++)
		put_part(&w, parts_of[i].name, parts_of[i].version);
	json_close_array(&w);
	return report_end(&w, o, err);
}

static int
run(struct command_input *input, int *status, struct err *err)
{
	(void)status;
	if (option_given(input->options, OPTION_JSON))
		return print_json(input->output, err);
	version_print(input->output,
	    option_given(input->options, OPTION_VERBOSE));
	return 0;
}

const struct command command_version = {
	.name = "version",
	.summary = "print the version and what the program is made of",
	.description =
	"Prints the version; with -v, or as JSON with --json, also the exact "
	"version and Debian revision of each part that is linked into the "
	"program.",
	.examples =
	"teamcache version\tthe version\n"
	"teamcache version --json\tfor a bug report or an inventory\n",
	.statuses = statuses,
	.run = run,
};
