// The `events` of a world, as they are written; timeline.c plays them.
#include "fakedns/world/build.h"

#include <string.h>

bool fdns_event_concerns(const struct fdns_event *event, size_t server)
{
    if (event->everywhere) {
        return true;
    }
    for (size_t i = 0; i < event->n_servers; i++) {
        if (event->servers[i] == server) {
            return true;
        }
    }
    return false;
}

static bool holds(const struct fdns_server *server, const uint8_t *apex)
{
    for (size_t i = 0; i < server->n_zones; i++) {
        if (fdns_name_equal(server->zones[i].apex, apex)) {
            return true;
        }
    }
    return false;
}

static void complain(struct fdns_building *b, const struct fdns_node *node, const char *message)
{
    fdns_diag(b->diags, FDNS_ERROR, b->source, node->line, node->column, "%s", message);
}

static void read_servers(struct fdns_building *b, const struct fdns_node *node,
                         struct fdns_event *event)
{
    event->everywhere = node == NULL;
    if (node == NULL) {
        return;
    }
    size_t n = fdns_node_n(node);
    size_t *servers = fdns_arena_array(&b->world->arena, n, sizeof(*servers));
    for (size_t i = 0; i < n; i++) {
        if (fdns_read_server(b->world, fdns_node_item(node, i), b->source, b->diags,
                             &servers[event->n_servers])) {
            event->n_servers++;
        }
    }
    event->servers = servers;
    if (n == 0) {
        complain(b, node, "the list of servers is empty");
    }
}

// The servers named must hold the zone, or somebody must.
static void check_holders(struct fdns_building *b, const struct fdns_node *zone,
                          const struct fdns_event *event)
{
    bool held = false;
    for (size_t i = 0; i < b->n_servers; i++) {
        bool holds_it = holds(&b->servers[i], event->zone);
        held |= holds_it;
        if (!event->everywhere && fdns_event_concerns(event, i) && !holds_it) {
            fdns_diag(b->diags, FDNS_ERROR, b->source, zone->line, zone->column,
                      "%s does not hold the zone %s", b->servers[i].name, zone->text);
        }
    }
    if (event->everywhere && !held) {
        fdns_diag(b->diags, FDNS_ERROR, b->source, zone->line, zone->column,
                  "no server holds the zone %s", zone->text);
    }
}

// --- serial

static const char *const serial_words[] = {"next"};
static const struct fdns_schema_type serial_word = {
    .kind = FDNS_SCHEMA_WORD, .name = "serial", .words = serial_words, .n_words = 1};
static const struct fdns_schema_type serial_number = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "serial", .min = 0, .max = UINT32_MAX};
static const struct fdns_schema_type *const serial_choices[] = {&serial_number, &serial_word};
const struct fdns_schema_type fdns_type_serial = {.kind = FDNS_SCHEMA_EITHER,
                                                  .name = "serial number or `next`",
                                                  .choices = serial_choices,
                                                  .n_choices = 2};

static void read_serial(struct fdns_building *b, const struct fdns_node *node,
                        struct fdns_event *event)
{
    const struct fdns_node *serial = fdns_node_find(node, "serial");
    if (serial == NULL) {
        return;
    }
    event->has_serial = true;
    event->next_serial = strcmp(serial->text, serial_words[0]) == 0;
    event->serial = event->next_serial ? 0 : (uint32_t)fdns_node_integer(serial);
    for (size_t i = 0; i < event->n_additions; i++) {
        if (event->additions[i].type == FDNS_TYPE_SOA) {
            complain(b, serial, "`add` has an SOA with a serial of its own");
        }
    }
}

// `zone` with `remove`, `add`, `serial` and `unload`.
static void read_edit(struct fdns_building *b, const struct fdns_node *node,
                      struct fdns_event *event)
{
    const struct fdns_node *zone = fdns_node_find(node, "zone");
    const struct fdns_node *remove = fdns_node_find(node, "remove");
    const struct fdns_node *add = fdns_node_find(node, "add");
    const struct fdns_node *unload = fdns_node_find(node, "unload");
    const struct fdns_node *serial = fdns_node_find(node, "serial");
    bool edits = remove != NULL || add != NULL || serial != NULL || unload != NULL;
    if (zone == NULL && edits) {
        complain(b, node,
                 "`remove`, `add`, `serial` and `unload` need `zone`: the zone that they change");
    }
    if (zone != NULL && !edits) {
        complain(b, zone, "`zone` needs `remove`, `add`, `serial` or `unload`: what happens to it");
    }
    const struct fdns_zone *known = zone != NULL ? fdns_build_get_zone(b, zone) : NULL;
    if (known == NULL) {
        return;
    }
    event->zone = known->apex;
    check_holders(b, zone, event);
    event->removals = fdns_build_removals(b, remove, known->apex, &event->n_removals);
    struct fdns_records records = {0};
    if (add != NULL) {
        fdns_build_records(&b->world->arena, add, b->source, known->apex, &records, b->diags);
    }
    event->additions = records.items;
    event->n_additions = records.n_items;
    read_serial(b, node, event);
    event->has_unload = unload != NULL;
    event->unload = unload != NULL && fdns_node_boolean(unload);
    fdns_build_mark_changed(b, known->apex);
}

static void read_down(struct fdns_building *b, const struct fdns_node *node,
                      struct fdns_event *event)
{
    const struct fdns_node *down = fdns_node_find(node, "down");
    if (down == NULL) {
        return;
    }
    event->has_down = true;
    event->down = fdns_node_boolean(down);
    if (event->everywhere) {
        complain(b, down, "`down` needs `server`: which one it is");
    } else if (fdns_event_concerns(event, FDNS_RESOLVER)) {
        complain(b, down, "the resolver cannot go down");
    }
}

static void read_rules(struct fdns_building *b, const struct fdns_node *node,
                       struct fdns_event *event)
{
    const struct fdns_node *rules = fdns_node_find(node, "rules");
    const struct fdns_node *rule = fdns_node_find(node, "rule");
    if (rule != NULL && rules == NULL) {
        complain(b, rule, "`rule` needs `rules: on` or `rules: off`: what happens to it");
    }
    if (rules == NULL) {
        return;
    }
    event->has_rules = true;
    event->rules_on = fdns_node_boolean(rules);
    if (rule != NULL) {
        event->rule = fdns_arena_string(&b->world->arena, rule->text);
    }
}

// Other than when and where.
static bool says_something(const struct fdns_node *node)
{
    size_t n = 0;
    for (size_t i = 0; i < node->n_pairs; i++) {
        n += strcmp(node->pairs[i].key->text, "at") != 0 &&
             strcmp(node->pairs[i].key->text, "server") != 0;
    }
    return n > 0;
}

static struct fdns_event *read_event(struct fdns_building *b, const struct fdns_node *node)
{
    struct fdns_event *event = fdns_arena_alloc(&b->world->arena, sizeof(*event));
    event->at_us = fdns_node_duration(fdns_node_find(node, "at"));
    event->file = b->world->file;
    event->line = node->line;
    event->column = node->column;
    read_servers(b, fdns_node_find(node, "server"), event);
    read_edit(b, node, event);
    read_down(b, node, event);
    read_rules(b, node, event);
    if (!says_something(node)) {
        complain(b, node,
                 "nothing happens: say `add`, `remove`, `serial`, `unload`, `down` or `rules`");
    }
    return event;
}

// Insertion keeps those of one time in written order, the base's first.
static void put(const struct fdns_event **events, size_t n, const struct fdns_event *event)
{
    size_t at = n;
    for (; at > 0 && events[at - 1]->at_us > event->at_us; at--) {
        events[at] = events[at - 1];
    }
    events[at] = event;
}

void fdns_build_events(struct fdns_building *b, const struct fdns_node *events)
{
    size_t n_own = events != NULL ? events->n_items : 0;
    if (n_own == 0) {
        return;
    }
    if (b->world->n_events + n_own > FDNS_WORLD_EVENTS_MAX) {
        fdns_diag(b->diags, FDNS_ERROR, b->source, events->line, events->column,
                  "too many events: a world has at most %d", FDNS_WORLD_EVENTS_MAX);
        return;
    }
    const struct fdns_event **all =
        fdns_arena_array(&b->world->arena, b->world->n_events + n_own, sizeof(*all));
    size_t n = b->world->n_events;
    if (n > 0) {
        memcpy(all, b->world->events, n * sizeof(*all));
    }
    for (size_t i = 0; i < n_own; i++) {
        put(all, n++, read_event(b, events->items[i]));
    }
    b->world->events = all;
    b->world->n_events = n;
}
