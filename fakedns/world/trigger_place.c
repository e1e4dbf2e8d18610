// Triggers: the server, the address, the zone and the name that are asked.
#include "fakedns/world/pattern.h"
#include "fakedns/world/trigger.h"
#include "fakedns/world/value.h"

// --- server

struct servers {
    bool resolver;
    size_t n;
    size_t indexes[];
};

const void *fdns_trigger_read_server(struct fdns_rule_reading *reading,
                                     const struct fdns_node *node)
{
    size_t n = fdns_node_n(node);
    fdns_trigger_warn_of_empty(reading, node);
    struct servers *servers =
        fdns_arena_alloc(&reading->world->arena, sizeof(*servers) + n * sizeof(size_t));
    for (size_t i = 0; i < n; i++) {
        size_t index = 0;
        if (!fdns_read_server(reading->world, fdns_node_item(node, i), reading->source,
                              reading->diags, &index)) {
            continue;
        }
        if (index == FDNS_RESOLVER) {
            servers->resolver = reading->rule->for_resolver = true;
        } else {
            servers->indexes[servers->n++] = index;
        }
    }
    return servers;
}

bool fdns_trigger_match_server(const void *value, const struct fdns_exchange *exchange,
                               const struct fdns_reply *reply)
{
    (void)reply;
    const struct servers *servers = value;
    if (exchange->server == NULL) {
        return servers->resolver;
    }
    for (size_t i = 0; i < servers->n; i++) {
        if (servers->indexes[i] == exchange->server->index) {
            return true;
        }
    }
    return false;
}

// --- address

struct addresses {
    size_t n;
    struct fdns_address items[];
};

const void *fdns_trigger_read_address(struct fdns_rule_reading *reading,
                                      const struct fdns_node *node)
{
    size_t n = fdns_node_n(node);
    fdns_trigger_warn_of_empty(reading, node);
    struct addresses *addresses = fdns_arena_alloc(
        &reading->world->arena, sizeof(*addresses) + n * sizeof(struct fdns_address));
    for (size_t i = 0; i < n; i++) {
        const struct fdns_node *item = fdns_node_item(node, i);
        struct fdns_address *address = &addresses->items[addresses->n];
        if (fdns_address_parse(item->text, 53, address) != FDNS_OK) {
            continue; // the schema has told
        }
        if (fdns_world_find_address(reading->world, address) == NULL) {
            fdns_rule_never(reading, item, "no server has the address %s", item->text);
        }
        addresses->n++;
    }
    return addresses;
}

bool fdns_trigger_match_address(const void *value, const struct fdns_exchange *exchange,
                                const struct fdns_reply *reply)
{
    (void)reply;
    const struct addresses *addresses = value;
    if (exchange->server == NULL || exchange->address >= exchange->server->n_addresses) {
        return false;
    }
    const struct fdns_address *asked = &exchange->server->addresses[exchange->address];
    for (size_t i = 0; i < addresses->n; i++) {
        if (fdns_address_equal(&addresses->items[i], asked)) {
            return true;
        }
    }
    return false;
}

// --- family

static const char *const family_words[] = {"ipv4", "ipv6"};
const struct fdns_schema_type fdns_type_family = {
    .kind = FDNS_SCHEMA_WORD, .name = "address family", .words = family_words, .n_words = 2};

const void *fdns_trigger_read_family(struct fdns_rule_reading *reading,
                                     const struct fdns_node *node)
{
    (void)reading;
    static const enum fdns_family families[] = {FDNS_IPV4, FDNS_IPV6};
    return &families[fdns_word_index(&fdns_type_family, node->text)];
}

// Of the scripted address: it may be served on an endpoint of the other family.
bool fdns_trigger_match_family(const void *value, const struct fdns_exchange *exchange,
                               const struct fdns_reply *reply)
{
    (void)reply;
    const struct fdns_server *server = exchange->server;
    return server != NULL && exchange->address < server->n_addresses &&
           server->addresses[exchange->address].family == *(const enum fdns_family *)value;
}

// --- zone

struct zones {
    size_t n;
    const uint8_t *apexes[];
};

// A server that holds a zone above another, and not that one, answers for all its names itself: a
// rule about it there can never match. (Where it holds neither, it refuses, and that can match.)
static bool answers_from_above(const struct fdns_server *server, const uint8_t *apex)
{
    bool above = false;
    for (size_t i = 0; i < server->n_zones; i++) {
        if (fdns_name_equal(server->zones[i].apex, apex)) {
            return false;
        }
        above = above || fdns_name_below(apex, server->zones[i].apex);
    }
    return above;
}

static void warn_of_others(const struct fdns_rule_reading *reading, const struct fdns_node *node,
                           const struct zones *zones)
{
    const struct fdns_node *servers = fdns_node_find(reading->when, "server");
    size_t n = servers != NULL ? fdns_node_n(servers) : 0;
    for (size_t i = 0; i < n; i++) {
        const struct fdns_server *server =
            fdns_world_find_server(reading->world, fdns_node_item(servers, i)->text);
        for (size_t k = 0; k < zones->n; k++) {
            if (server == NULL || !answers_from_above(server, zones->apexes[k])) {
                return;
            }
        }
    }
    if (n > 0 && zones->n > 0) {
        fdns_rule_never(reading, node, "%s",
                        n == 1 ? "the server it names does not hold the zone"
                               : "no server it names holds the zone");
    }
}

const void *fdns_trigger_read_zone(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    size_t n = fdns_node_n(node);
    fdns_trigger_warn_of_empty(reading, node);
    struct zones *zones =
        fdns_arena_alloc(&reading->world->arena, sizeof(*zones) + n * sizeof(uint8_t *));
    for (size_t i = 0; i < n; i++) {
        const struct fdns_node *item = fdns_node_item(node, i);
        uint8_t apex[FDNS_NAME_MAX];
        if (fdns_name_parse(item->text, NULL, apex) != FDNS_OK) {
            fdns_diag(reading->diags, FDNS_ERROR, reading->source, item->line, item->column,
                      "\"%s\" is no domain name", item->text);
            continue;
        }
        if (fdns_world_find_zone(reading->world, apex) == NULL) {
            fdns_rule_never(reading, item, "the world has no zone %s", item->text);
        }
        zones->apexes[zones->n++] = fdns_name_copy(&reading->world->arena, apex);
    }
    warn_of_others(reading, node, zones);
    return zones;
}

// The zone that answers; where none does (the front end, a refused query), where the name lies.
bool fdns_trigger_match_zone(const void *value, const struct fdns_exchange *exchange,
                             const struct fdns_reply *reply)
{
    (void)exchange;
    const struct zones *zones = value;
    for (size_t i = 0; i < zones->n; i++) {
        if (reply->zone != NULL
                ? fdns_name_equal(reply->zone->apex, zones->apexes[i])
                : reply->asked && fdns_name_at_or_below(reply->qname, zones->apexes[i])) {
            return true;
        }
    }
    return false;
}

// --- name

struct patterns {
    size_t n;
    struct fdns_pattern items[];
};

static bool lies_in_a_zone(const struct fdns_world *world, const struct fdns_pattern *pattern)
{
    for (size_t i = 0; i < world->n_zones; i++) {
        if (fdns_pattern_may_lie_in(pattern, world->zones[i]->apex)) {
            return true;
        }
    }
    return false;
}

static bool lies_in_named_zone(const struct fdns_node *zone, const struct fdns_pattern *pattern)
{
    for (size_t i = 0; i < fdns_node_n(zone); i++) {
        uint8_t apex[FDNS_NAME_MAX];
        if (fdns_name_parse(fdns_node_item(zone, i)->text, NULL, apex) != FDNS_OK ||
            fdns_pattern_may_lie_in(pattern, apex)) {
            return true;
        }
    }
    return false;
}

const void *fdns_trigger_read_name(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    size_t n = fdns_node_n(node);
    const struct fdns_node *zone = fdns_node_find(reading->when, "zone");
    fdns_trigger_warn_of_empty(reading, node);
    struct patterns *patterns = fdns_arena_alloc(
        &reading->world->arena, sizeof(*patterns) + n * sizeof(struct fdns_pattern));
    for (size_t i = 0; i < n; i++) {
        const struct fdns_node *item = fdns_node_item(node, i);
        struct fdns_pattern *pattern = &patterns->items[patterns->n];
        if (fdns_pattern_parse(&reading->world->arena, item->text, pattern) != FDNS_OK) {
            fdns_diag(reading->diags, FDNS_ERROR, reading->source, item->line, item->column,
                      "\"%s\" is no name and no pattern of names", item->text);
        } else if (patterns->n++, !lies_in_a_zone(reading->world, pattern)) {
            fdns_rule_never(reading, item, "%s is outside every zone of the world", item->text);
        } else if (zone != NULL && fdns_node_n(zone) > 0 && !lies_in_named_zone(zone, pattern)) {
            fdns_rule_never(reading, item, "%s is outside the zone it names", item->text);
        }
    }
    return patterns;
}

bool fdns_trigger_match_name(const void *value, const struct fdns_exchange *exchange,
                             const struct fdns_reply *reply)
{
    (void)exchange;
    const struct patterns *patterns = value;
    for (size_t i = 0; reply->asked && i < patterns->n; i++) {
        if (fdns_pattern_matches(&patterns->items[i], reply->qname)) {
            return true;
        }
    }
    return false;
}
