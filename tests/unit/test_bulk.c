#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>

#include "codec/gzip.h"
#include "bulk_sample.h"
#include "local_store.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

static const struct bulk_row rows[] = {
	BULK_AS_BUILT,
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
pack(struct span plain, struct buf *out)
{
	struct err err = { 0 };

	buf_reset(out);
	if (gzip_compress(plain, out, &err) != 0)
		abort();
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
agrees(const struct bulk_row *row, struct span text, struct span member)
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

		make_bulk(&rows[i], 0, &text);
		usual = text.n;
		for (n = 0; n < 48; n++) {
			pad = PIECE - usual + n;
			make_bulk(&rows[i], pad, &text);
			pack(buf_view(&text), &member);
			wrong += !agrees(&rows[i], buf_view(&text),
			    buf_view(&member)) ||
			    !agrees_in_file(fd, buf_view(&text));
		}
		make_bulk(&rows[i], 3, &text);
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
	make_bulk(&rows[0], 70000, &text);
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
	struct bulk_row row = rows[0];
	struct entry e;
	size_t i;

	buf_init(&text, LIMIT_MIB);
	buf_init(&member, LIMIT_MIB);
	for (i = 0; i < COUNT(final); i++) {
		row.metadata = final[i].members;
		make_bulk(&row, 1, &text);
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
	make_bulk(&rows[0], 70000, &text);
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

int
main(void)
{
	test_rows();
	test_members();
	test_final();
	test_sent();
	return done_testing();
}
