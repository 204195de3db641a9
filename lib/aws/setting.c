#include "aws/setting.h"

#include "base/buf.h"
#include "base/span.h"

struct setting
setting_find(const struct setting_place *place, const char *variable,
    const char *key, const char *sub)
{
	struct setting s = { .name = variable };

	if (variable != NULL &&
	    (s.text = env_value(place->env, variable)) != NULL)
		return s;
	s.name = sub != NULL ? sub : key;
	if (place->files == NULL || place->profile == NULL)
		return s;
	s.value = profile_get(place->files, place->profile, key, sub);
	s.text = s.value.text;
	return s;
}

int
setting_refuse(const struct setting *s, const char *what, struct err *err)
{
	if (s->value.file == NULL)
		return err_set(err, ERR_USAGE, "%s is '%s': it takes %s",
		    s->name, s->text, what);
	return err_set(err, ERR_USAGE, "'%s' line %u: %s is '%s': it takes %s",
	    s->value.file, s->value.line, s->name, s->text, what);
}

/* "'a', 'b' or 'c'" */
static void
list_words(const char *const *words, struct buf *out)
{
	size_t i;

	for (i = 0; words[i] != NULL; i++) {
		if (i > 0)
			buf_add_string(out, words[i + 1] == NULL ? " or " :
			    ", ");
		buf_addf(out, "'%s'", words[i]);
	}
}

int
setting_word(const struct setting *s, const char *const *words, size_t *out,
    struct err *err)
{
	struct buf list;

	*out = 0;
	if (s->text == NULL)
		return 0;
	for (; words[*out] != NULL; (*out)++) {
		if (span_is_nocase(span_of(s->text), words[*out]))
			return 0;
	}
	buf_init(&list, 512);
	list_words(words, &list);
	setting_refuse(s, buf_string(&list), err);
	buf_clear(&list);
	return -1;
}

int
setting_flag(const struct setting *s, bool *out, struct err *err)
{
	static const char *const words[] = { "false", "true", NULL };
	size_t word;

	*out = false;
	if (setting_word(s, words, &word, err) != 0)
		return -1;
	*out = word == 1;
	return 0;
}
