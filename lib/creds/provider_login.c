#include "creds/provider.h"

#include "creds/login_session.h"
#include "creds/refusal.h"

static enum provider_outcome
resolve(struct provider_input *input, struct keys *keys, struct err *err)
{
	struct profile_value value = provider_value(input, "login_session");

	if (value.text == NULL)
		return provider_say(input, "profile '%s' has no login_session",
		    input->settings->profile);
	provider_say(input, "profile '%s' has login_session ('%s' line %u)",
	    input->settings->profile, value.file, value.line);
	if (login_session_keys(input, value.text, keys, err) == 0)
		return PROVIDER_KEYS;
	err_context(err, "the login session of profile '%s'",
	    input->settings->profile);
	return refusal(input, err);
}

const struct provider provider_login = { "login", resolve };
