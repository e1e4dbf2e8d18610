// What a stage costs: starts the servers of a world on real sockets in played time, asks six
// questions (one of them over TCP), and tears all down, again and again.
//
//   bench_small_world WORLD.yaml [TIMES]
//
// Prints microseconds for one round, and for its parts. Asserts only that all was answered.

#include "fakedns/serve/serve.h"
#include "fakedns/wire/builder.h"
#include "harness/query/query.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { N_QUESTIONS = 6 };

struct round {
    struct fdns_clock clock;
    struct fdns_flight flight;
    struct dc_store store;
    double started_us, asked_us, closed_us; // how long each part took
};

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void on_done(void *context)
{
    *(bool *)context = true;
}

static void make_questions(struct fdns_arena *arena, const struct fdns_world *world,
                           const struct dc_question *questions[N_QUESTIONS])
{
    static const char *const names[] = {"example._domainkey.example.com.", "www.example.com."};
    for (unsigned i = 0; i < N_QUESTIONS; i++) {
        struct dc_question *question = fdns_arena_alloc(arena, sizeof *question);
        uint8_t name[FDNS_NAME_MAX];
        uint8_t *octets = fdns_arena_alloc(arena, 512);
        (void)fdns_name_parse(names[i % 2], NULL, name);
        question->server = world->servers[i % world->n_servers].addresses[0];
        question->transport = i == 5 ? DC_TCP : DC_UDP;
        question->request = octets;
        question->len =
            fdns_query_build(octets, 512, 0, 0, name, FDNS_TYPE_TXT, FDNS_CLASS_IN, 1232, 0);
        question->repetition = i;
        questions[i] = question;
    }
}

static void play_round(struct round *round, const struct fdns_world *world,
                       const struct dc_question *const *questions)
{
    bool finished = false;
    struct fdns_buf why;
    fdns_buf_init(&why, 4096);
    double at_us = now_us();
    struct fdns_world_state *state = fdns_world_state_new(world, 1);
    struct fdns_serve_options serving = {
        .world = world, .state = state, .clock = &round->clock, .flight = &round->flight};
    struct fdns_serve *serve = fdns_serve_start(&serving, NULL, &why);
    if (serve == NULL || !fdns_flight_drain(&round->flight, &why)) {
        fprintf(stderr, "%s\n", fdns_buf_text(&why));
        exit(EXIT_FAILURE);
    }
    struct dc_client_options asking = {
        .clock = &round->clock, .flight = &round->flight, .map = fdns_serve_map(serve)};
    struct dc_client *client = dc_client_new(&asking);
    round->started_us += now_us() - at_us;
    at_us = now_us();
    dc_client_ask(client, &round->store, questions, N_QUESTIONS, on_done, &finished);
    if (!fdns_flight_play(&round->flight, &round->clock, &finished, &why) || !finished) {
        fprintf(stderr, "the world did not come to rest\n%s", fdns_buf_text(&why));
        exit(EXIT_FAILURE);
    }
    round->asked_us += now_us() - at_us;
    at_us = now_us();
    dc_client_close(client, NULL, NULL);
    fdns_serve_stop(serve, NULL, NULL);
    fdns_world_state_free(state);
    round->closed_us += now_us() - at_us;
    fdns_buf_clear(&why);
}

static struct fdns_world *load(struct fdns_world_library *library, const char *path)
{
    struct fdns_diags diags;
    struct fdns_buf text;
    fdns_diags_init(&diags);
    fdns_buf_init(&text, 65536);
    struct fdns_world *world = fdns_world_load(library, path, &diags);
    fdns_diags_print(&diags, 0, &text);
    fputs(fdns_buf_text(&text), stderr);
    fdns_buf_clear(&text);
    fdns_diags_clear(&diags);
    return world;
}

int main(int argc, char **argv)
{
    unsigned times = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 1000;
    struct round round = {0};
    const struct dc_question *questions[N_QUESTIONS];
    struct fdns_arena arena;
    struct fdns_world_library *library = fdns_world_library_new();
    struct fdns_world *world = argc > 1 ? load(library, argv[1]) : NULL;
    if (world == NULL || times == 0)
        return EXIT_FAILURE;
    fdns_arena_init(&arena, 0);
    make_questions(&arena, world, questions);
    fdns_flight_init(&round.flight);
    for (unsigned i = 0; i < times; i++) {
        fdns_clock_init(&round.clock, 0);
        dc_store_init(&round.store);
        play_round(&round, world, questions);
        dc_store_clear(&round.store);
        fdns_clock_clear(&round.clock);
    }
    printf("%.1f us a round: start %.1f, six questions %.1f, close %.1f\n",
           (round.started_us + round.asked_us + round.closed_us) / times, round.started_us / times,
           round.asked_us / times, round.closed_us / times);
    fdns_flight_clear(&round.flight);
    fdns_arena_clear(&arena);
    fdns_world_free(world);
    fdns_world_library_free(library);
    return EXIT_SUCCESS;
}
