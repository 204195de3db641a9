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

/* The bytes of a file, one piece after the other. */
struct file_reader {
	int fd;
	size_t at, left;
	int errnum;		/* why there are no more, 0 when they end */
	char piece[PIECE];
};

static struct file_reader *
file_reader_new(int fd, size_t at, size_t left)
{
	struct file_reader *r = malloc(sizeof *r);

	if (r == NULL)
		return NULL;
	r->fd = fd;
	r->at = at;
	r->left = left;
	r->errnum = 0;
	return r;
}

static bool
file_reader_next(struct file_reader *r, struct span *piece)
{
	ssize_t got;

	do {
		got = r->left == 0 ? 0 : pread(r->fd, r->piece,
		    r->left < PIECE ? r->left : PIECE, (off_t)r->at);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		r->errnum = errno;
	if (got <= 0)
		return false;
	r->at += (size_t)got;
	r->left -= (size_t)got;
	*piece = span_make(r->piece, (size_t)got);
	return true;
}

/* An envelope on its way from a member, or a file, to what looks at it. */
struct pass {
	struct gzip_reader *reader;	/* NULL: the file */
	struct file_reader *file;
	uint32_t crc;		/* of the file's bytes */
	struct span rest;	/* of the last piece */
	size_t left;		/* of the data */
	size_t room;		/* how many more bytes there may be */
	char last;		/* byte of the data so far */
	bool large;		/* there were more */
	bool hashed;
	struct hash_sha256 hash;
};

static bool
next_of_file(struct pass *p)
{
	if (!file_reader_next(p->file, &p->rest))
		return false;
	p->crc = gzip_crc32(p->crc, p->rest.p, p->rest.n);
	return true;
}

static bool
next_piece(struct pass *p)
{
	p->rest = span_make(NULL, 0);
	if (p->reader == NULL)
		return next_of_file(p);
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
	return closed && !p->large && (p->reader == NULL ?
	    p->file->left == 0 : gzip_reader_end(p->reader) == GZIP_DONE);
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

/* The first piece is twice as large as metadata may be. */
static bool
begin(struct pass *p, struct entry *out)
{
	if (!next_piece(p) || !entry_begin(p->rest, out))
		return false;
	p->rest = span_make(p->rest.p + out->data_offset,
	    p->rest.n - out->data_offset);
	p->left = out->data.n;
	p->last = ' ';
	return true;
}

static bool
is_sound(struct pass *p, enum entry_depth depth, struct entry *out)
{
	struct err err;

	if (!begin(p, out) || entry_may_be_final(&out->metadata))
		return false;
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

bool
bulk_file_sound(int fd, size_t offset, size_t length, struct entry *out,
    uint32_t *crc)
{
	struct pass p = { .file = file_reader_new(fd, offset, length) };
	struct span piece;
	bool sound;

	memset(out, 0, sizeof *out);
	if (p.file == NULL)
		return false;
	sound = begin(&p, out);
	while (sound && pull_data(&p, &piece))
		continue;
	sound = sound && ends_soundly(&p);
	*crc = p.crc;
	free(p.file);
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
bulk_hold_file(struct bulk *b, int fd, size_t offset, size_t length)
{
	bulk_clear(b);
	b->there = true;
	b->length = length;
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
	struct file_reader *r = file_reader_new(b->fd, b->offset + w->skip,
	    w->left);
	struct span piece;
	int result = 0;

	if (r == NULL)
		return err_memory(err);
	w->skip = 0;
	while (result == 0 && file_reader_next(r, &piece))
		result = pass_on(w, piece.p, piece.n, err);
	if (r->errnum != 0)
		result = err_system(err, r->errnum, "cannot read",
		    "the local copy");
	free(r);
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
