#include "diag/bucket_facts.h"

#include <string.h>

#include "aws/s3_bucket.h"
#include "base/limits.h"

void
bucket_facts_init(struct bucket_facts *f, struct s3 *s3)
{
	size_t i;

	memset(f, 0, sizeof *f);
	f->s3 = s3;
	for (i = 0; i < BUCKET_CONFIG_PARTS; i++)
		buf_init(&f->parts[i].body, LIMIT_CONTROL_BODY);
}

void
bucket_facts_clear(struct bucket_facts *f)
{
	size_t i;

	for (i = 0; i < BUCKET_CONFIG_PARTS; i++)
		buf_clear(&f->parts[i].body);
	memset(f, 0, sizeof *f);
}

void
bucket_facts_forget(struct bucket_facts *f, enum bucket_config_part part)
{
	f->parts[part].fact = BUCKET_FACT_UNASKED;
	err_clear(&f->parts[part].err);
}

bool
bucket_facts_ends(enum err_class class)
{
	switch (class) {
	case ERR_INTERNAL:
	case ERR_USAGE:
	case ERR_CREDENTIALS:
	case ERR_BUCKET:
	case ERR_NETWORK:
	case ERR_INTERRUPTED:
	case ERR_TERMINATED:
		return true;
	default:
		return false;
	}
}

static bool
not_known(const struct err *err)
{
	return strcmp(err->code, "NotImplemented") == 0 ||
	    strcmp(err->code, "MethodNotAllowed") == 0 ||
	    err->class == ERR_DATA;
}

static void
keep_minimum_size(struct bucket_facts *f)
{
	struct span field = http_response_field(s3_answer(f->s3)->response,
	    BUCKET_FACTS_MINIMUM_SIZE);

	if (!span_copy(field, f->minimum_size, sizeof f->minimum_size))
		f->minimum_size[0] = '\0';
}

int
bucket_facts_ask(struct bucket_facts *f, enum bucket_config_part part,
    struct err *err)
{
	struct err *told = &f->parts[part].err;

	if (f->parts[part].fact != BUCKET_FACT_UNASKED)
		return 0;
	switch (s3_bucket_read(f->s3, part, &f->parts[part].body, told)) {
	case S3_OK:
		f->parts[part].fact = BUCKET_FACT_FOUND;
		if (part == BUCKET_CONFIG_LIFECYCLE)
			keep_minimum_size(f);
		return 0;
	case S3_ABSENT:
		f->parts[part].fact = BUCKET_FACT_NONE;
		return 0;
	default:
		break;
	}
	if (not_known(told)) {
		f->parts[part].fact = BUCKET_FACT_UNKNOWN;
	} else if (bucket_facts_ends(told->class)) {
		*err = *told;
		return -1;
	} else {
		f->parts[part].fact = BUCKET_FACT_DENIED;
	}
	return 0;
}
