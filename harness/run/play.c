// The way of a scenario:
//
//   1. its world is served on loopback, in played time          (fakedns/serve)
//   2. at each checkpoint the clock is moved there
//   3. the built-in checker is run until it has seen all it wants: what it looked at and was not
//      there is asked, the world is played until the answers are there, and it is run again
//      (or an external checker's command is run in real time)   (run/external)
//   4. its report is compared with the expectation              (scenario/verdict)
#include "harness/run/play.h"

#include "fakedns/base/fatal.h"
#include "fakedns/serve/serve.h"
#include "harness/query/query.h"
#include "harness/run/roots.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

// A check that looks at something new in every round would never end.
enum { MAX_ROUNDS = 64, DEFAULT_TIMEOUT_MS = 2000 };

struct dc_player {
    struct dc_play_options options;
    struct fdns_flight flight;
    struct dc_external_run *external; // NULL: the built-in checker
};

// One scenario while it is played.
struct play {
    struct dc_player *player;
    const struct dc_scenario *scenario;
    struct dc_played *played;
    struct fdns_clock clock;
    struct fdns_world_state *state;
    struct fdns_resolver *resolver;
    struct fdns_serve *serve;
    struct fdns_map map; // the served one, and the resolver under an address of its own
    struct dc_client *client;
    struct dc_dkim_state *dkim; // one a set-up
    struct dc_dkim_how how;
};

struct dc_player *dc_player_new(const struct dc_play_options *options)
{
    struct dc_player *player = calloc(1, sizeof *player);
    if (player == NULL) {
        fdns_fatal("out of memory (%zu octets)", sizeof *player);
    }
    player->options = *options;
    if (player->options.timeout_us == 0) {
        player->options.timeout_us = DEFAULT_TIMEOUT_MS * INT64_C(1000);
    }
    if (options->external != NULL) {
        player->external = dc_external_run_new(options->external);
    }
    fdns_flight_init(&player->flight);
    return player;
}

void dc_player_free(struct dc_player *player)
{
    if (player == NULL) {
        return;
    }
    dc_external_run_free(player->external);
    fdns_flight_clear(&player->flight);
    free(player);
}

// ---- the stage -----------------------------------------------------------------------------

// The front end's port changes from run to run; reports name it by this address instead.
static struct fdns_address resolver_alias(void)
{
    struct fdns_address address;
    if (fdns_address_parse("127.0.0.1:53", 53, &address) != FDNS_OK) {
        fdns_fatal("cannot read an address of our own");
    }
    return address;
}

static void make_map(struct play *play)
{
    const struct fdns_map *served = fdns_serve_map(play->serve);
    fdns_map_init(&play->map);
    play->map.behind = served; // which learns of addresses that datagrams come from
    for (size_t i = 0; i < served->n_entries; i++) {
        fdns_map_add(&play->map, &served->entries[i].scripted, &served->entries[i].endpoint);
    }
    play->map.behind = served; // it learns where else replies come from as they do
    if (served->has_resolver) {
        struct fdns_address *alias = fdns_arena_alloc(&play->played->arena, sizeof *alias);
        *alias = resolver_alias();
        fdns_map_add(&play->map, alias, &served->resolver);
        play->how.resolver = alias;
    }
}

static bool open_stage(struct play *play, const char **why)
{
    struct dc_player *player = play->player;
    const struct dc_scenario *scenario = play->scenario;
    struct fdns_buf text;
    fdns_buf_init(&text, 4096);
    if (scenario->wants_resolver) {
        play->resolver = fdns_resolver_new(scenario->world, play->state);
    }
    struct fdns_serve_options serving = {
        .world = scenario->world,
        .state = play->state,
        .resolver = play->resolver,
        .clock = &play->clock,
        .flight = &player->flight,
    };
    play->serve = fdns_serve_start(&serving, NULL, &text);
    if (play->serve == NULL) {
        *why = fdns_arena_string(&play->played->arena, fdns_buf_text(&text));
        fdns_buf_clear(&text);
        return false;
    }
    fdns_buf_clear(&text);
    make_map(play);
    struct dc_client_options asking = {
        .clock = &play->clock,
        .flight = &player->flight,
        .map = &play->map,
        .timeout_us = player->options.timeout_us,
        .retries = player->options.retries,
        .qps = player->options.qps,
        .seed = fdns_hash(player->options.seed, scenario->file, strlen(scenario->file)),
    };
    play->client = dc_client_new(&asking);
    play->how.roots = dc_world_roots(&play->played->arena, scenario->world, &play->how.n_roots);
    return true;
}

static void close_stage(struct play *play)
{
    if (play->client != NULL) {
        dc_client_close(play->client, NULL, NULL);
        fdns_map_clear(&play->map);
    }
    if (play->serve != NULL) {
        fdns_serve_stop(play->serve, NULL, NULL);
    }
    fdns_resolver_free(play->resolver);
}

// ---- one checkpoint ------------------------------------------------------------------------

static void on_answers(void *context)
{
    bool *finished = context;
    *finished = true;
}

static bool ask(struct play *play, const struct dc_look *look, const char **why)
{
    struct fdns_buf text;
    bool finished = false;
    fdns_buf_init(&text, 16 * 1024);
    dc_client_ask(play->client, &play->played->store, look->wanted, look->n_wanted, on_answers,
                  &finished);
    bool quiet = fdns_flight_play(&play->player->flight, &play->clock, &finished, &text);
    if (!quiet || !finished) {
        *why = fdns_arena_format(&play->played->arena, "the world did not come to rest: %s",
                                 quiet ? "nothing was left to wait for" : fdns_buf_text(&text));
    }
    fdns_buf_clear(&text);
    return quiet && finished;
}

static const char *name_of_server(const void *owner, const struct fdns_address *address)
{
    const struct play *play = owner;
    const struct fdns_server *server = fdns_world_find_address(play->scenario->world, address);
    bool resolver = play->how.resolver != NULL && fdns_address_equal(address, play->how.resolver);
    return server != NULL ? server->name : resolver ? "resolver" : NULL;
}

static const struct dc_report *run_builtin(struct play *play,
                                           const struct dc_checkpoint *checkpoint, unsigned visit,
                                           const char **why)
{
    struct fdns_arena *arena = &play->played->arena;
    struct dc_report *report = fdns_arena_alloc(arena, sizeof *report);
    struct fdns_arena_mark mark = fdns_arena_mark(arena);
    for (unsigned round = 0; round < MAX_ROUNDS; round++) {
        struct dc_look look;
        fdns_arena_return(arena, mark);
        dc_look_init(&look, &play->played->store, arena, visit, checkpoint->at_us);
        look.server_name = name_of_server;
        look.server_names = play;
        if (dc_dkim_check(&look, &play->scenario->dkim, &play->how, play->dkim, report)) {
            return report;
        }
        if (!ask(play, &look, why)) {
            return NULL;
        }
    }
    *why = "the checker looked for something new in each of 64 rounds";
    return NULL;
}

static const struct dc_report *report_at(struct play *play, const struct dc_checkpoint *checkpoint,
                                         unsigned visit, const char **why)
{
    if (play->player->external != NULL) {
        return dc_external_report(play->player->external, play->scenario, checkpoint, play->state,
                                  &play->played->arena, why);
    }
    struct fdns_buf text;
    fdns_buf_init(&text, 16 * 1024);
    bool quiet =
        fdns_flight_play_until(&play->player->flight, &play->clock, checkpoint->at_us, &text);
    if (!quiet) {
        *why = fdns_arena_format(&play->played->arena, "the world did not come to rest: %s",
                                 fdns_buf_text(&text));
    }
    fdns_buf_clear(&text);
    return quiet ? run_builtin(play, checkpoint, visit, why) : NULL;
}

static struct dc_visit_result visit_at(struct play *play, const struct dc_checkpoint *checkpoint,
                                       unsigned visit)
{
    struct dc_visit_result result = {
        .at_us = checkpoint->at_us,
        .line = checkpoint->line,
        .verdict = DC_COULD_NOT_RUN,
        .expected_status = checkpoint->has_status ? checkpoint->status : DC_STATUS_UNKNOWN,
    };
    result.report = report_at(play, checkpoint, visit, &result.reason);
    if (result.report != NULL) {
        struct dc_judgement judgement = dc_judge(&play->played->arena, checkpoint, result.report,
                                                 play->player->external != NULL);
        result.verdict = judgement.verdict;
        result.reason = judgement.reason;
        result.absent = judgement.absent;
        result.n_absent = judgement.n_absent;
        result.extra = judgement.extra;
        result.n_extra = judgement.n_extra;
    }
    return result;
}

// ---- a scenario ----------------------------------------------------------------------------

static void play_visits(struct play *play)
{
    const struct dc_scenario *scenario = play->scenario;
    struct fdns_arena *arena = &play->played->arena;
    struct dc_result *result = &play->played->result;
    const char *why = NULL;
    if (play->player->external == NULL && !open_stage(play, &why)) {
        *result = dc_result_not_run(arena, scenario, why);
        close_stage(play);
        return;
    }
    struct dc_visit_result *visits =
        fdns_arena_array(arena, scenario->n_checkpoints, sizeof *visits);
    for (size_t i = 0; i < scenario->n_checkpoints; i++) {
        visits[i] = visit_at(play, &scenario->checkpoints[i], (unsigned)i);
        if (visits[i].verdict > result->verdict) {
            result->verdict = visits[i].verdict;
        }
    }
    result->visits = visits;
    result->n_visits = scenario->n_checkpoints;
    close_stage(play);
}

static int64_t measured_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

struct dc_played *dc_player_play(struct dc_player *player, const struct dc_scenario *scenario)
{
    int64_t began_us = measured_us();
    struct dc_played *played = calloc(1, sizeof *played);
    if (played == NULL) {
        fdns_fatal("out of memory (%zu octets)", sizeof *played);
    }
    fdns_arena_init(&played->arena, 32 * 1024);
    dc_store_init(&played->store);
    played->result = dc_result_of(scenario);
    struct play play = {.player = player, .scenario = scenario, .played = played};
    fdns_clock_init(&play.clock, 0);
    play.state = fdns_world_state_new(
        scenario->world, fdns_hash(player->options.seed, scenario->file, strlen(scenario->file)));
    play.dkim = dc_dkim_states_new(&played->arena, &scenario->dkim, scenario->checkpoints[0].at_us);
    if (player->external != NULL) {
        dc_external_run_begin(player->external);
    }
    play_visits(&play);
    fdns_world_state_free(play.state);
    fdns_clock_clear(&play.clock);
    played->result.duration_us = measured_us() - began_us;
    return played;
}

void dc_played_free(struct dc_played *played)
{
    if (played == NULL) {
        return;
    }
    dc_store_clear(&played->store);
    fdns_arena_clear(&played->arena);
    free(played);
}
