// The recursive front end: answers RD queries for stub clients inside a world (RFC 1034 5.3.3).
//
// It asks the world's servers by calling fdns_answer and adds up what the waits would have been
// (network silence: 800 ms a try), so that a silent server costs it nothing: the reply is planned
// with that delay. Its cache lives in the world's time: positive (RFC 1035), negative (RFC 2308)
// and SERVFAIL for a few seconds (RFC 2308 7). Work per query is bounded (chains, referrals,
// tries): past that it is SERVFAIL. Rules with `server: resolver` edit its replies.
#pragma once

#include "fakedns/answer/answer.h"

struct fdns_resolver;

// Starts from the servers that hold the root zone; a world without root is served from the servers
// that hold the nearest zone.
struct fdns_resolver *fdns_resolver_new(const struct fdns_world *world,
                                        struct fdns_world_state *state);
void fdns_resolver_free(struct fdns_resolver *resolver);
// The world was patched: answers that are cached stay.
void fdns_resolver_move(struct fdns_resolver *resolver, const struct fdns_world *world,
                        struct fdns_world_state *state);
// Forgets the cache.
void fdns_resolver_reset(struct fdns_resolver *resolver);

// Like fdns_answer; request->server is NULL. Queries without RD are REFUSED. Replies have RA.
void fdns_resolver_answer(struct fdns_resolver *resolver, const struct fdns_request *request,
                          struct fdns_arena *arena, struct fdns_plan *plan);
