#include "net/trust.h"

#include <unistd.h>

#include "sandbox.h"
#include "tap.h"

#define PEM "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"

static char *dir;

static void
test_named(void)
{
	char variable[4200];
	const char *list[3] = { variable, NULL, NULL };
	struct env env = { list };
	struct err err = { 0 };
	struct span pem;
	struct trust *t;

	sandbox_write(sandbox_path(dir, "ca.pem"), PEM);
	snprintf(variable, sizeof variable, "AWS_CA_BUNDLE=%s/ca.pem", dir);
	list[1] = "SSL_CERT_FILE=/nowhere";
	t = trust_new(&env, "/profile");
	has_str(trust_origin(t), "AWS_CA_BUNDLE '", "the variable wins");
	is_int(trust_roots(t, "s3.amazonaws.com", TRUST_FIRST, &pem, &err), 0,
	    "its roots");
	is_span(pem, PEM, "and no others");
	is_int(trust_roots(t, "s3.amazonaws.com", TRUST_FALLBACK, &pem, &err),
	    0, "no fallback");
	is_uint(pem.n, 0, "behind a named bundle");
	trust_free(t);

	snprintf(variable, sizeof variable, "AWS_CA_BUNDLE=%s/none", dir);
	t = trust_new(&env, NULL);
	is_int(trust_roots(t, "h", TRUST_FIRST, &pem, &err), -1, "not there");
	is_int(err.class, ERR_USAGE, "is a usage error");
	has_str(err.message, "AWS_CA_BUNDLE '", "that names its source");
	trust_free(t);

	err_clear(&err);
	list[0] = "AWS_CA_BUNDLE=";
	sandbox_write(sandbox_path(dir, "junk"), "nothing");
	t = trust_new(&env, sandbox_path(dir, "junk"));
	has_str(trust_origin(t), "ca_bundle '", "then the profile");
	is_int(trust_roots(t, "h", TRUST_FIRST, &pem, &err), -1, "no PEM");
	has_str(err.message, "no certificate", "is said");
	is_int(err.class, ERR_USAGE, "as a usage error");
	trust_free(t);

	err_clear(&err);
	t = trust_new(&env, "");
	is_str(trust_origin(t), "SSL_CERT_FILE '/nowhere'", "then this");
	trust_free(t);
	list[1] = NULL;
	t = trust_new(&env, dir);
	is_int(trust_roots(t, "h", TRUST_FIRST, &pem, &err), -1,
	    "a directory is no bundle");
	is_int(err.class, ERR_USAGE, "as a usage error");
	trust_free(t);
}

static void
test_own(void)
{
	const char *list[] = { NULL };
	struct env env = { list };
	struct err err = { 0 };
	struct span first, again, other;
	struct trust *t = trust_new(&env, NULL);
	static const char *const amazon[] = {
		"sts.us-gov-west-1.amazonaws.com",
		"sts.cn-north-1.amazonaws.com.cn", "sts.eu-west-1.api.aws",
		"s3.eusc-de-east-1.amazonaws.eu",
		"ce.cn-northwest-1.api.amazonwebservices.com.cn",
		"ce.eusc-de-east-1.api.amazonwebservices.eu",
		"us-east-1.signin.aws.amazon.com",
		"cn-north-1.signin.amazonaws.cn",
		"us-gov-west-1.signin.amazonaws-us-gov.com",
	};
	static const char *const others[] = {
		"amazonaws.com.example.com", "evilamazonaws.com",
		"www.amazon.com", "sts.us-iso-east-1.c2s.ic.gov",
	};
	static const char debian[] = "/etc/ssl/certs/ca-certificates.crt";
	bool has_system = strchr(trust_origin(t), '\'') != NULL;
	size_t i;

	if (access(debian, R_OK) == 0)
		has_str(trust_origin(t), debian, "the machine's bundle");
	is_int(trust_roots(t, "b.s3.eu-west-1.AmazonAWS.com", TRUST_FIRST,
	    &first, &err), 0, "an AWS host");
	has_str(first.p, "BEGIN CERTIFICATE", "has the built-in roots");
	for (i = 0; i < sizeof amazon / sizeof amazon[0]; i++) {
		trust_roots(t, amazon[i], TRUST_FIRST, &again, &err);
		ok(first.p == again.p && first.n == again.n,
		    "the same pointer for %s", amazon[i]);
	}
	is_int(trust_roots(t, "s3.example.com", TRUST_FIRST, &other, &err), 0,
	    "another host");
	ok(other.n > 0, "has roots, too");
	if (has_system) {
		ok(other.p != first.p, "the machine's");
		for (i = 0; i < sizeof others / sizeof others[0]; i++) {
			trust_roots(t, others[i], TRUST_FIRST, &again, &err);
			ok(again.p == other.p, "not for %s", others[i]);
		}
		trust_roots(t, "x.amazonaws.com", TRUST_FALLBACK, &again,
		    &err);
		ok(again.p == other.p, "which are AWS's fallback");
	} else {
		skip_test("this machine has no bundle");
	}
	is_int(trust_roots(t, "s3.example.com", TRUST_FALLBACK, &again, &err),
	    0, "no fallback");
	is_uint(again.n, 0, "for others");
	is_int(err.class, ERR_NONE, "no error anywhere");
	ok(trust_hold(t) == t, "somebody else uses them too");
	trust_free(t);
	is_int(trust_roots(t, "s3.example.com", TRUST_FIRST, &again, &err), 0,
	    "and still does");
	ok(again.p == other.p, "without reading anew");
	trust_free(t);
	trust_free(NULL);
}

int
main(void)
{
	if ((dir = sandbox_new()) == NULL)
		return 1;
	test_named();
	test_own();
	sandbox_remove(dir);
	return done_testing();
}
