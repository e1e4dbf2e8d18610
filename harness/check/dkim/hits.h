// Hits: what the diagnosis found, one for each server and record, before they become findings.
//
// Findings are per record and per server. What all servers that can be judged say alike is one
// finding without a server; what only some of them say is one finding for each of those, with its
// name. A server's addresses count as one server where they say the same. What is about a server
// itself always names it.
// Order: the earliest cause first (enum dc_rank), then as the records are listed.
#pragma once

#include "harness/check/report.h"

enum dc_rank {
    DC_RANK_INPUT, // before any DNS
    DC_RANK_UNREACHABLE,
    DC_RANK_SERVER_ERROR,
    DC_RANK_DELEGATION,
    DC_RANK_NAME,
    DC_RANK_TYPE,
    DC_RANK_VALUE,
    DC_RANK_KEY,
    DC_RANK_POLICY,
    DC_RANK_NEIGHBOUR, // of records that DKIM does not need
};

enum { DC_HIT_OBSERVATIONS = 6, DC_NO_ENDPOINT = -1, DC_ALL_RECORDS = 0 };

struct dc_hit {
    const struct dc_finding_row *row;
    enum dc_level level;
    enum dc_rank rank;
    size_t record;      // 1 + its place in the expectation, for the order; or DC_ALL_RECORDS
    int endpoint;       // or DC_NO_ENDPOINT
    const char *server; // label of the endpoint
    size_t n_alike;     // so many endpoints saying it are all there are
    bool about_server;  // never collapsed into "all servers"
    const char *name;
    const char *type;
    const char *expected;
    const char *actual;
    const char *remedy;
    const struct dc_excerpt *excerpt; // or NULL
    const struct dc_observation *observations[DC_HIT_OBSERVATIONS];
    size_t n_observations;
    size_t follows; // 1 + index of the hit that this one follows from; 0: stands for itself
};

struct dc_hits {
    struct fdns_arena *arena;
    struct dc_hit *items;
    size_t n;
    size_t capacity;
};

// Adds a hit with the level of its row; the result may be edited until the next one is added.
struct dc_hit *dc_hits_add(struct dc_hits *hits, const struct dc_finding_row *row,
                           enum dc_rank rank);
// NULL is ignored, and so is what does not fit.
void dc_hit_show(struct dc_hit *hit, const struct dc_observation *observation);

// In the arena of the hits.
const struct dc_finding *dc_hits_findings(const struct dc_hits *hits, size_t *n_findings);
