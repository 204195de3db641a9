#include "cache/remote.h"

#include <string.h>

#include "base/limits.h"
#include "codec/hex.h"
#include "sys/interrupt.h"

/* It may lie there: a wrong ETag deletes nothing, and an answer that did not
 * come tells nothing. A signal does not stop this, and is heard afterwards. */
static void
remove_probe(struct session *s, struct s3 *s3, const char *probe)
{
	int passed = s->signals_passed;
	struct err err = { 0 };

	if (interrupt_count() > passed)
		session_clean_up(s);
	if (s3_delete(s3, probe, NULL, &err) == S3_ERROR)
		log_warn(s->set.log, "cannot remove the probe object '%s': %s",
		    probe, err.message);
	s->signals_passed = passed;
	s->tidying = false;
}

int
remote_delete_honoured(struct session *s, struct s3 *s3, const char *probe,
    struct err *err)
{
	static const struct http_field meta = { REMOTE_PROBE_FIELD, "1" };
	struct s3_put put = {
		.key = probe,
		.body = SPAN_LITERAL("{}"),
		.content_type = "application/json",
		.meta = &meta,
		.meta_count = 1,
	};
	bool awaiting = s->awaiting;
	enum s3_outcome outcome;

	/* Cut off by a signal it might arrive after it was removed: its answer
	 * is waited for. */
	s->awaiting = true;
	outcome = s3_put(s3, &put, err);
	s->awaiting = awaiting;
	if (outcome != S3_OK) {
		if (s3_answer(s3)->ambiguous)
			remove_probe(s, s3, probe);
		return -1;
	}
	outcome = s3_delete(s3, probe, "\"00000000000000000000000000000000\"",
	    err);
	if (outcome == S3_ERROR)
		log_step(s->set.log, "conditional delete: %s", err->message);
	if (outcome != S3_OK)
		remove_probe(s, s3, probe);
	return outcome == S3_PRECONDITION ? 1 : outcome == S3_ERROR ? -1 : 0;
}

bool
remote_conditional_delete(struct session *s, const struct key *key)
{
	struct err err = { 0 };
	struct s3 *s3 = session_s3(s, &err);
	unsigned char nonce[8];
	char hex[2 * sizeof nonce + 1], remembered[8];
	struct buf subject, probe;
	int honoured = -1;

	if (s3 == NULL)
		return false;
	if (s3_is_aws(s3))
		return true;
	buf_init(&subject, LIMIT_KEY);
	buf_init(&probe, LIMIT_KEY);
	if (session_bucket_subject(s, &subject, &err) != 0)
		goto out;
	if (memo_get(session_memo(s), MEMO_CONDITIONAL_DELETE,
	    buf_string(&subject), remembered, sizeof remembered)) {
		honoured = strcmp(remembered, "yes") == 0;
		goto out;
	}
	if (rand_fill(s->set.rand, nonce, sizeof nonce) != 0)
		goto out;
	hex_encode(nonce, sizeof nonce, hex);
	buf_addf(&probe, "%s" KEY_LEASE_ROOT "%s/probe/%s",
	    buf_string(&s->prefix), key->account, hex);
	if (buf_check(&probe, "key", &err) != 0)
		goto out;
	honoured = remote_delete_honoured(s, s3, buf_string(&probe),
	    &err);
	if (honoured >= 0)
		memo_set(session_memo(s), MEMO_CONDITIONAL_DELETE,
		    buf_string(&subject), honoured == 1 ? "yes" : "no");
out:
	buf_clear(&subject);
	buf_clear(&probe);
	return honoured == 1;
}
