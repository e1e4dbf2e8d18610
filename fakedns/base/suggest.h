// "Did you mean …?"
#pragma once

#include <stddef.h>

// The word nearest to `word` by edit distance, at most a third of its length (and at least 1) away;
// NULL if none is. `words` are n strings.
const char *fdns_suggest(const char *word, const char *const *words, size_t n);
