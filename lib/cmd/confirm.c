#include "cmd/confirm.h"

#include <errno.h>
#include <unistd.h>

#include "base/printable.h"
#include "sys/file.h"
#include "sys/interrupt.h"

int
confirm_possible(const struct command_input *input, const char *option,
    struct err *err)
{
	if (isatty(input->process->in) && isatty(input->process->err))
		return 0;
	return err_set(err, ERR_USAGE, "%s: there is no terminal to ask on",
	    option);
}

/* The first byte of a line that was typed; '\n' when it is empty or there
 * is none. */
static char
read_answer(int fd)
{
	char first = '\0', c = '\n';
	ssize_t n;

	do {
		n = read(fd, &c, 1);
		if (n < 0 && errno == EINTR && interrupt_count() == 0)
			continue;
		if (n <= 0)
			return '\n';
		if (first == '\0')
			first = c;
	} while (n < 0 || c != '\n');
	return first;
}

int
confirm_ask(const struct command_input *input, struct buf *question,
    const char *nothing, struct err *err)
{
	char answer;

	if (buf_check(question, "the question", err) != 0)
		return -1;
	printable_clean(question->p, question->n, true);
	if (file_write_fd(input->process->err, buf_view(question), "stderr",
	    err) != 0)
		return -1;
	answer = read_answer(input->process->in);
	if (interrupt_count() > 0)
		return err_set(err, interrupt_class(), "interrupted: %s",
		    nothing);
	if (answer != 'y' && answer != 'Y')
		return err_set(err, ERR_INTERRUPTED, "not confirmed: %s",
		    nothing);
	return 0;
}
