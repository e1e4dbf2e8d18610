// A world while it is being built; for the files of this folder only.
#pragma once

#include "fakedns/world/event.h"

// One edit that an event made, so that servers which share a zone version share its successor.
struct fdns_edit {
    const struct fdns_zone *from;
    const struct fdns_zone *to;
};

struct fdns_building {
    struct fdns_world *world;
    struct fdns_world_library *library; // NULL: no base possible
    const struct fdns_source *source;
    struct fdns_diags *diags;
    const struct fdns_zone **zones; // sorted by apex
    size_t n_zones, zones_capacity;
    const uint8_t **changed; // apexes of zones that are not the base's, or that own events edit
    size_t n_changed, changed_capacity;
    struct fdns_server *servers;
    bool *is_new; // by server: its zone list is not the base's
    size_t n_servers, servers_capacity, is_new_capacity;
    const struct fdns_node *rules; // of this file
    size_t n_base_rules;
    struct fdns_edit *edits; // by event
    size_t n_edited_records;
    struct fdns_zone_order *orders; // `sign` of this file's zones
    size_t n_orders, orders_capacity;
};

// How a zone is to be signed; NULL: not at all.
struct fdns_zone_order {
    const uint8_t *apex;
    const struct fdns_signing *signing;
};

// "name" or "name type" of a zone, from a `remove` list; lines are those of the file.
const struct fdns_removal *fdns_build_removals(struct fdns_building *b,
                                               const struct fdns_node *list, const uint8_t *apex,
                                               size_t *n);
// Records of zone text inside the YAML; lines are those of the file. False after a diagnostic.
bool fdns_build_records(struct fdns_arena *arena, const struct fdns_node *text,
                        const struct fdns_source *source, const uint8_t *origin,
                        struct fdns_records *records, struct fdns_diags *diags);
void fdns_build_zones(struct fdns_building *b, const struct fdns_node *zones);
const struct fdns_zone *fdns_build_find_zone(const struct fdns_building *b, const uint8_t *apex);
// With "did you mean"; NULL after an error.
const struct fdns_zone *fdns_build_get_zone(struct fdns_building *b, const struct fdns_node *name);
// Reads the `sign` of a zone; a zone that has none keeps what it inherited.
void fdns_build_read_sign(struct fdns_building *b, const uint8_t *apex,
                          const struct fdns_node *sign);
// Signs the zones that are to be signed, with the DS records of those below them.
void fdns_build_sign(struct fdns_building *b);
// A version of a zone, signed. NULL after a diagnostic.
const struct fdns_zone *fdns_build_signed(struct fdns_building *b, const struct fdns_zone *plain,
                                          const struct fdns_signing *signing,
                                          const struct fdns_source *source);
extern const struct fdns_schema_type fdns_type_sign;
uint32_t fdns_library_epoch(const struct fdns_world_library *library);
uint64_t fdns_library_seed(const struct fdns_world_library *library);
void fdns_build_mark_changed(struct fdns_building *b, const uint8_t *apex);
bool fdns_build_is_changed(const struct fdns_building *b, const uint8_t *apex);

void fdns_build_servers(struct fdns_building *b, const struct fdns_node *world);
// Index of the server a scalar names, or FDNS_RESOLVER for `resolver`; false after an error.
bool fdns_read_server(const struct fdns_world *world, const struct fdns_node *name,
                      const struct fdns_source *source, struct fdns_diags *diags, size_t *index);

void fdns_build_events(struct fdns_building *b, const struct fdns_node *events);
// What servers hold and whether they are up, over time.
void fdns_build_timeline(struct fdns_building *b);
void fdns_build_rules(struct fdns_building *b, const struct fdns_node *rules);
// Room for the orders of n rules.
void fdns_orders_extend(struct fdns_world *world, size_t n_rules);
void fdns_build_switches(struct fdns_building *b);
void fdns_build_changes(struct fdns_building *b);

// A world on top of base (NULL: none); it will be called name. NULL on error.
struct fdns_world *fdns_build_on(struct fdns_building *b, const struct fdns_world *base,
                                 const char *name, const struct fdns_node *node);

// The world that a path names, from the library. NULL after a diagnostic at node.
const struct fdns_world *fdns_library_get(struct fdns_world_library *library,
                                          const struct fdns_node *node,
                                          const struct fdns_source *source,
                                          struct fdns_diags *diags);

// A file named in `from`: looked for in from's folder and the folders above it. NULL if there is
// none.
char *fdns_find_file(struct fdns_arena *arena, const char *from, const char *name);
// Reads and parses a zone file. NULL after a diagnostic.
const struct fdns_zone *fdns_zone_load(struct fdns_arena *arena, const char *path,
                                       const uint8_t *apex, bool check, struct fdns_diags *diags);

// Types that several schemas use.
extern const struct fdns_schema_type fdns_type_address;
extern const struct fdns_schema_type fdns_type_serial;
extern const struct fdns_schema_type fdns_type_zone_text;
