// One honest answer while it is found. Private to the zone folder.
#pragma once

#include "fakedns/zone/honest.h"
#include "fakedns/zone/walk.h"

enum {
    // Links that are followed before an answer ends as it is: more than any sound chain has.
    FDNS_CHAIN_MAX = 128,
    // Of these, links made of DNAMEs. A DNAME that points below itself makes longer and longer
    // names
    // out of each other, and with compression each is a chain of pointers; readers give up on long
    // ones.
    FDNS_REDIRECTS_MAX = 12,
    // RRsets that are added to be helpful; required glue has no such bound.
    FDNS_HELPFUL_MAX = 64,
};

struct fdns_lookup {
    struct fdns_honest *honest;
    struct fdns_arena *arena;
    const struct fdns_zone_set *set;
    uint16_t type;
    const uint8_t *name; // that is looked for now: qname, or the target of the last link
    struct fdns_labels labels;
    const struct fdns_zone *zone;        // nearest to name
    const uint8_t *seen[FDNS_CHAIN_MAX]; // names that had a link, with their lengths
    size_t seen_len[FDNS_CHAIN_MAX];
    unsigned n_seen;
    unsigned n_redirects;
    bool dnssec; // signatures and proofs are wanted
};

// The zone for a name whose labels are known; see fdns_zone_set_find.
const struct fdns_zone *fdns_zone_set_nearest(const struct fdns_zone_set *set, const uint8_t *name,
                                              const struct fdns_labels *labels, uint16_t type);

// Glue for the NS records of a cut: first what the referral must carry (RFC 9471 3.1: addresses of
// servers at or below the cut), then the rest.
void fdns_add_glue(struct fdns_lookup *lookup, const struct fdns_rrset *ns);
// Addresses of the NS, MX and SRV targets in the answer section (RFC 1034 4.3.2 step 6), as far as
// the zone where the answer ended has them.
void fdns_add_helpful(struct fdns_lookup *lookup);
