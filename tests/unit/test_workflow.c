#include "base/workflow.h"

#include "tap.h"

static const struct {
	const char *text, *want;
} disarmed[] = {
	{ "", "" }, { "Amazon S3  1.00\n", "Amazon S3  1.00\n" },
	{ "::error::x", "?:error::x" }, { "  ::error::x", "  ?:error::x" },
	{ "a\n\t::x\n", "a\n\t?:x\n" }, { "a\r::x", "a\r?:x" },
	{ "a ::x", "a ::x" }, { "a ##[error]x", "a ?#[error]x" },
	{ "###[x", "#?#[x" }, { "##[##[", "?#[?#[" },
	{ ":::x", "?::x" }, { "\xc2\xa0::x", "\xc2\xa0?:x" },
	{ "teamcache: a::b", "teamcache: a::b" },
};

static const struct {
	const char *text, *want;
} commands[] = {
	{ "", "::warning title=teamcache::\n" },
	{ "S3 is down", "::warning title=teamcache::S3 is down\n" },
	{ "a\nb\r%0A::c", "::warning title=teamcache::a%0Ab%0D%250A::c\n" },
};

int
main(void)
{
	char text[64];
	struct buf out;
	size_t i;

	for (i = 0; i < sizeof disarmed / sizeof disarmed[0]; i++) {
		snprintf(text, sizeof text, "%s", disarmed[i].text);
		workflow_disarm(text, strlen(text));
		is_str(text, disarmed[i].want, "'%s'", disarmed[i].text);
	}
	buf_init(&out, 4096);
	for (i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		buf_reset(&out);
		workflow_command("warning", span_of(commands[i].text), &out);
		is_str(buf_string(&out), commands[i].want, "command '%s'",
		    commands[i].text);
	}
	buf_clear(&out);
	return done_testing();
}
