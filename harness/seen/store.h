// Store: everything that has been seen in a run, by question. Owns copies of what is put in; what
// it hands out lives until clear and does not move.
#pragma once

#include "fakedns/base/diag.h"
#include "harness/seen/observation.h"

#include <jansson.h>

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

// JSON of an observation as in dnsconform.report/1: {n, server, address, transport, asked,
// received (hex), outcome, at_us, attempts[]}, plus what is needed to read it back (visit,
// repetition, steps). New reference.
json_t *dc_observation_json(const struct dc_observation *observation, size_t n,
                            const char *server_name);
// Reads one back into the store; false (with *why) if it is none. Hostile input is refused, never
// trusted: sizes are checked.
bool dc_observation_read(struct dc_store *store, const json_t *json, const char **why);
