// A world from its YAML, in the order in which its parts need each other: base, zones, servers,
// events, what they make of the zones over time, rules, and the switches of rules.
#include "fakedns/world/build.h"
#include "fakedns/base/fatal.h"

#include <stdlib.h>
#include <string.h>

static struct fdns_world *new_world(const char *file)
{
    struct fdns_world *world = calloc(1, sizeof(*world));
    if (world == NULL) {
        fdns_fatal("out of memory");
    }
    fdns_arena_init(&world->arena, 0);
    world->file = fdns_arena_string(&world->arena, file);
    return world;
}

void fdns_world_free(struct fdns_world *world)
{
    if (world == NULL) {
        return;
    }
    fdns_arena_clear(&world->arena);
    free(world);
}

// Starts from all that the base has; arrays that will grow are copied, what they point to is not.
static void take_base(struct fdns_building *b, const struct fdns_world *base)
{
    struct fdns_world *world = b->world;
    struct fdns_arena *arena = &world->arena;
    world->base = base;
    world->rules = base->rules;
    world->n_rules = base->n_rules;
    world->events = base->events;
    world->n_events = base->n_events;
    if (base->orders != NULL) {
        world->orders = fdns_arena_copy(arena, base->orders, base->n_rules * sizeof(*base->orders));
    }
    world->any_tcp_refused = base->any_tcp_refused;
    world->any_udp_refused = base->any_udp_refused;
    b->n_zones = b->zones_capacity = base->n_zones;
    b->zones = fdns_arena_copy(arena, base->zones, base->n_zones * sizeof(*b->zones));
    b->n_servers = b->servers_capacity = b->is_new_capacity = base->n_servers;
    b->servers = fdns_arena_copy(arena, base->servers, base->n_servers * sizeof(*b->servers));
    b->is_new = fdns_arena_array(arena, base->n_servers, sizeof(*b->is_new));
}

// A rule that starts off and that nothing switches on.
static void check_enabled(struct fdns_building *b, const struct fdns_node *rules)
{
    const struct fdns_world *world = b->world;
    size_t n = rules != NULL ? rules->n_items : 0;
    for (size_t i = 0; i < n && n <= world->n_rules; i++) {
        const struct fdns_rule *rule = world->rules[world->n_rules - n + i];
        bool may_be_on = rule->enabled;
        for (size_t k = 0; k < world->n_switches && !may_be_on; k++) {
            may_be_on = world->switches[k].on &&
                        (world->switches[k].rule == NULL || world->switches[k].rule == rule);
        }
        if (!may_be_on) {
            fdns_diag(b->diags, FDNS_WARNING, b->source, rules->items[i]->line,
                      rules->items[i]->column,
                      "the rule can never match: it is off and no event switches it on");
        }
    }
}

static void build(struct fdns_building *b, const struct fdns_node *node)
{
    struct fdns_world *world = b->world;
    const struct fdns_node *rules = fdns_node_find(node, "rules");
    fdns_build_zones(b, fdns_node_find(node, "zones"));
    world->zones = b->zones;
    world->n_zones = b->n_zones;
    fdns_build_servers(b, node);
    world->servers = b->servers;
    world->n_servers = b->n_servers;
    fdns_build_events(b, fdns_node_find(node, "events"));
    fdns_build_rules(b, rules);
    fdns_build_switches(b);
    check_enabled(b, rules);
    fdns_build_changes(b);
}

struct fdns_world *fdns_build_on(struct fdns_building *b, const struct fdns_world *base,
                                 const char *name, const struct fdns_node *node)
{
    size_t errors = b->diags->n_errors;
    b->world = new_world(name);
    if (base != NULL) {
        take_base(b, base);
    }
    build(b, node);
    // Zones with mistakes would be reported again for each of their versions.
    if (b->diags->n_errors == errors) {
        fdns_build_timeline(b);
    }
    if (b->diags->n_errors == errors) {
        return b->world;
    }
    fdns_world_free(b->world);
    return NULL;
}

struct fdns_world *fdns_world_build(struct fdns_world_library *library,
                                    const struct fdns_node *node, const struct fdns_source *source,
                                    struct fdns_diags *diags)
{
    const struct fdns_node *base_node = fdns_node_find(node, "base");
    const struct fdns_world *base = NULL;
    struct fdns_building b = {.library = library, .source = source, .diags = diags};
    if (base_node != NULL) {
        base = fdns_library_get(library, base_node, source, diags);
        if (base == NULL) {
            return NULL; // all that leans on it would be reported as missing
        }
    }
    return fdns_build_on(&b, base, source->file, node);
}

// --- a world of zone files

static const struct fdns_zone *load_assigned(struct fdns_arena *arena, const char *assignment,
                                             struct fdns_diags *diags)
{
    const char *equals = strchr(assignment, '=');
    uint8_t apex[FDNS_NAME_MAX];
    if (equals == NULL || equals[1] == '\0') {
        fdns_diag_file(diags, FDNS_ERROR, assignment, "is not NAME=FILE");
        return NULL;
    }
    const char *name = fdns_arena_string_n(arena, assignment, (size_t)(equals - assignment));
    if (fdns_name_parse(name, NULL, apex) != FDNS_OK) {
        fdns_diag_file(diags, FDNS_ERROR, assignment, "\"%s\" is no domain name", name);
        return NULL;
    }
    return fdns_zone_load(arena, equals + 1, fdns_name_copy(arena, apex), true, diags);
}

static void serve_zones(struct fdns_world *world, const struct fdns_zone **zones, size_t n)
{
    struct fdns_arena *arena = &world->arena;
    struct fdns_server *server = fdns_arena_alloc(arena, sizeof(*server));
    struct fdns_address *address = fdns_arena_alloc(arena, sizeof(*address));
    struct fdns_server_zone *held = fdns_arena_array(arena, n, sizeof(*held));
    for (size_t i = 0; i < n; i++) {
        struct fdns_zone_version version = {.at_us = 0, .zone = zones[i]};
        held[i] =
            (struct fdns_server_zone){.apex = zones[i]->apex,
                                      .versions = fdns_arena_copy(arena, &version, sizeof(version)),
                                      .n_versions = 1};
    }
    fdns_address_parse("192.0.2.1", 53, address);
    *server = (struct fdns_server){.name = "fakedns",
                                   .addresses = address,
                                   .n_addresses = 1,
                                   .zones = held,
                                   .n_zones = n,
                                   .unchanging = zones};
    fdns_name_parse("fakedns", NULL, server->host);
    world->servers = server;
    world->n_servers = 1;
}

static int compare_zones(const void *a, const void *b)
{
    const struct fdns_zone *const *x = a, *const *y = b;
    return fdns_name_compare((*x)->apex, (*y)->apex);
}

struct fdns_world *fdns_world_of_zones(const char *const *assignments, size_t n_assignments,
                                       struct fdns_diags *diags)
{
    size_t errors = diags->n_errors, n = 0;
    struct fdns_world *world = new_world("");
    const struct fdns_zone **zones = fdns_arena_array(&world->arena, n_assignments, sizeof(*zones));
    for (size_t i = 0; i < n_assignments; i++) {
        const struct fdns_zone *zone = load_assigned(&world->arena, assignments[i], diags);
        if (zone != NULL) {
            zones[n++] = zone;
        }
    }
    qsort(zones, n, sizeof(*zones), compare_zones);
    for (size_t i = 1; i < n; i++) {
        if (compare_zones(&zones[i - 1], &zones[i]) == 0) {
            fdns_diag_file(diags, FDNS_ERROR, fdns_name_text(&world->arena, zones[i]->apex),
                           "the zone is given twice");
        }
    }
    if (diags->n_errors > errors) {
        fdns_world_free(world);
        return NULL;
    }
    world->zones = zones;
    world->n_zones = n;
    serve_zones(world, zones, n);
    return world;
}
