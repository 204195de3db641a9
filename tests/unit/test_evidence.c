#include "tap.h"

#include "diag/evidence.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

#define SIM(d) .simulated = true, .simulation = { .decision = (d) }
#define READ(v) .resource_read = true, .resource = (v)

static const struct {
	const char *what;
	struct evidence e;
	enum denial_layer layer;
	enum denial_kind kind;
	bool own_allow;
} rows[] = {
	{ "nothing is known", { .whole = false }, DENIAL_UNKNOWN,
	    DENIAL_KIND_UNKNOWN, false },
	{ "simulated: no Allow", { SIM(IAM_IMPLICIT_DENY) }, DENIAL_IDENTITY,
	    DENIAL_IMPLICIT, false },
	{ "simulated: a Deny", { SIM(IAM_EXPLICIT_DENY) }, DENIAL_IDENTITY,
	    DENIAL_EXPLICIT, false },
	{ "the boundary does not allow it", { .simulated = true,
	    .simulation = { IAM_IMPLICIT_DENY, true, false, "" } },
	    DENIAL_BOUNDARY, DENIAL_IMPLICIT, false },
	{ "the boundary denies it", { .simulated = true,
	    .simulation = { IAM_EXPLICIT_DENY, true, false, "" } },
	    DENIAL_BOUNDARY, DENIAL_EXPLICIT, false },
	{ "a Deny that was read, beside a boundary", { .simulated = true,
	    .simulation = { IAM_EXPLICIT_DENY, true, false, "" },
	    .own = VERDICT_DENY }, DENIAL_IDENTITY, DENIAL_EXPLICIT, false },
	{ "the organization", { .simulated = true,
	    .simulation = { IAM_IMPLICIT_DENY, false, true, "" } },
	    DENIAL_SCP, DENIAL_IMPLICIT, false },
	{ "a Deny that was read, without simulation", { .own = VERDICT_DENY },
	    DENIAL_IDENTITY, DENIAL_EXPLICIT, false },
	{ "all was read, and nothing allows it", { .whole = true },
	    DENIAL_IDENTITY, DENIAL_IMPLICIT, false },
	{ "... but the bucket of the same account does", { .whole = true,
	    READ(VERDICT_ALLOW) }, DENIAL_UNKNOWN, DENIAL_KIND_UNKNOWN,
	    false },
	{ "... which across accounts is not enough", { .whole = true,
	    .foreign = true, READ(VERDICT_ALLOW) }, DENIAL_IDENTITY,
	    DENIAL_IMPLICIT, false },
	{ "not all was read", { .own = VERDICT_ALLOW }, DENIAL_UNKNOWN,
	    DENIAL_KIND_UNKNOWN, false },
	{ "an own Deny that depends", { .whole = true,
	    .own = VERDICT_DENY_IF }, DENIAL_UNKNOWN, DENIAL_KIND_UNKNOWN,
	    false },
	{ "a boundary that was read", { .whole = true, .own = VERDICT_ALLOW,
	    .bounded = true }, DENIAL_BOUNDARY, DENIAL_IMPLICIT, false },
	{ "a boundary's Deny", { .whole = true, .own = VERDICT_ALLOW,
	    .bounded = true, .limit = VERDICT_DENY }, DENIAL_BOUNDARY,
	    DENIAL_EXPLICIT, false },
	{ "a boundary that allows it", { .whole = true, .own = VERDICT_ALLOW,
	    .bounded = true, .limit = VERDICT_ALLOW }, DENIAL_UNKNOWN,
	    DENIAL_KIND_UNKNOWN, true },
	{ "the bucket's Deny", { SIM(IAM_ALLOWED), READ(VERDICT_DENY) },
	    DENIAL_RESOURCE, DENIAL_EXPLICIT, false },
	{ "the bucket's, before what is not allowed", {
	    SIM(IAM_IMPLICIT_DENY), READ(VERDICT_DENY) }, DENIAL_RESOURCE,
	    DENIAL_EXPLICIT, false },
	{ "a condition that holds", { READ(VERDICT_DENY_IF),
	    .condition_met = true }, DENIAL_RESOURCE, DENIAL_EXPLICIT,
	    false },
	{ "a condition that may hold", { SIM(IAM_IMPLICIT_DENY),
	    READ(VERDICT_DENY_IF) }, DENIAL_UNKNOWN, DENIAL_KIND_UNKNOWN,
	    false },
	{ "another account's bucket says nothing", { SIM(IAM_ALLOWED),
	    READ(VERDICT_NOTHING), .foreign = true }, DENIAL_RESOURCE,
	    DENIAL_IMPLICIT, false },
	{ "another account's bucket, unread", { SIM(IAM_ALLOWED),
	    .foreign = true }, DENIAL_UNKNOWN, DENIAL_KIND_UNKNOWN, true },
	{ "its condition does not hold", { SIM(IAM_ALLOWED),
	    READ(VERDICT_ALLOW_IF), .foreign = true }, DENIAL_RESOURCE,
	    DENIAL_IMPLICIT, false },
	{ "our own account's says nothing", { SIM(IAM_ALLOWED),
	    READ(VERDICT_NOTHING) }, DENIAL_UNKNOWN, DENIAL_KIND_UNKNOWN,
	    true },
	{ "a role that does not name the caller", { SIM(IAM_IMPLICIT_DENY),
	    .trust = true, READ(VERDICT_NOTHING) }, DENIAL_TRUST,
	    DENIAL_IMPLICIT, false },
	{ "a role that refuses him", { SIM(IAM_ALLOWED), .trust = true,
	    READ(VERDICT_DENY) }, DENIAL_TRUST, DENIAL_EXPLICIT, false },
	{ "a role that trusts him", { SIM(IAM_IMPLICIT_DENY), .trust = true,
	    READ(VERDICT_ALLOW) }, DENIAL_IDENTITY, DENIAL_IMPLICIT, false },
	{ "a role that asks for more", { SIM(IAM_ALLOWED), .trust = true,
	    READ(VERDICT_ALLOW_IF) }, DENIAL_TRUST, DENIAL_IMPLICIT, false },
	{ "a role that cannot be read", { SIM(IAM_ALLOWED), .trust = true },
	    DENIAL_UNKNOWN, DENIAL_KIND_UNKNOWN, true },
};

int
main(void)
{
	struct evidence_finding f;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		evidence_weigh(&rows[i].e, &f);
		is_int(f.layer, rows[i].layer, "%s: layer", rows[i].what);
		is_int(f.kind, rows[i].kind, "%s: kind", rows[i].what);
		if (f.layer == DENIAL_UNKNOWN)
			is_int(f.own_allow, rows[i].own_allow,
			    "%s: the own side", rows[i].what);
	}
	return done_testing();
}
