// Delta: what makes one version of a zone into another, as an incremental transfer tells it
// (RFC 1995 4).
#pragma once

#include "fakedns/zone/zone.h"

// Neither list has the SOA of the apex: a transfer sends those by themselves.
struct fdns_delta {
    const struct fdns_zone *from, *to;
    const struct fdns_record *removed;
    size_t n_removed;
    const struct fdns_record *added;
    size_t n_added;
};

// Both zones have an SOA. A record whose TTL changes is removed and added. The lists live in arena,
// names and rdata in the zones.
const struct fdns_delta *fdns_delta_find(struct fdns_arena *arena, const struct fdns_zone *from,
                                         const struct fdns_zone *to);

// The serial of a zone that has an SOA.
uint32_t fdns_zone_serial(const struct fdns_zone *zone);
// That zone's SOA with another serial.
struct fdns_record fdns_zone_soa_with(struct fdns_arena *arena, const struct fdns_zone *zone,
                                      uint32_t serial);
// The SOA of the apex as one record; the zone has one.
struct fdns_record fdns_zone_soa_record(const struct fdns_zone *zone);
// The i-th record of the zone with the TTL that answers give it: that of its RRset, and of an RRSIG
// its own.
struct fdns_record fdns_zone_record(const struct fdns_zone *zone, size_t i);
