#include "cache/lease.h"

#include "cache/lease_work.h"

bool
lease_alive(struct lease *lease)
{
	struct lease_hold hold = lease->keeper == NULL ? lease->hold :
	    keeper_hold(lease->keeper);

	return lease_hold_next(&hold, clock_elapsed_ms(
	    lease->session->set.clock)) != LEASE_HOLD_LOST;
}

enum lease_whose
lease_ask(struct lease *lease)
{
	struct lease_sight sight;
	enum lease_saw saw;
	struct err err;
	struct s3 *s3;

	keeper_stop(lease->keeper, &lease->hold);
	lease->keeper = NULL;
	err_clear(&err);
	if ((s3 = session_s3(lease->session, &err)) == NULL)
		return LEASE_IS_UNKNOWN;
	switch (s3_get(s3, buf_string(&lease->object), NULL, LEASE_BODY_MAX,
	    &err)) {
	case S3_OK:
		saw = lease_judge(lease, s3, lease->etag, &sight, &err);
		if (saw == LEASE_SAW_DOWN)
			return LEASE_IS_UNKNOWN;
		return saw == LEASE_SAW_OURS ? LEASE_IS_OURS : LEASE_IS_GONE;
	case S3_ABSENT:
		return LEASE_IS_GONE;
	default:
		return LEASE_IS_UNKNOWN;
	}
}

void
lease_delete(struct lease *lease)
{
	struct session *s = lease->session;
	enum s3_outcome outcome;
	struct err err;
	struct s3 *s3;

	err_clear(&err);
	/* Past the deadline it may be another's on a store that overlooks
	 * the condition. */
	if (!lease_alive(lease) || (s3 = session_s3(s, &err)) == NULL)
		return;
	outcome = s3_delete(s3, buf_string(&lease->object), lease->etag, &err);
	/* A renewal that was cut off has arrived in between. */
	if (outcome == S3_PRECONDITION && lease_ask(lease) == LEASE_IS_OURS)
		outcome = s3_delete(s3, buf_string(&lease->object),
		    lease->etag, &err);
	if (outcome == S3_ERROR)
		log_step(s->set.log, "cannot release the lease, it runs out "
		    "by itself: %s", err.message);
}

void
lease_release(struct lease *lease)
{
	if (lease_ask(lease) == LEASE_IS_OURS)
		lease_delete(lease);
}
