// Strings: the text of a TXT record while it is being changed. They live in the arena of the query.
#pragma once

#include "fakedns/base/arena.h"
#include "fakedns/zone/rrset.h"

#include <stdbool.h>

enum { FDNS_STRING_MAX = 255, FDNS_TEXT_MAX = 65535 };

struct fdns_string {
    uint8_t *octets;
    size_t len; // may be over 255: it is split when the rdata is made
};

struct fdns_strings {
    struct fdns_arena *arena;
    struct fdns_string *items;
    size_t n_items;
};

// False if the rdata is no text; else there is at least one string.
bool fdns_strings_read(struct fdns_strings *strings, const struct fdns_rdata *rdata);
// Strings of at most `most` octets, with an empty one before and behind them or not. A text that
// does not fit into a record leaves rdata as it was.
void fdns_strings_write(const struct fdns_strings *strings, size_t most, bool empty_first,
                        bool empty_last, struct fdns_rdata *rdata);

// `+` becomes a blank and `%41` an A; what is no such escape stays.
void fdns_string_url_decode(struct fdns_string *string);
// Takes out all octets that stand in lost, and sets a backslash before all that stand in escaped.
void fdns_string_lose(struct fdns_string *string, const char *lost);
void fdns_string_escape(struct fdns_arena *arena, struct fdns_string *string, const char *escaped);
// Octets above 127 become question marks.
void fdns_string_to_ascii(struct fdns_string *string);

// Offsets count in the whole text; one behind the end is the end.
void fdns_strings_insert(struct fdns_strings *strings, size_t at, const char *text);
void fdns_strings_truncate(struct fdns_strings *strings, size_t most);
// Everything in one string.
void fdns_strings_join(struct fdns_strings *strings);
void fdns_strings_drop_empty(struct fdns_strings *strings);
