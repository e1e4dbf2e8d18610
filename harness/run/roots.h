// Where the walk of the delegation starts.
#pragma once

#include "fakedns/base/diag.h"
#include "fakedns/world/world.h"

// Addresses of the world's servers that hold the root zone; without one, of all its servers. In
// arena.
const struct fdns_address *dc_world_roots(struct fdns_arena *arena, const struct fdns_world *world,
                                          size_t *n);

// The root servers of the public DNS (IANA, https://www.iana.org/domains/root/servers).
const struct fdns_address *dc_public_roots(struct fdns_arena *arena, size_t *n);

// Addresses of the A and AAAA records in a hints file (zone text). NULL with diagnostics; a file
// without an address is a mistake.
const struct fdns_address *dc_hints_load(struct fdns_arena *arena, const char *path, size_t *n,
                                         struct fdns_diags *diags);
