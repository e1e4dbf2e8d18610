// Query: the client. Asks questions over real sockets and puts one observation for each into a
// store.
//
// Scripted (flight is set): time is the played clock's, ids derive from the seed and the question,
// nothing moves until the owner plays. Real (loop and pace are set): ids and source ports come from
// the system.
//
// Each question has a socket of its own. A datagram counts as the answer if it comes from where the
// question went, has its id, is a response and repeats the question octet for octet (also its case;
// an error response may leave it out); everything else is kept as a stray. UDP is tried again after
// silence, with the same id, TCP is not. TCP after TC is a question of its own: never asked here.
// Where nothing can be asked, that is the observation (UNMAPPED, UNREACHABLE, REFUSED).
#pragma once

#include "fakedns/serve/flight.h"
#include "fakedns/serve/map.h"
#include "fakedns/serve/pace.h"
#include "harness/seen/store.h"

struct dc_client; // owned by its maker

struct dc_client_options {
    struct fdns_clock *clock;
    struct fdns_flight *flight; // scripted in one process, or NULL
    uv_loop_t *loop;            // real, or NULL
    struct fdns_pace *pace;     // real, or NULL
    const struct fdns_map *map; // or NULL; outlives the client
    // An address that no map names is contacted only if this is set, and a documentation address
    // never is.
    bool allow_real;
    int64_t timeout_us;  // of one try, or of one step of a conversation; 0: 5 s
    unsigned retries;    // tries after the first; UDP
    unsigned qps;        // per server; 0: no limit
    unsigned per_server; // outstanding; 0: 32
    unsigned in_total;   // outstanding; 0: 256
    uint64_t seed;       // scripted
};

struct dc_client *dc_client_new(const struct dc_client_options *options);

// Asks all n questions, honouring `after` and pauses, and adds an observation for each to store.
// Questions that the store holds already, or that come twice, are asked once. The questions stay
// the caller's and must live until done, which is called exactly once and never before this
// returns. One call at a time.
typedef void dc_client_done_fn(void *context);
void dc_client_ask(struct dc_client *client, struct dc_store *store,
                   const struct dc_question *const *questions, size_t n, dc_client_done_fn *done,
                   void *context);

// Ends and frees the client; what is outstanding is given up without observations, and its done is
// not called any more. closed (may be NULL): scripted, before this returns; real, from the loop
// when all handles are closed.
typedef void dc_client_closed_fn(void *context);
void dc_client_close(struct dc_client *client, dc_client_closed_fn *closed, void *context);
