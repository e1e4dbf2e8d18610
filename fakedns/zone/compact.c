#include "fakedns/zone/compact.h"

#include "fakedns/zone/signer.h"

#include <string.h>

bool fdns_denies_compactly(const struct fdns_lookup *lookup)
{
    const struct fdns_signing *signing = lookup->zone->signing;
    return lookup->dnssec && signing != NULL && signing->denial == FDNS_DENY_COMPACTLY;
}

// The signatures of an RRset, made now; NULL if it cannot be signed.
static const struct fdns_rrset *sign_now(const struct fdns_lookup *lookup,
                                         const struct fdns_rrset *rrset)
{
    struct fdns_diags diags;
    fdns_diags_init(&diags);
    struct fdns_signer signer = {.arena = lookup->arena,
                                 .signing = lookup->zone->signing,
                                 .zone = lookup->zone,
                                 .diags = &diags};
    if (fdns_signer_open(&signer)) {
        fdns_signer_sign(&signer, rrset);
        fdns_signer_close(&signer);
    }
    fdns_diags_clear(&diags);
    size_t n = signer.records.n_items;
    if (n == 0) {
        return NULL;
    }
    struct fdns_rdata *rdatas = fdns_arena_array(lookup->arena, n, sizeof(*rdatas));
    for (size_t i = 0; i < n; i++) {
        rdatas[i] = signer.records.items[i].rdata;
    }
    struct fdns_rrset signatures = *rrset;
    signatures.type = FDNS_TYPE_RRSIG;
    signatures.rdatas = rdatas;
    signatures.n_rdatas = n;
    signatures.signatures = NULL;
    return fdns_arena_copy(lookup->arena, &signatures, sizeof(signatures));
}

void fdns_deny_compactly(struct fdns_lookup *lookup, const uint8_t *name,
                         const struct fdns_zone_node *node)
{
    static const uint8_t zero[] = {1, 0, 0}; // the label \000
    struct fdns_signer signer = {.signing = lookup->zone->signing};
    uint8_t *octets = fdns_arena_alloc(lookup->arena, FDNS_NAME_MAX + FDNS_BITMAP_MAX);
    // Behind a name of full length comes nothing that could be written; then it is its own next.
    if (fdns_name_join(zero, 1, name, octets) != FDNS_OK) {
        memcpy(octets, name, fdns_name_len(name));
    }
    size_t len = fdns_name_len(octets);
    len += fdns_signer_bitmap(&signer, node, octets + len);
    struct fdns_rdata *rdata = fdns_arena_alloc(lookup->arena, sizeof(*rdata));
    *rdata = (struct fdns_rdata){octets, (uint16_t)len};
    struct fdns_rrset nsec = {.owner = name,
                              .type = FDNS_TYPE_NSEC,
                              .rr_class = FDNS_CLASS_IN,
                              .ttl = lookup->zone->negative_ttl,
                              .rdatas = rdata,
                              .n_rdatas = 1};
    nsec.signatures = sign_now(lookup, &nsec);
    fdns_rrset_list_add(lookup->arena, &lookup->honest->sections[FDNS_AUTHORITY], &nsec);
}

void fdns_sign_expansion(struct fdns_lookup *lookup, const uint8_t *name)
{
    struct fdns_rrset_list *answer = &lookup->honest->sections[FDNS_ANSWER];
    for (size_t i = 0; i < answer->n_items; i++) {
        if (answer->items[i].owner == name) {
            answer->items[i].signatures = sign_now(lookup, &answer->items[i]);
        }
    }
}
