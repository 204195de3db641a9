#include "cache/bulk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "codec/hash.h"
#include "codec/hex.h"
#include "codec/json.h"

/* What one read of a file asks for. */
#define PIECE ((size_t)32768)

void
bulk_init(struct bulk *b)
{
	memset(b, 0, sizeof *b);
	buf_init(&b->packed, LIMIT_OBJECT);
	b->fd = -1;
}

void
bulk_clear(struct bulk *b)
{
	buf_clear(&b->packed);
	/* It was only read: close has nothing to lose. */
	if (b->there && b->fd >= 0)
		(void)close(b->fd);
	bulk_init(b);
}

/* The data of an envelope on their way from the member to the JSON check. */
struct pass {
	struct gzip_reader *reader;
	struct span rest;	/* of the last piece */
	size_t left;		/* of the data */
	size_t room;		/* how many more bytes there may be */
	char last;		/* byte of the data so far */
	bool large;		/* there were more */
	bool hashed;
	struct hash_sha256 hash;
};

static bool
next_piece(struct pass *p)
{
	if (!gzip_reader_next(p->reader, &p->rest))
		return false;
	p->large = p->rest.n > p->room;
	p->room -= p->large ? 0 : p->rest.n;
	return !p->large;
}

static bool
pull_data(void *state, struct span *piece)
{
	struct pass *p = state;
	size_t n;

	if (p->left == 0 || (p->rest.n == 0 && !next_piece(p)))
		return false;
	n = p->rest.n < p->left ? p->rest.n : p->left;
	*piece = span_make(p->rest.p, n);
	p->rest = span_make(p->rest.p + n, p->rest.n - n);
	p->left -= n;
	p->last = piece->p[n - 1];
	if (p->hashed)
		hash_sha256_add(&p->hash, piece->p, n);
	return true;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Behind the data: the envelope's last brace, and blanks around it. */
static bool
ends_soundly(struct pass *p)
{
	bool closed = false;
	size_t i;

	if (p->left > 0 || is_blank(p->last))
		return false;
	do {
		for (i = 0; i < p->rest.n; i++) {
			if (is_blank(p->rest.p[i]))
				continue;
			if (closed || p->rest.p[i] != '}')
				return false;
			closed = true;
		}
	} while (next_piece(p));
	return closed && !p->large &&
	    gzip_reader_end(p->reader) == GZIP_DONE;
}

static bool
has_hash(const struct pass *p, const char *named)
{
	unsigned char digest[HASH_SHA256];
	char hex[HASH_SHA256_HEX];

	hash_sha256_sum(&p->hash, digest);
	hex_encode(digest, sizeof digest, hex);
	return strcmp(hex, named) == 0;
}

static bool
is_sound(struct pass *p, enum entry_depth depth, struct entry *out)
{
	struct err err;

	/* The first piece is twice as large as metadata may be. */
	if (!next_piece(p) || !entry_begin(p->rest, out) ||
	    entry_may_be_final(&out->metadata))
		return false;
	p->rest = span_make(p->rest.p + out->data_offset,
	    p->rest.n - out->data_offset);
	p->left = out->data.n;
	p->last = ' ';
	p->hashed = depth == ENTRY_WHOLE;
	hash_sha256_init(&p->hash);
	err_clear(&err);
	return json_check_pieces(pull_data, p, &err) == 0 &&
	    ends_soundly(p) &&
	    (!p->hashed || has_hash(p, out->metadata.content_sha256));
}

bool
bulk_sound(struct span member, enum entry_depth depth, size_t max,
    struct entry *out)
{
	struct pass p = { .room = max };
	bool sound;

	memset(out, 0, sizeof *out);
	if (depth == ENTRY_FRAME ||
	    (p.reader = gzip_reader_new(member)) == NULL)
		return false;
	sound = is_sound(&p, depth, out);
	gzip_reader_free(p.reader);
	return sound;
}

void
bulk_hold(struct bulk *b, struct buf *member)
{
	size_t max = member->max;

	bulk_clear(b);
	b->there = true;
	b->length = gzip_trailer_length(buf_view(member));
	b->packed = *member;
	buf_init(member, max);
}

void
bulk_hold_file(struct bulk *b, int fd, size_t offset)
{
	buf_clear(&b->packed);
	b->fd = fd;
	b->offset = offset;
}

/* The part of a piece that is wanted. */
struct window {
	size_t skip;
	size_t left;
	gzip_sink *sink;
	void *state;
};

static int
pass_on(void *state, const char *p, size_t n, struct err *err)
{
	struct window *w = state;
	size_t skip = w->skip < n ? w->skip : n;

	w->skip -= skip;
	n -= skip;
	if (n > w->left)
		n = w->left;
	w->left -= n;
	return n == 0 ? 0 : w->sink(w->state, p + skip, n, err);
}

static int
send_file(const struct bulk *b, struct window *w, struct err *err)
{
	size_t at = b->offset + w->skip;
	char *piece = malloc(PIECE);
	ssize_t got = 1;
	int result = 0;

	if (piece == NULL)
		return err_memory(err);
	w->skip = 0;
	while (w->left > 0 && got != 0 && result == 0) {
		got = pread(b->fd, piece, w->left < PIECE ? w->left : PIECE,
		    (off_t)at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			result = err_system(err, errno, "cannot read",
			    "the local copy");
		else if (got > 0)
			result = pass_on(w, piece, (size_t)got, err);
		at += got > 0 ? (size_t)got : 0;
	}
	free(piece);
	return result;
}

int
bulk_send(const struct bulk *b, size_t from, size_t n, gzip_sink *sink,
    void *state, struct err *err)
{
	struct window w = { from, n, sink, state };

	if (b->fd >= 0) {
		if (send_file(b, &w, err) != 0)
			return -1;
	} else if (gzip_expand(buf_view(&b->packed), b->length, pass_on, &w,
	    err) == GZIP_ERROR) {
		return -1;
	}
	return w.left == 0 ? 0 : err_set(err, ERR_INTERNAL,
	    "an entry that was whole is cut");
}
