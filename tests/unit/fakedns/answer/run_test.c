// What depends on time, on chance and on what was asked before.
#include "unit/fakedns/asking.h"

#define RULE(when, then) "base: lib/easy-dkim.yaml\nrules: [{when: {" when "}, then: {" then "}}]\n"
#define WWW              .name = "www.example.com", .type = "A"

static struct stage stage;

static void begin(const char *yaml)
{
    stage_init(&stage, yaml);
    CHECK_TEXT("", stage_messages(&stage));
}

// A letter for each of n queries: d dropped, t truncated, a answered.
static const char *outcomes(unsigned n, const char *at)
{
    static char found[64];
    for (unsigned i = 0; i < n; i++) {
        const char *line = ASK(&stage, WWW, .at = at);
        found[i] = strcmp(line, "silence") == 0 ? 'd' : strstr(line, " tc") != NULL ? 't' : 'a';
        found[i + 1] = '\0';
    }
    return found;
}

static void test_chance(void)
{
    char first[64];
    begin(RULE("chance: 50%", "drop: yes"));
    snprintf(first, sizeof first, "%s", outcomes(60, "0s"));
    CHECK(strchr(first, 'd') != NULL && strchr(first, 'a') != NULL);
    fdns_world_state_reset(stage.state);
    CHECK_TEXT(first, outcomes(60, "0s"));
    fdns_world_state_free(stage.state);
    stage.state = fdns_world_state_new(stage.world, 2);
    CHECK(strcmp(first, outcomes(60, "0s")) != 0);
    stage_clear(&stage);
    begin(RULE("chance: 100%", "drop: yes"));
    CHECK_TEXT("dddd", outcomes(4, "0s"));
    stage_clear(&stage);
}

// Another rule's draws change nothing.
static void test_chance_alone(void)
{
    char alone[64];
    begin("base: lib/easy-dkim.yaml\nrules:\n"
          "  - { when: { chance: 30% }, then: { drop: yes } }\n");
    snprintf(alone, sizeof alone, "%s", outcomes(60, "0s"));
    stage_clear(&stage);
    begin("base: lib/easy-dkim.yaml\nrules:\n"
          "  - { when: { chance: 30% }, then: { drop: yes } }\n"
          "  - { when: { chance: 60% }, then: { question: { case: random } } }\n");
    CHECK_TEXT(alone, outcomes(60, "0s"));
    stage_clear(&stage);
}

// Of every second query, some; counting comes first.
static void test_chance_of_some(void)
{
    begin(RULE("every: 2, chance: 100%", "drop: yes"));
    CHECK_TEXT("adadad", outcomes(6, "0s"));
    stage_clear(&stage);
}

static void test_rate(void)
{
    begin(RULE("", "rate-limit: { per-second: 3, slip: 2 }"));
    CHECK_TEXT("aaadtdt", outcomes(7, "0s"));
    CHECK_TEXT("adt", outcomes(3, "334ms"));
    CHECK_TEXT("aaad", outcomes(4, "1h"));
    CHECK_TEXT("NOERROR aa | AN www.example.com. 300 A 192.0.2.80",
               ASK(&stage, WWW, .at = "1h", .transport = FDNS_TCP));
    stage_clear(&stage);
    begin(RULE("per: client", "rate-limit: 1"));
    CHECK_TEXT("ad", outcomes(2, "0s"));
    CHECK_CONTAINS("NOERROR", ASK(&stage, WWW, .client = 9));
    CHECK_TEXT("silence", ASK(&stage, WWW, .client = 9));
    CHECK_TEXT("rule 1 at line 2", stage.plan.rule);
    stage_clear(&stage);
}

static void test_after(void)
{
    begin("base: lib/easy-dkim.yaml\nrules:\n"
          "  - { when: { after: { rule: second, times: 2 } }, then: { rcode: REFUSED } }\n"
          "  - { name: second, when: { type: A }, then: { set: [RA] } }\n");
    CHECK_CONTAINS("NOERROR aa ra", ASK(&stage, WWW));
    CHECK_CONTAINS("NOERROR aa ra", ASK(&stage, WWW));
    CHECK_TEXT("REFUSED ra", ASK(&stage, WWW));
    fdns_world_state_reset(stage.state);
    CHECK_CONTAINS("NOERROR aa ra", ASK(&stage, WWW));
    stage_clear(&stage);
}

static int64_t delay_at(const char *at)
{
    ASK(&stage, WWW, .at = at);
    return stage.plan.steps[0].delay_us;
}

static void test_delay(void)
{
    begin(RULE("", "delay: { until: 1h }"));
    CHECK_INT(INT64_C(3600000000), delay_at("0s"));
    CHECK_INT(INT64_C(60000000), delay_at("59m"));
    CHECK_INT(0, delay_at("1h"));
    CHECK_INT(0, delay_at("2h"));
    stage_clear(&stage);
    // who asked first is answered last
    begin(RULE("", "delay: { until: 1h, reverse: yes }"));
    int64_t first_us = delay_at("0s"), second_us = 1000000 + delay_at("1s");
    CHECK(first_us > second_us && second_us > INT64_C(3600000000));
    stage_clear(&stage);
}

static void test_jitter(void)
{
    int64_t first[20];
    bool differ = false;
    begin(RULE("", "delay: { at-least: 1s, at-most: 2s }"));
    for (unsigned i = 0; i < 20; i++) {
        first[i] = delay_at("0s");
        CHECK(first[i] >= 1000000 && first[i] <= 2000000);
        differ = differ || first[i] != first[0];
    }
    CHECK(differ);
    fdns_world_state_reset(stage.state);
    for (unsigned i = 0; i < 20; i++)
        CHECK_INT(first[i], delay_at("0s"));
    stage_clear(&stage);
}

static void test_count_down(void)
{
    begin(RULE("", "ttl: { count-down: yes }"));
    CHECK_CONTAINS("www.example.com. 300 A", ASK(&stage, WWW));
    CHECK_CONTAINS("www.example.com. 299 A", ASK(&stage, WWW, .at = "1s"));
    CHECK_CONTAINS("www.example.com. 1 A", ASK(&stage, WWW, .at = "299s"));
    CHECK_CONTAINS("www.example.com. 300 A", ASK(&stage, WWW, .at = "300s"));
    CHECK_CONTAINS("www.example.com. 100 A", ASK(&stage, WWW, .at = "3500s"));
    stage_clear(&stage);
    begin(RULE("", "ttl: { set: 0, count-down: yes }"));
    CHECK_CONTAINS("www.example.com. 0 A", ASK(&stage, WWW, .at = "77s"));
    stage_clear(&stage);
}

#define CACHED                                                                                     \
    "base: lib/easy-dkim.yaml\n"                                                                   \
    "rules: [{when: {zone: example.com}, then: {front-cache: yes}}]\n"                             \
    "events:\n"                                                                                    \
    "  - { at: 10s, zone: example.com, add: 'new A 192.0.2.90' }\n"                                \
    "  - { at: 20s, zone: example.com, remove: [ www A ], add: 'www A 192.0.2.99' }\n"

// What was said stays said until its TTL has run out, on the server that said it.
static void test_front_cache(void)
{
    begin(CACHED);
    CHECK_CONTAINS("NXDOMAIN", ASK(&stage, .name = "new.example.com", .type = "A"));
    CHECK_CONTAINS("www.example.com. 300 A 192.0.2.80", ASK(&stage, WWW));
    CHECK_CONTAINS("SOA", ASK(&stage, .name = "new.example.com", .type = "A", .at = "299s"));
    CHECK_CONTAINS("example.com. 1 SOA",
                   ASK(&stage, .name = "NEW.example.com", .type = "A", .at = "299s"));
    CHECK_CONTAINS("www.example.com. 250 A 192.0.2.80", ASK(&stage, WWW, .at = "50s"));
    CHECK_CONTAINS("300 A 192.0.2.99", ASK(&stage, WWW, .at = "50s", .server = "ns2.example.com"));
    CHECK_CONTAINS("new.example.com. 300 A 192.0.2.90",
                   ASK(&stage, .name = "new.example.com", .type = "A", .at = "300s"));
    CHECK_CONTAINS("300 A 192.0.2.99", ASK(&stage, WWW, .at = "300s"));
    fdns_world_state_reset(stage.state);
    CHECK_CONTAINS("300 A 192.0.2.99", ASK(&stage, WWW, .at = "30s"));
    stage_clear(&stage);
}

// Failures are not kept; a ceiling holds; rules before are behind the cache.
static void test_front_cache_limits(void)
{
    begin("base: lib/easy-dkim.yaml\nrules:\n"
          "  - { when: { zone: example.com, first: 1 }, then: { rcode: SERVFAIL } }\n"
          "  - { when: { zone: example.com }, then: { front-cache: 10s } }\n"
          "  - { when: { zone: example.com }, then: { set: [RA] } }\n"
          "events: [ { at: 1s, zone: example.com, remove: [ www A ] } ]\n");
    CHECK_TEXT("SERVFAIL ra", ASK(&stage, WWW));
    CHECK_CONTAINS("NOERROR aa ra | AN", ASK(&stage, WWW));
    CHECK_CONTAINS("NOERROR aa ra | AN www.example.com. 291 A", ASK(&stage, WWW, .at = "9s"));
    CHECK_CONTAINS("NXDOMAIN", ASK(&stage, WWW, .at = "10s"));
    stage_clear(&stage);
}

// More names than it holds: it starts again, and answers stay right.
static void test_front_cache_is_bounded(void)
{
    begin(CACHED);
    for (unsigned i = 0; i < 8000; i++) {
        char name[64];
        snprintf(name, sizeof name, "n%u.example.com", i);
        const char *line = ASK(&stage, .name = name, .type = "A");
        if (strncmp(line, "NXDOMAIN aa", 11) != 0)
            CHECK_TEXT("NXDOMAIN aa", line);
    }
    stage_clear(&stage);
}

// A rule may take the question out of the answer: the next still knows what was asked.
static void test_question_stays_known(void)
{
    begin("base: lib/easy-dkim.yaml\nrules:\n"
          "  - { then: { question: omit } }\n"
          "  - { when: { name: www.example.com, type: A }, then: { rcode: REFUSED } }\n");
    CHECK_TEXT("REFUSED", ASK(&stage, WWW));
    stage_clear(&stage);
}

// Whatever the effects do to a message, it stays within bounds and repeats.
static void test_everything_at_once(void)
{
    begin(RULE("", "txt: { split: 1, escape: abc, quote: yes }, target: { append: example.com },"
                   "owner: { append: example.com }, duplicate: 1000, order: random,"
                   "edns: { force: yes, twice: yes, echo: yes, padding: 4096, overrun: 9 },"
                   "size-limit: 65535, compress: all, rdata: { length: -1 },"
                   "counts: { answer: -1 }, bad-name: too-long,"
                   "octets: { random: 60000, flip: 100, append: '00' }"));
    uint8_t first[65535];
    for (unsigned i = 0; i < 2; i++) {
        ASK(&stage, .name = "_amazonses.example.com", .type = "TXT", .edns = 1232);
        size_t len = stage.plan.steps[0].len;
        CHECK(len <= 65535);
        if (i == 0)
            memcpy(first, stage.plan.steps[0].octets, len);
        CHECK_OCTETS(first, len, stage.plan.steps[0].octets, len);
        fdns_world_state_reset(stage.state);
    }
    stage_clear(&stage);
}

static void test_last(void)
{
    begin("base: lib/easy-dkim.yaml\nrules:\n"
          "  - { last: yes, when: { type: TXT }, then: { rcode: REFUSED } }\n"
          "  - { when: { type: TXT }, then: { drop: yes } }\n"
          "  - { last: yes, when: { type: MX, nth: 1 }, then: { rcode: NOTIMP } }\n"
          "  - { then: { rcode: SERVFAIL } }\n");
    CHECK_TEXT("REFUSED", ASK(&stage, .name = "www.example.com", .type = "TXT"));
    CHECK_TEXT("NOTIMP", ASK(&stage, .name = "www.example.com", .type = "MX"));
    CHECK_TEXT("SERVFAIL", ASK(&stage, .name = "www.example.com", .type = "MX"));
    CHECK_TEXT("SERVFAIL", ASK(&stage, WWW));
    stage_clear(&stage);
}

static const struct test tests[] = {
    {"the last rule", test_last},
    {"chance repeats with the seed", test_chance},
    {"each rule draws for itself", test_chance_alone},
    {"chance of those that are counted", test_chance_of_some},
    {"a rate limit, with slips", test_rate},
    {"after another rule", test_after},
    {"answers held back until a time", test_delay},
    {"delays drawn by chance", test_jitter},
    {"TTLs count down", test_count_down},
    {"a cache in front", test_front_cache},
    {"what it does not keep", test_front_cache_limits},
    {"it is bounded", test_front_cache_is_bounded},
    {"what was asked stays known", test_question_stays_known},
    {"everything at once stays within bounds", test_everything_at_once},
};
SUITE(run, tests)
