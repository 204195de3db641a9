/*
 * All ways of reading an envelope agree; what was read, built again, reads
 * as the same. An input that begins with no brace is data: what is built
 * around it is sound just where it is JSON.
 */
#include "fuzz.h"

#include "base/date.h"
#include "cache/bulk.h"
#include "cache/entry.h"
#include "codec/gzip.h"
#include "codec/json.h"

static void
check_same(const struct entry_metadata *a, const struct entry_metadata *b)
{
	must(a->schema_version == b->schema_version);
	must(a->timestamp == b->timestamp && a->expires_at == b->expires_at);
	must(a->ttl == b->ttl && a->estimated == b->estimated);
	must(strcmp(a->account_id, b->account_id) == 0);
	must(strcmp(a->profile_name, b->profile_name) == 0);
	must(strcmp(a->data_type, b->data_type) == 0);
	must(strcmp(a->period, b->period) == 0);
	must(strcmp(a->data_through, b->data_through) == 0);
	must(strcmp(a->refreshed_by, b->refreshed_by) == 0);
	must(strcmp(a->source, b->source) == 0);
	must(strcmp(a->request_sha256, b->request_sha256) == 0);
	must(strcmp(a->app_version, b->app_version) == 0);
}

static void
check_built(const struct entry_metadata *metadata, struct span data)
{
	const char *reason = NULL;
	struct err err = { 0 };
	struct entry again;
	struct buf text;

	buf_init(&text, 16384 + data.n);
	entry_build(metadata, data, &text);
	must(buf_check(&text, "envelope", &err) == 0);
	must(entry_parse(buf_view(&text), ENTRY_WHOLE, &again, &reason) ==
	    (json_check(data, &err) == 0 ? ENTRY_SOUND : ENTRY_BROKEN));
	if (err.class == ERR_NONE) {
		check_same(&again.metadata, metadata);
		must(span_equal(again.data, span_trim(data)));
		must(again.metadata.content_length == (int64_t)again.data.n);
	}
	buf_clear(&text);
}

static void
check_coverage(struct span data)
{
	struct entry_coverage c = { 0 };
	struct err err = { 0 };

	if (entry_coverage(data, &c, &err) != 0) {
		fuzz_refused(&err);
		return;
	}
	if (c.known && !c.empty)
		must(date_start(c.start) < date_start(c.end));
}

/* Piece by piece, packed: what may be final is left to the other ways. */
static void
check_bulk(struct span text, enum entry_depth depth,
    const struct entry *whole)
{
	struct err err = { 0 };
	struct buf member;
	struct entry bulk;
	bool sound;

	if (text.n > 32768)
		return;
	buf_init(&member, 1024 + 2 * text.n);
	must(gzip_compress(text, &member, &err) == 0);
	sound = bulk_sound(buf_view(&member), depth, text.n, &bulk);
	buf_clear(&member);
	must(sound == (whole != NULL &&
	    !entry_may_be_final(&whole->metadata)));
	if (!sound)
		return;
	check_same(&bulk.metadata, &whole->metadata);
	must(bulk.data_offset == whole->data_offset);
	must(bulk.data.n == whole->data.n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct entry_metadata plain = { .schema_version = 1,
		.timestamp = 1754922600, .account_id = "123456789012",
		.data_type = "mtd-costs", .period = "2025-08", .ttl = 3600,
		.expires_at = 1754926200, .estimated = -1 };
	struct span text = fuzz_span(data, size);
	const char *reason = NULL;
	struct entry_metadata front;
	struct entry whole, frame;
	enum entry_fault verified, proved, framed;

	check_coverage(text);
	if (!span_starts(text, "{")) {
		check_built(&plain, text);
		return 0;
	}
	verified = entry_parse(text, ENTRY_WHOLE, &whole, &reason);
	must(verified == ENTRY_SOUND || reason != NULL);
	check_bulk(text, ENTRY_WHOLE, verified == ENTRY_SOUND ? &whole : NULL);
	proved = entry_parse(text, ENTRY_JSON, &frame, &reason);
	check_bulk(text, ENTRY_JSON, proved == ENTRY_SOUND ? &frame : NULL);
	must(verified != ENTRY_SOUND || proved == ENTRY_SOUND);
	framed = entry_parse(text, ENTRY_FRAME, &frame, &reason);
	must(proved == framed || (framed == ENTRY_SOUND &&
	    proved == verified));
	if (verified != ENTRY_SOUND) {
		must(framed == verified || framed == ENTRY_SOUND);
		if (framed == ENTRY_SOUND)
			must(fuzz_within(frame.data, text));
		return 0;
	}
	must(framed == ENTRY_SOUND && span_equal(whole.data, frame.data));
	must(fuzz_within(whole.data, text));
	must(whole.data.p == text.p + whole.data_offset);
	check_same(&whole.metadata, &frame.metadata);
	must(entry_front(text, &front, &reason) == ENTRY_SOUND);
	check_same(&whole.metadata, &front);
	check_built(&whole.metadata, whole.data);
	return 0;
}
