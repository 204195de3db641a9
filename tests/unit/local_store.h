#ifndef TESTS_LOCAL_STORE_H
#define TESTS_LOCAL_STORE_H

#include "tap.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "cache/local.h"
#include "sandbox.h"

/* A local store in a directory of the test's own. */
#define ENDPOINT "https://s3.example.com"

static const struct key key = { "123456789012", { 2025, 8 }, "full-data" };
static const struct key other = { "123456789012", { 2025, 7 }, "mtd-costs" };

static char *dir;
static char variable[4096];	/* TEAMCACHE_DIR=... */

static const struct local_facts facts = {
	.etag = "\"d41d8cd98f00b204e9800998ecf8427e\"",
	.last_modified = 1754922600, .skew = -3, .validated_at = 1754922700,
	.final = true, .origin = LOCAL_BOUGHT
};

static inline void
begin(void)
{
	if ((dir = sandbox_new()) == NULL) {
		printf("Bail out! no directory\n");
		exit(1);
	}
	snprintf(variable, sizeof variable, "TEAMCACHE_DIR=%s/store", dir);
}

static inline int
open_store(struct local *local, const char *prefix, struct err *err)
{
	const char *variables[] = { variable, NULL };
	struct env env = { variables };

	err_clear(err);
	return local_open(local, &env, ENDPOINT, "acme", prefix, err);
}

/* The tree of endpoint, bucket and no prefix: sha256sum says so. */
static const char tree[] =
    "312d8f5721648f8579f3f33bf4cc3107b365955284c749ba8c04c9938fdc6959";

static inline void
path_of(const struct key *k, char *path, size_t room)
{
	char month[MONTH_ROOM];

	month_format(k->month, month);
	snprintf(path, room, "%s/store/%s/cache-v1/%s/%s/%s.json", dir, tree,
	    k->account, month, k->type);
}

static inline void
put_file(const char *path, const void *bytes, size_t n)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fwrite(bytes, 1, n, f) != n || fclose(f) != 0) {
		printf("Bail out! cannot write %s\n", path);
		exit(1);
	}
}

static inline size_t
get_file(const char *path, char *to, size_t room)
{
	FILE *f = fopen(path, "r");
	size_t n = f == NULL ? 0 : fread(to, 1, room - 1, f);

	if (f != NULL)
		fclose(f);
	to[n] = '\0';
	return n;
}

/* An envelope of that key, made at that time. */
static inline void
build_at(const struct key *k, const char *data, int64_t timestamp,
    struct buf *out)
{
	struct entry_metadata m = { .timestamp = timestamp, .ttl = 3600,
		.expires_at = timestamp + 3600, .estimated = 1 };

	snprintf(m.account_id, sizeof m.account_id, "%s", k->account);
	snprintf(m.data_type, sizeof m.data_type, "%s", k->type);
	month_format(k->month, m.period);
	snprintf(m.source, sizeof m.source, "push");
	snprintf(m.app_version, sizeof m.app_version, "0.1.0");
	buf_init(out, LIMIT_MIB);
	entry_build(&m, span_of(data), out);
}

static inline void
build(const struct key *k, const char *data, struct buf *out)
{
	build_at(k, data, 1754922600, out);
}

static inline void
store(struct local *local, const struct key *k, const char *data)
{
	struct err err = { 0 };
	struct buf envelope;

	build(k, data, &envelope);
	is_int(local_write(local, k, &facts, buf_view(&envelope), NULL, &err), 0,
	    "write '%s' %s", k->type, err.message);
	buf_clear(&envelope);
}

#endif
