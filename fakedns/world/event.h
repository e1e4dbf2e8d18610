// Event: something that happens to the world at a time. Immutable once read; a world that builds on
// another replays the other's events on its own zones.
#pragma once

#include "fakedns/world/rule.h"

struct fdns_event {
    int64_t at_us;
    const char *file; // where it is written, for messages
    unsigned line, column;
    bool everywhere;       // no server named: all that hold the zone, all rules of all servers
    const size_t *servers; // indexes, FDNS_RESOLVER among them for rules
    size_t n_servers;
    const uint8_t *zone; // of remove, add and unload; NULL: none
    const struct fdns_removal *removals;
    size_t n_removals;
    const struct fdns_record *additions;
    size_t n_additions;
    bool has_serial;
    bool next_serial; // one more; else:
    uint32_t serial;
    bool has_unload, unload;
    bool has_down, down;
    bool has_rules, rules_on;
    const char *rule; // name of the one rule to switch; NULL: all
};

// The event is about this server (or FDNS_RESOLVER).
bool fdns_event_concerns(const struct fdns_event *event, size_t server);
