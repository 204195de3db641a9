#include "cache/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

static bool
fill_copy(struct local_copy *copy, const struct local_facts *facts,
    struct span envelope)
{
	const char *reason;

	buf_reset(&copy->bytes);
	buf_add_span(&copy->bytes, envelope);
	copy->facts = *facts;
	copy->envelope_offset = 0;
	return copy->bytes.fault == BUF_SOUND && entry_parse(
	    buf_view(&copy->bytes), ENTRY_FRAME, &copy->entry, &reason) ==
	    ENTRY_SOUND;
}

void
session_keep(struct session *s, const struct key *key,
    const struct local_facts *facts, struct span envelope)
{
	size_t i;

	if (s->kept == NULL &&
	    (s->kept = calloc(SESSION_KEPT, sizeof *s->kept)) == NULL)
		return;
	for (i = 0; i < s->kept_count; i++)
		if (key_equal(&s->kept[i].key, key))
			break;
	if (i == SESSION_KEPT) {
		/* Another purchase: the former one has been printed. */
		for (i = 0; i < SESSION_KEPT; i++)
			local_copy_clear(&s->kept[i].copy);
		s->kept_count = i = 0;
	}
	if (i == s->kept_count) {
		local_copy_init(&s->kept[i].copy,
		    LIMIT_OBJECT + LIMIT_METADATA);
		s->kept[i].key = *key;
		s->kept_count++;
	}
	if (!fill_copy(&s->kept[i].copy, facts, envelope)) {
		local_copy_clear(&s->kept[i].copy);
		s->kept[i].key.account[0] = '\0';
	}
}

bool
session_kept(const struct session *s, const struct key *key,
    struct local_copy *copy)
{
	size_t i;

	for (i = 0; i < s->kept_count; i++)
		if (key_equal(&s->kept[i].key, key)) {
			local_copy_clear(copy);
			return fill_copy(copy, &s->kept[i].copy.facts,
			    buf_view(&s->kept[i].copy.bytes));
		}
	return false;
}
