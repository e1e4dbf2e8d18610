// The same objects in real time, driven by the loop.

#include "component/stage.h"
#include "component/worlds.h"
#include "fakedns/base/duration.h"
#include "fakedns/serve/socket.h"
#include "unit/harness.h"

#include <string.h>
#include <unistd.h>

static const struct dc_observation *ask(struct stage *stage, const char *server, const char *name,
                                        enum dc_transport transport)
{
    const struct dc_observation *seen =
        stage_ask_one(stage, stage_question(stage, server, name, FDNS_TYPE_TXT, transport));
    CHECK(seen != NULL);
    return seen;
}

static void test_answers(void)
{
    struct stage stage;
    struct stage_options options = {.real = true, .timeout_us = 5 * FDNS_US_PER_S};
    stage_open(&stage, world_of_behaviours, &options);
    CHECK_INT(DC_ANSWERED, ask(&stage, "192.0.2.1", "a.example.com", DC_UDP)->outcome);
    CHECK_INT(DC_ANSWERED, ask(&stage, "192.0.2.1", "a.example.com", DC_TCP)->outcome);
    CHECK_INT(DC_ANSWERED, ask(&stage, "2001:db8::1", "a.example.com", DC_UDP)->outcome);
    CHECK_INT(DC_REFUSED, ask(&stage, "192.0.2.3", "a.example.com", DC_TCP)->outcome);
    CHECK_INT(DC_CLOSED, ask(&stage, "192.0.2.1", "half.example.com", DC_TCP)->outcome);
    CHECK_INT(DC_ANSWERED, ask(&stage, "192.0.2.1", "close.example.com", DC_TCP)->outcome);
    const struct dc_observation *seen = ask(&stage, "192.0.2.1", "wrongid.example.com", DC_UDP);
    CHECK_INT(DC_ANSWERED, seen->outcome);
    CHECK_INT(1, seen->attempts[0].n_strays);
    stage_close(&stage);
}

// What ends by itself has all the patience of the client.
static void test_faults(void)
{
    static const struct {
        const char *name;
        enum dc_transport transport;
        enum dc_outcome outcome;
    } cases[] = {
        {"drip.example.com", DC_TCP, DC_ANSWERED},   {"over.example.com", DC_TCP, DC_CLOSED},
        {"rst.example.com", DC_TCP, DC_CLOSED},      {"part.example.com", DC_TCP, DC_CLOSED},
        {"short.example.com", DC_TCP, DC_ANSWERED},  {"zero.example.com", DC_TCP, DC_CLOSED},
        {"second.example.com", DC_TCP, DC_ANSWERED}, {"many.example.com", DC_TCP, DC_ANSWERED},
        {"many.example.com", DC_UDP, DC_ANSWERED},   {"forged.example.com", DC_UDP, DC_ANSWERED},
        {"second.example.com", DC_UDP, DC_ANSWERED}};
    struct stage stage;
    struct stage_options options = {.real = true, .timeout_us = 20 * FDNS_US_PER_S};
    stage_open(&stage, world_of_behaviours, &options);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_INT(cases[i].outcome,
                  ask(&stage, "192.0.2.1", cases[i].name, cases[i].transport)->outcome);
    CHECK_INT(DC_REFUSED, ask(&stage, "192.0.2.4", "a.example.com", DC_UDP)->outcome);
    stage_close(&stage);
}

// Faults that leave the client waiting, and many of them at once: nobody else waits longer.
static void test_faults_without_end(void)
{
    static const struct {
        const char *name;
        enum dc_transport transport;
        enum dc_outcome outcome;
    } cases[] = {
        {"slow-drip.example.com", DC_TCP, DC_STALLED}, {"long.example.com", DC_TCP, DC_STALLED},
        {"server.example.com", DC_UDP, DC_SILENT},     {"port.example.com", DC_UDP, DC_SILENT},
        {"nobody.example.com", DC_UDP, DC_SILENT},     {"away.example.com", DC_UDP, DC_SILENT}};
    enum { N = sizeof cases / sizeof cases[0], TIMES = 20 };
    const struct dc_question *questions[N * TIMES];
    struct stage stage;
    struct stage_options options = {.real = true, .timeout_us = 500000, .per_server = N * TIMES};
    stage_open(&stage, world_of_behaviours, &options);
    for (unsigned i = 0; i < N * TIMES; i++) {
        struct dc_question *question = stage_question(&stage, "192.0.2.1", cases[i % N].name,
                                                      FDNS_TYPE_TXT, cases[i % N].transport);
        question->repetition = i;
        questions[i] = question;
    }
    stage_ask(&stage, questions, N * TIMES);
    for (unsigned i = 0; i < N * TIMES; i++)
        CHECK_INT(cases[i % N].outcome, dc_store_find(&stage.store, questions[i])->outcome);
    const struct dc_observation *seen = dc_store_find(&stage.store, questions[4]);
    char text[FDNS_ADDRESS_TEXT_MAX];
    if (seen->attempts[0].n_strays > 0)
        CHECK_TEXT("203.0.113.5:53", fdns_address_print(&seen->attempts[0].strays[0].source, text));
    stage_close(&stage);
}

static void test_silence(void)
{
    struct stage stage;
    struct stage_options options = {.real = true, .timeout_us = 30000, .retries = 1};
    stage_open(&stage, world_of_behaviours, &options);
    const struct dc_observation *seen = ask(&stage, "192.0.2.1", "drop.example.com", DC_UDP);
    CHECK_INT(DC_SILENT, seen->outcome);
    CHECK_INT(2, seen->n_attempts);
    CHECK_INT(DC_STALLED, ask(&stage, "192.0.2.1", "drop.example.com", DC_TCP)->outcome);
    stage_close(&stage);
}

// Two hours of the world pass at a scale: then TCP hangs.
static void test_scaled_time(void)
{
    struct stage stage;
    struct stage_options options = {.real = true, .scale = 72000, .timeout_us = FDNS_US_PER_H};
    stage_open(&stage, world_of_behaviours, &options);
    struct dc_question *first =
        stage_question(&stage, "192.0.2.1", "a.example.com", FDNS_TYPE_TXT, DC_UDP);
    struct dc_question *second =
        stage_question(&stage, "192.0.2.3", "b.example.com", FDNS_TYPE_TXT, DC_TCP);
    second->after = first;
    second->pause_us = 2 * FDNS_US_PER_H + FDNS_US_PER_S;
    const struct dc_question *questions[] = {first, second};
    stage_ask(&stage, questions, 2);
    CHECK_INT(DC_STALLED, dc_store_find(&stage.store, second)->outcome);
    stage_close(&stage);
}

static void test_many_at_once(void)
{
    enum { N = 500 };
    struct stage stage;
    struct stage_options options = {.real = true, .retries = 3};
    const struct dc_question *questions[N];
    stage_open(&stage, world_of_behaviours, &options);
    for (unsigned i = 0; i < N; i++) {
        struct dc_question *question =
            stage_question(&stage, i % 2 == 0 ? "192.0.2.1" : "192.0.2.2", "a.example.com",
                           FDNS_TYPE_TXT, i % 5 == 0 ? DC_TCP : DC_UDP);
        question->repetition = i;
        questions[i] = question;
    }
    stage_ask(&stage, questions, N);
    CHECK_INT(N, stage.store.n_items);
    for (unsigned i = 0; i < N; i++)
        CHECK_INT(DC_ANSWERED, dc_store_find(&stage.store, questions[i])->outcome);
    stage_close(&stage);
}

// A port that is bound and nobody answers from: UDP says so by ICMP only when it is closed.
static void test_closed_port(void)
{
    struct stage stage;
    struct stage_options options = {
        .real = true, .allow_real = true, .timeout_us = 5 * FDNS_US_PER_S};
    stage_open(&stage, world_of_behaviours, &options);
    struct dc_question *question =
        stage_question(&stage, "127.0.0.1:1", "a.example.com", FDNS_TYPE_TXT, DC_UDP);
    CHECK_INT(DC_REFUSED, stage_ask_one(&stage, question)->outcome);
    question = stage_question(&stage, "127.0.0.1:1", "a.example.com", FDNS_TYPE_TXT, DC_TCP);
    CHECK_INT(DC_REFUSED, stage_ask_one(&stage, question)->outcome);
    stage_close(&stage);
}

static void test_not_contacted(void)
{
    struct stage stage;
    struct stage_options options = {.real = true};
    stage_open(&stage, world_of_behaviours, &options);
    struct dc_question *question =
        stage_question(&stage, "127.0.0.1:1", "a.example.com", FDNS_TYPE_TXT, DC_UDP);
    CHECK_INT(DC_UNMAPPED, stage_ask_one(&stage, question)->outcome);
    stage_close(&stage);
}

// The port of the first server is taken: the message names it, and nothing is left open.
static void test_busy_port(void)
{
    struct stage stage;
    struct stage_options options = {.real = true};
    struct fdns_buf why;
    enum fdns_error error = FDNS_OK;
    char endpoint[FDNS_ADDRESS_TEXT_MAX];
    stage_open(&stage, world_of_behaviours, &options);
    fdns_buf_init(&why, 4096);
    const struct fdns_address *taken = &fdns_serve_map(stage.serve)->entries[0].endpoint;
    struct fdns_serve_options serving = {.world = stage.world,
                                         .state = stage.state,
                                         .clock = &stage.clock,
                                         .loop = &stage.loop,
                                         .pace = &stage.pace,
                                         .port = taken->port};
    CHECK(fdns_serve_start(&serving, &error, &why) == NULL);
    CHECK_INT(FDNS_IN_USE, error);
    CHECK_CONTAINS(fdns_address_print(taken, endpoint), fdns_buf_text(&why));
    fdns_buf_clear(&why);
    stage_close(&stage);
}

static void test_closed_early(void)
{
    struct stage stage;
    struct stage_options options = {.real = true};
    const struct dc_question *questions[2];
    stage_open(&stage, world_of_behaviours, &options);
    questions[0] = stage_question(&stage, "192.0.2.1", "slow.example.com", FDNS_TYPE_TXT, DC_UDP);
    questions[1] = stage_question(&stage, "192.0.2.1", "slow.example.com", FDNS_TYPE_TXT, DC_TCP);
    dc_client_ask(stage.client, &stage.store, questions, 2, NULL, NULL);
    for (unsigned i = 0; i < 4; i++)
        uv_run(&stage.loop, UV_RUN_NOWAIT);
    stage_close(&stage);
}

static void on_time(struct fdns_timer *timer)
{
    *(bool *)timer->owner = true;
}

// Nothing but a timer in the clock: the loop waits for it, and needs no other handle to do so.
static void test_pace_alone(void)
{
    uv_loop_t loop;
    struct fdns_clock clock;
    struct fdns_pace pace;
    bool fired = false;
    uv_loop_init(&loop);
    fdns_clock_init(&clock, 1000);
    fdns_pace_start(&pace, &loop, &clock, 10);
    struct fdns_timer timer = {.fire = on_time, .owner = &fired};
    fdns_timer_start(&clock, &timer, 51000, 0);
    for (unsigned i = 0; i < 1000 && !fired; i++)
        uv_run(&loop, UV_RUN_ONCE);
    CHECK(fired);
    CHECK(clock.now_us >= 51000);
    fdns_pace_stop(&pace, NULL, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    CHECK_INT(0, uv_loop_close(&loop));
    fdns_clock_clear(&clock);
}

static const struct test tests[] = {
    {"a pace alone drives a clock", test_pace_alone},
    {"UDP, TCP, refused, cut, strays", test_answers},
    {"faults that end by themselves", test_faults},
    {"faults that do not", test_faults_without_end},
    {"silence ends at the deadline", test_silence},
    {"the world's time runs at a scale", test_scaled_time},
    {"five hundred questions at once", test_many_at_once},
    {"a closed port is refused, over UDP too", test_closed_port},
    {"addresses outside the map are not contacted unless allowed", test_not_contacted},
    {"a busy port is named", test_busy_port},
    {"closed while questions are outstanding", test_closed_early},
};
SUITE(real, tests)
