// Which queries a rule is about. The effect is always the same: SERVFAIL.
#include "unit/fakedns/asking.h"

#define RULE(when)                                                                                 \
    "base: lib/easy-dkim.yaml\nrules: [{when: {" when "}, then: {rcode: SERVFAIL}}]\n"
#define WWW        .name = "www.example.com", .type = "A"
#define FIRES(...) CHECK_TEXT("SERVFAIL", ASK(&stage, __VA_ARGS__))
#define RESTS(...) CHECK_CONTAINS("NOERROR", ASK(&stage, __VA_ARGS__))

static struct stage stage;

static void begin(const char *yaml)
{
    stage_init(&stage, yaml);
    CHECK_TEXT("", stage_messages(&stage));
}

static void test_name_and_type(void)
{
    begin(RULE("zone: example.com, name: '*._domainkey.example.com', type: TXT"));
    FIRES(.name = "example._domainkey.example.com", .type = "TXT");
    FIRES(.name = "EXAMPLE._domainkey.example.com", .type = "TXT");
    RESTS(.name = "example._domainkey.example.com", .type = "CNAME");
    RESTS(.name = "_amazonses.example.com", .type = "TXT");
    stage_clear(&stage);
}

static void test_zone(void)
{
    begin(RULE("zone: com"));
    FIRES(.server = "a.nic.com", .name = "www.example.com", .type = "A");
    RESTS(WWW); // the zone of the server that answers is example.com
    stage_clear(&stage);
}

static void test_server_and_address(void)
{
    begin(RULE("server: [ns2.example.com, a.nic.com]"));
    RESTS(WWW);
    FIRES(WWW, .server = "ns2.example.com");
    stage_clear(&stage);
    begin(RULE("address: '2001:db8::1'"));
    RESTS(WWW, .address = 0);
    FIRES(WWW, .address = 1);
    stage_clear(&stage);
}

static void test_transport(void)
{
    begin(RULE("transport: tcp"));
    RESTS(WWW);
    FIRES(WWW, .transport = FDNS_TCP);
    stage_clear(&stage);
}

static void test_edns_and_flags(void)
{
    begin(RULE("edns: yes"));
    RESTS(WWW);
    CHECK_TEXT("SERVFAIL opt", ASK(&stage, WWW, .edns = 1232));
    stage_clear(&stage);
    begin(RULE("edns: no"));
    FIRES(WWW);
    RESTS(WWW, .edns = 1232);
    stage_clear(&stage);
    begin(RULE("flags: [RD, no-CD]"));
    RESTS(WWW);
    FIRES(WWW, .flags = FDNS_RD);
    RESTS(WWW, .flags = FDNS_RD | FDNS_CD);
    stage_clear(&stage);
    begin(RULE("flags: [DO]"));
    RESTS(WWW, .edns = 1232);
    CHECK_TEXT("SERVFAIL opt", ASK(&stage, WWW, .edns = 1232, .edns_flags = FDNS_EDNS_DO));
    stage_clear(&stage);
}

static void test_opcode_and_class(void)
{
    begin(RULE("opcode: NOTIFY"));
    RESTS(WWW);
    FIRES(WWW, .flags = FDNS_OPCODE_NOTIFY << 11);
    stage_clear(&stage);
    begin(RULE("class: CH"));
    RESTS(WWW);
    stage_clear(&stage);
}

static void test_time(void)
{
    begin(RULE("from: 1h, until: 24h"));
    RESTS(WWW, .at = "59m");
    FIRES(WWW, .at = "1h");
    FIRES(WWW, .at = "23h59m");
    RESTS(WWW, .at = "24h");
    stage_clear(&stage);
}

static void test_counting(void)
{
    begin(RULE("type: A, nth: 2"));
    RESTS(WWW);
    RESTS(.name = "www.example.com", .type = "TXT"); // does not count
    FIRES(WWW);
    RESTS(WWW);
    stage_clear(&stage);
    begin(RULE("first: 1"));
    FIRES(WWW);
    RESTS(WWW);
    stage_clear(&stage);
    begin(RULE("from-nth: 2"));
    RESTS(WWW);
    FIRES(WWW);
    FIRES(WWW);
    stage_clear(&stage);
    begin(RULE("every: 2"));
    RESTS(WWW);
    FIRES(WWW);
    RESTS(WWW);
    FIRES(WWW);
    stage_clear(&stage);
}

static void test_scopes(void)
{
    begin(RULE("first: 1, per: server"));
    FIRES(WWW);
    FIRES(WWW, .server = "ns2.example.com");
    RESTS(WWW);
    stage_clear(&stage);
    begin(RULE("first: 1, per: client"));
    FIRES(WWW, .client = 1);
    FIRES(WWW, .client = 2);
    RESTS(WWW, .client = 1);
    stage_clear(&stage);
    begin(RULE("first: 1, per: connection"));
    FIRES(WWW, .transport = FDNS_TCP, .connection = 1);
    RESTS(WWW, .transport = FDNS_TCP, .connection = 1);
    FIRES(WWW, .transport = FDNS_TCP, .connection = 2);
    stage_clear(&stage);
}

static void test_switches(void)
{
    begin("base: lib/easy-dkim.yaml\n"
          "rules:\n"
          "  - { name: txt, when: { type: TXT }, then: { rcode: SERVFAIL } }\n"
          "  - { name: a, enabled: no, when: { type: A }, then: { rcode: SERVFAIL } }\n"
          "events:\n"
          "  - { at: 1h, rule: a, rules: on }\n"
          "  - { at: 24h, server: ns2.example.com, rules: off }\n"
          "  - { at: 48h, rules: off }\n"
          "  - { at: 72h, rule: txt, rules: on, server: [ns1.example.com] }\n");
#define TXT .name = "example.com", .type = "TXT"
    RESTS(WWW);
    FIRES(TXT);
    FIRES(WWW, .at = "1h");
    FIRES(TXT, .at = "24h");
    RESTS(TXT, .at = "24h", .server = "ns2.example.com");
    RESTS(WWW, .at = "24h", .server = "ns2.example.com");
    RESTS(TXT, .at = "48h");
    FIRES(TXT, .at = "72h");
    RESTS(WWW, .at = "72h");
    RESTS(TXT, .at = "72h", .server = "ns2.example.com");
    stage_clear(&stage);
}

static void test_resolver_only(void)
{
    begin(RULE("server: resolver"));
    RESTS(WWW);
    stage_clear(&stage);
}

static const struct test tests[] = {
    {"name and type", test_name_and_type},
    {"the zone that answers", test_zone},
    {"server and address", test_server_and_address},
    {"transport", test_transport},
    {"EDNS and flags", test_edns_and_flags},
    {"opcode and class", test_opcode_and_class},
    {"time window", test_time},
    {"n-th, first, from the n-th, every n-th", test_counting},
    {"counters by server, client, connection", test_scopes},
    {"events switch rules", test_switches},
    {"a rule about the resolver leaves servers alone", test_resolver_only},
};
SUITE(trigger, tests)
