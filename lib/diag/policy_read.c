#include "diag/policy_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/arn.h"
#include "base/limits.h"
#include "cache/key.h"

int
policy_read_open(struct policy_read *p, struct span text, struct err *err)
{
	memset(p, 0, sizeof *p);
	if (json_parse(&p->json, text, 0, err) != 0) {
		err_context(err, "the policy");
		return -1;
	}
	p->statements = json_member(&p->json, 0, "Statement");
	switch (json_type(&p->json, p->statements)) {
	case JSON_OBJECT:
		p->count = 1;
		return 0;
	case JSON_ARRAY:
		p->count = json_count(&p->json, p->statements);
		return 0;
	default:
		policy_read_clear(p);
		return err_set(err, ERR_DATA,
		    "the policy has no statements");
	}
}

void
policy_read_clear(struct policy_read *p)
{
	json_clear(&p->json);
	memset(p, 0, sizeof *p);
}

json_value
policy_read_element(const struct json *j, json_value v, size_t i)
{
	if (json_type(j, v) != JSON_ARRAY)
		return i == 0 ? v : JSON_NONE;
	for (v = json_first(j, v); v != JSON_NONE && i > 0; i--)
		v = json_next(j, v);
	return v;
}

json_value
policy_read_statement(const struct policy_read *p, size_t i)
{
	return policy_read_element(&p->json, p->statements, i);
}

static json_value
member(const struct policy_read *p, size_t i, const char *name)
{
	return json_member(&p->json, policy_read_statement(p, i), name);
}

bool
policy_read_denies(const struct policy_read *p, size_t i)
{
	return json_string_is(&p->json, member(p, i, "Effect"), "Deny");
}

bool
policy_read_conditional(const struct policy_read *p, size_t i)
{
	return json_count(&p->json, member(p, i, "Condition")) > 0;
}

void
policy_read_sid(const struct policy_read *p, size_t i, char sid[128])
{
	if (!json_string_copy(&p->json, member(p, i, "Sid"), sid, 128))
		sid[0] = '\0';
}

bool
policy_read_fits(struct span pattern, const char *text, bool nocase)
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

/* With '*' for each "${aws:...}", which may become anything. */
static void
without_variables(struct buf *pattern)
{
	char *from, *end;

	while (pattern->n > 0 && (from = strstr(pattern->p, "${")) != NULL &&
	    (end = strchr(from, '}')) != NULL) {
		*from = '*';
		memmove(from + 1, end + 1, strlen(end + 1) + 1);
		pattern->n = strlen(pattern->p);
	}
}

/* Does one of a string or a list of strings match? */
static bool
any_matches(const struct json *j, json_value list, const char *text,
    bool nocase)
{
	struct buf pattern;
	json_value v;
	bool found = false;
	size_t i;

	buf_init(&pattern, LIMIT_REQUEST_FILE);
	for (i = 0; !found && (v = policy_read_element(j, list, i)) !=
	    JSON_NONE; i++) {
		buf_reset(&pattern);
		if (!json_string(j, v, &pattern))
			continue;
		without_variables(&pattern);
		found = policy_read_fits(buf_view(&pattern), text, nocase);
	}
	buf_clear(&pattern);
	return found;
}

/* Action and NotAction, Resource and NotResource. */
static bool
speaks_of(const struct policy_read *p, size_t i, const char *name,
    const char *not, const char *text, bool nocase)
{
	json_value said = member(p, i, name), excepted = member(p, i, not);

	if (said != JSON_NONE)
		return any_matches(&p->json, said, text, nocase);
	return excepted != JSON_NONE &&
	    !any_matches(&p->json, excepted, text, nocase);
}

bool
policy_read_covers(const struct policy_read *p, size_t i,
    const char *action, const char *resource)
{
	return speaks_of(p, i, "Action", "NotAction", action, true) &&
	    speaks_of(p, i, "Resource", "NotResource", resource, false);
}

bool
policy_read_principal(const struct policy_read *p, size_t i, size_t k,
    struct buf *out)
{
	const struct json *j = &p->json;
	json_value kinds = member(p, i, "Principal"), kind, v;
	struct span name;
	size_t n;

	if (json_type(j, kinds) != JSON_OBJECT) {
		v = policy_read_element(j, kinds, k);
		return v != JSON_NONE && json_string(j, v, out);
	}
	for (kind = json_first(j, kinds); kind != JSON_NONE;
	    kind = json_next(j, kind)) {
		n = json_type(j, kind) == JSON_ARRAY ? json_count(j, kind) :
		    1;
		if (k >= n) {
			k -= n;
			continue;
		}
		name = json_name(j, kind);
		if (!span_is(name, "AWS")) {
			buf_add_span(out, name);
			buf_add_char(out, ':');
		}
		return json_string(j, policy_read_element(j, kind, k), out);
	}
	return false;
}

static bool
is_everybody(const struct policy_read *p, size_t i)
{
	struct buf one;
	bool found = false;
	size_t k;

	buf_init(&one, LIMIT_REQUEST_FILE);
	for (k = 0; !found && policy_read_principal(p, i, k, &one); k++) {
		found = span_is(buf_view(&one), "*");
		buf_reset(&one);
	}
	buf_clear(&one);
	return found;
}

/* No condition but that one: another would narrow the denial. */
static bool
only_without_tls(const struct policy_read *p, size_t i)
{
	const struct json *j = &p->json;
	json_value condition = member(p, i, "Condition"), test, key;

	if (json_count(j, condition) != 1)
		return false;
	test = json_first(j, condition);
	if (!span_is_nocase(json_name(j, test), "Bool") &&
	    !span_is_nocase(json_name(j, test), "BoolIfExists"))
		return false;
	if (json_count(j, test) != 1)
		return false;
	key = json_first(j, test);
	return span_is_nocase(json_name(j, key), "aws:SecureTransport") &&
	    (json_type(j, key) == JSON_FALSE ||
	    json_string_is(j, policy_read_element(j, key, 0), "false"));
}

bool
policy_read_tls_only(const struct policy_read *p, const char *bucket)
{
	struct buf objects;
	bool found = false, on_bucket = false, on_objects = false;
	size_t i;

	buf_init(&objects, 4 * LIMIT_KIB);
	buf_addf(&objects, "%s/*", bucket);
	for (i = 0; i < p->count; i++) {
		/* The whole service: a denial of some actions leaves others
		 * open. */
		if (!policy_read_denies(p, i) || !is_everybody(p, i) ||
		    !only_without_tls(p, i) || !any_matches(&p->json,
		    member(p, i, "Action"), "s3:*", true))
			continue;
		on_bucket = on_bucket || any_matches(&p->json,
		    member(p, i, "Resource"), bucket, false);
		on_objects = on_objects || any_matches(&p->json,
		    member(p, i, "Resource"), buf_string(&objects), false);
		found = on_bucket && on_objects;
	}
	buf_clear(&objects);
	return found;
}

/* The account of an ARN or the digits themselves; "*" when there is none. */
static void
account_of(struct span principal, char account[13])
{
	if (arn_account(principal, account))
		return;
	if (arn_account_valid(principal))
		snprintf(account, 13, "%.12s", principal.p);
	else
		snprintf(account, 13, "*");
}

static struct policy_read_grant *
grant_of(struct policy_read_grants *g, struct span principal)
{
	struct policy_read_grant *items;
	size_t i;

	for (i = 0; i < g->count; i++)
		if (span_equal(buf_view(&g->items[i].principal), principal))
			return &g->items[i];
	items = realloc(g->items, (g->count + 1) * sizeof *items);
	if (items == NULL)
		return NULL;
	g->items = items;
	memset(&items[g->count], 0, sizeof *items);
	buf_init(&items[g->count].principal, LIMIT_REQUEST_FILE);
	buf_add_span(&items[g->count].principal, principal);
	return &items[g->count++];
}

static void
note_grant(const struct policy_read *p, size_t i, const char *bucket,
    const char *object, struct policy_read_grant *g)
{
	bool list = policy_read_covers(p, i, "s3:ListBucket", bucket);
	bool get = policy_read_covers(p, i, "s3:GetObject", object);
	bool put = policy_read_covers(p, i, "s3:PutObject", object);
	bool delete = policy_read_covers(p, i, "s3:DeleteObject", object);

	g->list = g->list || list;
	g->get = g->get || get;
	g->put = g->put || put;
	g->delete = g->delete || delete;
	if ((list || get || put || delete) && policy_read_conditional(p, i))
		g->conditional = true;
}

int
policy_read_grants(const struct policy_read *p, const char *bucket,
    const char *tree, struct policy_read_grants *out, struct err *err)
{
	struct policy_read_grant *g;
	struct buf principal, object;
	char account[13];
	size_t i, k;

	memset(out, 0, sizeof *out);
	buf_init(&principal, LIMIT_REQUEST_FILE);
	buf_init(&object, LIMIT_REQUEST_FILE);
	for (i = 0; i < p->count; i++) {
		if (policy_read_denies(p, i))
			continue;
		for (k = 0; policy_read_principal(p, i, k, &principal);
		    k++) {
			account_of(buf_view(&principal), account);
			buf_reset(&object);
			buf_addf(&object, "%s/%s%s/2026-01/full-data"
			    KEY_EXTENSION, bucket, tree, account);
			if ((g = grant_of(out, buf_view(&principal))) != NULL)
				note_grant(p, i, bucket, buf_string(&object),
				    g);
			else
				err_memory(err);
			buf_reset(&principal);
		}
	}
	buf_clear(&principal);
	buf_clear(&object);
	return err->class == ERR_NONE ? 0 : -1;
}

void
policy_read_grants_clear(struct policy_read_grants *g)
{
	size_t i;

	for (i = 0; i < g->count; i++)
		buf_clear(&g->items[i].principal);
	free(g->items);
	memset(g, 0, sizeof *g);
}
