#include "fakedns/world/state.h"

#include "fakedns/base/fatal.h"

#include <stdlib.h>
#include <string.h>

enum { COUNTERS_MAX = 65536, FIRST_SLOTS = 16 };

// Open addressing; a slot with count 0 is free.
struct slot {
    uint64_t key;
    uint64_t count;
};

struct counters {
    struct slot *slots;
    size_t n_slots; // a power of two, or 0
    size_t n_used;
    uint64_t shared; // of all that came when there was no more room
};

struct fdns_world_state {
    uint64_t seed;
    struct fdns_random random;
    size_t n_rules;
    struct counters counters[]; // by rule
};

struct fdns_world_state *fdns_world_state_new(const struct fdns_world *world, uint64_t seed)
{
    struct fdns_world_state *state =
        calloc(1, sizeof(*state) + world->n_rules * sizeof(state->counters[0]));
    if (state == NULL) {
        fdns_fatal("out of memory");
    }
    state->seed = seed;
    state->n_rules = world->n_rules;
    fdns_random_init(&state->random, seed);
    return state;
}

void fdns_world_state_free(struct fdns_world_state *state)
{
    if (state == NULL) {
        return;
    }
    for (size_t i = 0; i < state->n_rules; i++) {
        free(state->counters[i].slots);
    }
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
        counters->shared = 0;
    }
    fdns_random_init(&state->random, state->seed);
}

static struct slot *find_slot(const struct counters *counters, uint64_t key)
{
    size_t at = (size_t)fdns_hash_u64(0, key) & (counters->n_slots - 1);
    while (counters->slots[at].count > 0 && counters->slots[at].key != key) {
        at = (at + 1) & (counters->n_slots - 1);
    }
    return &counters->slots[at];
}

static void grow(struct counters *counters)
{
    struct counters larger = {.n_slots =
                                  counters->n_slots > 0 ? 2 * counters->n_slots : FIRST_SLOTS,
                              .n_used = counters->n_used};
    larger.slots = calloc(larger.n_slots, sizeof(*larger.slots));
    if (larger.slots == NULL) {
        fdns_fatal("out of memory");
    }
    for (size_t i = 0; i < counters->n_slots; i++) {
        if (counters->slots[i].count > 0) {
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

uint64_t fdns_world_state_count(struct fdns_world_state *state, const struct fdns_rule *rule,
                                const struct fdns_exchange *exchange)
{
    struct counters *counters = &state->counters[rule->index];
    uint64_t key = key_of(rule, exchange);
    if (counters->n_used * 4 >= counters->n_slots * 3 && counters->n_used < COUNTERS_MAX) {
        grow(counters);
    }
    struct slot *slot = find_slot(counters, key);
    if (slot->count > 0) {
        return ++slot->count;
    }
    if (counters->n_used >= COUNTERS_MAX) {
        return ++counters->shared;
    }
    slot->key = key;
    counters->n_used++;
    return slot->count = 1;
}

struct fdns_random *fdns_world_state_random(struct fdns_world_state *state)
{
    return &state->random;
}
