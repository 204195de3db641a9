#include "diag/policy_grant.h"

#include <string.h>

#include "aws/arn.h"

static bool
are_accounts(struct span list)
{
	struct span one;

	do {
		bool more = span_split(list, ',', &one, &list);

		if (!arn_account_valid(one) || (more && list.n == 0))
			return false;
	} while (list.n > 0);
	return true;
}

/* arn:PARTITION:iam|sts:[REGION]:ACCOUNT:WHAT, of characters that names in
 * IAM are made of. */
static bool
is_principal(struct span s)
{
	struct span rest = s, word[5];
	size_t i;

	if (arn_account_valid(s))
		return true;
	for (i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >
		    '~' || strchr("*?\"'\\$`{}<>", s.p[i]) != NULL)
			return false;
	for (i = 0; i < 5; i++)
		if (!span_split(rest, ':', &word[i], &rest))
			return false;
	return span_is(word[0], "arn") && word[1].n > 0 &&
	    (span_is(word[2], "iam") || span_is(word[2], "sts")) &&
	    word[4].n > 0 && rest.n > 0;
}

int
policy_grant_parse(const char *text, bool writes, struct policy_grant *out,
    struct err *err)
{
	/* The names of roles may hold a '=' themselves. */
	const char *at = strrchr(text, '=');
	struct policy_grant grant = { .principal = span_of(text),
		.writes = writes };

	if (at != NULL && are_accounts(span_of(at + 1))) {
		grant.principal = span_make(text, (size_t)(at - text));
		grant.accounts = span_of(at + 1);
	} else if (writes) {
		return err_set(err, ERR_USAGE, "'%s' does not end in '=' and "
		    "account ids (twelve digits, commas between)", text);
	}
	if (!is_principal(grant.principal)) {
		err_set(err, ERR_USAGE, "'%.*s' is neither an account id nor "
		    "the ARN of a user or role", (int)grant.principal.n,
		    grant.principal.p);
		err_hint(err, "an example: arn:aws:iam::123456789012:role/"
		    "cost-warmer=123456789012");
		return -1;
	}
	*out = grant;
	return 0;
}

int
policy_grant_check(const struct policy_grant *grants, size_t count,
    struct err *err)
{
	size_t i, j;

	for (i = 0; i < count; i++)
		for (j = 0; j < i; j++)
			if (grants[i].writes == grants[j].writes &&
			    span_equal(grants[i].principal,
			    grants[j].principal))
				return err_set(err, ERR_USAGE, "'%.*s' is "
				    "named twice: give all its accounts at "
				    "once, with commas between",
				    (int)grants[i].principal.n,
				    grants[i].principal.p);
	return 0;
}
