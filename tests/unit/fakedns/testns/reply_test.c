// Which entry answers, and with what octets.
#include "fakedns/testns/testns.h"
#include "fakedns/wire/builder.h"
#include "fakedns/world/rule.h"
#include "unit/harness.h"

#include <string.h>

static const char data[] = "$ORIGIN test.\n"
                           "ENTRY_BEGIN\nMATCH qname qtype UDP\nREPLY QR\nADJUST copy_id sleep=2\n"
                           "SECTION QUESTION\na A\nSECTION ANSWER\na 7 A 192.0.2.1\n"
                           "EXTRA_PACKET\nREPLY QR TC\nADJUST packet_sleep=3\nENTRY_END\n"
                           "ENTRY_BEGIN\nMATCH subdomain\nREPLY QR NXDOMAIN\nADJUST copy_query\n"
                           "SECTION QUESTION\na A\nENTRY_END\n"
                           "ENTRY_BEGIN\nMATCH qname\nADJUST copy_id\nSECTION QUESTION\nhex A\n"
                           "HEX_ANSWER_BEGIN\nAaBb cC ; a comment\nHEX_ANSWER_END\nENTRY_END\n";

struct stage {
    struct fdns_arena arena;
    struct fdns_diags diags;
    struct fdns_world *world;
};

static void begin(struct stage *stage)
{
    struct fdns_source source = {.file = "data", .text = data, .len = sizeof data - 1};
    fdns_arena_init(&stage->arena, 0);
    fdns_diags_init(&stage->diags);
    stage->world = fdns_testns_parse(&source, &stage->diags);
    CHECK(stage->world != NULL);
}

static void end(struct stage *stage)
{
    fdns_world_free(stage->world);
    fdns_diags_clear(&stage->diags);
    fdns_arena_clear(&stage->arena);
}

// "RULE | DELAY HEX | …", with `close` for the end of a connection.
static const char *ask(struct stage *stage, const char *name, uint16_t type,
                       enum fdns_transport transport)
{
    uint8_t query[512], owner[FDNS_NAME_MAX];
    struct fdns_view view;
    struct fdns_buf text;
    CHECK(fdns_name_parse(name, NULL, owner) == FDNS_OK);
    size_t len = fdns_query_build(query, sizeof query, 0x1234, 0, owner, type, FDNS_CLASS_IN, 0, 0);
    fdns_view_init(&view, &stage->arena, query, len);
    struct fdns_exchange exchange = {
        .server = &stage->world->servers[0], .transport = transport, .query = &view};
    struct fdns_reply reply = {.query = &view};
    struct fdns_plan plan = {.arena = &stage->arena};
    size_t i = 0;
    while (!fdns_rule_matches(stage->world, stage->world->rules[i], &exchange, &reply))
        i++;
    const struct fdns_rule *rule = stage->world->rules[i];
    CHECK(rule->last);
    rule->actions.items[0].effect->send(rule->actions.items[0].value, &exchange, &plan);
    fdns_buf_init(&text, 1 << 20);
    fdns_buf_string(&text, rule->name);
    for (size_t k = 0; k < plan.n_steps; k++) {
        fdns_buf_format(&text, " | %d ", (int)(plan.steps[k].delay_us / 1000000));
        fdns_buf_hex(&text, plan.steps[k].octets, plan.steps[k].len);
        fdns_buf_string(&text, plan.steps[k].kind == FDNS_STEP_CLOSE ? "close" : "");
    }
    const char *found = fdns_arena_string(&stage->arena, fdns_buf_text(&text));
    fdns_buf_clear(&text);
    return found;
}

#define QUESTION                                                                                   \
    "01610474657374000001"                                                                         \
    "0001"

static void test_first(void)
{
    struct stage stage;
    begin(&stage);
    CHECK_TEXT("entry 1 at line 2 | 2 123480000001000100000000" QUESTION "c00c0001000100000007"
               "0004c0000201 | 7 123482000000000000000000",
               ask(&stage, "a.test", FDNS_TYPE_A, FDNS_UDP));
    // Without copy_id the id is 0; the question is the one that was asked.
    CHECK_TEXT("entry 2 at line 14 | 0 000080030001000000000000"
               "01410474657374000010"
               "0001 | 0 close",
               ask(&stage, "A.test", FDNS_TYPE_TXT, FDNS_TCP));
    CHECK_CONTAINS("entry 2", ask(&stage, "x.a.test", FDNS_TYPE_A, FDNS_UDP));
    CHECK_TEXT("no entry", ask(&stage, "xa.test", FDNS_TYPE_A, FDNS_UDP));
    CHECK_TEXT("no entry", ask(&stage, "test", FDNS_TYPE_A, FDNS_UDP));
    end(&stage);
}

static void test_hex(void)
{
    struct stage stage;
    begin(&stage);
    CHECK_TEXT("entry 3 at line 21 | 0 1234cc", ask(&stage, "hex.test", FDNS_TYPE_A, FDNS_UDP));
    end(&stage);
}

static const struct test tests[] = {
    {"the first entry that matches", test_first},
    {"octets", test_hex},
};
SUITE(reply, tests)
