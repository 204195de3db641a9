#include "creds/provider.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "aws/errors.h"
#include "base/date.h"
#include "base/limits.h"
#include "codec/json.h"
#include "codec/uri.h"
#include "creds/keys_json.h"
#include "creds/metadata.h"
#include "creds/refusal.h"
#include "sys/file.h"

#define RELATIVE "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
#define FULL "AWS_CONTAINER_CREDENTIALS_FULL_URI"
#define TOKEN "AWS_CONTAINER_AUTHORIZATION_TOKEN"
#define TOKEN_FILE "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"

/* ECS's agent. */
#define ECS "http://169.254.170.2"

#define TIMEOUT_MS 2000
#define ATTEMPTS 3
#define PAUSE_MS 1000

/* Where plain http may go besides loopback: the agents of ECS and EKS. */
static const char *const agents[] = {
	"169.254.170.2", "169.254.170.23", "fd00:ec2::23"
};

/* The same address, however it is written? */
static bool
same_address(const char *a, const char *b)
{
	unsigned char one[16], two[16];
	int family = strchr(b, ':') != NULL ? AF_INET6 : AF_INET;
	size_t n = family == AF_INET6 ? 16 : 4;

	return inet_pton(family, a, one) == 1 &&
	    inet_pton(family, b, two) == 1 && memcmp(one, two, n) == 0;
}

static bool
may_be_plain(const struct uri *uri)
{
	char host[64];
	size_t i;

	if (uri->host_is_loopback)
		return true;
	if (!span_copy(uri->host, host, sizeof host))
		return false;
	for (i = 0; i < sizeof agents / sizeof agents[0]; i++) {
		if (same_address(host, agents[i]))
			return true;
	}
	return false;
}

/* The URL that the variables mean; *variable is the one that decided. */
static int
read_url(const struct env *env, struct buf *url, const char **variable,
    struct err *err)
{
	const char *relative = env_value(env, RELATIVE);
	struct uri uri;

	*variable = relative != NULL ? RELATIVE : FULL;
	if (relative != NULL && relative[0] != '/')
		return err_set(err, ERR_CREDENTIALS,
		    "%s does not begin with '/'", RELATIVE);
	buf_addf(url, "%s%s", relative != NULL ? ECS : "",
	    relative != NULL ? relative : env_value(env, FULL));
	if (buf_check(url, *variable, err) != 0)
		return -1;
	if (uri_parse(&uri, buf_view(url), err) != 0) {
		err_context(err, "%s", *variable);
		return -1;
	}
	if (uri.https || may_be_plain(&uri))
		return 0;
	err_set(err, ERR_CREDENTIALS, "%s is plain http to '%.*s', which the "
	    "SDKs allow to this machine and to the agents of ECS and EKS only",
	    FULL, (int)uri.host.n, uri.host.p);
	err_hint(err, "write it with https, or take a host out of loopback, "
	    "169.254.170.2, 169.254.170.23 and [fd00:ec2::23]");
	return -1;
}

/* Read anew each time: EKS replaces the file. */
static int
read_token(const struct provider_input *input, struct buf *token,
    struct err *err)
{
	const char *path = env_value(input->settings->env, TOKEN_FILE);
	const char *text = env_value(input->settings->env, TOKEN);
	const char *variable = path != NULL ? TOKEN_FILE : TOKEN;
	enum file_found found;
	size_t i;

	if (path != NULL) {
		found = file_read(path, token, err);
		if (found == FILE_ABSENT)
			err_set(err, ERR_CREDENTIALS, "%s: there is no file "
			    "'%s'", variable, path);
		else if (found == FILE_ERROR)
			err_context(err, "%s", variable);
		if (found != FILE_READ)
			return -1;
	} else if (text != NULL) {
		buf_add_string(token, text);
	}
	if (buf_check(token, variable, err) != 0)
		return -1;
	/* An editor's line end, which botocore stumbles over. */
	while (token->n > 0 && (token->p[token->n - 1] == '\n' ||
	    token->p[token->n - 1] == '\r'))
		token->p[--token->n] = '\0';
	for (i = 0; i < token->n; i++) {
		if ((unsigned char)token->p[i] >= 0x20 &&
		    token->p[i] != 0x7f)
			continue;
		return err_set(err, ERR_CREDENTIALS, "the token of %s has a "
		    "line end or another control character in it", variable);
	}
	return 0;
}

/* What the agent says instead of keys. */
static int
set_refused(const char *url, const struct http_response *response,
    struct err *err)
{
	struct errors_report report;
	int n;

	errors_read(ERRORS_OTHER, response, &report);
	n = report.aws ? (int)strlen(report.message) : 0;
	err_set(err, ERR_CREDENTIALS, "'%s' answers with status %d%s%.*s",
	    url, response->status, n > 0 ? ": " : "", n, report.message);
	if (report.aws)
		err_code(err, report.code);
	return -1;
}

static int
read_answer(const struct provider_input *input, const char *url,
    const struct http_response *response, struct keys *keys,
    struct err *err)
{
	static const struct keys_json names = { .where = "the answer",
	    .id = "AccessKeyId", .secret = "SecretAccessKey",
	    .token = "Token", .expiration = "Expiration",
	    .account = "AccountId" };
	struct json j = { 0 };
	char when[DATE_ROOM];
	int result = -1;

	if (response->status != 200)
		return set_refused(url, response, err);
	if (json_parse(&j, span_trim(buf_view(&response->body)), 0,
	    err) != 0) {
		err_context(err, "the answer is not JSON");
	} else if (keys_json_read(&names, &j, 0, keys, err) == 0) {
		result = 0;
		if (keys->expires_at != 0 && input->now != 0 &&
		    input->now >= keys->expires_at) {
			date_format_rfc3339(keys->expires_at, when);
			result = err_set(err, ERR_CREDENTIALS,
			    "the answer has keys that expired at %s", when);
		}
	}
	if (result != 0)
		err_context(err, "'%s'", url);
	json_clear(&j);
	return result;
}

static int
fetch(struct provider_input *input, const char *url, const char *token,
    struct keys *keys, struct err *err)
{
	struct http_field fields[2] = {
		{ "accept", "application/json" }, { "authorization", token }
	};
	struct metadata_request request = { .method = "GET", .url = url,
	    .fields = fields, .field_count = token[0] != '\0' ? 2 : 1,
	    .timeout_ms = TIMEOUT_MS, .attempts = ATTEMPTS,
	    .pause_ms = PAUSE_MS };
	struct http_response response;
	int result = -1;

	if (input->settings->call == NULL)
		return err_set(err, ERR_CREDENTIALS, "there is no network");
	http_response_init(&response);
	if (metadata_send(input->settings->call, &request, &response,
	    err) == HTTP_OK)
		result = read_answer(input, url, &response, keys, err);
	http_response_clear(&response);
	return result;
}

static enum provider_outcome
resolve(struct provider_input *input, struct keys *keys, struct err *err)
{
	const struct env *env = input->settings->env;
	enum provider_outcome outcome = PROVIDER_KEYS;
	const char *variable = NULL;
	struct buf url, token;

	if (env_value(env, RELATIVE) == NULL && env_value(env, FULL) == NULL)
		return provider_say(input, "neither " RELATIVE " nor " FULL
		    " is set");
	buf_init(&url, LIMIT_HEADER_BLOCK);
	buf_init_secret(&token, LIMIT_TOKEN);
	if (read_url(env, &url, &variable, err) != 0 ||
	    read_token(input, &token, err) != 0 ||
	    fetch(input, buf_string(&url), buf_string(&token), keys,
	    err) != 0) {
		provider_say(input, "%s is set", variable);
		err_context(err, "cannot get the container's credentials");
		/* The transport's would be about proxies, which are not used. */
		if (err->hint[0] == '\0' || err->class == ERR_NETWORK)
			err_hint(err, "the agent that %s names must run beside "
			    "this program; unset the variable to use other "
			    "credentials", variable);
		outcome = refusal(input, err);
	} else {
		provider_say(input, "%s", variable);
	}
	buf_clear(&url);
	buf_clear(&token);
	return outcome;
}

const struct provider provider_container = { "container", resolve };
