#include "cache/breaker.h"

#include <string.h>

#include "base/num.h"

#define FAILURES_MAX 1000000

#define VERSION "1"

/* How long ago it opened (again); -1: that cannot be told. */
static int64_t
since_last(const struct breaker *b, const struct breaker_moment *now)
{
	int64_t ago = b->last.boot[0] != '\0' &&
	    strcmp(b->last.boot, now->boot) == 0 ?
	    num_subtract_held(now->elapsed, b->last.elapsed) :
	    num_subtract_held(now->wall, b->last.wall);

	return ago < 0 ? -1 : ago;
}

int64_t
breaker_left(const struct breaker *b, const struct breaker_moment *now)
{
	int64_t ago = since_last(b, now);

	return ago < 0 || ago >= b->delay ? 0 : b->delay - ago;
}

enum breaker_way
breaker_way(const struct breaker *b, const struct breaker_moment *now)
{
	if (b->delay == 0)
		return BREAKER_CLOSED;
	return breaker_left(b, now) > 0 ? BREAKER_OPEN : BREAKER_DUE;
}

void
breaker_failed(struct breaker *b, const struct breaker_moment *now)
{
	enum breaker_way way = breaker_way(b, now);

	if (b->failures < FAILURES_MAX)
		b->failures++;
	if (way == BREAKER_OPEN || b->failures < BREAKER_FAILURES)
		return;
	if (way == BREAKER_CLOSED) {
		b->delay = BREAKER_DELAY_MIN;
		b->since = now->wall;
	} else {
		b->delay = b->delay * 2 < BREAKER_DELAY_MAX ? b->delay * 2 :
		    BREAKER_DELAY_MAX;
	}
	b->last = *now;
}

void
breaker_format(const struct breaker *b, struct buf *out)
{
	buf_addf(out, VERSION " %d %lld %lld %lld %lld %s\n", b->failures,
	    (long long)b->delay, (long long)b->since,
	    (long long)b->last.wall, (long long)b->last.elapsed,
	    b->last.boot);
}

static bool
take_number(struct span *rest, int64_t min, int64_t max, int64_t *out)
{
	struct span field;

	return span_split(*rest, ' ', &field, rest) &&
	    num_parse_signed(field, min, max, out);
}

static bool
take_all(struct span rest, struct breaker *out)
{
	struct span version;
	int64_t failures;
	size_t i;

	/* Without its end, the line was cut by a crash. */
	if (!span_ends(rest, "\n"))
		return false;
	rest.n--;
	if (!span_split(rest, ' ', &version, &rest) ||
	    !span_is(version, VERSION) ||
	    !take_number(&rest, 0, FAILURES_MAX, &failures) ||
	    !take_number(&rest, 0, BREAKER_DELAY_MAX, &out->delay) ||
	    !take_number(&rest, INT64_MIN, INT64_MAX, &out->since) ||
	    !take_number(&rest, INT64_MIN, INT64_MAX, &out->last.wall) ||
	    !take_number(&rest, 0, INT64_MAX, &out->last.elapsed) ||
	    rest.n >= sizeof out->last.boot)
		return false;
	for (i = 0; i < rest.n; i++)
		if (rest.p[i] <= ' ' || rest.p[i] >= 0x7f)
			return false;
	if (rest.n > 0)
		memcpy(out->last.boot, rest.p, rest.n);
	out->failures = (int)failures;
	return out->delay == 0 || (out->delay >= BREAKER_DELAY_MIN &&
	    out->failures >= BREAKER_FAILURES);
}

bool
breaker_parse(struct span text, struct breaker *out)
{
	memset(out, 0, sizeof *out);
	if (take_all(text, out))
		return true;
	memset(out, 0, sizeof *out);
	return false;
}
