#include "sys/lock.h"

#include <assert.h>
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sys/interrupt.h"

#define ROUND_MS 20

/* flock(2) by hand: here <sys/file.h> is our own header. */
#define EXCLUSIVE 2
#define AT_ONCE 4
#define FREE 8

enum lock_result
lock_file(int fd, const char *path, struct err *err)
{
	long result;

	do {
		result = syscall(SYS_flock, fd, EXCLUSIVE | AT_ONCE);
	} while (result != 0 && errno == EINTR);
	if (result == 0)
		return LOCK_HELD;
	if (errno == EWOULDBLOCK)
		return LOCK_BUSY;
	err_system(err, errno, "cannot lock", path);
	return LOCK_ERROR;
}

void
lock_file_end(int fd)
{
	(void)syscall(SYS_flock, fd, FREE);
}

enum lock_result
lock_wait(struct lock *lock, const struct file_root *root, const char *path,
    const struct clock *clock, int64_t wait_ms, struct err *err)
{
	enum lock_result result;
	int came = interrupt_count();
	int64_t end = 0, left;
	int fd;

	assert(lock->fd < 0);
	if (file_root_open_write(root, path, &fd, err) != 0)
		return LOCK_ERROR;
	if (wait_ms > 0)
		end = clock_elapsed_ms(clock) + wait_ms;
	while ((result = lock_file(fd, path, err)) == LOCK_BUSY &&
	    wait_ms > 0 && interrupt_count() == came) {
		if ((left = end - clock_elapsed_ms(clock)) <= 0)
			break;
		clock_sleep_ms(clock, left < ROUND_MS ? left : ROUND_MS);
	}
	if (result == LOCK_HELD)
		lock->fd = fd;
	else
		(void)close(fd);
	return result;
}

enum lock_result
lock_try(struct lock *lock, const struct file_root *root, const char *path,
    struct err *err)
{
	return lock_wait(lock, root, path, NULL, 0, err);
}

/* Closing the last descriptor of the open file frees the lock. */
void
lock_release(struct lock *lock)
{
	if (lock->fd >= 0)
		(void)close(lock->fd);
	lock->fd = -1;
}
