#ifndef TESTS_SSO_WORLD_H
#define TESTS_SSO_WORLD_H

#include "creds/provider.h"
#include "fake_provider.h"

/* Profiles that sign in by SSO, the tokens that a sign-in leaves, and what the
 * two services answer. */

/* SHA-1 of "my-sso", of "https://acme.awsapps.com/start" and of ".../start/". */
#define MODERN_FILE ".aws/sso/cache/0ad374308c5a4e22f723adf10145eafad7c4031c.json"
#define LEGACY_FILE ".aws/sso/cache/40169cea58ca6cbf23fb27b2542923fb5f524af0.json"
#define SLASH_FILE ".aws/sso/cache/520d081ff744622a81286dc87e136c6485c7253f.json"

#define SESSION \
	"[sso-session my-sso]\nsso_start_url = https://acme.awsapps.com/start\n" \
	"sso_region = eu-west-1\n"
#define MODERN "[profile p]\nsso_session = my-sso\n" \
	"sso_account_id = 123456789012\nsso_role_name = Read Only\n" SESSION
#define LEGACY "[profile p]\nsso_start_url = https://acme.awsapps.com/start\n" \
	"sso_region = eu-west-1\nsso_account_id = 123456789012\n" \
	"sso_role_name = Read Only\n"

#define TOKEN(end) \
	"{\"startUrl\": \"https://acme.awsapps.com/start\", " \
	"\"region\": \"eu-west-1\", \"accessToken\": \"bearer-1\", " \
	"\"expiresAt\": \"" end "\"}"
#define RENEWABLE(end, registered) \
	"{\"startUrl\": \"https://acme.awsapps.com/start\", " \
	"\"region\": \"eu-west-1\", \"accessToken\": \"bearer-1\", " \
	"\"expiresAt\": \"" end "\", \"clientId\": \"client\", " \
	"\"clientSecret\": \"quiet-1\", \"registrationExpiresAt\": \"" \
	registered "\", \"refreshToken\": \"again-1\"}"

#define LATER "2026-01-02T09:00:00Z"
#define SOON "2026-01-02T03:10:00Z"	/* six minutes */
#define SOONER "2026-01-02T03:19:04Z"	/* a second less than fifteen */
#define AMPLE "2026-01-02T03:19:06Z"	/* a second more */
#define OVER "2026-01-02T03:00:00Z"

#define OK_KEYS { .status = 200, .body = "{\"roleCredentials\":{" \
	"\"accessKeyId\":\"ASIASSO\",\"secretAccessKey\":\"wJalr/s\"," \
	"\"sessionToken\":\"tok/s==\",\"expiration\":1767344400000}}" }
#define OK_TOKEN { .status = 200, .body = "{\"accessToken\":\"bearer-2\"," \
	"\"expiresIn\":28800,\"refreshToken\":\"again-2\"," \
	"\"tokenType\":\"Bearer\"}" }
#define REFUSED(code, type) { .status = code, \
	.fields = "x-amzn-errortype: " type "\nx-amzn-requestid: r-1\n", \
	.body = "{\"message\":\"No access\"}" }
#define OIDC(code, error) { .status = code, \
	.body = "{\"error\":\"" error "\",\"error_description\":\"Over\"}" }

static struct fake_provider f;

static inline void
forget(void)
{
	fake_provider_file(&f, MODERN_FILE, NULL);
	fake_provider_file(&f, LEGACY_FILE, NULL);
	fake_provider_file(&f, "state/refresh/sso-"
	    "0ad374308c5a4e22f723adf10145eafad7c4031c.failed", NULL);
}

#endif
