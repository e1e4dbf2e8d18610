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

static const struct test tests[] = {
    {"connections are refused or hang", test_faults},
    {"connections to a server that is down hang", test_down},
};
SUITE(tcp, tests)
