// How an answer is sent: what the plan says.
#include "unit/fakedns/asking.h"

#define THEN(then)                                                                                 \
    "base: lib/easy-dkim.yaml\nrules: [{when: {zone: example.com}, then: {" then "}}]\n"

static struct stage stage;

// Asks for an address over a transport, under one rule.
static void plan_of(const char *yaml, enum fdns_transport transport)
{
    stage_init(&stage, yaml);
    CHECK_TEXT("", stage_messages(&stage));
    ASK(&stage, .name = "www.example.com", .type = "A", .transport = transport);
}

static const struct fdns_step *step(size_t i)
{
    return &stage.plan.steps[i];
}

static void test_connection(void)
{
    static const struct {
        const char *yaml;
        enum fdns_step_kind kind;
    } cases[] = {{THEN("connection: close"), FDNS_STEP_CLOSE},
                 {THEN("connection: reset"), FDNS_STEP_RESET},
                 {THEN("connection: hang"), FDNS_STEP_STALL}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        plan_of(cases[i].yaml, FDNS_TCP);
        CHECK_INT(2, stage.plan.n_steps);
        CHECK_INT(FDNS_STEP_SEND, step(0)->kind);
        CHECK_INT(cases[i].kind, step(1)->kind);
        CHECK_TEXT("rule 1 at line 2", step(1)->rule);
        stage_clear(&stage);
        plan_of(cases[i].yaml, FDNS_UDP);
        CHECK_INT(1, stage.plan.n_steps);
        stage_clear(&stage);
    }
    plan_of(THEN("connection: close, drop: yes"), FDNS_TCP);
    CHECK_INT(1, stage.plan.n_steps);
    CHECK_INT(FDNS_STEP_CLOSE, step(0)->kind);
    stage_clear(&stage);
    plan_of(THEN("drop: yes, connection: reset, delay: 1s"), FDNS_TCP);
    CHECK_INT(1, stage.plan.n_steps);
    CHECK_INT(FDNS_STEP_RESET, step(0)->kind);
    CHECK_INT(1000000, step(0)->delay_us);
    stage_clear(&stage);
}

static size_t prefix(void)
{
    return (size_t)step(0)->octets[0] << 8 | step(0)->octets[1];
}

static void test_frame(void)
{
    plan_of(THEN("drop: no"), FDNS_TCP);
    size_t len = step(0)->len;
    stage_clear(&stage);
    plan_of(THEN("frame: { length: +300 }"), FDNS_TCP);
    CHECK_INT(FDNS_STEP_RAW, step(0)->kind);
    CHECK_INT(len + 2, step(0)->len);
    CHECK_INT(len + 300, prefix());
    stage_clear(&stage);
    plan_of(THEN("frame: { keep: half }"), FDNS_TCP);
    CHECK_INT(2 + len / 2, step(0)->len);
    CHECK_INT(len, prefix());
    stage_clear(&stage);
    plan_of(THEN("frame: { keep: 9, length: 0 }"), FDNS_TCP);
    CHECK_INT(9, step(0)->len);
    CHECK_INT(0, prefix());
    stage_clear(&stage);
    plan_of(THEN("frame: { keep: 60000 }"), FDNS_TCP);
    CHECK_INT(len + 2, step(0)->len);
    stage_clear(&stage);
    plan_of(THEN("frame: { length: 0 }"), FDNS_UDP);
    CHECK_INT(FDNS_STEP_SEND, step(0)->kind);
    CHECK_INT(len, step(0)->len);
    stage_clear(&stage);
}

static void test_segments(void)
{
    plan_of(THEN("segments: 7"), FDNS_TCP);
    CHECK_INT(7, step(0)->segment);
    CHECK_INT(10000, step(0)->segment_us);
    stage_clear(&stage);
    plan_of(THEN("frame: { keep: half }, segments: { octets: 1, gap: 2s }"), FDNS_TCP);
    CHECK_INT(1, step(0)->segment);
    CHECK_INT(2000000, step(0)->segment_us);
    CHECK_INT((int64_t)(step(0)->len + 1) * 2000000, fdns_step_sent_us(step(0), true));
    CHECK_INT(0, fdns_step_sent_us(step(0), false));
    stage_clear(&stage);
    plan_of(THEN("segments: 7"), FDNS_UDP);
    CHECK_INT(0, step(0)->segment);
    stage_clear(&stage);
}

static void test_gather(void)
{
    plan_of(THEN("gather: 3"), FDNS_TCP);
    CHECK(step(0)->gather == 3 && !step(0)->gather_reversed);
    stage_clear(&stage);
    plan_of(THEN("gather: { answers: 2, reverse: yes }"), FDNS_TCP);
    CHECK(step(0)->gather == 2 && step(0)->gather_reversed);
    stage_clear(&stage);
    plan_of(THEN("gather: 2"), FDNS_UDP);
    CHECK_INT(0, step(0)->gather);
    stage_clear(&stage);
}

static void test_largest(void)
{
    stage_init(&stage, THEN("edns: { padding: 65471 }"));
    ASK(&stage, .name = "www.example.com", .type = "A", .transport = FDNS_TCP, .edns = 1232);
    CHECK_INT(65535, step(0)->len);
    CHECK_CONTAINS("opt", reply_line(&stage));
    stage_clear(&stage);
}

static unsigned id_of(size_t i)
{
    return (unsigned)step(i)->octets[0] << 8 | step(i)->octets[1];
}

static void test_copies(void)
{
    plan_of(THEN("copies: 3"), FDNS_UDP);
    CHECK_INT(1, stage.plan.n_steps);
    CHECK_INT(3, step(0)->copies);
    CHECK_INT(0, step(0)->copies_us);
    stage_clear(&stage);
    plan_of(THEN("copies: { times: 2, gap: 3s }, connection: close"), FDNS_TCP);
    CHECK_INT(2, step(0)->copies);
    CHECK_INT(3000000, step(0)->copies_us);
    CHECK_INT(6000000, step(1)->delay_us);
    stage_clear(&stage);
}

static void test_other(void)
{
    plan_of(THEN("other: { then: { id: +1, set-rcode: SERVFAIL } }"), FDNS_UDP);
    CHECK_INT(2, stage.plan.n_steps);
    CHECK_INT(7, id_of(0));
    CHECK_INT(8, id_of(1));
    CHECK_INT(FDNS_SERVFAIL, step(1)->octets[3] & 15);
    CHECK_INT(0, step(0)->octets[3] & 15);
    CHECK_TEXT("rule 1 at line 2", step(1)->rule);
    stage_clear(&stage);
    // What is done to the answer is done to the other too, how it is sent is not.
    plan_of(
        THEN("delay: 1s, ttl: 0, other: { first: yes, then: { copies: 5, rdata: { hex: '00' } } }"),
        FDNS_UDP);
    CHECK_INT(2, stage.plan.n_steps);
    CHECK_INT(0, step(0)->delay_us);
    CHECK_INT(5, step(0)->copies);
    CHECK_INT(1000000, step(1)->delay_us);
    CHECK_INT(0, step(1)->copies);
    CHECK_INT(step(1)->len - 3, step(0)->len);
    stage_clear(&stage);
    plan_of(THEN("drop: yes, other: { then: { id: 0 } }"), FDNS_UDP);
    CHECK_INT(1, stage.plan.n_steps);
    CHECK_INT(0, id_of(0));
    stage_clear(&stage);
    plan_of(THEN("other: { then: { drop: yes } }"), FDNS_UDP);
    CHECK_INT(1, stage.plan.n_steps);
    stage_clear(&stage);
    // More than a plan holds is left out.
    plan_of("base: lib/easy-dkim.yaml\nrules: [{then: {other: [{then: {id: 1}}, {then: {id: 2}}, "
            "{then: {id: 3}}, {then: {id: 4}}, {then: {id: 5}}, {then: {id: 6}}]}},"
            " {then: {other: [{first: yes, then: {id: 8}}, {first: yes, then: {id: 9}}]}}]\n",
            FDNS_UDP);
    CHECK_INT(FDNS_PLAN_STEPS, stage.plan.n_steps);
    CHECK_INT(8, id_of(0));
    CHECK_INT(7, id_of(1));
    CHECK_INT(6, id_of(7));
    stage_clear(&stage);
}

static void test_addresses(void)
{
    plan_of(THEN("source: 192.0.2.99"), FDNS_UDP);
    CHECK(step(0)->source.given && step(0)->source.other_host);
    CHECK_INT(99, step(0)->source.address.octets[3]);
    CHECK_INT(53, step(0)->source.address.port);
    stage_clear(&stage);
    plan_of(THEN("source: { port: 5353 }, reply-port: 9"), FDNS_UDP);
    CHECK(step(0)->source.given && !step(0)->source.other_host);
    CHECK_INT(5353, step(0)->source.address.port);
    CHECK_INT(9, step(0)->to_port);
    stage_clear(&stage);
}

static const struct test tests[] = {
    {"what becomes of the connection", test_connection},
    {"how it is framed", test_frame},
    {"in segments", test_segments},
    {"answers wait for each other", test_gather},
    {"as large as can be", test_largest},
    {"copies", test_copies},
    {"another answer", test_other},
    {"from elsewhere, to elsewhere", test_addresses},
};
SUITE(send, tests)
