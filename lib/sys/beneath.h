#ifndef SYS_BENEATH_H
#define SYS_BENEATH_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Opening what lies below a directory without ever following a link or
 * leaving it: one openat2(2) where the kernel has it, one openat(2) a
 * component with O_NOFOLLOW elsewhere. Paths are relative; "", "." and ".."
 * components and absolute paths are EINVAL. These functions return a
 * descriptor (close-on-exec) or -1 with errno: a link on the way is ELOOP or
 * ENOTDIR. They set no err; file.h's functions do.
 */

/* Is the path one that the functions below accept? */
bool beneath_sound(const char *path);

/* As open(2). */
int beneath_open(int directory, const char *path, int flags, mode_t mode);

/*
 * The directory that holds path's last component, and that component as *name
 * (a part of path). With create, what is missing is made at 0700.
 */
int beneath_parent(int directory, const char *path, bool create,
    const char **name);

#endif
