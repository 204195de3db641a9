#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

/*
 * What kind of failure it is. Each class has one exit status, one name for
 * --json and one meaning (err_class_info); they are an API.
 */
enum err_class {
	ERR_NONE = 0,
	ERR_INTERNAL,		/* 1: a bug, out of memory, disk full */
	ERR_USAGE,		/* 2: usage, or settings that cannot be used */
	ERR_NO_DATA,		/* 3: a miss, and buying gave nothing */
	ERR_CREDENTIALS,	/* 4: none found, expired, refused */
	ERR_DENIED,		/* 5: IAM, bucket, KMS, organisation policy */
	ERR_BUCKET,		/* 6: missing, wrong region, wrong owner */
	ERR_NETWORK,		/* 7: network, throttling, outage, timeout */
	ERR_DATA,		/* 8: no JSON, corrupt, too large, other question */
	ERR_STALE,		/* 9: only stale data, and stale not allowed */
	ERR_CHECKS,		/* 10: doctor, verify-bucket: checks failed */
	ERR_DEGRADED,		/* 11: degraded service under --strict */
	ERR_NOT_ENABLED,	/* 12: no Cost Explorer, or no data there */
	ERR_INTERRUPTED,	/* 130 */
	ERR_TERMINATED,		/* 143 */
	ERR_CLASS_COUNT
};

struct err_class_info {
	int status;
	const char *name;	/* "error":{"class":...} */
	const char *meaning;	/* help, man page, README */
};

/*
 * An error object, owned by the caller and zero-initialised. It is set once,
 * at the cause; later err_set calls on a set object change nothing, callers
 * add to it with err_context. Texts hold no secret and no raw body, and are
 * made printable (base/printable.h; LF stays in hints). Those longer than the
 * room end in "...".
 */
struct err {
	enum err_class class;
	const char *action;	/* the right in IAM that the request took
				   ("s3:GetObject", static); NULL: none, or
				   it was no request */
	char code[64];		/* the service's own word, "" when none */
	char request_id[96];	/* "" when none */
	char message[1024];
	char hint[1024];	/* what to do next; may have several lines */
};

/* The table's row for a class; never NULL. */
const struct err_class_info *err_class_info(enum err_class class);

/* The process exit status that stands for a class; 0 for ERR_NONE. */
int err_status(enum err_class class);

/* Was it a signal: ERR_INTERRUPTED or ERR_TERMINATED? */
bool err_interrupted(const struct err *err);

/* "No error", for a new object as for a used one. */
void err_clear(struct err *err);

/*
 * Record the cause: printf-like. Does nothing when err is set already.
 * Always returns -1, so that "return err_set(...)" reads well.
 */
int err_set(struct err *err, enum err_class class, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Prefix the message with "CONTEXT: ". No effect when nothing is set. */
void err_context(struct err *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Say what to do next; replaces an earlier hint. */
void err_hint(struct err *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Record the service's error code (copied, cleaned, cut to the room). */
void err_code(struct err *err, const char *code);

/* Out of memory. Returns -1. */
int err_memory(struct err *err);

/* A failed system call: "WHAT 'SUBJECT': strerror". Returns -1. */
int err_system(struct err *err, int errnum, const char *what,
    const char *subject);

#endif
