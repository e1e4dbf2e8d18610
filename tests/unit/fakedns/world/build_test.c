#include "unit/fakedns/worlds.h"

static const struct fdns_zone *find_zone(const struct stage *stage, const char *name)
{
    uint8_t apex[FDNS_NAME_MAX];
    CHECK_INT(FDNS_OK, fdns_name_parse(name, NULL, apex));
    return stage->world != NULL ? fdns_world_find_zone(stage->world, apex) : NULL;
}

static bool has(const struct fdns_zone *zone, const char *name, uint16_t type)
{
    uint8_t wire[FDNS_NAME_MAX];
    CHECK_INT(FDNS_OK, fdns_name_parse(name, NULL, wire));
    const struct fdns_zone_node *node = zone != NULL ? fdns_zone_find(zone, wire) : NULL;
    return node != NULL && fdns_zone_node_rrset(node, type) != NULL;
}

static void test_own_world(void)
{
    struct stage stage;
    stage_init(&stage, "zones:\n"
                       "  example.com: |\n"
                       "    @ SOA ns1 hostmaster 1 2 3 4 5\n"
                       "    @ NS ns1\n"
                       "    ns1 A 192.0.2.1\n"
                       "servers:\n"
                       "  ns1.example.com:\n"
                       "    addresses: [192.0.2.1, \"[2001:db8::1]:5353\"]\n"
                       "    zones: [example.com]\n"
                       "    version: 9.18\n"
                       "    udp-limit: 4096\n");
    CHECK_TEXT("", stage_messages(&stage));
    const struct fdns_server *server = fdns_world_find_server(stage.world, "NS1.example.com.");
    CHECK(server != NULL);
    if (server != NULL) {
        CHECK_INT(2, server->n_addresses);
        CHECK_INT(53, server->addresses[0].port);
        CHECK_INT(5353, server->addresses[1].port);
        CHECK_TEXT("9.18", server->identity.version);
        CHECK_INT(4096, server->identity.udp_limit);
        CHECK(fdns_world_find_address(stage.world, &server->addresses[1]) == server);
        struct fdns_zone_set set = fdns_server_zones(server, 0, &stage.arena);
        CHECK_INT(1, set.n_zones);
        CHECK(set.zones[0] == find_zone(&stage, "example.com"));
    }
    const struct fdns_zone *zone = find_zone(&stage, "EXAMPLE.com");
    CHECK(has(zone, "ns1.example.com", FDNS_TYPE_A));
    CHECK_INT(300, zone->soa->ttl); // the TTL that nobody wrote
    stage_clear(&stage);
}

static void test_edited_base(void)
{
    struct stage stage;
    stage_init(&stage, "base: lib/easy-dkim.yaml\n"
                       "zones:\n"
                       "  example.com:\n"
                       "    remove: [ example._domainkey CNAME, www, \"@ MX\" ]\n"
                       "    add: |\n"
                       "      example._domainkey.example.com.example.com. 60 CNAME example.dkim\n");
    CHECK_TEXT("", stage_messages(&stage));
    const struct fdns_zone *zone = find_zone(&stage, "example.com");
    CHECK(!has(zone, "example._domainkey.example.com", FDNS_TYPE_CNAME));
    CHECK(!has(zone, "www.example.com", FDNS_TYPE_A));
    CHECK(!has(zone, "example.com", FDNS_TYPE_MX));
    CHECK(has(zone, "example.com", FDNS_TYPE_TXT));
    CHECK(has(zone, "token2._domainkey.example.com", FDNS_TYPE_CNAME));
    CHECK(has(zone, "example._domainkey.example.com.example.com", FDNS_TYPE_CNAME));
    stage_clear(&stage);
}

// A zone that was not edited, and a server whose zones were not, are the base's.
static void test_sharing(void)
{
    struct stage stage;
    stage_init(&stage, "base: lib/easy-dkim.yaml\n"
                       "zones: { example.com: { remove: [ www A ] } }\n");
    const struct fdns_world *base = stage.world->base;
    uint8_t com[FDNS_NAME_MAX], example[FDNS_NAME_MAX];
    fdns_name_parse("com", NULL, com);
    fdns_name_parse("example.com", NULL, example);
    CHECK(fdns_world_find_zone(stage.world, com) == fdns_world_find_zone(base, com));
    CHECK(fdns_world_find_zone(stage.world, example) != fdns_world_find_zone(base, example));
    CHECK_INT(base->n_servers, stage.world->n_servers);
    const struct fdns_server *one = fdns_world_find_server(stage.world, "ns1.example.com");
    const struct fdns_server *two = fdns_world_find_server(stage.world, "ns2.example.com");
    CHECK(fdns_server_zones(one, 0, &stage.arena).zones[0] ==
          fdns_server_zones(two, 0, &stage.arena).zones[0]);
    CHECK(fdns_server_zones(one, 0, &stage.arena).zones[0] ==
          fdns_world_find_zone(stage.world, example));
    CHECK(fdns_world_find_server(stage.world, "a.nic.com")->zones ==
          fdns_world_find_server(base, "a.nic.com")->zones);
    // The base itself is as it was.
    CHECK(fdns_server_zones(fdns_world_find_server(base, "ns1.example.com"), 0, &stage.arena)
              .zones[0] == fdns_world_find_zone(base, example));
    stage_clear(&stage);
}

static void test_merged_server(void)
{
    struct stage stage;
    stage_init(&stage, "base: lib/easy-dkim.yaml\n"
                       "servers:\n"
                       "  ns2.example.com: { zones: [], id: two }\n"
                       "  ns3.example.com: { addresses: [192.0.2.3], zones: [example.com] }\n"
                       "  idle: { addresses: [192.0.2.4] }\n");
    CHECK_TEXT("", stage_messages(&stage));
    const struct fdns_server *two = fdns_world_find_server(stage.world, "ns2.example.com");
    const struct fdns_server *three = fdns_world_find_server(stage.world, "ns3.example.com");
    CHECK_INT(2, two->n_addresses);
    CHECK_TEXT("two", two->identity.id);
    CHECK_INT(0, fdns_server_zones(two, 0, &stage.arena).n_zones);
    CHECK_INT(1, fdns_server_zones(three, 0, &stage.arena).n_zones);
    CHECK_INT(5, three->index);
    const struct fdns_server *idle = fdns_world_find_server(stage.world, "idle");
    CHECK_INT(0, fdns_server_zones(idle, 0, &stage.arena).n_zones);
    stage_clear(&stage);
}

static void test_check_off(void)
{
    struct stage stage;
    stage_init(&stage, "base: lib/easy-dkim.yaml\n"
                       "zones:\n"
                       "  example.com:\n"
                       "    check: off\n"
                       "    add: token2._domainkey TXT key\n");
    CHECK_TEXT("", stage_messages(&stage));
    const struct fdns_zone *zone = find_zone(&stage, "example.com");
    CHECK(has(zone, "token2._domainkey.example.com", FDNS_TYPE_CNAME));
    CHECK(has(zone, "token2._domainkey.example.com", FDNS_TYPE_TXT));
    stage_clear(&stage);
}

static void test_scenario_file(void)
{
    struct fdns_world_library *library = fdns_world_library_new();
    struct fdns_diags diags;
    fdns_diags_init(&diags);
    const char *path = SOURCE_DIR "/tests/unit/fakedns/world/data/scenario.yaml";
    struct fdns_world *world = fdns_world_load(library, path, &diags);
    CHECK_INT(0, diags.n_items);
    CHECK(world != NULL && world->n_rules == 1 && world->n_servers == 5);
    fdns_world_free(world);
    fdns_diags_clear(&diags);
    fdns_world_library_free(library);
}

static void test_zone_files(void)
{
    struct fdns_diags diags;
    fdns_diags_init(&diags);
    const char *files[] = {"example.com=" SOURCE_DIR "/tests/unit/fakedns/world/data/a.zone",
                           "a.example=" SOURCE_DIR "/tests/unit/fakedns/world/data/a.zone"};
    struct fdns_world *world = fdns_world_of_zones(files, 2, &diags);
    CHECK_INT(0, diags.n_items);
    if (world != NULL) {
        CHECK_INT(2, world->servers[0].n_zones);
        CHECK_INT(2, fdns_server_zones(&world->servers[0], 0, NULL).n_zones);
    }
    fdns_world_free(world);
    const char *bad[] = {"example.com", "example.com=/nonexistent", "a..b=x"};
    CHECK(fdns_world_of_zones(bad, 3, &diags) == NULL);
    CHECK_INT(3, diags.n_errors);
    fdns_diags_clear(&diags);
}

static const struct test tests[] = {
    {"zones and servers are as written", test_own_world},
    {"a base's zone is edited", test_edited_base},
    {"what is not edited is shared with the base", test_sharing},
    {"a server of the base gets the keys given", test_merged_server},
    {"check: off stores what no server should hold", test_check_off},
    {"of a scenario file only the world counts", test_scenario_file},
    {"a world of zone files", test_zone_files},
};
SUITE(build, tests)
