// The built-in checker in real time: on the real DNS, or on a running fakedns by way of its map.
#pragma once

#include "fakedns/serve/map.h"
#include "harness/check/dkim/dkim.h"

struct dc_live_options {
    const struct fdns_map *map; // or NULL
    bool allow_real;            // addresses that no map names may be contacted
    int64_t timeout_us;         // of one try; 0: 2 s
    unsigned retries;
    unsigned qps; // per server; 0: 20
};

struct dc_live;
struct dc_live *dc_live_new(const struct dc_live_options *options);
void dc_live_free(struct dc_live *live);

// Microseconds since the Unix epoch.
int64_t dc_live_now(struct dc_live *live);

// Those of the mapped addresses that answer with authority for the root. In arena; *n may be 0.
const struct fdns_address *dc_live_mapped_roots(struct dc_live *live, struct fdns_arena *arena,
                                                const struct fdns_map *map, size_t *n);

// One visit, now. Observations go to store; the report lives in arena. NULL with *why if the
// checker found no end.
const struct dc_report *dc_live_dkim(struct dc_live *live, const struct dc_dkim_subject *subject,
                                     const struct dc_dkim_how *how, struct dc_dkim_state *states,
                                     unsigned visit, struct dc_store *store,
                                     struct fdns_arena *arena, const char **why);

// Waits, with the loop running.
void dc_live_wait(struct dc_live *live, int64_t us);

// The same over observations that were made earlier: NULL with *why if one is missing.
const struct dc_report *dc_replay_dkim(const struct dc_dkim_subject *subject,
                                       const struct dc_dkim_how *how, struct dc_dkim_state *states,
                                       unsigned visit, int64_t visit_us, struct dc_store *store,
                                       struct fdns_arena *arena, const char **why);
