// Signing a zone:
//   1. its own records and those of the keys, without what an earlier signer left, as a zone
//   2. the names that this zone speaks for, in canonical order
//   3. the chain of NSEC or NSEC3 records over them
//   4. a signature for each RRset that the zone speaks for
#include "fakedns/zone/sign.h"

#include "fakedns/zone/denial.h"
#include "fakedns/zone/signer.h"

#include <stdlib.h>
#include <string.h>

enum { TYPE_CDS = 59, TYPE_CDNSKEY = 60 };

static void put(struct fdns_signer *signer, const uint8_t *owner, uint16_t type, uint32_t ttl,
                struct fdns_rdata rdata)
{
    struct fdns_records *records = &signer->records;
    records->items =
        fdns_arena_grow(signer->arena, records->items, records->n_items, records->n_items + 1,
                        sizeof(*records->items), &records->capacity);
    records->items[records->n_items++] = (struct fdns_record){
        .owner = owner, .type = type, .rr_class = FDNS_CLASS_IN, .ttl = ttl, .rdata = rdata};
}

void fdns_signer_put(struct fdns_signer *signer, const uint8_t *owner, uint16_t type, uint32_t ttl,
                     const uint8_t *octets, size_t len)
{
    struct fdns_rdata rdata = {fdns_arena_copy(signer->arena, octets, len), (uint16_t)len};
    put(signer, owner, type, ttl, rdata);
}

// --- 1: records

static bool is_of_signer(uint16_t type)
{
    return type == FDNS_TYPE_RRSIG || type == FDNS_TYPE_NSEC || type == FDNS_TYPE_NSEC3 ||
           type == FDNS_TYPE_NSEC3PARAM;
}

static void put_keys(struct fdns_signer *signer, const struct fdns_zone *zone)
{
    const struct fdns_signing *signing = signer->signing;
    uint32_t soa_ttl = zone->soa != NULL ? zone->soa->ttl : 3600;
    uint32_t ttl = signing->has_dnskey_ttl ? signing->dnskey_ttl : soa_ttl;
    for (size_t i = 0; i < signing->n_keys; i++) {
        const struct fdns_key *key = &signing->keys[i];
        if (key->hidden) {
            continue;
        }
        put(signer, zone->apex, FDNS_TYPE_DNSKEY, ttl, key->dnskey);
        if (signing->publish_cds && key->signs_keys && !signing->delete_cds) {
            put(signer, zone->apex, TYPE_CDS, ttl,
                fdns_key_ds(signer->arena, key, zone->apex, FDNS_DIGEST_SHA256));
            put(signer, zone->apex, TYPE_CDNSKEY, ttl, key->dnskey);
        }
    }
    if (signing->delete_cds) { // RFC 8078 4
        static const uint8_t cds[] = {0, 0, 0, 0, 0}, cdnskey[] = {0, 0, 3, 0, 0};
        fdns_signer_put(signer, zone->apex, TYPE_CDS, ttl, cds, sizeof(cds));
        fdns_signer_put(signer, zone->apex, TYPE_CDNSKEY, ttl, cdnskey, sizeof(cdnskey));
    }
}

static void put_params(struct fdns_signer *signer, const struct fdns_zone *zone)
{
    const struct fdns_signing *signing = signer->signing;
    uint8_t rdata[5 + UINT8_MAX] = {signing->nsec3_algorithm, 0,
                                    (uint8_t)(signing->salt.iterations >> 8),
                                    (uint8_t)signing->salt.iterations, signing->salt.len};
    if (signing->denial != FDNS_DENY_NSEC3 && signing->denial != FDNS_DENY_BOTH) {
        return;
    }
    if (signing->salt.len > 0) {
        memcpy(rdata + 5, signing->salt.octets, signing->salt.len);
    }
    fdns_signer_put(signer, zone->apex, FDNS_TYPE_NSEC3PARAM, 0, rdata, 5U + signing->salt.len);
}

static const struct fdns_zone *with_keys(struct fdns_signer *signer, const struct fdns_zone *zone,
                                         const struct fdns_record *added, size_t n_added,
                                         const struct fdns_source *source, struct fdns_diags *diags)
{
    for (size_t i = 0; i < zone->n_records; i++) {
        const struct fdns_record *record = &zone->records[i];
        if (!is_of_signer(record->type)) {
            put(signer, record->owner, record->type, record->ttl, record->rdata);
        }
    }
    for (size_t i = 0; i < n_added; i++) {
        put(signer, added[i].owner, added[i].type, added[i].ttl, added[i].rdata);
    }
    put_keys(signer, zone);
    put_params(signer, zone);
    return fdns_zone_build(signer->arena, zone->apex, signer->records.items,
                           signer->records.n_items, zone->check, source, diags);
}

// --- 2: names

// Nothing below a cut or a DNAME is the zone's (RFC 4035 2.2, RFC 6672 2.4).
static bool is_hidden(const struct fdns_zone_node *node)
{
    for (const struct fdns_zone_node *up = node->parent; up != NULL; up = up->parent) {
        if (up->is_cut || up->has_dname) {
            return true;
        }
    }
    return false;
}

static int compare_nodes(const void *a, const void *b)
{
    const struct fdns_zone_node *const *x = a, *const *y = b;
    return fdns_name_compare((*x)->name, (*y)->name);
}

static void find_names(struct fdns_signer *signer)
{
    const struct fdns_zone *zone = signer->zone;
    signer->nodes = fdns_arena_array(signer->arena, zone->n_nodes, sizeof(const void *));
    for (size_t i = 0; i < zone->n_buckets; i++) {
        if (zone->buckets[i] != NULL && !is_hidden(zone->buckets[i])) {
            signer->nodes[signer->n_nodes++] = zone->buckets[i];
        }
    }
    qsort(signer->nodes, signer->n_nodes, sizeof(const void *), compare_nodes);
}

// --- 4: signatures

bool fdns_signer_signs(const struct fdns_zone_node *node, uint16_t type)
{
    return type != FDNS_TYPE_RRSIG &&
           (!node->is_cut || type == FDNS_TYPE_DS || type == FDNS_TYPE_NSEC);
}

static void sign_names(struct fdns_signer *signer)
{
    for (size_t i = 0; i < signer->n_nodes; i++) {
        const struct fdns_zone_node *node = signer->nodes[i];
        for (size_t k = 0; k < node->n_rrsets; k++) {
            if (fdns_signer_signs(node, node->rrsets[k].type)) {
                fdns_signer_sign(signer, &node->rrsets[k]);
            }
        }
    }
}

static void sign_chain(struct fdns_signer *signer, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        struct fdns_record record = signer->records.items[i];
        struct fdns_rrset rrset = {.owner = record.owner,
                                   .type = record.type,
                                   .rr_class = record.rr_class,
                                   .ttl = record.ttl,
                                   .rdatas = &record.rdata,
                                   .n_rdatas = 1};
        fdns_signer_sign(signer, &rrset);
    }
}

static void make_chains(struct fdns_signer *signer)
{
    enum fdns_denial_kind denial = signer->signing->denial;
    if (denial == FDNS_DENY_NSEC || denial == FDNS_DENY_BOTH) {
        fdns_signer_nsec(signer);
    }
    if (denial == FDNS_DENY_NSEC3 || denial == FDNS_DENY_BOTH) {
        fdns_signer_nsec3(signer);
    }
}

const struct fdns_zone *fdns_zone_sign(struct fdns_arena *arena, const struct fdns_zone *zone,
                                       const struct fdns_signing *signing,
                                       const struct fdns_record *added, size_t n_added,
                                       const struct fdns_source *source, struct fdns_diags *diags)
{
    struct fdns_signer signer = {
        .arena = arena, .signing = signing, .source = source, .diags = diags};
    signer.zone = with_keys(&signer, zone, added, n_added, source, diags);
    if (signer.zone == NULL) {
        return NULL;
    }
    find_names(&signer);
    size_t first = signer.records.n_items;
    make_chains(&signer);
    size_t end = signer.records.n_items;
    if (!fdns_signer_open(&signer)) {
        return NULL;
    }
    sign_names(&signer);
    sign_chain(&signer, first, end);
    fdns_signer_close(&signer);
    if (signer.failed) {
        return NULL;
    }
    const struct fdns_zone *built =
        fdns_zone_build(arena, zone->apex, signer.records.items, signer.records.n_items,
                        zone->check, source, diags);
    if (built == NULL) {
        return NULL;
    }
    struct fdns_zone *whole = fdns_arena_copy(arena, built, sizeof(*built));
    whole->plain = zone;
    whole->signing = signing;
    return whole;
}
