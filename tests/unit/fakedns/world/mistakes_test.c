// What people write wrong: each message with its place.
#include "unit/fakedns/worlds.h"

#define BASE "base: lib/easy-dkim.yaml\n"

// The text must give no world, and this message.
static void expect_error(const char *yaml, const char *message)
{
    struct stage stage;
    stage_init(&stage, yaml);
    CHECK(stage.world == NULL);
    CHECK_CONTAINS(message, stage_messages(&stage));
    stage_clear(&stage);
}

static void expect_warning(const char *yaml, const char *message)
{
    struct stage stage;
    stage_init(&stage, yaml);
    CHECK(stage.world != NULL);
    CHECK_CONTAINS("warning: ", stage_messages(&stage));
    CHECK_CONTAINS(message, stage_messages(&stage));
    stage_clear(&stage);
}

static void test_words(void)
{
    expect_error(BASE "rule: []\n", "unit.yaml:2:1: error: unknown key \"rule\" (did you mean "
                                    "\"rules\"?)");
    expect_error(BASE "rules: [{then: {rcode: SERVFIAL}}]\n", "2:24: error: \"SERVFIAL\"");
    expect_error(BASE "rules: [{then: {set: [XX]}}]\n", "2:23: error");
    expect_error(BASE "rules: [{when: {type: TXT}}]\n", "\"then\" is required here");
    expect_error(BASE "rules: [{when: {server: ns3.example.com}, then: {drop: yes}}]\n",
                 "2:25: error: the world has no server \"ns3.example.com\" (did you mean");
    expect_error(BASE "rules: [{when: {nth: 1, first: 2}, then: {drop: yes}}]\n", "`nth`");
    expect_error(BASE "rules: [{when: {name: a..b}, then: {drop: yes}}]\n", "2:23: error");
    expect_error(BASE "rules: [{when: {type: TXT}, then: {tcp: refuse}}]\n",
                 "`type` cannot be matched");
    expect_error(BASE "rules: [{when: {nth: 1}, then: {tcp: refuse}}]\n", "not counted");
    expect_error(BASE "rules: [{then: {add: {answer: \"a TXT\"}}}]\n", "2:");
    expect_error(BASE "rules: [{then: {remove: {answer: [a NIX]}}}]\n", "2:35: error: \"a NIX\"");
    expect_error(BASE "rules: [{name: a, then: {drop: yes}}, {name: a, then: {drop: yes}}]\n",
                 "2:46: error: there is a rule with the name");
}

// What each word of a rule refuses, in a table: the rule's text behind `- `, which is line 3 and
// column 5 of the file, and the message.
static const struct {
    const char *rule, *message;
} bad_rules[] = {
    {"{when: {client: 192.0.2.0/33}, then: {drop: yes}}", "3:21: error: \"192.0.2.0/33\""},
    {"{when: {client: \"192.0.2.1:53\"}, then: {drop: yes}}", "without a port"},
    {"{when: {ecs: 300.0.2.0/24}, then: {drop: yes}}", "3:18: error"},
    {"{when: {udp-size: 5..4}, then: {drop: yes}}", "write 512, 512..1232, 1232.. or ..511"},
    {"{when: {edns-version: ..}, then: {drop: yes}}", "3:27: error"},
    {"{when: {answer-size: many}, then: {drop: yes}}", "3:26: error"},
    {"{when: {edns-option: NSDI}, then: {drop: yes}}", "write a mnemonic like NSID"},
    {"{when: {chance: 0%}, then: {drop: yes}}", "above 0 and at most 100"},
    {"{when: {chance: 100.1%}, then: {drop: yes}}", "3:21: error"},
    {"{when: {chance: 5}, then: {drop: yes}}", "3:21: error"},
    {"{when: {name-case: a..b}, then: {drop: yes}}", "3:24: error: \"a..b\" is no domain name"},
    {"{when: {answer-has: a NIX}, then: {drop: yes}}", "3:25: error: \"a NIX\" has no RR type"},
    {"{when: {answer-rcode: NIX}, then: {drop: yes}}", "3:27: error"},
    {"{when: {chance: 5%}, then: {tcp: refuse}}", "`chance` beside it"},
    {"{when: {any: []}, then: {drop: yes}}", "3:18: error"},
    {"{when: {any: [{nth: 1}]}, then: {drop: yes}}", "3:25: error: `nth` is about the whole rule"},
    {"{when: {not: {typ: A}}, then: {drop: yes}}", "did you mean \"type\"?"},
    {"{when: {not: {any: [{name: a..b}]}}, then: {drop: yes}}", "3:32: error: \"a..b\""},
    {"{name: one, when: {after: onee}, then: {drop: yes}}", "3:31: error: no rule has the name"},
    {"{name: one, when: {after: onee}, then: {drop: yes}}", "(did you mean \"one\"?)"},
    {"{when: {after: {times: 2}}, then: {drop: yes}}", "\"rule\" is required here"},
    {"{when: {answer-kind: no-data}, then: {drop: yes}}", "did you mean \"nodata\"?"},
    {"{when: {cookie: bad}, then: {drop: yes}}", "3:21: error"},
    {"{when: {family: ip6}, then: {drop: yes}}", "did you mean \"ipv6\"?"},
    {"{when: {tsig: a..b}, then: {drop: yes}}", "3:19: error: \"a..b\" is no domain name"},
    {"{when: {malformed: maybe}, then: {drop: yes}}", "3:24: error"},
    {"{when: {questions: -1}, then: {drop: yes}}", "3:24: error"},
    {"{when: {query-size: 1-2}, then: {drop: yes}}", "3:25: error"},
    {"{then: {counts: {answers: 1}}}", "did you mean \"answer\"?"},
    {"{then: {counts: {answer: 70000}}}", "3:30: error"},
    {"{then: {copy: [DO]}}", "3:20: error"},
    {"{then: {opcode: 16}}", "3:21: error"},
    {"{then: {cut: 3}}", "3:13: error: unknown key \"cut\""},
    {"{then: {bad-name: lop}}", "did you mean \"loop\"?"},
    {"{then: {bad-name: {of: A}}}", "\"as\" is required here"},
    {"{then: {class: NIX}}", "3:20: error"},
    {"{then: {class: {of: A}}}", "\"to\" is required here"},
    {"{then: {compress: al}}", "did you mean \"all\"?"},
    {"{then: {delay: {at-least: 3s, at-most: 2s}}}", "3:20: error: `at-most` is less than"},
    {"{then: {delay: {at-least: 3}}}", "3:31: error"},
    {"{then: {delay: {reverse: yes}}}", "3:20: error: `reverse` needs an `until`"},
    {"{then: {duplicate: 0}}", "3:24: error"},
    {"{then: {front-cache: often}}", "3:26: error"},
    {"{then: {flatten: maybe}}", "3:22: error"},
    {"{then: {octets: {raw: \"0\"}}}", "3:27: error"},
    {"{then: {octets: {replace: {hex: 00}}}}", "\"at\" is required here"},
    {"{then: {octets: {insert: {before: question, hex: 00}}}}", "3:39: error"},
    {"{then: {octets: {flip: 0}}}", "3:28: error"},
    {"{then: {octets: {keep: -1}}}", "3:28: error"},
    {"{then: {order: rotated}}", "did you mean \"rotate\"?"},
    {"{then: {owner: a..b}}", "3:20: error: \"a..b\" is no domain name"},
    {"{then: {owner: {lose: 128}}}", "3:27: error"},
    {"{then: {target: {append: a..b}}}", "3:30: error: \"a..b\" is no domain name"},
    {"{then: {target: {case: Upper}}}", "did you mean \"upper\"?"},
    {"{then: {rdata: {type: A, length: 3}}}", "3:38: error: `length` looks for records"},
    {"{then: {rdata: {hex: xx}}}", "3:26: error"},
    {"{then: {txt: {split: 256}}}", "3:26: error"},
    {"{then: {txt: {truncated: 3}}}", "did you mean \"truncate\"?"},
    {"{then: {txt: {insert: {text: x}}}}", "\"at\" is required here"},
    {"{then: {txt: {empty: middle}}}", "3:26: error"},
    {"{when: {client: 127.0.0.1}, then: {tcp: refuse}}", "`client` cannot be matched"},
    {"{then: {id: 65536}}", "3:17: error: \"65536\" is no number or change of it"},
    {"{then: {id: ++1}}", "write 0 to 65535, or +1 or -1"},
    {"{then: {question: omits}}", "did you mean \"omit\"?"},
    {"{then: {question: {case: lowr}}}", "did you mean \"lower\"?"},
    {"{then: {question: {name: a..b}}}", "3:30: error: \"a..b\" is no domain name"},
    {"{then: {question: {type: NIX}}}", "3:30: error"},
    {"{then: {edns: no}}", "3:19: error"},
    {"{then: {edns: {version: 256}}}", "3:29: error"},
    {"{then: {edns: {flags: [D0]}}}", "write DO, CO, or bits like 0x0001"},
    {"{then: {edns: {flags: [0x80000]}}}", "3:28: error"},
    {"{then: {edns: {cookie: servr}}}", "did you mean \"server\"?"},
    {"{then: {edns: {ede: {text: x}}}}", "3:25: error: \"code\" is required here"},
    {"{then: {edns: {options: [{code: NSID, hex: abc}]}}}", "two hexadecimal digits an octet"},
    {"{then: {edns: {padding: 65536}}}", "a whole number from 0 to 65500"},
    {"{then: {edns: {place: middle}}}", "3:27: error"},
    {"{then: {ttl: -1}}", "3:18: error"},
    {"{then: {ttl: {of: a NIX}}}", "3:23: error"},
    {"{then: {ttl: {section: answers}}}", "did you mean \"answer\"?"},
    {"{then: {cut-answer: 0}}", "3:25: error"},
    {"{then: {cut-answer: {of: A}}}", "\"left\" is required here"},
    {"{then: {rate-limit: {slip: 2}}}", "\"per-second\" is required here"},
    {"{then: {rate-limit: 0}}", "3:25: error"},
    {"{then: {size-limit: 0}}", "3:25: error"},
    {"{then: {connection: rest}}", "3:25: error: \"rest\""},
    {"{then: {frame: {length: 65536}}}", "3:29: error: \"65536\" is no number or change of it"},
    {"{then: {frame: {keep: most}}}", "3:27: error"},
    {"{then: {gather: 1}}", "3:21: error"},
    {"{then: {gather: {reverse: yes}}}", "3:21: error: \"answers\" is required here"},
    {"{then: {segments: 0}}", "3:23: error"},
    {"{then: {segments: {gap: 1s}}}", "3:23: error: \"octets\" is required here"},
    {"{then: {segments: {octets: 1, gap: 0ms}}}", "3:40: error: a `gap` has to be 1ms or more"},
    {"{then: {tcp: rst}}", "3:18: error"},
    {"{then: {tcp: {limit: 0}}}", "3:26: error"},
    {"{then: {tcp: {idle: 0s}}}", "3:25: error: `idle` must be longer than nothing"},
    {"{when: {type: A}, then: {tcp: {limit: 1}}}", "3:35: error: `tcp` is about connections"},
    {"{then: {udp: hang}}", "3:18: error"},
    {"{then: {copies: 0}}", "3:21: error"},
    {"{then: {copies: {gap: 1s}}}", "3:21: error: \"times\" is required here"},
    {"{then: {reply-port: 5353}}", "3:25: error"},
    {"{then: {source: 192.0.2.0/24}}", "3:21: error"},
    {"{then: {source: {prot: 9}}}", "did you mean \"port\"?"},
    {"{then: {source: {port: 0}}}", "3:28: error"},
    {"{then: {other: {id: 1}}}", "3:20: error: \"then\" is required here"},
    {"{then: {other: {then: {rcode: SERVFIAL}}}}", "3:35: error: \"SERVFIAL\""},
    {"{then: {other: {then: {tcp: hang}}}}", "3:28: error: `tcp` is about the whole rule"},
    {"{then: {other: {then: {other: {then: {id: 1}}}}}}", "`other` is about the whole rule"},
    {"{then: {other: []}}", "3:20: error"},
    {"{when: {first: 2}, then: {udp: refuse}}", "3:36: error: `udp` is about ports, which are not"},
    {"{when: {type: A}, then: {udp: refuse}}", "which ask nothing yet: `type` cannot be matched"},
};

static void test_rules(void)
{
    for (size_t i = 0; i < sizeof bad_rules / sizeof *bad_rules; i++) {
        char yaml[512];
        snprintf(yaml, sizeof yaml, BASE "rules:\n  - %s\n", bad_rules[i].rule);
        expect_error(yaml, bad_rules[i].message);
    }
}

static void test_rules_that_never_match(void)
{
    static const char *const rules[] = {
        "{name: a, when: {after: a}, then: {drop: yes}}",
        "{when: {server: a.nic.com, zone: example.com}, then: {drop: yes}}",
        "{when: {server: [a.nic.com, a.root-servers.net], zone: [example.com]}, then: {drop: yes}}",
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        char yaml[512];
        snprintf(yaml, sizeof yaml, BASE "rules:\n  - %s\n", rules[i]);
        expect_warning(yaml, "the rule can never match");
    }
}

// A server that holds neither a zone nor one above it refuses questions about it: that can match.
static void test_rules_that_may_match(void)
{
    static const char *const rules[] = {
        "{when: {server: ns1.amazonses.com, zone: example.com}, then: {drop: yes}}",
        "{when: {server: [a.nic.com, ns1.example.com], zone: example.com}, then: {drop: yes}}",
        "{when: {server: resolver, zone: example.com}, then: {drop: yes}}",
        "{when: {not: {name: outside.test}}, then: {drop: yes}}",
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        char yaml[512];
        struct stage stage;
        snprintf(yaml, sizeof yaml, BASE "rules:\n  - %s\n", rules[i]);
        stage_init(&stage, yaml);
        CHECK_TEXT("", stage_messages(&stage));
        stage_clear(&stage);
    }
}

static void test_zones(void)
{
    expect_error(BASE "zones:\n  example.com:\n    add: |\n      good A 192.0.2.9\n"
                      "      bad  A 192.0.2\n",
                 "unit.yaml:6:14: error");
    expect_error(BASE "zones:\n  example.com:\n    remove: [ www A, nix A ]\n",
                 "4:22: error: there is no A of nix.example.com. to remove");
    expect_error(BASE "zones:\n  example.com:\n    remove: [ www NIX ]\n", "4:15: error");
    expect_error(BASE "zones:\n  example.com:\n    add: |\n"
                      "      token2._domainkey TXT key\n",
                 "5:7: error");
    expect_error(BASE "zones:\n  exmaple.com:\n    remove: [ www A ]\n",
                 "3:3: error: the world has no zone \"exmaple.com\" (did you mean "
                 "\"example.com\"?)");
    expect_error(BASE "zones:\n  a..b: x\n", "3:3: error: \"a..b\" is no domain name");
    expect_error(BASE "zones:\n  example.com: { file: nonexistent.zone }\n",
                 "3:24: error: there is no file");
    expect_error(BASE "zones:\n  example.com: { file: a, text: b }\n", "either");
}

static void test_servers(void)
{
    expect_error(BASE "servers:\n  ns4: { zones: [com] }\n", "3:3: error: the server has no");
    expect_error(BASE "servers:\n  ns4: { addresses: [192.0.2.1] }\n",
                 "192.0.2.1:53 is already an address of ns1.example.com");
    expect_error(BASE "servers:\n  ns4: { addresses: [192.0.2.9], zones: [con] }\n",
                 "3:42: error: the world has no zone \"con\" (did you mean \"com\"?)");
    expect_error(BASE "servers:\n  ns4: { addresses: [192.0.2.1.1] }\n", "3:22: error");
    expect_error(BASE "servers:\n  ns4: { addresses: [192.0.2.9, \"192.0.2.9:53\"] }\n",
                 "is given twice");
    expect_error(BASE "servers:\n  resolver: { addresses: [192.0.2.9] }\n", "cannot be the name");
}

static void test_events(void)
{
    expect_error(BASE "events: [{at: 1h, add: \"x A 192.0.2.9\"}]\n", "need `zone`");
    expect_error(BASE "events: [{at: 1h, zone: example.com}]\n", "what happens to it");
    expect_error(BASE "events: [{at: 1h}]\n", "2:10: error: nothing happens");
    expect_error(BASE "events: [{at: 1h, down: yes}]\n", "needs `server`");
    expect_error(BASE "events: [{at: 1h, server: ns1.example.com, zone: com, unload: yes}]\n",
                 "ns1.example.com does not hold the zone com");
    expect_error(BASE "events: [{at: 1h, rule: x, rules: on}]\n", "no rule with the name \"x\"");
    expect_error(BASE "events: [{at: 1h, rule: x}]\n", "`rule` needs");
    expect_error(BASE "events:\n  - { at: 1h, zone: example.com, remove: [ www A ] }\n"
                      "  - { at: 2h, zone: example.com, remove: [ www A ] }\n",
                 "4:44: error: there is no A of www.example.com. to remove");
}

// Ceilings: a file cannot make a world of any size.
static void test_too_many(void)
{
    struct fdns_buf yaml;
    fdns_buf_init(&yaml, 1 << 20);
    fdns_buf_string(&yaml, BASE "rules:\n");
    for (unsigned i = 0; i < 1001; i++)
        fdns_buf_string(&yaml, "  - { then: { drop: yes } }\n");
    expect_error(fdns_buf_text(&yaml), "3:3: error: too many rules");
    fdns_buf_reset(&yaml);
    fdns_buf_string(&yaml, BASE "events:\n");
    for (unsigned i = 0; i < 1001; i++)
        fdns_buf_string(&yaml, "  - { at: 1h, rules: off }\n");
    expect_error(fdns_buf_text(&yaml), "3:3: error: too many events");
    fdns_buf_reset(&yaml);
    fdns_buf_string(&yaml, "zones:\n  big: |\n    @ SOA a b 1 2 3 4 5\n    @ NS a\n");
    for (unsigned i = 0; i < 1200; i++)
        fdns_buf_format(&yaml, "    n%u A 192.0.2.1\n", i);
    fdns_buf_string(&yaml, "servers: { s: { addresses: [192.0.2.1], zones: [big] } }\nevents:\n");
    for (unsigned i = 0; i < 1000; i++)
        fdns_buf_format(&yaml, "  - { at: %us, zone: big, add: \"x%u A 192.0.2.1\" }\n", i, i);
    expect_error(fdns_buf_text(&yaml), "have more than 250000 records");
    fdns_buf_clear(&yaml);
}

static void test_never(void)
{
    expect_warning(BASE "rules: [{when: {type: []}, then: {drop: yes}}]\n",
                   "2:23: warning: the rule can never match: the list is empty");
    expect_warning(BASE "rules: [{when: {from: 2h, until: 1h}, then: {drop: yes}}]\n", "not after");
    expect_warning(BASE "rules: [{when: {zone: example.org}, then: {drop: yes}}]\n",
                   "the world has no zone");
    expect_warning(BASE "rules: [{when: {zone: com, name: a.example.net}, then: {drop: yes}}]\n",
                   "outside the zone");
    expect_warning(BASE "rules: [{when: {address: 192.0.2.99}, then: {drop: yes}}]\n",
                   "no server has the address");
    expect_warning(BASE "rules: [{when: {first: 1, from-nth: 2}, then: {drop: yes}}]\n",
                   "ends before");
    expect_warning(BASE "rules: [{when: {flags: [RD, no-RD]}, then: {drop: yes}}]\n", "a flag");
    expect_warning(BASE "rules: [{enabled: no, then: {drop: yes}}]\n", "no event switches it on");
    expect_warning("zones:\n  a: |\n    @ SOA a a 1 2 3 4 5\n    @ NS a\nrules:\n"
                   "  - { when: { name: x.b }, then: { drop: yes } }\n",
                   "outside every zone");
    expect_warning("zones:\n  a: |\n    @ SOA a a 1 2 3 4 5\n    @ NS a\n",
                   "2:3: warning: no server holds the zone a");
}

static void test_base(void)
{
    expect_error("base: lib/nonexistent.yaml\n", "1:7: error: the base");
    expect_error("base: ../tests/unit/fakedns/world/data/cycle-a.yaml\n", "builds on itself");
    expect_error("base: ../tests/unit/fakedns/world/data/bad-base.yaml\n",
                 "bad-base.yaml:5:10: error");
    expect_error(
        "base: ../tests/unit/fakedns/world/data/bad-base.yaml\n",
        "unit.yaml:1:7: error: the base \"../tests/unit/fakedns/world/data/bad-base.yaml\" "
        "has mistakes");
}

// An event of the base that no longer fits is reported where it stands.
static void test_base_event(void)
{
    expect_error("base: ../tests/unit/fakedns/world/data/event.yaml\n"
                 "zones: { example.com: { remove: [ www A ] } }\n",
                 "event.yaml:3:44: error: there is no A of www.example.com. to remove");
}

static const struct test tests[] = {
    {"what rules refuse", test_rules},
    {"rules that can never match", test_rules_that_never_match},
    {"rules that seem so, and can", test_rules_that_may_match},
    {"words of rules", test_words},
    {"zones", test_zones},
    {"servers", test_servers},
    {"events", test_events},
    {"more than a world may have", test_too_many},
    {"rules that can never match", test_never},
    {"bases that are missing, cyclic or wrong", test_base},
    {"an event of the base that does not fit", test_base_event},
};
SUITE(mistakes, tests)
