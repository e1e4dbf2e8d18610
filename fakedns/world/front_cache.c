#include "fakedns/world/front_cache.h"

#include "fakedns/base/fatal.h"
#include "fakedns/base/random.h"

#include <stdlib.h>
#include <string.h>

enum {
    SLOTS = 4096, // a power of two
    ENTRIES_MAX = 3072,
    OCTETS_MAX = 16 * 1024 * 1024,
    SECOND_US = 1000000,
};

struct entry {
    uint64_t hash;
    uint8_t qname[FDNS_NAME_MAX];
    uint16_t qtype;
    int64_t from_us, until_us;
    uint16_t rcode, flags;
    struct fdns_rrset_list sections[FDNS_N_SECTIONS];
    size_t n_required_glue;
};

struct fdns_front_cache {
    struct fdns_arena arena;
    struct entry *slots[SLOTS]; // open addressing
    size_t n_entries;
    size_t n_octets;
};

struct fdns_front_cache *fdns_front_cache_new(void)
{
    struct fdns_front_cache *cache = calloc(1, sizeof(*cache));
    if (cache == NULL) {
        fdns_fatal("out of memory");
    }
    fdns_arena_init(&cache->arena, 0);
    return cache;
}

void fdns_front_cache_free(struct fdns_front_cache *cache)
{
    if (cache != NULL) {
        fdns_arena_clear(&cache->arena);
        free(cache);
    }
}

void fdns_front_cache_reset(struct fdns_front_cache *cache)
{
    fdns_arena_reset(&cache->arena);
    memset(cache->slots, 0, sizeof(cache->slots));
    cache->n_entries = cache->n_octets = 0;
}

// The slot of a question, or the free one where it belongs.
static struct entry **find(struct fdns_front_cache *cache, uint64_t hash,
                           const struct fdns_reply *reply)
{
    size_t at = (size_t)hash & (SLOTS - 1);
    for (; cache->slots[at] != NULL; at = (at + 1) & (SLOTS - 1)) {
        struct entry *entry = cache->slots[at];
        if (entry->hash == hash && entry->qtype == reply->qtype &&
            fdns_name_equal(entry->qname, reply->qname)) {
            break;
        }
    }
    return &cache->slots[at];
}

// --- keeping

static uint32_t shortest_ttl(const struct fdns_rrset_list *list, bool only_soa, uint32_t otherwise)
{
    uint32_t ttl = otherwise;
    for (size_t i = 0; i < list->n_items; i++) {
        const struct fdns_rrset *rrset = &list->items[i];
        if ((!only_soa || rrset->type == FDNS_TYPE_SOA) && rrset->ttl < ttl) {
            ttl = rrset->ttl;
        }
    }
    return ttl == UINT32_MAX ? 0 : ttl;
}

// 0: it is not kept.
static uint32_t seconds_of(const struct fdns_reply *reply)
{
    if (reply->rcode != FDNS_NOERROR && reply->rcode != FDNS_NXDOMAIN) {
        return 0;
    }
    if (reply->sections[FDNS_ANSWER].n_items > 0) {
        return shortest_ttl(&reply->sections[FDNS_ANSWER], false, UINT32_MAX);
    }
    return shortest_ttl(&reply->sections[FDNS_AUTHORITY], true, UINT32_MAX);
}

// Octets that were copied.
static size_t copy_rrset(struct fdns_arena *arena, const struct fdns_rrset *from,
                         struct fdns_rrset_list *to)
{
    size_t n_octets = fdns_name_len(from->owner) + from->n_rdatas * sizeof(struct fdns_rdata);
    struct fdns_rdata *rdatas =
        fdns_arena_copy(arena, from->rdatas, from->n_rdatas * sizeof(*rdatas));
    for (size_t i = 0; i < from->n_rdatas; i++) {
        rdatas[i].octets = fdns_arena_copy(arena, rdatas[i].octets, rdatas[i].len);
        n_octets += rdatas[i].len;
    }
    struct fdns_rrset rrset = *from;
    rrset.owner = fdns_name_copy(arena, from->owner);
    rrset.rdatas = rdatas;
    fdns_rrset_list_add(arena, to, &rrset);
    return n_octets + sizeof(rrset);
}

static void keep_reply(struct fdns_front_cache *cache, struct entry **slot, uint64_t hash,
                       const struct fdns_reply *reply)
{
    struct entry *entry = *slot;
    if (entry == NULL) {
        entry = fdns_arena_alloc(&cache->arena, sizeof(*entry));
        cache->n_octets += sizeof(*entry);
        cache->n_entries++;
        *slot = entry;
    }
    *entry = (struct entry){.hash = hash,
                            .qtype = reply->qtype,
                            .rcode = reply->rcode,
                            .flags = reply->flags & FDNS_AA,
                            .n_required_glue = reply->n_required_glue};
    memcpy(entry->qname, reply->qname, fdns_name_len(reply->qname));
    for (size_t i = 0; i < FDNS_N_SECTIONS; i++) {
        const struct fdns_rrset_list *list = &reply->sections[i];
        for (size_t k = 0; k < list->n_items; k++) {
            cache->n_octets += copy_rrset(&cache->arena, &list->items[k], &entry->sections[i]);
        }
    }
}

// --- answering

// Copies: what is kept may be thrown away before the reply is sent.
static void answer_from(const struct entry *entry, int64_t now_us, struct fdns_reply *reply)
{
    uint32_t age = (uint32_t)((now_us - entry->from_us) / SECOND_US);
    reply->rcode = entry->rcode;
    reply->flags = (uint16_t)((reply->flags & ~FDNS_AA) | entry->flags);
    reply->n_required_glue = entry->n_required_glue;
    for (size_t i = 0; i < FDNS_N_SECTIONS; i++) {
        reply->sections[i] = (struct fdns_rrset_list){0};
        for (size_t k = 0; k < entry->sections[i].n_items; k++) {
            copy_rrset(reply->arena, &entry->sections[i].items[k], &reply->sections[i]);
            struct fdns_rrset *rrset = &reply->sections[i].items[k];
            rrset->ttl -= rrset->ttl < age ? rrset->ttl : age;
        }
    }
}

void fdns_front_cache_answer(struct fdns_front_cache *cache, uint64_t place, int64_t now_us,
                             int64_t most_us, struct fdns_reply *reply)
{
    if (!reply->asked || reply->qclass != FDNS_CLASS_IN || reply->opcode != FDNS_OPCODE_QUERY) {
        return;
    }
    uint64_t hash = fdns_hash_u64(place, fdns_name_hash(reply->qname));
    hash = fdns_hash_u64(hash, reply->qtype);
    struct entry **slot = find(cache, hash, reply);
    if (*slot != NULL && now_us >= (*slot)->from_us && now_us < (*slot)->until_us) {
        answer_from(*slot, now_us, reply);
        return;
    }
    int64_t for_us = (int64_t)seconds_of(reply) * SECOND_US;
    for_us = for_us < most_us ? for_us : most_us;
    if (for_us <= 0) {
        return;
    }
    if (cache->n_entries >= ENTRIES_MAX || cache->n_octets > OCTETS_MAX) {
        fdns_front_cache_reset(cache);
        slot = find(cache, hash, reply);
    }
    keep_reply(cache, slot, hash, reply);
    (*slot)->from_us = now_us;
    (*slot)->until_us = now_us + for_us;
}
