#include "cache/variable.h"

#include <stdbool.h>
#include <string.h>

#include "base/limits.h"
#include "base/nearest.h"
#include "base/printable.h"
#include "base/span.h"
#include "cache/config.h"

#define PREFIX (sizeof VARIABLE_PREFIX - 1)

static const char *const others[] = {
	"TEAMCACHE_DIR", "TEAMCACHE_STATE_DIR", "TEAMCACHE_MFA_CODE",
	"TEAMCACHE_WEB_IDENTITY_TOKEN",
};

#define OTHERS (sizeof others / sizeof others[0])

const char *
variable_at(size_t i)
{
	if (i < CONFIG_COUNT)
		return config_spec((enum config_id)i)->variable;
	return i - CONFIG_COUNT < OTHERS ? others[i - CONFIG_COUNT] : NULL;
}

static bool
known(struct span name)
{
	const char *ours;
	size_t i;

	for (i = 0; (ours = variable_at(i)) != NULL; i++)
		if (span_is(name, ours))
			return true;
	return false;
}

/* What all have in common would make any two of them look alike. */
static const char *
word(const void *state, size_t i, size_t *n)
{
	const char *ours = variable_at(i);

	(void)state;
	if (ours == NULL)
		return NULL;
	*n = strlen(ours + PREFIX);
	return ours + PREFIX;
}

static void
tell(struct span name, struct buf *out)
{
	const char *near;
	size_t n, quoted = name.n < LIMIT_QUOTE ? name.n : LIMIT_QUOTE;
	size_t at;

	buf_add_string(out, out->n == 0 ? "'" : ", '");
	at = out->n;
	buf_add(out, name.p, quoted);
	if (out->n == at + quoted)
		printable_clean(out->p + at, quoted, false);
	buf_add_string(out, quoted < name.n ? "...'" : "'");
	near = nearest_of(name.p + PREFIX, name.n - PREFIX, word, NULL, &n);
	if (near != NULL)
		buf_addf(out, " (did you mean '" VARIABLE_PREFIX "%.*s'?)",
		    (int)n, near);
}

size_t
variable_unread(const struct env *env, struct buf *out)
{
	const char *const *v = env->variables;
	size_t count = 0;

	for (; v != NULL && *v != NULL; v++) {
		const char *end = strchr(*v, '=');
		struct span name;

		if (end == NULL || end[1] == '\0')
			continue;
		name = span_make(*v, (size_t)(end - *v));
		if (!span_starts(name, VARIABLE_PREFIX) || known(name))
			continue;
		if (count++ < VARIABLE_TOLD)
			tell(name, out);
	}
	if (count > VARIABLE_TOLD)
		buf_addf(out, ", and %zu more", count - VARIABLE_TOLD);
	return count;
}
