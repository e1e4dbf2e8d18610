// Command lines of checkers: split by POSIX quoting (no shell), with placeholders in braces.
#pragma once

#include "fakedns/base/arena.h"

#include <stdbool.h>
#include <stddef.h>

struct dc_command {
    char **words; // NULL at the end, as execvp wants them
    size_t n_words;
};

// Splits text by the quoting rules of a POSIX shell (blanks, '…', "…" with \" and \\, \x), without
// any expansion. False with *why if a quote is open or there is no word.
bool dc_command_split(struct fdns_arena *arena, const char *text, struct dc_command *command,
                      const char **why);

// What a placeholder stands for; NULL with *why if there is none of that name. {{ is a brace.
typedef const char *dc_placeholder_fn(void *owner, const char *name, const char **why);

// Replaces the placeholders in every word; a value stays within its word. False with *why.
bool dc_command_fill(struct fdns_arena *arena, const struct dc_command *command,
                     dc_placeholder_fn *value, void *owner, struct dc_command *filled,
                     const char **why);

// The program's path as execvp would find it; NULL if there is none that may be executed.
const char *dc_command_find(struct fdns_arena *arena, const char *program);
