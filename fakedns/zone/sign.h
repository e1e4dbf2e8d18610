// Signing a zone: DNSKEY, CDS and CDNSKEY records, an NSEC or NSEC3 chain, and signatures (RFC
// 4034, 4035 2, RFC 5155 7.1). Done once, when a zone is made. What is wrong with it on purpose is
// said here too, where the signature over a mistake has to be right.
#pragma once

#include "fakedns/zone/key.h"
#include "fakedns/zone/zone.h"

enum fdns_denial_kind {
    FDNS_DENY_NSEC,
    FDNS_DENY_NSEC3,
    FDNS_DENY_BOTH,
    FDNS_DENY_COMPACTLY // RFC 9824: nothing is in the zone, answers are signed
};

// What is wrong with the signatures of RRsets, although they are made with the zone's keys.
struct fdns_mistake {
    const uint8_t *name; // NULL: any
    uint16_t type;       // 0: any
    bool has_inception, has_expiration, has_algorithm;
    uint32_t inception, expiration;
    bool has_tag, tag_is_change;
    uint16_t tag;
    uint8_t algorithm;
    const uint8_t *signer;
    bool unsigned_; // no signature at all
    bool corrupt;   // one octet of the signature is another
};

// What an NSEC or NSEC3 record of a name says wrongly.
struct fdns_bitmap_mistake {
    const uint8_t *name;
    const uint16_t *without, *with; // types
    size_t n_without, n_with;
    bool skip; // the chain passes the name over as if it did not exist
};

struct fdns_signing {
    const struct fdns_key *keys;
    size_t n_keys;
    uint32_t inception, expiration; // seconds since 1970
    bool has_dnskey_ttl;            // else that of the SOA
    uint32_t dnskey_ttl;
    bool publish_cds;
    bool delete_cds; // RFC 8078 4
    enum fdns_denial_kind denial;
    uint8_t nsec3_algorithm; // 1 is SHA-1; another number is only written, not used
    bool opt_out;
    struct fdns_nsec3_salt {
        uint16_t iterations;
        uint8_t len;
        const uint8_t *octets;
    } salt;
    const struct fdns_mistake *mistakes;
    size_t n_mistakes;
    const struct fdns_bitmap_mistake *bitmaps;
    size_t n_bitmaps;
    const struct fdns_rdata *ds; // that a signed parent has for the zone
    size_t n_ds;
};

// The zone with all that signing adds, and with the records of `added` (DS of delegations) in it.
// What a zone has of RRSIG, NSEC, NSEC3 and NSEC3PARAM records is replaced. zone becomes its
// `plain`, which edits start from. NULL after a diagnostic. signing must live as long as the zone.
const struct fdns_zone *fdns_zone_sign(struct fdns_arena *arena, const struct fdns_zone *zone,
                                       const struct fdns_signing *signing,
                                       const struct fdns_record *added, size_t n_added,
                                       const struct fdns_source *source, struct fdns_diags *diags);
