// Front cache: answers that a server gave before and gives again until their TTL has run out, as a
// cache in front of it would. It is part of what a run changes (state.h).
//
// An answer is kept for the shortest TTL of its answer section, or of the SOA in its authority
// section if there is none (RFC 2308 5); failures and referrals are not. It is bounded: what is too
// much empties it.
#pragma once

#include "fakedns/reply/reply.h"

struct fdns_front_cache;

struct fdns_front_cache *fdns_front_cache_new(void);
void fdns_front_cache_free(struct fdns_front_cache *cache); // NULL is fine
void fdns_front_cache_reset(struct fdns_front_cache *cache);

// Answers like the one before, with what is left of its TTLs, or keeps this one, for at most
// most_us. place tells caches apart that are in different places.
void fdns_front_cache_answer(struct fdns_front_cache *cache, uint64_t place, int64_t now_us,
                             int64_t most_us, struct fdns_reply *reply);
