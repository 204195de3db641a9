#include "cache/account.h"

#include <stdio.h>
#include <string.h>

#include "aws/arn.h"
#include "aws/sts.h"

static bool
copy_account(const char *text, char account[13])
{
	if (text == NULL || !arn_account_valid(span_of(text)))
		return false;
	memcpy(account, text, 13);
	return true;
}

/* What the profile itself says, without asking anybody. */
static bool
profile_account(struct session *s, char account[13])
{
	struct profile_value value = profile_get(s->files, s->set.profile,
	    "role_arn", NULL);

	/* Static keys in the environment beat AWS_PROFILE. */
	if (!s->set.profile_option &&
	    env_value(s->set.env, "AWS_ACCESS_KEY_ID") != NULL)
		return false;
	if (value.text != NULL)
		return arn_account(span_of(value.text), account);
	value = profile_get(s->files, s->set.profile, "sso_account_id", NULL);
	return copy_account(value.text, account);
}

/*
 * AWS_ACCOUNT_ID, aws_account_id and a process's AccountId name an account,
 * they do not prove it; what STS, SSO and the metadata endpoints say does.
 */
static bool
only_claimed(const struct session *s)
{
	static const char *const providers[] = { "environment", "profile",
	    "process" };
	size_t i;

	for (i = 0; i < sizeof providers / sizeof providers[0]; i++)
		if (strcmp(chain_provider(s->chain), providers[i]) == 0)
			return true;
	return false;
}

/* The account behind the keys: known with them, remembered, or asked. */
static int
account_of_keys(struct session *s, bool proof, char account[13],
    struct err *err)
{
	const struct keys *keys;
	struct sts_identity identity;
	struct endpoint endpoint;

	if (s->proved_account[0] != '\0') {
		memcpy(account, s->proved_account, 13);
		return 0;
	}
	if (session_network(s, err) != 0 ||
	    chain_keys(s->chain, false, &keys, err) != 0)
		return -1;
	if ((!proof || !only_claimed(s)) &&
	    copy_account(keys->account_id, account))
		return 0;
	if (memo_get(session_memo(s), MEMO_ACCOUNT, keys->access_key_id,
	    account, 13) && arn_account_valid(span_of(account)))
		return 0;
	if (s->set.offline)
		return err_set(err, ERR_NO_DATA, "it is not known which "
		    "account the keys belong to, and --offline asks nobody");
	if (session_endpoint(s, ENDPOINT_STS, &endpoint, err) != 0)
		return -1;
	log_step(s->set.log, "asking STS whose keys these are");
	if (sts_get_caller_identity(&s->call, &endpoint, &s->keys, &identity,
	    err) != 0) {
		err_context(err, "cannot tell which account the keys "
		    "belong to");
		return -1;
	}
	if (!copy_account(identity.account, account))
		return err_set(err, ERR_DATA,
		    "STS answered with '%s', which is no account id",
		    identity.account);
	memcpy(s->proved_account, account, 13);
	/* The keys may have been renewed by the call. */
	if (chain_keys(s->chain, false, &keys, err) != 0)
		return -1;
	memo_set(session_memo(s), MEMO_ACCOUNT, keys->access_key_id, account);
	return 0;
}

int
account_name(struct session *s, char account[13], struct err *err)
{
	if (copy_account(config_text(s->set.config, CONFIG_ACCOUNT_ID),
	    account))
		return 0;
	if (profile_account(s, account))
		return 0;
	if (account_of_keys(s, false, account, err) == 0)
		return 0;
	/* A setting that cannot be used is to be mended first. */
	if (err->hint[0] == '\0' && err->class != ERR_USAGE)
		err_hint(err, "name the account with --account ID, or with "
		    "account_id in the settings file, and no credentials are "
		    "needed for a local hit");
	return -1;
}

int
account_prove(struct session *s, const char *account, struct err *err)
{
	char theirs[13];

	if (account_of_keys(s, true, theirs, err) != 0)
		return -1;
	if (strcmp(theirs, account) == 0)
		return 0;
	err_set(err, ERR_USAGE,
	    "the credentials belong to account '%s', the entry to '%s': "
	    "nobody stores one account's figures under another's key",
	    theirs, account);
	err_hint(err, "use the profile of account %s, or --account %s",
	    account, theirs);
	return -1;
}
