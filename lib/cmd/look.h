#ifndef CMD_LOOK_H
#define CMD_LOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "sys/env.h"

/* How a text for people may look where it goes. */
struct look {
	bool utf8;		/* more than ASCII may be used */
	bool colour;
	size_t width;		/* columns; 0: nobody has set a limit */
};

/*
 * Decide. color is --color's value or NULL (auto); columns the width that
 * the terminal itself tells, 0 when it is none.
 *   utf8    the locale (LC_ALL, LC_CTYPE, LANG) names UTF-8, and TERM is not
 *           dumb
 *   colour  always, or auto on a terminal that is not dumb, without NO_COLOR
 *   width   COLUMNS where it is a number of 1 to 4096, else the terminal's
 */
struct look look_choose(const struct env *env, const char *color,
    bool terminal, size_t columns);

/* Decide for a descriptor. */
struct look look_of(const struct env *env, const char *color, int fd);

/* How many columns the terminal at fd has; 0 when it is none or says none. */
size_t look_columns(int fd);

#endif
