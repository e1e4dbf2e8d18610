// The honest answer: what a correct authoritative server says (RFC 1034 4.3.2 with 2181, 2308,
// 4592, 6604, 6672, 8020, 8482, 9471). Pure; the sections are RRsets that point into the zones or
// into the arena, for others to edit.
#pragma once

#include "fakedns/zone/zone.h"

// The zones of one server at one time. Looked up by longest match.
struct fdns_zone_set {
    const struct fdns_zone *const *zones;
    size_t n_zones;
};

struct fdns_rrset_list {
    struct fdns_rrset *items;
    size_t n_items;
    size_t capacity;
};

struct fdns_honest {
    uint16_t rcode;
    bool aa;
    bool referral;
    const struct fdns_zone *zone; // of the question; NULL: REFUSED, no zone of ours
    struct fdns_rrset_list sections[FDNS_N_SECTIONS];
    // RRsets at the start of `additional` that are glue a referral must carry (RFC 9471); the
    // rest may be left out of a short message.
    size_t n_required_glue;
};

// The nearest zone at or above name, or NULL. With type DS at an apex the parent's zone, if it is
// in the set (RFC 4035 3.1.4.1).
const struct fdns_zone *fdns_zone_set_find(const struct fdns_zone_set *set, const uint8_t *name,
                                           uint16_t type);

// qname must live as long as honest: its octets (its case) become the owner of what matched; what
// comes with it (SOA, the NS of a cut, a DNAME) keeps the case of the zone. Answers class IN only;
// the caller deals with other classes, opcodes and EDNS. A CNAME or DNAME chain is followed through
// all zones of the set; a target that the set does not hold ends it: NOERROR, AA, what was found so
// far. A loop ends when a CNAME would come twice, any chain after 128 links or 12 made of DNAMEs.
// DNAME: the synthesized CNAME has the DNAME's TTL, and YXDOMAIN if the name grows over 255 octets.
// DS at a cut is answered from the parent. A zone with check off: an exact type answers first, else
// the CNAMEs as they stand.
// With dnssec true, what signed zones give has its RRSIG records behind it, and what is not there
// is proven (prove.h).
void fdns_honest_answer(struct fdns_honest *honest, struct fdns_arena *arena,
                        const struct fdns_zone_set *set, const uint8_t *qname, uint16_t qtype,
                        bool dnssec);

// Appends to a list that lives in arena.
void fdns_rrset_list_add(struct fdns_arena *arena, struct fdns_rrset_list *list,
                         const struct fdns_rrset *rrset);

// Puts behind each RRset the signatures that it has. Required glue, n_required RRsets of the
// additional section, is not signed.
void fdns_add_signatures(struct fdns_arena *arena, struct fdns_rrset_list sections[FDNS_N_SECTIONS],
                         size_t n_required);
