// How servers take questions, whatever the records: EDNS, letters, sizes, replies that are none,
// answers that do not last, views, DNSSEC and TTLs. Beside each fault stands what is like it and no
// fault.
#include "unit/harness.h"

#include <stdio.h>

#include "fakedns/base/duration.h"
#include "unit/harness/check/dkim_play.h"

#define H      *FDNS_US_PER_H
#define EASY   "base: lib/easy-dkim.yaml\n"
#define OWN    "base: lib/byodkim.yaml\n"
#define RULE   "rules:\n  - "
#define T      "example._domainkey.example.com"
#define S      "selector._domainkey.example.com"
#define THEIRS "when: { zone: example.com"

enum subject { TOKENS, KEY };

struct expected {
    const char *world;
    enum subject subject;
    const char *alarms;
    enum dc_status status;
};

static void check_cases(const struct expected *cases, size_t n, bool resolver)
{
    for (size_t i = 0; i < n; i++) {
        struct dkim_play play;
        (cases[i].subject == KEY ? dkim_play_init_byodkim : dkim_play_init)(&play, cases[i].world);
        if (resolver) {
            dkim_play_resolver(&play);
        }
        dkim_play_visit(&play, 1 H);
        check_text(cases[i].alarms, dkim_play_alarms(&play), cases[i].world, __FILE__, __LINE__);
        check_text(dc_status_text(cases[i].status), dc_status_text(play.report.status),
                   cases[i].world, __FILE__, __LINE__);
        dkim_play_clear(&play);
    }
}

#define CHECK_CASES(cases, resolver) check_cases(cases, sizeof cases / sizeof cases[0], resolver)

static void test_edns(void)
{
    static const struct expected cases[] = {
        {EASY RULE "{ " THEIRS ", edns: yes }, then: { drop: yes } }\n", TOKENS, "server/edns-drop",
         DC_STATUS_SUCCESS},
        {EASY RULE "{ " THEIRS ", edns: yes }, then: { rcode: FORMERR } }\n", TOKENS,
         "server/edns-formerr", DC_STATUS_SUCCESS},
        // a server that does not know EDNS
        {EASY RULE "{ " THEIRS ", edns: yes }, then: { rcode: FORMERR, edns: none } }\n", TOKENS,
         "", DC_STATUS_SUCCESS},
        {EASY RULE "{ " THEIRS ", edns: yes }, then: { rcode: NOTIMP, edns: none } }\n", TOKENS, "",
         DC_STATUS_SUCCESS},
        {EASY RULE "{ " THEIRS " }, then: { edns: none } }\n", TOKENS, "", DC_STATUS_SUCCESS},
        // options
        {EASY RULE "{ " THEIRS ", edns-option: 100 }, then: { drop: yes } }\n", TOKENS,
         "server/edns-option-drop", DC_STATUS_SUCCESS},
        {OWN RULE "{ " THEIRS ", edns-option: ECS }, then: { rcode: REFUSED } }\n", KEY,
         "server/edns-option-drop", DC_STATUS_SUCCESS},
        {OWN RULE "{ " THEIRS ", edns-option: [ 100, ECS ] }, then: { edns: { echo: yes } } }\n",
         KEY, "", DC_STATUS_SUCCESS},
    };
    CHECK_CASES(cases, false);
}

static void test_version(void)
{
    static const char *const thens[] = {"{ set-rcode: NOERROR }", "{ drop: yes }",
                                        "{ rcode: FORMERR }"};
    for (size_t i = 0; i < sizeof thens / sizeof thens[0]; i++) {
        struct dkim_play play;
        char world[256];
        snprintf(world, sizeof world,
                 EASY RULE "{ when: { server: ns1.example.com, edns-version: 1 }, then: %s }\n",
                 thens[i]);
        dkim_play_init(&play, world);
        dkim_play_visit(&play, 0);
        CHECK_TEXT("", dkim_play_alarms(&play));
        CHECK(dkim_play_find(&play, "server/edns-badvers-wrong", "ns1.example.com", NULL) != NULL);
        CHECK(dkim_play_find(&play, "server/edns-badvers-wrong", "ns2.example.com", NULL) == NULL);
        dkim_play_clear(&play);
    }
}

static void test_case(void)
{
    static const struct expected cases[] = {
        {EASY RULE "{ " THEIRS " }, then: { question: { case: lower } } }\n", TOKENS,
         "server/case-not-echoed", DC_STATUS_SUCCESS},
        {OWN RULE "{ " THEIRS " }, then: { question: { case: lower }, edns: none } }\n", KEY,
         "server/case-not-echoed", DC_STATUS_SUCCESS},
        {EASY RULE "{ " THEIRS ", name-case: ExAmPlE._dOmAiNkEy.ExAmPlE.cOm }, "
                   "then: { rcode: NXDOMAIN } }\n",
         TOKENS, "server/case-0x20-nxdomain", DC_STATUS_SUCCESS},
        {EASY RULE "{ " THEIRS ", name-case: ExAmPlE._dOmAiNkEy.ExAmPlE.cOm }, "
                   "then: { rcode: REFUSED } }\n",
         TOKENS, "server/case-0x20-nxdomain", DC_STATUS_SUCCESS},
        // the records in other letters
        {EASY RULE "{ " THEIRS ", name: " T " }, then: { replace: { answer: "
                   "\"EXAMPLE._domainkey.example.COM. CNAME Example.DKIM.amazonses.com.\" } } }\n",
         TOKENS, "", DC_STATUS_SUCCESS},
    };
    CHECK_CASES(cases, false);
}

static void test_negative(void)
{
    static const struct expected cases[] = {
        {EASY RULE "{ " THEIRS ", name: _domainkey.example.com }, "
                   "then: { set-rcode: NXDOMAIN } }\n",
         TOKENS, "server/ent-nxdomain", DC_STATUS_SUCCESS},
        {EASY RULE "{ " THEIRS " }, then: { remove: { authority: [ \"* SOA\" ] } } }\n", TOKENS,
         "server/negative-no-soa", DC_STATUS_SUCCESS},
        {OWN RULE "{ " THEIRS ", answer-rcode: NXDOMAIN }, "
                  "then: { remove: { authority: [ \"* SOA\" ] } } }\n",
         KEY, "server/negative-no-soa", DC_STATUS_SUCCESS},
        // an old policy record above the key
        {OWN "zones:\n  example.com:\n    add: |\n      _domainkey TXT \"o=~\"\n", KEY, "",
         DC_STATUS_SUCCESS},
        // a wildcard beside the key does not answer below it
        {OWN "zones:\n  example.com:\n    add: |\n      *._domainkey A 192.0.2.7\n", KEY, "",
         DC_STATUS_SUCCESS},
    };
    CHECK_CASES(cases, false);
    struct dkim_play play;
    dkim_play_init(&play, EASY RULE "{ " THEIRS " }, then: { set-rcode: NOERROR } }\n");
    dkim_play_visit(&play, 0);
    CHECK_TEXT("", dkim_play_alarms(&play));
    CHECK(dkim_play_find(&play, "server/nodata-for-missing", "ns2.example.com", NULL) != NULL);
    dkim_play_clear(&play);
}

static void test_authority(void)
{
    static const struct expected cases[] = {
        {EASY RULE "{ when: { server: ns2.example.com }, "
                   "then: { clear: [AA], set: [RA], ttl: { count-down: yes } } }\n",
         TOKENS, "server/recursive-instead-of-auth", DC_STATUS_SUCCESS},
        {EASY RULE "{ when: { server: ns2.example.com }, then: { clear: [AA], set: [RA] } }\n",
         TOKENS, "server/aa-missing", DC_STATUS_SUCCESS},
        {EASY RULE "{ when: { server: ns2.example.com }, then: { set: [RA] } }\n", TOKENS, "",
         DC_STATUS_SUCCESS},
    };
    CHECK_CASES(cases, false);
}

#define KEY_2048                                                                                   \
    "zones:\n  example.com:\n    remove: [ selector._domainkey ]\n    add: |\n"                    \
    "      selector._domainkey TXT ( \"v=DKIM1; n=a note that makes it long, so that it does not " \
    "fit; p=\"\n"                                                                                  \
    "        \"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAnjlr7HYoE8qOgg6rUrAcHCxQ0L3DfHkhpXWEQ9" \
    "8DOb2+JXR8xBBm4MYlTPVMQ6PaoDIezhkpT0gYfKLGD+Uds4VVfeMG4r1y/6lhrjHOONaEGslpy+L8+y6yMrhb5ih"    \
    "hdn8+rl/WK4TgD4PdWQxmreE2/G\"\n"                                                              \
    "        \"YAjBsVaUUMpVa14mkoSzOqKSu7h39KrviN74YLa7ljhvBhWThn4FjDOIBP2CDOuY5Wf++kq/5pBkB1w9rB" \
    "SWc4D296JuKXomP6lukGy+PF2RCQ73uBIvd9sYmE/OhLWflpfjifzfDu6vIXjMUyE+Er3p3fxN5fl5mjt0cOa+QVx"    \
    "k/TLvFmGLYTPV2LvQIDAQAB\" )\n"

static void test_size(void)
{
    static const struct expected cases[] = {
        {OWN KEY_2048, KEY, "", DC_STATUS_SUCCESS},
        {OWN KEY_2048 RULE "{ " THEIRS ", transport: udp, answer-size: \"513..\", edns: yes }, "
                           "then: { drop: yes } }\n",
         KEY, "server/udp-oversize-drop", DC_STATUS_SUCCESS},
        // it does not fit, TC says so, and TCP has it
        {OWN KEY_2048 RULE "{ " THEIRS ", transport: udp }, then: { size-limit: 512 } }\n", KEY, "",
         DC_STATUS_SUCCESS},
        {OWN KEY_2048 RULE "{ " THEIRS ", transport: udp }, then: { size-limit: 512 } }\n"
                           "  - { when: { server: [ ns1.example.com, ns2.example.com ] }, "
                           "then: { tcp: hang } }\n",
         KEY, "server/tcp-short-or-hang", DC_STATUS_PENDING},
        {OWN KEY_2048 RULE "{ " THEIRS ", transport: udp }, then: { size-limit: 512 } }\n"
                           "  - { when: { server: [ ns1.example.com, ns2.example.com ] }, "
                           "then: { tcp: refuse } }\n",
         KEY, "server/tc-no-tcp", DC_STATUS_PENDING},
        // cut without TC: the message, and the record in it
        {OWN RULE "{ " THEIRS ", type: TXT, answer-has: TXT, transport: udp }, "
                  "then: { edns: none, octets: { cut: 20 } } }\n",
         KEY, "server/truncate-without-tc", DC_STATUS_PENDING},
        {OWN RULE "{ " THEIRS ", name: " S ", type: TXT, transport: udp }, then: { replace: { "
                  "answer: '" S
                  ". TXT \"p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCgzNWMI\"' } } }\n",
         KEY, "server/truncate-without-tc", DC_STATUS_PENDING},
        // the record itself is cut, and TCP has no more
        {OWN RULE "{ " THEIRS ", name: " S ", type: TXT }, then: { replace: { answer: "
                  "'" S ". TXT \"p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCgzNWMI\"' } } }\n",
         KEY, "text/cut-other", DC_STATUS_PENDING},
    };
    CHECK_CASES(cases, false);
}

static void test_strays(void)
{
    static const struct expected cases[] = {
        {EASY RULE "{ when: { server: ns2.example.com }, then: { id: \"+1\" } }\n", TOKENS,
         "server/id-mismatch", DC_STATUS_SUCCESS},
        {EASY RULE "{ when: { server: ns2.example.com }, "
                   "then: { question: { name: example.org } } }\n",
         TOKENS, "server/question-mismatch", DC_STATUS_SUCCESS},
        {EASY RULE "{ " THEIRS ", name: \"*._domainkey.example.com\", type: TXT }, "
                   "then: { id: \"+1\" } }\n",
         TOKENS, "server/id-mismatch", DC_STATUS_PENDING},
        // it is the same server all the time, so nothing can be seen
        {EASY RULE "{ " THEIRS " }, then: { question: { type: A } } }\n", TOKENS,
         "server/question-mismatch", DC_STATUS_PENDING},
        // an error may leave the question out
        {EASY RULE "{ when: { server: ns2.example.com }, "
                   "then: { rcode: REFUSED, question: omit } }\n",
         TOKENS, "server/lame-refused", DC_STATUS_SUCCESS},
    };
    CHECK_CASES(cases, false);
}

#define EVERY_OTHER(address, name)                                                                 \
    "{ when: { address: \"" address "\", name: " name ", every: 2 }, "

static void test_wavering(void)
{
    static const struct expected cases[] = {
        {EASY RULE EVERY_OTHER("192.0.2.2", T) "then: { rcode: NXDOMAIN } }\n", TOKENS,
         "server/inconsistent-anycast", DC_STATUS_PENDING},
        {EASY RULE EVERY_OTHER("192.0.2.2", T) "then: { replace: { answer: \"" T
                                               ". CNAME other.dkim.amazonses.com.\" } } }\n",
         TOKENS, "server/inconsistent-anycast", DC_STATUS_PENDING},
        {OWN RULE EVERY_OTHER("192.0.2.2", S) "then: { empty: yes } }\n", KEY,
         "server/inconsistent-anycast", DC_STATUS_PENDING},
        {OWN RULE "{ when: { address: 192.0.2.1, type: TXT, name: " S ", every: 2 }, then: { "
                  "replace: { answer: '" S ". TXT \"p=" DKIM_PLAY_OTHER_KEY "\"' } } }\n",
         KEY, "server/round-robin-key", DC_STATUS_PENDING},
        // always the same by type, and always the same by address
        {EASY RULE "{ " THEIRS ", type: TXT, name: " T " }, then: { rcode: NXDOMAIN } }\n", TOKENS,
         "server/txt-nxdomain-cname-ok", DC_STATUS_PENDING},
        {EASY RULE "{ when: { address: 192.0.2.2, name: " T " }, then: { rcode: NXDOMAIN } }\n",
         TOKENS, "server/serial-not-bumped", DC_STATUS_PENDING},
        // records in any order
        {OWN "zones:\n  example.com:\n    add: |\n      selector._domainkey TXT \"v=spf1 -all\"\n",
         KEY, "text/key-plus-unrelated-txt", DC_STATUS_PENDING},
    };
    CHECK_CASES(cases, false);
}

static void test_rate(void)
{
    static const struct expected cases[] = {
        // two questions at one server stay unanswered
        {EASY RULE "{ when: { server: ns2.example.com, transport: udp, per: server }, "
                   "then: { rate-limit: 3 } }\n",
         TOKENS, "server/rate-limit-drop", DC_STATUS_PENDING},
        {EASY RULE "{ when: { server: ns2.example.com, transport: udp, per: server }, "
                   "then: { rate-limit: { per-second: 3, slip: 1 } } }\n",
         TOKENS, "", DC_STATUS_SUCCESS},
        // lost datagrams
        {EASY RULE "{ " THEIRS ", transport: udp, every: 5 }, then: { drop: yes } }\n", TOKENS, "",
         DC_STATUS_SUCCESS},
        {EASY RULE "{ " THEIRS ", transport: udp, first: 2, per: server }, then: { drop: yes } }\n",
         TOKENS, "", DC_STATUS_SUCCESS},
    };
    CHECK_CASES(cases, false);
}

static void test_servfail(void)
{
    struct dkim_play play;
    dkim_play_init(&play, EASY RULE "{ when: { server: ns1.example.com, type: CNAME, every: 3 }, "
                                    "then: { rcode: SERVFAIL } }\n");
    dkim_play_visit(&play, 0);
    CHECK_TEXT("", dkim_play_alarms(&play));
    CHECK(dkim_play_find(&play, "server/intermittent-servfail", "ns1.example.com", NULL) != NULL);
    CHECK(dkim_play_find(&play, "server/intermittent-servfail", "ns2.example.com", NULL) == NULL);
    dkim_play_clear(&play);
}

#define TELLS     "{ when: { server: resolver, name: " S ", type: TXT }, then: "
#define SOA(ttl)  "authority: \"example.com. " ttl " SOA ns1 h 1 2 3 4 300\""
#define OTHER_KEY "'" S ". 300 TXT \"p=" DKIM_PLAY_OTHER_KEY "\"'"
#define OLD_KEY   "'" S ". 299 TXT \"p=" DKIM_PLAY_OTHER_KEY "\"'"

static void test_views(void)
{
    static const struct expected cases[] = {
        // just told, and told some time ago
        {OWN RULE TELLS "{ set-rcode: NXDOMAIN, replace: { answer: \"\", " SOA("300") " } } }\n",
         KEY, "server/split-horizon", DC_STATUS_SUCCESS},
        {OWN RULE TELLS "{ set-rcode: NXDOMAIN, replace: { answer: \"\", " SOA("299") " } } }\n",
         KEY, "time/negative-cache", DC_STATUS_SUCCESS},
        {OWN RULE TELLS "{ replace: { answer: " OTHER_KEY " } } }\n", KEY, "server/split-horizon",
         DC_STATUS_SUCCESS},
        {OWN RULE TELLS "{ replace: { answer: " OLD_KEY " } } }\n", KEY, "time/old-ttl-cached",
         DC_STATUS_SUCCESS},
        // an answer without the SOA tells nothing of its age
        {OWN RULE TELLS "{ empty: yes } }\n", KEY, "time/negative-cache", DC_STATUS_SUCCESS},
    };
    CHECK_CASES(cases, true);
    static const struct expected regions[] = {
        {OWN RULE "{ " THEIRS ", type: TXT, edns-option: ECS }, then: { edns: { ecs: 24 } } }\n"
                  "  - { " THEIRS ", name: " S ", type: TXT, ecs: 198.41.0.0/24 }, "
                  "then: { replace: { answer: " OTHER_KEY " } } }\n",
         KEY, "server/geo-split", DC_STATUS_SUCCESS},
        {OWN RULE "{ " THEIRS ", name: " S ", type: TXT, ecs: 193.0.14.0/24 }, "
                  "then: { rcode: NXDOMAIN } }\n",
         KEY, "server/geo-split", DC_STATUS_SUCCESS},
        {OWN RULE "{ " THEIRS ", type: TXT, edns-option: ECS }, then: { edns: { ecs: 24 } } }\n",
         KEY, "", DC_STATUS_SUCCESS},
    };
    CHECK_CASES(regions, false);
}

#define REFUSES(code)                                                                              \
    "{ when: { server: resolver, name: " S ", flags: [no-CD] }, "                                  \
    "then: { rcode: SERVFAIL, edns: { ede: { code: " code ", text: \"\\\"\\e[2J\" } } } }\n"
#define DENIES(types)                                                                              \
    TELLS "{ empty: yes, add: { " SOA("60") " } } }\n"                                             \
                                            "  - { when: { server: resolver, name: " S             \
                                            ", flags: [DO] }, then: { add: { authority: "          \
                                            "\"" S ". 60 NSEC www.example.com. " types             \
                                            "\" } } }\n"

static void test_dnssec(void)
{
    static const struct expected cases[] = {
        {OWN RULE REFUSES("6"), KEY, "server/dnssec-bogus", DC_STATUS_SUCCESS},
        {OWN RULE REFUSES("7"), KEY, "server/dnssec-expired", DC_STATUS_SUCCESS},
        {OWN RULE REFUSES("8"), KEY, "server/dnssec-bogus", DC_STATUS_SUCCESS},
        {OWN RULE REFUSES("9"), KEY, "server/ds-mismatch", DC_STATUS_SUCCESS},
        {OWN RULE REFUSES("10"), KEY, "server/ds-mismatch", DC_STATUS_SUCCESS},
        {OWN RULE REFUSES("22"), KEY, "server/dnssec-bogus", DC_STATUS_SUCCESS},
        {OWN RULE DENIES("NSEC RRSIG"), KEY, "server/nsec-denies-type", DC_STATUS_SUCCESS},
        {OWN RULE DENIES("A NSEC TYPE1234"), KEY, "server/nsec-denies-type", DC_STATUS_SUCCESS},
        // a proof that lists the type is no reason; the denial is an old one
        {OWN RULE DENIES("TXT NSEC RRSIG"), KEY, "time/negative-cache", DC_STATUS_SUCCESS},
    };
    CHECK_CASES(cases, true);
    struct dkim_play play;
    dkim_play_init_byodkim(&play, OWN RULE REFUSES("7"));
    dkim_play_resolver(&play);
    dkim_play_visit(&play, 0);
    const struct dc_finding *finding = dkim_play_find(&play, "server/dnssec-expired", NULL, NULL);
    CHECK_TEXT("SERVFAIL, EDE 7 (Signature Expired): \"?[2J",
               finding != NULL ? finding->actual : NULL);
    dkim_play_clear(&play);
}

static void test_ttl(void)
{
    static const struct expected cases[] = {
        {EASY RULE "{ " THEIRS ", answer-has: CNAME }, then: { ttl: 0 } }\n", TOKENS,
         "time/ttl-zero", DC_STATUS_SUCCESS},
        {EASY RULE "{ " THEIRS ", answer-has: CNAME }, then: { ttl: 1 } }\n", TOKENS, "",
         DC_STATUS_SUCCESS},
        {EASY RULE "{ " THEIRS ", answer-has: CNAME }, then: { ttl: 604800 } }\n", TOKENS, "",
         DC_STATUS_SUCCESS},
        {EASY RULE "{ " THEIRS ", answer-has: CNAME }, then: { ttl: 604801 } }\n", TOKENS,
         "time/ttl-huge", DC_STATUS_SUCCESS},
        {EASY RULE "{ " THEIRS ", answer-has: CNAME }, then: { ttl: 2147483647 } }\n", TOKENS,
         "time/ttl-huge", DC_STATUS_SUCCESS},
        {EASY RULE "{ " THEIRS ", answer-has: CNAME }, then: { ttl: 2147483648 } }\n", TOKENS,
         "time/ttl-msb", DC_STATUS_SUCCESS},
    };
    CHECK_CASES(cases, false);
}

// Other people's servers: what a look at a healthy set-up costs them.
static void test_number_of_questions(void)
{
    struct dkim_play play;
    dkim_play_init(&play, EASY);
    dkim_play_visit(&play, 0);
    CHECK_INT(50, play.report.n_observations);
    dkim_play_clear(&play);
    dkim_play_init_byodkim(&play, OWN);
    dkim_play_visit(&play, 0);
    CHECK_INT(33, play.report.n_observations);
    dkim_play_clear(&play);
}

static const struct test tests[] = {
    {"EDNS, and none", test_edns},
    {"a later version of EDNS", test_version},
    {"letters of both cases", test_case},
    {"what does not exist", test_negative},
    {"a resolver in the place of a server", test_authority},
    {"large answers", test_size},
    {"replies that do not belong", test_strays},
    {"answers that do not last", test_wavering},
    {"too many queries at a time", test_rate},
    {"SERVFAIL that passes", test_servfail},
    {"views", test_views},
    {"why a resolver refuses", test_dnssec},
    {"TTLs", test_ttl},
    {"the number of questions", test_number_of_questions},
};
SUITE(dkim_wire, tests)
