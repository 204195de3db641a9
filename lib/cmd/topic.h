#ifndef CMD_TOPIC_H
#define CMD_TOPIC_H

#include <stdbool.h>
#include <stddef.h>

#include "cmd/output.h"

/* What `help` can tell apart from the commands. */
struct topic {
	const char *name;
	const char *summary;
	void (*print)(struct output *o);
};

/* The i-th topic, NULL at the end. */
const struct topic *topic_at(size_t i);

/* An exit status, and what it means; what says to whom it applies. */
struct topic_status {
	int status;
	const char *meaning;
};

/*
 * The i-th exit status that some command of this program can give, in
 * ascending order; false at the end.
 */
bool topic_status(size_t i, struct topic_status *out);

/* What a status means; NULL when it is none. */
const char *topic_status_meaning(int status);

/* The i-th environment variable (or group of them) beside the settings' own;
 * NULL at the end. */
struct topic_variable {
	const char *names;	/* "AWS_A, AWS_B" */
	const char *meaning;
};
const struct topic_variable *topic_variable(size_t i);

/* The i-th member of what --json prints, those of a group behind each other;
 * NULL at the end. */
struct topic_member {
	const char *group;	/* whose result has it */
	const char *path;	/* "entries[].age" */
	const char *meaning;	/* "": that of its name */
};
const struct topic_member *topic_member(size_t i);

/* What is true of all of them. */
#define TOPIC_MEMBERS "One object on stdout, whatever the exit status. Times " \
	"are RFC 3339, UTC; ages and lengths are seconds; money is a decimal " \
	"string. Members may be added, none is renamed or taken away. What " \
	"policy prints is the policy itself."

#endif
