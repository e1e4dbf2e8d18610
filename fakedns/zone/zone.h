// Zone: records of one zone, indexed, immutable once built.
//
// Names between the apex and a record's owner exist (empty non-terminals, RFC 4592 2.2.2). A zone
// holds class IN.
#pragma once

#include "fakedns/zone/text.h"

struct fdns_zone_node {
    const uint8_t *name;
    const struct fdns_rrset *rrsets; // by type; more than one CNAME rdata only with check off
    size_t n_rrsets;
    const struct fdns_zone_node *parent; // NULL at the apex
    const struct fdns_zone_node *wildcard; // its child "*", or NULL
    bool is_cut;   // NS below the apex
    bool has_dname;
};

struct fdns_zone {
    const uint8_t *apex;
    bool check; // false: what no server should hold is stored all the same (`check: off`)
    const struct fdns_record *records; // as given, for edits
    size_t n_records;
    const struct fdns_rrset *soa; // NULL only with check off
    const struct fdns_zone_node *apex_node;
    // hash table of nodes
    const struct fdns_zone_node **buckets;
    size_t n_buckets; // a power of two
    size_t n_nodes;
};

// Indexes records. Refused, each with a diagnostic at the record's place in source (or, without a
// place, naming the record): no SOA or two at the apex, an SOA elsewhere, no NS at the apex,
// records outside the zone, CNAME with other data (RFC 1034 3.6.2, 2181 10.1), two CNAMEs, two
// DNAMEs or data below a DNAME (RFC 6672 2.4), other classes than IN. Records below a cut that are
// not glue are a warning (occluded). RRsets with differing TTLs get the lowest (RFC 2181 5.2), with
// a warning. With check false only what cannot be stored (outside the zone, other class) is an
// error. NULL on error. records are copied, names and rdata are not: they must live as long.
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

const struct fdns_zone_node *fdns_zone_find(const struct fdns_zone *zone, const uint8_t *name);
const struct fdns_rrset *fdns_zone_node_rrset(const struct fdns_zone_node *node, uint16_t type);
