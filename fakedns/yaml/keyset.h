// The keys of all maps of one file, to find those that stand twice without comparing each with
// each.
#pragma once

#include "fakedns/yaml/node.h"

struct fdns_keyset_entry {
    const struct fdns_node *map;
    const struct fdns_node *key;
};

struct fdns_keyset {
    struct fdns_keyset_entry *entries; // open addressing; a NULL key is free
    size_t n_entries;
    size_t capacity; // a power of two
};

void fdns_keyset_init(struct fdns_keyset *set);
void fdns_keyset_clear(struct fdns_keyset *set);

// Adds key to those of map and returns NULL; or, if that map has such a key, returns that one.
const struct fdns_node *fdns_keyset_add(struct fdns_keyset *set, const struct fdns_node *map,
                                        const struct fdns_node *key);
