#include "cache/unavailable.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/num.h"
#include "cache/memo.h"

static void
subject_of(const struct session *s, const struct key *key, struct buf *out)
{
	buf_init(out, LIMIT_KEY * 4);
	buf_addf(out, "%s\n%s\n", s->s3_endpoint == NULL ? "" :
	    s->s3_endpoint, s->bucket == NULL ? "" : s->bucket);
	key_object(buf_string(&s->prefix), key, out);
}

bool
unavailable_known(struct session *s, const struct key *key, int64_t ttl)
{
	int64_t now = session_now(s);
	struct buf subject;
	uint64_t seconds;
	char until[32];
	bool known;

	subject_of(s, key, &subject);
	/* One that lies too far ahead was written by a wrong clock. */
	known = subject.fault == BUF_SOUND &&
	    memo_get(session_memo(s), MEMO_UNAVAILABLE, buf_string(&subject),
	    until, sizeof until) &&
	    num_parse(span_of(until), INT64_MAX, &seconds) &&
	    (int64_t)seconds > now && (int64_t)seconds <= now + ttl;
	buf_clear(&subject);
	return known;
}

void
unavailable_remember(struct session *s, const struct key *key, int64_t ttl)
{
	struct buf subject;
	char until[32];

	subject_of(s, key, &subject);
	(void)snprintf(until, sizeof until, "%" PRId64, session_now(s) + ttl);
	if (subject.fault == BUF_SOUND)
		memo_set(session_memo(s), MEMO_UNAVAILABLE,
		    buf_string(&subject), until);
	buf_clear(&subject);
}
