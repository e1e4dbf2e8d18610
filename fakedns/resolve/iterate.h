// Resolving: from the root (or what the cache knows) along the delegations to an answer, and along
// aliases to the last name (RFC 1034 5.3.3).
#pragma once

#include "fakedns/resolve/ask.h"
#include "fakedns/resolve/cache.h"

enum {
    FDNS_CHAIN_MAX = 12,     // aliases in a row
    FDNS_REFERRALS_MAX = 24, // from the root to a name
    FDNS_DETOURS_MAX = 4,    // servers whose addresses need servers whose addresses …
};

struct fdns_search {
    struct fdns_errand errand;
    struct fdns_cache *cache;
    unsigned detours; // how deep
};

struct fdns_found {
    uint16_t rcode;
    struct fdns_rrset_list answer; // aliases first
    struct fdns_rrset soa;         // of a negative answer; n_rdatas 0: none
};

// name must live as long as found.
void fdns_search(struct fdns_search *search, const uint8_t *name, uint16_t type,
                 struct fdns_found *found);
