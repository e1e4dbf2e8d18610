// The resolver's cache, in the world's time. It has a ceiling: past it everything is forgotten.
//
// What a parent says of a child (NS of a delegation, glue) is kept apart from answers (RFC 2181
// 5.4.1) and never given to clients.
#pragma once

#include "fakedns/zone/rrset.h"

enum {
    FDNS_CACHE_BUCKETS = 1024,
    FDNS_CACHE_ENTRIES_MAX = 50000,
    FDNS_CACHE_OCTETS_MAX = 32 * 1024 * 1024,
    FDNS_CACHE_TTL_MAX = 7 * 86400,  // RFC 8767 4
    FDNS_CACHE_NEGATIVE_MAX = 86400, // RFC 2308 5
    FDNS_CACHE_FAILURE_S = 5,        // RFC 2308 7: at most five minutes
};

enum fdns_cached {
    FDNS_CACHED_RRSET,
    FDNS_CACHED_NODATA,   // rrset is the SOA
    FDNS_CACHED_NXDOMAIN, // of every type; rrset is the SOA
    FDNS_CACHED_FAILURE,
};

enum fdns_trust { FDNS_FROM_PARENT, FDNS_FROM_ANSWER };

struct fdns_cache_entry {
    struct fdns_cache_entry *next;
    const uint8_t *name;
    uint16_t type; // 0: NXDOMAIN
    enum fdns_trust trust;
    enum fdns_cached kind;
    struct fdns_rrset rrset; // n_rdatas 0: none
    int64_t expires_us;
};

struct fdns_cache {
    struct fdns_arena arena;
    struct fdns_cache_entry *buckets[FDNS_CACHE_BUCKETS];
    size_t n_entries, n_octets;
};

void fdns_cache_init(struct fdns_cache *cache);
void fdns_cache_clear(struct fdns_cache *cache);
void fdns_cache_reset(struct fdns_cache *cache);
// Past its ceiling; its owner resets it when no entry is in use.
bool fdns_cache_is_full(const struct fdns_cache *cache);

// Keeps a copy, instead of what was there, for ttl seconds. The entry lives until reset.
const struct fdns_cache_entry *fdns_cache_put(struct fdns_cache *cache, const uint8_t *name,
                                              uint16_t type, enum fdns_trust trust,
                                              enum fdns_cached kind, const struct fdns_rrset *rrset,
                                              uint32_t ttl, int64_t now_us);
// What has not expired; NULL if there is nothing.
const struct fdns_cache_entry *fdns_cache_find(const struct fdns_cache *cache, const uint8_t *name,
                                               uint16_t type, enum fdns_trust trust,
                                               int64_t now_us);
// The entry's RRset with the TTL that is left.
struct fdns_rrset fdns_cache_rrset(const struct fdns_cache_entry *entry, int64_t now_us);
