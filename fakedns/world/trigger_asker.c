// Triggers: who asks, and how exactly the name is written.
#include "fakedns/world/trigger.h"
#include "fakedns/world/value.h"

#include <string.h>

// --- client, ecs

struct prefixes {
    size_t n;
    struct fdns_prefix items[];
};

const void *fdns_trigger_read_client(struct fdns_rule_reading *reading,
                                     const struct fdns_node *node)
{
    size_t n = fdns_node_n(node);
    fdns_trigger_warn_of_empty(reading, node);
    struct prefixes *prefixes = fdns_arena_alloc(
        &reading->world->arena, sizeof(*prefixes) + n * sizeof(prefixes->items[0]));
    for (prefixes->n = 0; prefixes->n < n; prefixes->n++) {
        fdns_prefix_parse(fdns_node_item(node, prefixes->n)->text, &prefixes->items[prefixes->n]);
    }
    return prefixes;
}

bool fdns_trigger_match_client(const void *value, const struct fdns_exchange *exchange,
                               const struct fdns_reply *reply)
{
    (void)reply;
    const struct prefixes *prefixes = value;
    for (size_t i = 0; i < prefixes->n; i++) {
        if (fdns_prefix_holds(&prefixes->items[i], exchange->client.family,
                              exchange->client.octets)) {
            return true;
        }
    }
    return false;
}

// The option of RFC 7871 6: family, source and scope prefix length, as many octets as needed.
static bool subnet_lies_in(const struct fdns_prefix *prefix, const uint8_t *data, size_t len)
{
    enum { FAMILY_IPV4 = 1, FAMILY_IPV6 = 2, FIXED = 4 };
    uint8_t octets[sizeof(prefix->octets)] = {0};
    if (len < FIXED || len - FIXED > sizeof(octets) || data[2] < prefix->bits) {
        return false;
    }
    unsigned family = (unsigned)data[0] << 8 | data[1];
    memcpy(octets, data + FIXED, len - FIXED);
    return (family == FAMILY_IPV4 && fdns_prefix_holds(prefix, FDNS_IPV4, octets)) ||
           (family == FAMILY_IPV6 && fdns_prefix_holds(prefix, FDNS_IPV6, octets));
}

bool fdns_trigger_match_ecs(const void *value, const struct fdns_exchange *exchange,
                            const struct fdns_reply *reply)
{
    (void)reply;
    const struct prefixes *prefixes = value;
    const uint8_t *data = NULL;
    size_t at = 0;
    uint16_t code = 0, len = 0;
    while (fdns_edns_next(&exchange->query->edns, &at, &code, &data, &len)) {
        for (size_t i = 0; code == FDNS_OPTION_ECS && i < prefixes->n; i++) {
            if (subnet_lies_in(&prefixes->items[i], data, len)) {
                return true;
            }
        }
    }
    return false;
}

// --- name-case

struct names {
    size_t n;
    const uint8_t *items[];
};

const void *fdns_trigger_read_name_case(struct fdns_rule_reading *reading,
                                        const struct fdns_node *node)
{
    size_t n = fdns_node_n(node);
    fdns_trigger_warn_of_empty(reading, node);
    struct names *names =
        fdns_arena_alloc(&reading->world->arena, sizeof(*names) + n * sizeof(names->items[0]));
    for (size_t i = 0; i < n; i++) {
        const uint8_t *name = fdns_read_absolute_name(reading, fdns_node_item(node, i));
        if (name != NULL) {
            names->items[names->n++] = name;
        }
    }
    return names;
}

bool fdns_trigger_match_name_case(const void *value, const struct fdns_exchange *exchange,
                                  const struct fdns_reply *reply)
{
    (void)exchange;
    const struct names *names = value;
    for (size_t i = 0; reply->asked && i < names->n; i++) {
        if (fdns_name_identical(names->items[i], reply->qname)) {
            return true;
        }
    }
    return false;
}
