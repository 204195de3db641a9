#ifndef AWS_ARN_H
#define AWS_ARN_H

#include <stdbool.h>

#include "base/span.h"

/* Account ids, and the ARNs that hold them. Pure. */

/* Is it an account id, twelve digits? */
bool arn_account_valid(struct span account);

/* The account inside an ARN ("arn:aws:iam::123456789012:role/x"); false when
 * it holds none. */
bool arn_account(struct span arn, char account[13]);

#endif
