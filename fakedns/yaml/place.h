// Places in a text: libyaml tells them in characters, people and diagnostics want a line and a
// column in octets.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// Moves forward at the cost of the octets passed, back at the cost of starting over.
struct fdns_place {
    const char *text;
    size_t len;
    size_t n_characters; // passed so far
    size_t offset;       // octets passed so far
    size_t line_start;   // offset of the present line
    unsigned line;       // from 1
};

void fdns_place_init(struct fdns_place *place, const char *text, size_t len);
// Moves to the character with that number (from 0), at most to the end.
void fdns_place_go(struct fdns_place *place, size_t character);
// Moves to an octet, at most to the end.
void fdns_place_go_octet(struct fdns_place *place, size_t offset);
// Column of the present place, in octets from 1.
unsigned fdns_place_column(const struct fdns_place *place);

// Carriage returns alone, U+0085, U+2028 and U+2029 end lines for libyaml and for no editor: true,
// and the offset, if one is in the text. Without them both count the same lines.
bool fdns_place_find_odd_line_end(const char *text, size_t len, size_t *offset);
