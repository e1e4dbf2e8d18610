// Builder: writes DNS messages, also wrong ones, into memory of the caller.
//
// Names are compressed against earlier names of the message (RFC 1035 4.1.4) in owners and in the
// rdata of the types that may be compressed (RFC 3597 4: NS CNAME PTR MX SOA and the others of
// RFC 1035), case kept: a pointer is used only where the octets are the same. Appending past the
// limit changes nothing and returns false.
#pragma once

#include "fakedns/wire/codes.h"
#include "fakedns/wire/name.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FDNS_BUILDER_NAMES = 128 };

enum fdns_compression {
    FDNS_COMPRESS_USUAL,
    FDNS_COMPRESS_NONE,
    FDNS_COMPRESS_ALL,      // also in rdata where RFC 3597 4 forbids it
    FDNS_COMPRESS_WRAPPING, // pointers to offsets of more than 14 bits lose the upper ones
};

struct fdns_builder {
    uint8_t *out;
    size_t limit; // octets that may be used
    size_t len;
    enum fdns_compression compression;
    // offsets of names (and their tails) that later ones can point to
    uint16_t names[FDNS_BUILDER_NAMES];
    unsigned n_names;
};

// A position to come back to.
struct fdns_builder_mark {
    size_t len;
    unsigned n_names;
};

// Starts a message: a header of zeros. limit is 12 to 65535 octets of out.
void fdns_builder_init(struct fdns_builder *builder, uint8_t *out, size_t limit);

// flags are the third and fourth octet, opcode and low rcode bits included.
void fdns_builder_header(struct fdns_builder *builder, uint16_t id, uint16_t flags);
// Section counts, 0 QD to 3 AR.
void fdns_builder_count(struct fdns_builder *builder, unsigned section, uint16_t count);

struct fdns_builder_mark fdns_builder_mark(const struct fdns_builder *builder);
void fdns_builder_return(struct fdns_builder *builder, struct fdns_builder_mark mark);

bool fdns_builder_bytes(struct fdns_builder *builder, const void *bytes, size_t len);
bool fdns_builder_u16(struct fdns_builder *builder, uint16_t value);
bool fdns_builder_u32(struct fdns_builder *builder, uint32_t value);
bool fdns_builder_name(struct fdns_builder *builder, const uint8_t *name);
// Remembers the name of a question that was copied as bytes at offset `at`, so that owners can
// point to it.
void fdns_builder_remember(struct fdns_builder *builder, size_t at);
bool fdns_builder_question(struct fdns_builder *builder, const uint8_t *name, uint16_t type,
                           uint16_t rr_class);
// rdata is uncompressed. The whole record or nothing.
bool fdns_builder_rr(struct fdns_builder *builder, const uint8_t *owner, uint16_t type,
                     uint16_t rr_class, uint32_t ttl, const uint8_t *rdata, uint16_t rdata_len);
// An OPT record (RFC 6891 6.1.2).
bool fdns_builder_opt(struct fdns_builder *builder, uint16_t udp_size, uint8_t extended_rcode,
                      uint8_t version, uint16_t flags, const uint8_t *options,
                      uint16_t options_len);

// A complete query with one question; udp_size 0 means without OPT. Returns its length, at most 512
// and never more than room, or 0 if it does not fit.
size_t fdns_query_build(uint8_t *out, size_t room, uint16_t id, uint16_t flags, const uint8_t *name,
                        uint16_t type, uint16_t rr_class, uint16_t udp_size, uint16_t edns_flags);
