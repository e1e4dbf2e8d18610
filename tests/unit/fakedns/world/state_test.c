#include "fakedns/world/state.h"
#include "unit/harness.h"

static struct fdns_rule rule = {.name = "r", .nth_from = 1};
static const struct fdns_rule *const rules[] = {&rule};
static const struct fdns_world world = {.rules = rules, .n_rules = 1};

static uint64_t count(struct fdns_world_state *state, enum fdns_scope scope, size_t server,
                      uint32_t client, uint64_t connection)
{
    struct fdns_server asked = {.index = server};
    struct fdns_exchange exchange = {.server = &asked, .connection = connection};
    exchange.client = (struct fdns_address){
        .family = FDNS_IPV4,
        .port = (uint16_t)(client * 7),
        .octets = {(uint8_t)(client >> 16), (uint8_t)(client >> 8), (uint8_t)client}};
    rule.scope = scope;
    return fdns_world_state_count(state, &rule, &exchange);
}

static void test_scopes(void)
{
    struct fdns_world_state *state = fdns_world_state_new(&world, 1);
    CHECK_INT(1, count(state, FDNS_PER_WORLD, 0, 0, 0));
    CHECK_INT(2, count(state, FDNS_PER_WORLD, 1, 1, 1));
    fdns_world_state_reset(state);
    CHECK_INT(1, count(state, FDNS_PER_SERVER, 0, 0, 0));
    CHECK_INT(1, count(state, FDNS_PER_SERVER, 1, 0, 0));
    CHECK_INT(2, count(state, FDNS_PER_SERVER, 0, 9, 9));
    fdns_world_state_reset(state);
    CHECK_INT(1, count(state, FDNS_PER_CLIENT, 0, 1, 0));
    CHECK_INT(1, count(state, FDNS_PER_CLIENT, 0, 2, 0));
    CHECK_INT(2, count(state, FDNS_PER_CLIENT, 5, 1, 5));
    fdns_world_state_reset(state);
    CHECK_INT(1, count(state, FDNS_PER_CONNECTION, 0, 1, 4));
    CHECK_INT(2, count(state, FDNS_PER_CONNECTION, 0, 1, 4));
    CHECK_INT(1, count(state, FDNS_PER_CONNECTION, 0, 1, 5));
    fdns_world_state_free(state);
}

static void test_ceiling(void)
{
    struct fdns_world_state *state = fdns_world_state_new(&world, 1);
    for (uint32_t i = 0; i < 65536; i++)
        if (count(state, FDNS_PER_CLIENT, 0, i, 0) != 1)
            CHECK_INT(-1, i);
    CHECK_INT(2, count(state, FDNS_PER_CLIENT, 0, 0, 0));
    CHECK_INT(1, count(state, FDNS_PER_CLIENT, 0, 70000, 0));
    CHECK_INT(2, count(state, FDNS_PER_CLIENT, 0, 70001, 0)); // shared from here on
    fdns_world_state_reset(state);
    CHECK_INT(1, count(state, FDNS_PER_CLIENT, 0, 0, 0));
    fdns_world_state_free(state);
}

static void test_random(void)
{
    struct fdns_world_state *state = fdns_world_state_new(&world, 42);
    uint64_t first = fdns_random_next(fdns_world_state_random(state, &rule));
    CHECK(fdns_random_next(fdns_world_state_random(state, &rule)) != first);
    fdns_world_state_reset(state);
    CHECK(fdns_random_next(fdns_world_state_random(state, &rule)) == first);
    fdns_world_state_free(state);
}

// Five a second: five at once, then one for each fifth of a second.
static void test_rate(void)
{
    struct fdns_world_state *state = fdns_world_state_new(&world, 1);
    struct fdns_exchange exchange = {.rule = &rule, .now_us = 1000};
    rule.scope = FDNS_PER_WORLD;
    for (unsigned i = 0; i < 5; i++)
        CHECK_INT(0, fdns_world_state_over_rate(state, &exchange, 5));
    CHECK_INT(1, fdns_world_state_over_rate(state, &exchange, 5));
    CHECK_INT(2, fdns_world_state_over_rate(state, &exchange, 5));
    exchange.now_us += 200000;
    CHECK_INT(0, fdns_world_state_over_rate(state, &exchange, 5));
    CHECK_INT(3, fdns_world_state_over_rate(state, &exchange, 5));
    exchange.now_us += INT64_C(100000000000);
    for (unsigned i = 0; i < 5; i++)
        CHECK_INT(0, fdns_world_state_over_rate(state, &exchange, 5));
    CHECK_INT(4, fdns_world_state_over_rate(state, &exchange, 5));
    fdns_world_state_reset(state);
    CHECK_INT(0, fdns_world_state_over_rate(state, &exchange, 5));
    fdns_world_state_free(state);
}

static const struct test tests[] = {
    {"each scope counts for itself", test_scopes},
    {"counters have a ceiling", test_ceiling},
    {"an allowance is used up and comes back", test_rate},
    {"reset seeds the random source again", test_random},
};
SUITE(state, tests)
