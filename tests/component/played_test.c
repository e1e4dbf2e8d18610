// The client and the servers over real sockets in played time.

#include "component/stage.h"
#include "component/worlds.h"
#include "fakedns/base/duration.h"
#include "unit/harness.h"

#include <string.h>
#include <time.h>

static const struct stage_options plain = {.retries = 2};

static unsigned rcode_of(const struct dc_observation *seen)
{
    return seen->message != NULL && seen->message_len >= 12 ? seen->message[3] & 15U : 99;
}

static unsigned answers_of(const struct dc_observation *seen)
{
    return seen->message != NULL && seen->message_len >= 12 ? seen->message[7] : 99;
}

static const struct dc_observation *ask(struct stage *stage, const char *server, const char *name,
                                        uint16_t type, enum dc_transport transport)
{
    const struct dc_observation *seen =
        stage_ask_one(stage, stage_question(stage, server, name, type, transport));
    CHECK(seen != NULL);
    return seen;
}

static void test_udp(void)
{
    struct stage stage;
    stage_open(&stage, world_of_behaviours, &plain);
    const struct dc_observation *seen =
        ask(&stage, "192.0.2.1", "a.example.com", FDNS_TYPE_TXT, DC_UDP);
    CHECK_INT(DC_ANSWERED, seen->outcome);
    CHECK_INT(1, seen->n_attempts);
    CHECK_INT(1, answers_of(seen));
    CHECK_INT(0, stage.clock.now_us);
    seen = ask(&stage, "2001:db8::1", "a.example.com", FDNS_TYPE_TXT, DC_UDP);
    CHECK_INT(DC_ANSWERED, seen->outcome);
    seen = ask(&stage, "192.0.2.1", "fail.example.com", FDNS_TYPE_TXT, DC_UDP);
    CHECK_INT(FDNS_SERVFAIL, rcode_of(seen));
    stage_close(&stage);
}

static void test_not_mapped(void)
{
    struct stage stage;
    struct stage_options options = {.allow_real = true};
    stage_open(&stage, world_of_behaviours, &options);
    const struct dc_observation *seen =
        ask(&stage, "203.0.113.9", "a.example.com", FDNS_TYPE_TXT, DC_UDP);
    CHECK_INT(DC_UNMAPPED, seen->outcome);
    CHECK_INT(1, seen->n_attempts);
    stage_close(&stage);
}

static void test_drop_costs_no_time(void)
{
    struct stage stage;
    struct timespec before, after;
    stage_open(&stage, world_of_behaviours, &plain);
    clock_gettime(CLOCK_MONOTONIC, &before);
    const struct dc_observation *seen =
        ask(&stage, "192.0.2.1", "drop.example.com", FDNS_TYPE_TXT, DC_UDP);
    clock_gettime(CLOCK_MONOTONIC, &after);
    CHECK_INT(DC_SILENT, seen->outcome);
    CHECK_INT(3, seen->n_attempts);
    CHECK_INT(6 * FDNS_US_PER_S, stage.clock.now_us);
    CHECK_INT(4 * FDNS_US_PER_S, seen->attempts[2].asked_us);
    CHECK_INT(6 * FDNS_US_PER_S, seen->attempts[2].ended_us);
    CHECK_INT(DC_SILENT, seen->attempts[0].outcome);
    // Six seconds of the world: were they waited for, it would be seen here on any machine.
    CHECK(after.tv_sec - before.tv_sec < 5);
    stage_close(&stage);
}

static void test_retry_is_answered(void)
{
    struct stage stage;
    stage_open(&stage, world_of_behaviours, &plain);
    const struct dc_observation *seen =
        ask(&stage, "192.0.2.1", "once.example.com", FDNS_TYPE_TXT, DC_UDP);
    CHECK_INT(DC_ANSWERED, seen->outcome);
    CHECK_INT(2, seen->n_attempts);
    CHECK_INT(seen->attempts[0].id, seen->attempts[1].id);
    // The answer to the first try comes while the second one waits: it is the answer.
    seen = ask(&stage, "192.0.2.1", "late.example.com", FDNS_TYPE_TXT, DC_UDP);
    CHECK_INT(DC_ANSWERED, seen->outcome);
    CHECK_INT(2, seen->n_attempts);
    CHECK_INT(3 * FDNS_US_PER_S, seen->attempts[1].ended_us - seen->attempts[0].asked_us);
    stage_close(&stage);
}

static void test_strays(void)
{
    struct stage stage;
    struct stage_options options = {.retries = 0};
    stage_open(&stage, world_of_behaviours, &options);
    const struct dc_observation *seen =
        ask(&stage, "192.0.2.1", "wrongid.example.com", FDNS_TYPE_TXT, DC_UDP);
    CHECK_INT(DC_ANSWERED, seen->outcome);
    CHECK_INT(1, seen->attempts[0].n_strays);
    CHECK_INT(DC_STRAY_ID, seen->attempts[0].strays[0].reason);
    char text[FDNS_ADDRESS_TEXT_MAX];
    CHECK_TEXT("192.0.2.1:53", fdns_address_print(&seen->attempts[0].strays[0].source, text));
    seen = ask(&stage, "192.0.2.1", "LOWER.example.com", FDNS_TYPE_TXT, DC_UDP);
    CHECK_INT(DC_SILENT, seen->outcome);
    CHECK_INT(DC_STRAY_QUESTION, seen->attempts[0].strays[0].reason);
    seen = ask(&stage, "192.0.2.1", "twice.example.com", FDNS_TYPE_TXT, DC_UDP);
    CHECK_INT(DC_ANSWERED, seen->outcome);
    CHECK_INT(0, seen->attempts[0].n_strays);
    stage_close(&stage);
}

static void test_tc_then_tcp(void)
{
    struct stage stage;
    stage_open(&stage, world_of_behaviours, &plain);
    const struct dc_observation *seen =
        ask(&stage, "192.0.2.1", "cut.example.com", FDNS_TYPE_TXT, DC_UDP);
    CHECK_INT(DC_ANSWERED, seen->outcome);
    CHECK((seen->message[2] & 2) != 0);
    CHECK_INT(0, answers_of(seen));
    seen = ask(&stage, "192.0.2.1", "cut.example.com", FDNS_TYPE_TXT, DC_TCP);
    CHECK_INT(DC_ANSWERED, seen->outcome);
    CHECK_INT(1, answers_of(seen));
    CHECK_INT(seen->message_len + 2, seen->attempts[0].len);
    stage_close(&stage);
}

static void test_tcp_faults_by_time(void)
{
    struct stage stage;
    stage_open(&stage, world_of_behaviours, &plain);
    const struct dc_observation *seen =
        ask(&stage, "192.0.2.3", "a.example.com", FDNS_TYPE_TXT, DC_TCP);
    CHECK_INT(DC_REFUSED, seen->outcome);
    stage_go_to(&stage, FDNS_US_PER_H);
    seen = ask(&stage, "192.0.2.3", "b.example.com", FDNS_TYPE_TXT, DC_TCP);
    CHECK_INT(DC_ANSWERED, seen->outcome);
    stage_go_to(&stage, 2 * FDNS_US_PER_H);
    seen = ask(&stage, "192.0.2.3", "c.example.com", FDNS_TYPE_TXT, DC_TCP);
    CHECK_INT(DC_STALLED, seen->outcome);
    CHECK_INT(2 * FDNS_US_PER_S, seen->attempts[0].ended_us - seen->attempts[0].asked_us);
    // UDP is not concerned.
    seen = ask(&stage, "192.0.2.3", "c.example.com", FDNS_TYPE_TXT, DC_UDP);
    CHECK_INT(DC_ANSWERED, seen->outcome);
    stage_close(&stage);
}

static void test_tcp_endings(void)
{
    struct stage stage;
    stage_open(&stage, world_of_behaviours, &plain);
    const struct dc_observation *seen =
        ask(&stage, "192.0.2.1", "half.example.com", FDNS_TYPE_TXT, DC_TCP);
    CHECK_INT(DC_CLOSED, seen->outcome);
    CHECK(seen->attempts[0].len > 2);
    CHECK(seen->message == NULL);
    seen = ask(&stage, "192.0.2.1", "close.example.com", FDNS_TYPE_TXT, DC_TCP);
    CHECK_INT(DC_ANSWERED, seen->outcome);
    seen = ask(&stage, "192.0.2.1", "reset.example.com", FDNS_TYPE_TXT, DC_TCP);
    CHECK_INT(DC_ANSWERED, seen->outcome);
    seen = ask(&stage, "192.0.2.1", "drop.example.com", FDNS_TYPE_TXT, DC_TCP);
    CHECK_INT(DC_STALLED, seen->outcome);
    stage_close(&stage);
}

// What rules do to TCP: each is an outcome of the observation, and the octets that came are kept. A
// message that is framed too short is an answer, to be judged as it is.
static void test_tcp_faults(void)
{
    static const struct {
        const char *name;
        enum dc_outcome outcome;
        bool octets;
    } cases[] = {
        {"drip.example.com", DC_ANSWERED, true},  {"slow-drip.example.com", DC_STALLED, true},
        {"over.example.com", DC_CLOSED, false},   {"rst.example.com", DC_CLOSED, false},
        {"part.example.com", DC_CLOSED, true},    {"long.example.com", DC_STALLED, true},
        {"short.example.com", DC_ANSWERED, true}, {"zero.example.com", DC_CLOSED, true}};
    struct stage stage;
    stage_open(&stage, world_of_behaviours, &plain);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct dc_observation *seen =
            ask(&stage, "192.0.2.1", cases[i].name, FDNS_TYPE_TXT, DC_TCP);
        CHECK_INT(cases[i].outcome, seen->outcome);
        CHECK((seen->attempts[0].len > 2) == cases[i].octets);
        CHECK((seen->message != NULL) == (cases[i].outcome == DC_ANSWERED));
    }
    stage_close(&stage);
}

// One octet a millisecond: what it takes is known, and what is asked behind it waits.
static void test_drip(void)
{
    struct stage stage;
    stage_open(&stage, world_of_behaviours, &plain);
    const struct dc_observation *seen =
        ask(&stage, "192.0.2.1", "drip.example.com", FDNS_TYPE_TXT, DC_TCP);
    int64_t took_us = seen->attempts[0].ended_us - seen->attempts[0].asked_us;
    CHECK_INT((int64_t)(seen->attempts[0].len - 1) * 1000, took_us);
    struct dc_question *question =
        stage_question(&stage, "192.0.2.1", "a.example.com", FDNS_TYPE_TXT, DC_TCP);
    struct dc_step steps[] = {stage_send(&stage, "drip.example.com", FDNS_TYPE_TXT, 1),
                              stage_send(&stage, "a.example.com", FDNS_TYPE_TXT, 2),
                              {.kind = DC_STEP_AWAIT, .n_messages = 2}};
    stage_steps(&stage, question, steps, 3);
    seen = stage_ask_one(&stage, question);
    CHECK_INT(DC_ANSWERED, seen->outcome);
    CHECK_INT(1, seen->message[1]);
    CHECK_INT(2, seen->attempts[0].octets[seen->message_len + 5]);
    stage_close(&stage);
}

static void test_socket_faults_by_time(void)
{
    struct stage stage;
    struct stage_options once = {.retries = 0};
    stage_open(&stage, world_of_behaviours, &once);
    const struct dc_observation *seen =
        ask(&stage, "192.0.2.4", "a.example.com", FDNS_TYPE_TXT, DC_TCP);
    CHECK_INT(DC_CLOSED, seen->outcome);
    seen = ask(&stage, "192.0.2.4", "a.example.com", FDNS_TYPE_TXT, DC_UDP);
    CHECK_INT(DC_SILENT, seen->outcome);
    stage_go_to(&stage, FDNS_US_PER_H);
    seen = ask(&stage, "192.0.2.4", "b.example.com", FDNS_TYPE_TXT, DC_TCP);
    CHECK_INT(DC_CLOSED, seen->outcome);
    // The port is open again, and the same.
    seen = ask(&stage, "192.0.2.4", "b.example.com", FDNS_TYPE_TXT, DC_UDP);
    CHECK_INT(DC_ANSWERED, seen->outcome);
    stage_go_to(&stage, 2 * FDNS_US_PER_H);
    seen = ask(&stage, "192.0.2.4", "c.example.com", FDNS_TYPE_TXT, DC_TCP);
    CHECK_INT(DC_ANSWERED, seen->outcome);
    stage_close(&stage);
}

// Two connections at a time, each for a second without traffic.
static void test_connection_limits(void)
{
    enum { N = 3 };
    struct stage stage;
    const struct dc_question *questions[N];
    struct dc_step idle = {.kind = DC_STEP_AWAIT, .n_messages = 1};
    stage_open(&stage, world_of_behaviours, &plain);
    stage_go_to(&stage, 2 * FDNS_US_PER_H);
    for (unsigned i = 0; i < N; i++) {
        struct dc_question *question =
            stage_question(&stage, "192.0.2.4", "a.example.com", FDNS_TYPE_TXT, DC_TCP);
        question->repetition = i;
        stage_steps(&stage, question, &idle, 1);
        questions[i] = question;
    }
    stage_ask(&stage, questions, N);
    int64_t sum_us = 0;
    for (unsigned i = 0; i < N; i++) {
        const struct dc_observation *seen = dc_store_find(&stage.store, questions[i]);
        CHECK_INT(DC_CLOSED, seen->outcome);
        sum_us += seen->attempts[0].ended_us - seen->attempts[0].asked_us;
    }
    CHECK_INT(2 * FDNS_US_PER_S, sum_us);
    stage_close(&stage);
}

// What is no answer is kept (four of it), with the address that the world gives to where it came
// from.
static void test_datagrams(void)
{
    static const struct {
        const char *name;
        const char *source; // of the first stray, or NULL
        enum dc_stray_reason reason;
        enum dc_outcome outcome;
        size_t n_strays;
        unsigned rcode;
    } cases[] = {
        {"server.example.com", "192.0.2.2:53", DC_STRAY_SOURCE, DC_SILENT, 1, 99},
        {"port.example.com", "192.0.2.1:5353", DC_STRAY_SOURCE, DC_SILENT, 1, 99},
        {"nobody.example.com", "203.0.113.5:53", DC_STRAY_SOURCE, DC_SILENT, 1, 99},
        {"away.example.com", NULL, DC_STRAY_SOURCE, DC_SILENT, 0, 99},
        {"many.example.com", NULL, DC_STRAY_SOURCE, DC_ANSWERED, 0, FDNS_NOERROR},
        {"forged.example.com", "192.0.2.1:53", DC_STRAY_ID, DC_ANSWERED, 4, FDNS_NOERROR},
        {"second.example.com", NULL, DC_STRAY_ID, DC_ANSWERED, 0, FDNS_SERVFAIL},
    };
    struct stage stage;
    struct stage_options once = {.retries = 0};
    char text[FDNS_ADDRESS_TEXT_MAX];
    stage_open(&stage, world_of_behaviours, &once);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct dc_observation *seen =
            ask(&stage, "192.0.2.1", cases[i].name, FDNS_TYPE_TXT, DC_UDP);
        const struct dc_attempt *attempt = &seen->attempts[0];
        CHECK_INT(cases[i].outcome, seen->outcome);
        CHECK_INT(cases[i].rcode, rcode_of(seen));
        CHECK_INT(cases[i].n_strays, attempt->n_strays);
        if (cases[i].source != NULL && attempt->n_strays > 0) {
            CHECK_INT(cases[i].reason, attempt->strays[0].reason);
            CHECK_TEXT(cases[i].source, fdns_address_print(&attempt->strays[0].source, text));
        }
    }
    stage_close(&stage);
}

// Two queries in one segment, a third in two pieces; then half-closed, and still answered.
static void test_pipelined(void)
{
    struct stage stage;
    stage_open(&stage, world_of_behaviours, &plain);
    struct dc_question *question =
        stage_question(&stage, "192.0.2.1", "a.example.com", FDNS_TYPE_TXT, DC_TCP);
    struct dc_step first = stage_send(&stage, "slow.example.com", FDNS_TYPE_TXT, 1);
    struct dc_step second = stage_send(&stage, "b.example.com", FDNS_TYPE_TXT, 2);
    struct dc_step third = stage_send(&stage, "c.example.com", FDNS_TYPE_TXT, 3);
    struct dc_step rest = third;
    third.len = 1;
    rest.octets++;
    rest.len--;
    struct dc_step steps[] = {first,
                              second,
                              third,
                              {.kind = DC_STEP_WAIT, .wait_us = 100000},
                              rest,
                              {.kind = DC_STEP_HALF_CLOSE},
                              {.kind = DC_STEP_AWAIT, .n_messages = 3}};
    stage_steps(&stage, question, steps, 7);
    const struct dc_observation *seen = stage_ask_one(&stage, question);
    CHECK_INT(DC_ANSWERED, seen->outcome);
    // The slow one comes last.
    CHECK_INT(2, seen->message[1]);
    CHECK_INT(FDNS_US_PER_S, stage.clock.now_us);
    stage_close(&stage);
}

static void test_conversation_endings(void)
{
    struct stage stage;
    stage_open(&stage, world_of_behaviours, &plain);
    struct dc_question *question =
        stage_question(&stage, "192.0.2.1", "a.example.com", FDNS_TYPE_TXT, DC_TCP);
    struct dc_step steps[] = {stage_send(&stage, "reset.example.com", FDNS_TYPE_TXT, 1),
                              {.kind = DC_STEP_AWAIT, .n_messages = 2}};
    stage_steps(&stage, question, steps, 2);
    const struct dc_observation *seen = stage_ask_one(&stage, question);
    CHECK_INT(DC_CLOSED, seen->outcome);
    CHECK(seen->attempts[0].len > 12);
    question = stage_question(&stage, "192.0.2.1", "a.example.com", FDNS_TYPE_TXT, DC_TCP);
    struct dc_step idle[] = {{.kind = DC_STEP_AWAIT, .n_messages = 1}};
    stage_steps(&stage, question, idle, 1);
    seen = stage_ask_one(&stage, question);
    CHECK_INT(DC_STALLED, seen->outcome);
    stage_close(&stage);
}

// The server reads no more: what is sent then lies there, parked, and nothing waits for it.
static void test_stalled(void)
{
    struct stage stage;
    static const uint8_t octets[32768];
    stage_open(&stage, world_of_behaviours, &plain);
    struct dc_question *question =
        stage_question(&stage, "192.0.2.1", "a.example.com", FDNS_TYPE_TXT, DC_TCP);
    struct dc_step steps[] = {stage_send(&stage, "stall.example.com", FDNS_TYPE_TXT, 1),
                              {.kind = DC_STEP_AWAIT, .n_messages = 1},
                              {.kind = DC_STEP_SEND, .octets = octets, .len = sizeof octets},
                              {.kind = DC_STEP_AWAIT, .n_messages = 1}};
    stage_steps(&stage, question, steps, 4);
    const struct dc_observation *seen = stage_ask_one(&stage, question);
    CHECK_INT(DC_STALLED, seen->outcome);
    stage_close(&stage);
}

// 1000 queries of a client that reads nothing meanwhile: more than 64 KiB of replies.
static void test_many_on_one_connection(void)
{
    enum { N = 1000 };
    struct stage stage;
    struct dc_step steps[N + 1];
    stage_open(&stage, world_of_behaviours, &plain);
    struct dc_question *question =
        stage_question(&stage, "192.0.2.1", "a.example.com", FDNS_TYPE_TXT, DC_TCP);
    for (size_t i = 0; i < N; i++)
        steps[i] = stage_send(&stage, "big.example.com", FDNS_TYPE_TXT, (uint16_t)i);
    steps[N] = (struct dc_step){.kind = DC_STEP_AWAIT, .n_messages = N};
    stage_steps(&stage, question, steps, N + 1);
    const struct dc_observation *seen = stage_ask_one(&stage, question);
    CHECK_INT(DC_ANSWERED, seen->outcome);
    CHECK_INT(N * (seen->message_len + 2), seen->attempts[0].len);
    stage_close(&stage);
}

static void test_after_and_pause(void)
{
    struct stage stage;
    stage_open(&stage, world_of_behaviours, &plain);
    struct dc_question *first =
        stage_question(&stage, "192.0.2.1", "slow.example.com", FDNS_TYPE_TXT, DC_UDP);
    struct dc_question *second =
        stage_question(&stage, "192.0.2.1", "a.example.com", FDNS_TYPE_TXT, DC_UDP);
    second->after = first;
    second->pause_us = 5 * FDNS_US_PER_S;
    // Two that wait for each other must not wait for ever.
    struct dc_question *egg =
        stage_question(&stage, "192.0.2.1", "egg.example.com", FDNS_TYPE_TXT, DC_UDP);
    struct dc_question *hen =
        stage_question(&stage, "192.0.2.1", "hen.example.com", FDNS_TYPE_TXT, DC_UDP);
    egg->after = hen;
    hen->after = egg;
    const struct dc_question *questions[] = {second, first, egg, hen, first};
    stage_ask(&stage, questions, 5);
    CHECK_INT(4, stage.store.n_items);
    const struct dc_observation *seen = dc_store_find(&stage.store, second);
    CHECK_INT(6 * FDNS_US_PER_S, seen->attempts[0].asked_us);
    // Asked again, nothing is sent: the store knows.
    uint64_t queries = fdns_serve_counts(stage.serve).queries;
    stage_ask(&stage, questions, 5);
    CHECK_INT(queries, fdns_serve_counts(stage.serve).queries);
    stage_close(&stage);
}

static void test_rate_and_bounds(void)
{
    enum { N = 40 };
    struct stage stage;
    struct stage_options options = {.qps = 20, .per_server = 4};
    const struct dc_question *questions[N];
    stage_open(&stage, world_of_behaviours, &options);
    for (unsigned i = 0; i < N; i++) {
        struct dc_question *question =
            stage_question(&stage, "192.0.2.1", "a.example.com", FDNS_TYPE_TXT, DC_UDP);
        question->repetition = i;
        questions[i] = question;
    }
    stage_ask(&stage, questions, N);
    CHECK_INT(N, stage.store.n_items);
    CHECK_INT((N - 1) * FDNS_US_PER_S / 20, stage.clock.now_us);
    stage_close(&stage);
}

static void test_many_silent(void)
{
    enum { N = 100 };
    struct stage stage;
    struct stage_options options = {.retries = 1, .per_server = 30};
    const struct dc_question *questions[N];
    stage_open(&stage, world_of_behaviours, &options);
    for (unsigned i = 0; i < N; i++) {
        struct dc_question *question =
            stage_question(&stage, "192.0.2.1", "drop.example.com", FDNS_TYPE_TXT, DC_UDP);
        question->repetition = i;
        questions[i] = question;
    }
    stage_ask(&stage, questions, N);
    CHECK_INT(N, stage.store.n_items);
    CHECK_INT(4 * 4 * FDNS_US_PER_S, stage.clock.now_us);
    stage_close(&stage);
}

static void test_72_hours(void)
{
    struct stage stage;
    stage_open(&stage, world_of_behaviours, &plain);
    stage_go_to(&stage, 72 * FDNS_US_PER_H - 1);
    struct dc_question *question =
        stage_question(&stage, "192.0.2.1", "new.example.com", FDNS_TYPE_A, DC_UDP);
    const struct dc_observation *seen = stage_ask_one(&stage, question);
    CHECK_INT(0, answers_of(seen));
    stage_go_to(&stage, 72 * FDNS_US_PER_H);
    question = stage_question(&stage, "192.0.2.1", "new.example.com", FDNS_TYPE_A, DC_UDP);
    question->visit = 1;
    seen = stage_ask_one(&stage, question);
    CHECK_INT(1, answers_of(seen));
    CHECK_INT(72 * FDNS_US_PER_H, seen->attempts[0].asked_us);
    stage_close(&stage);
}

static void test_resolver(void)
{
    struct stage stage;
    struct stage_options options = {.resolver = true};
    stage_open(&stage, world_of_behaviours, &options);
    const struct fdns_map *map = fdns_serve_map(stage.serve);
    CHECK(map->has_resolver);
    struct dc_question *question =
        stage_question(&stage, "192.0.2.1", "a.example.com", FDNS_TYPE_TXT, DC_UDP);
    question->server = map->resolver;
    const struct dc_observation *seen = stage_ask_one(&stage, question);
    CHECK_INT(DC_ANSWERED, seen->outcome);
    CHECK_INT(FDNS_REFUSED, rcode_of(seen));
    stage_close(&stage);
}

// Frames of nothing, of noise and of a length that never comes: answered or not, the server stays
// up.
static void test_noise_over_tcp(void)
{
    struct stage stage;
    static uint8_t noise[200000];
    static const uint8_t nothing[] = {0, 0, 0, 0, 0, 1, 7, 0xff, 0xff};
    uint32_t state = 1;
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (uint8_t)((state = state * 1664525U + 1013904223U) >> 24);
    stage_open(&stage, world_of_behaviours, &plain);
    struct dc_question *question =
        stage_question(&stage, "192.0.2.1", "a.example.com", FDNS_TYPE_TXT, DC_TCP);
    struct dc_step steps[] = {{.kind = DC_STEP_SEND, .octets = nothing, .len = sizeof nothing},
                              {.kind = DC_STEP_WAIT, .wait_us = 1000},
                              {.kind = DC_STEP_SEND, .octets = noise, .len = sizeof noise},
                              {.kind = DC_STEP_HALF_CLOSE},
                              {.kind = DC_STEP_AWAIT, .n_messages = 1000}};
    stage_steps(&stage, question, steps, 5);
    CHECK_INT(DC_CLOSED, stage_ask_one(&stage, question)->outcome);
    CHECK_INT(DC_ANSWERED,
              ask(&stage, "192.0.2.1", "a.example.com", FDNS_TYPE_TXT, DC_TCP)->outcome);
    stage_close(&stage);
}

// More connections than a server takes: those past the bound are closed, the others are not.
static void test_too_many_connections(void)
{
    enum { N = 300, TAKEN = 256 };
    struct stage stage;
    struct stage_options options = {.per_server = N, .in_total = N};
    const struct dc_question *questions[N];
    struct dc_step idle = {.kind = DC_STEP_AWAIT, .n_messages = 1};
    unsigned counts[8] = {0};
    stage_open(&stage, world_of_behaviours, &options);
    for (unsigned i = 0; i < N; i++) {
        struct dc_question *question =
            stage_question(&stage, "192.0.2.1", "a.example.com", FDNS_TYPE_TXT, DC_TCP);
        question->repetition = i;
        stage_steps(&stage, question, &idle, 1);
        questions[i] = question;
    }
    stage_ask(&stage, questions, N);
    for (unsigned i = 0; i < N; i++)
        counts[dc_store_find(&stage.store, questions[i])->outcome]++;
    CHECK_INT(TAKEN, counts[DC_STALLED]);
    CHECK_INT(N - TAKEN, counts[DC_CLOSED]);
    stage_close(&stage);
}

// A stage that is closed while questions are outstanding leaves nothing behind.
static void test_closed_early(void)
{
    struct stage stage;
    bool finished = false;
    const struct dc_question *questions[3];
    stage_open(&stage, world_of_behaviours, &plain);
    questions[0] = stage_question(&stage, "192.0.2.1", "slow.example.com", FDNS_TYPE_TXT, DC_UDP);
    questions[1] = stage_question(&stage, "192.0.2.1", "slow.example.com", FDNS_TYPE_TXT, DC_TCP);
    questions[2] = stage_question(&stage, "192.0.2.2", "a.example.com", FDNS_TYPE_TXT, DC_UDP);
    dc_client_ask(stage.client, &stage.store, questions, 3, NULL, NULL);
    for (unsigned i = 0; i < 5; i++) {
        CHECK(fdns_flight_drain(&stage.flight, NULL));
        fdns_clock_step(&stage.clock);
    }
    CHECK(!finished);
    stage.broken = true;
    stage_close(&stage);
}

static const struct test tests[] = {
    {"UDP over IPv4 and IPv6", test_udp},
    {"an address that no map names is not contacted", test_not_mapped},
    {"silence costs no real time", test_drop_costs_no_time},
    {"a retry is answered, and so is a late first try", test_retry_is_answered},
    {"what is not the answer is kept as a stray", test_strays},
    {"TC, then TCP", test_tc_then_tcp},
    {"TCP is refused, served and hangs, by time", test_tcp_faults_by_time},
    {"TCP ends in the middle, after the answer, with RST, never", test_tcp_endings},
    {"what rules do to TCP", test_tcp_faults},
    {"an answer drips, and what is behind it waits", test_drip},
    {"datagrams from elsewhere, to elsewhere, too many, forged", test_datagrams},
    {"ports are closed and connections end, by time", test_socket_faults_by_time},
    {"connections have limits", test_connection_limits},
    {"several queries on a connection, answered out of order", test_pipelined},
    {"conversations that end early", test_conversation_endings},
    {"a server that stops reading", test_stalled},
    {"more replies than buffers hold", test_many_on_one_connection},
    {"questions wait for others and pause", test_after_and_pause},
    {"the rate for a server is kept", test_rate_and_bounds},
    {"a hundred silent questions", test_many_silent},
    {"72 hours", test_72_hours},
    {"the recursive front end has an endpoint", test_resolver},
    {"noise over TCP", test_noise_over_tcp},
    {"more connections than a server takes", test_too_many_connections},
    {"closed while questions are outstanding", test_closed_early},
};
SUITE(played, tests)
