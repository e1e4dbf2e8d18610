// The border to ldns: rdata of the types that shape.h leaves to it.
#pragma once

#include "fakedns/base/arena.h"
#include "fakedns/wire/words.h"

// Rdata from words; NULL if ldns refuses them, and then *why is a sentence in arena.
const uint8_t *fdns_ldns_rdata(struct fdns_arena *arena, uint16_t type,
                               const struct fdns_words *words, const uint8_t *origin, uint16_t *len,
                               const char **why);

// Text for rdata, in arena. NULL if ldns cannot read it as that type. It may still be text for
// other octets: ldns does not look at everything.
char *fdns_ldns_text(struct fdns_arena *arena, uint16_t type, const uint8_t *rdata, uint16_t len);
