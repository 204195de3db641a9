#include "cache/apart.h"

#include <string.h>

/* Another resolution would meet the session's own. */
static int
frozen_keys(void *state, bool renew, const struct keys **keys,
    struct err *err)
{
	struct apart *a = state;

	if (renew) {
		a->expired = true;
		return err_set(err, ERR_CREDENTIALS, "the keys have expired");
	}
	*keys = &a->keys;
	return 0;
}

int
apart_open(struct apart *a, struct session *s, bool (*cancelled)(void *state),
    void *state, struct err *err)
{
	struct http_curl_settings http = {
		.env = s->set.env,
		.log = s->set.log,
		.trust = s->trust,
		.user_agent = s->user_agent,
		.cancelled = cancelled,
		.state = state,
	};

	a->session = s;
	if ((a->http = http_curl_new(&http, err)) == NULL)
		return -1;
	a->call = s->call;
	retry_share(&a->call.quota_s3, &s->call.quota_s3);
	a->call.http = http_curl_transport(a->http);
	memset(&a->call.counts, 0, sizeof a->call.counts);
	memset(&a->call.health, 0, sizeof a->call.health);
	a->source.get = frozen_keys;
	a->source.state = a;
	a->s3 = session_s3_apart(s, &a->call, &a->source, err);
	return a->s3 == NULL ? -1 : 0;
}

int
apart_refresh(struct apart *a, struct err *err)
{
	struct keys_source *from = &a->session->bucket_keys;
	const struct keys *keys;

	a->expired = false;
	a->call.skew = a->session->call.skew;
	keys_clear(&a->keys);
	if (from->get(from->state, false, &keys, err) != 0)
		return -1;
	return keys_copy(&a->keys, keys, err);
}

void
apart_close(struct apart *a)
{
	if (a->session != NULL) {
		a->session->call.counts.s3 += a->call.counts.s3;
		a->session->call.health.failed |= a->call.health.failed;
		a->session->call.health.answered |= a->call.health.answered;
	}
	s3_free(a->s3);
	http_curl_free(a->http);
	keys_clear(&a->keys);
	memset(a, 0, sizeof *a);
}
