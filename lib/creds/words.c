#include "creds/words.h"

#include <stdlib.h>
#include <string.h>

/* Where a reader of the line is. */
struct state {
	const char *at;
	char quote;		/* ' or " inside of one, else NUL */
	bool literal;		/* the byte that was read stood quoted, */
	bool escaped;		/* by a backslash */
	bool joined;		/* it was a line end behind a backslash, or a
				   quotation mark: no byte at all */
	const char *fault;	/* why reading stopped */
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Behind a backslash. */
static char
read_escaped(struct state *s)
{
	char c = *s->at;

	s->literal = s->escaped = true;
	if (c == '\0') {
		s->fault = "ends in a backslash";
	} else if (c == '\n') {
		s->joined = true;
		s->at++;
	} else if (s->quote == '"' && strchr("$`\"\\", c) == NULL) {
		return '\\';
	} else {
		s->at++;
	}
	return c;
}

/* The next byte, its meaning in s; NUL at the end. */
static char
read_byte(struct state *s)
{
	char c = *s->at;

	s->literal = s->quote != '\0';
	s->escaped = s->joined = false;
	if (c == '\0') {
		if (s->quote != '\0')
			s->fault = "has a quotation that does not end";
		return '\0';
	}
	s->at++;
	if (c == '\\' && s->quote != '\'')
		return read_escaped(s);
	if (s->quote == '\0' ? c == '\'' || c == '"' : c == s->quote) {
		s->quote = s->quote == '\0' ? c : '\0';
		s->joined = s->literal = true;
	}
	return c;
}

int
words_split(struct words *w, const char *line, struct err *err)
{
	struct state s = { .at = line };
	size_t n = strlen(line);
	bool in_word = false;
	char *to, c;

	memset(w, 0, sizeof *w);
	/* A word and its NUL take no more than the word and its blank. */
	w->text = to = calloc(n + 2, 1);
	w->list = calloc(n / 2 + 2, sizeof *w->list);
	if (w->text == NULL || w->list == NULL) {
		words_clear(w);
		return err_memory(err);
	}
	while ((c = read_byte(&s)) != '\0' && s.fault == NULL) {
		if (!s.literal && is_blank(c)) {
			if (in_word)
				*to++ = '\0';
			in_word = false;
			continue;
		}
		/* Only a line end adds no word: "" is an empty one. */
		if (!in_word && !(s.joined && c == '\n'))
			w->list[w->count++] = to;
		in_word = in_word || !(s.joined && c == '\n');
		if (!s.joined)
			*to++ = c;
	}
	if (s.fault == NULL && w->text[0] == '\0')
		s.fault = "names no program";
	if (s.fault == NULL)
		return 0;
	words_clear(w);
	return err_set(err, ERR_CREDENTIALS, "the command %s", s.fault);
}

void
words_clear(struct words *w)
{
	free(w->list);
	free(w->text);
	memset(w, 0, sizeof *w);
}

bool
words_want_shell(const char *line)
{
	struct state s = { .at = line };
	char c;

	while ((c = read_byte(&s)) != '\0' && s.fault == NULL) {
		if (!s.literal && strchr("|&;<>()$`*?[~", c) != NULL)
			return true;
		/* Double quotes do not keep a shell from these. */
		if (s.quote == '"' && !s.escaped && (c == '$' || c == '`'))
			return true;
	}
	return false;
}
