// View: an index over the raw bytes of a received message. It keeps every octet where it was and
// never rewrites anything, so that checks judge what was on the wire.
//
// A view is built for any bytes at all, also none: what is wrong is recorded as a flaw with its
// offset, and what could be read before it is there. Records point into the message.
// RFC 1035 4.1, 2181, 3597, 6891.
#pragma once

#include "fakedns/base/arena.h"
#include "fakedns/wire/codes.h"
#include "fakedns/wire/name.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FDNS_FLAWS(X)                                                                              \
    X(FDNS_FLAW_NONE, "no flaw")                                                                   \
    X(FDNS_FLAW_SHORT_HEADER, "shorter than a header")                                             \
    X(FDNS_FLAW_NAME_CUT, "name runs past the end of the message")                                 \
    X(FDNS_FLAW_NAME_TOO_LONG, "name longer than 255 octets")                                      \
    X(FDNS_FLAW_LABEL_TYPE, "label type 01 or 10")                                                 \
    X(FDNS_FLAW_POINTER, "compression pointer that does not point backwards to a name")            \
    X(FDNS_FLAW_RECORD_CUT, "record runs past the end of the message")                             \
    X(FDNS_FLAW_COUNT, "section counts promise more records than there are")                       \
    X(FDNS_FLAW_TRAILING, "octets after the last record")

#define FDNS_FLAW_ENUM(name, text) name,
enum fdns_flaw { FDNS_FLAWS(FDNS_FLAW_ENUM) };
const char *fdns_flaw_text(enum fdns_flaw flaw);

struct fdns_view_question {
    size_t at;  // offset of its name
    size_t len; // octets of name, type and class as they stand
    uint16_t type;
    uint16_t rr_class;
};

struct fdns_view_rr {
    enum fdns_section section;
    size_t at; // offset of the owner name
    uint16_t type;
    uint16_t rr_class;
    uint32_t ttl; // as on the wire (RFC 2181 8: the top bit set means 0)
    size_t rdata_at;
    uint16_t rdata_len;
};

// The OPT record, taken apart (RFC 6891 6.1). Only the first OPT of the
// additional section counts; n_opt tells of more there.
struct fdns_edns {
    bool present;
    uint16_t udp_size;
    uint8_t extended_rcode; // upper eight bits of the rcode
    uint8_t version;
    uint16_t flags;         // DO is 0x8000
    const uint8_t *options; // in the message
    uint16_t options_len;
    bool options_bad; // an option runs past the end of the record
};

enum { FDNS_EDNS_DO = 0x8000 };

struct fdns_view {
    const uint8_t *bytes;
    size_t len;
    uint16_t id;
    uint16_t flags;     // third and fourth octet as they stand, opcode and rcode included
    uint16_t counts[4]; // QD AN NS AR as in the header
    struct fdns_view_question *questions;
    size_t n_questions;
    struct fdns_view_rr *rrs; // answer, authority, additional in message order; OPT included
    size_t n_rrs;
    struct fdns_edns edns;
    unsigned n_opt;
    enum fdns_flaw flaw; // the first
    size_t flaw_at;
    size_t end; // offset after the last record that could be read
};

// Indexes len octets. The index lives in arena, the bytes stay the caller's.
void fdns_view_init(struct fdns_view *view, struct fdns_arena *arena, const void *bytes,
                    size_t len);

static inline uint8_t fdns_view_opcode(const struct fdns_view *view)
{
    return (uint8_t)(view->flags >> 11 & 15);
}

// With the extended bits of an OPT.
static inline uint16_t fdns_view_rcode(const struct fdns_view *view)
{
    return (uint16_t)((view->flags & 15) | (unsigned)view->edns.extended_rcode << 4);
}

static inline bool fdns_view_flag(const struct fdns_view *view, enum fdns_flag flag)
{
    return (view->flags & flag) != 0;
}

// The name at an offset, decompressed. False if there is no valid one; *end (may be NULL) is the
// offset after the name where it stands.
bool fdns_view_name(const struct fdns_view *view, size_t at, uint8_t out[FDNS_NAME_MAX],
                    size_t *end);
// The owner of a record equals name, ignoring case.
bool fdns_view_owner_is(const struct fdns_view *view, const struct fdns_view_rr *rr,
                        const uint8_t *name);
// The name in the rdata of NS, CNAME, DNAME, PTR (at 0) or MX (at 2), decompressed; false if the
// rdata is not exactly that.
bool fdns_view_rdata_name(const struct fdns_view *view, const struct fdns_view_rr *rr,
                          uint8_t out[FDNS_NAME_MAX]);

struct fdns_soa {
    uint8_t mname[FDNS_NAME_MAX];
    uint8_t rname[FDNS_NAME_MAX];
    uint32_t serial, refresh, retry, expire, minimum;
};
// False if the rdata is no well-formed SOA.
bool fdns_view_soa(const struct fdns_view *view, const struct fdns_view_rr *rr,
                   struct fdns_soa *soa);

// The rdata with every compressed name in it written out (types of RFC 1035 and those that RFC 3597
// 4 names), in arena; *len is set. NULL if the rdata of such a type is malformed; other types are
// copied as they stand.
const uint8_t *fdns_view_rdata(const struct fdns_view *view, const struct fdns_view_rr *rr,
                               struct fdns_arena *arena, uint16_t *len);

// Walks EDNS options: *at starts at 0; false at the end (or at an option that overruns).
bool fdns_edns_next(const struct fdns_edns *edns, size_t *at, uint16_t *code, const uint8_t **data,
                    uint16_t *len);
