// Answer: query bytes + world + time -> plan. No I/O and no clock of its own; all that changes is
// the world_state passed in.
//
//   1. index the query        (wire/view)
//   2. the honest reply       (reply/reply), from what the server holds at that time
//   3. rules edit the reply   (world/rule: `edit` effects of each rule that fires, in order)
//   4. encode                 (size limits, TC)
//   5. rules change its bytes (`bytes` effects: cut)
//   6. rules edit the plan    (`send` effects: drop, delay)
#pragma once

#include "fakedns/world/state.h"

struct fdns_request {
    const struct fdns_server *server;
    size_t address; // index of the server's address it came to
    enum fdns_transport transport;
    struct fdns_address client;
    uint64_t connection;
    int64_t now_us;
    const uint8_t *octets;
    size_t len;
};

// Fills plan; its octets live in arena until that is reset. Allocates nothing else once arena is
// warm. A server that is down gets a plan without steps; what is no query (a response, less than a
// header) one that ends a TCP connection and says nothing.
void fdns_answer(const struct fdns_world *world, struct fdns_world_state *state,
                 const struct fdns_request *request, struct fdns_arena *arena,
                 struct fdns_plan *plan);

// The next message of a stream, after a plan that had `more`: request is the one that was answered
// then, with its time; more may be freed afterwards. Rules act on each message as they did on the
// first, without being matched or counted again.
void fdns_answer_more(struct fdns_world_state *state, const struct fdns_request *request,
                      const struct fdns_more *more, struct fdns_arena *arena,
                      struct fdns_plan *plan);

// Steps 3 to 6 for a reply that somebody else made (the recursive front end).
void fdns_answer_edit(const struct fdns_world *world, struct fdns_world_state *state,
                      const struct fdns_exchange *exchange, struct fdns_reply *reply,
                      struct fdns_arena *arena, struct fdns_plan *plan);

// What a TCP connection to a server's address meets at a time; of several rules the last one that
// says something. A server that is down: it hangs.
struct fdns_tcp_terms fdns_answer_tcp_terms(const struct fdns_world *world,
                                            const struct fdns_server *server, size_t address,
                                            int64_t now_us);
enum fdns_tcp_fault fdns_answer_tcp(const struct fdns_world *world,
                                    const struct fdns_server *server, size_t address,
                                    int64_t now_us);
// The UDP port of a server's address is closed at a time.
bool fdns_answer_udp_refused(const struct fdns_world *world, const struct fdns_server *server,
                             size_t address, int64_t now_us);
