#include "fakedns/zone/walk.h"

static inline uint8_t fold(uint8_t octet)
{
    return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet | 0x20) : octet;
}

static bool same_label(const uint8_t *a, const uint8_t *b)
{
    if (a[0] != b[0]) {
        return false;
    }
    for (unsigned i = 1; i <= a[0]; i++) {
        if (fold(a[i]) != fold(b[i])) {
            return false;
        }
    }
    return true;
}

void fdns_labels_of(const uint8_t *name, struct fdns_labels *labels)
{
    unsigned at = 0;
    unsigned n = 0;
    while (name[at] != 0) {
        labels->at[n++] = (uint8_t)at;
        at += name[at] + 1U;
    }
    labels->at[n] = (uint8_t)at;
    labels->n = n;
}

bool fdns_labels_within(const uint8_t *name, const struct fdns_labels *labels,
                        const struct fdns_zone *zone)
{
    if (labels->n < zone->apex_labels) {
        return false;
    }
    const uint8_t *tail = name + labels->at[labels->n - zone->apex_labels];
    size_t tail_len = (size_t)(labels->at[labels->n] - (tail - name)) + 1;
    if (tail_len != zone->apex_len) {
        return false;
    }
    // Label lengths are below 'A': folding leaves them alone.
    for (size_t i = 0; i < tail_len; i++) {
        if (fold(tail[i]) != fold(zone->apex[i])) {
            return false;
        }
    }
    return true;
}

uint32_t fdns_node_hash(uint32_t parent, const uint8_t *label)
{
    // FNV-1a, started from the parent; the last mixing makes the low bits useful.
    uint32_t hash = parent ^ UINT32_C(2166136261);
    for (unsigned i = 0; i <= label[0]; i++) {
        hash = (hash ^ fold(label[i])) * UINT32_C(16777619);
    }
    return hash ^ hash >> 15;
}

const struct fdns_zone_node *fdns_zone_child(const struct fdns_zone *zone,
                                             const struct fdns_zone_node *parent,
                                             const uint8_t *label)
{
    uint32_t hash = fdns_node_hash(parent->hash, label);
    size_t mask = zone->n_buckets - 1;
    for (size_t i = hash & mask; zone->buckets[i] != NULL; i = (i + 1) & mask) {
        const struct fdns_zone_node *node = zone->buckets[i];
        if (node->hash == hash && node->parent == parent && same_label(node->name, label)) {
            return node;
        }
    }
    return NULL;
}

struct fdns_walk fdns_zone_walk(const struct fdns_zone *zone, const uint8_t *name,
                                const struct fdns_labels *labels, bool stop)
{
    struct fdns_walk walk = {zone->apex_node, labels->n - zone->apex_labels};
    while (walk.n_left > 0 && !(stop && (walk.node->is_cut || walk.node->has_dname))) {
        const uint8_t *label = name + labels->at[walk.n_left - 1];
        const struct fdns_zone_node *child = fdns_zone_child(zone, walk.node, label);
        if (child == NULL) {
            break;
        }
        walk.node = child;
        walk.n_left--;
    }
    return walk;
}

const struct fdns_zone_node *fdns_zone_find(const struct fdns_zone *zone, const uint8_t *name)
{
    struct fdns_labels labels;
    fdns_labels_of(name, &labels);
    if (!fdns_labels_within(name, &labels, zone)) {
        return NULL;
    }
    struct fdns_walk walk = fdns_zone_walk(zone, name, &labels, false);
    return walk.n_left == 0 ? walk.node : NULL;
}

const struct fdns_rrset *fdns_zone_node_rrset(const struct fdns_zone_node *node, uint16_t type)
{
    for (size_t i = 0; i < node->n_rrsets; i++) {
        if (node->rrsets[i].type == type) {
            return &node->rrsets[i];
        }
    }
    return NULL;
}
