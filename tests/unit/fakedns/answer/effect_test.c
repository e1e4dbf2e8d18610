// What rules do to an answer.
#include "unit/fakedns/asking.h"

#define THEN(then)                                                                                 \
    "base: lib/easy-dkim.yaml\nrules: [{when: {zone: example.com}, then: {" then "}}]\n"
#define WWW    .name = "www.example.com", .type = "A"
#define TOKEN  .name = "example._domainkey.example.com", .type = "TXT"
#define HONEST "NOERROR aa | AN www.example.com. 300 A 192.0.2.80"
#define CNAME  "AN example._domainkey.example.com. 300 CNAME example.dkim.amazonses.com."

// 190 octets
#define TEN  "abcdefghij"
#define LONG TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static struct stage stage;

static void begin(const char *yaml)
{
    stage_init(&stage, yaml);
    CHECK_TEXT("", stage_messages(&stage));
}

static void test_honest(void)
{
    begin("base: lib/easy-dkim.yaml\n");
    CHECK_TEXT(HONEST, ASK(&stage, WWW));
    CHECK(stage.plan.rule == NULL);
    CHECK_TEXT("NOERROR aa | " CNAME, ASK(&stage, TOKEN));
    CHECK_TEXT("REFUSED", ASK(&stage, .name = "example.org", .type = "A"));
    CHECK_CONTAINS("NOERROR | NS example.com. 86400 NS ns1.example.com.",
                   ASK(&stage, WWW, .server = "a.nic.com"));
    stage_clear(&stage);
}

static void test_rcode(void)
{
    begin(THEN("rcode: SERVFAIL"));
    CHECK_TEXT("SERVFAIL", ASK(&stage, TOKEN));
    CHECK_TEXT("rule 1 at line 2", stage.plan.rule);
    CHECK_INT(FDNS_SERVFAIL, stage.plan.rcode);
    stage_clear(&stage);
    begin(THEN("rcode: NXDOMAIN"));
    CHECK_TEXT("NXDOMAIN aa", ASK(&stage, TOKEN));
    stage_clear(&stage);
    begin(THEN("set-rcode: SERVFAIL"));
    CHECK_TEXT("SERVFAIL aa | " CNAME, ASK(&stage, TOKEN));
    stage_clear(&stage);
}

static void test_silence_and_delay(void)
{
    begin(THEN("drop: yes"));
    CHECK_TEXT("silence", ASK(&stage, WWW));
    stage_clear(&stage);
    begin(THEN("drop: no"));
    CHECK_TEXT(HONEST, ASK(&stage, WWW));
    stage_clear(&stage);
    begin(THEN("delay: 3s"));
    CHECK_TEXT(HONEST, ASK(&stage, WWW));
    CHECK_INT(3000000, stage.plan.steps[0].delay_us);
    stage_clear(&stage);
}

static void test_cut(void)
{
    begin(THEN("drop: no"));
    ASK(&stage, WWW);
    size_t whole = stage.plan.steps[0].len;
    stage_clear(&stage);
    begin(THEN("octets: { cut: 3 }"));
    CHECK_TEXT("malformed", ASK(&stage, WWW));
    CHECK_INT(whole - 3, stage.plan.steps[0].len);
    stage_clear(&stage);
    begin(THEN("octets: { cut: 60000 }"));
    CHECK_TEXT("malformed", ASK(&stage, WWW));
    CHECK_INT(0, stage.plan.steps[0].len);
    stage_clear(&stage);
}

static void test_truncate(void)
{
    begin(THEN("truncate: yes"));
    CHECK_TEXT("NOERROR aa tc", ASK(&stage, WWW));
    CHECK_TEXT(HONEST, ASK(&stage, WWW, .transport = FDNS_TCP));
    stage_clear(&stage);
}

static void test_flags(void)
{
    begin(THEN("set: [RA, AD], clear: [AA]"));
    CHECK_TEXT("NOERROR ra ad | AN www.example.com. 300 A 192.0.2.80", ASK(&stage, WWW));
    stage_clear(&stage);
}

static void test_sections(void)
{
    begin(THEN("add: {answer: \"www A 192.0.2.81\", authority: \"@ 60 NS other.example.\"}"));
    CHECK_TEXT("NOERROR aa | AN www.example.com. 300 A 192.0.2.80"
               " | AN www.example.com. 300 A 192.0.2.81"
               " | NS example.com. 60 NS other.example.",
               ASK(&stage, WWW));
    CHECK_TEXT("NOERROR aa | " CNAME " | AN www.example.com. 300 A 192.0.2.81"
               " | NS example.com. 60 NS other.example.",
               ASK(&stage, TOKEN));
    stage_clear(&stage);
    begin(THEN("replace: {answer: \"other.example. 5 TXT x\"}"));
    CHECK_TEXT("NOERROR aa | AN other.example. 5 TXT \"x\"", ASK(&stage, WWW));
    stage_clear(&stage);
    begin(THEN("replace: {answer: ''}"));
    CHECK_TEXT("NOERROR aa", ASK(&stage, WWW));
    stage_clear(&stage);
    begin(THEN("remove: {authority: ['* SOA'], answer: [www.example.com]}"));
    CHECK_TEXT("NXDOMAIN aa", ASK(&stage, .name = "nix.example.com", .type = "A"));
    CHECK_TEXT("NOERROR aa", ASK(&stage, WWW));
    stage_clear(&stage);
}

// Glue that is left after a removal is still required (RFC 9471): what does not fit is truncated.
static void test_glue_after_remove(void)
{
    begin("base: lib/easy-dkim.yaml\nrules: [{when: {server: a.nic.com}, then: {"
          "add: {authority: 'x.com. TXT " LONG " " LONG "'},"
          "remove: {additional: [ns1.example.com A]}}}]\n");
    CHECK_TEXT("NOERROR tc", ASK(&stage, WWW, .server = "a.nic.com"));
    CHECK_CONTAINS("AR ns2.example.com. 86400 AAAA",
                   ASK(&stage, WWW, .server = "a.nic.com", .edns = 1232));
    CHECK(strstr(fdns_buf_text(&stage.reply), "192.0.2.1") == NULL);
    stage_clear(&stage);
}

static void test_empty(void)
{
    begin(THEN("empty: yes"));
    CHECK_TEXT("NOERROR aa", ASK(&stage, .name = "nix.example.com", .type = "A"));
    CHECK_TEXT("NOERROR aa opt", ASK(&stage, WWW, .edns = 1232));
    stage_clear(&stage);
}

static void test_no_edns(void)
{
    begin(THEN("edns: none"));
    CHECK_TEXT(HONEST, ASK(&stage, WWW, .edns = 1232));
    stage_clear(&stage);
}

static void test_lowercase(void)
{
    begin(THEN("question: { case: lower }"));
    CHECK_CONTAINS("192.0.2.80", ASK(&stage, .name = "WWW.Example.COM", .type = "A"));
    CHECK_OCTETS("\3www\7example\3com", 17, stage.plan.steps[0].octets + 12, 17);
    stage_clear(&stage);
}

// Effects in the order in which they are written, rules in theirs.
static void test_order(void)
{
    begin(THEN("set-rcode: REFUSED, empty: yes"));
    CHECK_TEXT("NOERROR aa", ASK(&stage, WWW));
    stage_clear(&stage);
    begin(THEN("empty: yes, set-rcode: REFUSED"));
    CHECK_TEXT("REFUSED aa", ASK(&stage, WWW));
    stage_clear(&stage);
    begin("base: lib/easy-dkim.yaml\nrules:\n"
          "  - { then: { rcode: SERVFAIL } }\n"
          "  - { name: last, then: { delay: 1s, set: [AA] } }\n"
          "  - { then: { delay: 1s }, when: { type: TXT } }\n");
    CHECK_TEXT("SERVFAIL aa", ASK(&stage, WWW));
    CHECK_INT(1000000, stage.plan.steps[0].delay_us);
    CHECK_TEXT("last", stage.plan.rule);
    ASK(&stage, TOKEN);
    CHECK_INT(2000000, stage.plan.steps[0].delay_us);
    stage_clear(&stage);
}

static void test_down(void)
{
    begin("base: lib/easy-dkim.yaml\n"
          "events: [{at: 1h, server: ns1.example.com, down: yes}]\n");
    CHECK_TEXT(HONEST, ASK(&stage, WWW));
    CHECK_TEXT("silence", ASK(&stage, WWW, .at = "1h"));
    CHECK_TEXT(HONEST, ASK(&stage, WWW, .at = "1h", .server = "ns2.example.com"));
    stage_clear(&stage);
}

// Once warm, an answer takes no memory from the system: the arena's chunks stay the same.
static void test_warm(void)
{
    begin(THEN("add: {answer: \"www A 192.0.2.81\"}, delay: 1s"));
    struct fdns_arena arena = stage.arena;
    fdns_arena_init(&stage.arena, 0);
    uint8_t query[512];
    struct asked asked = {WWW, .server = "ns1.example.com"};
    size_t len = build_query(&asked, query);
    struct fdns_request request = request_of(&stage, &asked, query, len);
    const uint8_t *octets[2];
    for (unsigned i = 0; i < 2; i++) {
        fdns_arena_reset(&stage.arena);
        fdns_answer(stage.world, stage.state, &request, &stage.arena, &stage.plan);
        octets[i] = stage.plan.steps[0].octets;
    }
    CHECK(octets[0] == octets[1]);
    fdns_arena_clear(&stage.arena);
    stage.arena = arena;
    stage_clear(&stage);
}

static const struct test tests[] = {
    {"without rules the answer is honest", test_honest},
    {"rcode, with and without what is around it", test_rcode},
    {"silence and delay", test_silence_and_delay},
    {"a message without its end", test_cut},
    {"truncation over UDP", test_truncate},
    {"header flags", test_flags},
    {"records added, replaced, removed", test_sections},
    {"glue that is left stays required", test_glue_after_remove},
    {"an empty answer", test_empty},
    {"no OPT", test_no_edns},
    {"the question in lower case", test_lowercase},
    {"effects and rules act in written order", test_order},
    {"a server that is down", test_down},
    {"a warm arena is reused", test_warm},
};
SUITE(effect, tests)
