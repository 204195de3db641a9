#include "cache/session.h"

#include "cache/ledger.h"

int
session_ledger(struct session *s, const struct buf *records, bool durable)
{
	struct memo *memo = session_memo(s);
	struct ledger ledger = { &memo->root, s->set.clock };
	struct err err = { 0 };

	if (buf_check(records, "a record", &err) == 0 &&
	    memo_fault(memo, &err) == 0 &&
	    ledger_append(&ledger, buf_view(records), durable, &err) == 0)
		return 0;
	log_warn(s->set.log, "going on without the ledger: %s", err.message);
	return -1;
}

void
session_savings(struct session *s)
{
	struct buf text;

	if (s->savings.count == 0)
		return;
	buf_init(&text, LEDGER_BOOK_RECORD * (s->savings.count + 1));
	savings_put(&s->savings, s->set.profile, session_now(s), &text);
	if (text.n > 0)
		(void)session_ledger(s, &text, false);
	buf_clear(&text);
	savings_clear(&s->savings);
}
