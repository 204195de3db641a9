#ifndef TESTS_CHAIN_WORLD_H
#define TESTS_CHAIN_WORLD_H

#include <fcntl.h>

#include "aws_files.h"
#include "creds/provider.h"
#include "fake_aws.h"
#include "sys/file.h"

/* Static keys, in the environment and in a file. */
#define ID "AWS_ACCESS_KEY_ID=ENVKEY"
#define SECRET "AWS_SECRET_ACCESS_KEY=sss"
#define PAIR(id) "aws_access_key_id = " id "\naws_secret_access_key = sss\n"

/*
 * All that a provider sees: shared AWS files, variables, a scripted AWS, and a
 * state directory. world_begin once, world_end at the end; world_set before
 * each case.
 */
struct world {
	struct aws_files shared;
	struct fake fake;
	bool fake_began;
	struct profile_files *files;
	struct file_root state;
	struct endpoint_settings endpoints;
	struct chain_settings settings;
	struct provider_input input;
	struct keys keys;
	struct err err;
	const char *answer;	/* of the person at the terminal; NULL: none */
	int questions;
	char question[512];
};

static inline bool
world_prompt(void *state, const char *question, struct buf *answer,
    struct err *err)
{
	struct world *w = state;

	w->questions++;
	w->fake.elapsed_ms += 7000;
	snprintf(w->question, sizeof w->question, "%s", question);
	if (w->answer == NULL)
		return false;
	if (strcmp(w->answer, "^C") == 0) {
		err_set(err, ERR_INTERRUPTED, "interrupted");
		return false;
	}
	buf_add_string(answer, w->answer);
	return true;
}

static inline void
world_begin(struct world *w)
{
	struct err err = { 0 };

	memset(w, 0, sizeof *w);
	aws_files_begin(&w->shared);
	if (file_root_open(&w->state, sandbox_path(w->shared.directory,
	    "state"), &err) != 0)
		abort();
}

/* Everything of the last case goes, but for the state directory. */
static inline void
world_clear(struct world *w)
{
	keys_clear(&w->keys);
	err_clear(&w->err);
	profile_free(w->files);
	w->files = NULL;
	if (w->fake_began)
		fake_end(&w->fake);
	w->fake_began = false;
	w->questions = 0;
	w->question[0] = '\0';
}

/* The case: the config file, variables (NULL at the end; may be NULL), the
 * profile, and what AWS will answer. */
static inline void
world_set(struct world *w, const char *config, const char *const *variables,
    const char *profile, const struct fake_answer *answers, size_t count)
{
	world_clear(w);
	fake_begin(&w->fake, answers, count);
	w->fake_began = true;
	w->files = aws_files_load(&w->shared, config, NULL, &w->err);
	if (w->files == NULL)
		abort();
	aws_files_env(&w->shared, variables);
	w->settings = (struct chain_settings){
		.env = &w->shared.env, .files = w->files, .profile = profile,
		.profile_named = true, .call = &w->fake.context,
		.endpoints = &w->endpoints, .prompt = world_prompt,
		.prompt_state = w,
	};
	w->input = (struct provider_input){ .settings = &w->settings,
		.now = w->fake.wall_ms / 1000 };
}

/* Again, with what the case has left. */
static inline enum provider_outcome
world_resolve(struct world *w, const struct provider *provider)
{
	keys_clear(&w->keys);
	err_clear(&w->err);
	w->input.reason[0] = '\0';
	w->input.advice = NULL;
	w->input.now = (w->fake.wall_ms + w->fake.elapsed_ms) / 1000;
	return provider->resolve(&w->input, &w->keys, &w->err);
}

static inline void
world_end(struct world *w)
{
	world_clear(w);
	file_root_close(&w->state);
	aws_files_end(&w->shared);
}

#endif
