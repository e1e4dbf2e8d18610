// All that a run changes: counters of rules, their random sources, and what caches in front of
// servers hold. Nothing else in a world moves but time, and time is handed in.
#pragma once

#include "fakedns/base/random.h"
#include "fakedns/world/rule.h"

struct fdns_front_cache;
struct fdns_world_state; // owned by its maker

struct fdns_world_state *fdns_world_state_new(const struct fdns_world *world, uint64_t seed);
void fdns_world_state_free(struct fdns_world_state *state);
// The state of a world that was patched, which has all rules of the one before and perhaps more:
// what is counted for the old ones goes on. state is freed or is what is returned.
struct fdns_world_state *fdns_world_state_extend(struct fdns_world_state *state,
                                                 const struct fdns_world *world);
// Back to the start: counters zero, random source as seeded.
void fdns_world_state_reset(struct fdns_world_state *state);

// Counts one more match of a rule in its scope and tells which it was (1: the first). Counters of
// clients and connections are bounded (65,536 a rule); beyond that they share one.
uint64_t fdns_world_state_count(struct fdns_world_state *state, const struct fdns_rule *rule,
                                const struct fdns_exchange *exchange);
// Takes a query out of the allowance of its scope: per_second a second, and as many at once. 0: it
// is within; else how many were beyond so far, with this one.
uint64_t fdns_world_state_over_rate(struct fdns_world_state *state,
                                    const struct fdns_exchange *exchange, uint32_t per_second);
// How often a rule has fired.
uint64_t fdns_world_state_fired(const struct fdns_world_state *state, size_t rule);
void fdns_world_state_fire(struct fdns_world_state *state, const struct fdns_rule *rule);
// The cache in front of servers, made when it is first wanted.
struct fdns_front_cache *fdns_world_state_front_cache(struct fdns_world_state *state);
// Each rule has a random source of its own, so that rules do not disturb each other's draws.
struct fdns_random *fdns_world_state_random(struct fdns_world_state *state,
                                            const struct fdns_rule *rule);
