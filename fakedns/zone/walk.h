// The way of a name down a zone's tree, label by label from the apex.
#pragma once

#include "fakedns/zone/zone.h"

// Where the labels of a name start, so that it can be read from the right.
struct fdns_labels {
    uint8_t at[FDNS_NAME_LABELS_MAX + 1]; // the last entry is the root label
    unsigned n;                           // without the root
};

void fdns_labels_of(const uint8_t *name, struct fdns_labels *labels);

// name is at or below apex.
bool fdns_labels_within(const uint8_t *name, const struct fdns_labels *labels,
                        const struct fdns_zone *zone);

struct fdns_walk {
    const struct fdns_zone_node *node; // the deepest node reached
    unsigned n_left;                   // labels of the name below it; 0: the node is the name
};

// Walks from the apex towards name, which is in the zone. With stop true it goes no further than
// the first cut, and than the first owner of a DNAME that has something below it asked for.
struct fdns_walk fdns_zone_walk(const struct fdns_zone *zone, const uint8_t *name,
                                const struct fdns_labels *labels, bool stop);

// The hash of a child from its parent's and the label in front of it (length octet first).
uint32_t fdns_node_hash(uint32_t parent, const uint8_t *label);
const struct fdns_zone_node *fdns_zone_child(const struct fdns_zone *zone,
                                             const struct fdns_zone_node *parent,
                                             const uint8_t *label);
