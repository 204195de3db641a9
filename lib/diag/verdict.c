#include "diag/verdict.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"

bool
verdict_fits(struct span pattern, const char *text, bool nocase)
{
	size_t i = 0, star = (size_t)-1, n = strlen(text), k = 0, mark = 0;

	while (k < n) {
		if (i < pattern.n && (pattern.p[i] == '?' || (nocase ?
		    span_lower(pattern.p[i]) == span_lower(text[k]) :
		    pattern.p[i] == text[k])) && pattern.p[i] != '*') {
			i++;
			k++;
		} else if (i < pattern.n && pattern.p[i] == '*') {
			star = i++;
			mark = k;
		} else if (star != (size_t)-1) {
			i = star + 1;
			k = ++mark;
		} else {
			return false;
		}
	}
	while (i < pattern.n && pattern.p[i] == '*')
		i++;
	return i == pattern.n;
}

static bool
one_fits(const struct json *j, json_value v, const char *text, bool nocase)
{
	struct buf pattern;
	bool fits;

	buf_init(&pattern, LIMIT_MIB);
	fits = json_string(j, v, &pattern) &&
	    verdict_fits(buf_view(&pattern), text, nocase);
	buf_clear(&pattern);
	return fits;
}

/* A string, or a list of them. */
static bool
any_fits(const struct json *j, json_value v, const char *text, bool nocase)
{
	json_value e;

	if (json_type(j, v) != JSON_ARRAY)
		return one_fits(j, v, text, nocase);
	for (e = json_first(j, v); e != JSON_NONE; e = json_next(j, e))
		if (one_fits(j, e, text, nocase))
			return true;
	return false;
}

/* NAME, or NotNAME; neither (an identity policy's Principal): all. */
static bool
element_fits(const struct json *j, json_value s, const char *name,
    const char *not_name, const char *text, bool nocase)
{
	json_value v = json_member(j, s, name);

	if (v != JSON_NONE)
		return any_fits(j, v, text, nocase);
	v = json_member(j, s, not_name);
	return v == JSON_NONE || !any_fits(j, v, text, nocase);
}

/* "arn:P:sts::A:assumed-role/R/S" is let in as ".../R/S" and as the role. */
static bool
names_role_of(struct span named, const char *principal)
{
	struct span rest, name, session;
	const char *mark = strstr(principal, ":assumed-role/"), *at;

	if (mark == NULL)
		return false;
	rest = span_of(mark + strlen(":assumed-role/"));
	span_split(rest, '/', &name, &session);
	for (at = named.p; at + 6 < named.p + named.n; at++)
		if (memcmp(at, ":role/", 6) == 0)
			break;
	if (at + 6 >= named.p + named.n)
		return false;
	/* A role's path is not in the session's ARN. */
	at = named.p + named.n;
	while (at[-1] != '/')
		at--;
	return span_equal(span_make(at, (size_t)(named.p + named.n - at)),
	    name);
}

static bool
one_principal(const struct json *j, json_value v,
    const struct verdict_question *q)
{
	struct buf text;
	struct span s;
	bool fits = false;
	char root[64];
	int n;

	buf_init(&text, LIMIT_MIB);
	if (json_string(j, v, &text)) {
		s = buf_view(&text);
		fits = span_is(s, "*") || (q->principal != NULL &&
		    (span_is(s, q->principal) ||
		    names_role_of(s, q->principal)));
		n = snprintf(root, sizeof root, "::%s:root",
		    q->account == NULL ? "?" : q->account);
		if (q->account != NULL && n > 0 && (size_t)n < sizeof root)
			fits = fits || span_is(s, q->account) ||
			    span_ends(s, root);
	}
	buf_clear(&text);
	return fits;
}

static bool
principals_fit(const struct json *j, json_value v,
    const struct verdict_question *q)
{
	json_value e;

	if (json_type(j, v) == JSON_OBJECT)
		v = json_member(j, v, "AWS");
	if (json_type(j, v) != JSON_ARRAY)
		return one_principal(j, v, q);
	for (e = json_first(j, v); e != JSON_NONE; e = json_next(j, e))
		if (one_principal(j, e, q))
			return true;
	return false;
}

static bool
concerns(const struct json *j, json_value s,
    const struct verdict_question *q)
{
	json_value who = json_member(j, s, "Principal");

	if (who != JSON_NONE && !principals_fit(j, who, q))
		return false;
	who = json_member(j, s, "NotPrincipal");
	if (who != JSON_NONE && principals_fit(j, who, q))
		return false;
	return element_fits(j, s, "Action", "NotAction", q->action, true) &&
	    element_fits(j, s, "Resource", "NotResource", q->resource, false);
}

/* {"Bool":{"aws:SecureTransport":"false"},...}: the keys. */
static void
list_conditions(const struct json *j, json_value conditions, char *to,
    size_t room)
{
	json_value operator, key;
	size_t n = 0;

	to[0] = '\0';
	for (operator = json_first(j, conditions); operator != JSON_NONE;
	    operator = json_next(j, operator))
		for (key = json_first(j, operator); key != JSON_NONE;
		    key = json_next(j, key)) {
			struct span name = json_name(j, key);

			if (n + name.n + 3 >= room)
				return;
			if (n > 0) {
				memcpy(to + n, ", ", 2);
				n += 2;
			}
			memcpy(to + n, name.p, name.n);
			n += name.n;
			to[n] = '\0';
		}
}

static enum verdict_answer
answer_of(const struct json *j, json_value s)
{
	bool allow = json_string_is(j, json_member(j, s, "Effect"), "Allow");
	json_value condition = json_member(j, s, "Condition");

	if (json_count(j, condition) == 0)
		return allow ? VERDICT_ALLOW : VERDICT_DENY;
	return allow ? VERDICT_ALLOW_IF : VERDICT_DENY_IF;
}

/* Which of two decides? Deny, a maybe of it, Allow, a maybe of that. */
static int
weight(enum verdict_answer answer)
{
	static const int weights[] = { [VERDICT_NOTHING] = 0,
		[VERDICT_ALLOW_IF] = 1, [VERDICT_ALLOW] = 2,
		[VERDICT_DENY_IF] = 3, [VERDICT_DENY] = 4 };

	return weights[answer];
}

bool
verdict_outweighs(enum verdict_answer a, enum verdict_answer b)
{
	return weight(a) > weight(b);
}

static bool
names_itself(const struct json *j, json_value s, const char *action)
{
	json_value v = json_member(j, s, "Action"), e;

	if (json_type(j, v) != JSON_ARRAY)
		return json_string_is(j, v, action);
	for (e = json_first(j, v); e != JSON_NONE; e = json_next(j, e))
		if (json_string_is(j, e, action))
			return true;
	return false;
}

/* A single statement may stand without a list. */
static json_value
first_statement(const struct json *j)
{
	json_value list = json_member(j, 0, "Statement");

	return json_type(j, list) == JSON_ARRAY ? json_first(j, list) : list;
}

static json_value
next_statement(const struct json *j, json_value s)
{
	return json_type(j, json_member(j, 0, "Statement")) == JSON_ARRAY ?
	    json_next(j, s) : JSON_NONE;
}

static int
parse(struct span policy, struct json *j, struct err *err)
{
	if (json_parse(j, policy, 0, err) != 0)
		return -1;
	if (json_type(j, 0) == JSON_OBJECT &&
	    json_member(j, 0, "Statement") != JSON_NONE)
		return 0;
	json_clear(j);
	return err_set(err, ERR_DATA, "it is not a policy document");
}

int
verdict_make(struct span policy, const struct verdict_question *q,
    struct verdict *out, struct err *err)
{
	struct json j = { 0 };
	enum verdict_answer answer;
	json_value s;
	size_t i = 0;

	memset(out, 0, sizeof *out);
	if (parse(policy, &j, err) != 0)
		return -1;
	for (s = first_statement(&j); s != JSON_NONE;
	    s = next_statement(&j, s), i++) {
		answer = answer_of(&j, s);
		if (weight(answer) <= weight(out->answer) ||
		    !concerns(&j, s, q))
			continue;
		out->answer = answer;
		out->statement = i;
		out->by_all = !names_itself(&j, s, q->action);
		if (!json_string_copy(&j, json_member(&j, s, "Sid"),
		    out->sid, sizeof out->sid))
			out->sid[0] = '\0';
		list_conditions(&j, json_member(&j, s, "Condition"),
		    out->conditions, sizeof out->conditions);
	}
	json_clear(&j);
	return 0;
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
put_list(const struct json *j, struct buf *statements, struct buf *out)
{
	struct span whole = json_raw(j, 0);
	struct span old = json_raw(j, json_member(j, 0, "Statement"));
	const char *end = whole.p + whole.n;

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
verdict_without(struct span policy, const struct verdict *v,
    const char *action, struct buf *out, struct err *err)
{
	struct json j = { 0 };
	struct buf list;
	json_value s;
	size_t i = 0;

	if (parse(policy, &j, err) != 0)
		return -1;
	buf_init(&list, out->max);
	for (s = first_statement(&j); s != JSON_NONE;
	    s = next_statement(&j, s), i++) {
		json_value actions = json_member(&j, s, "Action");
		bool narrow = i == v->statement && !v->by_all &&
		    json_type(&j, actions) == JSON_ARRAY &&
		    json_count(&j, actions) > 1;

		if (i == v->statement && !narrow)
			continue;
		put_comma(&list);
		if (narrow)
			put_narrowed(&j, s, action, &list);
		else
			buf_add_span(&list, json_raw(&j, s));
	}
	if (list.n > 0)
		put_list(&j, &list, out);
	i = list.fault != BUF_SOUND;
	buf_clear(&list);
	json_clear(&j);
	return i != 0 ? err_memory(err) : buf_check(out, "the policy", err);
}

static bool
same_sid(const struct json *a, json_value s, struct span statement)
{
	struct json b = { 0 };
	struct err ignored = { 0 };
	char sid[128];
	bool same;

	if (json_parse(&b, statement, 0, &ignored) != 0)
		return false;
	same = json_string_copy(&b, json_member(&b, 0, "Sid"), sid,
	    sizeof sid) && json_string_is(a, json_member(a, s, "Sid"), sid);
	json_clear(&b);
	return same;
}

int
verdict_with(struct span policy, struct span statement, struct buf *out,
    struct err *err)
{
	struct json j = { 0 };
	struct buf list;
	json_value s;

	if (policy.n == 0) {
		buf_add_string(out, "{\"Version\":\"2012-10-17\","
		    "\"Statement\":[");
		buf_add_span(out, statement);
		buf_add_string(out, "]}");
		return buf_check(out, "the policy", err);
	}
	if (parse(policy, &j, err) != 0)
		return -1;
	buf_init(&list, out->max);
	for (s = first_statement(&j); s != JSON_NONE;
	    s = next_statement(&j, s)) {
		if (same_sid(&j, s, statement))
			continue;
		put_comma(&list);
		buf_add_span(&list, json_raw(&j, s));
	}
	put_comma(&list);
	buf_add_span(&list, statement);
	put_list(&j, &list, out);
	buf_clear(&list);
	json_clear(&j);
	return buf_check(out, "the policy", err);
}
