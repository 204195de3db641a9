#ifndef CMD_OPTION_VALUE_H
#define CMD_OPTION_VALUE_H

#include <stdint.h>

#include "base/err.h"
#include "base/month.h"
#include "cmd/option_spec.h"

/* A value that was found fit. */
struct option_value {
	int64_t number;		/* seconds, numbers, time; else -1 */
	struct month month;
};

/*
 * Check the text of an option's value against its kind, and read it. 0, or -1
 * with ERR_USAGE that names the option, the text and what is valid.
 */
int option_value_read(const struct option_spec *spec, const char *text,
    struct option_value *out, struct err *err);

#endif
