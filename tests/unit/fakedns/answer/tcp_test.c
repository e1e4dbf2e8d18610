// What TCP connections meet.
#include "unit/fakedns/asking.h"

static enum fdns_tcp_fault connect_to(struct stage *stage, const char *server, size_t address,
                                      int64_t now_us)
{
    return fdns_answer_tcp(stage->world, fdns_world_find_server(stage->world, server), address,
                           now_us);
}

static void test_faults(void)
{
    struct stage stage;
    stage_init(&stage, "base: lib/easy-dkim.yaml\nrules:\n"
                       "  - { when: { server: ns1.example.com, until: 1h }, "
                       "then: { tcp: refuse } }\n"
                       "  - { when: { address: 192.0.2.2 }, then: { tcp: hang } }\n");
    CHECK_TEXT("", stage_messages(&stage));
    CHECK(stage.world->any_tcp_refused);
    CHECK_INT(FDNS_TCP_REFUSED, connect_to(&stage, "ns1.example.com", 0, 0));
    CHECK_INT(FDNS_TCP_SERVED, connect_to(&stage, "ns1.example.com", 0, FDNS_US_PER_H));
    CHECK_INT(FDNS_TCP_HANGS, connect_to(&stage, "ns2.example.com", 0, 0));
    CHECK_INT(FDNS_TCP_SERVED, connect_to(&stage, "ns2.example.com", 1, 0));
    CHECK_INT(FDNS_TCP_SERVED, connect_to(&stage, "a.nic.com", 0, 0));
    // Queries are not touched.
    CHECK_CONTAINS("NOERROR aa", ASK(&stage, .name = "www.example.com", .type = "A"));
    stage_clear(&stage);
}

static void test_terms(void)
{
    struct stage stage;
    stage_init(&stage, "base: lib/easy-dkim.yaml\nrules:\n"
                       "  - { when: { server: ns1.example.com }, then: { tcp: { limit: 2 } } }\n"
                       "  - { then: { tcp: { idle: 3s } } }\n"
                       "  - { when: { from: 1h }, then: { tcp: reset } }\n"
                       "  - { when: { until: 1h, address: 192.0.2.2 }, then: { udp: refuse } }\n");
    CHECK_TEXT("", stage_messages(&stage));
    CHECK(!stage.world->any_tcp_refused && stage.world->any_udp_refused);
    const struct fdns_server *server = fdns_world_find_server(stage.world, "ns1.example.com");
    struct fdns_tcp_terms terms = fdns_answer_tcp_terms(stage.world, server, 0, 0);
    CHECK_INT(FDNS_TCP_SERVED, terms.fault);
    CHECK_INT(2, terms.limit);
    CHECK_INT(3 * FDNS_US_PER_S, terms.idle_us);
    CHECK_INT(FDNS_TCP_RESETS, connect_to(&stage, "a.nic.com", 0, FDNS_US_PER_H));
    CHECK(!fdns_answer_udp_refused(stage.world, server, 0, 0));
    server = fdns_world_find_server(stage.world, "ns2.example.com");
    CHECK(fdns_answer_udp_refused(stage.world, server, 0, 0));
    CHECK(!fdns_answer_udp_refused(stage.world, server, 0, FDNS_US_PER_H));
    CHECK_INT(0, fdns_answer_tcp_terms(stage.world, server, 0, 0).limit);
    stage_clear(&stage);
}

static void test_down(void)
{
    struct stage stage;
    stage_init(&stage, "base: lib/easy-dkim.yaml\n"
                       "events: [{at: 1h, server: ns1.example.com, down: yes}]\n");
    CHECK(!stage.world->any_tcp_refused);
    CHECK_INT(FDNS_TCP_SERVED, connect_to(&stage, "ns1.example.com", 0, 0));
    CHECK_INT(FDNS_TCP_HANGS, connect_to(&stage, "ns1.example.com", 0, FDNS_US_PER_H));
    stage_clear(&stage);
}

// How many steps the plan for octets has; *kind is the first one's.
static size_t send(struct stage *stage, enum fdns_transport transport, const char *octets,
                   size_t len, enum fdns_step_kind *kind)
{
    struct fdns_request request = {.server = fdns_world_find_server(stage->world, "a.nic.com"),
                                   .transport = transport,
                                   .octets = (const uint8_t *)octets,
                                   .len = len};
    struct fdns_plan plan;
    fdns_answer(stage->world, stage->state, &request, &stage->arena, &plan);
    *kind = plan.steps[0].kind;
    return plan.n_steps;
}

static void test_no_query(void)
{
    static const char response[12] = {0, 1, (char)0x80};
    static const char query[12] = {0};
    struct stage stage;
    stage_init(&stage, "base: lib/easy-dkim.yaml\n");
    enum fdns_step_kind kind = FDNS_STEP_RAW;
    CHECK_INT(1, send(&stage, FDNS_TCP, "", 0, &kind));
    CHECK_INT(FDNS_STEP_CLOSE, kind);
    CHECK_INT(1, send(&stage, FDNS_TCP, query, 11, &kind));
    CHECK_INT(FDNS_STEP_CLOSE, kind);
    CHECK_INT(1, send(&stage, FDNS_TCP, response, sizeof response, &kind));
    CHECK_INT(FDNS_STEP_CLOSE, kind);
    CHECK_INT(1, send(&stage, FDNS_TCP, query, sizeof query, &kind));
    CHECK_INT(FDNS_STEP_SEND, kind);
    CHECK_INT(0, send(&stage, FDNS_UDP, query, 11, &kind));
    CHECK_INT(0, send(&stage, FDNS_UDP, response, sizeof response, &kind));
    stage_clear(&stage);
}

static const struct test tests[] = {
    {"connections are refused or hang", test_faults},
    {"connections have limits, and ports are closed", test_terms},
    {"connections to a server that is down hang", test_down},
    {"what is no query ends a connection", test_no_query},
};
SUITE(tcp, tests)
