// Character: what gets into records by copying and pasting, by name. A table, and octets in.
#pragma once

#include <stddef.h>

enum dc_character_kind {
    DC_CHARACTER_ASCII,      // worth a name, and ordinary otherwise
    DC_CHARACTER_BYTE_ORDER, // a byte order mark
    DC_CHARACTER_QUOTE,      // of word processors
    DC_CHARACTER_SPACE,      // looks like a blank
    DC_CHARACTER_INVISIBLE,  // has no width
    DC_CHARACTER_OTHER,      // visible: letters of other alphabets, dashes
};

struct dc_character {
    const char *octets;
    size_t len;
    enum dc_character_kind kind;
    const char *name; // "a zero-width space (U+200B)"
};

// The one that text begins with, len > 0; NULL if it is not in the table.
const struct dc_character *dc_character_at(const char *text, size_t len);
