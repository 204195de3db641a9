#ifndef DIAG_DIAGNOSIS_TABLE_H
#define DIAG_DIAGNOSIS_TABLE_H

#include <stddef.h>

/*
 * Signal, cause, what to do (facts/iam-denials.md 3 and 4); for diagnosis.c,
 * and for its test. A member that is 0 or NULL asks for nothing.
 */
struct diagnosis_row {
	const char *cause;	/* a stable word */
	unsigned services;	/* bits 1 << enum errors_service */
	unsigned faults;	/* bits 1 << enum http_fault */
	unsigned layers;	/* bits 1 << enum denial_layer */
	unsigned facts;		/* DIAGNOSIS_...: all of them */
	int status;		/* HTTP */
	int class;		/* an enum err_class */
	int kind;		/* an enum denial_kind */
	const char *codes;	/* "A|B|C*" */
	const char *fragment;	/* in the message, whatever the case */
	const char *action;	/* "s3:PutObject" */
	const char *words;	/* what is wrong, in mid-sentence */
	const char *next;	/* what to do; "": the remedy says it */
};

/* The i-th row, the first that fits counts; NULL at the end. The last one
 * fits everything. */
const struct diagnosis_row *diagnosis_table_at(size_t i);

#endif
