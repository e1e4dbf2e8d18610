// What a world is at a time.
#include "fakedns/world/value.h"

static const struct fdns_zone *zone_at(const struct fdns_server_zone *zone, int64_t now_us)
{
    size_t low = 0, high = zone->n_versions;
    while (low < high) { // the first version after now
        size_t middle = low + (high - low) / 2;
        if (zone->versions[middle].at_us <= now_us) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 ? zone->versions[low - 1].zone : NULL;
}

struct fdns_zone_set fdns_server_zones(const struct fdns_server *server, int64_t now_us,
                                       struct fdns_arena *arena)
{
    if (server->unchanging != NULL) {
        return (struct fdns_zone_set){.zones = server->unchanging, .n_zones = server->n_zones};
    }
    const struct fdns_zone **zones = fdns_arena_array(arena, server->n_zones, sizeof(*zones));
    size_t n = 0;
    for (size_t i = 0; i < server->n_zones; i++) {
        const struct fdns_zone *zone = zone_at(&server->zones[i], now_us);
        if (zone != NULL) {
            zones[n++] = zone;
        }
    }
    return (struct fdns_zone_set){.zones = zones, .n_zones = n};
}

bool fdns_server_transfers_to(const struct fdns_server *server, const struct fdns_address *client)
{
    bool allowed = server->transfers_to_all;
    for (size_t i = 0; i < server->n_transfer_to && !allowed; i++) {
        allowed = fdns_prefix_holds(&server->transfer_to[i], client->family, client->octets);
    }
    return allowed;
}

bool fdns_server_is_up(const struct fdns_server *server, int64_t now_us)
{
    bool up = true;
    for (size_t i = 0; i < server->n_up && server->up[i].at_us <= now_us; i++) {
        up = server->up[i].on;
    }
    return up;
}

bool fdns_world_next_change(const struct fdns_world *world, int64_t now_us, int64_t *at_us)
{
    for (size_t i = 0; i < world->n_changes; i++) {
        if (world->changes[i] > now_us) {
            *at_us = world->changes[i];
            return true;
        }
    }
    return false;
}
