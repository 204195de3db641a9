#ifndef TESTS_S3_SCRIPT_H
#define TESTS_S3_SCRIPT_H

#include "aws/s3.h"
#include "fake_aws.h"

/* A bucket in an S3 that plays a script. */
#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

#define AMZ "x-amz-request-id: R\n"
#define ERROR(code) "<Error><Code>" code "</Code></Error>"
#define ANSWER(status, body) { status, AMZ, body, 0, false, 0 }
#define FINE { 200, AMZ "etag: \"e1\"\n", "body", 0, false, 0 }

static const struct s3_settings aws = { .bucket = "bkt",
    .region = "eu-west-1" };

static inline struct s3 *
begin(struct fake *f, const struct fake_answer *answers, size_t count,
    const struct s3_settings *settings)
{
	struct err err = { 0 };

	fake_begin(f, answers, count);
	return s3_new(settings, &f->context, &f->source, &err);
}

static inline void
end(struct fake *f, struct s3 *s3)
{
	s3_free(s3);
	fake_end(f);
}

#endif
