// What servers hold and whether they are up, over time: the events of a world, and of the worlds it
// builds on, played on its zones.
#include "fakedns/world/build.h"
#include "fakedns/zone/delta.h"

#include <string.h>

// The source that places in an event belong to. Of a base's file only the name is left.
static struct fdns_source source_of(const struct fdns_building *b, const struct fdns_event *event)
{
    if (event->file == b->world->file) {
        return *b->source;
    }
    return (struct fdns_source){.file = event->file};
}

// The edited zone with the serial that the event gives it; `next` counts from the version before.
static const struct fdns_zone *with_serial(struct fdns_building *b, const struct fdns_event *event,
                                           const struct fdns_zone *before,
                                           const struct fdns_zone *after,
                                           const struct fdns_source *source)
{
    if (before->soa == NULL || after->soa == NULL) {
        fdns_diag(b->diags, FDNS_ERROR, source, event->line, event->column,
                  "the zone has no SOA whose serial could change");
        return NULL;
    }
    uint32_t serial = event->next_serial ? fdns_zone_serial(before) + 1 : event->serial;
    struct fdns_record soa = fdns_zone_soa_with(&b->world->arena, after, serial);
    return fdns_zone_edit(&b->world->arena, after, NULL, 0, &soa, 1, after->check, source,
                          b->diags);
}

// The zone after an event, made once for all servers that held the same zone before.
static const struct fdns_zone *edited(struct fdns_building *b, size_t i,
                                      const struct fdns_zone *zone)
{
    const struct fdns_event *event = b->world->events[i];
    bool edits = event->n_removals > 0 || event->n_additions > 0 || event->has_serial;
    if (zone == NULL || !edits) {
        return zone;
    }
    if (b->edits[i].from == zone) {
        return b->edits[i].to;
    }
    struct fdns_source source = source_of(b, event);
    const struct fdns_zone *plain = zone->plain != NULL ? zone->plain : zone;
    b->n_edited_records += zone->n_records + event->n_additions;
    if (b->n_edited_records > FDNS_WORLD_EDITED_RECORDS) {
        fdns_diag(b->diags, FDNS_ERROR, &source, event->line, event->column,
                  "the zone versions of all events have more than %d records",
                  FDNS_WORLD_EDITED_RECORDS);
        return NULL;
    }
    const struct fdns_zone *after =
        fdns_zone_edit(&b->world->arena, plain, event->removals, event->n_removals,
                       event->additions, event->n_additions, zone->check, &source, b->diags);
    if (after != NULL && event->has_serial) {
        after = with_serial(b, event, plain, after, &source);
    }
    if (after != NULL && zone->signing != NULL) {
        after = fdns_build_signed(b, after, zone->signing, &source);
    }
    b->edits[i] = (struct fdns_edit){.from = zone, .to = after};
    return after;
}

struct versions {
    struct fdns_zone_version *items;
    size_t n, capacity;
};

static void add_version(struct fdns_arena *arena, struct versions *versions, int64_t at_us,
                        const struct fdns_zone *zone)
{
    if (versions->n > 0 && versions->items[versions->n - 1].at_us == at_us) {
        versions->n--;
    }
    versions->items = fdns_arena_grow(arena, versions->items, versions->n, versions->n + 1,
                                      sizeof(*versions->items), &versions->capacity);
    versions->items[versions->n++] = (struct fdns_zone_version){.at_us = at_us, .zone = zone};
}

static void play_zone(struct fdns_building *b, size_t server, struct fdns_server_zone *held)
{
    const struct fdns_zone *zone = fdns_build_find_zone(b, held->apex);
    bool loaded = true;
    struct versions versions = {0};
    add_version(&b->world->arena, &versions, 0, zone);
    for (size_t i = 0; i < b->world->n_events; i++) {
        const struct fdns_event *event = b->world->events[i];
        if (event->zone == NULL || !fdns_name_equal(event->zone, held->apex) ||
            !fdns_event_concerns(event, server)) {
            continue;
        }
        if (event->has_unload) {
            loaded = !event->unload;
        }
        zone = edited(b, i, zone);
        if (zone == NULL) {
            return; // there is a diagnostic
        }
        add_version(&b->world->arena, &versions, event->at_us, loaded ? zone : NULL);
    }
    held->versions = versions.items;
    held->n_versions = versions.n;
}

// Zones that neither this world nor its events touch are shared with the base.
static void play_server(struct fdns_building *b, struct fdns_server *server)
{
    bool touched = b->is_new[server->index];
    for (size_t i = 0; i < server->n_zones && !touched; i++) {
        touched = fdns_build_is_changed(b, server->zones[i].apex);
    }
    if (!touched) {
        return;
    }
    struct fdns_server_zone *zones =
        fdns_arena_copy(&b->world->arena, server->zones, server->n_zones * sizeof(*zones));
    const struct fdns_zone **now =
        fdns_arena_array(&b->world->arena, server->n_zones, sizeof(*now));
    bool changes = false;
    for (size_t i = 0; i < server->n_zones; i++) {
        if (zones[i].versions == NULL || fdns_build_is_changed(b, zones[i].apex)) {
            play_zone(b, server->index, &zones[i]);
        }
        if (zones[i].versions != NULL) {
            now[i] = zones[i].versions[0].zone;
        }
        changes |= zones[i].n_versions != 1 || now[i] == NULL;
    }
    server->zones = zones;
    server->unchanging = changes ? NULL : now;
}

// What makes each version of the zones of a server that gives transfers out of the one before.
static void add_deltas(struct fdns_building *b, struct fdns_server *server)
{
    struct fdns_arena *arena = &b->world->arena;
    struct fdns_server_zone *zones =
        fdns_arena_copy(arena, server->zones, server->n_zones * sizeof(*zones));
    server->zones = zones;
    for (size_t i = 0; i < server->n_zones; i++) {
        size_t n = zones[i].n_versions;
        struct fdns_zone_version *versions =
            fdns_arena_copy(arena, zones[i].versions, n * sizeof(*versions));
        zones[i].versions = versions;
        for (size_t k = 1; k < n; k++) {
            const struct fdns_zone *from = versions[k - 1].zone, *to = versions[k].zone;
            if (from != NULL && to != NULL && from->soa != NULL && to->soa != NULL) {
                versions[k].delta = fdns_delta_find(arena, from, to);
            }
        }
    }
}

static void play_up(struct fdns_building *b, struct fdns_server *server)
{
    struct fdns_switch *up = fdns_arena_array(&b->world->arena, b->world->n_events, sizeof(*up));
    size_t n = 0;
    for (size_t i = 0; i < b->world->n_events; i++) {
        const struct fdns_event *event = b->world->events[i];
        if (event->has_down && fdns_event_concerns(event, server->index)) {
            up[n++] = (struct fdns_switch){.at_us = event->at_us, .on = !event->down};
        }
    }
    server->up = up;
    server->n_up = n;
}

static bool has_down_events(const struct fdns_building *b)
{
    for (size_t i = 0; i < b->world->n_events; i++) {
        if (b->world->events[i]->has_down) {
            return true;
        }
    }
    return false;
}

void fdns_build_timeline(struct fdns_building *b)
{
    const struct fdns_world *base = b->world->base;
    bool own_events = b->world->n_events > (base != NULL ? base->n_events : 0);
    b->edits = fdns_arena_array(&b->world->arena, b->world->n_events, sizeof(*b->edits));
    for (size_t i = 0; i < b->n_servers; i++) {
        play_server(b, &b->servers[i]);
        if (b->servers[i].transfers_to_all || b->servers[i].n_transfer_to > 0) {
            add_deltas(b, &b->servers[i]);
        }
    }
    for (size_t i = 0; own_events && has_down_events(b) && i < b->n_servers; i++) {
        play_up(b, &b->servers[i]);
    }
}

// --- switches and times

void fdns_build_switches(struct fdns_building *b)
{
    struct fdns_world *world = b->world;
    struct fdns_rule_switch *switches = NULL;
    size_t n = 0, capacity = 0;
    for (size_t i = 0; i < world->n_events; i++) {
        const struct fdns_event *event = world->events[i];
        const struct fdns_rule *rule = NULL;
        for (size_t k = 0; event->rule != NULL && k < world->n_rules; k++) {
            if (strcmp(world->rules[k]->name, event->rule) == 0) {
                rule = world->rules[k];
                if (fdns_world_order_of(world, k) != FDNS_RULE_REMOVED) {
                    break;
                }
            }
        }
        struct fdns_source source = source_of(b, event);
        if (event->rule != NULL && rule == NULL) {
            fdns_diag(b->diags, FDNS_ERROR, &source, event->line, event->column,
                      "the world has no rule with the name \"%s\"", event->rule);
        }
        size_t n_targets = event->everywhere ? 1 : event->n_servers;
        for (size_t k = 0; event->has_rules && k < n_targets; k++) {
            switches =
                fdns_arena_grow(&world->arena, switches, n, n + 1, sizeof(*switches), &capacity);
            switches[n++] =
                (struct fdns_rule_switch){.at_us = event->at_us,
                                          .rule = rule,
                                          .everywhere = event->everywhere,
                                          .server = event->everywhere ? 0 : event->servers[k],
                                          .on = event->rules_on};
        }
    }
    world->switches = switches;
    world->n_switches = n;
}

static void add_time(int64_t *times, size_t *n, int64_t at_us)
{
    size_t at = *n;
    for (size_t i = 0; i < *n; i++) {
        if (times[i] == at_us) {
            return;
        }
    }
    for (; at > 0 && times[at - 1] > at_us; at--) {
        times[at] = times[at - 1];
    }
    times[at] = at_us;
    ++*n;
}

void fdns_build_changes(struct fdns_building *b)
{
    struct fdns_world *world = b->world;
    size_t n = 0;
    int64_t *times =
        fdns_arena_array(&world->arena, world->n_events + 2 * world->n_rules, sizeof(*times));
    for (size_t i = 0; i < world->n_events; i++) {
        add_time(times, &n, world->events[i]->at_us);
    }
    for (size_t i = 0; i < world->n_rules; i++) {
        const struct fdns_rule *rule = world->rules[i];
        world->any_tcp_refused |= rule->tcp.fault == FDNS_TCP_REFUSED;
        world->any_udp_refused |= rule->udp_refused;
        if (rule->from_us > 0) {
            add_time(times, &n, rule->from_us);
        }
        if (rule->until_us > 0) {
            add_time(times, &n, rule->until_us);
        }
    }
    world->changes = times;
    world->n_changes = n;
}
