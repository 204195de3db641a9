#ifndef AWS_SECTION_H
#define AWS_SECTION_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/span.h"

/*
 * What the name of a section in one of the shared AWS files means
 * (facts/credentials.md 3). Pure.
 */
enum section_kind {
	SECTION_PROFILE,
	SECTION_SSO_SESSION,
	SECTION_SERVICES,
	SECTION_IGNORED		/* none of them: the SDKs pass it over */
};

/*
 * inside is what stands between the brackets, trimmed. The name proper is
 * appended to name (unquoted; for an ignored section the inside as it is). In
 * the credentials file the inside is a profile's name as it stands; in the
 * config file it is "default", or a word and one shell-like word:
 * profile NAME, profile "MY NAME", sso-session NAME, services NAME.
 */
enum section_kind section_read(struct span inside, bool credentials,
    struct buf *name);

/* The kind that the word stands for; SECTION_IGNORED for another. */
enum section_kind section_kind_of(struct span word);

#endif
