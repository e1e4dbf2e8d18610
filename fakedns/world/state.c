#include "fakedns/world/state.h"

#include "fakedns/base/fatal.h"
#include "fakedns/world/front_cache.h"

#include <stdlib.h>
#include <string.h>

enum { COUNTERS_MAX = 65536, FIRST_SLOTS = 16, SECOND_US = 1000000 };

// What is kept for a rule and one of the servers, clients or connections it tells apart.
struct slot {
    uint64_t key;
    bool used;
    uint64_t count;
    bool limited;      // the next three are set
    int64_t at_us;     // of the last query that a rate limit saw
    int64_t credit_us; // the allowance left then, in time that refills it
    uint64_t n_over;
};

// Open addressing.

struct counters {
    struct slot *slots;
    size_t n_slots; // a power of two, or 0
    size_t n_used;
    struct slot shared; // for all that came when there was no more room
    uint64_t n_fired;
    struct fdns_random random;
};

struct fdns_world_state {
    uint64_t seed;
    struct fdns_front_cache *front_cache; // NULL until it is wanted
    size_t n_rules;
    struct counters counters[]; // by rule
};

static void seed_rules(struct fdns_world_state *state, size_t first)
{
    for (size_t i = first; i < state->n_rules; i++) {
        fdns_random_init(&state->counters[i].random, fdns_hash_u64(state->seed, i));
    }
}

struct fdns_world_state *fdns_world_state_new(const struct fdns_world *world, uint64_t seed)
{
    struct fdns_world_state *state =
        calloc(1, sizeof(*state) + world->n_rules * sizeof(state->counters[0]));
    if (state == NULL) {
        fdns_fatal("out of memory");
    }
    state->seed = seed;
    state->n_rules = world->n_rules;
    seed_rules(state, 0);
    return state;
}

struct fdns_world_state *fdns_world_state_extend(struct fdns_world_state *state,
                                                 const struct fdns_world *world)
{
    size_t n_old = state->n_rules;
    size_t size = sizeof(*state) + world->n_rules * sizeof(state->counters[0]);
    if (world->n_rules <= n_old) {
        return state; // it was extended for a patch that was refused later
    }
    struct fdns_world_state *larger = realloc(state, size);
    if (larger == NULL) {
        fdns_fatal("out of memory");
    }
    memset(&larger->counters[n_old], 0, (world->n_rules - n_old) * sizeof(larger->counters[0]));
    larger->n_rules = world->n_rules;
    seed_rules(larger, n_old);
    return larger;
}

void fdns_world_state_free(struct fdns_world_state *state)
{
    if (state == NULL) {
        return;
    }
    for (size_t i = 0; i < state->n_rules; i++) {
        free(state->counters[i].slots);
    }
    fdns_front_cache_free(state->front_cache);
    free(state);
}

void fdns_world_state_reset(struct fdns_world_state *state)
{
    for (size_t i = 0; i < state->n_rules; i++) {
        struct counters *counters = &state->counters[i];
        if (counters->slots != NULL) {
            memset(counters->slots, 0, counters->n_slots * sizeof(*counters->slots));
        }
        counters->n_used = 0;
        counters->shared = (struct slot){0};
        counters->n_fired = 0;
    }
    seed_rules(state, 0);
    if (state->front_cache != NULL) {
        fdns_front_cache_reset(state->front_cache);
    }
}

static struct slot *find_slot(const struct counters *counters, uint64_t key)
{
    size_t at = (size_t)fdns_hash_u64(0, key) & (counters->n_slots - 1);
    while (counters->slots[at].used && counters->slots[at].key != key) {
        at = (at + 1) & (counters->n_slots - 1);
    }
    return &counters->slots[at];
}

static void grow(struct counters *counters)
{
    struct counters larger = {.n_slots =
                                  counters->n_slots > 0 ? 2 * counters->n_slots : FIRST_SLOTS,
                              .n_used = counters->n_used,
                              .shared = counters->shared,
                              .n_fired = counters->n_fired,
                              .random = counters->random};
    larger.slots = calloc(larger.n_slots, sizeof(*larger.slots));
    if (larger.slots == NULL) {
        fdns_fatal("out of memory");
    }
    for (size_t i = 0; i < counters->n_slots; i++) {
        if (counters->slots[i].used) {
            *find_slot(&larger, counters->slots[i].key) = counters->slots[i];
        }
    }
    free(counters->slots);
    *counters = larger;
}

// What is counted together. Ports are not part of a client: it takes a new one for each query.
static uint64_t key_of(const struct fdns_rule *rule, const struct fdns_exchange *exchange)
{
    switch (rule->scope) {
    case FDNS_PER_WORLD:
        break;
    case FDNS_PER_SERVER:
        return exchange->server != NULL ? exchange->server->index : FDNS_RESOLVER;
    case FDNS_PER_CLIENT:
        return fdns_hash((uint64_t)exchange->client.family, exchange->client.octets,
                         sizeof(exchange->client.octets));
    case FDNS_PER_CONNECTION:
        return exchange->connection;
    }
    return 0;
}

static struct slot *slot_for(struct fdns_world_state *state, const struct fdns_rule *rule,
                             const struct fdns_exchange *exchange)
{
    struct counters *counters = &state->counters[rule->index];
    uint64_t key = key_of(rule, exchange);
    if (counters->n_used * 4 >= counters->n_slots * 3 && counters->n_used < COUNTERS_MAX) {
        grow(counters);
    }
    struct slot *slot = find_slot(counters, key);
    if (slot->used) {
        return slot;
    }
    if (counters->n_used >= COUNTERS_MAX) {
        return &counters->shared;
    }
    counters->n_used++;
    slot->used = true;
    slot->key = key;
    return slot;
}

uint64_t fdns_world_state_count(struct fdns_world_state *state, const struct fdns_rule *rule,
                                const struct fdns_exchange *exchange)
{
    return ++slot_for(state, rule, exchange)->count;
}

uint64_t fdns_world_state_over_rate(struct fdns_world_state *state,
                                    const struct fdns_exchange *exchange, uint32_t per_second)
{
    struct slot *slot = slot_for(state, exchange->rule, exchange);
    int64_t passed_us = exchange->now_us - slot->at_us;
    int64_t price_us = SECOND_US / (int64_t)per_second;
    if (!slot->limited || passed_us >= SECOND_US - slot->credit_us) {
        slot->credit_us = SECOND_US;
    } else if (passed_us > 0) {
        slot->credit_us += passed_us;
    }
    slot->limited = true;
    slot->at_us = exchange->now_us;
    if (slot->credit_us < price_us) {
        return ++slot->n_over;
    }
    slot->credit_us -= price_us;
    return 0;
}

uint64_t fdns_world_state_fired(const struct fdns_world_state *state, size_t rule)
{
    return state->counters[rule].n_fired;
}

void fdns_world_state_fire(struct fdns_world_state *state, const struct fdns_rule *rule)
{
    state->counters[rule->index].n_fired++;
}

struct fdns_front_cache *fdns_world_state_front_cache(struct fdns_world_state *state)
{
    if (state->front_cache == NULL) {
        state->front_cache = fdns_front_cache_new();
    }
    return state->front_cache;
}

struct fdns_random *fdns_world_state_random(struct fdns_world_state *state,
                                            const struct fdns_rule *rule)
{
    return &state->counters[rule->index].random;
}
