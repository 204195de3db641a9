#ifndef DIAG_BUCKET_FACTS_H
#define DIAG_BUCKET_FACTS_H

#include <stdbool.h>

#include "aws/bucket_config.h"
#include "aws/s3.h"
#include "base/buf.h"
#include "base/err.h"

/* The field of the lifecycle rules that a PUT of them has to repeat
 * (facts/s3.md 2). */
#define BUCKET_FACTS_MINIMUM_SIZE \
	"x-amz-transition-default-minimum-object-size"

/*
 * What a bucket's configuration says, each part asked for once and when it is
 * first needed.
 */
enum bucket_fact {
	BUCKET_FACT_UNASKED,
	BUCKET_FACT_FOUND,
	BUCKET_FACT_NONE,	/* not configured */
	BUCKET_FACT_DENIED,	/* we may not ask: err says */
	BUCKET_FACT_UNKNOWN	/* the store does not know this part */
};

struct bucket_facts {
	struct s3 *s3;		/* borrowed */
	struct {
		enum bucket_fact fact;
		struct buf body;
		struct err err;	/* of DENIED and UNKNOWN */
	} parts[BUCKET_CONFIG_PARTS];
	char minimum_size[64];	/* the lifecycle's own header field; "" */
};

void bucket_facts_init(struct bucket_facts *f, struct s3 *s3);
void bucket_facts_clear(struct bucket_facts *f);

/* Forget a part, so that it is asked for anew. */
void bucket_facts_forget(struct bucket_facts *f,
    enum bucket_config_part part);

/*
 * Ask, unless that was done. -1 with err when nothing further can be asked
 * (keys, network, a bucket that is gone, an interruption).
 */
int bucket_facts_ask(struct bucket_facts *f, enum bucket_config_part part,
    struct err *err);

/* Does an error of that class end everything, rather than one question? */
bool bucket_facts_ends(enum err_class class);

#endif
