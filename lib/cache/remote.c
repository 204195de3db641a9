#include "cache/remote.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "codec/gzip.h"

void
remote_init(struct remote_entry *r, size_t max)
{
	buf_init(&r->text, max);
	r->may_be_bulk = false;
	bulk_init(&r->bulk);
	r->found = REMOTE_ABSENT;
	r->etag[0] = '\0';
	r->last_modified = r->date = r->length = -1;
	r->exists = r->has_crc = false;
	err_clear(&r->err);
}

void
remote_clear(struct remote_entry *r)
{
	buf_clear(&r->text);
	bulk_clear(&r->bulk);
}

static void
reset(struct remote_entry *r)
{
	buf_reset(&r->text);
	bulk_clear(&r->bulk);
	memset(&r->entry, 0, sizeof r->entry);
	err_clear(&r->err);
	r->etag[0] = '\0';
	r->last_modified = r->date = r->length = -1;
	r->exists = r->has_crc = false;
}

/*
 * A 403 under x-amz-expected-bucket-owner may say that the bucket has been
 * taken over by somebody else; then the same look without the header is
 * answered otherwise (facts/iam-denials.md 4).
 */
static bool
owner_is_wrong(struct session *s, const char *object)
{
	const char *owner = config_text(s->set.config,
	    CONFIG_EXPECTED_BUCKET_OWNER);
	struct s3_settings set = {
		.bucket = s->bucket,
		.endpoint_url = s->s3_endpoint,
		.endpoint = s->endpoints,
		.region = config_text(s->set.config, CONFIG_REGION),
	};
	struct err err = { 0 };
	struct s3 *plain;
	bool wrong;

	if (owner == NULL)
		return false;
	if (set.region == NULL && s->region_hint[0] != '\0')
		set.region = s->region_hint;
	if ((plain = s3_new(&set, &s->call, &s->bucket_keys, &err)) == NULL)
		return false;
	wrong = s3_head(plain, object, &err) != S3_ERROR ||
	    (err.class != ERR_DENIED && err.class != ERR_NETWORK);
	s3_free(plain);
	return wrong;
}

/* What an error answer to a read means for the read path. */
static enum remote_found
read_failure(struct session *s, const char *object, struct err *err)
{
	switch (err->class) {
	case ERR_DATA:
		return REMOTE_LARGE;
	case ERR_NETWORK:
		return REMOTE_DOWN;
	case ERR_BUCKET:
		return REMOTE_NO_BUCKET;
	case ERR_DENIED:
		break;
	case ERR_INTERNAL:
		/* A refusal that this version has no name for (the object of
		 * somebody who encrypts with a key of his own, for one) is
		 * S3's trouble: the read path goes on without it. */
		if (err->code[0] != '\0')
			err->class = ERR_NETWORK;
		return REMOTE_ERROR;
	default:
		return REMOTE_ERROR;
	}
	if (owner_is_wrong(s, object)) {
		struct err wrong = { 0 };

		err_set(&wrong, ERR_BUCKET,
		    "bucket '%s' does not belong to account '%s': nothing "
		    "is read from it or written to it", s->bucket,
		    config_text(s->set.config, CONFIG_EXPECTED_BUCKET_OWNER));
		err_code(&wrong, "WrongBucketOwner");
		err_hint(&wrong, "check the bucket's name, and "
		    "expected_bucket_owner in the settings");
		*err = wrong;
		return REMOTE_NO_BUCKET;
	}
	if (strstr(err->message, "s3:GetObject") != NULL ||
	    strstr(err->message, "kms:") != NULL ||
	    strcmp(err->code, "AccessDenied") != 0)
		return REMOTE_DENIED;
	return REMOTE_UNPROVABLE;
}

static enum remote_found
expand(struct span body, struct remote_entry *out)
{
	if (!gzip_magic(body)) {
		buf_add_span(&out->text, body);
	} else {
		switch (gzip_expand_into(body, &out->text, &out->err)) {
		case GZIP_DONE:
			out->has_crc = true;
			out->crc = gzip_trailer_crc32(body);
			break;
		case GZIP_TOO_LARGE:
			return REMOTE_LARGE;
		case GZIP_ERROR:
			return REMOTE_ERROR;
		default:
			return REMOTE_CORRUPT;
		}
	}
	if (out->text.fault == BUF_FULL)
		return REMOTE_LARGE;
	return buf_check(&out->text, "object", &out->err) == 0 ?
	    REMOTE_FOUND : REMOTE_ERROR;
}

/* Sound, of this key and large: it stays packed. */
static bool
take_bulk(struct s3 *s3, const struct key *key, enum entry_depth depth,
    struct remote_entry *out)
{
	struct span body = buf_view(&s3_answer(s3)->response->body);
	struct buf member;

	if (!out->may_be_bulk || !gzip_magic(body) ||
	    gzip_trailer_length(body) < LIMIT_IN_MEMORY ||
	    !bulk_sound(body, depth, out->text.max, &out->entry) ||
	    !entry_matches(&out->entry.metadata, key))
		return false;
	out->has_crc = true;
	out->crc = gzip_trailer_crc32(body);
	buf_init(&member, 0);
	s3_take_body(s3, &member);
	bulk_hold(&out->bulk, &member);
	return true;
}

/*
 * Design section 4: foreign, too large, corrupt. What is broken is ours to
 * delete only when its headers say that we wrote it.
 */
static enum remote_found
classify(struct s3 *s3, const struct key *key,
    struct remote_entry *out, const char **reason)
{
	struct span body = buf_view(&s3_answer(s3)->response->body);
	struct span schema = s3_meta(s3, "schema-version");
	bool ours = span_is(schema, REMOTE_SCHEMA);
	enum entry_depth depth;
	enum remote_found found;

	*reason = "not written by teamcache";
	if (schema.n > 0 && !ours) {
		*reason = "its schema version is unknown to this version";
		return REMOTE_FOREIGN;
	}
	/* Its writer hashed the packed bytes too, a seventh of the plain ones:
	 * if they came as they were written, so did what is in them. */
	depth = ours && s3_body_as_written(s3) ? ENTRY_JSON : ENTRY_WHOLE;
	if (take_bulk(s3, key, depth, out))
		return REMOTE_FOUND;
	if ((found = expand(body, out)) == REMOTE_CORRUPT) {
		*reason = "its gzip data is damaged";
		return ours ? REMOTE_CORRUPT : REMOTE_FOREIGN;
	}
	if (found != REMOTE_FOUND)
		return found;
	switch (entry_parse(buf_view(&out->text), depth, &out->entry, reason)) {
	case ENTRY_SOUND:
		break;
	case ENTRY_UNKNOWN_SCHEMA:
		return REMOTE_FOREIGN;
	case ENTRY_NO_MEMORY:
		err_memory(&out->err);
		return REMOTE_ERROR;
	default:
		return ours ? REMOTE_CORRUPT : REMOTE_FOREIGN;
	}
	if (entry_matches(&out->entry.metadata, key))
		return REMOTE_FOUND;
	*reason = "it names another account, type or period than its key";
	return ours ? REMOTE_CORRUPT : REMOTE_FOREIGN;
}

/*
 * A corrupt object costs every reader a request; it goes, unless it has been
 * replaced since it was read (If-Match).
 */
static void
remove_corrupt(struct session *s, const struct key *key, const char *object,
    struct remote_entry *out, const char *reason)
{
	struct err err = { 0 };

	log_warn(s->set.log, "'s3://%s/%s' is corrupt: %s; it counts as a miss",
	    s->bucket, object, reason);
	if (out->etag[0] == '\0' || !remote_conditional_delete(s, key)) {
		log_step(s->set.log, "'%s' is left to be replaced", object);
		return;
	}
	switch (s3_delete(s->s3, object, out->etag, &err)) {
	case S3_OK:
		log_step(s->set.log, "corrupt '%s' deleted", object);
		out->exists = false;
		out->etag[0] = '\0';
		break;
	case S3_ABSENT:
		out->exists = false;
		out->etag[0] = '\0';
		break;
	case S3_ERROR:
		log_warn(s->set.log, "cannot delete the corrupt "
		    "'s3://%s/%s': %s", s->bucket, object, err.message);
		break;
	default:
		log_step(s->set.log, "'%s' has been replaced meanwhile",
		    object);
		break;
	}
}

static void
say_foreign(struct session *s, const char *object, const char *reason)
{
	log_warn(s->set.log, "'s3://%s/%s' is a foreign object (%s): it counts "
	    "as a miss and is left alone; to replace it: teamcache push "
	    "--force, or aws s3 rm 's3://%s/%s'", s->bucket, object, reason,
	    s->bucket, object);
}

static void
say_large(struct session *s, const char *object)
{
	log_warn(s->set.log, "'s3://%s/%s' is larger than max_object_size "
	    "(%zu bytes): it counts as a miss and is left alone", s->bucket,
	    object, session_object_max(s));
}

static void
note_answer(struct session *s, const struct s3_answer *answer,
    struct remote_entry *out)
{
	out->date = answer->date;
	out->last_modified = answer->last_modified;
	out->length = answer->length;
	memcpy(out->etag, answer->etag, sizeof out->etag);
	session_saw_date(s, answer->date);
}

static enum remote_found
found_object(struct session *s, const struct key *key, const char *object,
    struct remote_entry *out)
{
	const char *reason;
	enum remote_found found;

	out->exists = true;
	found = classify(s->s3, key, out, &reason);
	if (found == REMOTE_FOREIGN)
		say_foreign(s, object, reason);
	else if (found == REMOTE_CORRUPT)
		remove_corrupt(s, key, object, out, reason);
	else if (found == REMOTE_LARGE)
		say_large(s, object);
	return found;
}

/* An error answer carries a Date too, which --refresh may need. */
static enum remote_found
failed(struct session *s, const char *object, struct remote_entry *out)
{
	enum remote_found found;

	if (s->s3 != NULL)
		out->date = s3_answer(s->s3)->date;
	session_saw_date(s, out->date);
	found = read_failure(s, object, &out->err);
	if (found == REMOTE_LARGE) {
		out->exists = true;
		say_large(s, object);
	}
	return found;
}

/* The bucket, and the entry's key in it, to be cleared in any case. */
static struct s3 *
begin(struct session *s, const struct key *key, struct buf *object,
    struct remote_entry *out)
{
	reset(out);
	out->found = REMOTE_ERROR;
	buf_init(object, LIMIT_KEY);
	key_object(buf_string(&s->prefix), key, object);
	return buf_check(object, "key", &out->err) != 0 ? NULL :
	    session_s3(s, &out->err);
}

enum remote_found
remote_get(struct session *s, const struct key *key, const char *etag,
    struct remote_entry *out)
{
	struct buf object;
	struct s3 *s3 = begin(s, key, &object, out);

	if (s3 == NULL)
		goto out;
	/* What is packed and larger than the plain bytes may be is too large
	 * already. */
	switch (s3_get(s3, buf_string(&object), etag, session_object_max(s),
	    &out->err)) {
	case S3_OK:
		note_answer(s, s3_answer(s3), out);
		out->found = found_object(s, key, buf_string(&object), out);
		break;
	case S3_NOT_MODIFIED:
		note_answer(s, s3_answer(s3), out);
		out->exists = true;
		out->found = REMOTE_NOT_MODIFIED;
		break;
	case S3_ABSENT:
		note_answer(s, s3_answer(s3), out);
		out->etag[0] = '\0';
		out->found = REMOTE_ABSENT;
		break;
	case S3_ERROR:
		out->found = failed(s, buf_string(&object), out);
		break;
	default:
		err_set(&out->err, ERR_NETWORK, "cannot read 's3://%s/%s': "
		    "the store answered a plain GET with HTTP %d",
		    s->bucket, buf_string(&object), s3_answer(s3)->status);
		out->found = REMOTE_DOWN;
		break;
	}
out:
	buf_clear(&object);
	return out->found;
}

enum remote_found
remote_look(struct session *s, const struct key *key,
    struct remote_entry *out)
{
	struct buf object;
	struct s3 *s3 = begin(s, key, &object, out);

	if (s3 == NULL)
		goto out;
	switch (s3_head(s3, buf_string(&object), &out->err)) {
	case S3_OK:
		note_answer(s, s3_answer(s3), out);
		out->exists = true;
		out->found = span_is(s3_meta(s3, "schema-version"),
		    REMOTE_SCHEMA) ? REMOTE_FOUND : REMOTE_FOREIGN;
		break;
	case S3_ABSENT:
		note_answer(s, s3_answer(s3), out);
		out->found = REMOTE_ABSENT;
		break;
	default:
		out->found = failed(s, buf_string(&object), out);
		break;
	}
out:
	buf_clear(&object);
	return out->found;
}
