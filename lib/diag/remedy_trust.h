#ifndef DIAG_REMEDY_TRUST_H
#define DIAG_REMEDY_TRUST_H

#include "diag/remedy.h"

/* Trust policies of roles, which say who may assume them. Pure. */

/*
 * The trust policy that lets a job's identity token in: claims are as
 * identity_token_claims tells them ("iss \"...\", aud \"...\", sub
 * \"...\""). Nothing for claims that are missing or cut.
 */
void remedy_trust_token(const char *role_arn, const char *claims,
    struct remedy *out);

/* The statement that lets one principal assume the role. */
void remedy_trust_statement(const char *principal, struct buf *out);

/* remedy_make, where the role's trust policy has to change: whole where
 * q->trust_policy is known. */
int remedy_trust_caller(const struct remedy_question *q, struct remedy *out,
    struct err *err);

#endif
