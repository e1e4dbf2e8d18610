// RRsets: what zones hold and answers carry. Pure values; whoever made them owns the memory.
#pragma once

#include "fakedns/wire/codes.h"
#include "fakedns/wire/name.h"

struct fdns_rdata {
    const uint8_t *octets; // uncompressed
    uint16_t len;
};

struct fdns_rrset {
    const uint8_t *owner; // a name
    uint16_t type;
    uint16_t rr_class;
    uint32_t ttl;
    const struct fdns_rdata *rdatas;
    size_t n_rdatas;
    // The RRSIG records that cover it, or NULL. They go where it goes when DNSSEC is asked for.
    const struct fdns_rrset *signatures;
};

// One record and where it was written (line 0: nowhere).
struct fdns_record {
    const uint8_t *owner;
    uint16_t type;
    uint16_t rr_class;
    uint32_t ttl;
    struct fdns_rdata rdata;
    unsigned line, column;
};
