#include "cmd/github.h"

#include "tap.h"

static const struct {
	const char *value, *want;
} outputs[] = {
	{ "", "cost<<end_1\n\nend_1\n" },
	{ "12.5", "cost<<end_1\n12.5\nend_1\n" },
	/* Who cannot know the delimiter sets no other output. */
	{ "USD\nend_0\nsource<<x\nlies\nx", "cost<<end_1\nUSD\nend_0\n"
	    "source<<x\nlies\nx\nend_1\n" },
};

static const struct {
	const char *value;
	bool runs;
} jobs[] = {
	{ "GITHUB_ACTIONS=true", true }, { "GITHUB_ACTIONS=false", false },
	{ "GITHUB_ACTIONS=", false }, { "CI=true", false },
};

int
main(void)
{
	struct buf out;
	size_t i;

	buf_init(&out, 4096);
	for (i = 0; i < sizeof outputs / sizeof outputs[0]; i++) {
		buf_reset(&out);
		github_add_output("cost", span_of(outputs[i].value), "end_1",
		    &out);
		is_str(buf_string(&out), outputs[i].want, "'%s'",
		    outputs[i].value);
	}
	for (i = 0; i < sizeof jobs / sizeof jobs[0]; i++) {
		const char *const list[] = { jobs[i].value, NULL };
		const struct env env = { list };

		is_int(github_runs(&env), jobs[i].runs, "%s", jobs[i].value);
	}
	buf_clear(&out);
	return done_testing();
}
