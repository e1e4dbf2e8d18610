// Every example of docs/FAULTS.md, one rule at a time, against sound queries and broken ones, and
// through the resolver: whatever comes out stays within bounds, and comes out again with the same
// seed.
#include "fakedns/resolve/resolve.h"
#include "unit/fakedns/asking.h"

#include <stdio.h>
#include <stdlib.h>

enum { N_QUERIES = 120, QUERY_MAX = 700, RULE_MAX = 4096 };

static const char base[] = "base: lib/easy-dkim.yaml\nrules:\n";
static const char *const names[] = {"www.example.com",        "example._domainkey.example.com",
                                    "nix.example.com",        "example.com",
                                    "_amazonses.example.com", "www.example.org"};
static const char *const types[] = {"A", "TXT", "MX", "CNAME", "SOA", "ANY", "AXFR"};
#define N(table) (sizeof(table) / sizeof((table)[0]))

struct query {
    uint8_t octets[QUERY_MAX];
    size_t len;
};

static void add_u16(struct query *query, uint64_t value)
{
    query->octets[query->len++] = (uint8_t)(value >> 8);
    query->octets[query->len++] = (uint8_t)value;
}

// An OPT record with a few options of any length, some of which overrun.
static void add_opt(struct query *query, struct fdns_random *random)
{
    static const uint16_t codes[] = {3, 8, 10, 12, 65001};
    query->octets[11] = 1;
    query->octets[query->len++] = 0;
    add_u16(query, FDNS_TYPE_OPT);
    add_u16(query, fdns_random_below(random, 5000));
    add_u16(query, fdns_random_below(random, 4) == 0 ? 1 : 0);
    add_u16(query, fdns_random_below(random, 0x10000));
    size_t at = query->len;
    add_u16(query, 0);
    for (uint64_t i = fdns_random_below(random, 4); i > 0; i--) {
        size_t len = (size_t)fdns_random_below(random, 45);
        add_u16(query, codes[fdns_random_below(random, N(codes))]);
        add_u16(query, len + (fdns_random_below(random, 20) == 0 ? 1 : 0));
        for (; len > 0; len--)
            query->octets[query->len++] = (uint8_t)fdns_random_next(random);
    }
    size_t end = query->len;
    query->len = at;
    add_u16(query, end - at - 2);
    query->len = end;
}

static void make_query(struct query *query, struct fdns_random *random)
{
    struct asked asked = {.name = names[fdns_random_below(random, N(names))],
                          .type = types[fdns_random_below(random, N(types))],
                          .flags = (uint16_t)(fdns_random_next(random) & 0x0170)};
    query->len = build_query(&asked, query->octets);
    if (fdns_random_below(random, 2) == 0)
        add_opt(query, random);
    for (uint64_t i = fdns_random_below(random, 3) == 0 ? 1 + fdns_random_below(random, 4) : 0;
         i > 0; i--)
        query->octets[fdns_random_below(random, query->len)] ^=
            (uint8_t)(1U << fdns_random_below(random, 8));
    if (fdns_random_below(random, 8) == 0)
        query->len = (size_t)fdns_random_below(random, query->len + 1);
}

// Hash of all that was sent for the same queries.
static uint64_t ask_all(struct stage *stage, struct fdns_resolver *resolver)
{
    struct fdns_random random;
    struct fdns_arena arena;
    uint64_t hash = 0;
    fdns_random_init(&random, 11);
    fdns_arena_init(&arena, 0);
    for (unsigned i = 0; i < N_QUERIES; i++) {
        struct query query;
        struct fdns_plan plan;
        make_query(&query, &random);
        struct fdns_request request = {
            .server =
                fdns_world_find_server(stage->world, i % 3 != 0 ? "ns1.example.com" : "a.nic.com"),
            .transport = i % 4 == 0 ? FDNS_TCP : FDNS_UDP,
            .client = {.family = FDNS_IPV4, .octets = {127, 0, 0, 1}},
            .now_us = (int64_t)i * 1000000,
            .octets = query.octets,
            .len = query.len};
        fdns_arena_reset(&arena);
        if (i % 5 == 0)
            fdns_resolver_answer(resolver, &request, &arena, &plan);
        else
            fdns_answer(stage->world, stage->state, &request, &arena, &plan);
        CHECK(plan.n_steps <= FDNS_PLAN_STEPS);
        for (size_t k = 0; k < plan.n_steps; k++) {
            CHECK(plan.steps[k].len <= FDNS_MESSAGE_MAX + 2);
            hash = fdns_hash_u64(hash, (uint64_t)plan.steps[k].delay_us);
            if (plan.steps[k].len > 0)
                hash = fdns_hash(hash, plan.steps[k].octets, plan.steps[k].len);
        }
    }
    fdns_arena_clear(&arena);
    return hash;
}

static void try_rule(const char *rule)
{
    char yaml[RULE_MAX + sizeof base];
    struct stage stage;
    snprintf(yaml, sizeof yaml, "%s%s", base, rule);
    stage_init(&stage, yaml);
    CHECK_TEXT("", stage_messages(&stage));
    if (stage.world == NULL) {
        stage_clear(&stage);
        return;
    }
    struct fdns_resolver *resolver = fdns_resolver_new(stage.world, stage.state);
    uint64_t first = ask_all(&stage, resolver);
    fdns_world_state_reset(stage.state);
    fdns_resolver_reset(resolver);
    CHECK(first == ask_all(&stage, resolver));
    fdns_resolver_free(resolver);
    stage_clear(&stage);
}

static bool is_rule(const char *line)
{
    return strncmp(line, "- ", 2) == 0 || strncmp(line, "  then:", 7) == 0;
}

// A rule begins with `- ` and may go on with `then`; rules that wait for others come behind them.
static void test_examples(void)
{
    FILE *page = fopen(SOURCE_DIR "/docs/FAULTS.md", "r");
    char line[1024], rule[RULE_MAX] = "";
    bool in_block = false;
    unsigned n = 0;
    CHECK(page != NULL);
    while (page != NULL && fgets(line, sizeof line, page) != NULL) {
        bool keeps = strstr(rule, "name: primed") != NULL; // the next one names it
        if (rule[0] != '\0' && (!is_rule(line) || (strncmp(line, "- ", 2) == 0 && !keeps))) {
            try_rule(rule);
            rule[0] = '\0';
            n++;
        }
        in_block = strncmp(line, "```", 3) == 0 ? strncmp(line, "```yaml", 7) == 0 : in_block;
        if (in_block && is_rule(line) && strlen(rule) + strlen(line) + 3 < sizeof rule) {
            strcat(strcat(rule, "  "), line);
        }
    }
    if (page != NULL)
        fclose(page);
    CHECK(n > 150);
}

static const struct test tests[] = {
    {"the page's examples, with queries of all kinds", test_examples},
};
SUITE(faults, tests)
