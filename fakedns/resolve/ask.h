// Asking the world's servers, as a resolver hears them: one question to all servers of a zone until
// one gives an answer that can be used.
#pragma once

#include "fakedns/answer/answer.h"

// One query of a client and all the work it causes. Every part of the work is counted against it.
struct fdns_errand {
    const struct fdns_world *world;
    struct fdns_world_state *state;
    struct fdns_arena *arena;
    int64_t *quiet_until_us;      // by endpoint: servers that were silent are asked last
    const size_t *first_endpoint; // by server: index of its first address in quiet_until_us
    int64_t now_us;               // moves on with every wait
    unsigned queries_left;
};

enum {
    FDNS_TRY_US = 800000,     // how long an answer is waited for
    FDNS_QUIET_US = 60000000, // how long a silent server is asked last
    FDNS_ERRAND_QUERIES = 150,
    FDNS_CUT_ADDRESSES = 32,
};

// A zone and the addresses of its servers.
struct fdns_cut {
    const uint8_t *zone;
    struct fdns_address addresses[FDNS_CUT_ADDRESSES];
    size_t n_addresses;
};

enum fdns_heard {
    FDNS_HEARD_NOTHING, // no server gave an answer that can be used
    FDNS_HEARD_ANSWER,  // RRsets of the name
    FDNS_HEARD_ALIAS,   // its CNAME
    FDNS_HEARD_DNAME,   // a DNAME above it
    FDNS_HEARD_NODATA,
    FDNS_HEARD_NXDOMAIN,
    FDNS_HEARD_REFERRAL, // the NS of a zone between the one asked and the name
};

struct fdns_hearing {
    enum fdns_heard heard;
    struct fdns_view view;         // in the errand's arena, like all below
    struct fdns_rrset_list rrsets; // of answer, alias, DNAME, referral
    struct fdns_rrset soa;         // of a negative answer; n_rdatas 0: none
    uint32_t negative_ttl;         // RFC 2308 5; 0 without SOA
};

void fdns_ask(struct fdns_errand *errand, const struct fdns_cut *cut, const uint8_t *name,
              uint16_t type, struct fdns_hearing *hearing);

// Judges one message that came from a server of zone. NOTHING: it is of no use.
void fdns_hear(struct fdns_arena *arena, const uint8_t *zone, const uint8_t *name, uint16_t type,
               struct fdns_hearing *hearing);
// RRset of a name and type in a section; n_rdatas 0 if there is none.
struct fdns_rrset fdns_heard_rrset(struct fdns_arena *arena, const struct fdns_view *view,
                                   enum fdns_section section, const uint8_t *name, uint16_t type);
