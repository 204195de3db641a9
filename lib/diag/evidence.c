#include "diag/evidence.h"

#include <string.h>

static void
settle(struct evidence_finding *out, enum denial_layer layer,
    enum denial_kind kind)
{
	out->layer = layer;
	out->kind = kind;
}

static enum denial_layer
resource_layer(const struct evidence *e)
{
	return e->trust ? DENIAL_TRUST : DENIAL_RESOURCE;
}

/* A simulation is about the organization, the boundary and the caller's own
 * policies at once. */
static enum denial_layer
simulated_layer(const struct iam_simulation *s)
{
	return s->organization_denies ? DENIAL_SCP :
	    s->boundary_denies ? DENIAL_BOUNDARY : DENIAL_IDENTITY;
}

/* A Deny anywhere comes first. */
static bool
weigh_denies(const struct evidence *e, struct evidence_finding *out)
{
	if (e->own == VERDICT_DENY)
		settle(out, DENIAL_IDENTITY, DENIAL_EXPLICIT);
	else if (e->simulated && e->simulation.decision == IAM_EXPLICIT_DENY)
		settle(out, simulated_layer(&e->simulation), DENIAL_EXPLICIT);
	else if (e->bounded && e->limit == VERDICT_DENY)
		settle(out, DENIAL_BOUNDARY, DENIAL_EXPLICIT);
	else if (e->resource == VERDICT_DENY ||
	    (e->resource == VERDICT_DENY_IF && e->condition_met))
		settle(out, resource_layer(e), DENIAL_EXPLICIT);
	return out->layer != DENIAL_UNKNOWN;
}

/* Within an account either side's Allow is enough; not so for a role, and a
 * boundary and an organization limit both. */
static bool
let_in(const struct evidence *e)
{
	return !e->foreign && !e->trust && e->resource == VERDICT_ALLOW;
}

static bool
weigh_caller(const struct evidence *e, struct evidence_finding *out)
{
	enum denial_layer layer;

	if (e->simulated && e->simulation.decision == IAM_IMPLICIT_DENY) {
		layer = simulated_layer(&e->simulation);
		if (layer != DENIAL_IDENTITY || !let_in(e))
			settle(out, layer, DENIAL_IMPLICIT);
		return true;
	}
	if (e->simulated) {
		out->own_allow = true;
		return false;
	}
	if (!e->whole)
		return true;
	if (e->own == VERDICT_NOTHING && !let_in(e))
		settle(out, DENIAL_IDENTITY, DENIAL_IMPLICIT);
	else if (e->bounded && e->limit == VERDICT_NOTHING)
		settle(out, DENIAL_BOUNDARY, DENIAL_IMPLICIT);
	out->own_allow = e->own == VERDICT_ALLOW && (!e->bounded ||
	    e->limit == VERDICT_ALLOW);
	return !out->own_allow;
}

void
evidence_weigh(const struct evidence *e, struct evidence_finding *out)
{
	bool silent = e->resource_read && e->resource == VERDICT_NOTHING;

	memset(out, 0, sizeof *out);
	if (weigh_denies(e, out))
		return;
	if (e->trust && silent) {
		settle(out, DENIAL_TRUST, DENIAL_IMPLICIT);
		return;
	}
	if (e->resource == VERDICT_DENY_IF || weigh_caller(e, out))
		return;
	/* The one side allows it: where both have to, it is the other. Its
	 * conditions do not hold, then. */
	if ((e->trust || e->foreign) && (silent ||
	    e->resource == VERDICT_ALLOW_IF))
		settle(out, resource_layer(e), DENIAL_IMPLICIT);
}
