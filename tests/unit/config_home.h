#ifndef TESTS_CONFIG_HOME_H
#define TESTS_CONFIG_HOME_H

#include "tap.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cache/config.h"
#include "sandbox.h"

/* A home of the test's own, with a place for a settings file. */
static char *dir;
static char home[4096], file[4096];	/* HOME=..., the settings file */

static inline void
write_file(const char *path, const char *text, mode_t mode)
{
	if (sandbox_write(path, text) != 0 || chmod(path, mode) != 0) {
		printf("Bail out! cannot write %s\n", path);
		exit(1);
	}
}

static inline void
prepare(void)
{
	if ((dir = sandbox_new()) == NULL ||
	    mkdir(sandbox_path(dir, ".config"), 0700) != 0 ||
	    mkdir(sandbox_path(dir, ".config/teamcache"), 0700) != 0) {
		printf("Bail out! no directory\n");
		exit(1);
	}
	snprintf(home, sizeof home, "HOME=%s", dir);
	snprintf(file, sizeof file, "%s",
	    sandbox_path(dir, ".config/teamcache/config"));
}

static inline void
clean(void)
{
	sandbox_remove(dir);
}

/* Load the text (NULL: no file) for a profile (NULL: none named). */
static inline struct config *
load(const char *text, const char *profile, const char *variable,
    const struct config_override *override, struct err *err)
{
	const char *variables[] = { home, variable, NULL };
	struct env env = { variables };
	struct config_request request = { .env = &env, .profile = profile,
		.profile_named = profile != NULL, .overrides = override,
		.override_count = override == NULL ? 0 : 1 };

	unlink(file);
	if (text != NULL)
		write_file(file, text, 0600);
	return config_load(&request, err);
}

/* Load path (NULL: the default place) with two variables (NULL: none). */
static inline struct config *
load_at(const char *one, const char *two, const char *path, struct err *err)
{
	const char *variables[] = { one, two, NULL };
	struct env env = { one == NULL ? variables + 2 : variables };
	struct config_request request = { .env = &env, .file = path };

	err_clear(err);
	return config_load(&request, err);
}

#endif
