#include "cache/lease_hold.h"

#include <string.h>

/* After a conflict, which says nothing about who won. */
#define CONFLICT_MS 100

/* Relied on for less than its length: clocks run differently, requests take
 * time to arrive. */
#define MARGIN_S 5

int64_t
lease_hold_deadline(int64_t sent_ms, int64_t length_s)
{
	return sent_ms + (length_s - MARGIN_S) * 1000;
}

int64_t
lease_hold_renewal(int64_t sent_ms, int64_t length_s)
{
	int64_t third = length_s * 1000 / 3;
	int64_t half = (length_s - MARGIN_S) * 1000 / 2;

	return sent_ms + (third < half ? third : half);
}

void
lease_hold_start(struct lease_hold *h, int64_t length_s, int64_t sent_ms)
{
	memset(h, 0, sizeof *h);
	h->length_s = length_s;
	h->sent_ms = sent_ms;
	h->due_ms = lease_hold_renewal(sent_ms, length_s);
}

enum lease_hold_do
lease_hold_next(const struct lease_hold *h, int64_t now)
{
	if (h->taken || now >= lease_hold_deadline(h->sent_ms, h->length_s))
		return LEASE_HOLD_LOST;
	if (now < h->due_ms)
		return LEASE_HOLD_REST;
	return h->asking ? LEASE_HOLD_ASK : LEASE_HOLD_RENEW;
}

void
lease_hold_renewing(struct lease_hold *h, int64_t now)
{
	if (!h->unsure)
		h->trying_ms = now;
}

static void
renewed(struct lease_hold *h)
{
	h->unsure = h->asking = false;
	h->sent_ms = h->trying_ms;
	h->due_ms = lease_hold_renewal(h->sent_ms, h->length_s);
}

void
lease_hold_saw(struct lease_hold *h, enum lease_saw saw, bool ambiguous,
    int64_t now)
{
	h->unsure = h->unsure || ambiguous;
	switch (saw) {
	case LEASE_SAW_WRITTEN:
	case LEASE_SAW_OURS:
		renewed(h);
		break;
	case LEASE_SAW_REFUSED:
		/* Another's ETag, or that of our own attempt. */
		h->asking = h->unsure;
		h->taken = !h->unsure;
		h->due_ms = now;
		break;
	case LEASE_SAW_CONFLICT:
		h->due_ms = now + CONFLICT_MS;
		break;
	case LEASE_SAW_GONE:
	case LEASE_SAW_ABSENT:
	case LEASE_SAW_LIVE:
	case LEASE_SAW_EXPIRED:
		h->taken = true;
		break;
	default:
		/* It stays ours until the deadline: try once more. */
		h->due_ms = lease_hold_renewal(now, h->length_s);
		break;
	}
}
