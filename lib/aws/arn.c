#include "aws/arn.h"

#include <string.h>

#define ACCOUNT_LENGTH 12

bool
arn_account_valid(struct span account)
{
	size_t i;

	for (i = 0; i < account.n; i++)
		if (account.p[i] < '0' || account.p[i] > '9')
			return false;
	return account.n == ACCOUNT_LENGTH;
}

bool
arn_account(struct span arn, char account[13])
{
	struct span rest = arn, field;
	int i;

	/* arn:PARTITION:SERVICE:REGION:ACCOUNT:... */
	if (!span_starts(rest, "arn:"))
		return false;
	for (i = 0; i < 5; i++)
		if (!span_split(rest, ':', &field, &rest) && i < 4)
			return false;
	if (!arn_account_valid(field))
		return false;
	memcpy(account, field.p, ACCOUNT_LENGTH);
	account[ACCOUNT_LENGTH] = '\0';
	return true;
}
