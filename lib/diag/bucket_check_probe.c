#include "diag/bucket_check.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "cache/crew.h"
#include "cache/key.h"
#include "cache/remote.h"
#include "diag/bucket_check_work.h"

/* Eight writers, five times: a store that races shows it. */
#define WRITERS 8
#define ROUNDS 5

#define WRONG_ETAG "\"00000000000000000000000000000000\""

/* A probe that could not be written, or anything else that S3 refused. */
static int
refused(struct bucket_check *c, const char *action, struct check_result *r,
    const struct err *why, struct err *err)
{
	struct buf arn;
	int result;

	buf_init(&arn, 4 * LIMIT_KIB);
	buf_addf(&arn, "%s/%s" KEY_PROBE_ROOT "*", buf_string(&c->arn),
	    c->prefix);
	result = bucket_check_work_failed(r, action, buf_string(&arn), why,
	    err);
	buf_clear(&arn);
	return result;
}

static enum s3_outcome
put(struct bucket_check *c, const char *name, const char *body,
    const char *if_match, bool if_absent, struct err *why)
{
	struct probe_put request = { .name = name, .body = span_of(body),
		.if_match = if_match, .if_absent = if_absent };

	return probe_put(&c->probe, c->s3, &request, why);
}

/* By the name that put used. */
static enum s3_outcome
get(struct bucket_check *c, const char *name, struct err *why)
{
	enum s3_outcome outcome = S3_ERROR;
	struct buf key;

	buf_init(&key, LIMIT_KEY);
	probe_key(&c->probe, name, &key);
	if (buf_check(&key, "the key", why) == 0)
		outcome = s3_get(c->s3, buf_string(&key), NULL,
		    LIMIT_CONTROL_BODY, why);
	buf_clear(&key);
	return outcome;
}

static enum s3_outcome
delete(struct bucket_check *c, const char *name, struct err *why)
{
	enum s3_outcome outcome = S3_ERROR;
	struct buf key;

	buf_init(&key, LIMIT_KEY);
	probe_key(&c->probe, name, &key);
	if (buf_check(&key, "the key", why) == 0)
		outcome = s3_delete(c->s3, buf_string(&key), NULL, why);
	buf_clear(&key);
	return outcome;
}

int
bucket_check_work_round_trip(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	static const char body[] = "{\"probe\":\"write-read-delete\"}";
	static const char name[] = "round-trip";
	struct bucket_check *c = state;
	struct err why = { 0 };
	enum s3_outcome outcome;

	if (put(c, name, body, NULL, false, &why) != S3_OK)
		return refused(c, "s3:PutObject", r, &why, err);
	outcome = get(c, name, &why);
	if (outcome == S3_ERROR)
		return refused(c, "s3:GetObject", r, &why, err);
	if (outcome != S3_OK || !span_is(buf_view(
	    &s3_answer(c->s3)->response->body), body)) {
		bucket_check_work_found(r, entry, outcome == S3_OK ? "what "
		    "was read is not what was written" : "what was written "
		    "is not there");
		return 0;
	}
	if (delete(c, name, &why) == S3_ERROR)
		return refused(c, "s3:DeleteObject", r, &why, err);
	if (get(c, name, &why) == S3_OK) {
		bucket_check_work_found(r, entry,
		    "what was deleted is still there");
		return 0;
	}
	check_set(r, CHECK_PASS, "a probe object was written, read, compared "
	    "and deleted");
	return 0;
}

int
bucket_check_work_missing(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct bucket_check *c = state;
	struct err why = { 0 };

	switch (get(c, "missing", &why)) {
	case S3_ABSENT:
		check_set(r, CHECK_PASS, "a missing key answers 404");
		return 0;
	case S3_ERROR:
		if (why.class != ERR_DENIED)
			return refused(c, "s3:GetObject", r, &why, err);
		bucket_check_work_found(r, entry,
		    "a missing key answers 403, as one that is denied");
		bucket_check_work_denied(r, "s3:ListBucket",
		    buf_string(&c->arn), &why);
		check_fix(r, "allow s3:ListBucket on the bucket, without a "
		    "condition on s3:prefix");
		return 0;
	default:
		bucket_check_work_found(r, entry,
		    "a key that nobody wrote is there");
		return 0;
	}
}

int
bucket_check_work_checksum(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	/* Of another text. */
	const struct probe_put request = { .name = "checksum",
		.body = SPAN_LITERAL("{\"probe\":\"checksum\"}"),
		.checksum = "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=" };
	struct bucket_check *c = state;
	struct err why = { 0 };

	if (probe_put(&c->probe, c->s3, &request, &why) == S3_OK) {
		bucket_check_work_found(r, entry, "a write whose checksum is "
		    "wrong was accepted");
		return 0;
	}
	if (s3_answer(c->s3)->status == 400) {
		check_set(r, CHECK_PASS,
		    "a write whose checksum is wrong is refused");
		return 0;
	}
	return refused(c, "s3:PutObject", r, &why, err);
}

/* What the bucket's settings, or ours, ask for; "" when nothing does. */
static void
wanted_encryption(struct bucket_check *c, char algorithm[32])
{
	const char *sse = config_text(c->session->set.config, CONFIG_SSE);
	struct bucket_config_encryption e;
	struct err ignored = { 0 };

	algorithm[0] = '\0';
	if (sse != NULL && strcmp(sse, "bucket-default") != 0) {
		memcpy(algorithm, sse, strlen(sse) + 1);
	} else if (config_text(c->session->set.config, CONFIG_KMS_KEY_ID) !=
	    NULL) {
		memcpy(algorithm, "aws:kms", sizeof "aws:kms");
	} else if (bucket_facts_ask(&c->facts, BUCKET_CONFIG_ENCRYPTION,
	    &ignored) == 0 && c->facts.parts[BUCKET_CONFIG_ENCRYPTION].fact ==
	    BUCKET_FACT_FOUND && bucket_config_encryption(buf_view(
	    &c->facts.parts[BUCKET_CONFIG_ENCRYPTION].body), &e, &ignored) ==
	    0) {
		memcpy(algorithm, e.algorithm, sizeof e.algorithm);
		bucket_config_encryption_clear(&e);
	}
}

int
bucket_check_work_sealed(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	static const char body[] = "{\"probe\":\"encrypted-write\"}";
	struct bucket_check *c = state;
	struct err why = { 0 };
	char wanted[32];
	struct span used;
	enum s3_outcome outcome;

	wanted_encryption(c, wanted);
	if (put(c, "encrypted", body, NULL, false, &why) != S3_OK)
		return refused(c, "s3:PutObject", r, &why, err);
	outcome = get(c, "encrypted", &why);
	if (outcome != S3_OK)
		return refused(c, "s3:GetObject", r, &why, err);
	used = http_response_field(s3_answer(c->s3)->response,
	    "x-amz-server-side-encryption");
	if (!span_is(buf_view(&s3_answer(c->s3)->response->body), body))
		bucket_check_work_found(r, entry,
		    "what was read is not what was written");
	else if (used.n == 0 && wanted[0] == '\0')
		check_set(r, CHECK_SKIP, "not checked: nothing asks for "
		    "encryption, and the store does not say that it encrypts");
	else if (wanted[0] != '\0' && !span_is(used, wanted))
		bucket_check_work_found(r, entry, "an object is stored with "
		    "'%.*s' and not with '%s'", (int)used.n, used.n == 0 ?
		    "" : used.p, wanted);
	else
		check_set(r, CHECK_PASS, "written with %.*s, and read back",
		    (int)used.n, used.p);
	return 0;
}

int
bucket_check_work_once(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	static const char name[] = "once";
	struct bucket_check *c = state;
	struct err why = { 0 };

	switch (put(c, name, "{\"n\":1}", NULL, true, &why)) {
	case S3_OK:
		break;
	case S3_UNSUPPORTED:
		bucket_check_work_found(r, entry, "the store does not know "
		    "If-None-Match on writes");
		return 0;
	case S3_ERROR:
		return refused(c, "s3:PutObject", r, &why, err);
	default:
		bucket_check_work_found(r, entry, "If-None-Match: * is "
		    "refused for a key that does not exist");
		return 0;
	}
	switch (put(c, name, "{\"n\":2}", NULL, true, &why)) {
	case S3_PRECONDITION:
		check_set(r, CHECK_PASS, "If-None-Match: * is honoured");
		return 0;
	case S3_ERROR:
		return refused(c, "s3:PutObject", r, &why, err);
	default:
		bucket_check_work_found(r, entry, "the store ignores "
		    "If-None-Match: a second write replaced the first");
		return 0;
	}
}

/* Writers at the same key; each notes whether it won. */
struct race {
	struct bucket_check *c;
	char name[32];
	bool won[WRITERS];
	bool lost[WRITERS];
};

static int
write_at_once(void *state, struct s3 *s3, size_t i, struct err *err)
{
	struct race *race = state;
	char body[32];
	struct probe_put request = { .name = race->name, .if_absent = true };
	struct err why = { 0 };
	int n = snprintf(body, sizeof body, "{\"writer\":%zu}", i);

	request.body = span_make(body, n < 0 ? 0 : (size_t)n);
	switch (probe_put(&race->c->probe, s3, &request, &why)) {
	case S3_OK:
		race->won[i] = true;
		return 0;
	case S3_PRECONDITION:
	case S3_CONFLICT:
		race->lost[i] = true;
		return 0;
	case S3_ERROR:
		if (!bucket_facts_ends(why.class))
			return 0;
		*err = why;
		return -1;
	default:
		return 0;
	}
}

/* The most winners that a round had; -1 with why. */
static int
run_races(struct bucket_check *c, size_t *most, size_t *rounds,
    struct err *why)
{
	struct crew *crew = crew_new(c->session, WRITERS, c->timeout_ms);
	size_t round, i, won, lost;
	int result = 0;

	*most = *rounds = 0;
	if (crew == NULL)
		return err_memory(why);
	crew_patient(crew);
	for (round = 0; round < ROUNDS && result == 0; round++) {
		struct race race = { .c = c };
		int n = snprintf(race.name, sizeof race.name, "race-%zu",
		    round);

		if (n < 0)
			break;
		result = crew_run(crew, WRITERS, write_at_once,
		    &race, why);
		for (i = won = lost = 0; i < WRITERS; i++) {
			won += race.won[i];
			lost += race.lost[i];
		}
		if (won + lost == WRITERS)
			(*rounds)++;
		if (won > *most)
			*most = won;
	}
	crew_free(crew);
	return result;
}

int
bucket_check_work_race(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct bucket_check *c = state;
	struct err why = { 0 };
	size_t most, rounds;

	/* Whoever may not write at all is told so by one. */
	if (put(c, "race", "{}", NULL, false, &why) != S3_OK ||
	    run_races(c, &most, &rounds, &why) != 0)
		return refused(c, "s3:PutObject", r, &why, err);
	if (most > 1)
		bucket_check_work_found(r, entry, "%zu of %d writers won the "
		    "same race", most, WRITERS);
	else if (rounds == 0)
		check_set(r, CHECK_SKIP, "not checked: no race could be held");
	else
		check_set(r, CHECK_PASS, "one winner in each of %zu races",
		    rounds);
	return 0;
}

int
bucket_check_work_if_match(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	static const char name[] = "if-match";
	struct bucket_check *c = state;
	struct err why = { 0 };
	char etag[132];
	enum s3_outcome outcome;

	if (put(c, name, "{\"n\":1}", NULL, false, &why) != S3_OK)
		return refused(c, "s3:PutObject", r, &why, err);
	memcpy(etag, s3_answer(c->s3)->etag, sizeof etag);
	outcome = put(c, name, "{\"n\":2}", WRONG_ETAG, false, &why);
	if (outcome == S3_ERROR)
		return refused(c, "s3:PutObject and s3:GetObject", r, &why,
		    err);
	if (outcome != S3_PRECONDITION) {
		bucket_check_work_found(r, entry, outcome == S3_OK ?
		    "the store ignores If-Match: a write that should have "
		    "been refused replaced the object" :
		    "the store does not know If-Match on writes");
		return 0;
	}
	if (put(c, name, "{\"n\":3}", etag, false, &why) != S3_OK) {
		if (why.class != ERR_NONE)
			return refused(c, "s3:GetObject", r, &why, err);
		bucket_check_work_found(r, entry, "If-Match with the right "
		    "ETag is refused");
		return 0;
	}
	check_set(r, CHECK_PASS, "If-Match is honoured");
	return 0;
}

int
bucket_check_work_delete(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct bucket_check *c = state;
	struct err why = { 0 };
	struct buf key;
	int honoured = -1;

	if (put(c, "delete", "{}", NULL, false, &why) != S3_OK)
		return refused(c, "s3:PutObject", r, &why, err);
	buf_init(&key, LIMIT_KEY);
	probe_key(&c->probe, "delete", &key);
	if (buf_check(&key, "the key", &why) == 0)
		honoured = remote_delete_honoured(c->session, c->s3,
		    buf_string(&key), &why);
	buf_clear(&key);
	if (honoured == 1)
		check_set(r, CHECK_PASS, "If-Match is honoured by deletions");
	else if (honoured == 0)
		bucket_check_work_found(r, entry, "the store ignores "
		    "If-Match on deletions");
	else
		return refused(c, "s3:DeleteObject", r, &why, err);
	return 0;
}

/* In a versioned bucket what lies there now is a delete marker. */
int
bucket_check_work_again(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	static const char name[] = "again";
	struct bucket_check *c = state;
	struct err why = { 0 };
	enum s3_outcome outcome;

	if (put(c, name, "{\"n\":1}", NULL, false, &why) != S3_OK)
		return refused(c, "s3:PutObject", r, &why, err);
	if (delete(c, name, &why) == S3_ERROR)
		return refused(c, "s3:DeleteObject", r, &why, err);
	outcome = put(c, name, "{\"n\":2}", NULL, true, &why);
	if (outcome == S3_ERROR)
		return refused(c, "s3:PutObject", r, &why, err);
	if (outcome == S3_OK)
		check_set(r, CHECK_PASS, "what was deleted can be created "
		    "again");
	else
		bucket_check_work_found(r, entry, "what was deleted cannot "
		    "be created again with If-None-Match: *");
	return 0;
}
