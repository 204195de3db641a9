#ifndef TESTS_AWS_FILES_H
#define TESTS_AWS_FILES_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "aws/profile.h"
#include "sandbox.h"
#include "sys/env.h"

/* The two shared AWS files in a directory of the test's own, and an
 * environment that names them. */
struct aws_files {
	char *directory;
	char config[4200];	/* "AWS_CONFIG_FILE=..." */
	char credentials[4200];
	const char *variables[16];
	struct env env;
};

static inline void
aws_files_begin(struct aws_files *f)
{
	if ((f->directory = sandbox_new()) == NULL) {
		printf("Bail out! no directory\n");
		exit(1);
	}
	snprintf(f->config, sizeof f->config, "AWS_CONFIG_FILE=%s",
	    sandbox_path(f->directory, "config"));
	snprintf(f->credentials, sizeof f->credentials,
	    "AWS_SHARED_CREDENTIALS_FILE=%s",
	    sandbox_path(f->directory, "credentials"));
	f->env.variables = f->variables;
}

static inline void
aws_files_end(struct aws_files *f)
{
	sandbox_remove(f->directory);
}

/* The files' contents; NULL: absent. */
static inline void
aws_files_write(const struct aws_files *f, const char *config,
    const char *credentials)
{
	const char *path = sandbox_path(f->directory, "config");

	(void)unlink(path);
	if (config != NULL && sandbox_write(path, config) != 0)
		abort();
	path = sandbox_path(f->directory, "credentials");
	(void)unlink(path);
	if (credentials != NULL && sandbox_write(path, credentials) != 0)
		abort();
}

/* The environment: the two variables and these, NULL at the end. */
static inline void
aws_files_env(struct aws_files *f, const char *const *more)
{
	size_t n = 0;

	f->variables[n++] = f->config;
	f->variables[n++] = f->credentials;
	while (more != NULL && *more != NULL && n < 15)
		f->variables[n++] = *more++;
	f->variables[n] = NULL;
}

/* Write and load. */
static inline struct profile_files *
aws_files_load(struct aws_files *f, const char *config,
    const char *credentials, struct err *err)
{
	aws_files_write(f, config, credentials);
	aws_files_env(f, NULL);
	err_clear(err);
	return profile_load(&f->env, err);
}

#endif
