/* What was read, written in the plainest form, reads as the same. */
#include "fuzz.h"

#include "aws/section.h"
#include "codec/ini.h"

static void
put_value(struct span value, struct buf *out)
{
	size_t i;

	for (i = 0; i < value.n; i++) {
		buf_add_char(out, value.p[i]);
		if (value.p[i] == '\n')
			buf_add_char(out, '\t');
	}
	buf_add_char(out, '\n');
}

/* An entry with a sub-key follows that of its key with an empty value. */
static void
put_entries(const struct ini *ini, size_t *next, unsigned before,
    struct buf *out)
{
	const struct ini_entry *e;

	for (; *next < ini->count; ++*next) {
		e = &ini->entries[*next];
		if (before != 0 && e->line > before)
			return;
		if (e->sub.n > 0)
			buf_add_char(out, '\t');
		buf_add_span(out, e->sub.n > 0 ? e->sub : e->key);
		buf_add_char(out, '=');
		put_value(e->value, out);
	}
}

static void
put(const struct ini *ini, struct buf *out)
{
	size_t i, next = 0;

	for (i = 0; i < ini->section_count; i++) {
		buf_addf(out, "[%.*s]\n", (int)ini->sections[i].name.n,
		    ini->sections[i].name.p);
		put_entries(ini, &next, i + 1 < ini->section_count ?
		    ini->sections[i + 1].line : 0, out);
	}
	must(next == ini->count);
}

static void
check_same(const struct ini *a, const struct ini *b)
{
	size_t i;

	must(a->count == b->count && a->section_count == b->section_count);
	for (i = 0; i < a->section_count; i++)
		must(span_equal(a->sections[i].name, b->sections[i].name));
	for (i = 0; i < a->count; i++) {
		must(span_equal(a->entries[i].section, b->entries[i].section));
		must(span_equal(a->entries[i].key, b->entries[i].key));
		must(span_equal(a->entries[i].sub, b->entries[i].sub));
		must(span_equal(a->entries[i].value, b->entries[i].value));
	}
}

/* Each of its texts is its own. */
static void
check_entries(const struct ini *ini)
{
	struct span memory = span_make(ini->memory, ini->size);
	size_t i;

	for (i = 0; i < ini->count; i++) {
		const struct ini_entry *e = &ini->entries[i];

		must(e->key.n > 0 && fuzz_within(e->key, memory));
		must(fuzz_within(e->value, memory));
		must(fuzz_within(e->sub, memory));
	}
}

static void
check_names(const struct ini *ini)
{
	size_t i;

	for (i = 0; i < ini->section_count; i++) {
		struct span inside = ini->sections[i].name;
		struct buf name;
		int both;

		must(inside.n > 0);
		for (both = 0; both < 2; both++) {
			buf_init(&name, inside.n + 1);
			(void)section_read(inside, both != 0, &name);
			must(name.fault == BUF_SOUND && name.n <= inside.n);
			buf_clear(&name);
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = { 0 };
	struct ini ini, again;
	struct buf text;
	unsigned flags;

	for (flags = 0; flags <= INI_INLINE_COMMENTS; flags++) {
		err_clear(&err);
		if (ini_parse(&ini, fuzz_span(data, size), "file", flags,
		    &err) != 0) {
			fuzz_refused(&err);
			must(ini.memory == NULL && ini.count == 0);
			continue;
		}
		check_entries(&ini);
		check_names(&ini);
		buf_init(&text, 4 * size + 16);
		put(&ini, &text);
		must(buf_check(&text, "text", &err) == 0);
		/* A value may hold what a comment would begin with. */
		if (ini_parse(&again, buf_view(&text), "again", flags,
		    &err) == 0)
			check_same(&ini, &again);
		else
			must(strstr(err.message, "too long") != NULL);
		ini_clear(&again);
		ini_clear(&ini);
		buf_clear(&text);
	}
	return 0;
}
