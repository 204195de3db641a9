#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>

#include "base/limits.h"
#include "cache/bulk.h"
#include "codec/gzip.h"
#include "codec/hash.h"
#include "local_store.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

/* What inflate gives at once. */
#define PIECE 32768

/*
 * Envelopes: what stands where, "" being what belongs there. data has a string
 * put in at its "%", which moves all behind it over a piece's end.
 */
static const struct row {
	const char *what, *front, *data, *end;
	const char *metadata;	/* members before the usual ones */
	int length;		/* more than content_length says */
	bool hash;		/* another */
	bool sound;		/* entry_parse, and so bulk_sound, says so */
} rows[] = {
	{ "as it is built", "", "{\"a\":\"%\",\"b\":[1,2]}", "", "", 0, false, true },
	{ "a string", "", "\"%\"", "", "", 0, false, true },
	{ "a number behind", "", "[\"%\",-1.50e+10]", "", "", 0, false, true },
	{ "escapes", "", "[\"%\\u00e9\\n\\\\\",\"\\\"\"]", "", "", 0, false, true },
	{ "beyond ASCII", "", "[\"%\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"]", "", "", 0,
	    false, true },
	{ "words", "", "[\"%\",true,false,null]", "", "", 0, false, true },
	{ "white space in it", "", "[ \"%\" ,\n\t1 ]", "", "", 0, false, true },
	{ "white space behind it", "", "[\"%\"]", " \n } \r\n", "", 0, false, true },
	{ "white space before it", " ", "[\"%\"]", "", "", 0, false, true },
	{ "another member of its metadata", "", "[\"%\"]", "", "\"x\":[{}],", 0,
	    false, true },
	{ "braces in strings", "", "[\"%}\",\"}}\"]", "", "", 0, false, true },
	{ "no last brace", "", "[\"%\"]", " ", "", 0, false, false },
	{ "a last bracket", "", "[\"%\"]", "]", "", 0, false, false },
	{ "two braces", "", "[\"%\"]", "}}", "", 0, false, false },
	{ "something behind it", "", "[\"%\"]", "}x", "", 0, false, false },
	{ "a control byte behind it", "", "[\"%\"]", "}\x01", "", 0, false, false },
	{ "another member behind", "", "[\"%\"]", ",\"x\":1}", "", 0, false, false },
	{ "two values", "", "[\"%\"] [1]", "", "", 0, false, false },
	{ "a comma too many", "", "[\"%\",]", "", "", 0, false, false },
	{ "no end", "", "[\"%\"", "", "", 0, false, false },
	{ "no UTF-8", "", "[\"%\xe2\x82\"]", "", "", 0, false, false },
	{ "a control byte", "", "[\"%\x1f\"]", "", "", 0, false, false },
	{ "no JSON", "", "<%>", "", "", 0, false, false },
	{ "longer than it says", "", "[\"%\"]", "", "", -1, false, false },
	{ "shorter than it says", "", "[\"%\"]", "", "", 1, false, false },
	{ "much shorter", "", "[\"%\"]", "", "", 1000, false, false },
	{ "the brace counted", "", "[\"%\"]", "} ", "", 1, false, false },
	{ "white space counted", "", "[\"%\"]", "  }", "", 1, false, false },
	{ "another hash", "", "[\"%\"]", "", "", 0, true, false },
	{ "of another schema", "", "[\"%\"]", "", "\"schema_version\":2,", 0, false,
	    false },
	{ "a member twice", "", "[\"%\"]", "", "\"ttl\":1,", 0, false, false },
	{ "no envelope", "x", "[\"%\"]", "", "", 0, false, false },
};

static void
put_data(const char *data, size_t pad, struct buf *out)
{
	size_t i, before = strcspn(data, "%");

	buf_add(out, data, before);
	for (i = 0; i < pad; i++)
		buf_add_char(out, "0123456789"[i * i % 10]);
	buf_add_string(out, data + before + 1);
}

static void
make(const struct row *row, size_t pad, struct buf *out)
{
	char hash[HASH_SHA256_HEX];
	struct buf data;

	buf_init(&data, 16 * LIMIT_MIB);
	put_data(row->data, pad, &data);
	hash_sha256_hex(buf_view(&data), hash);
	if (row->hash)
		hash[5] = hash[5] == '0' ? '1' : '0';
	buf_reset(out);
	if (row->front[0] == 'x')
		buf_add_string(out, row->front);
	buf_addf(out, "{\"metadata\":{%s\"schema_version\":1,\"timestamp\":"
	    "\"2025-08-11T14:30:00Z\",\"account_id\":\"123456789012\","
	    "\"data_type\":\"notes\",\"period\":\"2025-08\",\"ttl\":3600,"
	    "\"content_length\":%lld,\"content_sha256\":\"%s\"},\"data\":",
	    row->metadata, (long long)data.n + row->length, hash);
	if (row->front[0] == ' ')
		buf_add_string(out, row->front);
	buf_add_span(out, buf_view(&data));
	buf_add_string(out, row->end[0] == '\0' ? "}" : row->end);
	buf_clear(&data);
}

static void
pack(struct span plain, struct buf *out)
{
	struct err err = { 0 };

	buf_reset(out);
	if (gzip_compress(plain, out, &err) != 0)
		abort();
}

static int
append(void *state, const char *p, size_t n, struct err *err)
{
	(void)err;
	buf_add(state, p, n);
	return n > 0 && n <= PIECE ? 0 : -1;
}

/* Is what bulk_file_sound says of it, behind five other bytes, what entry_parse
 * says of its frame? */
static bool
agrees_in_file(int fd, struct span text)
{
	const char *reason;
	struct entry a, b;
	bool sound = entry_parse(text, ENTRY_FRAME, &a, &reason) ==
	    ENTRY_SOUND;
	uint32_t crc = 0;

	if (ftruncate(fd, 0) != 0 || pwrite(fd, "first", 5, 0) != 5 ||
	    pwrite(fd, text.p, text.n, 5) != (ssize_t)text.n)
		abort();
	if (bulk_file_sound(fd, 5, text.n, &b, &crc) != sound)
		return false;
	/* Cut while it is read. */
	return !sound || (crc == gzip_crc32(0, text.p, text.n) &&
	    memcmp(&a.metadata, &b.metadata, sizeof a.metadata) == 0 &&
	    a.data_offset == b.data_offset && a.data.n == b.data.n &&
	    b.data.p == NULL && !bulk_file_sound(fd, 5, text.n + 1, &b,
	    &crc));
}

/* Is what bulk_sound says of it what entry_parse says of the whole? */
static bool
agrees(const struct row *row, struct span text, struct span member)
{
	enum entry_depth depth;
	bool same = true;

	for (depth = ENTRY_JSON; depth <= ENTRY_WHOLE; depth++) {
		const char *reason;
		struct entry a, b;
		bool sound = entry_parse(text, depth, &a, &reason) ==
		    ENTRY_SOUND;

		if (sound != (row->sound || (row->hash && depth ==
		    ENTRY_JSON)))
			return false;
		same = same && bulk_sound(member, depth, text.n, &b) == sound;
		if (!sound)
			continue;
		same = same && memcmp(&a.metadata, &b.metadata,
		    sizeof a.metadata) == 0 && a.data_offset ==
		    b.data_offset && a.data.n == b.data.n && b.data.p == NULL &&
		    !bulk_sound(member, depth, text.n - 1, &b);
	}
	return same;
}

/* Each row with the end of a piece at each of its last bytes. */
static void
test_rows(void)
{
	struct buf text, member;
	size_t i, pad, usual, n;
	int fd;

	begin();
	fd = open(sandbox_path(dir, "text"), O_RDWR | O_CREAT, 0600);
	buf_init(&text, LIMIT_MIB);
	buf_init(&member, LIMIT_MIB);
	for (i = 0; i < COUNT(rows); i++) {
		int wrong = 0;

		make(&rows[i], 0, &text);
		usual = text.n;
		for (n = 0; n < 48; n++) {
			pad = PIECE - usual + n;
			make(&rows[i], pad, &text);
			pack(buf_view(&text), &member);
			wrong += !agrees(&rows[i], buf_view(&text),
			    buf_view(&member)) ||
			    !agrees_in_file(fd, buf_view(&text));
		}
		make(&rows[i], 3, &text);
		pack(buf_view(&text), &member);
		wrong += !agrees(&rows[i], buf_view(&text), buf_view(&member));
		is_int(wrong, 0, "%s", rows[i].what);
	}
	(void)close(fd);
	buf_clear(&text);
	buf_clear(&member);
	sandbox_remove(dir);
}

static void
test_members(void)
{
	struct buf text, member;
	struct entry e;
	size_t i;
	int taken = 0;

	buf_init(&text, LIMIT_MIB);
	buf_init(&member, LIMIT_MIB);
	make(&rows[0], 70000, &text);
	pack(buf_view(&text), &member);
	ok(bulk_sound(buf_view(&member), ENTRY_WHOLE, text.n, &e), "whole");
	for (i = 0; i < member.n; i += 7)
		taken += bulk_sound(span_make(member.p, i), ENTRY_JSON,
		    text.n, &e);
	is_int(taken, 0, "cut");
	/* Behind the header, whose time and system are nobody's. */
	for (i = 10; i < member.n; i++) {
		member.p[i] ^= 0x04;
		taken += bulk_sound(buf_view(&member), ENTRY_JSON, text.n,
		    &e);
		member.p[i] ^= 0x04;
	}
	is_int(taken, 0, "with a bit of any byte changed");
	buf_add_char(&member, '\0');
	ok(!bulk_sound(buf_view(&member), ENTRY_JSON, text.n, &e),
	    "with a byte behind it");
	ok(!bulk_sound(buf_view(&text), ENTRY_JSON, text.n, &e), "plain");
	ok(!bulk_sound(span_make(NULL, 0), ENTRY_JSON, 9, &e), "nothing");
	ok(!bulk_sound(buf_view(&member), ENTRY_FRAME, text.n, &e),
	    "not looked into");
	buf_clear(&text);
	buf_clear(&member);
}

/* What may be final is looked at as a whole. */
static void
test_final(void)
{
	static const struct {
		const char *members, *what;
		bool sound;
	} final[] = {
		{ "\"source\":\"ce:GetCostAndUsage\",\"estimated\":false,",
		    "its month is not over", true },
		{ "\"source\":\"push\",\"estimated\":false,", "pushed", true },
	};
	struct entry_metadata m = { .timestamp = 1756684800, .ttl = 60,
		.account_id = "123456789012", .period = "2025-08",
		.data_type = "full-data", .source = "ce:GetCostAndUsage" };
	struct buf text, member;
	struct row row = rows[0];
	struct entry e;
	size_t i;

	buf_init(&text, LIMIT_MIB);
	buf_init(&member, LIMIT_MIB);
	for (i = 0; i < COUNT(final); i++) {
		row.metadata = final[i].members;
		make(&row, 1, &text);
		pack(buf_view(&text), &member);
		is_int(bulk_sound(buf_view(&member), ENTRY_WHOLE, text.n, &e),
		    final[i].sound, "%s", final[i].what);
	}
	for (i = 0; i < 2; i++) {
		m.timestamp -= (int64_t)i;
		buf_reset(&text);
		entry_build(&m, span_of("[]"), &text);
		pack(buf_view(&text), &member);
		is_int(bulk_sound(buf_view(&member), ENTRY_WHOLE, text.n, &e),
		    i == 1, "at the month's end, less %zu s", i);
		is_int(entry_may_be_final(&m), i == 0, "may be final");
	}
	buf_clear(&text);
	buf_clear(&member);
}

static int
refuse(void *state, const char *p, size_t n, struct err *err)
{
	(void)state;
	(void)p;
	(void)n;
	return err_set(err, ERR_NETWORK, "no more");
}

/* Windows of the envelope, from the member or from a file. */
static void
check_sent(const struct bulk *b, struct span text)
{
	static const size_t windows[][2] = { { 0, 70000 }, { 0, 1 }, { 1, 0 },
		{ 100, 32768 }, { 32767, 2 }, { 32768, 32768 }, { 65536, 99 },
		{ 69999, 1 } };
	struct err err = { 0 };
	struct buf got;
	size_t i;

	buf_init(&got, LIMIT_MIB);
	is_uint(b->length, text.n, "its length");
	for (i = 0; i < COUNT(windows); i++) {
		buf_reset(&got);
		is_int(bulk_send(b, windows[i][0], windows[i][1], append, &got,
		    &err), 0, "send %zu bytes from %zu", windows[i][1],
		    windows[i][0]);
		is_bytes(buf_view(&got), span_make(text.p + windows[i][0],
		    windows[i][1]), "these");
	}
	is_int(bulk_send(b, 5, text.n, append, &got, &err), -1,
	    "more than there is");
	is_int(err.class, ERR_INTERNAL, "is an error");
	err_clear(&err);
	is_int(bulk_send(b, 5, 5, refuse, NULL, &err), -1, "refused");
	is_str(err.message, "no more", "says who refused");
	buf_clear(&got);
}

static void
test_sent(void)
{
	struct local_copy copy;
	struct local local;
	struct err err = { 0 };
	struct buf text, member;
	const char *reason;
	struct key key_of = key;
	struct bulk b;
	uint32_t crc;

	begin();
	snprintf(key_of.type, sizeof key_of.type, "notes");
	buf_init(&text, LIMIT_MIB);
	buf_init(&member, LIMIT_MIB);
	make(&rows[0], 70000, &text);
	pack(buf_view(&text), &member);
	crc = gzip_trailer_crc32(buf_view(&member));
	bulk_init(&b);
	ok(!b.there, "nothing is there");
	bulk_hold(&b, &member);
	ok(b.there && member.n == 0, "the member is taken");
	check_sent(&b, buf_view(&text));

	is_int(open_store(&local, NULL, &err), 0, "a store");
	is_int(local_write_bulk(&local, &key_of, &facts, &b, crc, &err), 0,
	    "stored %s", err.message);
	ok(b.there && b.fd >= 0 && b.packed.p == NULL,
	    "and read from there now");
	check_sent(&b, buf_view(&text));
	local_copy_init(&copy, LIMIT_MIB);
	is_int(local_read(&local, &key_of, &copy, &reason, &err), 1,
	    "the copy is sound");
	is_bytes(span_make(copy.bytes.p + copy.envelope_offset,
	    copy.bytes.n - copy.envelope_offset), buf_view(&text),
	    "and the same");
	is_str(copy.facts.etag, facts.etag, "with its facts");
	store(&local, &key_of, "[1]");
	check_sent(&b, buf_view(&text));
	local_copy_clear(&copy);
	bulk_clear(&b);
	bulk_clear(&b);
	ok(!b.there && b.fd < 0, "gone");
	local_close(&local);
	buf_clear(&text);
	buf_clear(&member);
	sandbox_remove(dir);
}

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
	make(&rows[0], 9 * LIMIT_MIB, &text);
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
	test_rows();
	test_members();
	test_final();
	test_sent();
	test_large_copies();
	return done_testing();
}
