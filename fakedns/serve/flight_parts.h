// What the files of the ledger share; nobody else includes this.
#pragma once

#include "fakedns/serve/flight.h"

// One side of a TCP connection.
struct fdns_flight_side {
    struct fdns_flight_end *end; // NULL: not accepted yet, or closed
    bool reads;
    bool ended;    // has seen the end of the peer's stream
    bool unsent;   // octets wait for room in the kernel's buffer
    bool sent_end; // its own stream has ended
    bool sent_reset;
    uint64_t sent;
    uint64_t read;
};

// A TCP connection between two sockets of the ledger; side 0 is the client.
struct fdns_flight_link {
    struct fdns_flight_link *next;
    struct fdns_address client;
    struct fdns_flight_end *listener; // has not accepted it yet, or NULL
    bool connecting;
    struct fdns_flight_side sides[2];
};

void fdns_flight_set_coming(struct fdns_flight_end *end, int64_t coming);
struct fdns_flight_end **fdns_flight_bucket(struct fdns_flight_end **table, uint16_t port);
struct fdns_flight_end *fdns_flight_find(struct fdns_flight_end *const *table,
                                         const struct fdns_address *local);
// Registers an end; bucket (may be NULL) makes it findable by its address.
void fdns_flight_enter(struct fdns_flight *flight, struct fdns_flight_end *end,
                       const struct fdns_address *local, struct fdns_flight_end **bucket);
void fdns_flight_close_side(struct fdns_flight_end *end, bool reset);
