#include "diag/policy_verdict.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "codec/json.h"
#include "diag/policy_read.h"

static bool
one_fits(const struct json *j, json_value v, const char *text, bool nocase)
{
	struct buf pattern;
	bool fits;

	buf_init(&pattern, LIMIT_MIB);
	fits = json_string(j, v, &pattern) &&
	    policy_read_fits(buf_view(&pattern), text, nocase);
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
policy_verdict_outweighs(enum verdict_answer a, enum verdict_answer b)
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

int
policy_verdict_make(struct span policy, const struct verdict_question *q,
    struct verdict *out, struct err *err)
{
	struct policy_read p;
	enum verdict_answer answer;
	json_value s;
	size_t i;

	memset(out, 0, sizeof *out);
	if (policy_read_open(&p, policy, err) != 0)
		return -1;
	for (i = 0; i < p.count; i++) {
		s = policy_read_statement(&p, i);
		answer = answer_of(&p.json, s);
		if (weight(answer) <= weight(out->answer) ||
		    !concerns(&p.json, s, q))
			continue;
		out->answer = answer;
		out->statement = i;
		out->by_all = !names_itself(&p.json, s, q->action);
		policy_read_sid(&p, i, out->sid);
		list_conditions(&p.json, json_member(&p.json, s, "Condition"),
		    out->conditions, sizeof out->conditions);
	}
	policy_read_clear(&p);
	return 0;
}
