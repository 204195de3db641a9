#include "net/target.h"

#include "tap.h"

static const struct {
	const char *url;
	const char *server;	/* NULL: refused */
} rows[] = {
	{ "http://h/", "h:80" },
	{ "https://h.example/x?y", "h.example:443" },
	{ "http://127.0.0.1:9000", "127.0.0.1:9000" },
	{ "http://[::1]:9000/", "[::1]:9000" },
	{ "https://localhost:8443/", "localhost:8443" },
	{ "https://127.0.0.1/", NULL },
	{ "https://[::1]/", NULL },
	{ "ftp://h/", NULL },
	{ "http://u@h/", NULL },
	{ "h", NULL },
	{ "", NULL }
};

int
main(void)
{
	char name[300] = "http://";
	struct target t;
	struct err err;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		memset(&err, 0, sizeof err);
		is_int(target_set(&t, rows[i].url, &err),
		    rows[i].server == NULL ? -1 : 0, "'%s'", rows[i].url);
		is_int(err.class, rows[i].server == NULL ? ERR_USAGE :
		    ERR_NONE, "its class");
		if (rows[i].server != NULL)
			is_str(t.server, rows[i].server, "its server");
	}
	memset(&err, 0, sizeof err);
	for (i = 7; i < 270; i++)
		name[i] = i % 50 == 0 ? '.' : 'a';
	is_int(target_set(&t, name, &err), -1, "a name that is too long");
	is_int(err.class, ERR_USAGE, "is a usage error");
	return done_testing();
}
