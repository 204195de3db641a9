#ifndef BENCH_NUMBER_H
#define BENCH_NUMBER_H

/* A count from the command line, below a million; 0 for what is none. */
static inline int
number(const char *text)
{
	int n = 0;

	while (*text >= '0' && *text <= '9' && n < 100000)
		n = n * 10 + (*text++ - '0');
	return *text == '\0' ? n : 0;
}

#endif
