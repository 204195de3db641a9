#ifndef CMD_COMPLETION_H
#define CMD_COMPLETION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"
#include "cmd/output.h"

/* The completion scripts, made from the tables; one file a shell. */
void completion_bash(struct output *o);
void completion_zsh(struct output *o);
void completion_fish(struct output *o);

/*
 * The kinds of a command's operands ("types files..."), one a call; at moves
 * on. repeats: this one is for all that follow. False at the end; *at may be
 * NULL.
 */
bool completion_kind(const char **at, struct span *kind, bool *repeats);

/* The i-th word of a kind of operand, NULL at the end; of files: none. */
const char *completion_word(struct span kind, size_t i);

#endif
