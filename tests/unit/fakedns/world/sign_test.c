#include "unit/fakedns/worlds.h"

#define BASE "base: lib/easy-dkim.yaml\n"

static const struct fdns_zone *zone_of(struct stage *stage, const char *apex)
{
    uint8_t wire[FDNS_NAME_MAX];
    CHECK_INT(FDNS_OK, fdns_name_parse(apex, NULL, wire));
    return fdns_world_find_zone(stage->world, wire);
}

static const struct fdns_rrset *rrset_of(const struct fdns_zone *zone, const char *name,
                                         uint16_t type)
{
    uint8_t wire[FDNS_NAME_MAX];
    CHECK_INT(FDNS_OK, fdns_name_parse(name, NULL, wire));
    const struct fdns_zone_node *node = fdns_zone_find(zone, wire);
    return node != NULL ? fdns_zone_node_rrset(node, type) : NULL;
}

static size_t n_ds(const char *yaml)
{
    struct stage stage;
    stage_init(&stage, yaml);
    CHECK_TEXT("", stage_messages(&stage));
    const struct fdns_rrset *ds = rrset_of(zone_of(&stage, "com"), "example.com", FDNS_TYPE_DS);
    size_t n = ds != NULL ? ds->n_rdatas : 0;
    CHECK(ds == NULL || ds->signatures != NULL);
    stage_clear(&stage);
    return n;
}

static void test_ds(void)
{
    CHECK_INT(1, n_ds(BASE "zones: { com: { sign: yes }, example.com: { sign: yes } }\n"));
    CHECK_INT(0, n_ds(BASE "zones: { com: { sign: yes }, example.com: { sign: no } }\n"));
    CHECK_INT(0, n_ds(BASE "zones: { example.com: { sign: yes } }\n"));
    CHECK_INT(0, n_ds(BASE "zones: { com: { sign: yes }, example.com: { sign: { ds: none } } }\n"));
    CHECK_INT(2, n_ds(BASE "zones: { com: { sign: yes },\n"
                           "         example.com: { sign: { ds: [auto, \"1 15 2 00\"] } } }\n"));
    CHECK_INT(1, n_ds(BASE "zones: { com: { sign: yes, add: \"example DS 1 15 2 00\" },\n"
                           "         example.com: { sign: { ds: [auto, mismatch] } } }\n"));
}

static void test_events(void)
{
    struct stage stage;
    stage_init(&stage,
               BASE "zones: { example.com: { sign: yes } }\n"
                    "events: [ { at: 24h, zone: example.com, add: \"new A 192.0.2.9\" } ]\n");
    CHECK_TEXT("", stage_messages(&stage));
    CHECK(rrset_of(zone_of(&stage, "example.com"), "new.example.com", FDNS_TYPE_A) == NULL);
    struct fdns_zone_set set = fdns_server_zones(
        fdns_world_find_server(stage.world, "ns2.example.com"), 24 * FDNS_US_PER_H, &stage.arena);
    const struct fdns_rrset *rrset = rrset_of(set.zones[0], "new.example.com", FDNS_TYPE_A);
    CHECK(rrset != NULL && rrset->signatures != NULL);
    CHECK(rrset_of(set.zones[0], "new.example.com", FDNS_TYPE_NSEC) != NULL);
    stage_clear(&stage);
}

static void test_plain(void)
{
    struct stage stage;
    stage_init(&stage, BASE "zones: { com: { sign: yes } }\n");
    CHECK(zone_of(&stage, "com")->denial != NULL);
    CHECK(zone_of(&stage, "example.com")->denial == NULL);
    CHECK(zone_of(&stage, "example.com") ==
          fdns_world_find_zone(stage.world->base, zone_of(&stage, "example.com")->apex));
    stage_clear(&stage);
}

static void check_mistake(const char *sign, const char *expected)
{
    struct stage stage;
    char yaml[512];
    snprintf(yaml, sizeof yaml, BASE "zones: { example.com: { sign: %s } }\n", sign);
    stage_init(&stage, yaml);
    CHECK(stage.world == NULL);
    CHECK_CONTAINS(expected, stage_messages(&stage));
    stage_clear(&stage);
}

static void test_mistakes(void)
{
    check_mistake("{ algorithm: 8 }", "13 to 16, else give a `file`");
    check_mistake("{ keys: [ { role: ksk, file: no.private } ] }", "is no file");
    check_mistake("{ keys: [ { role: ksk, file: lib/easy-dkim.yaml } ] }", "is no private key");
    check_mistake("{ keys: [] }", "1");
    check_mistake("{ inception: 30d }", "YYYYMMDDHHMMSS");
    check_mistake("{ expiration: +30x }", "a duration is expected");
    check_mistake("{ expiration: 20261301000000 }", "YYYYMMDDHHMMSS");
    check_mistake("{ ds: sometimes }", "sometimes");
    check_mistake("{ wrong-signatures: [ { name: \"a..b\" } ] }", "is no domain name");
}

static const struct test tests[] = {
    {"signed parents have the DS of signed zones", test_ds},
    {"zone versions of events are signed", test_events},
    {"zones that are not to be signed stay the base's", test_plain},
    {"mistakes are said where they stand", test_mistakes},
};
SUITE(sign, tests)
