#include "unit/fakedns/worlds.h"

#define BASE "base: lib/easy-dkim.yaml\n"

static bool holds(struct stage *stage, const char *server, const char *at, const char *name)
{
    int64_t now_us = 0;
    uint8_t wire[FDNS_NAME_MAX];
    CHECK_INT(FDNS_OK, fdns_duration_parse(at, &now_us));
    CHECK_INT(FDNS_OK, fdns_name_parse(name, NULL, wire));
    struct fdns_zone_set set =
        fdns_server_zones(fdns_world_find_server(stage->world, server), now_us, &stage->arena);
    return set.n_zones > 0 && fdns_zone_find(set.zones[0], wire) != NULL;
}

static void test_appear(void)
{
    struct stage stage;
    stage_init(&stage, BASE "events:\n"
                            "  - at: 24h\n"
                            "    server: ns2.example.com\n"
                            "    zone: example.com\n"
                            "    add: new A 192.0.2.9\n"
                            "  - { at: 1h, server: [ns1.example.com], zone: example.com,\n"
                            "      add: \"new A 192.0.2.9\" }\n"
                            "  - { at: 72h, zone: example.com, remove: [ new A ] }\n");
    CHECK_TEXT("", stage_messages(&stage));
    CHECK(!holds(&stage, "ns1.example.com", "59m59s", "new.example.com"));
    CHECK(holds(&stage, "ns1.example.com", "1h", "new.example.com"));
    CHECK(!holds(&stage, "ns2.example.com", "23h59m", "new.example.com"));
    CHECK(holds(&stage, "ns2.example.com", "24h", "new.example.com"));
    CHECK(holds(&stage, "ns1.example.com", "71h59m", "new.example.com"));
    CHECK(!holds(&stage, "ns1.example.com", "72h", "new.example.com"));
    CHECK(!holds(&stage, "ns2.example.com", "100h", "new.example.com"));
    stage_clear(&stage);
}

// Servers that hold the same zone get the same successor.
static void test_shared_version(void)
{
    struct stage stage;
    stage_init(&stage, BASE "events: [{at: 1h, zone: example.com, add: \"x A 192.0.2.9\"}]\n");
    const struct fdns_server *one = fdns_world_find_server(stage.world, "ns1.example.com");
    const struct fdns_server *two = fdns_world_find_server(stage.world, "ns2.example.com");
    CHECK(one->zones[0].versions[1].zone == two->zones[0].versions[1].zone);
    CHECK(one->zones[0].versions[0].zone != one->zones[0].versions[1].zone);
    stage_clear(&stage);
}

static void test_at_start(void)
{
    struct stage stage;
    stage_init(&stage, BASE "events: [{at: 0s, server: ns2.example.com, zone: example.com,\n"
                            "  remove: [ www A ]}]\n");
    CHECK(holds(&stage, "ns1.example.com", "0s", "www.example.com"));
    CHECK(!holds(&stage, "ns2.example.com", "0s", "www.example.com"));
    stage_clear(&stage);
}

static void test_unload(void)
{
    struct stage stage;
    stage_init(&stage, BASE "events:\n"
                            "  - { at: 1h, server: ns1.example.com, zone: example.com, "
                            "unload: yes }\n"
                            "  - { at: 2h, zone: example.com, add: \"new A 192.0.2.9\" }\n"
                            "  - { at: 3h, server: ns1.example.com, zone: example.com, "
                            "unload: no }\n");
    CHECK_TEXT("", stage_messages(&stage));
    CHECK(holds(&stage, "ns1.example.com", "0s", "www.example.com"));
    CHECK(!holds(&stage, "ns1.example.com", "1h", "www.example.com"));
    CHECK(!holds(&stage, "ns1.example.com", "2h", "new.example.com"));
    CHECK(holds(&stage, "ns2.example.com", "2h", "new.example.com"));
    CHECK(holds(&stage, "ns1.example.com", "3h", "new.example.com"));
    stage_clear(&stage);
}

static void test_down(void)
{
    struct stage stage;
    stage_init(&stage, BASE "events:\n"
                            "  - { at: 2h, server: ns1.example.com, down: no }\n"
                            "  - { at: 1h, server: ns1.example.com, down: yes }\n");
    const struct fdns_server *one = fdns_world_find_server(stage.world, "ns1.example.com");
    const struct fdns_server *two = fdns_world_find_server(stage.world, "ns2.example.com");
    CHECK(fdns_server_is_up(one, FDNS_US_PER_H - 1));
    CHECK(!fdns_server_is_up(one, FDNS_US_PER_H));
    CHECK(fdns_server_is_up(one, 2 * FDNS_US_PER_H));
    CHECK(fdns_server_is_up(two, FDNS_US_PER_H));
    stage_clear(&stage);
}

// The base's events happen to the zones of the world that builds on it.
static void test_base_events(void)
{
    struct stage stage;
    stage_init(&stage, "base: ../tests/unit/fakedns/world/data/event.yaml\n"
                       "zones: { example.com: { add: \"new A 192.0.2.9\" } }\n"
                       "servers: { ns3: { addresses: [192.0.2.3], zones: [example.com] } }\n"
                       "events: [{ at: 1h, zone: example.com, remove: [new A] }]\n");
    CHECK_TEXT("", stage_messages(&stage));
    CHECK(holds(&stage, "ns3", "0s", "www.example.com"));
    CHECK(holds(&stage, "ns3", "0s", "new.example.com"));
    CHECK(!holds(&stage, "ns3", "1h", "www.example.com"));
    CHECK(!holds(&stage, "ns3", "1h", "new.example.com"));
    CHECK(!holds(&stage, "ns1.example.com", "1h", "new.example.com"));
    stage_clear(&stage);
}

static void test_changes(void)
{
    struct stage stage;
    int64_t at_us = 0;
    stage_init(&stage, BASE "rules: [{when: {from: 2h, until: 5h}, then: {drop: yes}}]\n"
                            "events: [{at: 3h, rules: off}, {at: 2h, rules: on}]\n");
    CHECK_INT(3, stage.world->n_changes);
    CHECK(fdns_world_next_change(stage.world, 0, &at_us));
    CHECK_INT(2 * FDNS_US_PER_H, at_us);
    CHECK(fdns_world_next_change(stage.world, at_us, &at_us));
    CHECK_INT(3 * FDNS_US_PER_H, at_us);
    CHECK(fdns_world_next_change(stage.world, at_us, &at_us));
    CHECK_INT(5 * FDNS_US_PER_H, at_us);
    CHECK(!fdns_world_next_change(stage.world, at_us, &at_us));
    stage_clear(&stage);
}

static const struct test tests[] = {
    {"records appear and vanish, server by server", test_appear},
    {"servers share the versions of a zone", test_shared_version},
    {"an event at 0s makes servers differ from the start", test_at_start},
    {"a zone is unloaded and loaded again", test_unload},
    {"a server goes down and comes back", test_down},
    {"events of the base happen to the edited zone", test_base_events},
    {"the times at which anything may change", test_changes},
};
SUITE(timeline, tests)
