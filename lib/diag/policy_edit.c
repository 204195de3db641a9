#include "diag/policy_edit.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "codec/json.h"
#include "diag/policy_read.h"

static json_value
member(const struct policy_read *p, size_t i, const char *name)
{
	return json_member(&p->json, policy_read_statement(p, i), name);
}

/* The statement of that Sid; p->count when there is none. */
static size_t
find_sid(const struct policy_read *p, const char *sid)
{
	char other[128];
	size_t i;

	for (i = 0; sid[0] != '\0' && i < p->count; i++) {
		policy_read_sid(p, i, other);
		if (strcmp(other, sid) == 0)
			return i;
	}
	return p->count;
}

static bool
names_principal(const struct json *j, json_value list, struct span name)
{
	json_value v;
	size_t i;

	for (i = 0; (v = policy_read_element(j, list, i)) != JSON_NONE; i++)
		if (span_equal(json_raw(j, v), name))
			return true;
	return false;
}

/* The AWS principals of both, ours first. */
static void
put_principals(struct json_writer *w, const struct json *ours,
    json_value mine, const struct json *old, json_value theirs)
{
	json_value v;
	size_t i;

	json_put_name(w, "Principal");
	json_open_object(w);
	json_put_name(w, "AWS");
	json_open_array(w);
	for (i = 0; (v = policy_read_element(ours, mine, i)) != JSON_NONE; i++)
		json_put_raw(w, json_raw(ours, v));
	for (i = 0; (v = policy_read_element(old, theirs, i)) != JSON_NONE; i++)
		if (!names_principal(ours, mine, json_raw(old, v)))
			json_put_raw(w, json_raw(old, v));
	json_close_array(w);
	json_close_object(w);
}

/* A statement of ours in place of one of theirs. */
static void
put_replaced(struct json_writer *w, const struct policy_read *ours, size_t i,
    const struct policy_read *old, size_t at)
{
	json_value from = policy_read_statement(ours, i), v;
	json_value mine = json_member(&ours->json, member(ours, i,
	    "Principal"), "AWS");
	json_value theirs = json_member(&old->json, member(old, at,
	    "Principal"), "AWS");
	bool more = false;
	size_t k;

	for (k = 0; (v = policy_read_element(&old->json, theirs, k)) !=
	    JSON_NONE; k++)
		more = more || (mine != JSON_NONE && !names_principal(
		    &ours->json, mine, json_raw(&old->json, v)));
	if (!more) {
		json_put_raw(w, json_raw(&ours->json, from));
		return;
	}
	json_open_object(w);
	for (v = json_first(&ours->json, from); v != JSON_NONE;
	    v = json_next(&ours->json, v)) {
		char name[64];
		struct span raw = json_name(&ours->json, v);

		if (span_is(raw, "Principal")) {
			put_principals(w, &ours->json, mine, &old->json,
			    theirs);
			continue;
		}
		snprintf(name, sizeof name, "%.*s", (int)raw.n, raw.p);
		json_member_raw(w, name, json_raw(&ours->json, v));
	}
	json_close_object(w);
}

static void
put_merged(struct json_writer *w, const struct policy_read *old,
    const struct policy_read *ours, const char *skip)
{
	char sid[128];
	size_t i, at;

	for (i = 0; i < old->count; i++) {
		policy_read_sid(old, i, sid);
		at = find_sid(ours, sid);
		if (at == ours->count || (skip != NULL &&
		    strcmp(sid, skip) == 0))
			json_put_raw(w, json_raw(&old->json,
			    policy_read_statement(old, i)));
		else
			put_replaced(w, ours, at, old, i);
	}
	for (i = 0; i < ours->count; i++) {
		policy_read_sid(ours, i, sid);
		if (find_sid(old, sid) == old->count && (skip == NULL ||
		    strcmp(sid, skip) != 0))
			json_put_raw(w, json_raw(&ours->json,
			    policy_read_statement(ours, i)));
	}
}

/* Lists of a policy have no order, and one name may stand without its list;
 * the latter makes no difference here, for we keep what we find. */
static bool
is_same(struct span a, struct span b, struct err *err)
{
	static const char *const lists[] = { "Action", "Resource", "AWS",
		NULL };
	struct json x = { 0 }, y = { 0 };
	struct buf left, right;
	bool same = false;

	buf_init(&left, LIMIT_MIB);
	buf_init(&right, LIMIT_MIB);
	if (json_parse(&x, a, 0, err) == 0 && json_parse(&y, b, 0, err) == 0
	    && json_canonical(&x, 0, lists, &left, err) == 0 &&
	    json_canonical(&y, 0, lists, &right, err) == 0)
		same = span_equal(buf_view(&left), buf_view(&right));
	json_clear(&x);
	json_clear(&y);
	buf_clear(&left);
	buf_clear(&right);
	return same;
}

int
policy_edit_merge(struct span old, struct span ours, const char *skip,
    struct buf *out, bool *changed, struct err *err)
{
	struct policy_read theirs = { 0 }, mine = { 0 };
	const struct policy_read *head;
	struct json_writer w;
	json_value v;
	size_t from = out->n;
	int result = -1;

	if (policy_read_open(&mine, ours, err) != 0 ||
	    (old.n > 0 && policy_read_open(&theirs, old, err) != 0))
		goto out;
	head = old.n > 0 ? &theirs : &mine;
	json_begin(&w, out, false);
	json_open_object(&w);
	for (v = json_first(&head->json, 0); v != JSON_NONE;
	    v = json_next(&head->json, v)) {
		char name[64];
		struct span raw = json_name(&head->json, v);

		if (span_is(raw, "Statement"))
			continue;
		snprintf(name, sizeof name, "%.*s", (int)raw.n, raw.p);
		json_member_raw(&w, name, json_raw(&head->json, v));
	}
	json_put_name(&w, "Statement");
	json_open_array(&w);
	put_merged(&w, &theirs, &mine, skip);
	json_close_array(&w);
	json_close_object(&w);
	if (buf_check(out, "the policy", err) != 0)
		goto out;
	*changed = old.n == 0 || !is_same(old, span_make(out->p + from,
	    out->n - from), err);
	result = err->class == ERR_NONE ? 0 : -1;
out:
	policy_read_clear(&theirs);
	policy_read_clear(&mine);
	return result;
}

/* The statement's bytes, with the action taken out of its list. */
static void
put_narrowed(const struct json *j, json_value s, const char *action,
    struct buf *out)
{
	json_value list = json_member(j, s, "Action"), e;
	struct span whole = json_raw(j, s), old = json_raw(j, list);
	const char *end = whole.p + whole.n;
	bool first = true;

	buf_add(out, whole.p, (size_t)(old.p - whole.p));
	buf_add_char(out, '[');
	for (e = json_first(j, list); e != JSON_NONE; e = json_next(j, e)) {
		if (json_string_is(j, e, action))
			continue;
		if (!first)
			buf_add_char(out, ',');
		buf_add_span(out, json_raw(j, e));
		first = false;
	}
	buf_add_char(out, ']');
	buf_add(out, old.p + old.n, (size_t)(end - old.p) - old.n);
}

/* The document around its statements: what is before and behind them. */
static void
put_list(const struct json *j, const struct buf *statements, struct buf *out)
{
	struct span whole = json_raw(j, 0);
	struct span old = json_raw(j, json_member(j, 0, "Statement"));
	const char *end = whole.p + whole.n;

	buf_spoil(out, statements);
	buf_add(out, whole.p, (size_t)(old.p - whole.p));
	buf_add_char(out, '[');
	buf_add_span(out, buf_view(statements));
	buf_add_char(out, ']');
	buf_add(out, old.p + old.n, (size_t)(end - old.p) - old.n);
}

static void
put_comma(struct buf *list)
{
	if (list->n > 0)
		buf_add_char(list, ',');
}

int
policy_edit_without(struct span policy, const struct verdict *v,
    const char *action, struct buf *out, struct err *err)
{
	struct policy_read p;
	struct buf list;
	json_value s, actions;
	bool narrow;
	size_t i;

	if (policy_read_open(&p, policy, err) != 0)
		return -1;
	buf_init(&list, out->max);
	for (i = 0; i < p.count; i++) {
		s = policy_read_statement(&p, i);
		actions = json_member(&p.json, s, "Action");
		narrow = i == v->statement && !v->by_all &&
		    json_type(&p.json, actions) == JSON_ARRAY &&
		    json_count(&p.json, actions) > 1;
		if (i == v->statement && !narrow)
			continue;
		put_comma(&list);
		if (narrow)
			put_narrowed(&p.json, s, action, &list);
		else
			buf_add_span(&list, json_raw(&p.json, s));
	}
	if (list.n > 0 || list.fault != BUF_SOUND)
		put_list(&p.json, &list, out);
	buf_clear(&list);
	policy_read_clear(&p);
	return buf_check(out, "the policy", err);
}

/* The Sid of a statement that stands alone; "" when it has none. */
static int
sid_of(struct span statement, char sid[128], struct err *err)
{
	struct json j = { 0 };

	if (json_parse(&j, statement, 0, err) != 0)
		return -1;
	if (!json_string_copy(&j, json_member(&j, 0, "Sid"), sid, 128))
		sid[0] = '\0';
	json_clear(&j);
	return 0;
}

int
policy_edit_with(struct span policy, struct span statement, struct buf *out,
    struct err *err)
{
	struct policy_read p;
	struct buf list;
	char sid[128], other[128];
	size_t i;

	if (policy.n == 0) {
		buf_add_string(out, "{\"Version\":\"2012-10-17\","
		    "\"Statement\":[");
		buf_add_span(out, statement);
		buf_add_string(out, "]}");
		return buf_check(out, "the policy", err);
	}
	if (sid_of(statement, sid, err) != 0 ||
	    policy_read_open(&p, policy, err) != 0)
		return -1;
	buf_init(&list, out->max);
	for (i = 0; i < p.count; i++) {
		policy_read_sid(&p, i, other);
		if (sid[0] != '\0' && strcmp(other, sid) == 0)
			continue;
		put_comma(&list);
		buf_add_span(&list, json_raw(&p.json,
		    policy_read_statement(&p, i)));
	}
	put_comma(&list);
	buf_add_span(&list, statement);
	put_list(&p.json, &list, out);
	buf_clear(&list);
	policy_read_clear(&p);
	return buf_check(out, "the policy", err);
}
