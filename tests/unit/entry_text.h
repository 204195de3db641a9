#ifndef TESTS_ENTRY_TEXT_H
#define TESTS_ENTRY_TEXT_H

#include "tap.h"

#include <stdlib.h>

#include "codec/hash.h"
#include "entry_sample.h"

/* Parse from memory of just that size, so that ASan sees what reads on. */
static inline enum entry_fault
parse(struct span text, enum entry_depth depth, struct entry *out)
{
	const char *reason = NULL;
	enum entry_fault fault;
	char *exact = malloc(text.n == 0 ? 1 : text.n);

	if (exact == NULL)
		abort();
	if (text.n > 0)
		memcpy(exact, text.p, text.n);
	fault = entry_parse(span_make(exact, text.n), depth, out, &reason);
	if (reason == NULL)
		abort();
	/* Views into what goes now are nobody's. */
	out->data = span_make(NULL, out->data.n);
	free(exact);
	return fault;
}

struct member {
	const char *name, *value;
};

/* An envelope around DATA with one member as given (value NULL: left out),
 * and with extra members in front. */
static inline void
compose(struct buf *b, const char *name, const char *value,
    const char *extra)
{
	static const struct member members[] = {
		{ "schema_version", "1" },
		{ "timestamp", "\"2025-08-11T14:30:00Z\"" },
		{ "account_id", "\"123456789012\"" },
		{ "profile_name", "\"prod\"" },
		{ "data_type", "\"mtd-costs\"" }, { "period", "\"2025-08\"" },
		{ "ttl", "3600" },
		{ "expires_at", "\"2025-08-11T15:30:00Z\"" },
		{ "data_through", "\"2025-08-11\"" }, { "estimated", "true" },
		{ "refreshed_by", "\"\"" }, { "source", "\"push\"" },
		{ "request_sha256", "\"\"" }, { "app_version", "\"0.1.0\"" },
		{ "content_length", "39" }, { "content_sha256", "" },
	};
	char hash[HASH_SHA256_HEX + 2];
	const char *comma = "";
	size_t i;

	hash_sha256_hex(span_of(DATA), hash + 1);
	hash[0] = hash[65] = '"';
	hash[66] = '\0';
	buf_reset(b);
	buf_addf(b, "{\"metadata\":{%s", extra);
	if (extra[0] != '\0')
		comma = ",";
	for (i = 0; i < sizeof members / sizeof members[0]; i++) {
		const char *v = members[i].value;

		if (strcmp(members[i].name, name) == 0) {
			if (value == NULL)
				continue;
			v = value;
		} else if (v[0] == '\0') {
			v = hash;
		}
		buf_addf(b, "%s\"%s\":%s", comma, members[i].name, v);
		comma = ",";
	}
	buf_add_string(b, "},\"data\":" DATA "}");
}

#endif
