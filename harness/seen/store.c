#include "harness/seen/store.h"

#include <assert.h>
#include <stdlib.h>

enum { FIRST_BUCKETS = 64 };

void dc_store_init(struct dc_store *store)
{
    *store = (struct dc_store){.n_buckets = 0};
    fdns_arena_init(&store->arena, 0);
}

void dc_store_clear(struct dc_store *store)
{
    fdns_arena_clear(&store->arena);
    dc_store_init(store);
}

// The bucket that holds the question, or the empty one where it belongs. n_buckets is a power of
// two and never full.
static size_t place_of(const struct dc_store *store, const struct dc_question *question)
{
    size_t mask = store->n_buckets - 1;
    size_t at = (size_t)dc_question_hash(question) & mask;
    while (store->buckets[at] != NULL &&
           dc_question_compare(store->buckets[at]->question, question) != 0) {
        at = (at + 1) & mask;
    }
    return at;
}

static void grow(struct dc_store *store)
{
    struct dc_store old = *store;
    store->n_buckets = old.n_buckets != 0 ? old.n_buckets * 2 : FIRST_BUCKETS;
    store->buckets = fdns_arena_array(&store->arena, store->n_buckets, sizeof *store->buckets);
    for (size_t i = 0; i < old.n_buckets; i++) {
        if (old.buckets[i] != NULL) {
            store->buckets[place_of(store, old.buckets[i]->question)] = old.buckets[i];
        }
    }
}

const struct dc_observation *dc_store_find(const struct dc_store *store,
                                           const struct dc_question *question)
{
    return store->n_items != 0 ? store->buckets[place_of(store, question)] : NULL;
}

const struct dc_observation *dc_store_add(struct dc_store *store,
                                          const struct dc_observation *observation)
{
    if (store->n_items * 2 >= store->n_buckets) {
        grow(store);
    }
    size_t at = place_of(store, observation->question);
    assert(store->buckets[at] == NULL);
    store->buckets[at] = dc_observation_copy(&store->arena, observation);
    store->n_items++;
    return store->buckets[at];
}

const struct dc_observation *const *dc_store_sorted(const struct dc_store *store,
                                                    struct fdns_arena *arena, size_t *n)
{
    const struct dc_observation **sorted = fdns_arena_array(arena, store->n_items, sizeof *sorted);
    *n = 0;
    for (size_t i = 0; i < store->n_buckets; i++) {
        if (store->buckets[i] != NULL) {
            sorted[(*n)++] = store->buckets[i];
        }
    }
    qsort(sorted, *n, sizeof *sorted, dc_observation_by_key);
    return sorted;
}
