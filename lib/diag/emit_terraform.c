#include "diag/emit.h"

#include "base/limits.h"

/* "${" and "%{" begin something in every string of HCL. */
static bool
begins_template(struct span s, size_t i)
{
	return (s.p[i] == '$' || s.p[i] == '%') && i + 1 < s.n &&
	    s.p[i + 1] == '{';
}

static void
add_string(const char *text, struct buf *out)
{
	struct span s = span_of(text);
	size_t i;

	buf_add_char(out, '"');
	for (i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f) {
			buf_addf(out, "\\u%04x", (unsigned)s.p[i]);
			continue;
		}
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_add_char(out, '\\');
		else if (begins_template(s, i))
			buf_add_char(out, s.p[i]);
		buf_add_char(out, s.p[i]);
	}
	buf_add_char(out, '"');
}

/* A line "NAME = "VALUE""; lead holds indentation, name and equals sign. */
static void
add_line(const char *lead, const char *value, struct buf *out)
{
	buf_add_string(out, lead);
	add_string(value, out);
	buf_add_char(out, '\n');
}

static void
open_resource(const char *type, struct buf *out)
{
	buf_addf(out, "\nresource \"aws_s3_bucket%s\" \"teamcache\" {\n",
	    type);
	if (type[0] != '\0')
		buf_add_string(out, "  bucket = aws_s3_bucket.teamcache.id\n");
}

static void
add_provider(const struct emit_request *rq, struct buf *out)
{
	buf_add_string(out,
	    "# Made by 'teamcache verify-bucket --emit terraform': the bucket "
	    "of a team cache.\n"
	    "\n"
	    "terraform {\n"
	    "  required_providers {\n"
	    "    aws = {\n"
	    "      source  = \"hashicorp/aws\"\n"
	    "      version = \">= 4.9\"\n"
	    "    }\n"
	    "  }\n"
	    "}\n"
	    "\n"
	    "provider \"aws\" {\n");
	add_line("  region = ", rq->place.region, out);
	if (rq->endpoint != NULL) {
		buf_add_string(out,
		    "\n"
		    "  s3_use_path_style           = true\n"
		    "  skip_credentials_validation = true\n"
		    "  skip_requesting_account_id  = true\n"
		    "\n"
		    "  endpoints {\n");
		add_line("    s3 = ", rq->endpoint, out);
		buf_add_string(out, "  }\n");
	}
	buf_add_string(out, "}\n");
}

static void
add_settings(const struct emit_request *rq, struct buf *out)
{
	open_resource("", out);
	add_line("  bucket = ", rq->place.bucket, out);
	buf_add_string(out, "}\n");
	open_resource("_ownership_controls", out);
	buf_add_string(out, "\n  rule {\n"
	    "    object_ownership = \"BucketOwnerEnforced\"\n  }\n}\n");
	open_resource("_public_access_block", out);
	buf_add_string(out,
	    "\n"
	    "  block_public_acls       = true\n"
	    "  block_public_policy     = true\n"
	    "  ignore_public_acls      = true\n"
	    "  restrict_public_buckets = true\n"
	    "}\n");
	open_resource("_versioning", out);
	buf_add_string(out, "\n  versioning_configuration {\n"
	    "    status = \"Enabled\"\n  }\n}\n");
	open_resource("_server_side_encryption_configuration", out);
	buf_add_string(out, "\n  rule {\n");
	if (rq->kms_key != NULL)
		buf_add_string(out, "    bucket_key_enabled = true\n\n");
	buf_add_string(out, "    apply_server_side_encryption_by_default {\n");
	if (rq->kms_key == NULL) {
		add_line("      sse_algorithm = ", "AES256", out);
	} else {
		add_line("      sse_algorithm     = ", "aws:kms", out);
		add_line("      kms_master_key_id = ", rq->kms_key, out);
	}
	buf_add_string(out, "    }\n  }\n}\n");
}

static void
add_days(const char *block, const char *name, int64_t days, struct buf *out)
{
	if (days >= 0)
		buf_addf(out, "\n    %s {\n      %s = %lld\n    }\n", block,
		    name, (long long)days);
}

static void
add_rule(const struct lifecycle_wish *rule, struct buf *out)
{
	buf_add_string(out, "\n  rule {\n");
	add_line("    id     = ", rule->id, out);
	buf_add_string(out, "    status = \"Enabled\"\n\n    filter {\n");
	add_line("      prefix = ", rule->prefix, out);
	buf_add_string(out, "    }\n");
	add_days("expiration", "days", rule->days, out);
	if (rule->markers)
		buf_add_string(out, "\n    expiration {\n"
		    "      expired_object_delete_marker = true\n    }\n");
	add_days("noncurrent_version_expiration", "noncurrent_days",
	    rule->noncurrent_days, out);
	add_days("abort_incomplete_multipart_upload", "days_after_initiation",
	    rule->upload_days, out);
	buf_add_string(out, "  }\n");
}

static void
add_lifecycle(const struct emit_request *rq, struct buf *out)
{
	size_t i;

	open_resource("_lifecycle_configuration", out);
	for (i = 0; i < rq->rule_count; i++)
		add_rule(&rq->rules[i], out);
	buf_add_string(out, "\n  # Rules for former versions come after "
	    "versioning.\n"
	    "  depends_on = [aws_s3_bucket_versioning.teamcache]\n}\n");
}

/* In a heredoc all but a template's beginning stands for itself. */
static void
add_policy(const struct emit_request *rq, struct buf *out)
{
	struct json_writer w;
	struct buf policy;
	struct span s;
	size_t i;

	open_resource("_policy", out);
	buf_add_string(out, "  policy = <<-POLICY\n    ");
	buf_init(&policy, LIMIT_MIB);
	json_begin(&w, &policy, true);
	emit_policy(rq, &w);
	s = buf_view(&policy);
	for (i = 0; i < s.n; i++) {
		if (begins_template(s, i))
			buf_add_char(out, s.p[i]);
		buf_add_char(out, s.p[i]);
		if (s.p[i] == '\n')
			buf_add_string(out, "    ");
	}
	buf_spoil(out, &policy);
	buf_clear(&policy);
	buf_add_string(out, "\n  POLICY\n"
	    "\n"
	    "  # S3 takes one change of a bucket's access at a time.\n"
	    "  depends_on = [aws_s3_bucket_public_access_block.teamcache]\n"
	    "}\n");
}

void
emit_terraform(const struct emit_request *rq, struct buf *out)
{
	add_provider(rq, out);
	add_settings(rq, out);
	add_lifecycle(rq, out);
	add_policy(rq, out);
}
