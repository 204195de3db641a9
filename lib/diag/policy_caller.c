#include "diag/policy_caller.h"

#include <string.h>

#include "base/limits.h"

#define TEXT_MAX (64 * LIMIT_KIB)

/* What is asked, of whom, and what came of it so far. */
struct survey {
	const struct iam_place *place;
	struct verdict_question question;
	struct policy_caller *out;
};

static void
policy_init(struct policy_held *p)
{
	memset(p, 0, sizeof *p);
	buf_init(&p->name, LIMIT_KIB);
	buf_init(&p->text, TEXT_MAX);
}

static void
policy_clear(struct policy_held *p)
{
	buf_clear(&p->name);
	buf_clear(&p->text);
}

void
policy_caller_init(struct policy_caller *p)
{
	memset(p, 0, sizeof *p);
	policy_init(&p->denying);
	policy_init(&p->boundary);
}

void
policy_caller_clear(struct policy_caller *p)
{
	policy_clear(&p->denying);
	policy_clear(&p->boundary);
}

static int
fetch(const struct survey *s, const struct iam_holder *holder, bool managed,
    struct span name, struct buf *text)
{
	struct err ignored = { 0 };

	return managed ? iam_managed_get(s->place, name, text, &ignored) :
	    iam_policy_get(s->place, holder, name, text, &ignored);
}

/* One document's say; false when it cannot be read. */
static bool
judge(const struct survey *s, const struct buf *text,
    enum verdict_answer *answer)
{
	struct verdict found;
	struct err ignored = { 0 };

	if (policy_verdict_make(buf_view(text), &s->question, &found,
	    &ignored) != 0)
		return false;
	if (policy_verdict_outweighs(found.answer, *answer))
		*answer = found.answer;
	return true;
}

/* Those of one kind that hang on one holder; false once one denies. */
static bool
look_at_kind(const struct survey *s, const struct iam_holder *holder,
    bool managed)
{
	struct policy_held *denying = &s->out->denying;
	struct err ignored = { 0 };
	struct span rest, name;
	struct buf names;
	bool more = true;

	buf_init(&names, TEXT_MAX);
	if (iam_policies(s->place, holder, managed, &names, &ignored) != 0)
		s->out->whole = false;
	for (rest = buf_view(&names); more && rest.n > 0;) {
		span_split(rest, '\n', &name, &rest);
		buf_reset(&denying->text);
		if (fetch(s, holder, managed, name, &denying->text) != 0 ||
		    !judge(s, &denying->text, &s->out->own))
			s->out->whole = false;
		more = s->out->own != VERDICT_DENY;
		if (!more) {
			denying->holder = *holder;
			denying->managed = managed;
			buf_add_span(&denying->name, name);
		}
	}
	if (more)
		buf_reset(&denying->text);
	buf_clear(&names);
	return more;
}

static bool
look_at(const struct survey *s, const struct iam_holder *holder)
{
	return look_at_kind(s, holder, false) && look_at_kind(s, holder, true);
}

static void
look_at_groups(const struct survey *s, const struct iam_holder *user)
{
	struct iam_holder group = { .kind = IAM_GROUP };
	struct err ignored = { 0 };
	struct span rest, name;
	struct buf names;

	buf_init(&names, TEXT_MAX);
	if (iam_groups(s->place, user, &names, &ignored) != 0)
		s->out->whole = false;
	for (rest = buf_view(&names); rest.n > 0;) {
		span_split(rest, '\n', &name, &rest);
		if (!span_copy(name, group.name, sizeof group.name))
			continue;
		if (!look_at(s, &group))
			break;
	}
	buf_clear(&names);
}

static void
look_at_boundary(const struct survey *s, const struct iam_caller *who)
{
	struct policy_caller *out = s->out;
	struct policy_held *b = &out->boundary;
	struct err ignored = { 0 };
	struct iam_record record;

	iam_record_init(&record);
	if (iam_look(s->place, &who->holder, &record, &ignored) != 0)
		out->whole = false;
	else if (record.boundary[0] != '\0') {
		out->bounded = true;
		b->holder = who->holder;
		b->managed = true;
		buf_add_string(&b->name, record.boundary);
		if (iam_managed_get(s->place, buf_view(&b->name), &b->text,
		    &ignored) != 0 || !judge(s, &b->text, &out->limit)) {
			out->whole = false;
			buf_reset(&b->text);
		}
	}
	iam_record_clear(&record);
}

void
policy_caller_fetch(const struct iam_place *place,
    const struct iam_caller *who, const char *action, const char *resource,
    struct policy_caller *out)
{
	struct survey s = { .place = place, .out = out,
		.question = { .action = action, .resource = resource } };

	out->whole = true;
	if (!look_at(&s, &who->holder))
		return;
	if (who->holder.kind == IAM_USER)
		look_at_groups(&s, &who->holder);
	if (out->own != VERDICT_DENY)
		look_at_boundary(&s, who);
}
