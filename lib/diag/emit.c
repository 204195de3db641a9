#include "diag/emit.h"

#include <string.h>

#include "diag/policy_write.h"

static const struct {
	const char *name;
	void (*emit)(const struct emit_request *rq, struct buf *out);
} formats[] = {
	[EMIT_TERRAFORM] = { "terraform", emit_terraform },
	[EMIT_CLOUDFORMATION] = { "cloudformation", emit_cloudformation },
	[EMIT_AWS_CLI] = { "aws-cli", emit_aws_cli },
};

#define FORMATS (sizeof formats / sizeof formats[0])

bool
emit_find(const char *name, enum emit_format *out)
{
	size_t i;

	for (i = 0; i < FORMATS; i++) {
		if (strcmp(formats[i].name, name) != 0)
			continue;
		*out = (enum emit_format)i;
		return true;
	}
	return false;
}

int
emit_text(const struct emit_request *rq, struct buf *out, struct err *err)
{
	if (rq->place.region == NULL) {
		err_set(err, ERR_USAGE, "it is not known which region the "
		    "bucket is to be in");
		err_hint(err, "give --region, or 'region' in the settings");
		return -1;
	}
	if (rq->format == EMIT_CLOUDFORMATION && rq->endpoint != NULL)
		return err_set(err, ERR_USAGE, "CloudFormation makes buckets "
		    "at AWS only, and the settings name the endpoint '%s'",
		    rq->endpoint);
	formats[rq->format].emit(rq, out);
	return 0;
}

void
emit_policy(const struct emit_request *rq, struct json_writer *w)
{
	struct policy_request policy = {
		.kind = POLICY_BUCKET,
		.place = rq->place,
		.grants = rq->grants,
		.grant_count = rq->grant_count,
	};

	policy_write(&policy, w);
}
