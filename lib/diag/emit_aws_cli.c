#include "diag/emit.h"

#include <string.h>

#include "base/limits.h"
#include "codec/escape.h"

static void
add_call(const char *operation, const char *option, struct span value,
    struct buf *out)
{
	buf_addf(out, "s3api %s --%s ", operation, option);
	escape_shell(value, out);
	buf_add_char(out, '\n');
}

static void
add_begin(const struct emit_request *rq, struct buf *out)
{
	buf_add_string(out,
	    "#!/bin/sh\n"
	    "# Made by 'teamcache verify-bucket --emit aws-cli': makes the "
	    "bucket of a team\n"
	    "# cache. A policy and lifecycle rules that the bucket has "
	    "already are replaced;\n"
	    "# 'teamcache verify-bucket --fix' keeps those of others.\n"
	    "# shellcheck disable=SC2016 # a '$' in quotes means itself\n"
	    "set -eu\n"
	    "\n"
	    "s3api() {\n"
	    "\toperation=$1\n"
	    "\tshift\n"
	    "\taws s3api \"$operation\" --bucket ");
	escape_shell(span_of(rq->place.bucket), out);
	buf_add_string(out, " --region ");
	escape_shell(span_of(rq->place.region), out);
	if (rq->endpoint != NULL) {
		buf_add_string(out, " --endpoint-url ");
		escape_shell(span_of(rq->endpoint), out);
	}
	buf_add_string(out, " \"$@\"\n"
	    "}\n"
	    "\n"
	    "if ! s3api head-bucket >/dev/null 2>&1; then\n"
	    "\ts3api create-bucket --object-ownership BucketOwnerEnforced");
	/* us-east-1 is the one region that must not be named there. */
	if (strcmp(rq->place.region, "us-east-1") != 0) {
		buf_add_string(out, " \\\n\t\t--create-bucket-configuration "
		    "LocationConstraint=");
		escape_shell(span_of(rq->place.region), out);
	}
	buf_add_string(out, "\nfi\n");
}

static void
put_rule(struct json_writer *w, const struct lifecycle_wish *rule)
{
	json_open_object(w);
	json_member_string(w, "ID", rule->id);
	json_member_string(w, "Status", "Enabled");
	json_put_name(w, "Filter");
	json_open_object(w);
	json_member_string(w, "Prefix", rule->prefix);
	json_close_object(w);
	if (rule->days >= 0 || rule->markers) {
		json_put_name(w, "Expiration");
		json_open_object(w);
		if (rule->markers)
			json_member_bool(w, "ExpiredObjectDeleteMarker",
			    true);
		else
			json_member_integer(w, "Days", rule->days);
		json_close_object(w);
	}
	if (rule->noncurrent_days >= 0) {
		json_put_name(w, "NoncurrentVersionExpiration");
		json_open_object(w);
		json_member_integer(w, "NoncurrentDays",
		    rule->noncurrent_days);
		json_close_object(w);
	}
	if (rule->upload_days >= 0) {
		json_put_name(w, "AbortIncompleteMultipartUpload");
		json_open_object(w);
		json_member_integer(w, "DaysAfterInitiation",
		    rule->upload_days);
		json_close_object(w);
	}
	json_close_object(w);
}

static void
put_lifecycle(const struct emit_request *rq, struct buf *out)
{
	struct json_writer w;
	size_t i;

	json_begin(&w, out, false);
	json_open_object(&w);
	json_put_name(&w, "Rules");
	json_open_array(&w);
	for (i = 0; i < rq->rule_count; i++)
		put_rule(&w, &rq->rules[i]);
	json_close_array(&w);
	json_close_object(&w);
}

static void
put_encryption(const struct emit_request *rq, struct buf *out)
{
	struct json_writer w;

	json_begin(&w, out, false);
	json_open_object(&w);
	json_put_name(&w, "Rules");
	json_open_array(&w);
	json_open_object(&w);
	json_put_name(&w, "ApplyServerSideEncryptionByDefault");
	json_open_object(&w);
	json_member_string(&w, "SSEAlgorithm", rq->kms_key == NULL ?
	    "AES256" : "aws:kms");
	if (rq->kms_key != NULL)
		json_member_string(&w, "KMSMasterKeyID", rq->kms_key);
	json_close_object(&w);
	if (rq->kms_key != NULL)
		json_member_bool(&w, "BucketKeyEnabled", true);
	json_close_object(&w);
	json_close_array(&w);
	json_close_object(&w);
}

static void
put_policy(const struct emit_request *rq, struct buf *out)
{
	struct json_writer w;

	json_begin(&w, out, false);
	emit_policy(rq, &w);
}

/* The calls whose documents depend on the settings. */
static const struct {
	const char *operation, *option;
	void (*put)(const struct emit_request *rq, struct buf *out);
} calls[] = {
	{ "put-bucket-encryption", "server-side-encryption-configuration",
	    put_encryption },
	{ "put-bucket-lifecycle-configuration", "lifecycle-configuration",
	    put_lifecycle },
	{ "put-bucket-policy", "policy", put_policy },
};

void
emit_aws_cli(const struct emit_request *rq, struct buf *out)
{
	struct buf document;
	size_t i;

	add_begin(rq, out);
	add_call("put-bucket-ownership-controls", "ownership-controls",
	    span_of("{\"Rules\":[{\"ObjectOwnership\":"
	    "\"BucketOwnerEnforced\"}]}"), out);
	add_call("put-public-access-block",
	    "public-access-block-configuration",
	    span_of("{\"BlockPublicAcls\":true,\"IgnorePublicAcls\":true,"
	    "\"BlockPublicPolicy\":true,\"RestrictPublicBuckets\":true}"),
	    out);
	add_call("put-bucket-versioning", "versioning-configuration",
	    span_of("Status=Enabled"), out);
	for (i = 0; i < sizeof calls / sizeof calls[0]; i++) {
		buf_init(&document, LIMIT_MIB);
		calls[i].put(rq, &document);
		add_call(calls[i].operation, calls[i].option,
		    buf_view(&document), out);
		buf_spoil(out, &document);
		buf_clear(&document);
	}
}
