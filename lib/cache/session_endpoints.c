#include "cache/session.h"

#include <assert.h>
#include <string.h>

#include "aws/region.h"
#include "base/limits.h"
#include "codec/uri.h"

int
session_bucket_subject(const struct session *s, struct buf *out,
    struct err *err)
{
	buf_addf(out, "%s\n%s", s->s3_endpoint == NULL ? "" : s->s3_endpoint,
	    s->bucket == NULL ? "" : s->bucket);
	return buf_check(out, "bucket name", err);
}

static void
region_found(void *state, const char *region)
{
	struct session *s = state;
	struct err err = { 0 };
	struct buf subject;

	buf_init(&subject, LIMIT_KEY);
	if (session_bucket_subject(s, &subject, &err) == 0)
		memo_set(session_memo(s), MEMO_REGION, buf_string(&subject),
		    region);
	log_step(s->set.log, "bucket '%s' is in region '%s'", s->bucket,
	    region);
	buf_clear(&subject);
}

/* AWS's general setting, else where the keys' source runs. */
static const char *
region_of(struct session *s, struct chain *chain)
{
	const char *region = region_named(s->set.env, s->files,
	    s->set.profile);
	struct err later = { 0 };
	const struct keys *keys;

	if (chain == NULL)
		chain = s->chain;
	if (region != NULL || chain == NULL)
		return region;
	/* What is wrong with the keys is said when they are to sign. */
	return chain_keys(chain, false, &keys, &later) == 0 ?
	    chain_region(chain) : NULL;
}

const char *
session_region(struct session *s)
{
	return region_of(s, NULL);
}

/*
 * The bucket's region: settings, then what an earlier run found out, then
 * AWS's general setting as the place where the discovery starts (a wrong
 * guess is answered by S3 with the right one).
 */
static const char *
bucket_region(struct session *s)
{
	const char *region = config_text(s->set.config, CONFIG_REGION);
	struct err err = { 0 };
	struct buf subject;

	if (region != NULL)
		return region;
	buf_init(&subject, LIMIT_KEY);
	if (session_bucket_subject(s, &subject, &err) == 0 &&
	    memo_get(session_memo(s), MEMO_REGION, buf_string(&subject),
	    s->region_hint, sizeof s->region_hint) &&
	    endpoint_region_valid(s->region_hint))
		region = s->region_hint;
	buf_clear(&subject);
	return region != NULL ? region : region_of(s, s->bucket_chain);
}

static int
style(struct session *s, enum endpoint_style *out, struct err *err)
{
	struct profile_value value = profile_get(s->files, s->set.profile,
	    "s3", "addressing_style");

	*out = ENDPOINT_AUTO;
	if (value.text == NULL || strcmp(value.text, "auto") == 0)
		return 0;
	if (strcmp(value.text, "path") == 0)
		*out = ENDPOINT_PATH;
	else if (strcmp(value.text, "virtual") == 0)
		*out = ENDPOINT_VIRTUAL;
	else
		return err_set(err, ERR_USAGE,
		    "'%s' line %u: addressing_style is '%s': it takes auto, "
		    "path or virtual", value.file, value.line, value.text);
	return 0;
}

/* The bucket as the settings describe it. */
static int
describe(struct session *s, struct s3_settings *set, struct err *err)
{
	const char *sse = config_text(s->set.config, CONFIG_SSE);

	memset(set, 0, sizeof *set);
	set->bucket = s->bucket;
	set->endpoint_url = s->s3_endpoint;
	set->endpoint = s->endpoints;
	set->expected_owner = config_text(s->set.config,
	    CONFIG_EXPECTED_BUCKET_OWNER);
	set->kms_key_id = config_text(s->set.config, CONFIG_KMS_KEY_ID);
	if (sse != NULL && strcmp(sse, "bucket-default") != 0)
		set->sse = sse;
	else if (set->kms_key_id != NULL)
		set->sse = "aws:kms";
	set->region = bucket_region(s);
	return style(s, &set->style, err);
}

struct s3 *
session_s3_apart(struct session *s, struct call_context *call,
    const struct keys_source *keys, struct err *err)
{
	struct s3_settings set;

	if (describe(s, &set, err) != 0)
		return NULL;
	return s3_new(&set, call, keys, err);
}

/* Keys stay secret even so (they sign, they are not sent); data do not. */
static void
warn_plain(struct session *s, const char *url)
{
	struct err ignored = { 0 };
	struct uri uri;

	if (url != NULL && uri_parse(&uri, span_of(url), &ignored) == 0 &&
	    !uri.https && !uri.host_is_loopback)
		log_warn(s->set.log, "'%.*s' is spoken to without TLS: "
		    "whoever is in between can read and change the data",
		    (int)uri.host.n, uri.host.p);
}

struct s3 *
session_s3(struct session *s, struct err *err)
{
	struct s3_settings set;

	assert(s->team_cache);
	if (s->s3 != NULL)
		return s->s3;
	if (session_network(s, err) != 0 || describe(s, &set, err) != 0)
		return NULL;
	set.region_found = region_found;
	set.state = s;
	if ((s->s3 = s3_new(&set, &s->call, &s->bucket_keys, err)) != NULL)
		warn_plain(s, s->s3_endpoint);
	return s->s3;
}

int
session_endpoint(struct session *s, enum endpoint_service service,
    struct endpoint *out, struct err *err)
{
	const char *configured = endpoint_configured(service, NULL,
	    s->set.env, s->files, s->set.profile, &s->endpoints);

	if (endpoint_resolve(service, session_region(s), configured,
	    &s->endpoints, out, err) != 0)
		return -1;
	warn_plain(s, configured);
	return 0;
}
