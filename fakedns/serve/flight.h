// Flight: the ledger of what is on its way between sockets of this process, so that played time
// moves only when nothing is in flight.
//
// Quiet is accounted for, never guessed: what is sent to an open socket of ours counts until it has
// been read there. The ledger knows which sockets have something coming; draining reads exactly
// those (and waits for them with poll(2) if the kernel delivers later, on another CPU say). Reading
// only stashes: it appends octets and posts a timer at the present time; handlers run from the
// clock, in key order, when all has arrived.
//
// What counts:
//   - UDP: a datagram, from the send until it is read, if its destination is an open socket of
//     ours. Closing the receiver voids what was coming.
//   - TCP connect: the client's outcome, and the accept if there is a listener.
//   - TCP octets, each direction: sent minus read, and the end of the stream, while the receiver is
//     open and reads. One that does not read is parked at 0 and counts again when it reads.
//   - octets that the kernel would not take yet (a full buffer), while the receiver reads.
//   - a reset counts if the other side is open, reads and has not seen the end; it voids the octets
//     that were not read.
// Nothing from sockets of other processes is ever counted; their octets are for the reader to drop.
//
// Single thread; everything is nonblocking. Nothing here decides anything about DNS.
#pragma once

#include "fakedns/base/address.h"
#include "fakedns/base/buf.h"
#include "fakedns/base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fdns_flight;
struct fdns_flight_end;
struct fdns_flight_link;

// Reads (or writes, or accepts) what can be had without waiting and tells the ledger. Must be fine
// with nothing being there yet.
typedef void fdns_flight_fn(struct fdns_flight_end *end);

// One socket as the ledger sees it; embedded in what owns the socket. The owner fills fd, arrive,
// owner and calls one of the open functions.
struct fdns_flight_end {
    int fd;
    fdns_flight_fn *arrive;
    void *owner;
    // of the ledger
    struct fdns_flight *flight; // NULL: not in a ledger
    struct fdns_address local;
    int64_t coming;  // counted towards this socket
    bool wants_read; // what to wait for
    bool wants_write;
    bool listening;
    bool refuses;                            // UDP: nothing arrives
    uint64_t serial;                         // UDP: no two sockets of a ledger have the same
    struct fdns_flight_link *link;           // of a TCP connection
    unsigned side;                           // 0 client, 1 server
    struct fdns_flight_end *next, *previous; // of those with something coming
    struct fdns_flight_end **bucket;         // where it is found by its address, or NULL
    struct fdns_flight_end *same;            // next one in that bucket
    struct fdns_flight_end *open_next, *open_previous;
};

enum { FDNS_FLIGHT_BUCKETS = 256, FDNS_FLIGHT_WATCHDOG_MS = 5000 };

struct fdns_flight {
    int64_t total; // never negative
    struct fdns_flight_end *coming;
    struct fdns_flight_end *udp[FDNS_FLIGHT_BUCKETS]; // by local port
    struct fdns_flight_end *listeners[FDNS_FLIGHT_BUCKETS];
    struct fdns_flight_link *links[FDNS_FLIGHT_BUCKETS]; // by the client's port
    struct fdns_flight_link *spare;                      // of closed connections, for reuse
    struct fdns_flight_end *open;                        // all ends of the ledger
    size_t n_open;
    uint64_t next_serial;
    int watchdog_ms; // of a drain; FDNS_FLIGHT_WATCHDOG_MS unless a test says otherwise
};

void fdns_flight_init(struct fdns_flight *flight);
// Every end must have been closed.
void fdns_flight_clear(struct fdns_flight *flight);

// Reads until nothing is in flight. False if nothing has arrived for the watchdog's real time: then
// the ledger is printed to report (may be NULL), and the world could not be run. Never moves a
// clock.
bool fdns_flight_drain(struct fdns_flight *flight, struct fdns_buf *report);
// Appends the counters and every end that has something coming.
void fdns_flight_print(const struct fdns_flight *flight, struct fdns_buf *out);
// With nothing in flight, no socket of the ledger may have anything to read. For tests.
bool fdns_flight_is_quiet(const struct fdns_flight *flight);

// Plays: drains, pops one entry of the clock, drains, and so on until *finished is true (looked at
// after each drain) or nothing waits any more. False if a drain failed.
bool fdns_flight_play(struct fdns_flight *flight, struct fdns_clock *clock, const bool *finished,
                      struct fdns_buf *report);
// Plays everything up to and including at_us, and leaves the clock there.
bool fdns_flight_play_until(struct fdns_flight *flight, struct fdns_clock *clock, int64_t at_us,
                            struct fdns_buf *report);

// ---- for the owners of sockets -------------------------------------------------------------

// UDP: local is the bound address, with its port. A received datagram counts as arrived if
// its source is a socket of the ledger; `received` tells whether it is (else drop it).
void fdns_flight_open_udp(struct fdns_flight *flight, struct fdns_flight_end *end,
                          const struct fdns_address *local);
void fdns_flight_sent(struct fdns_flight *flight, const struct fdns_address *destination);
bool fdns_flight_received(struct fdns_flight_end *end, const struct fdns_address *source);
// Which socket has an address now, as its serial; 0: none. A port that was given up may be had
// again by another socket, and what is sent late must not reach that.
uint64_t fdns_flight_owner(const struct fdns_flight *flight, const struct fdns_address *address);
// From now on (until told otherwise) datagrams to it are refused: none arrives, none is counted.
void fdns_flight_refuse_udp(struct fdns_flight_end *end, bool refuses);

// TCP. A listener accepts connections only while it listens.
void fdns_flight_open_listener(struct fdns_flight *flight, struct fdns_flight_end *end,
                               const struct fdns_address *local, bool listening);
void fdns_flight_listen(struct fdns_flight_end *end, bool listening);
// After connect(2) has been called; local is what getsockname says.
void fdns_flight_open_client(struct fdns_flight *flight, struct fdns_flight_end *end,
                             const struct fdns_address *local, const struct fdns_address *server);
// The outcome of the connect is known; if it failed, the end must then be closed.
void fdns_flight_connected(struct fdns_flight_end *end, bool success);
// After accept(2). False if the peer is no socket of the ledger: close it.
bool fdns_flight_open_accepted(struct fdns_flight_end *listener, struct fdns_flight_end *end,
                               const struct fdns_address *peer);
// Whether this side reads. Both sides start reading.
void fdns_flight_reading(struct fdns_flight_end *end, bool reading);
// n octets were taken by the kernel; unsent: more wait for room in its buffer.
void fdns_flight_wrote(struct fdns_flight_end *end, size_t n, bool unsent);
void fdns_flight_wrote_end(struct fdns_flight_end *end); // shutdown of the sending direction
void fdns_flight_read(struct fdns_flight_end *end, size_t n);
// The end of the stream was seen: end of file, reset and broken pipe are one outcome.
void fdns_flight_read_end(struct fdns_flight_end *end);
// Octets that the other side has sent and this one has not read: closing will then reset.
size_t fdns_flight_unread(const struct fdns_flight_end *end);

// Takes an end of any kind out of the ledger, just before its descriptor is closed. A TCP side
// that resets (or has octets unread) tells the peer so, one that does not ends its stream.
void fdns_flight_close(struct fdns_flight_end *end, bool reset);
