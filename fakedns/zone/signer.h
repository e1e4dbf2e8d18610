// A zone while it is signed. Private to the zone folder.
#pragma once

#include "fakedns/zone/sign.h"

struct fdns_signer {
    struct fdns_arena *arena;
    const struct fdns_signing *signing;
    const struct fdns_source *source;
    struct fdns_diags *diags;
    const struct fdns_zone *zone;        // with its keys, without chain and signatures
    struct fdns_records records;         // of the zone that is made
    const struct fdns_zone_node **nodes; // that it speaks for, in canonical order
    size_t n_nodes;
    void **keys; // of ldns, by key
    bool failed; // there is a diagnostic
};

void fdns_signer_put(struct fdns_signer *signer, const uint8_t *owner, uint16_t type, uint32_t ttl,
                     const uint8_t *octets, size_t len);
// The zone signs RRsets of this type at node (RFC 4035 2.2).
bool fdns_signer_signs(const struct fdns_zone_node *node, uint16_t type);

// Chains over the nodes (chain.c).
void fdns_signer_nsec(struct fdns_signer *signer);
void fdns_signer_nsec3(struct fdns_signer *signer);

enum { FDNS_BITMAP_MAX = 256 * 34 };
// The types of node for an NSEC record, as they stand in it; of no node those of a name that does
// not exist (RFC 9824 3.1). Returns their octets.
size_t fdns_signer_bitmap(const struct fdns_signer *signer, const struct fdns_zone_node *node,
                          uint8_t *out);

// Signatures (signature.c). False, and nothing to close, after a diagnostic.
bool fdns_signer_open(struct fdns_signer *signer);
void fdns_signer_sign(struct fdns_signer *signer, const struct fdns_rrset *rrset);
void fdns_signer_close(struct fdns_signer *signer);
