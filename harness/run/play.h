// Playing a scenario: a world on real sockets in played time, a checker at each checkpoint, and
// what its report is worth.
#pragma once

#include "harness/run/external.h"
#include "harness/run/result.h"

struct dc_play_options {
    uint64_t seed;      // ids and random choices derive from it and the scenario's path
    int64_t timeout_us; // of one try, in the world's time; 0: 2 s
    unsigned retries;   // tries after the first
    unsigned qps;       // per server; 0: no limit
    const struct dc_external *external; // NULL: the built-in checker
};

// What was played, with all that the result points into.
struct dc_played {
    struct fdns_arena arena;
    struct dc_store store;
    struct dc_result result;
};

// Keeps what scenarios can share: nothing that one of them could see of another.
struct dc_player;
struct dc_player *dc_player_new(const struct dc_play_options *options);
void dc_player_free(struct dc_player *player);

// Never fails: what could not be run is a verdict. The scenario must outlive what was played.
struct dc_played *dc_player_play(struct dc_player *player, const struct dc_scenario *scenario);
void dc_played_free(struct dc_played *played);
