#include "cmd/progress.h"

#include "tap.h"

static const struct {
	size_t done, asked;
	int64_t seconds;
	const char *want;
} rows[] = {
	{ 0, 1, 4, "teamcache: 4 s" },
	{ 3, 12, 61, "teamcache: 3 of 12, 61 s" },
	{ 0, 2, 1, "teamcache: 0 of 2, 1 s" },
};

int
main(void)
{
	struct progress p = { 0 };
	struct buf out;
	size_t i;

	buf_init(&out, 256);
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		buf_reset(&out);
		progress_text(rows[i].done, rows[i].asked, rows[i].seconds,
		    &out);
		is_str(buf_string(&out), rows[i].want, "%zu of %zu",
		    rows[i].done, rows[i].asked);
	}
	progress_done(&p, 1);
	progress_end(&p);
	progress_end(&p);
	ok(!p.running, "what was not begun may be ended");
	buf_clear(&out);
	return done_testing();
}
