// Zone transfers, message by message.
#include "unit/fakedns/asking.h"

// Version 7, at 1h version 8, at 2h version 9; at 3h an edit that leaves the serial.
#define ZONE                                                                                       \
    "zones:\n  example.test: |\n    $TTL 300\n    @ SOA ns1 hostmaster 7 3600 900 604800 300\n"    \
    "    @ NS ns1\n    ns1 A 192.0.2.1\n    www A 192.0.2.3\n    www A 192.0.2.4\n"
#define EVENTS                                                                                     \
    "events:\n"                                                                                    \
    "  - { at: 1h, zone: example.test, serial: next, remove: [ www A ], add: \"www A 192.0.2.4\" " \
    "}\n"                                                                                          \
    "  - { at: 2h, zone: example.test, serial: 9, add: \"new 60 A 192.0.2.9\" }\n"                 \
    "  - { at: 3h, zone: example.test, add: \"late A 192.0.2.10\" }\n"
#define SERVER(more)                                                                               \
    "servers:\n  ns1.example.test: { addresses: [192.0.2.1], zones: [example.test]" more " }\n"

struct asking {
    const char *type; // AXFR without it
    const char *name;
    const char *at;
    bool udp;
    bool without_soa;
    uint32_t serial;
    uint8_t client;
};

static size_t build(const struct asking *asking, uint8_t out[512])
{
    uint8_t name[FDNS_NAME_MAX], rdata[22] = {0};
    uint16_t type = 0;
    struct fdns_builder builder;
    CHECK(fdns_name_parse(asking->name, NULL, name) == FDNS_OK);
    CHECK(fdns_type_parse(asking->type, &type));
    fdns_builder_init(&builder, out, 512);
    fdns_builder_header(&builder, 7, 0);
    fdns_builder_question(&builder, name, type, FDNS_CLASS_IN);
    fdns_builder_count(&builder, 0, 1);
    for (unsigned i = 0; i < 4; i++)
        rdata[2 + i] = (uint8_t)(asking->serial >> (24 - 8 * i));
    if (!asking->without_soa && type == FDNS_TYPE_IXFR) {
        fdns_builder_rr(&builder, name, FDNS_TYPE_SOA, FDNS_CLASS_IN, 0, rdata, sizeof rdata);
        fdns_builder_count(&builder, 2, 1);
    }
    return builder.len;
}

// "NOERROR aa q | SOA 7, www A …, …": q for a question; the owner without its zone.
static void show_message(struct stage *stage, const struct fdns_step *step, struct fdns_buf *out)
{
    struct fdns_view view;
    char code[FDNS_CODE_TEXT_MAX];
    if (step->kind == FDNS_STEP_CLOSE) {
        fdns_buf_string(out, " / close");
        return;
    }
    fdns_view_init(&view, &stage->arena, step->octets, step->len);
    CHECK_INT(FDNS_FLAW_NONE, view.flaw);
    fdns_buf_format(out, "%s%s%s%s |", out->len > 0 ? " / " : "",
                    fdns_rcode_print(fdns_view_rcode(&view), code),
                    fdns_view_flag(&view, FDNS_AA) ? " aa" : "", view.n_questions > 0 ? " q" : "");
    for (size_t i = 0; i < view.n_rrs; i++) {
        struct fdns_soa soa;
        uint8_t owner[FDNS_NAME_MAX];
        uint16_t len = 0;
        if (fdns_view_soa(&view, &view.rrs[i], &soa)) {
            fdns_buf_format(out, " SOA%u", soa.serial);
            continue;
        }
        CHECK(fdns_view_name(&view, view.rrs[i].at, owner, NULL));
        const uint8_t *rdata = fdns_view_rdata(&view, &view.rrs[i], &stage->arena, &len);
        fdns_buf_format(out, " %.*s:%s", owner[0], (const char *)owner + 1,
                        fdns_rdata_text(&stage->arena, view.rrs[i].type, rdata, len));
    }
}

// All messages of a transfer.
static const char *transfer(struct stage *stage, struct asking asking)
{
    uint8_t query[512];
    asking.name = asking.name != NULL ? asking.name : "example.test";
    asking.type = asking.type != NULL ? asking.type : "AXFR";
    struct asked asked = {.server = "ns1.example.test",
                          .at = asking.at,
                          .transport = asking.udp ? FDNS_UDP : FDNS_TCP,
                          .client = asking.client};
    size_t len = build(&asking, query);
    struct fdns_request request = request_of(stage, &asked, query, len);
    fdns_buf_reset(&stage->reply);
    fdns_answer(stage->world, stage->state, &request, &stage->arena, &stage->plan);
    for (size_t n = 0; n < 1000; n++) {
        struct fdns_more more = {0};
        for (size_t i = 0; i < stage->plan.n_steps; i++)
            show_message(stage, &stage->plan.steps[i], &stage->reply);
        if (stage->plan.more == NULL)
            break;
        more = *stage->plan.more;
        fdns_answer_more(stage->state, &request, &more, &stage->arena, &stage->plan);
    }
    return fdns_buf_text(&stage->reply);
}
#define AXFR(stage, ...) transfer((stage), (struct asking){__VA_ARGS__})
#define IXFR(stage, old, ...)                                                                      \
    transfer((stage), (struct asking){.type = "IXFR", .serial = (old), __VA_ARGS__})

#define FIRST "NOERROR aa q | SOA7 example:ns1.example.test. ns1:192.0.2.1"

static void test_whole(void)
{
    struct stage stage;
    stage_init(&stage, ZONE SERVER(", transfer: yes") EVENTS);
    CHECK_TEXT("", stage_messages(&stage));
    CHECK_TEXT(FIRST " www:192.0.2.3 www:192.0.2.4 SOA7", AXFR(&stage));
    CHECK_TEXT("NOERROR aa q | SOA8 example:ns1.example.test. ns1:192.0.2.1 www:192.0.2.4 SOA8",
               AXFR(&stage, .at = "1h"));
    CHECK_TEXT("NOTIMP q |", AXFR(&stage, .udp = true));
    CHECK_TEXT("NOTAUTH q |", AXFR(&stage, .name = "www.example.test"));
    CHECK_TEXT("NOTAUTH q |", AXFR(&stage, .name = "other.test"));
    stage_clear(&stage);
}

static void test_who(void)
{
    struct stage stage;
    stage_init(&stage, ZONE SERVER(""));
    CHECK_TEXT("REFUSED q |", AXFR(&stage));
    CHECK_TEXT("REFUSED q |", IXFR(&stage, 7));
    stage_clear(&stage);
    stage_init(&stage, ZONE SERVER(", transfer: [127.0.0.2, \"2001:db8::/32\"]"));
    CHECK_TEXT("REFUSED q |", AXFR(&stage, .client = 1));
    CHECK_CONTAINS(FIRST, AXFR(&stage, .client = 2));
    stage_clear(&stage);
    stage_init(&stage, ZONE SERVER(", transfer: no"));
    CHECK_TEXT("REFUSED q |", AXFR(&stage));
    stage_clear(&stage);
}

static void test_deltas(void)
{
    struct stage stage;
    stage_init(&stage, ZONE SERVER(", transfer: yes") EVENTS);
    CHECK_TEXT("NOERROR aa q | SOA7", IXFR(&stage, 7));
    CHECK_TEXT("NOERROR aa q | SOA8 SOA7 www:192.0.2.3 SOA8 SOA8", IXFR(&stage, 7, .at = "1h"));
    CHECK_TEXT("NOERROR aa q | SOA9 SOA7 www:192.0.2.3 SOA8 SOA8 SOA9 new:192.0.2.9 SOA9",
               IXFR(&stage, 7, .at = "2h"));
    CHECK_TEXT("NOERROR aa q | SOA9 SOA8 SOA9 new:192.0.2.9 SOA9", IXFR(&stage, 8, .at = "2h"));
    // Of a newer version than there is (RFC 1982), and one that never was.
    CHECK_TEXT("NOERROR aa q | SOA9", IXFR(&stage, 10, .at = "2h"));
    CHECK_CONTAINS("NOERROR aa q | SOA9 example:ns1", IXFR(&stage, 3, .at = "2h"));
    CHECK_CONTAINS("NOERROR aa q | SOA9 example:ns1", IXFR(&stage, 0x80000009, .at = "2h"));
    // A serial that was not changed: nobody sees the news.
    CHECK_TEXT("NOERROR aa q | SOA9", IXFR(&stage, 9, .at = "3h"));
    CHECK_TEXT("FORMERR q |", IXFR(&stage, 7, .without_soa = true));
    stage_clear(&stage);
}

static void test_udp(void)
{
    struct stage stage;
    stage_init(&stage, ZONE SERVER(", transfer: yes") EVENTS
               "  - { at: 4h, zone: example.test, serial: 11, add: \"big TXT 0123456789 0123456789"
               " 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789"
               " 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789"
               " 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789"
               " 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789"
               " 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\" }\n");
    CHECK_TEXT("", stage_messages(&stage));
    CHECK_TEXT("NOERROR aa q | SOA8 SOA7 www:192.0.2.3 SOA8 SOA8",
               IXFR(&stage, 7, .at = "1h", .udp = true));
    CHECK_TEXT("NOERROR aa q | SOA11", IXFR(&stage, 7, .at = "4h", .udp = true));
    stage_clear(&stage);
}

// A version that the server did not hold is no way from one to the next.
static void test_gap(void)
{
    struct stage stage;
    stage_init(&stage, ZONE SERVER(", transfer: yes") EVENTS
               "  - { at: 90m, zone: example.test, unload: yes }\n"
               "  - { at: 100m, zone: example.test, unload: no }\n");
    CHECK_TEXT("NOTAUTH q |", AXFR(&stage, .at = "95m"));
    CHECK_CONTAINS("SOA8 example:ns1", IXFR(&stage, 7, .at = "100m"));
    CHECK_CONTAINS("SOA9 SOA8 SOA9 new", IXFR(&stage, 8, .at = "2h"));
    stage_clear(&stage);
}

#define WHEN_THEN(then) "rules: [ { when: { type: [AXFR, IXFR] }, then: " then " } ]\n"

static void check_fault(const char *yaml, const char *expected)
{
    struct stage stage;
    stage_init(&stage, yaml);
    CHECK_TEXT("", stage_messages(&stage));
    CHECK_TEXT(expected, AXFR(&stage));
    stage_clear(&stage);
}
#define FAULT(then, expected) check_fault(ZONE SERVER(", transfer: yes") WHEN_THEN(then), expected)

static void test_faults(void)
{
    FAULT("{ transfer: { records: 2 } }",
          "NOERROR aa q | SOA7 example:ns1.example.test. / NOERROR aa q | ns1:192.0.2.1 "
          "www:192.0.2.3 / NOERROR aa q | www:192.0.2.4 SOA7");
    FAULT("{ transfer: { records: 3, question: first } }",
          "NOERROR aa q | SOA7 example:ns1.example.test. ns1:192.0.2.1 / NOERROR aa | "
          "www:192.0.2.3 www:192.0.2.4 SOA7");
    FAULT("{ transfer: { stop-after: 3 } }",
          "NOERROR aa q | SOA7 example:ns1.example.test. ns1:192.0.2.1 / close");
    FAULT("{ transfer: { records: 2, stop-after: 3, end: wait } }",
          "NOERROR aa q | SOA7 example:ns1.example.test. / NOERROR aa q | ns1:192.0.2.1");
    FAULT("{ transfer: { records: 2, stop-after: 2 } }",
          "NOERROR aa q | SOA7 example:ns1.example.test. / close");
    FAULT("{ transfer: { stop-after: 0 } }", "NOERROR aa q | / close");
    FAULT("{ transfer: { last-soa: no } }", FIRST " www:192.0.2.3 www:192.0.2.4");
    FAULT("{ transfer: { records: 5, last-soa: no } }", FIRST " www:192.0.2.3 www:192.0.2.4");
    FAULT("{ transfer: { last-serial: next } }", FIRST " www:192.0.2.3 www:192.0.2.4 SOA8");
    FAULT("{ transfer: { last-serial: 1 } }", FIRST " www:192.0.2.3 www:192.0.2.4 SOA1");
    // Other words act on every message, and end what they make an error.
    FAULT("{ transfer: { records: 4 }, clear: [AA] }",
          "NOERROR q | SOA7 example:ns1.example.test. ns1:192.0.2.1 www:192.0.2.3 / "
          "NOERROR q | www:192.0.2.4 SOA7");
    FAULT("{ rcode: SERVFAIL }", "SERVFAIL q |");
    FAULT("{ drop: yes }", "");
    FAULT("{ add: { answer: \"out.test. A 192.0.2.66\" } }",
          FIRST " www:192.0.2.3 www:192.0.2.4 SOA7 out:192.0.2.66");
}

static void test_ixfr_serial(void)
{
    struct stage stage;
    stage_init(&stage, ZONE SERVER(", transfer: yes") EVENTS
               "rules: [ { when: { ixfr-serial: ..7 }, then: { rcode: NOTIMP } } ]\n");
    CHECK_CONTAINS("NOTIMP", IXFR(&stage, 7));
    CHECK_CONTAINS("NOERROR", IXFR(&stage, 8, .at = "2h"));
    CHECK_CONTAINS("NOERROR", AXFR(&stage));
    stage_clear(&stage);
}

static void test_mistakes(void)
{
    static const struct {
        const char *yaml, *expected;
    } cases[] = {
        {ZONE SERVER(", transfer: maybe"), "transfer"},
        {ZONE SERVER(", transfer: [192.0.2.0/33]"), "192.0.2.0/33"},
        {ZONE SERVER(", notify: [nowhere]"), "nowhere"},
        {ZONE SERVER("") "events: [ { at: 1h, zone: example.test, serial: soon } ]\n", "soon"},
        {ZONE SERVER("") "events: [ { at: 1h, zone: example.test, serial: 4294967296 } ]\n",
         "4294967296"},
        {ZONE SERVER("") "events: [ { at: 1h, serial: next } ]\n", "need `zone`"},
        {ZONE SERVER("") "events: [ { at: 1h, zone: example.test, serial: next, "
                         "add: \"@ SOA ns1 h 9 1 1 1 1\" } ]\n",
         "serial of its own"},
        {ZONE SERVER("") WHEN_THEN("{ transfer: { end: wait } }"), "needs a `stop-after`"},
        {ZONE SERVER("") WHEN_THEN("{ transfer: { records: 0 } }"), "records"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage stage;
        stage_init(&stage, cases[i].yaml);
        CHECK(stage.world == NULL);
        CHECK_CONTAINS(cases[i].expected, stage_messages(&stage));
        stage_clear(&stage);
    }
}

static const struct test tests[] = {
    {"whole zones", test_whole},        {"who may have them", test_who},
    {"what is new", test_deltas},       {"what is new, over UDP", test_udp},
    {"a zone that was gone", test_gap}, {"faults", test_faults},
    {"ixfr-serial", test_ixfr_serial},  {"mistakes", test_mistakes},
};
SUITE(transfer, tests)
