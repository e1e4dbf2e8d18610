#include "fakedns/resolve/cache.h"

#include "fakedns/base/duration.h"

#include <string.h>

void fdns_cache_init(struct fdns_cache *cache)
{
    memset(cache, 0, sizeof(*cache));
    fdns_arena_init(&cache->arena, 0);
}

void fdns_cache_clear(struct fdns_cache *cache)
{
    fdns_arena_clear(&cache->arena);
}

void fdns_cache_reset(struct fdns_cache *cache)
{
    fdns_arena_reset(&cache->arena);
    memset(cache->buckets, 0, sizeof(cache->buckets));
    cache->n_entries = cache->n_octets = 0;
}

bool fdns_cache_is_full(const struct fdns_cache *cache)
{
    return cache->n_entries >= FDNS_CACHE_ENTRIES_MAX || cache->n_octets >= FDNS_CACHE_OCTETS_MAX;
}

static size_t bucket_of(const uint8_t *name)
{
    return (size_t)(fdns_name_hash(name) % FDNS_CACHE_BUCKETS);
}

static struct fdns_cache_entry *find(const struct fdns_cache *cache, const uint8_t *name,
                                     uint16_t type, enum fdns_trust trust)
{
    struct fdns_cache_entry *entry = cache->buckets[bucket_of(name)];
    for (; entry != NULL; entry = entry->next) {
        if (entry->type == type && entry->trust == trust && fdns_name_equal(entry->name, name)) {
            return entry;
        }
    }
    return NULL;
}

static struct fdns_rrset copy_rrset(struct fdns_cache *cache, const struct fdns_rrset *rrset)
{
    struct fdns_rrset copy = *rrset;
    struct fdns_rdata *rdatas = fdns_arena_array(&cache->arena, rrset->n_rdatas, sizeof(*rdatas));
    for (size_t i = 0; i < rrset->n_rdatas; i++) {
        rdatas[i].len = rrset->rdatas[i].len;
        rdatas[i].octets =
            fdns_arena_copy(&cache->arena, rrset->rdatas[i].octets, rrset->rdatas[i].len);
        cache->n_octets += rdatas[i].len + sizeof(*rdatas);
    }
    copy.owner = fdns_name_copy(&cache->arena, rrset->owner);
    copy.rdatas = rdatas;
    return copy;
}

const struct fdns_cache_entry *fdns_cache_put(struct fdns_cache *cache, const uint8_t *name,
                                              uint16_t type, enum fdns_trust trust,
                                              enum fdns_cached kind, const struct fdns_rrset *rrset,
                                              uint32_t ttl, int64_t now_us)
{
    struct fdns_cache_entry *entry = find(cache, name, type, trust);
    if (entry == NULL) {
        struct fdns_cache_entry **bucket = &cache->buckets[bucket_of(name)];
        entry = fdns_arena_alloc(&cache->arena, sizeof(*entry));
        entry->name = fdns_name_copy(&cache->arena, name);
        entry->type = type;
        entry->trust = trust;
        entry->next = *bucket;
        *bucket = entry;
        cache->n_entries++;
    }
    uint32_t most = kind == FDNS_CACHED_RRSET ? FDNS_CACHE_TTL_MAX : FDNS_CACHE_NEGATIVE_MAX;
    ttl = (ttl & 0x80000000U) != 0 ? 0 : ttl; // RFC 2181 8
    ttl = ttl > most ? most : ttl;
    entry->kind = kind;
    entry->rrset = rrset != NULL ? copy_rrset(cache, rrset) : (struct fdns_rrset){0};
    entry->rrset.ttl = ttl;
    entry->expires_us = now_us + (int64_t)ttl * FDNS_US_PER_S;
    cache->n_octets += sizeof(*entry);
    return entry;
}

const struct fdns_cache_entry *fdns_cache_find(const struct fdns_cache *cache, const uint8_t *name,
                                               uint16_t type, enum fdns_trust trust, int64_t now_us)
{
    const struct fdns_cache_entry *entry = find(cache, name, type, trust);
    return entry != NULL && entry->expires_us > now_us ? entry : NULL;
}

struct fdns_rrset fdns_cache_rrset(const struct fdns_cache_entry *entry, int64_t now_us)
{
    struct fdns_rrset rrset = entry->rrset;
    int64_t left = entry->expires_us > now_us ? (entry->expires_us - now_us) / FDNS_US_PER_S : 0;
    if (left < (int64_t)rrset.ttl) {
        rrset.ttl = (uint32_t)left;
    }
    return rrset;
}
