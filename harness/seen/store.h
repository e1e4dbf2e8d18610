// Store: everything that has been seen in a run, by question. Owns copies of what is put in; what
// it hands out lives until clear and does not move.
#pragma once

#include "harness/seen/observation.h"

struct dc_store {
    struct fdns_arena arena;
    const struct dc_observation **buckets;
    size_t n_buckets;
    size_t n_items;
};

void dc_store_init(struct dc_store *store);
void dc_store_clear(struct dc_store *store);
// NULL if the question has not been asked.
const struct dc_observation *dc_store_find(const struct dc_store *store,
                                           const struct dc_question *question);
// Takes a copy; the question must not be there yet.
const struct dc_observation *dc_store_add(struct dc_store *store,
                                          const struct dc_observation *observation);
// All observations sorted by key, in arena; *n is set.
const struct dc_observation *const *dc_store_sorted(const struct dc_store *store,
                                                    struct fdns_arena *arena, size_t *n);
