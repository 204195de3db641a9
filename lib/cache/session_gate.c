#include "cache/session.h"

#include "base/date.h"
#include "base/limits.h"
#include "cache/gate.h"

static struct gate *
gate_of(struct session *s)
{
	if (s->set.gate != NULL)
		return s->set.gate;
	if (s->own_gate == NULL)
		s->own_gate = gate_new(s->set.env, s->set.clock, s->set.log);
	return s->own_gate;
}

static void
say_skipped(const struct gate_view *view, struct err *why)
{
	char until[DATE_ROOM];

	date_format_rfc3339(view->next_probe, until);
	if (view->probing)
		err_set(why, ERR_NETWORK, "S3 did not serve the last %d "
		    "commands, and another command tries it just now",
		    view->failures);
	else
		err_set(why, ERR_NETWORK, "S3 did not serve the last %d "
		    "commands, so it is left alone until %s",
		    view->failures, until);
	err_hint(why, "'teamcache doctor' asks it at once; when it answers, "
	    "everybody does again");
}

bool
session_skips_s3(struct session *s, struct err *why)
{
	struct gate *gate = gate_of(s);
	struct gate_view view;
	struct buf subject;
	bool skips = false;

	buf_init(&subject, LIMIT_KEY);
	if (gate != NULL &&
	    session_bucket_subject(s, &subject, why) == 0 &&
	    !gate_pass(gate, buf_string(&subject), &view)) {
		say_skipped(&view, why);
		skips = true;
	}
	buf_clear(&subject);
	return skips;
}

void
session_tell_gate(struct session *s)
{
	struct err ignored = { 0 };
	struct gate *gate;
	struct buf subject;

	if (s->bucket == NULL ||
	    (!s->call.health.failed && !s->call.health.answered))
		return;
	buf_init(&subject, LIMIT_KEY);
	if ((gate = gate_of(s)) != NULL &&
	    session_bucket_subject(s, &subject, &ignored) == 0)
		gate_tell(gate, buf_string(&subject), s->call.health.failed,
		    s->call.health.answered);
	buf_clear(&subject);
}
