#include "fakedns/resolve/cut.h"

enum { DELEGATION_TTL_MIN = 30 };

static void add_address(struct fdns_cut *cut, const struct fdns_address *address)
{
    for (size_t i = 0; i < cut->n_addresses; i++) {
        if (fdns_address_equal(&cut->addresses[i], address)) {
            return;
        }
    }
    if (cut->n_addresses < FDNS_CUT_ADDRESSES) {
        cut->addresses[cut->n_addresses++] = *address;
    }
}

static void add_rdatas(struct fdns_cut *cut, const struct fdns_rrset *rrset)
{
    size_t len = rrset->type == FDNS_TYPE_A ? 4 : 16;
    for (size_t i = 0; i < rrset->n_rdatas; i++) {
        struct fdns_address address = {.family = len == 4 ? FDNS_IPV4 : FDNS_IPV6, .port = 53};
        if (rrset->rdatas[i].len != len) {
            continue;
        }
        for (size_t k = 0; k < len; k++) {
            address.octets[k] = rrset->rdatas[i].octets[k];
        }
        add_address(cut, &address);
    }
}

// Addresses of a server by name, from answers or from glue.
static void add_known(struct fdns_search *search, const uint8_t *host, struct fdns_cut *cut)
{
    static const uint16_t types[] = {FDNS_TYPE_A, FDNS_TYPE_AAAA};
    for (size_t i = 0; i < 2; i++) {
        int64_t now_us = search->errand.now_us;
        const struct fdns_cache_entry *entry =
            fdns_cache_find(search->cache, host, types[i], FDNS_FROM_ANSWER, now_us);
        if (entry == NULL || entry->kind != FDNS_CACHED_RRSET) {
            entry = fdns_cache_find(search->cache, host, types[i], FDNS_FROM_PARENT, now_us);
        }
        if (entry != NULL && entry->kind == FDNS_CACHED_RRSET) {
            add_rdatas(cut, &entry->rrset);
        }
    }
}

static void add_resolved(struct fdns_search *search, const uint8_t *host, struct fdns_cut *cut)
{
    static const uint16_t types[] = {FDNS_TYPE_A, FDNS_TYPE_AAAA};
    struct fdns_found found;
    if (search->detours == FDNS_DETOURS_MAX) {
        return;
    }
    search->detours++;
    for (size_t i = 0; i < 2; i++) {
        fdns_search(search, host, types[i], &found);
        if (found.answer.n_items > 0 &&
            found.answer.items[found.answer.n_items - 1].type == types[i]) {
            add_rdatas(cut, &found.answer.items[found.answer.n_items - 1]);
        }
    }
    search->detours--;
}

// The servers that a delegation names. Those without known addresses are resolved only if nobody
// else can be asked.
static bool add_servers(struct fdns_search *search, const struct fdns_rrset *ns,
                        struct fdns_cut *cut)
{
    cut->n_addresses = 0;
    for (size_t i = 0; i < ns->n_rdatas; i++) {
        add_known(search, ns->rdatas[i].octets, cut);
    }
    for (size_t i = 0; i < ns->n_rdatas && cut->n_addresses == 0; i++) {
        if (!fdns_name_at_or_below(ns->rdatas[i].octets, cut->zone)) { // that would need the zone
            add_resolved(search, ns->rdatas[i].octets, cut);
        }
    }
    return cut->n_addresses > 0;
}

// The servers that hold a zone of that name at this time.
static void add_holders(struct fdns_search *search, const uint8_t *apex, struct fdns_cut *cut)
{
    const struct fdns_world *world = search->errand.world;
    for (size_t s = 0; s < world->n_servers; s++) {
        const struct fdns_server *server = &world->servers[s];
        for (size_t z = 0; z < server->n_zones; z++) {
            if (fdns_name_equal(server->zones[z].apex, apex)) {
                for (size_t a = 0; a < server->n_addresses; a++) {
                    add_address(cut, &server->addresses[a]);
                }
            }
        }
    }
}

static bool start(struct fdns_search *search, const uint8_t *name, struct fdns_cut *cut)
{
    cut->zone = fdns_name_root;
    cut->n_addresses = 0;
    add_holders(search, fdns_name_root, cut);
    unsigned labels = fdns_name_labels(name);
    for (unsigned i = 0; i < labels && cut->n_addresses == 0; i++) {
        cut->zone = fdns_name_skip(name, i);
        add_holders(search, cut->zone, cut);
    }
    return cut->n_addresses > 0;
}

bool fdns_cut_nearest(struct fdns_search *search, const uint8_t *name, uint16_t type,
                      struct fdns_cut *cut)
{
    unsigned labels = fdns_name_labels(name);
    // The parent knows the DS of a zone (RFC 4035 3.1.4.1).
    for (unsigned i = type == FDNS_TYPE_DS && labels > 0; i < labels; i++) {
        const uint8_t *zone = fdns_name_skip(name, i);
        const struct fdns_cache_entry *entry = fdns_cache_find(
            search->cache, zone, FDNS_TYPE_NS, FDNS_FROM_PARENT, search->errand.now_us);
        cut->zone = zone;
        if (entry != NULL && add_servers(search, &entry->rrset, cut)) {
            return true;
        }
    }
    return start(search, name, cut);
}

// A delegation must outlive the query that needs it, however short its TTL.
static uint32_t useful_ttl(uint32_t ttl)
{
    return ttl < DELEGATION_TTL_MIN ? DELEGATION_TTL_MIN : ttl;
}

static void remember_glue(struct fdns_search *search, const struct fdns_cut *from,
                          const struct fdns_view *view, const uint8_t *host)
{
    static const uint16_t types[] = {FDNS_TYPE_A, FDNS_TYPE_AAAA};
    if (!fdns_name_at_or_below(host, from->zone)) {
        return;
    }
    for (size_t i = 0; i < 2; i++) {
        struct fdns_rrset glue =
            fdns_heard_rrset(search->errand.arena, view, FDNS_ADDITIONAL, host, types[i]);
        if (glue.n_rdatas > 0) {
            fdns_cache_put(search->cache, host, types[i], FDNS_FROM_PARENT, FDNS_CACHED_RRSET,
                           &glue, useful_ttl(glue.ttl), search->errand.now_us);
        }
    }
}

void fdns_cut_remember(struct fdns_search *search, const struct fdns_cut *from,
                       const struct fdns_hearing *hearing)
{
    const struct fdns_rrset *ns = &hearing->rrsets.items[0];
    for (size_t i = 0; i < ns->n_rdatas; i++) {
        remember_glue(search, from, &hearing->view, ns->rdatas[i].octets);
    }
    fdns_cache_put(search->cache, ns->owner, FDNS_TYPE_NS, FDNS_FROM_PARENT, FDNS_CACHED_RRSET, ns,
                   ns->ttl, search->errand.now_us);
}
