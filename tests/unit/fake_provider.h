#ifndef TESTS_FAKE_PROVIDER_H
#define TESTS_FAKE_PROVIDER_H

#include <sys/stat.h>

#include "aws_files.h"
#include "creds/provider.h"
#include "fake_aws.h"
#include "sys/file.h"

/*
 * What one provider is given: the AWS files and HOME in a directory of the
 * test's own, a scripted AWS at 2026-01-02T03:04:05Z, a state directory, and
 * the profile "p". fake_provider_run may be called any number of times.
 */
struct fake_provider {
	struct aws_files files;
	char home[4200];		/* "HOME=..." */
	struct profile_files *profiles;
	struct fake aws;
	struct file_root state;
	struct chain_settings set;
	struct provider_input input;
	struct keys keys;
	struct err err;
	bool fresh;		/* of aws: nothing to end */
};

static inline void
fake_provider_begin(struct fake_provider *f)
{
	struct err err = { 0 };

	memset(f, 0, sizeof *f);
	f->fresh = true;
	aws_files_begin(&f->files);
	snprintf(f->home, sizeof f->home, "HOME=%s", f->files.directory);
	if (file_root_open(&f->state, sandbox_path(f->files.directory,
	    "state"), &err) != 0)
		abort();
}

static inline void
fake_provider_forget(struct fake_provider *f)
{
	keys_clear(&f->keys);
	profile_free(f->profiles);
	f->profiles = NULL;
	if (!f->fresh)
		fake_end(&f->aws);
	f->fresh = true;
}

static inline void
fake_provider_end(struct fake_provider *f)
{
	fake_provider_forget(f);
	file_root_close(&f->state);
	aws_files_end(&f->files);
}

/* Everything anew: the files' content, more variables (NULL-terminated, may
 * be NULL), the answers. Ready for fake_provider_call. */
static inline void
fake_provider_set(struct fake_provider *f, const char *config,
    const char *const *variables, const struct fake_answer *answers,
    size_t count)
{
	const char *all[15] = { f->home };
	size_t n = 1;

	fake_provider_forget(f);
	err_clear(&f->err);
	aws_files_write(&f->files, config, NULL);
	while (variables != NULL && *variables != NULL && n < 14)
		all[n++] = *variables++;
	aws_files_env(&f->files, all);
	f->profiles = profile_load(&f->files.env, &f->err);
	fake_begin(&f->aws, answers, count);
	f->fresh = false;
	f->set = (struct chain_settings){ .env = &f->files.env,
	    .files = f->profiles, .profile = "p", .call = &f->aws.context,
	    .state = &f->state };
}

static inline enum provider_outcome
fake_provider_call(struct fake_provider *f, const struct provider *provider)
{
	keys_clear(&f->keys);
	err_clear(&f->err);
	f->input = (struct provider_input){ .settings = &f->set,
	    .now = clock_wall_seconds(&f->aws.clock) };
	return provider->resolve(&f->input, &f->keys, &f->err);
}

/* A file below HOME, its directories made. */
static inline void
fake_provider_file(const struct fake_provider *f, const char *name,
    const char *text)
{
	char path[4200];
	char *slash;

	snprintf(path, sizeof path, "%s/%s", f->files.directory, name);
	for (slash = path + strlen(f->files.directory) + 1;
	    (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		(void)mkdir(path, 0700);
		*slash = '/';
	}
	(void)unlink(path);
	if (text != NULL && sandbox_write(path, text) != 0)
		abort();
}

/* A file below HOME into to; "" when it is not there. */
static inline const char *
fake_provider_read(const struct fake_provider *f, const char *name,
    struct buf *to)
{
	struct err ignored = { 0 };
	char path[4200];

	snprintf(path, sizeof path, "%s/%s", f->files.directory, name);
	buf_reset(to);
	(void)file_read(path, to, &ignored);
	return buf_string(to);
}

#endif
