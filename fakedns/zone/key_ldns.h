// Keys and records as ldns has them. Private to the zone folder.
#pragma once

#include "fakedns/zone/key.h"

#include <ldns/ldns.h>

// Owner is the name that signatures give as their signer. NULL if the text is no key; free with
// ldns_key_deep_free.
ldns_key *fdns_ldns_key(const struct fdns_key *key, const uint8_t *owner);
bool fdns_ldns_rr_rdata(struct fdns_arena *arena, const ldns_rr *rr, struct fdns_rdata *rdata);
