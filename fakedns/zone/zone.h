// Zone: records of one zone, indexed, immutable once built.
//
// Names between the apex and a record's owner exist (empty non-terminals, RFC 4592 2.2.2). A zone
// holds class IN.
#pragma once

#include "fakedns/zone/text.h"

struct fdns_denial;
struct fdns_signing;

struct fdns_zone_node {
    const uint8_t *name;             // as it was first written
    const struct fdns_rrset *rrsets; // by type; more than one CNAME rdata only with check off
    size_t n_rrsets;
    const struct fdns_zone_node *parent;   // NULL at the apex
    const struct fdns_zone_node *wildcard; // its child "*", or NULL
    size_t index;                          // 0 is the apex
    uint32_t hash;                         // of its labels below the apex, case folded
    bool is_cut;                           // NS below the apex
    bool has_dname;
};

struct fdns_zone {
    const uint8_t *apex;
    size_t apex_len;      // octets
    unsigned apex_labels; // without the root
    bool check;           // false: what no server should hold is stored all the same (`check: off`)
    const struct fdns_record *records; // as given, for edits
    size_t n_records;
    const struct fdns_rrset *soa; // NULL only with check off
    uint32_t negative_ttl;        // of the SOA in negative answers (RFC 2308 3 and 5)
    const struct fdns_zone_node *apex_node;
    // Hash table of nodes, open addressing. A child's place follows from its parent's hash and its
    // own label, so a walk down from the apex hashes each label of a name once.
    const struct fdns_zone_node **buckets;
    size_t n_buckets; // a power of two
    size_t n_nodes;
    const struct fdns_denial *denial;   // its NSEC and NSEC3 records; NULL: it has none (denial.h)
    const struct fdns_zone *plain;      // what was signed here (sign.h), or NULL
    const struct fdns_signing *signing; // with what, or NULL
};

// Indexes records. Refused, each with a diagnostic at the record's place in source (or, without a
// place, naming the record): no SOA or two at the apex, an SOA elsewhere, no NS at the apex,
// records outside the zone, CNAME with other data (RFC 1034 3.6.2, 2181 10.1), two CNAMEs, two
// DNAMEs, data below a DNAME, or a DNAME at a cut (RFC 6672 2.3 and 2.4), other classes than IN,
// rdata of NS CNAME DNAME SOA MX SRV that is not well-formed. Records below a cut that are not glue
// are a warning (occluded). RRsets with differing TTLs get the lowest (RFC 2181 5.2), with a
// warning. Equal records are kept once. With check false only what cannot be stored (outside the
// zone, other class, malformed rdata) is an error. Warnings are given only for records that have a
// place: those of a zone that is edited were given when it was read. NULL on error. records are
// copied, names and rdata are not: they must live as long.
const struct fdns_zone *fdns_zone_build(struct fdns_arena *arena, const uint8_t *apex,
                                        const struct fdns_record *records, size_t n_records,
                                        bool check, const struct fdns_source *source,
                                        struct fdns_diags *diags);

// What to take out of a zone: all of a name (type 0) or one RRset.
struct fdns_removal {
    const uint8_t *name;
    uint16_t type; // 0: every type
    unsigned line, column;
};

// A new zone: zone less removals plus additions. An addition to an RRset that exists joins it. A
// removal that matches nothing is an error at its place. The SOA serial stays as it is unless the
// SOA is replaced (an added SOA replaces the old one).
const struct fdns_zone *fdns_zone_edit(struct fdns_arena *arena, const struct fdns_zone *zone,
                                       const struct fdns_removal *removals, size_t n_removals,
                                       const struct fdns_record *additions, size_t n_additions,
                                       bool check, const struct fdns_source *source,
                                       struct fdns_diags *diags);

// Zone text (RFC 1035 5), the SOA first; reading it gives the same records.
void fdns_zone_print(const struct fdns_zone *zone, struct fdns_buf *out);

const struct fdns_zone_node *fdns_zone_find(const struct fdns_zone *zone, const uint8_t *name);
const struct fdns_rrset *fdns_zone_node_rrset(const struct fdns_zone_node *node, uint16_t type);
