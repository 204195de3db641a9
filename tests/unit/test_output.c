#include "tap.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/workflow.h"
#include "capture.h"
#include "cmd/output.h"
#include "cmd/wrap.h"

static void
test_pieces(void)
{
	struct output *o;
	struct err err = { 0 };
	struct buf got, want, big;
	int fd = capture_open(), i;

	buf_init(&got, 4 * LIMIT_MIB);
	buf_init(&want, 4 * LIMIT_MIB);
	buf_init(&big, 4 * LIMIT_MIB);
	for (i = 0; i < 40000; i++)
		buf_add_string(&big, "0123456789");
	o = output_new(fd);
	if (!ok(o != NULL && fd != -1, "an output"))
		return;
	output_text(o, "");
	output_span(o, (struct span){ NULL, 0 });
	output_format(o, "%d %s\n", 7, "seven");
	for (i = 0; i < 20000; i++)
		output_format(o, "%05d\n", i);
	output_span(o, buf_view(&big));
	output_text(o, "before ");
	output_json_line(o, buf_view(&big));
	output_json_line(o, span_of("{}"));
	output_text(o, "end\n");
	ok(output_finish(o, &err) == 0, "everything went out");
	buf_add_string(&want, "7 seven\n");
	for (i = 0; i < 20000; i++)
		buf_addf(&want, "%05d\n", i);
	buf_add_span(&want, buf_view(&big));
	buf_add_string(&want, "before ");
	buf_add_span(&want, buf_view(&big));
	buf_add_string(&want, "\n{}\nend\n");
	capture_read(fd, &got);
	ok(span_equal(buf_view(&got), buf_view(&want)),
	    "in order and whole, small pieces and large ones");
	ok(!output_terminal(o), "a file is no terminal");
	output_free(o);
	(void)close(fd);
	buf_clear(&got);
	buf_clear(&want);
	buf_clear(&big);
}

static void
test_clean(void)
{
	struct output *o;
	struct err err = { 0 };
	struct buf got, big, want;
	int fd = capture_open(), i;

	buf_init(&got, LIMIT_MIB);
	buf_init(&big, LIMIT_MIB);
	buf_init(&want, LIMIT_MIB);
	/* A character that lies across 64 KiB. */
	buf_add_char(&big, 'x');
	for (i = 0; i < 40000; i++)
		buf_add_string(&big, "\xc3\xa4");
	o = output_new(fd);
	if (!ok(o != NULL && fd != -1, "an output"))
		return;
	output_clean(o, span_of("a\x1b[31mb\n\xc2\x9b"));
	output_clean(o, buf_view(&big));
	ok(output_finish(o, &err) == 0, "everything went out");
	buf_add_string(&want, "a?[31mb\n??");
	buf_add_span(&want, buf_view(&big));
	capture_read(fd, &got);
	ok(span_equal(buf_view(&got), buf_view(&want)),
	    "control bytes are replaced, text is left alone");
	output_free(o);
	(void)close(fd);
	buf_clear(&got);
	buf_clear(&big);
	buf_clear(&want);
}

/* Printed in pieces of so many bytes, what a runner would take for commands
 * comes out as when it is disarmed as a whole, and all of it. */
static void
test_disarmed(void)
{
	static const size_t sizes[] = { 1, 3, 4095, 4096, 40000, 65535, 65536,
		200000 };
	static const char *const lines[] = { "::error::x\n",
		"a ::warning::x ##[error]y\n", "  \t::x\n", "12:34\n", "\n",
		"\xc2\xa0::x\n", "a line that goes on\n" };
	struct buf text, want, got;
	struct err err;
	struct output *o;
	size_t i, at, n;
	int fd;

	buf_init(&text, LIMIT_MIB);
	buf_init(&want, LIMIT_MIB);
	buf_init(&got, LIMIT_MIB);
	for (i = 0; text.n < 160000; i++)
		buf_add_string(&text, lines[i % 7]);
	for (i = 0; i < 40000; i++)
		buf_add_char(&text, 'x');
	buf_add_string(&text, "##[error]\n::x\n::an end without a line's");
	buf_add_span(&want, buf_view(&text));
	workflow_disarm(want.p, want.n);
	for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		fd = capture_open();
		o = output_new(fd);
		err_clear(&err);
		buf_reset(&got);
		output_disarm(o);
		for (at = 0; at < text.n; at += n) {
			n = text.n - at < sizes[i] ? text.n - at : sizes[i];
			output_span(o, span_make(text.p + at, n));
		}
		is_int(output_finish(o, &err), 0, "pieces of %zu bytes",
		    sizes[i]);
		capture_read(fd, &got);
		ok(span_equal(buf_view(&got), buf_view(&want)),
		    "hold no command");
		output_free(o);
		(void)close(fd);
	}
	ok(strstr(buf_string(&want), "12:34\n") != NULL &&
	    strstr(buf_string(&want), "a ::warning") != NULL,
	    "what is none stays");
	buf_clear(&text);
	buf_clear(&want);
	buf_clear(&got);
}

static void
test_failure(void)
{
	struct output *o;
	struct err err = { 0 };
	int fd = open("/dev/full", O_WRONLY);

	o = output_new(fd);
	if (!ok(o != NULL && fd != -1, "an output that is full"))
		return;
	output_text(o, "lost");
	is_int(output_finish(o, &err), -1, "the loss is noticed");
	ok(err.class == ERR_INTERNAL, "as an internal error");
	has_str(err.message, "standard output", "that names stdout");
	output_free(o);
	(void)close(fd);

	err_clear(&err);
	fd = open("/dev/null", O_RDONLY);
	o = output_new(fd);
	if (!ok(o != NULL, "an output that cannot be written"))
		return;
	ok(output_finish(o, &err) == 0, "nothing written, nothing lost");
	output_text(o, "lost");
	is_int(output_finish(o, &err), -1, "the loss is noticed");
	output_free(o);
	(void)close(fd);
}

static void
test_wrap(void)
{
	/* Behind a label of 6 columns; in columns, not bytes. */
	static const struct wrap narrow = { 2, 6, 9 };
	struct output *o;
	struct err err = { 0 };
	struct buf got;
	int fd = capture_open();

	buf_init(&got, LIMIT_MIB);
	o = output_new(fd);
	if (!ok(o != NULL && fd != -1, "an output"))
		return;
	wrap_text(o, "One two  three.\n\nFour", 2, 0);
	wrap_item(o, "label", 10, "text");
	wrap_item(o, "a-long-label", 10, "text");
	wrap_text(o, "aaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbb "
	    "cccccccccccccccccccc dddddddddddddddddddd", 0, 0);
	wrap_fill(o, "one two three-long-words \xc3\xa4\xc3\xb6\xc3\xbc end",
	    &narrow);
	ok(output_finish(o, &err) == 0, "everything went out");
	capture_read(fd, &got);
	is_span(buf_view(&got),
	    "  One two three.\n\n  Four\n"
	    "  label   text\n"
	    "  a-long-label\n          text\n"
	    "aaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbb cccccccccccccccccccc\n"
	    "dddddddddddddddddddd\n"
	    "one\n  two\n  three-long-words\n  \xc3\xa4\xc3\xb6\xc3\xbc end\n",
	    "filled, indented, broken");
	output_free(o);
	(void)close(fd);
	buf_clear(&got);
}

int
main(void)
{
	test_pieces();
	test_clean();
	test_disarmed();
	test_failure();
	test_wrap();
	return done_testing();
}
