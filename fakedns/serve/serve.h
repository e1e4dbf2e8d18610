// Serve: puts the servers of a world on real sockets, UDP and TCP on the same port number.
//
//   STARTED --fdns_serve_stop--> CLOSING --handles gone--> done()
//
// Two modes, told apart by what the options hold:
//   - played (flight is set): nothing moves until the owner drains the ledger and steps the clock
//     (fdns_flight_play). No libuv handle is used; stopping ends at once.
//   - real (loop and pace are set): sockets are watched by the loop, UDP is answered directly in
//     the callback, and the pace drives the clock.
//
// Bounds: connections per server address, octets that wait per connection, replies that wait for
// their time. What is past a bound is dropped (UDP) or closed (TCP), never queued without end.
#pragma once

#include "fakedns/answer/answer.h"
#include "fakedns/resolve/resolve.h"
#include "fakedns/serve/flight.h"
#include "fakedns/serve/map.h"
#include "fakedns/serve/pace.h"

struct fdns_serve; // owned by its maker; freed when stopped
struct fdns_capture;
struct fdns_query_log;

struct fdns_serve_options {
    const struct fdns_world *world;
    struct fdns_world_state *state;
    struct fdns_resolver *resolver; // the recursive front end gets an endpoint; NULL: none
    struct fdns_clock *clock;
    struct fdns_flight *flight; // played, or NULL
    uv_loop_t *loop;            // real, or NULL
    struct fdns_pace *pace;     // real, or NULL
    // Where to bind. Without listen: 127.0.0.1, and ::1 for scripted IPv6 addresses where there is
    // one. Port 0: one of the system's choice for each. With a port and several endpoints, the
    // addresses count up from the first (127.0.0.1, 127.0.0.2, …) in file order, the resolver last.
    const struct fdns_address *listen;
    uint16_t port;
    struct fdns_query_log *query_log; // or NULL; outlives the serve
    struct fdns_capture *capture;     // likewise
};

// Binds everything. NULL if something could not be bound; then a sentence that names the endpoint
// is appended to why, and *error (may be NULL) tells what it was (IN_USE, DENIED, …).
struct fdns_serve *fdns_serve_start(const struct fdns_serve_options *options,
                                    enum fdns_error *error, struct fdns_buf *why);

// Scripted addresses and their endpoints, and the resolver's; valid until it is stopped.
const struct fdns_map *fdns_serve_map(const struct fdns_serve *serve);

// Serves another world from now on: endpoints of scripted addresses that both have stay as they
// are, with their connections; new ones are bound and those that are gone closed. False if one
// could not be bound: then nothing has changed, and a sentence is appended to why. A resolver is
// moved by its owner (resolve.h).
bool fdns_serve_change(struct fdns_serve *serve, const struct fdns_world *world,
                       struct fdns_world_state *state, struct fdns_buf *why);
// The state has moved, and is the same otherwise.
void fdns_serve_set_state(struct fdns_serve *serve, struct fdns_world_state *state);
// Something about the world is other than it was (a rule, the time): ports are opened and closed as
// it says.
void fdns_serve_update(struct fdns_serve *serve);
// The clock is about to be set back to 0: closes all TCP connections, drops all that waits, counts
// from zero again. Nothing of the serve stands in the clock until fdns_serve_update.
void fdns_serve_forget(struct fdns_serve *serve);

// Closes everything and frees serve. done (may be NULL) is called exactly once: played, before this
// returns; real, from the loop when all handles are closed.
typedef void fdns_serve_done_fn(void *context);
void fdns_serve_stop(struct fdns_serve *serve, fdns_serve_done_fn *done, void *context);

struct fdns_serve_counts {
    uint64_t queries;
    uint64_t replies;
    uint64_t dropped; // past a bound, or not sendable
    uint64_t connections;
};
struct fdns_serve_counts fdns_serve_counts(const struct fdns_serve *serve);
