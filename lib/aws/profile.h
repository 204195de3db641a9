#ifndef AWS_PROFILE_H
#define AWS_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "sys/env.h"

/*
 * The shared AWS files, merged key by key, the credentials file winning
 * (facts/credentials.md 3). AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE
 * are honoured, "~" and $VAR expanded; a missing file is an empty one.
 * Section names: [default], [profile NAME], [profile "MY NAME"], and in the
 * credentials file [NAME]; [profile default] replaces [default]. What is
 * neither a profile nor an sso-session nor a services section is passed over,
 * as the SDKs do (profile_suggest tells people of it). A backslash in a name
 * stands for itself.
 *
 * The files hold secrets: what is kept of them is wiped by profile_free, and
 * a text must not go into a message unless its key is known to be harmless.
 */
struct profile_files;

/* NULL with err: unreadable (ERR_CREDENTIALS), syntax (ERR_USAGE, file and
 * line), memory. Without HOME and without those variables: both are empty. */
struct profile_files *profile_load(const struct env *env, struct err *err);
void profile_free(struct profile_files *files);

/* A value and where it stands; borrowed from files. An empty value counts as
 * absent. */
struct profile_value {
	const char *text;	/* NULL when absent */
	const char *file;
	unsigned line;
};

/* Is the profile defined in either file? */
bool profile_exists(const struct profile_files *files, const char *profile);

/* A key of the profile; sub for nested ones ("s3", "addressing_style"). */
struct profile_value profile_get(const struct profile_files *files,
    const char *profile, const char *key, const char *sub);

/* The same in one of the files only: a key pair is never put together from
 * two. */
struct profile_value profile_get_in(const struct profile_files *files,
    bool credentials, const char *profile, const char *key, const char *sub);

/* The path in use, for messages; "~/.aws/..." when there is no HOME. */
const char *profile_path(const struct profile_files *files,
    bool credentials);

/* A key of [sso-session NAME] or [services NAME] (kind, name). */
struct profile_value profile_section_get(const struct profile_files *files,
    const char *kind, const char *name, const char *key, const char *sub);

/* The i-th profile's name in order of appearance, or NULL; for completion and
 * --all-profiles. */
const char *profile_name(const struct profile_files *files, size_t i);

/* The i-th section of the config file that the rules pass over: the inside of
 * its brackets, or NULL. */
const char *profile_ignored(const struct profile_files *files, size_t i,
    unsigned *line);

/* Which profile is selected: explicit (may be NULL), AWS_PROFILE,
 * AWS_DEFAULT_PROFILE, "default". Borrowed. *named tells whether somebody
 * chose it. */
const char *profile_select(const struct env *env, const char *explicit_name,
    bool *named);

#endif
