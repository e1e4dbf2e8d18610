// Zone text (RFC 1035 5) to records.
//
// Statements are split here, so that every mistake is reported with its line and column and the
// rest is still read; ldns reads the rdata. Understood: $ORIGIN, $TTL (RFC 2308 4), parentheses,
// quoted strings, comments, @, blank owner, TTL and class in either order, TTL units (1h30m),
// TYPEnnn \# (RFC 3597). $INCLUDE and $GENERATE are refused by name.
#pragma once

#include "fakedns/base/arena.h"
#include "fakedns/base/diag.h"
#include "fakedns/zone/rrset.h"

struct fdns_records {
    struct fdns_record *items;
    size_t n_items;
    size_t capacity;
};

// Appends the records of source's text. Everything lives in arena. A record without TTL gets the
// $TTL, else the TTL of the record before it (RFC 1035), else default_ttl. True if there was no
// error. Rdata that equals an earlier record's (same owner, type) is dropped with a warning.
bool fdns_zone_text_parse(struct fdns_arena *arena, const struct fdns_source *source,
                          const uint8_t *origin, uint32_t default_ttl, struct fdns_records *records,
                          struct fdns_diags *diags);
