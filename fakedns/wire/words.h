// Words of zone text: what stands between blanks, or between quotes. Parentheses and line ends are
// blanks, a semicolon outside quotes starts a comment (RFC 1035 5.1).
#pragma once

#include "fakedns/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fdns_word {
    const char *text; // without the quotes, escapes as they were written
    size_t len;
    bool quoted;
    bool glued; // nothing stands between it and the word before: key="value"
};

struct fdns_words {
    struct fdns_word *items;
    size_t n;
};

// Splits text; everything lives in arena. NULL if it went well, else what is wrong as a sentence.
const char *fdns_words_split(struct fdns_words *words, struct fdns_arena *arena, const char *text);

// Resolves \X and \DDD. out has room for word->len octets. False at a bad escape.
bool fdns_word_octets(const struct fdns_word *word, uint8_t *out, size_t *len);

// A decimal number up to max, not quoted, and nothing else.
bool fdns_word_number(const struct fdns_word *word, uint32_t max, uint32_t *number);

// Seconds of a unit in a TTL or another period, in either case: s m h d w; 0 if it is none.
uint32_t fdns_word_unit(char unit);
