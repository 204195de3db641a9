#include "diag/exam.h"

#include <stdio.h>
#include <string.h>

#include "aws/sts.h"
#include "base/date.h"
#include "base/limits.h"
#include "cache/account.h"
#include "cache/key.h"
#include "cache/variable.h"
#include "diag/remedy_trust.h"
#include "net/proxy.h"
#include "net/redact.h"

#define UNREAD "ignored, as teamcache knows no such variable: "

/* Keys of the environment win over AWS_PROFILE: the most frequent surprise. */
static bool
shadowed(const struct session *s)
{
	return !s->set.profile_option &&
	    env_value(s->set.env, "AWS_PROFILE") != NULL &&
	    env_value(s->set.env, "AWS_ACCESS_KEY_ID") != NULL;
}

static void
tell_proxy(const struct session *s, struct check_result *r)
{
	const char *proxy = proxy_url(s->set.env, true);
	struct buf shown;

	if (proxy[0] == '\0')
		return;
	buf_init(&shown, 4096);
	redact_url(span_of(proxy), &shown);
	check_detail(r, "https goes by the proxy %s; directly to: %s",
	    buf_string(&shown), proxy_exceptions(s->set.env)[0] == '\0' ?
	    "nobody" : proxy_exceptions(s->set.env));
	buf_clear(&shown);
}

/* A misspelt variable may be the cause of whatever else is wrong. */
static int
tell_unread(const struct session *s, struct check_result *r, struct err *err)
{
	struct buf names;
	size_t count;
	int result;

	buf_init(&names, 4 * LIMIT_KIB);
	count = variable_unread(s->set.env, &names);
	result = buf_check(&names, "the names of variables", err);
	if (result == 0 && count > 0 && r->status != CHECK_PASS) {
		check_detail(r, UNREAD "%s", buf_string(&names));
	} else if (result == 0 && count > 0) {
		check_detail(r, "%s", buf_string(&r->summary));
		check_set(r, CHECK_WARN, UNREAD "%s", buf_string(&names));
		check_fix(r, "unset it, or give it the name that it has in "
		    "'teamcache help settings' or 'teamcache help "
		    "environment'");
	}
	buf_clear(&names);
	return result;
}

static void
tell_settings(const struct exam *e, struct check_result *r)
{
	const struct session *s = e->s;

	if (e->rq.settings->class != ERR_NONE) {
		check_set(r, CHECK_FAIL, "%s", e->rq.settings->message);
		if (e->rq.settings->hint[0] != '\0')
			check_fix(r, "%s", e->rq.settings->hint);
		return;
	}
	tell_proxy(s, r);
	if (shadowed(s)) {
		check_set(r, CHECK_WARN, "AWS_ACCESS_KEY_ID in the environment "
		    "wins over AWS_PROFILE=%s: the profile is not used",
		    s->set.profile);
		check_fix(r, "unset AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY "
		    "and AWS_SESSION_TOKEN, or name the profile with "
		    "--profile %s", s->set.profile);
		return;
	}
	check_set(r, CHECK_PASS, "profile '%s', %s%s%s%s%s", s->set.profile,
	    s->bucket == NULL ? "no bucket: " : "bucket '",
	    s->bucket == NULL ? s->team_cache_why : s->bucket,
	    s->bucket == NULL ? "" : "'",
	    s->s3_endpoint == NULL ? "" : ", S3 at ",
	    s->s3_endpoint == NULL ? "" : s->s3_endpoint);
}

int
exam_environment(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct exam *e = state;

	(void)entry;
	tell_settings(e, r);
	return tell_unread(e->s, r, err);
}

/* Where the keys come from, and what was passed over. */
static void
tell_trace(const struct exam *e, struct check_result *r)
{
	static const char *const words[] = { [CHAIN_SKIPPED] = "passed over",
		[CHAIN_USED] = "used", [CHAIN_FAILED] = "failed" };
	const struct chain *chain = e->s->chain;
	size_t i, n = chain == NULL ? 0 : chain_steps(chain);

	for (i = 0; i < n; i++) {
		struct chain_step step = chain_step(chain, i);

		check_detail(r, "%s, %s: %s", step.provider,
		    words[step.result], step.reason);
	}
}

/* The chain's hint ends with the trace, which is told anyway. */
static int
hint_length(const char *hint)
{
	const char *trace = strstr(hint, "; what was tried");

	return trace == NULL ? (int)strlen(hint) : (int)(trace - hint);
}

/* A job's token was not let in: the conditions that it meets. */
static void
tell_trust(const struct exam *e, const char *role, struct check_result *r)
{
	const char *claims = strstr(e->credentials.hint, "the token says: ");
	struct remedy remedy;

	if (claims == NULL || role == NULL)
		return;
	remedy_init(&remedy);
	remedy_trust_token(role, claims, &remedy);
	if (remedy.text.n > 0) {
		buf_addf(&r->fix.text, "%s%s", r->fix.text.n > 0 ? "; " : "",
		    buf_string(&remedy.text));
		buf_add_span(&r->fix.policy, buf_view(&remedy.policy));
		buf_add_span(&r->fix.command, buf_view(&remedy.command));
	}
	remedy_clear(&remedy);
}

static int
no_keys(struct exam *e, struct check_result *r, struct err *err)
{
	struct profile_value role = profile_get(e->s->files,
	    e->s->set.profile, "role_arn", NULL);
	const char *hint = e->credentials.hint;
	const char *claims = strstr(hint, "the token says: ");
	const char *role_set = e->s->set.profile_option ? NULL :
	    env_value(e->s->set.env, "AWS_ROLE_ARN");
	struct exam_refusal refusal = {
		.err = &e->credentials, .service = ERRORS_STS,
		.action = "sts:AssumeRole", .resource = role.text,
	};
	int result;

	if (strncmp(e->credentials.code, "AccessDenied", 12) != 0)
		refusal.action = NULL;
	result = exam_role_refused(e, &refusal, r, err);
	/* The provider's own advice names the exact command. */
	if (claims != NULL && r->fix.text.n > 0)
		buf_addf(&r->fix.text, "; %s", claims);
	else if (hint[0] != '\0' && !r->denial.given)
		check_fix(r, "%.*s", hint_length(hint), hint);
	else if (hint[0] != '\0')
		check_detail(r, "%s", hint);
	tell_trust(e, role_set != NULL ? role_set : role.text, r);
	tell_trace(e, r);
	return result;
}

int
exam_credentials(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct exam *e = state;
	struct session *s = e->s;
	char until[DATE_ROOM] = "";

	(void)entry;
	if (session_network(s, &e->credentials) != 0 ||
	    chain_keys(s->chain, false, &e->keys, &e->credentials) != 0) {
		e->keys = NULL;
		if (exam_is_over(&e->credentials)) {
			*err = e->credentials;
			check_set(r, CHECK_FAIL, "%s", err->message);
			return -1;
		}
		return no_keys(e, r, err);
	}
	if (e->keys->expires_at != 0)
		date_format_rfc3339(e->keys->expires_at, until);
	check_set(r, CHECK_PASS, "from %s, access key %s%s%s%s",
	    chain_provider(s->chain), e->keys->access_key_id,
	    secret_present(&e->keys->session_token) ?
	    ", with a session token" : "", until[0] != '\0' ? ", until " :
	    "", until);
	tell_trace(e, r);
	return 0;
}

/* An ASIA key is half of something. */
static unsigned
key_facts(const struct exam *e)
{
	unsigned facts = exam_skewed(e) ? DIAGNOSIS_SKEWED : 0;

	if (e->keys != NULL &&
	    strncmp(e->keys->access_key_id, "ASIA", 4) == 0 &&
	    !secret_present(&e->keys->session_token))
		facts |= DIAGNOSIS_TOKEN_MISSING;
	return facts;
}

int
exam_ask_identity(struct exam *e, const struct keys_source *keys,
    struct sts_identity *out, struct err *err)
{
	struct endpoint endpoint;

	if (session_network(e->s, err) != 0 || session_endpoint(e->s,
	    ENDPOINT_STS, &endpoint, err) != 0)
		return -1;
	return sts_get_caller_identity(&e->s->call, &endpoint, keys, out,
	    err);
}

/* The bucket may have a caller of its own (bucket_profile). */
static int
identify(struct exam *e, struct err *err)
{
	const char *account = config_text(e->s->set.config,
	    CONFIG_ACCOUNT_ID);

	if (e->identified)
		return 0;
	if (exam_ask_identity(e, &e->s->keys, &e->identity, err) != 0)
		return -1;
	e->bucket_identity = e->identity;
	if (e->s->bucket_chain != NULL && exam_ask_identity(e,
	    &e->s->bucket_keys, &e->bucket_identity, err) != 0)
		return -1;
	e->identified = true;
	snprintf(e->account, sizeof e->account, "%s", account != NULL ?
	    account : e->identity.account);
	return 0;
}

int
exam_identity(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct exam *e = state;
	struct err cause = { 0 };
	struct exam_refusal refusal = { .err = &cause, .service = ERRORS_STS,
		.action = "sts:GetCallerIdentity" };

	(void)entry;
	if (identify(e, &cause) != 0) {
		if (e->keys == NULL && e->s->chain != NULL)
			(void)chain_keys(e->s->chain, false, &e->keys,
			    &e->credentials);
		refusal.facts = key_facts(e);
		return exam_refused(e, &refusal, r, err);
	}
	if (strcmp(e->account, e->identity.account) != 0) {
		refusal.facts = DIAGNOSIS_ACCOUNT_DIFFERS;
		if (exam_refused(e, &refusal, r, err) != 0)
			return -1;
		check_set(r, CHECK_FAIL, "the keys belong to account %s (%s), "
		    "account_id (%s) says %s", e->identity.account,
		    e->identity.arn, config_origin(e->s->set.config,
		    CONFIG_ACCOUNT_ID), e->account);
		return 0;
	}
	check_set(r, CHECK_PASS, "%s, account %s%s%s", e->identity.arn,
	    e->identity.account, e->s->bucket_chain == NULL ? "" :
	    "; for the bucket ", e->s->bucket_chain == NULL ? "" :
	    e->bucket_identity.arn);
	return 0;
}

const char *
exam_principal(const struct exam *e, enum errors_service service)
{
	if (!e->identified)
		return NULL;
	return service == ERRORS_S3 ? e->bucket_identity.arn :
	    e->identity.arn;
}

int
exam_clock(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct exam *e = state;
	char ours[DATE_ROOM], theirs[DATE_ROOM];
	int64_t skew;

	(void)entry;
	(void)err;
	if (e->server_date < 0 && !e->sts.tried)
		exam_ask_date(e);
	skew = e->server_date - e->our_date;
	if (e->server_date < 0) {
		check_set(r, CHECK_SKIP, "no server told its time");
		return 0;
	}
	if (skew >= -60 && skew <= 60) {
		check_set(r, CHECK_PASS, "within %lld s of the server's",
		    (long long)(skew < 0 ? -skew : skew));
		return 0;
	}
	date_format_rfc3339(e->our_date, ours);
	date_format_rfc3339(e->server_date, theirs);
	check_set(r, exam_skewed(e) ? CHECK_FAIL : CHECK_WARN,
	    "this machine says %s, the server %s: %lld s %s", ours, theirs,
	    (long long)(skew < 0 ? -skew : skew), skew < 0 ? "ahead" :
	    "behind");
	check_fix(r, "set this machine's clock (timedatectl set-ntp true)");
	return 0;
}
