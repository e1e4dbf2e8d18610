// Words of an enum: the texts of an X list, in the enum's order.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

// An element of the table of texts: DC_OUTCOMES(DC_WORD) lists them.
#define DC_WORD(name, text) text,

// The place of text among n words; false if it is none of them.
static inline bool dc_word_find(const char *const *words, size_t n, const char *text, size_t *at)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(words[i], text) == 0) {
            *at = i;
            return true;
        }
    }
    return false;
}
