#ifndef TESTS_BULK_SAMPLE_H
#define TESTS_BULK_SAMPLE_H

#include "tap.h"

#include "base/limits.h"
#include "cache/bulk.h"
#include "codec/hash.h"

/* What inflate gives at once. */
#define PIECE 32768

/*
 * An envelope: what stands where, "" being what belongs there. data has a
 * string put in at its "%", which moves all behind it over a piece's end.
 */
struct bulk_row {
	const char *what, *front, *data, *end;
	const char *metadata;	/* members before the usual ones */
	int length;		/* more than content_length says */
	bool hash;		/* another */
	bool sound;		/* entry_parse, and so bulk_sound, says so */
};

#define BULK_AS_BUILT { "as it is built", "", \
	"{\"a\":\"%\",\"b\":[1,2]}", "", "", 0, false, true }

static inline void
put_data(const char *data, size_t pad, struct buf *out)
{
	size_t i, before = strcspn(data, "%");

	buf_add(out, data, before);
	for (i = 0; i < pad; i++)
		buf_add_char(out, "0123456789"[i * i % 10]);
	buf_add_string(out, data + before + 1);
}

static inline void
make_bulk(const struct bulk_row *row, size_t pad, struct buf *out)
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

static inline int
append(void *state, const char *p, size_t n, struct err *err)
{
	(void)err;
	buf_add(state, p, n);
	return n > 0 && n <= PIECE ? 0 : -1;
}

static inline int
refuse(void *state, const char *p, size_t n, struct err *err)
{
	(void)state;
	(void)p;
	(void)n;
	return err_set(err, ERR_NETWORK, "no more");
}

/* Windows of the envelope, from the member or from a file. */
static inline void
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
	for (i = 0; i < sizeof windows / sizeof windows[0]; i++) {
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

#endif
