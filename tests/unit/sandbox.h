#ifndef TESTS_SANDBOX_H
#define TESTS_SANDBOX_H

/*
 * A directory of a test's own, 0700, below TMPDIR or the system's place for
 * such; NULL when it cannot be made. sandbox_remove takes it away with all
 * that is in it.
 */
char *sandbox_new(void);
void sandbox_remove(char *path);

/* "DIRECTORY/NAME" in one of eight static rooms. */
const char *sandbox_path(const char *directory, const char *name);

/* Write a file; 0 or -1. */
int sandbox_write(const char *path, const char *text);

/* How many descriptors this process has open. */
int sandbox_descriptors(void);

#endif
