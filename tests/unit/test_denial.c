#include "tap.h"

#include "diag/denial.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define WHO "arn:aws:sts::123456789012:assumed-role/build/job-7"
#define USER "User: " WHO " is not authorized to perform: "
#define OBJECT "arn:aws:s3:::acme/p/cache-v1/123456789012/x.json.gz"
#define ON " on resource: \"" OBJECT "\" "
#define POLICY "arn:aws:organizations::999999999999:policy/o-abc/" \
	"service_control_policy/p-def"

/* Every reason that AWS gives (facts/iam-denials.md 2). */
static void
test_reasons(void)
{
	static const struct {
		const char *reason;
		enum denial_layer layer;
		enum denial_kind kind;
		const char *policy;
	} rows[] = {
		{ "because no identity-based policy allows the s3:GetObject "
		    "action", DENIAL_IDENTITY, DENIAL_IMPLICIT, "" },
		{ "with an explicit deny in an identity-based policy",
		    DENIAL_IDENTITY, DENIAL_EXPLICIT, "" },
		{ "with an explicit deny in an identity-based policy: "
		    "arn:aws:iam::123456789012:policy/team/no-reads",
		    DENIAL_IDENTITY, DENIAL_EXPLICIT,
		    "arn:aws:iam::123456789012:policy/team/no-reads" },
		{ "because no resource-based policy allows the s3:GetObject "
		    "action", DENIAL_RESOURCE, DENIAL_IMPLICIT, "" },
		{ "with an explicit deny in a resource-based policy",
		    DENIAL_RESOURCE, DENIAL_EXPLICIT, "" },
		{ "because no permissions boundary allows the s3:GetObject "
		    "action", DENIAL_BOUNDARY, DENIAL_IMPLICIT, "" },
		{ "with an explicit deny in a permissions boundary",
		    DENIAL_BOUNDARY, DENIAL_EXPLICIT, "" },
		{ "because no permissions boundary allows the s3:GetObject "
		    "action: arn:aws:iam::123456789012:policy/edge",
		    DENIAL_BOUNDARY, DENIAL_IMPLICIT,
		    "arn:aws:iam::123456789012:policy/edge" },
		{ "because no session policy allows the s3:GetObject action",
		    DENIAL_SESSION, DENIAL_IMPLICIT, "" },
		{ "with an explicit deny in a session policy",
		    DENIAL_SESSION, DENIAL_EXPLICIT, "" },
		{ "with an explicit deny in a sessions policy",
		    DENIAL_SESSION, DENIAL_EXPLICIT, "" },
		{ "with an explicit deny in a session policy: "
		    "arn:aws:iam::aws:policy/ReadOnlyAccess",
		    DENIAL_SESSION, DENIAL_EXPLICIT,
		    "arn:aws:iam::aws:policy/ReadOnlyAccess" },
		{ "with an explicit deny in a service control policy",
		    DENIAL_SCP, DENIAL_EXPLICIT, "" },
		{ "because no service control policy allows the s3:GetObject "
		    "action", DENIAL_SCP, DENIAL_IMPLICIT, "" },
		{ "with an explicit deny in a service control policy: " POLICY,
		    DENIAL_SCP, DENIAL_EXPLICIT, POLICY },
		{ "with an explicit deny in a service control policy: " POLICY
		    ".", DENIAL_SCP, DENIAL_EXPLICIT, POLICY },
		{ "with an explicit deny in a resource control policy",
		    DENIAL_RCP, DENIAL_EXPLICIT, "" },
		{ "with an explicit deny in a resource control policy: "
		    POLICY, DENIAL_RCP, DENIAL_EXPLICIT, POLICY },
		{ "because no resource control policy allows the s3:GetObject"
		    " action", DENIAL_RCP, DENIAL_IMPLICIT, "" },
		{ "because no VPC endpoint policy allows the s3:GetObject "
		    "action", DENIAL_VPCE, DENIAL_IMPLICIT, "" },
		{ "with an explicit deny in a VPC endpoint policy",
		    DENIAL_VPCE, DENIAL_EXPLICIT, "" },
		{ "with an explicit deny in a VPC endpoint policy "
		    "transitively through a service control policy",
		    DENIAL_VPCE, DENIAL_EXPLICIT, "" },
		{ "because the role trust policy does not allow it",
		    DENIAL_TRUST, DENIAL_KIND_UNKNOWN, "" },
		{ "because public policies are prevented by the "
		    "BlockPublicPolicy setting in S3 Block Public Access",
		    DENIAL_PUBLIC_BLOCK, DENIAL_EXPLICIT, "" },
		{ "because public ACLs are prevented by the BlockPublicAcls "
		    "setting in S3 Block Public Access",
		    DENIAL_PUBLIC_BLOCK, DENIAL_EXPLICIT, "" },
		{ "BECAUSE NO IDENTITY-BASED POLICY ALLOWS IT",
		    DENIAL_IDENTITY, DENIAL_IMPLICIT, "" },
		{ "because the stars do not allow it", DENIAL_UNKNOWN,
		    DENIAL_KIND_UNKNOWN, "" },
		{ "", DENIAL_UNKNOWN, DENIAL_KIND_UNKNOWN, "" },
	};
	char message[900];
	struct denial d;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		/* As an error has it: with a subject, code and status. */
		snprintf(message, sizeof message, "cannot read 's3://b/k': "
		    USER "s3:GetObject" ON "%s (AccessDenied, HTTP 403)",
		    rows[i].reason);
		denial_read(message, &d);
		is_str(denial_layer_name(d.layer),
		    denial_layer_name(rows[i].layer), "%s: layer",
		    rows[i].reason);
		is_str(denial_kind_name(d.kind),
		    denial_kind_name(rows[i].kind), "%s: kind",
		    rows[i].reason);
		is_span(d.policy_arn, rows[i].policy, "%s: policy",
		    rows[i].reason);
		is_span(d.principal, WHO, "%s: principal", rows[i].reason);
		is_span(d.action, "s3:GetObject", "%s: action",
		    rows[i].reason);
		is_span(d.resource, OBJECT, "%s: resource", rows[i].reason);
	}
}

static void
test_forms(void)
{
	static const struct {
		const char *what, *message, *principal, *action, *resource;
		enum denial_layer layer;
	} rows[] = {
		{ "Cost Explorer", "User: arn:aws:iam::1:user/a is not "
		    "authorized to perform: ce:GetCostAndUsage on resource: "
		    "arn:aws:ce:us-east-1:1:/GetCostAndUsage because no "
		    "identity-based policy allows the ce:GetCostAndUsage "
		    "action", "arn:aws:iam::1:user/a", "ce:GetCostAndUsage",
		    "arn:aws:ce:us-east-1:1:/GetCostAndUsage",
		    DENIAL_IDENTITY },
		{ "KMS through S3", "User: arn:aws:iam::1:user/a is not "
		    "authorized to perform: kms:GenerateDataKey on this "
		    "resource because no resource-based policy allows the "
		    "kms:GenerateDataKey action", "arn:aws:iam::1:user/a",
		    "kms:GenerateDataKey", "", DENIAL_KEY },
		{ "KMS, ciphertext", "User: arn:aws:iam::1:user/a is not "
		    "authorized to perform: kms:Decrypt on the resource "
		    "associated with this ciphertext because the resource does"
		    " not exist in this Region, no resource-based policies "
		    "allow access, or a resource-based policy explicitly "
		    "denies access", "arn:aws:iam::1:user/a", "kms:Decrypt",
		    "", DENIAL_KEY },
		{ "KMS, key", "User: arn:aws:iam::1:user/a is not authorized "
		    "to perform: kms:Decrypt on resource: "
		    "arn:aws:kms:eu-west-1:1:key/1a-2b with an explicit deny "
		    "in a resource-based policy", "arn:aws:iam::1:user/a",
		    "kms:Decrypt", "arn:aws:kms:eu-west-1:1:key/1a-2b",
		    DENIAL_KEY },
		{ "a role's trust", "User: arn:aws:iam::1:user/a is not "
		    "authorized to perform: sts:AssumeRole on resource: "
		    "arn:aws:iam::2:role/r because no resource-based policy "
		    "allows the sts:AssumeRole action",
		    "arn:aws:iam::1:user/a", "sts:AssumeRole",
		    "arn:aws:iam::2:role/r", DENIAL_TRUST },
		{ "no reason", "User: arn:aws:iam::1:user/a is not "
		    "authorized to perform: sts:AssumeRole on resource: "
		    "arn:aws:iam::2:role/r (AccessDenied, HTTP 403)",
		    "arn:aws:iam::1:user/a", "sts:AssumeRole",
		    "arn:aws:iam::2:role/r", DENIAL_UNKNOWN },
		{ "without a colon", "Not authorized to perform "
		    "sts:AssumeRoleWithWebIdentity (AccessDenied, HTTP 403)",
		    "", "sts:AssumeRoleWithWebIdentity", "", DENIAL_UNKNOWN },
		{ "anonymous", "User: anonymous is not authorized to perform: "
		    "s3:ListBucket on resource: \"arn:aws:s3:::b\" because no "
		    "resource-based policy allows the s3:ListBucket action",
		    "anonymous", "s3:ListBucket", "arn:aws:s3:::b",
		    DENIAL_RESOURCE },
		{ "root", "User: arn:aws:iam::1:root is not authorized to "
		    "perform: s3:GetObject on resource: "
		    "\"arn:aws:s3:::b/with a blank.gz\" with an explicit deny "
		    "in a service control policy", "arn:aws:iam::1:root",
		    "s3:GetObject", "arn:aws:s3:::b/with a blank.gz",
		    DENIAL_SCP },
		{ "bare", "Access Denied", "", "", "", DENIAL_UNKNOWN },
		{ "an action that lies", "User: x is not authorized to "
		    "perform: s3:Get},{ on resource: nothing", "", "", "",
		    DENIAL_UNKNOWN },
	};
	struct denial d;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		denial_read(rows[i].message, &d);
		is_span(d.principal, rows[i].principal, "%s: principal",
		    rows[i].what);
		is_span(d.action, rows[i].action, "%s: action", rows[i].what);
		is_span(d.resource, rows[i].resource, "%s: resource",
		    rows[i].what);
		is_int(d.layer, rows[i].layer, "%s: layer", rows[i].what);
		is_int(d.either, strstr(rows[i].message, "this Region") !=
		    NULL, "%s: whether AWS says which", rows[i].what);
	}
}

static void
test_encoded(void)
{
	struct denial d;

	denial_read("You are not authorized to perform this operation. "
	    "Encoded authorization failure message: abcdef", &d);
	is_int(d.layer, DENIAL_UNKNOWN, "an encoded message tells nothing");
	is_span(d.action, "", "no action");
}

static void
test_words(void)
{
	int i;

	is_str(denial_layer_name(DENIAL_UNKNOWN), NULL, "unknown: no name");
	is_str(denial_kind_name(DENIAL_KIND_UNKNOWN), NULL, "no kind");
	for (i = DENIAL_IDENTITY; i < DENIAL_LAYERS; i++)
		ok(denial_layer_name((enum denial_layer)i) != NULL &&
		    denial_layer_words((enum denial_layer)i) != NULL,
		    "layer %d has a name and words", i);
}

int
main(void)
{
	test_reasons();
	test_forms();
	test_encoded();
	test_words();
	return done_testing();
}
