// Transfer: the records of a zone transfer, in order, cut into messages (RFC 5936, RFC 1995).
//
// Nothing is copied and nothing is kept between messages but a cursor: the zones do not change.
#pragma once

#include "fakedns/reply/reply.h"
#include "fakedns/zone/delta.h"

// A message is filled up to here: compression pointers reach no further than 16383.
enum { FDNS_TRANSFER_MESSAGE = 16384 };

// Versions of a zone up to now, the oldest first; all have an SOA.
struct fdns_history {
    const struct fdns_zone *now;
    const struct fdns_delta *const *deltas; // each leads to the next one's `from`, the last to now
    size_t n_deltas;
};

// One stretch of records.
struct fdns_transfer_part {
    const struct fdns_zone *zone;      // its SOA, or with `all` everything but its SOA; or NULL:
    const struct fdns_record *records; // these
    size_t n_records;
    bool all;
};

struct fdns_cursor_at {
    size_t part, record;
};

struct fdns_transfer {
    const struct fdns_transfer_part *parts;
    size_t n_parts;
    struct fdns_cursor_at from, next; // the message's first record, and what comes behind it
    size_t n_before;                  // records in earlier messages
    size_t n_messages;                // earlier messages
    bool over;                        // nothing comes behind this message
    bool ends;                        // and then the connection ends
};

// The whole zone: SOA, everything else, SOA.
void fdns_transfer_whole(struct fdns_transfer *transfer, struct fdns_arena *arena,
                         const struct fdns_zone *zone);
// What a client with a serial lacks. One SOA if that is the serial now or newer (RFC 1995 2), the
// deltas from its version on, or the whole zone if there is no such version.
void fdns_transfer_since(struct fdns_transfer *transfer, struct fdns_arena *arena,
                         const struct fdns_history *history, uint32_t serial);
// The SOA alone: over UDP it says that the rest does not fit (RFC 1995 2).
void fdns_transfer_soa(struct fdns_transfer *transfer, struct fdns_arena *arena,
                       const struct fdns_zone *zone);

// Puts the records from `from` on into the answer section, at least one, at most n_most, and no
// more than fit into limit octets beside what else the reply has. Sets `next` and `over`.
void fdns_transfer_fill(struct fdns_transfer *transfer, struct fdns_reply *reply, size_t limit,
                        size_t n_most);

// The serial that a query for IXFR carries in its authority section (RFC 1995 3); false if none.
bool fdns_ixfr_serial(const struct fdns_view *query, uint32_t *serial);
