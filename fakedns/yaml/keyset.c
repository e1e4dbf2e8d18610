#include "fakedns/yaml/keyset.h"

#include "fakedns/base/fatal.h"
#include "fakedns/base/random.h"

#include <stdlib.h>
#include <string.h>

void fdns_keyset_init(struct fdns_keyset *set)
{
    *set = (struct fdns_keyset){0};
}

void fdns_keyset_clear(struct fdns_keyset *set)
{
    free(set->entries);
    *set = (struct fdns_keyset){0};
}

// The entry of that key, or the free one where it belongs.
static struct fdns_keyset_entry *find(const struct fdns_keyset *set, const struct fdns_node *map,
                                      const struct fdns_node *key)
{
    uint64_t hash = fdns_hash((uint64_t)(uintptr_t)map, key->text, key->len);
    for (size_t at = (size_t)hash & (set->capacity - 1);; at = (at + 1) & (set->capacity - 1)) {
        struct fdns_keyset_entry *entry = &set->entries[at];
        if (entry->key == NULL || (entry->map == map && entry->key->len == key->len &&
                                   memcmp(entry->key->text, key->text, key->len) == 0)) {
            return entry;
        }
    }
}

static void grow(struct fdns_keyset *set)
{
    struct fdns_keyset larger = {.n_entries = set->n_entries,
                                 .capacity = set->capacity != 0 ? set->capacity * 2 : 64};
    larger.entries = calloc(larger.capacity, sizeof *larger.entries);
    if (larger.entries == NULL) {
        fdns_fatal("out of memory (%zu keys)", larger.capacity);
    }
    for (size_t i = 0; i < set->capacity; i++) {
        if (set->entries[i].key != NULL) {
            *find(&larger, set->entries[i].map, set->entries[i].key) = set->entries[i];
        }
    }
    free(set->entries);
    *set = larger;
}

const struct fdns_node *fdns_keyset_add(struct fdns_keyset *set, const struct fdns_node *map,
                                        const struct fdns_node *key)
{
    if (set->n_entries * 2 >= set->capacity) {
        grow(set);
    }
    struct fdns_keyset_entry *entry = find(set, map, key);
    if (entry->key != NULL) {
        return entry->key;
    }
    *entry = (struct fdns_keyset_entry){map, key};
    set->n_entries++;
    return NULL;
}
