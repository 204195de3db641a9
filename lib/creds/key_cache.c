#include "creds/key_cache.h"

#include <stdio.h>
#include <string.h>

#include "aws/endpoint.h"
#include "base/date.h"
#include "base/limits.h"
#include "codec/hash.h"
#include "codec/hex.h"
#include "codec/json.h"
#include "creds/static_keys.h"
#include "sys/lock.h"

#define FOLDER "credentials"
#define EARLY_SECONDS 300

/* Longer than any request takes; then everybody for himself. */
#define WAIT_MS 60000

/* No session lasts longer than twelve hours. */
#define SWEEP_SECONDS (2 * 86400)

/* A secret, a token, and their names. */
#define FILE_MAX (4 * LIMIT_TOKEN)

/* One fetch on its way. */
struct visit {
	struct provider_input *input;
	const struct key_cache_request *request;
	char path[sizeof FOLDER + HASH_SHA256_HEX];
	struct keys kept;	/* of the file; no id: a miss */
	char region[sizeof ((struct provider_input *)0)->region];
};

bool
key_cache_wanted(const char *mode, const struct env *env)
{
	if (mode == NULL || strcmp(mode, "auto") == 0)
		return env_value(env, "CI") == NULL;
	return strcmp(mode, "on") == 0;
}

void
key_cache_add(struct buf *subject, const char *name, const char *value)
{
	if (value == NULL)
		buf_addf(subject, "%s -\n", name);
	else
		buf_addf(subject, "%s %zu %s\n", name, strlen(value), value);
}

static void
name_file(struct visit *v)
{
	char name[HASH_SHA256_HEX];
	struct hash_sha256 sum;
	unsigned char digest[HASH_SHA256];
	int n;

	hash_sha256_init(&sum);
	hash_sha256_add(&sum, v->request->kind,
	    strlen(v->request->kind) + 1);
	hash_sha256_add(&sum, v->request->subject.p, v->request->subject.n);
	hash_sha256_sum(&sum, digest);
	hex_encode(digest, sizeof digest, name);
	n = snprintf(v->path, sizeof v->path, FOLDER "/%s", name);
	if (n < 0)
		v->path[0] = '\0';
}

/* One string of the file; NULL when it is not there. */
static const char *
text_of(const struct json *j, const char *name, struct buf *to)
{
	buf_init_secret(to, LIMIT_TOKEN);
	if (!json_string(j, json_member(j, 0, name), to) || to->n == 0 ||
	    strlen(buf_string(to)) != to->n)
		return NULL;
	return buf_string(to);
}

/* Whatever is not as it was written is no cached key. */
static bool
read_json(const struct json *j, struct keys *keys)
{
	struct buf id, secret, token, account, expiry;
	struct err ignored = { 0 };
	struct static_keys from = {
		.where = "the credential cache",
		.names = { "access_key_id", "secret_access_key",
		    "session_token" },
		.id = text_of(j, "access_key_id", &id),
		.secret = text_of(j, "secret_access_key", &secret),
		.token = text_of(j, "session_token", &token),
		.account = text_of(j, "account_id", &account),
	};
	int64_t version;
	bool sound;

	sound = text_of(j, "expires_at", &expiry) != NULL &&
	    date_parse_rfc3339(buf_view(&expiry), &keys->expires_at) &&
	    json_integer(j, json_member(j, 0, "version"), 1, 1, &version) &&
	    from.id != NULL && static_keys_read(&from, keys, &ignored) == 0;
	buf_clear(&id);
	buf_clear(&secret);
	buf_clear(&token);
	buf_clear(&account);
	buf_clear(&expiry);
	return sound;
}

/* Where the source of the keys ran, which was not asked this time. */
static void
read_region(const struct json *j, struct visit *v)
{
	if (!json_string_copy(j, json_member(j, 0, "region"), v->region,
	    sizeof v->region) || !endpoint_region_valid(v->region))
		v->region[0] = '\0';
}

/* What is in the file, into v->kept, unless it has been rejected. */
static void
look(struct visit *v)
{
	const char *rejected = v->input->rejected;
	struct err ignored = { 0 };
	struct json j = { 0 };
	struct buf text;

	keys_clear(&v->kept);
	buf_init_secret(&text, FILE_MAX);
	if (file_root_read(v->input->settings->state, v->path, &text,
	    &ignored) != FILE_READ ||
	    json_parse(&j, buf_view(&text), JSON_UNIQUE_KEYS, &ignored) != 0 ||
	    !read_json(&j, &v->kept) || (rejected != NULL &&
	    strcmp(v->kept.access_key_id, rejected) == 0))
		keys_clear(&v->kept);
	else
		read_region(&j, v);
	json_clear(&j);
	buf_clear(&text);
}

/* Do the kept keys last for another so many seconds? */
static bool
lasts(const struct visit *v, int64_t seconds)
{
	return v->kept.access_key_id[0] != '\0' &&
	    v->kept.expires_at - seconds > v->input->now;
}

static void
use(struct visit *v, struct keys *keys)
{
	char when[DATE_ROOM];

	date_format_rfc3339(v->kept.expires_at, when);
	provider_say(v->input, "from the credential cache, until %s", when);
	keys_clear(keys);
	memcpy(v->input->region, v->region, sizeof v->region);
	*keys = v->kept;
	memset(&v->kept, 0, sizeof v->kept);
}

/* Old files are of no use to anybody. Lock files stay (sys/lock.h). */
static int
sweep(void *state, const char *path, int64_t size, int64_t modified,
    struct err *err)
{
	const struct visit *v = state;
	struct err ignored = { 0 };

	(void)err;
	if (size > 0 && modified < v->input->now - SWEEP_SECONDS)
		(void)file_root_remove(v->input->settings->state, path,
		    &ignored);
	return 0;
}

/* What cannot be kept will be asked for again. */
static void
keep(struct visit *v, const struct keys *keys)
{
	const struct file_root *root = v->input->settings->state;
	struct err ignored = { 0 };
	struct json_writer w;
	char when[DATE_ROOM];
	struct span content;
	struct buf text;

	if (keys->expires_at == 0)
		return;
	date_format_rfc3339(keys->expires_at, when);
	buf_init_secret(&text, FILE_MAX);
	json_begin(&w, &text, false);
	json_open_object(&w);
	json_member_integer(&w, "version", 1);
	json_member_string(&w, "kind", v->request->kind);
	json_member_string(&w, "access_key_id", keys->access_key_id);
	json_put_name(&w, "secret_access_key");
	json_put_span(&w, secret_reveal(&keys->secret_key));
	json_put_name(&w, "session_token");
	json_put_span(&w, secret_reveal(&keys->session_token));
	json_member_string(&w, "expires_at", when);
	json_member_string(&w, "account_id", keys->account_id);
	json_member_string(&w, "region", v->input->region);
	json_close_object(&w);
	buf_add_char(&text, '\n');
	content = buf_view(&text);
	if (buf_check(&text, "", &ignored) == 0)
		(void)file_root_replace(root, v->path, &content, 1, false,
		    &ignored);
	buf_clear(&text);
	err_clear(&ignored);
	(void)file_root_walk(root, FOLDER, true, sweep, v, &ignored);
}

/* The request itself; what comes must be worth something. */
static int
ask(struct visit *v, struct keys *keys, struct err *err)
{
	char when[DATE_ROOM];

	if (v->request->fetch(v->request->state, keys, err) != 0)
		return -1;
	if (v->input->now == 0 || keys->expires_at == 0 ||
	    keys->expires_at > v->input->now)
		return 0;
	date_format_rfc3339(keys->expires_at, when);
	err_set(err, ERR_CREDENTIALS, "the keys that came had expired at %s",
	    when);
	err_hint(err, "set this machine's clock");
	return -1;
}

static int64_t
wait_of(const struct call_context *call)
{
	int64_t left = call_left_ms(call) / 2;

	return left < WAIT_MS ? left : WAIT_MS;
}

/* With the lock or, when it cannot be had, without. */
static int
refresh(struct visit *v, int64_t early, struct keys *keys, struct err *err)
{
	const struct chain_settings *set = v->input->settings;
	char path[sizeof v->path + 8];
	struct lock lock = LOCK_INIT;
	struct err ignored = { 0 };
	int n, result = 0;

	n = snprintf(path, sizeof path, "%s.lock", v->path);
	if (n < 0)
		path[0] = '\0';
	if (lock_wait(&lock, set->state, path, set->call->clock,
	    wait_of(set->call), &ignored) == LOCK_HELD)
		look(v);
	if (lasts(v, early)) {
		use(v, keys);
		goto out;
	}
	result = ask(v, keys, err);
	if (result == 0)
		keep(v, keys);
out:
	lock_release(&lock);
	return result;
}

int
key_cache_fetch(struct provider_input *input,
    const struct key_cache_request *request, struct keys *keys,
    struct err *err)
{
	const struct chain_settings *set = input->settings;
	int64_t early = request->early > 0 ? request->early : EARLY_SECONDS;
	struct visit v = { .input = input, .request = request };
	struct err failure = { 0 };
	int result = 0;

	/* Without a clock nothing is known to be unexpired. */
	if (!set->disk_cache || set->state == NULL || set->state->fd < 0 ||
	    set->call == NULL || input->now == 0)
		return ask(&v, keys, err);
	name_file(&v);
	look(&v);
	if (lasts(&v, early)) {
		use(&v, keys);
		goto out;
	}
	result = refresh(&v, early, keys, &failure);
	if (result == 0)
		goto out;
	keys_clear(keys);
	if (lasts(&v, 0) && !err_interrupted(&failure)) {
		provider_say(input, "new ones could not be fetched (%s)",
		    failure.message);
		use(&v, keys);
		result = 0;
	} else if (err->class == ERR_NONE) {
		*err = failure;
	}
out:
	keys_clear(&v.kept);
	return result;
}
