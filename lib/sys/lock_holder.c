#include "sys/lock_holder.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/num.h"
#include "sys/file.h"

/* Words of "/proc/locks": "1: FLOCK  ADVISORY  WRITE 77 fe:01:3408 0 EOF". */
enum { WORD_KIND = 1, WORD_PID = 4, WORD_FILE = 5, WORDS = 6 };

/* Words of "/proc/PID/stat" behind the name. */
enum { STAT_STATE = 0, STAT_BEGAN = 19 };

static struct span
next_word(struct span *rest)
{
	struct span word;

	while (rest->n > 0 && rest->p[0] == ' ')
		*rest = span_make(rest->p + 1, rest->n - 1);
	if (!span_split(*rest, ' ', &word, rest))
		*rest = span_make(NULL, 0);
	return word;
}

uint64_t
lock_holder_in(struct span locks, unsigned major, unsigned minor,
    uint64_t inode)
{
	char file[64];
	struct span line, word[WORDS];
	uint64_t pid;
	int i, n = snprintf(file, sizeof file, "%02x:%02x:%" PRIu64, major,
	    minor, inode);

	if (n < 0 || (size_t)n >= sizeof file)
		return 0;
	while (locks.n > 0) {
		if (!span_split(locks, '\n', &line, &locks))
			locks = span_make(NULL, 0);
		for (i = 0; i < WORDS; i++)
			word[i] = next_word(&line);
		if (span_is(word[WORD_KIND], "FLOCK") &&
		    span_is(word[WORD_FILE], file) &&
		    num_parse(word[WORD_PID], INT32_MAX, &pid))
			return pid;
	}
	return 0;
}

bool
lock_holder_stat(struct span stat, bool *stopped, uint64_t *began)
{
	struct span word = { NULL, 0 }, rest;
	size_t end = stat.n;
	int i;

	while (end > 0 && stat.p[end - 1] != ')')
		end--;
	if (end == 0)
		return false;
	rest = span_trim(span_make(stat.p + end, stat.n - end));
	for (i = STAT_STATE; i <= STAT_BEGAN; i++) {
		word = next_word(&rest);
		if (i == STAT_STATE)
			*stopped = span_is(word, "T") || span_is(word, "t");
	}
	return num_parse(word, UINT64_MAX, began);
}

/* -1: not known. */
static int64_t
seconds_since(uint64_t tick)
{
	struct timespec now;
	long rate = sysconf(_SC_CLK_TCK);

	if (rate <= 0 || clock_gettime(CLOCK_BOOTTIME, &now) != 0)
		return -1;
	return (int64_t)now.tv_sec - (int64_t)(tick / (uint64_t)rate);
}

bool
lock_holder_find(int fd, struct lock_holder *out)
{
	struct err ignored = { 0 };
	struct stat st;
	uint64_t began;
	struct buf text;
	char path[64];

	memset(out, 0, sizeof *out);
	if (fstat(fd, &st) != 0)
		return false;
	buf_init(&text, LIMIT_MIB);
	if (file_read("/proc/locks", &text, &ignored) == FILE_READ)
		out->pid = lock_holder_in(buf_view(&text), major(st.st_dev),
		    minor(st.st_dev), st.st_ino);
	buf_reset(&text);
	snprintf(path, sizeof path, "/proc/%" PRIu64 "/stat", out->pid);
	if (out->pid != 0 && (file_read(path, &text, &ignored) != FILE_READ ||
	    !lock_holder_stat(buf_view(&text), &out->stopped, &began)))
		out->pid = 0;
	out->seconds = out->pid != 0 ? seconds_since(began) : -1;
	buf_clear(&text);
	return out->pid != 0;
}
