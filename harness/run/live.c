#include "harness/run/live.h"

#include "fakedns/base/fatal.h"
#include "harness/query/query.h"

#include <stdlib.h>
#include <time.h>

enum { MAX_ROUNDS = 64, DEFAULT_TIMEOUT_MS = 2000, DEFAULT_QPS = 20, PER_SERVER = 4 };

struct dc_live {
    uv_loop_t loop;
    struct fdns_clock clock;
    struct fdns_pace pace;
    struct dc_client *client;
};

static int64_t epoch_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

struct dc_live *dc_live_new(const struct dc_live_options *options)
{
    struct dc_live *live = calloc(1, sizeof *live);
    if (live == NULL || uv_loop_init(&live->loop) != 0) {
        fdns_fatal("cannot start an event loop");
    }
    fdns_clock_init(&live->clock, epoch_us());
    fdns_pace_start(&live->pace, &live->loop, &live->clock, 1.0);
    struct dc_client_options asking = {
        .clock = &live->clock,
        .loop = &live->loop,
        .pace = &live->pace,
        .map = options->map,
        .allow_real = options->allow_real,
        .timeout_us =
            options->timeout_us != 0 ? options->timeout_us : DEFAULT_TIMEOUT_MS * INT64_C(1000),
        .retries = options->retries,
        .qps = options->qps != 0 ? options->qps : DEFAULT_QPS,
        .per_server = PER_SERVER,
    };
    live->client = dc_client_new(&asking);
    return live;
}

void dc_live_free(struct dc_live *live)
{
    if (live == NULL) {
        return;
    }
    dc_client_close(live->client, NULL, NULL);
    fdns_pace_stop(&live->pace, NULL, NULL);
    uv_run(&live->loop, UV_RUN_DEFAULT);
    fdns_clock_clear(&live->clock);
    uv_loop_close(&live->loop);
    free(live);
}

int64_t dc_live_now(struct dc_live *live)
{
    fdns_pace_touch(&live->pace);
    return live->clock.now_us;
}

static void on_finished(void *context)
{
    bool *finished = context;
    *finished = true;
}

static void ask(struct dc_live *live, const struct dc_look *look)
{
    bool finished = false;
    dc_client_ask(live->client, look->store, look->wanted, look->n_wanted, on_finished, &finished);
    while (!finished) {
        uv_run(&live->loop, UV_RUN_ONCE);
    }
}

static void on_waited(struct fdns_timer *timer)
{
    on_finished(timer->owner);
}

void dc_live_wait(struct dc_live *live, int64_t us)
{
    bool finished = false;
    struct fdns_timer timer = {.fire = on_waited, .owner = &finished};
    fdns_timer_start(&live->clock, &timer, dc_live_now(live) + us, 0);
    while (!finished) {
        uv_run(&live->loop, UV_RUN_ONCE);
    }
}

static bool is_root_answer(struct dc_look *look, const struct dc_observation *observation)
{
    const struct fdns_view *view = dc_look_view(look, observation);
    return view != NULL && fdns_view_flag(view, FDNS_AA) && fdns_view_rcode(view) == FDNS_NOERROR &&
           view->n_rrs > 0 && view->rrs[0].section == FDNS_ANSWER &&
           view->rrs[0].type == FDNS_TYPE_SOA;
}

const struct fdns_address *dc_live_mapped_roots(struct dc_live *live, struct fdns_arena *arena,
                                                const struct fdns_map *map, size_t *n)
{
    struct dc_store store;
    struct fdns_address *roots = fdns_arena_array(arena, map->n_entries, sizeof *roots);
    dc_store_init(&store);
    *n = 0;
    for (int round = 0; round < 2; round++) {
        struct dc_look look;
        dc_look_init(&look, &store, arena, 0, dc_live_now(live));
        for (size_t i = 0; i < map->n_entries; i++) {
            struct dc_ask soa = {
                .server = map->entries[i].scripted, .name = fdns_name_root, .type = FDNS_TYPE_SOA};
            const struct dc_observation *observation = dc_look_ask(&look, &soa);
            if (observation != NULL && is_root_answer(&look, observation)) {
                roots[(*n)++] = map->entries[i].scripted;
            }
        }
        if (look.n_wanted > 0) {
            ask(live, &look);
        }
    }
    dc_store_clear(&store);
    return roots;
}

const struct dc_report *dc_live_dkim(struct dc_live *live, const struct dc_dkim_subject *subject,
                                     const struct dc_dkim_how *how, struct dc_dkim_state *states,
                                     unsigned visit, struct dc_store *store,
                                     struct fdns_arena *arena, const char **why)
{
    int64_t visit_us = dc_live_now(live);
    struct dc_report *report = fdns_arena_alloc(arena, sizeof *report);
    struct fdns_arena_mark mark = fdns_arena_mark(arena);
    for (unsigned round = 0; round < MAX_ROUNDS; round++) {
        struct dc_look look;
        fdns_arena_return(arena, mark);
        dc_look_init(&look, store, arena, visit, visit_us);
        if (dc_dkim_check(&look, subject, how, states, report)) {
            return report;
        }
        ask(live, &look);
    }
    *why = "the checker looked for something new in each of 64 rounds";
    return NULL;
}

const struct dc_report *dc_replay_dkim(const struct dc_dkim_subject *subject,
                                       const struct dc_dkim_how *how, struct dc_dkim_state *states,
                                       unsigned visit, int64_t visit_us, struct dc_store *store,
                                       struct fdns_arena *arena, const char **why)
{
    struct dc_look look;
    struct dc_report *report = fdns_arena_alloc(arena, sizeof *report);
    dc_look_init(&look, store, arena, visit, visit_us);
    if (dc_dkim_check(&look, subject, how, states, report)) {
        return report;
    }
    char server[FDNS_ADDRESS_TEXT_MAX];
    *why = fdns_arena_format(
        arena, "an exchange that the checker looks for was not saved (with %s)",
        look.n_wanted > 0 ? fdns_address_print(&look.wanted[0]->server, server) : "no server");
    return NULL;
}
