#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>

#include "bulk_sample.h"
#include "codec/gzip.h"
#include "local_store.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

static const struct bulk_row as_built = BULK_AS_BUILT;

/* Read a copy so that it may be held. */
static int
read_copy(const struct local *local, const struct key *k,
    struct local_copy *copy, const char **reason)
{
	struct err err = { 0 };

	copy->may_be_bulk = true;
	return local_read(local, k, copy, reason, &err);
}

static void
flip(const char *path, off_t at)
{
	int fd = open(path, O_RDWR);
	char c;

	if (fd < 0 || pread(fd, &c, 1, at) != 1)
		abort();
	c ^= 0x10;
	if (pwrite(fd, &c, 1, at) != 1 || close(fd) != 0)
		abort();
}

static void
test_large_copies(void)
{
	static const size_t places[] = { 3, 8, 20, 60, 200, 500, 70000,
		5000000 };
	struct local_facts how = facts;
	struct local_copy copy;
	struct local local;
	struct err err = { 0 };
	struct buf text;
	const char *reason;
	struct key notes = key;
	char path[4096];
	struct stat st;
	size_t i;
	int before;

	begin();
	snprintf(notes.type, sizeof notes.type, "notes");
	path_of(&notes, path, sizeof path);
	buf_init(&text, 16 * LIMIT_MIB);
	make_bulk(&as_built, 9 * LIMIT_MIB, &text);
	is_int(open_store(&local, NULL, &err), 0, "a store");
	local_copy_init(&copy, 16 * LIMIT_MIB);
	store(&local, &notes, "[1]");
	before = sandbox_descriptors();
	is_int(read_copy(&local, &notes, &copy, &reason), 1, "a small one");
	ok(!copy.bulk.there && copy.bytes.n > 0, "is read");

	how.origin = LOCAL_REMOTE;
	is_int(local_write(&local, &notes, &how, buf_view(&text), NULL, &err),
	    0, "a large one %s", err.message);
	is_int(read_copy(&local, &notes, &copy, &reason), 1, "is sound");
	ok(copy.bulk.there && copy.bytes.p == NULL, "and held");
	ok(copy.facts.origin == LOCAL_REMOTE && copy.facts.final,
	    "with its facts");
	is_str(copy.entry.metadata.data_type, "notes", "and its metadata");
	is_uint(copy.crc, gzip_crc32(0, text.p, text.n), "its CRC");
	check_sent(&copy.bulk, buf_view(&text));
	ok(!local_newer(&local, &notes, INT64_MIN, &copy), "is known again");
	is_int(local_write_bulk(&local, &notes, &how, &copy.bulk, copy.crc,
	    &err), 0, "written anew from itself %s", err.message);
	check_sent(&copy.bulk, buf_view(&text));
	is_int(sandbox_descriptors(), before + 1, "one descriptor");
	is_int(read_copy(&local, &notes, &copy, &reason), 1, "read again");
	ok(copy.bulk.there && sandbox_descriptors() == before + 1, "held");

	is_int(read_copy(&local, &key, &copy, &reason), 0, "another");
	ok(!copy.bulk.there && sandbox_descriptors() == before,
	    "lets go of it");
	copy.may_be_bulk = false;
	is_int(local_read(&local, &notes, &copy, &reason, &err), 1,
	    "whole where it has to be");
	ok(!copy.bulk.there && copy.bytes.n > text.n, "is read");
	copy.max = 8 * LIMIT_MIB;
	is_int(read_copy(&local, &notes, &copy, &reason), 0, "over the cap");
	is_str(reason, "it is larger than the cap", "is said");
	copy.max = 16 * LIMIT_MIB;

	for (i = 0; i < COUNT(places); i++) {
		flip(path, (off_t)places[i]);
		is_int(read_copy(&local, &notes, &copy, &reason), 0,
		    "with byte %zu changed", places[i]);
		is_str(reason, "it is damaged", "is said");
		flip(path, (off_t)places[i]);
	}
	is_int(read_copy(&local, &notes, &copy, &reason), 1, "and back");
	if (stat(path, &st) != 0 || truncate(path, st.st_size - 1) != 0)
		abort();
	is_int(read_copy(&local, &notes, &copy, &reason), 0, "cut");
	is_str(reason, "it is damaged", "is said");
	is_int(local_write(&local, &other, &how, buf_view(&text), NULL, &err),
	    0, "under another key");
	is_int(read_copy(&local, &other, &copy, &reason), 0, "is none of it");
	has_str(reason, "another account", "which is said");
	how.origin = LOCAL_BOUGHT;
	is_int(local_write(&local, &notes, &how, buf_view(&text), NULL, &err),
	    0, "bought");
	is_int(read_copy(&local, &notes, &copy, &reason), 1, "and sound");
	ok(!copy.bulk.there, "is for S3, and so read");
	is_int(sandbox_descriptors(), before, "nothing is left open");

	local_copy_clear(&copy);
	local_close(&local);
	buf_clear(&text);
	sandbox_remove(dir);
}

int
main(void)
{
	test_large_copies();
	return done_testing();
}
