#ifndef CMD_DOCTOR_PRINT_H
#define CMD_DOCTOR_PRINT_H

#include "base/err.h"
#include "cmd/command.h"
#include "codec/json.h"
#include "diag/check.h"
#include "diag/exam.h"

/* A profile that doctor looked at. */
struct doctor_patient {
	const char *profile;
	const struct exam *exam;	/* NULL: no session could be opened */
	const struct check_list *list;
	const struct err *credentials;	/* ERR_NONE: there are some, or nobody
					   looked */
	struct err stopped;	/* what ended it */
	bool masked;		/* --redact: the member "credentials" too */
};

/* `--only credentials --json`: the one object of design section 10. */
int doctor_print_only(const struct command_input *input,
    const struct doctor_patient *p, int status, struct err *err);

/* One profile: results, verdict, exit status. */
int doctor_print_one(const struct command_input *input,
    const struct doctor_patient *p, int *status, struct err *err);

/* Several: a table of profiles and checks, and each one's verdict. */
int doctor_print_all(const struct command_input *input,
    const struct doctor_patient *patients, size_t count, int *status,
    struct err *err);

/* The worst exit status of all: what ended one, then a failure. */
int doctor_print_status(const struct doctor_patient *patients, size_t count);

/* One sentence; appended. */
void doctor_print_verdict(const struct doctor_patient *p, struct buf *out);

#endif
