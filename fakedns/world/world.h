// World: a scripted piece of the Internet, immutable once loaded but for its owner's orders about
// rules.
//
// Zones change over time by events, but a world does not: each event makes new zone versions when
// the world is loaded, and what a server holds at a time is looked up. All that a run changes is
// one struct fdns_world_state (state.h).
#pragma once

#include "fakedns/base/address.h"
#include "fakedns/base/diag.h"
#include "fakedns/reply/reply.h"
#include "fakedns/yaml/schema.h"

struct fdns_delta;
struct fdns_event;
struct fdns_prefix;
struct fdns_rule;

// Ceilings, so that no file can make us grow without end.
enum {
    FDNS_WORLD_SERVERS_MAX = 1000,
    FDNS_WORLD_RULES_MAX = 1000,
    FDNS_WORLD_EVENTS_MAX = 1000,
    FDNS_WORLD_BASES_MAX = 16,             // worlds in a chain of bases
    FDNS_WORLD_EDITED_RECORDS = 250000,    // in all zone versions that events make
    FDNS_ZONE_FILE_MAX = 64 * 1024 * 1024, // octets of a zone file
};

// From at_us on, server holds this version of a zone.
struct fdns_zone_version {
    int64_t at_us;
    const struct fdns_zone *zone; // NULL: the zone is gone from the server
    // From the version before. NULL: there is none, it has no SOA, or the server gives no
    // transfers.
    const struct fdns_delta *delta;
};

struct fdns_server_zone {
    const uint8_t *apex;
    const struct fdns_zone_version *versions; // by time; the first is at 0
    size_t n_versions;
};

// From at_us on a server is up or down.
struct fdns_switch {
    int64_t at_us;
    bool on;
};

// From at_us on a rule is on or off, for one server, the recursive front end, or all.
struct fdns_rule_switch {
    int64_t at_us;
    const struct fdns_rule *rule; // NULL: every rule
    bool everywhere;
    size_t server; // index, or FDNS_RESOLVER; only if not everywhere
    bool on;
};

#define FDNS_RESOLVER ((size_t)-1)

struct fdns_server {
    const char *name;                     // as written, for messages and {server:NAME}
    uint8_t host[FDNS_NAME_MAX];          // the same as a DNS name
    size_t index;                         // in world->servers
    const struct fdns_address *addresses; // scripted, port 53 unless written
    size_t n_addresses;
    const struct fdns_server_zone *zones;
    size_t n_zones;
    // What it holds if that never changes, ready to be handed out; NULL if something does.
    const struct fdns_zone *const *unchanging;
    const struct fdns_switch *up; // by time; none: up
    size_t n_up;
    struct fdns_identity identity;
    bool transfers_to_all;                 // gives zone transfers to anybody
    const struct fdns_prefix *transfer_to; // or to these clients
    size_t n_transfer_to;
    const struct fdns_address *notify; // is told of zones that change (RFC 1996)
    size_t n_notify;
};

// What the owner of a world has said about a rule while it is served.
enum fdns_rule_order {
    FDNS_RULE_AS_WRITTEN, // `enabled` and the events decide
    FDNS_RULE_ON,
    FDNS_RULE_OFF,
    FDNS_RULE_REMOVED, // off, and its name is free again
};

struct fdns_world {
    struct fdns_arena arena; // all of the world but its base
    const char *file;
    const struct fdns_zone *const *zones; // as they are before any event, by name
    size_t n_zones;
    const struct fdns_server *servers; // in file order, those of the base first
    size_t n_servers;
    const struct fdns_rule *const *rules; // in written order, those of the base first
    size_t n_rules;
    enum fdns_rule_order *orders;           // by rule; NULL: all as written
    const struct fdns_event *const *events; // by time; at one time those of the base first
    size_t n_events;
    const struct fdns_rule_switch *switches; // by time
    size_t n_switches;
    const int64_t *changes; // sorted times at which anything may change by itself
    size_t n_changes;
    bool any_tcp_refused;          // a rule may refuse TCP connections
    bool any_udp_refused;          // a rule may close a UDP port
    const struct fdns_world *base; // shared and unchanged, or NULL
};

// Worlds that others build on, parsed once. Owns them; they live until it is freed.
struct fdns_world_library;
struct fdns_world_library *fdns_world_library_new(void);
void fdns_world_library_free(struct fdns_world_library *library);
// What zones are signed with: the absolute time (seconds since 1970) at which worlds start, which
// signatures' times count from, and the seed of keys that are made. Without it the start of 2026,
// and 0, so that what is played is the same at any time.
void fdns_world_library_signing(struct fdns_world_library *library, uint32_t epoch_s,
                                uint64_t seed);

// The schema of what stands below `world:` (and of a world file's top level).
extern const struct fdns_schema_type fdns_type_world;

// Loads the world of a node that has passed its schema (a scenario's `world:`, or a world file's
// top level). Relative file names (`base`, zone `file`) are looked for in the folder of source's
// file, then in the folders above it. Mistakes are reported in diags; a rule that can never match
// is a warning. NULL on error. Free with fdns_world_free; the library must outlive it, node and
// source need not.
struct fdns_world *fdns_world_build(struct fdns_world_library *library,
                                    const struct fdns_node *node, const struct fdns_source *source,
                                    struct fdns_diags *diags);

// Loads a file: a world file, or a scenario file of which only the world counts.
struct fdns_world *fdns_world_load(struct fdns_world_library *library, const char *path,
                                   struct fdns_diags *diags);
// The same for a text, which diagnostics call name; files are looked for as if name stood in the
// current folder.
struct fdns_world *fdns_world_load_text(struct fdns_world_library *library, const char *name,
                                        const char *text, size_t len, struct fdns_diags *diags);

// The world that a text (YAML) makes of base, which must outlive it and is not changed: zones and
// servers are merged by name, rules and events appended, orders kept. A text brings all that it
// says with it: `base` and files are refused. Diagnostics name the file "patch"; name is what later
// ones will call it. NULL on error.
struct fdns_world *fdns_world_patch(struct fdns_world_library *library,
                                    const struct fdns_world *base, const char *name,
                                    const char *text, size_t len, struct fdns_diags *diags);

// Gives an order about a rule, by its index.
void fdns_world_order(struct fdns_world *world, size_t rule, enum fdns_rule_order order);
enum fdns_rule_order fdns_world_order_of(const struct fdns_world *world, size_t rule);

// A world with one server ("fakedns", 192.0.2.1) that serves the given zone files, NAME=FILE each.
struct fdns_world *fdns_world_of_zones(const char *const *assignments, size_t n_assignments,
                                       struct fdns_diags *diags);
void fdns_world_free(struct fdns_world *world);

const struct fdns_server *fdns_world_find_server(const struct fdns_world *world, const char *name);
const struct fdns_server *fdns_world_find_address(const struct fdns_world *world,
                                                  const struct fdns_address *address);
// The zone of that very name as it is before any event.
const struct fdns_zone *fdns_world_find_zone(const struct fdns_world *world, const uint8_t *apex);

// The DS and DNSKEY records, as zone text, of signed zones that no signed zone of this world
// delegates to: what a validator has to be told.
void fdns_world_print_anchors(const struct fdns_world *world, struct fdns_buf *out);

// The zones a server holds at a time. In arena only if they ever change.
struct fdns_zone_set fdns_server_zones(const struct fdns_server *server, int64_t now_us,
                                       struct fdns_arena *arena);
// It gives zone transfers to this client.
bool fdns_server_transfers_to(const struct fdns_server *server, const struct fdns_address *client);
bool fdns_server_is_up(const struct fdns_server *server, int64_t now_us);
// The first change after now_us; false if there is none.
bool fdns_world_next_change(const struct fdns_world *world, int64_t now_us, int64_t *at_us);
