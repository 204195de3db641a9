#include "net/trust.h"

#include <anchors.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "sys/file.h"

struct trust {
	pthread_mutex_t mutex;
	int users;
	char *named;		/* the user's bundle; NULL when none */
	struct buf origin;
	const char *system;	/* the machine's bundle; NULL when none */
	struct buf roots;	/* of named or system, once read */
	bool is_read;
};

/* Where Debian, Red Hat, SUSE, Alpine and the BSDs keep it. */
static const char *const bundles[] = {
	"/etc/ssl/certs/ca-certificates.crt",
	"/etc/pki/tls/certs/ca-bundle.crt",
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
	"/etc/ssl/ca-bundle.pem",
	"/etc/ssl/cert.pem"
};

static const char *
find_bundle(void)
{
	size_t i;

	for (i = 0; i < sizeof bundles / sizeof bundles[0]; i++) {
		if (access(bundles[i], R_OK) == 0)
			return bundles[i];
	}
	return NULL;
}

/* Who named it, and what. */
static const char *
named_bundle(const struct env *env, const char *ca_bundle,
    const char **by)
{
	const char *value;

	*by = "AWS_CA_BUNDLE";
	if ((value = env_value(env, *by)) != NULL)
		return value;
	*by = "ca_bundle";
	if (ca_bundle != NULL && ca_bundle[0] != '\0')
		return ca_bundle;
	*by = "SSL_CERT_FILE";
	return env_value(env, *by);
}

struct trust *
trust_new(const struct env *env, const char *ca_bundle)
{
	struct trust *t = calloc(1, sizeof *t);
	const char *by, *path;

	if (t == NULL)
		return NULL;
	if (pthread_mutex_init(&t->mutex, NULL) != 0) {
		free(t);
		return NULL;
	}
	t->users = 1;
	buf_init(&t->origin, 8 * LIMIT_KIB);
	buf_init(&t->roots, LIMIT_CA_BUNDLE);
	path = named_bundle(env, ca_bundle, &by);
	if (path != NULL) {
		buf_addf(&t->origin, "%s '%s'", by, path);
		t->named = span_dup(span_of(path));
	} else if ((t->system = find_bundle()) != NULL) {
		buf_addf(&t->origin, "built-in, '%s'", t->system);
	} else {
		buf_add_string(&t->origin, "built-in");
	}
	if (t->origin.fault != BUF_SOUND ||
	    (path != NULL && t->named == NULL)) {
		trust_free(t);
		return NULL;
	}
	return t;
}

struct trust *
trust_hold(struct trust *t)
{
	pthread_mutex_lock(&t->mutex);
	t->users++;
	pthread_mutex_unlock(&t->mutex);
	return t;
}

void
trust_free(struct trust *t)
{
	bool last;

	if (t == NULL)
		return;
	pthread_mutex_lock(&t->mutex);
	last = --t->users == 0;
	pthread_mutex_unlock(&t->mutex);
	if (!last)
		return;
	pthread_mutex_destroy(&t->mutex);
	free(t->named);
	buf_clear(&t->origin);
	buf_clear(&t->roots);
	free(t);
}

/* Hosts whose certificates chain to Amazon's own roots. */
static bool
is_aws(const char *host)
{
	static const char *const domains[] = {
		".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu",
		".api.aws", ".amazonwebservices.com.cn",
		".amazonwebservices.eu", ".on.aws",
		/* Sign-in's. */
		".aws.amazon.com", ".amazonaws.cn", ".amazonaws-us-gov.com"
	};
	struct span tail, all = span_of(host);
	size_t i, n;

	for (i = 0; i < sizeof domains / sizeof domains[0]; i++) {
		n = strlen(domains[i]);
		if (all.n <= n)
			continue;
		tail = span_make(all.p + all.n - n, n);
		if (span_is_nocase(tail, domains[i]))
			return true;
	}
	return false;
}

static int
read_named(struct trust *t, struct err *err)
{
	switch (file_read(t->named, &t->roots, err)) {
	case FILE_READ:
		if (strstr(buf_string(&t->roots), "-----BEGIN ") != NULL)
			return 0;
		return err_set(err, ERR_USAGE, "cannot use %s: there is no "
		    "certificate in it", buf_string(&t->origin));
	case FILE_ABSENT:
		return err_set(err, ERR_USAGE, "cannot use %s: there is no "
		    "such file", buf_string(&t->origin));
	case FILE_ERROR:
		break;
	}
	/* A bundle that cannot be used is a setting that cannot be used. */
	if (err->class == ERR_DATA)
		err->class = ERR_USAGE;
	err_context(err, "cannot use %s", buf_string(&t->origin));
	return -1;
}

/*
 * The machine's bundle was not asked for: when it cannot be read, the
 * built-in roots stand alone.
 */
static void
read_system(struct trust *t)
{
	struct err ignored = { 0 };

	if (file_read(t->system, &t->roots, &ignored) != FILE_READ)
		buf_clear(&t->roots);
}

/* Once: a bundle that is on disk is read by the first who needs it. */
static int
load(struct trust *t, struct err *err)
{
	if (t->is_read)
		return 0;
	if (t->named != NULL) {
		if (read_named(t, err) != 0) {
			buf_clear(&t->roots);
			return -1;
		}
	} else if (t->system != NULL) {
		read_system(t);
	}
	t->is_read = true;
	return 0;
}

int
trust_roots(struct trust *t, const char *host, enum trust_step step,
    struct span *pem, struct err *err)
{
	bool aws = t->named == NULL && is_aws(host);
	int result = 0;

	*pem = span_make(NULL, 0);
	if (t->named != NULL && step == TRUST_FALLBACK)
		return 0;
	if (!aws && step == TRUST_FALLBACK)
		return 0;
	if (!(aws && step == TRUST_FIRST)) {
		pthread_mutex_lock(&t->mutex);
		result = load(t, err);
		*pem = buf_view(&t->roots);
		pthread_mutex_unlock(&t->mutex);
	}
	if (result == 0 && pem->n == 0 && step == TRUST_FIRST)
		*pem = span_make(tc_anchors_pem, sizeof tc_anchors_pem - 1);
	return result;
}

const char *
trust_origin(const struct trust *t)
{
	return buf_string(&t->origin);
}
