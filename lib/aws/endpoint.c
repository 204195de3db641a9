#include "aws/endpoint.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "aws/bucket_name.h"
#include "aws/partition.h"
#include "aws/setting.h"
#include "base/span.h"
#include "codec/uri.h"

#define NO_REGION "us-east-1"

/* What each service is called, and where it departs from the common rule
 * LABEL[-fips].REGION.SUFFIX. */
static const struct service {
	const char *variable;	/* AWS_ENDPOINT_URL_... */
	const char *key;	/* in [services NAME] */
	const char *label;	/* of the host */
	bool central;		/* one region for the whole partition */
	bool gov_fips;		/* GovCloud's ordinary host is the FIPS one */
} services[] = {
	[ENDPOINT_S3] = { "AWS_ENDPOINT_URL_S3", "s3", "s3", false, false },
	[ENDPOINT_STS] = { "AWS_ENDPOINT_URL_STS", "sts", "sts", false, true },
	[ENDPOINT_CE] = { "AWS_ENDPOINT_URL_COST_EXPLORER", "cost_explorer",
	    "ce", true, false },
	[ENDPOINT_IAM] = { "AWS_ENDPOINT_URL_IAM", "iam", "iam", true, true },
	[ENDPOINT_KMS] = { "AWS_ENDPOINT_URL_KMS", "kms", "kms", false, false },
	[ENDPOINT_SSO] = { "AWS_ENDPOINT_URL_SSO", "sso", "portal.sso", false,
	    true },
	[ENDPOINT_SSO_OIDC] = { "AWS_ENDPOINT_URL_SSO_OIDC", "sso_oidc",
	    "oidc", false, true },
	[ENDPOINT_SIGNIN] = { "AWS_ENDPOINT_URL_SIGNIN", "signin", "signin",
	    false, false },
};

/* Where legacy STS settings mean the global endpoint (botocore's rule set). */
static const char *const sts_global[] = {
	"ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
	"ca-central-1", "eu-central-1", "eu-north-1",
	"eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1",
	"us-east-2", "us-west-1", "us-west-2",
};

/* What is said of S3 alone. */
static int
read_s3(const struct setting_place *place, struct endpoint_settings *out,
    struct err *err)
{
	static const char *const words[] = { "regional", "legacy", NULL };
	struct setting accelerate = setting_find(place, NULL, "s3",
	    "use_accelerate_endpoint");
	struct setting dual = setting_find(place, "AWS_USE_DUALSTACK_ENDPOINT",
	    "s3", "use_dualstack_endpoint");
	struct setting east = setting_find(place,
	    "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT", "s3",
	    "us_east_1_regional_endpoint");
	size_t word;

	out->s3_dualstack = out->dualstack;
	if (dual.text != NULL &&
	    setting_flag(&dual, &out->s3_dualstack, err) != 0)
		return -1;
	/* botocore has it below "s3", the other SDKs do not. */
	if (east.text == NULL)
		east = setting_find(place, NULL,
		    "s3_us_east_1_regional_endpoint", NULL);
	if (setting_flag(&accelerate, &out->s3_accelerate, err) != 0 ||
	    setting_word(&east, words, &word, err) != 0)
		return -1;
	out->s3_global = word == 1;
	return 0;
}

int
endpoint_settings_read(const struct env *env,
    const struct profile_files *files, const char *profile,
    struct endpoint_settings *out, struct err *err)
{
	static const char *const words[] = { "regional", "legacy", NULL };
	struct setting_place place = { env, files, profile };
	struct setting fips = setting_find(&place, "AWS_USE_FIPS_ENDPOINT",
	    "use_fips_endpoint", NULL);
	struct setting dual = setting_find(&place,
	    "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint", NULL);
	struct setting ignore = setting_find(&place,
	    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
	    "ignore_configured_endpoint_urls", NULL);
	struct setting sts = setting_find(&place, "AWS_STS_REGIONAL_ENDPOINTS",
	    "sts_regional_endpoints", NULL);
	size_t word;

	memset(out, 0, sizeof *out);
	if (setting_flag(&fips, &out->fips, err) != 0 ||
	    setting_flag(&dual, &out->dualstack, err) != 0 ||
	    setting_flag(&ignore, &out->ignore_configured, err) != 0 ||
	    setting_word(&sts, words, &word, err) != 0)
		return -1;
	out->sts_legacy = word == 1;
	return read_s3(&place, out, err);
}

const char *
endpoint_partition(const char *region)
{
	return partition_of(region)->id;
}

bool
endpoint_region_valid(const char *region)
{
	size_t n = strlen(region);

	return n >= 1 && n <= 63 && region[0] != '-' &&
	    region[n - 1] != '-' &&
	    strspn(region, "abcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

const char *
endpoint_configured(enum endpoint_service service, const char *explicit_url,
    const struct env *env, const struct profile_files *files,
    const char *profile, const struct endpoint_settings *settings)
{
	const char *url, *group;

	if (explicit_url != NULL && explicit_url[0] != '\0')
		return explicit_url;
	if (settings->ignore_configured)
		return NULL;
	if ((url = env_value(env, services[service].variable)) != NULL ||
	    (url = env_value(env, "AWS_ENDPOINT_URL")) != NULL)
		return url;
	if (files == NULL || profile == NULL)
		return NULL;
	group = profile_get(files, profile, "services", NULL).text;
	if (group != NULL && (url = profile_section_get(files, "services",
	    group, services[service].key, "endpoint_url").text) != NULL)
		return url;
	return profile_get(files, profile, "endpoint_url", NULL).text;
}

/* The region as it is meant: "fips-R" and "R-fips" are old words for R with
 * FIPS. */
static int
take_region(const char *region, struct endpoint *out, bool *fips,
    struct err *err)
{
	struct span s = span_of(region == NULL || region[0] == '\0' ?
	    NO_REGION : region);

	if (!endpoint_region_valid(s.p)) {
		err_set(err, ERR_USAGE, "'%s' is not a region's name", s.p);
		err_hint(err, "regions are named like eu-west-1");
		return -1;
	}
	if (span_starts(s, "fips-")) {
		s = span_make(s.p + 5, s.n - 5);
		*fips = true;
	} else if (span_ends(s, "-fips")) {
		s.n -= 5;
		*fips = true;
	}
	memcpy(out->region, s.p, s.n);
	out->region[s.n] = '\0';
	return 0;
}

static int
put_url(struct endpoint *out, bool https, const char *head, struct span host,
    struct err *err)
{
	int n = snprintf(out->url, sizeof out->url, "%s://%s%s%.*s",
	    https ? "https" : "http", head, head[0] != '\0' ? "." : "",
	    (int)host.n, host.p);

	if (n < 0 || (size_t)n >= sizeof out->url)
		return err_set(err, ERR_USAGE, "the endpoint's name is too "
		    "long: '%.*s'", (int)host.n, host.p);
	return 0;
}

/* AWS's own host by a printf-like format. */
__attribute__((format(printf, 4, 5)))
static int
put_host(struct endpoint *out, const char *head, struct err *err,
    const char *format, ...)
{
	char host[256];
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(host, sizeof host, format, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof host)
		return err_set(err, ERR_INTERNAL, "a host's name is too long");
	out->aws = true;
	return put_url(out, true, head, span_of(host), err);
}

/*
 * A configured URL into out; bucket, or "", goes before the host where
 * virtual says so and the URL allows it, else behind the path.
 */
static int
take_configured(const char *configured, const char *bucket, bool virtual,
    struct endpoint *out, struct err *err)
{
	struct span path, text = span_of(configured);
	struct buf host;
	struct uri uri;
	int n, result = -1;

	buf_init(&host, sizeof out->url);
	if (uri_parse(&uri, text, err) != 0)
		goto out;
	path = uri.path;
	while (path.n > 0 && path.p[path.n - 1] == '/')
		path.n--;
	if (uri.query.n > 0) {
		err_set(err, ERR_USAGE, "an endpoint's URL has no '?'");
		goto out;
	}
	virtual = virtual && !uri.host_is_ip &&
	    bucket_name_fits_host(bucket, !uri.https);
	uri_authority(&uri, &host);
	out->custom = true;
	out->aws = partition_has_host(uri.host);
	if (buf_check(&host, "the endpoint's host", err) != 0 ||
	    put_url(out, uri.https, virtual ? bucket : "", buf_view(&host),
	    err) != 0)
		goto out;
	n = snprintf(out->path, sizeof out->path, "%.*s%s%s", (int)path.n,
	    path.p, bucket[0] != '\0' && !virtual ? "/" : "",
	    virtual ? "" : bucket);
	if (n < 0 || (size_t)n >= sizeof out->path) {
		err_set(err, ERR_USAGE, "its path is too long");
		goto out;
	}
	result = 0;
out:
	if (result != 0) {
		err_context(err, "cannot use the configured endpoint");
		err_hint(err, "it is AWS_ENDPOINT_URL_SERVICE or "
		    "AWS_ENDPOINT_URL, or endpoint_url in the profile or its "
		    "services section");
	}
	buf_clear(&host);
	return result;
}

static int
refuse_variants(bool fips, bool dualstack, const char *configured,
    struct err *err)
{
	if (!fips && !dualstack)
		return 0;
	err_set(err, ERR_USAGE,
	    "the endpoint '%s' cannot be combined with %s", configured,
	    fips ? "FIPS (AWS_USE_FIPS_ENDPOINT, use_fips_endpoint)" :
	    "dual-stack (AWS_USE_DUALSTACK_ENDPOINT, "
	    "use_dualstack_endpoint)");
	err_hint(err, "set one of them; a configured endpoint is used as it "
	    "is");
	return -1;
}

static int
refuse_accelerate(const struct endpoint_settings *settings,
    const char *configured, struct err *err)
{
	if (!settings->s3_accelerate)
		return 0;
	return err_set(err, ERR_USAGE, "the endpoint '%s' cannot be combined "
	    "with S3 Transfer Acceleration (use_accelerate_endpoint)",
	    configured);
}

static bool
uses_sts_global(const struct endpoint_settings *settings, const char *region)
{
	size_t i;

	if (strcmp(region, "aws-global") == 0)
		return true;
	for (i = 0; i < sizeof sts_global / sizeof sts_global[0]; i++) {
		if (strcmp(region, sts_global[i]) == 0)
			return settings->sts_legacy;
	}
	return false;
}

static int
iam_host(const struct partition *p, bool fips, bool dualstack,
    struct endpoint *out, struct err *err)
{
	return put_host(out, "", err, "iam%s.%s%s", fips ? "-fips" : "",
	    dualstack ? p->iam_dual : p->iam,
	    dualstack ? p->dual : p->suffix);
}

/* AWS's rule for the service; out->region is the user's on the way in. */
static int
standard_host(enum endpoint_service service, const struct partition *p,
    bool fips, const struct endpoint_settings *settings,
    struct endpoint *out, struct err *err)
{
	const struct service *s = &services[service];
	bool dualstack = settings->dualstack;

	if (fips && s->gov_fips && strcmp(p->id, "aws-us-gov") == 0 &&
	    (!dualstack || service == ENDPOINT_IAM))
		fips = false;
	if (service == ENDPOINT_IAM)
		return iam_host(p, fips, dualstack, out, err);
	if (service == ENDPOINT_SIGNIN && p->signin != NULL && !fips &&
	    !dualstack)
		return put_host(out, "", err, "%s.%s", out->region, p->signin);
	if (service == ENDPOINT_CE && p->ce_dual && !fips)
		dualstack = true;
	return put_host(out, "", err, "%s%s.%s.%s", s->label,
	    fips ? "-fips" : "", out->region,
	    dualstack ? p->dual : p->suffix);
}

int
endpoint_resolve(enum endpoint_service service, const char *region,
    const char *configured, const struct endpoint_settings *settings,
    struct endpoint *out, struct err *err)
{
	const struct partition *p;
	bool fips = settings->fips, global;

	memset(out, 0, sizeof *out);
	if (take_region(region, out, &fips, err) != 0)
		return -1;
	p = partition_of(out->region);
	global = service == ENDPOINT_STS && !fips && !settings->dualstack &&
	    uses_sts_global(settings, out->region);
	if (service == ENDPOINT_IAM)
		memcpy(out->region, p->iam_region, strlen(p->iam_region) + 1);
	else if (global || services[service].central ||
	    span_ends(span_of(out->region), "-global"))
		memcpy(out->region, p->region, strlen(p->region) + 1);
	if (configured != NULL)
		return refuse_variants(settings->fips, settings->dualstack,
		    configured, err) != 0 ? -1 :
		    take_configured(configured, "", false, out, err);
	if (global)
		return put_host(out, "", err, "sts.%s", p->suffix);
	return standard_host(service, p, fips, settings, out, err);
}

static int
check_bucket(const char *bucket, const char *region, bool custom,
    struct err *err)
{
	enum bucket_name_rules rules = BUCKET_NAME_AWS;
	const char *fault;

	if (custom)
		rules = BUCKET_NAME_ANY;
	else if (strcmp(region, NO_REGION) == 0)
		rules = BUCKET_NAME_OLD;
	if ((fault = bucket_name_fault(bucket, rules)) == NULL)
		return 0;
	return err_set(err, ERR_USAGE, "bucket '%s' cannot be used: it %s",
	    bucket, fault);
}

/* S3 Transfer Acceleration: one host for all regions of partition aws. */
static int
accelerated_host(const char *bucket, const struct partition *p, bool fips,
    bool virtual, const struct endpoint_settings *settings,
    struct endpoint *out, struct err *err)
{
	const char *why = NULL;

	if (fips)
		why = "has no FIPS endpoints";
	else if (strcmp(p->id, "aws") != 0)
		why = "is not to be had in this partition";
	else if (!virtual)
		why = "needs the bucket's name in the host: no path style, no "
		    "dots";
	if (why == NULL)
		return put_host(out, bucket, err, "s3-accelerate%s.%s",
		    settings->s3_dualstack ? ".dualstack" : "", p->suffix);
	err_set(err, ERR_USAGE, "bucket '%s' cannot be used: S3 Transfer "
	    "Acceleration %s", bucket, why);
	err_hint(err, "take use_accelerate_endpoint out of the profile");
	return -1;
}

int
endpoint_bucket(const char *bucket, const char *region,
    const char *configured, enum endpoint_style style,
    const struct endpoint_settings *settings, struct endpoint *out,
    struct err *err)
{
	bool fips = settings->fips, virtual;
	const struct partition *p;
	int n;

	memset(out, 0, sizeof *out);
	if (take_region(region, out, &fips, err) != 0)
		return -1;
	p = partition_of(out->region);
	if (span_ends(span_of(out->region), "-global"))
		memcpy(out->region, p->region, strlen(p->region) + 1);
	if (check_bucket(bucket, out->region, configured != NULL, err) != 0)
		return -1;
	if (configured != NULL)
		return refuse_variants(settings->fips, settings->s3_dualstack,
		    configured, err) != 0 ? -1 : refuse_accelerate(settings,
		    configured, err) != 0 ? -1 : take_configured(configured,
		    bucket, style == ENDPOINT_VIRTUAL, out, err);
	if (fips && p->no_fips)
		return err_set(err, ERR_USAGE, "there are no FIPS endpoints "
		    "in partition '%s' (region '%s')", p->id, out->region);
	virtual = style != ENDPOINT_PATH &&
	    bucket_name_fits_host(bucket, false);
	if (settings->s3_accelerate)
		return accelerated_host(bucket, p, fips, virtual, settings,
		    out, err);
	n = snprintf(out->path, sizeof out->path, "%s%s", virtual ? "" : "/",
	    virtual ? "" : bucket);
	if (n < 0 || (size_t)n >= sizeof out->path)
		return err_set(err, ERR_INTERNAL, "a bucket's path is too "
		    "long");
	if (settings->s3_global && !fips && !settings->s3_dualstack &&
	    strcmp(out->region, NO_REGION) == 0)
		return put_host(out, virtual ? bucket : "", err, "s3.%s",
		    p->suffix);
	return put_host(out, virtual ? bucket : "", err, "s3%s%s.%s.%s",
	    fips ? "-fips" : "", settings->s3_dualstack ? ".dualstack" : "",
	    out->region, p->suffix);
}
