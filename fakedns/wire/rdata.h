// Rdata from text: the types of shape.h are read here, all others by ldns.
#pragma once

#include "fakedns/base/arena.h"
#include "fakedns/wire/name.h"

// Parses the presentation form of rdata (also \# generic form, RFC 3597 5) for a type. Relative
// names are completed with origin (NULL: the root), "@" is origin. Several lines, parentheses and
// comments are fine. The generic form is taken as it is for known types too, so that records can be
// made wrong. NULL if it is wrong, and then *why is a sentence in arena.
const uint8_t *fdns_rdata_parse(struct fdns_arena *arena, uint16_t type, const char *text,
                                const uint8_t *origin, uint16_t *len, const char **why);
