#include "cmd/topic.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "cache/config.h"
#include "cmd/command.h"
#include "cmd/wrap.h"

static const struct topic_variable variables[] = {
	{ "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN",
	    "credentials; they come before those of AWS_PROFILE, and after "
	    "those of --profile" },
	{ "AWS_CREDENTIAL_EXPIRATION, AWS_ACCOUNT_ID", "when these keys end, "
	    "and the account that they belong to" },
	{ "AWS_PROFILE, AWS_DEFAULT_PROFILE",
	    "the profile, where --profile is not given" },
	{ "AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, "
	    "AWS_LOGIN_CACHE_DIRECTORY",
	    "the AWS tools' files, where they are not in ~/.aws" },
	{ "AWS_ROLE_ARN, AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_SESSION_NAME",
	    "a role to assume with the token of an identity provider (EKS "
	    "sets them)" },
	{ "TEAMCACHE_WEB_IDENTITY_TOKEN, GITLAB_OIDC_TOKEN, "
	    "BITBUCKET_STEP_OIDC_TOKEN, CIRCLE_OIDC_TOKEN_V2, "
	    "CIRCLE_OIDC_TOKEN",
	    "such a token itself, for AWS_ROLE_ARN; the first one counts" },
	{ "ACTIONS_ID_TOKEN_REQUEST_URL, ACTIONS_ID_TOKEN_REQUEST_TOKEN",
	    "where a job on GitHub gets one, for AWS_ROLE_ARN" },
	{ "TEAMCACHE_MFA_CODE", "as --mfa-code" },
	{ "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, "
	    "AWS_CONTAINER_CREDENTIALS_FULL_URI, "
	    "AWS_CONTAINER_AUTHORIZATION_TOKEN, "
	    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
	    "the agent of ECS or of EKS Pod Identity (they set them)" },
	{ "AWS_EC2_METADATA_DISABLED, AWS_EC2_METADATA_V1_DISABLED",
	    "true: do not ask EC2's metadata service, or its version 2 only" },
	{ "AWS_EC2_METADATA_SERVICE_ENDPOINT, "
	    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE, "
	    "AWS_METADATA_SERVICE_TIMEOUT, AWS_METADATA_SERVICE_NUM_ATTEMPTS",
	    "where it is, IPv4 or IPv6, seconds to wait, attempts" },
	{ "CI", "set: fetched keys stay in memory (credential_cache), and "
	    "entries name the job (refreshed_by)" },
	{ "GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, CI_JOB_URL, "
	    "BUILDKITE_BUILD_URL, BUILDKITE_JOB_ID, CIRCLE_BUILD_URL, "
	    "BITBUCKET_REPO_FULL_NAME, BITBUCKET_BUILD_NUMBER, BUILD_URL",
	    "the job's URL" },
	{ "AWS_REGION, AWS_DEFAULT_REGION",
	    "STS's region, and the bucket's where nothing else names it" },
	{ "AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL_STS, "
	    "AWS_ENDPOINT_URL_COST_EXPLORER, AWS_ENDPOINT_URL_SSO, "
	    "AWS_ENDPOINT_URL_SSO_OIDC, AWS_ENDPOINT_URL_SIGNIN, "
	    "AWS_ENDPOINT_URL_IAM, AWS_ENDPOINT_URL_KMS",
	    "send requests, or those to one service, to this address" },
	{ "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
	    "true: these addresses, and those of the profile, do not count" },
	{ "AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT",
	    "true: use AWS's FIPS (dual-stack) hosts" },
	{ "AWS_STS_REGIONAL_ENDPOINTS, AWS_S3_US_EAST_1_REGIONAL_ENDPOINT",
	    "legacy: use the global host instead of the region's" },
	{ "AWS_MAX_ATTEMPTS", "as --max-attempts" },
	{ "AWS_RETRY_MODE", "standard, adaptive or legacy; all of them mean "
	    "standard here" },
	{ "AWS_DEFAULTS_MODE", "how long connecting may take, and TLS after "
	    "it: in-region 1.1 s, mobile 30 s, standard and any other 3.1 s" },
	{ "AWS_SDK_UA_APP_ID", "a word for the User-Agent" },
	{ "AWS_CA_BUNDLE, SSL_CERT_FILE",
	    "a PEM file with the only certificate authorities to trust" },
	{ "HTTPS_PROXY, ALL_PROXY, NO_PROXY",
	    "proxies, as curl reads them; in lower case too, http_proxy in "
	    "lower case only" },
	{ "TEAMCACHE_DIR", "the local cache "
	    "(${XDG_CACHE_HOME:-~/.cache}/teamcache)" },
	{ "TEAMCACHE_STATE_DIR", "what is remembered between runs "
	    "(${XDG_STATE_HOME:-~/.local/state}/teamcache)" },
	{ "NO_COLOR", "as --color never" },
	{ "LC_ALL, LC_CTYPE, LANG, TERM", "whether more than ASCII can be "
	    "shown (UTF-8), and colour" },
	{ "COLUMNS", "how wide tables and charts may be" },
	{ "GITHUB_ACTIONS", "true: warnings and errors are shown at the job, "
	    "too" },
	{ "GITHUB_STEP_SUMMARY, GITHUB_OUTPUT", "the files of "
	    "--github-summary and --github-output" },
};

const struct topic_variable *
topic_variable(size_t i)
{
	return i < sizeof variables / sizeof variables[0] ? &variables[i] :
	    NULL;
}

const char *
topic_status_meaning(int status)
{
	int class;

	for (class = 0; class < ERR_CLASS_COUNT; class++)
		if (err_status((enum err_class)class) == status)
			return err_class_info((enum err_class)class)->meaning;
	return NULL;
}

/* Can any command end so? */
static bool
occurs(int status)
{
	const struct command *command;
	const int *s;
	size_t i;

	for (i = 0; (command = command_at(i)) != NULL; i++)
		for (s = command->statuses; *s >= 0; s++)
			if (*s == status)
				return true;
	return false;
}

bool
topic_status(size_t i, struct topic_status *out)
{
	int class;

	/* The classes stand in the order of their statuses. */
	for (class = 0; class < ERR_CLASS_COUNT; class++) {
		out->status = err_status((enum err_class)class);
		if (!occurs(out->status) || i-- > 0)
			continue;
		out->meaning = topic_status_meaning(out->status);
		return true;
	}
	return false;
}

static void
print_statuses(struct output *o)
{
	struct topic_status status;
	char label[16];
	size_t i;

	wrap_text(o, "How teamcache ends, the same with --json as without. "
	    "A closed pipe ends it by SIGPIPE, as usual (141 in a shell).",
	    0, 0);
	output_text(o, "\n");
	for (i = 0; topic_status(i, &status); i++) {
		if (snprintf(label, sizeof label, "%3d", status.status) < 0)
			continue;
		wrap_item(o, label, 7, status.meaning);
	}
}

static void
print_settings(struct output *o)
{
	const struct config_spec *spec;
	char text[512];
	size_t i;
	int n;

	wrap_text(o, "Settings stand in "
	    "${XDG_CONFIG_HOME:-~/.config}/teamcache/config, in a section "
	    "[default] for everybody and [profile NAME] for one AWS profile, "
	    "as lines 'name = value'. Each is also an environment variable "
	    "(TEAMCACHE_TTL for ttl). An option comes before the "
	    "environment, this before the profile's section, this before "
	    "[default], this before the built-in value, which is given in "
	    "brackets.", 0, 0);
	output_text(o, "\n");
	for (i = 0; i < CONFIG_COUNT; i++) {
		spec = config_spec((enum config_id)i);
		n = snprintf(text, sizeof text, "%s%s%s%s%s%s", spec->help,
		    spec->choices == NULL ? "" : "; ",
		    spec->choices == NULL ? "" : spec->choices,
		    spec->fallback == NULL ? "" : " [",
		    spec->fallback == NULL ? "" : spec->fallback,
		    spec->fallback == NULL ? "" : "]");
		assert(n > 0 && (size_t)n < sizeof text);
		wrap_item(o, spec->name, 28, text);
	}
}

static void
print_environment(struct output *o)
{
	size_t i;

	wrap_text(o, "Every setting is an environment variable too: "
	    "TEAMCACHE_ and its name in capitals ('teamcache help settings'). "
	    "An empty variable counts as unset. Others are:", 0, 0);
	for (i = 0; topic_variable(i) != NULL; i++) {
		output_text(o, "\n");
		wrap_text(o, topic_variable(i)->names, 2, 0);
		wrap_text(o, topic_variable(i)->meaning, 6, 0);
	}
}

static void
print_members(struct output *o)
{
	const struct topic_member *member;
	const char *group = NULL;
	size_t i;

	wrap_text(o, TOPIC_MEMBERS, 0, 0);
	for (i = 0; (member = topic_member(i)) != NULL; i++) {
		if (group == NULL || strcmp(group, member->group) != 0)
			output_format(o, "\nOf %s\n", member->group);
		group = member->group;
		wrap_item(o, member->path, 36, member->meaning);
	}
}

static const struct topic topics[] = {
	{ "exit-statuses", "what each exit status means", print_statuses },
	{ "settings", "what can be set, and where", print_settings },
	{ "environment", "the variables that are read", print_environment },
	{ "json", "the members of what --json prints", print_members },
};

const struct topic *
topic_at(size_t i)
{
	return i < sizeof topics / sizeof topics[0] ? &topics[i] : NULL;
}
