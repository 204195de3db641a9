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
	bool has_system = strchr(trust_origin(t), '\'') != NULL;

	is_int(trust_roots(t, "b.s3.eu-west-1.AmazonAWS.com", TRUST_FIRST,
	    &first, &err), 0, "an AWS host");
	has_str(first.p, "BEGIN CERTIFICATE", "has the built-in roots");
	trust_roots(t, "sts.cn-north-1.amazonaws.com.cn", TRUST_FIRST, &again,
	    &err);
	ok(first.p == again.p && first.n == again.n, "the same pointer");
	is_int(trust_roots(t, "s3.example.com", TRUST_FIRST, &other, &err), 0,
	    "another host");
	ok(other.n > 0, "has roots, too");
	if (has_system) {
		ok(other.p != first.p, "the machine's");
		trust_roots(t, "amazonaws.com.example.com", TRUST_FIRST,
		    &again, &err);
		ok(again.p == other.p, "a name that only looks like AWS's");
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
