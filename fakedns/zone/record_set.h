// A set of records: finds those that say the same as an earlier one (RFC 2181 5).
#pragma once

#include "fakedns/base/arena.h"
#include "fakedns/zone/rrset.h"

// Starts as zeros. The places live in the arena, the records are the caller's and must stay where
// they are; only owner, type, class and rdata are looked at.
struct fdns_record_set {
    struct fdns_record *places; // open addressing; owner NULL: free
    size_t n_places;            // a power of two, or 0
    size_t n_records;
};

// False if an equal record is in the set already (names compared without case, RFC 4343).
bool fdns_record_set_add(struct fdns_arena *arena, struct fdns_record_set *set,
                         const struct fdns_record *record);

// Octets before the name at the end of the rdata of a type that is read here, or -1: NS CNAME DNAME
// PTR (0), MX (2), SRV (6).
int fdns_rdata_name_offset(uint16_t type);
