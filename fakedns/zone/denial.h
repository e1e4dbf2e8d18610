// Denial: the NSEC and NSEC3 records of a signed zone, ordered so that the one that matches or
// covers a name is found at once (RFC 4034 4, RFC 5155 3). They come with the zone's text, or from
// signing it (sign.h); whether the chain is complete is not looked at.
#pragma once

#include "fakedns/zone/zone.h"

enum { FDNS_NSEC3_HASH_LEN = 20 }; // SHA-1, the one algorithm there is (RFC 5155 11)

struct fdns_nsec3 {
    uint8_t hash[FDNS_NSEC3_HASH_LEN]; // its owner's first label
    const struct fdns_rrset *rrset;
};

struct fdns_nsec3_params {
    uint16_t iterations;
    uint8_t salt_len;
    const uint8_t *salt;
};

struct fdns_denial {
    const struct fdns_rrset **nsecs; // by owner in canonical order
    size_t n_nsecs;
    struct fdns_nsec3 *nsec3s; // by hash; only those with these parameters
    size_t n_nsec3s;
    struct fdns_nsec3_params params;
};

// An NSEC3 record, or an RRSIG record that covers one.
bool fdns_is_of_nsec3(const struct fdns_record *record);

// Gives each RRset the signatures that stand beside it. RRsets of one owner are neighbours and
// share its pointer.
void fdns_attach_signatures(struct fdns_arena *arena, struct fdns_rrset *rrsets, size_t n_rrsets);

// nodes are all of the zone. NULL: neither NSEC nor NSEC3.
const struct fdns_denial *fdns_denial_find(struct fdns_arena *arena, const struct fdns_zone *zone,
                                           const struct fdns_zone_node *const *nodes);

// RFC 5155 5.
void fdns_nsec3_hash(const struct fdns_nsec3_params *params, const uint8_t *name,
                     uint8_t hash[FDNS_NSEC3_HASH_LEN]);
enum { FDNS_NSEC3_LABEL_LEN = 32 }; // base32hex of a hash, in lower case
void fdns_nsec3_label(const uint8_t hash[FDNS_NSEC3_HASH_LEN], uint8_t label[FDNS_NSEC3_LABEL_LEN]);

// The NSEC whose owner is name, or the one before it: it covers name, if anything does. NULL
// without NSEC records.
const struct fdns_rrset *fdns_nsec_at_or_before(const struct fdns_denial *denial,
                                                const uint8_t *name);
// The same for NSEC3; *matches tells whether its owner is the hash itself.
const struct fdns_rrset *fdns_nsec3_at_or_before(const struct fdns_denial *denial,
                                                 const uint8_t *name, bool *matches);
