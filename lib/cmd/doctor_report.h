#ifndef CMD_DOCTOR_REPORT_H
#define CMD_DOCTOR_REPORT_H

#include "base/buf.h"
#include "diag/check.h"

/* One profile's findings, as Markdown for a ticket; appended. */
void doctor_report_add(const char *profile, const char *verdict,
    const struct check_list *list, struct buf *out);

/* Account ids, what tells them, and ARNs masked in place: "[account]",
 * "AKIA[masked]", "arn:aws:s3:[masked]". */
void doctor_report_mask(struct buf *text);

/* All texts of a list. */
void doctor_report_mask_list(struct check_list *list);

#endif
