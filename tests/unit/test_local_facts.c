#include "local_store.h"

#include "codec/gzip.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

/* A file with a right frame around these lines. */
static void
put_framed(const char *path, const char *line, struct span envelope)
{
	char text[8192];
	struct buf all;

	buf_init(&all, sizeof text);
	buf_addf(&all, "%s\n", line);
	buf_add_span(&all, envelope);
	snprintf(text, sizeof text, "tcl1 %08lx %zu\n%s",
	    (unsigned long)gzip_crc32(0, all.p, all.n), all.n,
	    buf_string(&all));
	put_file(path, text, strlen(text));
	buf_clear(&all);
}

static void
test_facts(void)
{
#define A "{\"etag\":\"x\",\"last_modified\":-1"
#define B ",\"skew\":0,\"validated_at\":1"
#define C ",\"final\":false,\"origin\":\"remote\""
	static const struct {
		const char *line;
		int want;
	} rows[] = {
		{ A B C "}", 1 },
		{ " { \"future\":{\"a\":[1]}, \"etag\":\"x\","
		  "\"last_modified\":5" B C " } ", 1 },
		{ A B ",\"final\":true,\"origin\":\"derived\"}", 1 },
		{ A B ",\"final\":true,\"origin\":\"pushed\"}", 1 },
		{ A B ",\"final\":true,\"origin\":\"stolen\"}", 0 },
		{ A B ",\"final\":true,\"origin\":1}", 0 },
		{ A B ",\"final\":true}", 0 },
		{ A B ",\"final\":\"true\",\"origin\":\"remote\"}", 0 },
		{ A B ",\"final\":null,\"origin\":\"remote\"}", 0 },
		{ A ",\"skew\":\"0\",\"validated_at\":1" C "}", 0 },
		{ A ",\"skew\":0.5,\"validated_at\":1" C "}", 0 },
		{ A ",\"skew\":0" C "}", 0 },
		{ A ",\"skew\":0,\"validated_at\":1e3" C "}", 0 },
		{ A ",\"skew\":0,\"validated_at\":99999999999999999999" C "}",
		    0 },
		{ "{\"etag\":1,\"last_modified\":-1" B C "}", 0 },
		{ "{\"etag\":null,\"last_modified\":-1" B C "}", 0 },
		{ "{\"etag\":\"a\\u0000b\",\"last_modified\":-1" B C "}", 0 },
		{ "{\"etag\":\"x\",\"last_modified\":-2" B C "}", 0 },
		{ "{\"etag\":\"x\"" B C "}", 0 },
		{ A B C ",\"etag\":\"y\"}", 0 },
		{ "[]", 0 }, { "", 0 }, { "null", 0 }, { A B C, 0 },
	};
	char path[4096], line[4096];
	struct local_copy copy;
	struct local local;
	struct err err = { 0 };
	const char *reason;
	struct buf envelope;
	size_t i;

	local_copy_init(&copy, LIMIT_MIB);
	is_int(open_store(&local, "", &err), 0, "open");
	store(&local, &key, "{}");
	build(&key, "{}", &envelope);
	path_of(&key, path, sizeof path);
	for (i = 0; i < COUNT(rows); i++) {
		put_framed(path, rows[i].line, buf_view(&envelope));
		is_int(local_read(&local, &key, &copy, &reason, &err),
		    rows[i].want, "facts %s", rows[i].line);
		is_str(reason, rows[i].want == 1 ? NULL :
		    "its facts are not understood", "the reason");
	}
	memset(line, ' ', sizeof line);
	memcpy(line, A B C "}", strlen(A B C "}"));
	line[3000] = '\0';
	put_framed(path, line, buf_view(&envelope));
	is_int(local_read(&local, &key, &copy, &reason, &err), 0,
	    "facts that never end");
	put_framed(path, A B C "}", span_of("{\"metadata\":{}"));
	is_int(local_read(&local, &key, &copy, &reason, &err), 0,
	    "no envelope");
	ok(reason != NULL, "has a reason: %s", reason);
	buf_clear(&envelope);
	build(&other, "{}", &envelope);
	put_framed(path, A B C "}", buf_view(&envelope));
	is_int(local_read(&local, &key, &copy, &reason, &err), 0,
	    "another key's envelope");
	has_str(reason, "another", "the reason");
	is_int(err.class, ERR_NONE, "none of it is an error");
	buf_clear(&envelope);
	local_copy_clear(&copy);
	local_close(&local);
#undef A
#undef B
#undef C
}

/* Every cut and every flipped byte reads as absent. */
static void
test_damage(void)
{
	char path[4096], good[4096], bad[4096];
	struct local_copy copy;
	struct local local;
	struct err err = { 0 };
	const char *reason;
	size_t n, i, wrong = 0;

	local_copy_init(&copy, LIMIT_MIB);
	is_int(open_store(&local, "", &err), 0, "open");
	store(&local, &key, "{\"a\":1}");
	path_of(&key, path, sizeof path);
	n = get_file(path, good, sizeof good);
	for (i = 0; i < n; i++) {
		put_file(path, good, i);
		wrong += local_read(&local, &key, &copy, &reason, &err) != 0;
	}
	is_uint(wrong, 0, "%zu cuts read as absent", n);
	for (i = 0; i < n; i++) {
		memcpy(bad, good, n);
		bad[i] ^= 1;
		put_file(path, bad, n);
		if (local_read(&local, &key, &copy, &reason, &err) == 0)
			continue;
		wrong++;
		note("byte %zu of %zu", i, n);
	}
	is_uint(wrong, 0, "%zu flipped bytes read as absent", n);
	memcpy(bad, good, n);
	bad[n] = '\n';
	put_file(path, bad, n + 1);
	is_int(local_read(&local, &key, &copy, &reason, &err), 0,
	    "a byte too many");
	put_file(path, good, n);
	is_int(local_read(&local, &key, &copy, &reason, &err), 1,
	    "as it was");
	is_int(err.class, ERR_NONE, "none of it is an error");
	local_copy_clear(&copy);
	local_close(&local);
}

int
main(void)
{
	int descriptors = sandbox_descriptors();

	begin();
	test_facts();
	test_damage();
	is_int(sandbox_descriptors(), descriptors, "no stray descriptor");
	sandbox_remove(dir);
	return done_testing();
}
