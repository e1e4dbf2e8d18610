// The `servers` of a world.
#include "fakedns/base/suggest.h"
#include "fakedns/world/build.h"
#include "fakedns/world/value.h"

#include <string.h>

static const struct fdns_server *find_server(const struct fdns_server *servers, size_t n,
                                             const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(servers[i].name, name) == 0) {
            return &servers[i];
        }
    }
    uint8_t host[FDNS_NAME_MAX];
    if (fdns_name_parse(name, NULL, host) != FDNS_OK) {
        return NULL;
    }
    for (size_t i = 0; i < n; i++) {
        if (fdns_name_equal(servers[i].host, host)) {
            return &servers[i];
        }
    }
    return NULL;
}

const struct fdns_server *fdns_world_find_server(const struct fdns_world *world, const char *name)
{
    return find_server(world->servers, world->n_servers, name);
}

const struct fdns_server *fdns_world_find_address(const struct fdns_world *world,
                                                  const struct fdns_address *address)
{
    for (size_t i = 0; i < world->n_servers; i++) {
        for (size_t k = 0; k < world->servers[i].n_addresses; k++) {
            if (fdns_address_equal(&world->servers[i].addresses[k], address)) {
                return &world->servers[i];
            }
        }
    }
    return NULL;
}

bool fdns_read_server(const struct fdns_world *world, const struct fdns_node *name,
                      const struct fdns_source *source, struct fdns_diags *diags, size_t *index)
{
    if (strcmp(name->text, "resolver") == 0) {
        *index = FDNS_RESOLVER;
        return true;
    }
    const struct fdns_server *server = fdns_world_find_server(world, name->text);
    if (server != NULL) {
        *index = server->index;
        return true;
    }
    const char *words[FDNS_WORLD_SERVERS_MAX + 1] = {"resolver"};
    for (size_t i = 0; i < world->n_servers; i++) {
        words[i + 1] = world->servers[i].name;
    }
    const char *near = fdns_suggest(name->text, words, world->n_servers + 1);
    fdns_diag(diags, FDNS_ERROR, source, name->line, name->column,
              near != NULL ? "the world has no server \"%s\" (did you mean \"%s\"?)"
                           : "the world has no server \"%s\"",
              name->text, near);
    return false;
}

static const struct fdns_address *read_addresses(struct fdns_building *b,
                                                 const struct fdns_node *list, size_t *n)
{
    struct fdns_address *addresses =
        fdns_arena_array(&b->world->arena, list->n_items, sizeof(*addresses));
    *n = 0;
    for (size_t i = 0; i < list->n_items; i++) {
        if (fdns_address_parse(list->items[i]->text, 53, &addresses[*n]) == FDNS_OK) {
            ++*n;
        }
    }
    return addresses;
}

// The names of what it holds; the versions follow with the timeline.
static void read_zones(struct fdns_building *b, struct fdns_server *server,
                       const struct fdns_node *list)
{
    struct fdns_server_zone *zones =
        fdns_arena_array(&b->world->arena, list->n_items, sizeof(*zones));
    server->zones = zones;
    server->n_zones = 0;
    for (size_t i = 0; i < list->n_items; i++) {
        const struct fdns_zone *zone = fdns_build_get_zone(b, list->items[i]);
        if (zone != NULL) {
            zones[server->n_zones++].apex = zone->apex;
        }
    }
    b->is_new[server->index] = true;
}

static const char *copy_text(struct fdns_building *b, const struct fdns_node *map, const char *key,
                             const char *otherwise)
{
    const char *text = fdns_node_text(map, key);
    return text != NULL ? fdns_arena_string(&b->world->arena, text) : otherwise;
}

static struct fdns_server *add_server(struct fdns_building *b, const struct fdns_node *name)
{
    uint8_t host[FDNS_NAME_MAX];
    if (fdns_name_parse(name->text, NULL, host) != FDNS_OK || strcmp(name->text, "resolver") == 0) {
        fdns_diag(b->diags, FDNS_ERROR, b->source, name->line, name->column,
                  "\"%s\" cannot be the name of a server", name->text);
        return NULL;
    }
    if (b->n_servers == FDNS_WORLD_SERVERS_MAX) {
        fdns_diag(b->diags, FDNS_ERROR, b->source, name->line, name->column, "more than %d servers",
                  FDNS_WORLD_SERVERS_MAX);
        return NULL;
    }
    size_t n = b->n_servers;
    b->servers = fdns_arena_grow(&b->world->arena, b->servers, n, n + 1, sizeof(*b->servers),
                                 &b->servers_capacity);
    b->is_new = fdns_arena_grow(&b->world->arena, b->is_new, n, n + 1, sizeof(*b->is_new),
                                &b->is_new_capacity);
    b->servers[n] =
        (struct fdns_server){.name = fdns_arena_string(&b->world->arena, name->text), .index = n};
    memcpy(b->servers[n].host, host, fdns_name_len(host));
    b->is_new[n] = true;
    return &b->servers[b->n_servers++];
}

static void read_transfer(struct fdns_building *b, struct fdns_server *server,
                          const struct fdns_node *node)
{
    server->transfers_to_all = node->kind == FDNS_SCALAR && fdns_node_boolean(node);
    server->n_transfer_to = node->kind == FDNS_SCALAR ? 0 : node->n_items;
    struct fdns_prefix *prefixes =
        fdns_arena_array(&b->world->arena, server->n_transfer_to, sizeof(*prefixes));
    server->transfer_to = prefixes;
    for (size_t i = 0; i < server->n_transfer_to; i++) {
        (void)fdns_prefix_parse(node->items[i]->text, &prefixes[i]);
    }
}

static void read_server(struct fdns_building *b, const struct fdns_pair *pair)
{
    const struct fdns_node *addresses = fdns_node_find(pair->value, "addresses");
    const struct fdns_node *zones = fdns_node_find(pair->value, "zones");
    const struct fdns_node *limit = fdns_node_find(pair->value, "udp-limit");
    const struct fdns_node *transfer = fdns_node_find(pair->value, "transfer");
    const struct fdns_node *notify = fdns_node_find(pair->value, "notify");
    const struct fdns_server *known = find_server(b->servers, b->n_servers, pair->key->text);
    struct fdns_server *server =
        known != NULL ? &b->servers[known->index] : add_server(b, pair->key);
    if (server == NULL) {
        return;
    }
    if (addresses != NULL) {
        server->addresses = read_addresses(b, addresses, &server->n_addresses);
    } else if (known == NULL) {
        fdns_diag(b->diags, FDNS_ERROR, b->source, pair->key->line, pair->key->column,
                  "the server has no `addresses`, and the base has no server of that name");
    }
    if (zones != NULL) {
        read_zones(b, server, zones);
    }
    server->identity.version = copy_text(b, pair->value, "version", server->identity.version);
    server->identity.id = copy_text(b, pair->value, "id", server->identity.id);
    if (limit != NULL) {
        server->identity.udp_limit = (uint16_t)fdns_node_integer(limit);
    }
    if (transfer != NULL) {
        read_transfer(b, server, transfer);
    }
    if (notify != NULL) {
        server->notify = read_addresses(b, notify, &server->n_notify);
    }
}

static bool is_among(const struct fdns_address *addresses, size_t n,
                     const struct fdns_address *address)
{
    for (size_t i = 0; i < n; i++) {
        if (fdns_address_equal(&addresses[i], address)) {
            return true;
        }
    }
    return false;
}

// Neither two servers nor one twice can have an address. Reported at the later of two servers.
static void check_addresses(struct fdns_building *b, const struct fdns_node *key)
{
    const struct fdns_server *server = find_server(b->servers, b->n_servers, key->text);
    for (size_t i = 0; server != NULL && i < server->n_addresses; i++) {
        const struct fdns_address *address = &server->addresses[i];
        char text[FDNS_ADDRESS_TEXT_MAX];
        fdns_address_print(address, text);
        if (is_among(server->addresses, i, address)) {
            fdns_diag(b->diags, FDNS_ERROR, b->source, key->line, key->column, "%s is given twice",
                      text);
        }
        for (size_t k = 0; k < b->n_servers; k++) {
            if (k != server->index &&
                is_among(b->servers[k].addresses, b->servers[k].n_addresses, address)) {
                fdns_diag(b->diags, FDNS_ERROR, b->source, key->line, key->column,
                          "%s is already an address of %s", text, b->servers[k].name);
            }
        }
    }
}

static void check_zones_served(struct fdns_building *b, const struct fdns_node *world)
{
    const struct fdns_node *zones = fdns_node_find(world, "zones");
    for (size_t i = 0; zones != NULL && i < zones->n_pairs; i++) {
        const struct fdns_node *key = zones->pairs[i].key;
        uint8_t apex[FDNS_NAME_MAX];
        bool served = fdns_name_parse(key->text, NULL, apex) != FDNS_OK;
        for (size_t s = 0; s < b->n_servers && !served; s++) {
            for (size_t z = 0; z < b->servers[s].n_zones && !served; z++) {
                served = fdns_name_equal(b->servers[s].zones[z].apex, apex);
            }
        }
        if (!served) {
            fdns_diag(b->diags, FDNS_WARNING, b->source, key->line, key->column,
                      "no server holds the zone %s", key->text);
        }
    }
}

void fdns_build_servers(struct fdns_building *b, const struct fdns_node *world)
{
    const struct fdns_node *servers = fdns_node_find(world, "servers");
    for (size_t i = 0; servers != NULL && i < servers->n_pairs; i++) {
        read_server(b, &servers->pairs[i]);
    }
    for (size_t i = 0; servers != NULL && i < servers->n_pairs; i++) {
        check_addresses(b, servers->pairs[i].key);
    }
    check_zones_served(b, world);
}
