#include "diag/diagnosis.h"

#include <stddef.h>
#include <string.h>

#include "diag/diagnosis_table.h"

static bool
code_fits(const char *codes, const char *code)
{
	struct span rest = span_of(codes), one;
	size_t n;

	while (rest.n > 0) {
		span_split(rest, '|', &one, &rest);
		n = one.n;
		if (n > 0 && one.p[n - 1] == '*') {
			if (strncmp(code, one.p, n - 1) == 0)
				return true;
		} else if (span_is(one, code)) {
			return true;
		}
	}
	return false;
}

/* Credentials' providers make every refusal one of credentials. */
static enum err_class
class_of(const struct err *err)
{
	if (err->class == ERR_CREDENTIALS &&
	    code_fits("AccessDenied*", err->code))
		return ERR_DENIED;
	return err->class;
}

static bool
fits(const struct diagnosis_row *row, const struct diagnosis_question *q,
    const struct diagnosis *d)
{
	const struct err *e = q->err;

	return (row->services & 1U << q->service) != 0 &&
	    (row->faults == 0 || (row->faults & 1U << q->fault) != 0) &&
	    (row->layers == 0 || (row->layers & 1U << d->layer) != 0) &&
	    (row->facts & q->facts) == row->facts &&
	    (row->status == 0 || row->status == q->status) &&
	    (row->class == 0 || row->class == (int)class_of(e)) &&
	    (row->kind == 0 || row->kind == (int)d->kind) &&
	    (row->codes == NULL || code_fits(row->codes, e->code)) &&
	    (row->fragment == NULL ||
	    denial_find(e->message, row->fragment) != NULL) &&
	    (row->action == NULL || strcmp(row->action, d->action) == 0);
}

static void
copy(char *to, size_t room, struct span from)
{
	/* A cut ARN would be another one: rather none. */
	if (!span_copy(from, to, room))
		to[0] = '\0';
}

/* AWS's word first, then the caller's, then nothing. */
static void
choose(char *to, size_t room, struct span told, const char *known)
{
	copy(to, room, told.n > 0 ? told : span_of(known));
}

static void
read_denial(const struct diagnosis_question *q, struct diagnosis *out)
{
	struct denial d;

	denial_read(q->err->message, &d);
	out->layer = d.layer;
	out->kind = d.kind;
	if (d.layer == DENIAL_UNKNOWN) {
		out->layer = q->layer;
		out->kind = q->kind;
	}
	out->told = out->layer != DENIAL_UNKNOWN &&
	    out->kind != DENIAL_KIND_UNKNOWN;
	choose(out->action, sizeof out->action, d.action, q->action);
	/* What another action was denied on is another resource. */
	choose(out->resource, sizeof out->resource, d.resource,
	    d.action.n == 0 || q->action == NULL ||
	    span_is(d.action, q->action) ? q->resource : NULL);
	choose(out->principal, sizeof out->principal, d.principal,
	    q->principal);
	copy(out->policy_arn, sizeof out->policy_arn, d.policy_arn);
}

void
diagnosis_make(const struct diagnosis_question *q, struct diagnosis *out)
{
	const struct diagnosis_row *row;
	size_t i = 0;

	memset(out, 0, sizeof *out);
	if (class_of(q->err) == ERR_DENIED)
		read_denial(q, out);
	while (row = diagnosis_table_at(i), !fits(row, q, out))
		i++;
	out->cause = row->cause;
	out->words = row->words;
	out->next = row->next;
	out->denial = row->class == ERR_DENIED;
}

const char *
diagnosis_whom(enum denial_layer layer)
{
	switch (layer) {
	case DENIAL_SCP:
		return "the administrators of the caller's AWS organization";
	case DENIAL_RCP:
		return "the administrators of the organization that owns it";
	case DENIAL_BOUNDARY:
		return "whoever set the permissions boundary on the caller (an "
		    "account administrator)";
	case DENIAL_SESSION:
		return "whoever assumes the role: the session policy goes with "
		    "sts:AssumeRole (in CI, the action's inline-session-policy "
		    "or managed-session-policies)";
	case DENIAL_VPCE:
		return "the administrators of this network's VPC endpoint";
	default:
		return NULL;
	}
}
