/* The least that can be done: read a file, write it, in large pieces. */
#include <fcntl.h>
#include <unistd.h>

static char bytes[1 << 17];

int
main(int argc, char **argv)
{
	ssize_t n;
	int fd;

	if (argc != 2 || (fd = open(argv[1], O_RDONLY)) < 0)
		return 1;
	while ((n = read(fd, bytes, sizeof bytes)) > 0)
		if (write(1, bytes, (size_t)n) != n)
			return 1;
	return n < 0;
}
