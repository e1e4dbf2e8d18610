// Network map: which scripted address is served at which endpoint.
//
// Its text form is what fakedns prints and what --map reads, a line per address:
//
//   server 192.0.2.1:53 127.0.0.1:40001
//   resolver 127.0.0.1:40002
//
// Other lines (`ready`, blank ones, comments with #) are passed over when read.
#pragma once

#include "fakedns/base/address.h"
#include "fakedns/base/buf.h"
#include "fakedns/base/diag.h"

#include <stdbool.h>
#include <stddef.h>

struct fdns_map_entry {
    struct fdns_address scripted;
    struct fdns_address endpoint;
};

enum { FDNS_MAP_MAX = 65536, FDNS_MAP_SOURCES_MAX = 64 };

struct fdns_map {
    struct fdns_map_entry *entries; // in the order they were added
    size_t n_entries;
    size_t capacity;
    // Addresses that datagrams come from and nobody can ask: only fdns_map_find_scripted knows
    // them.
    struct fdns_map_entry *sources;
    size_t n_sources;
    const struct fdns_map *behind; // that it looks in too, for what it does not know, or NULL
    bool has_resolver;
    struct fdns_address resolver; // endpoint of the recursive front end
};

void fdns_map_init(struct fdns_map *map);
void fdns_map_clear(struct fdns_map *map);

// EXISTS if the scripted address is there already, TOO_LARGE past FDNS_MAP_MAX entries.
enum fdns_error fdns_map_add(struct fdns_map *map, const struct fdns_address *scripted,
                             const struct fdns_address *endpoint);

// The endpoint of a scripted address, or NULL. An endpoint of the map is not a scripted address.
const struct fdns_address *fdns_map_find(const struct fdns_map *map,
                                         const struct fdns_address *scripted);
// False past FDNS_MAP_SOURCES_MAX.
bool fdns_map_add_source(struct fdns_map *map, const struct fdns_address *scripted,
                         const struct fdns_address *endpoint);
// The other way round, for printing; NULL if no server is served there.
const struct fdns_address *fdns_map_find_scripted(const struct fdns_map *map,
                                                  const struct fdns_address *endpoint);

// Appends the lines.
void fdns_map_print(const struct fdns_map *map, struct fdns_buf *out);

// Adds the lines of a text to the map. Every mistake (a line of another shape that begins with
// `server` or `resolver`, a bad address, one given twice) goes to diags; false if there was one.
bool fdns_map_parse(struct fdns_map *map, const struct fdns_source *source,
                    struct fdns_diags *diags);
// The same for a file of at most 4 MiB.
bool fdns_map_load(struct fdns_map *map, const char *path, struct fdns_diags *diags);
