// The DKIM checker among several zones and servers: what belongs to which, and who is to blame.
#include "unit/harness.h"

#include "fakedns/base/duration.h"
#include "unit/harness/check/dkim_play.h"

#include <string.h>

#define H    *FDNS_US_PER_H
#define EASY "base: lib/easy-dkim.yaml\n"
#define OWN  "base: lib/byodkim.yaml\n"
#define ZONE "zones:\n  example.com:\n"
#define ALL  "example._domainkey, token2._domainkey, token3._domainkey"
#define T    "example._domainkey.example.com"

struct expected {
    const char *world;
    const char *alarms;
    enum dc_status status;
};

static void check_visit(struct dkim_play *play, const struct expected *expected)
{
    dkim_play_visit(play, 1 H);
    check_text(expected->alarms, dkim_play_alarms(play), expected->world, __FILE__, __LINE__);
    check_text(dc_status_text(expected->status), dc_status_text(play->report.status),
               expected->world, __FILE__, __LINE__);
}

static void check_cases(const struct expected *cases, size_t n, bool byodkim, const char *domain)
{
    for (size_t i = 0; i < n; i++) {
        struct dkim_play play;
        (byodkim ? dkim_play_init_byodkim : dkim_play_init)(&play, cases[i].world);
        play.subject.domain = domain;
        check_visit(&play, &cases[i]);
        dkim_play_clear(&play);
    }
}

static void test_delegation(void)
{
    static const struct expected cases[] = {
        // glue of one family, while the servers have both
        {EASY "zones:\n  com:\n    remove: [ ns1.example AAAA, ns2.example AAAA ]\n", "",
         DC_STATUS_SUCCESS},
        // a server that has moved, and the parent was not told
        {EASY "zones:\n  com:\n    remove: [ ns2.example ]\n"
              "    add: |\n      ns2.example A 192.0.2.77\n",
         "server/ns-unreachable, server/parent-child-ns-mismatch", DC_STATUS_SUCCESS},
        // silent servers in another zone, which only glue leads to
        {EASY "zones:\n  com:\n    remove: [ example NS, ns1.example, ns2.example ]\n"
              "    add: |\n      example NS ns1.hoster.com.\n      hoster NS ns1.hoster.com.\n"
              "      ns1.hoster A 192.0.2.9\n"
              "  hoster.com: |\n    @ 300 SOA ns1 h 1 2 3 4 5\n    @ 300 NS ns1\n"
              "    ns1 300 A 192.0.2.9\n"
              "servers:\n  ns1.hoster.com:\n    addresses: [192.0.2.9]\n"
              "    zones: [ hoster.com, example.com ]\n"
              "rules:\n  - { when: { server: ns1.hoster.com }, then: { drop: yes } }\n",
         "server/ns-unreachable", DC_STATUS_PENDING},
    };
    check_cases(cases, sizeof cases / sizeof cases[0], false, "example.com");
}

#define SELECTOR_AT(server, text)                                                                  \
    "  - at: 0s\n    server: " server "\n    zone: example.com\n"                                  \
    "    remove: [ selector._domainkey ]\n    add: |\n      selector._domainkey 300 TXT " text     \
    "\n"

static void test_keys_that_differ(void)
{
    static const struct expected cases[] = {
        {OWN "events:\n" SELECTOR_AT("ns2.example.com", "\"p=" DKIM_PLAY_OTHER_KEY "\""),
         "server/keys-differ", DC_STATUS_PENDING},
        // the same, in words of their own
        {OWN "events:\n" SELECTOR_AT("ns1.example.com", "\"p=" DKIM_PLAY_OTHER_KEY "\"")
             SELECTOR_AT("ns2.example.com", "\"v=DKIM1; p=\" \"" DKIM_PLAY_OTHER_KEY "\""),
         "", DC_STATUS_SUCCESS},
        // one that takes turns is the cause
        {OWN
         "rules:\n  - when: { server: ns2.example.com, type: TXT, zone: example.com, every: 2 }\n"
         "    then: { replace: { answer: 'selector._domainkey TXT \"p=" DKIM_PLAY_OTHER_KEY
         "\"' } }\n",
         "server/round-robin-key", DC_STATUS_PENDING},
    };
    check_cases(cases, sizeof cases / sizeof cases[0], true, "example.com");
}

// The provider means what its key says; the owner of the domain has nothing to do.
static void test_notes_at_the_providers_key(void)
{
    struct dkim_play play;
    dkim_play_init(&play,
                   EASY "zones:\n  amazonses.com:\n    remove: [ example.dkim ]\n"
                        "    add: |\n      example.dkim TXT \"t=s; p=" DKIM_PLAY_OTHER_KEY "\"\n");
    dkim_play_visit(&play, 1 H);
    CHECK_TEXT("", dkim_play_alarms(&play));
    const struct dc_finding *note = dkim_play_find(&play, "key/strict-flag", NULL, NULL);
    CHECK(note != NULL && note->level == DC_INFO);
    CHECK_CONTAINS("Nothing has to be done", note != NULL ? note->remedy : "");
    dkim_play_clear(&play);
}

// The identity lies below the top of its zone.
#define BELOW                                                                                      \
    ZONE "    remove: [ " ALL " ]\n    add: |\n"                                                   \
         "      example._domainkey.mail CNAME example.dkim.amazonses.com.\n"                       \
         "      token2._domainkey.mail CNAME token2.dkim.amazonses.com.\n"                         \
         "      token3._domainkey.mail CNAME token3.dkim.amazonses.com.\n"

static void test_below_apex(void)
{
    static const struct expected cases[] = {
        {EASY BELOW, "", DC_STATUS_SUCCESS},
        {EASY BELOW "rules:\n  - { when: { zone: example.com }, then: { rcode: REFUSED } }\n",
         "server/lame-refused", DC_STATUS_PENDING},
        {EASY BELOW "rules:\n  - { when: { zone: example.com }, then: { drop: yes } }\n",
         "server/ns-unreachable", DC_STATUS_PENDING},
        // the name of the identity is an alias that leads to another zone of the same servers
        {EASY "zones:\n"
              "  com:\n    add: |\n      webhost NS ns1.example.com.\n"
              "  webhost.com: |\n    @ 300 SOA ns1.example.com. h 1 2 3 4 5\n"
              "    @ 300 NS ns1.example.com.\n    www 300 A 192.0.2.3\n"
              "  example.com:\n    remove: [ mail, " ALL " ]\n    add: |\n"
              "      mail CNAME www.webhost.com.\n"
              "      example._domainkey.mail CNAME example.dkim.amazonses.com.\n"
              "      token2._domainkey.mail CNAME token2.dkim.amazonses.com.\n"
              "      token3._domainkey.mail CNAME token3.dkim.amazonses.com.\n"
              "servers:\n  ns1.example.com:\n    zones: [ example.com, webhost.com ]\n"
              "  ns2.example.com:\n    zones: [ example.com, webhost.com ]\n",
         "", DC_STATUS_SUCCESS},
    };
    check_cases(cases, sizeof cases / sizeof cases[0], false, "mail.example.com");
    static const struct expected levels[] = {
        {EASY ZONE "    remove: [ " ALL " ]\n    add: |\n"
                   "      example._domainkey.eu CNAME example.dkim.amazonses.com.\n"
                   "      token2._domainkey.eu CNAME token2.dkim.amazonses.com.\n"
                   "      token3._domainkey.eu CNAME token3.dkim.amazonses.com.\n",
         "name/parent-vs-subdomain", DC_STATUS_PENDING},
        // in the zone above that of the identity, on servers of its own
        {EASY "zones:\n  example.com:\n    add: |\n      eu NS ns1.amazonses.com.\n"
              "  eu.example.com: |\n    @ 300 SOA ns1.amazonses.com. h 1 2 3 4 5\n"
              "    @ 300 NS ns1.amazonses.com.\n"
              "servers:\n  ns1.amazonses.com:\n    zones: [ amazonses.com, eu.example.com ]\n",
         "name/parent-vs-subdomain", DC_STATUS_PENDING},
    };
    check_cases(levels, sizeof levels / sizeof levels[0], false, "mail.eu.example.com");
}

static void test_registry(void)
{
    static const struct expected cases[] = {
        {EASY "zones:\n  \".\":\n    add: |\n      uk NS a.nic.com.\n"
              "  uk: |\n    @ 300 SOA a.nic.com. h 1 2 3 4 5\n    @ 300 NS a.nic.com.\n"
              "    co 300 NS a.nic.com.\n"
              "  co.uk: |\n    @ 300 SOA a.nic.com. h 1 2 3 4 5\n    @ 300 NS a.nic.com.\n"
              "servers:\n  a.nic.com:\n    zones: [ com, uk, co.uk ]\n",
         "server/private-zone", DC_STATUS_PENDING},
    };
    check_cases(cases, sizeof cases / sizeof cases[0], false, "mail.example.co.uk");
}

// _domainkey is a zone of its own, on two servers of somebody else.
#define AWAY                                                                                       \
    EASY "zones:\n"                                                                                \
         "  com:\n    add: |\n"                                                                    \
         "      keys NS ns1.keys.com.\n      keys NS ns2.keys.com.\n"                              \
         "      ns1.keys A 192.0.2.31\n      ns2.keys A 192.0.2.32\n"                              \
         "  keys.com: |\n    @ 300 SOA ns1 h 1 2 3 4 5\n    @ 300 NS ns1\n    @ 300 NS ns2\n"      \
         "    ns1 300 A 192.0.2.31\n    ns2 300 A 192.0.2.32\n"                                    \
         "  example.com:\n    remove: [ " ALL " ]\n    add: |\n"                                   \
         "      _domainkey NS ns1.keys.com.\n      _domainkey NS ns2.keys.com.\n"                  \
         "  _domainkey.example.com: |\n"                                                           \
         "    @ 300 SOA ns1.keys.com. h.keys.com. 1 2 3 4 5\n"                                     \
         "    @ 300 NS ns1.keys.com.\n    @ 300 NS ns2.keys.com.\n"                                \
         "    example 300 CNAME example.dkim.amazonses.com.\n"                                     \
         "    token2 300 CNAME token2.dkim.amazonses.com.\n"                                       \
         "    token3 300 CNAME token3.dkim.amazonses.com.\n"                                       \
         "servers:\n"                                                                              \
         "  ns1.keys.com:\n    addresses: [192.0.2.31]\n"                                          \
         "    zones: [ keys.com, _domainkey.example.com ]\n"                                       \
         "  ns2.keys.com:\n    addresses: [192.0.2.32]\n"                                          \
         "    zones: [ keys.com, _domainkey.example.com ]\n"
#define AWAY_RULE(when, then) AWAY "rules:\n  - { when: { " when " }, then: { " then " } }\n"

static void test_away(void)
{
    static const struct expected cases[] = {
        {AWAY, "", DC_STATUS_SUCCESS},
        {AWAY_RULE("zone: _domainkey.example.com, type: TXT", "rcode: SERVFAIL"),
         "server/txt-servfail-cname-ok", DC_STATUS_PENDING},
        {AWAY_RULE("server: ns2.keys.com", "drop: yes"), "server/ns-unreachable",
         DC_STATUS_SUCCESS},
        {AWAY_RULE("server: [ns1.keys.com, ns2.keys.com], zone: _domainkey.example.com",
                   "drop: yes"),
         "record/cname-at-zone-cut", DC_STATUS_PENDING},
        {AWAY "events:\n  - { at: 0s, server: ns2.keys.com, zone: _domainkey.example.com, "
              "remove: [ token2 ] }\n",
         "server/serial-not-bumped", DC_STATUS_PENDING},
        {AWAY "events:\n  - { at: 0s, zone: _domainkey.example.com, remove: [ token2 ] }\n",
         "record/cname-at-zone-cut", DC_STATUS_PENDING},
        {AWAY "events:\n  - { at: 0s, zone: _domainkey.example.com, remove: [ token2 ], "
              "add: \"token2 300 A 192.0.2.5\" }\n",
         "record/cname-proxied", DC_STATUS_PENDING},
    };
    check_cases(cases, sizeof cases / sizeof cases[0], false, "example.com");
    struct dkim_play play;
    dkim_play_init(&play, AWAY_RULE("server: ns1.keys.com, type: TXT, "
                                    "zone: _domainkey.example.com",
                                    "rcode: SERVFAIL"));
    dkim_play_visit(&play, 1 H);
    CHECK(dkim_play_find(&play, "server/txt-servfail-cname-ok", "ns1.keys.com", T) != NULL);
    CHECK(dkim_play_find(&play, "server/txt-servfail-cname-ok", "ns2.keys.com", T) == NULL);
    dkim_play_clear(&play);
}

#define RULE(when, then)                                                                           \
    "rules:\n  - when: { zone: example.com, " when " }\n    then: { " then " }\n"

static void test_blame(void)
{
    static const struct expected cases[] = {
        // a server that only fails has not got the record that the other lacks
        {EASY ZONE "    remove: [ " ALL " ]\n" RULE(
             "server: ns1.example.com, name: \"*._domainkey.example.com\"", "rcode: SERVFAIL"),
         "server/rcode-error, time/not-visible-yet", DC_STATUS_PENDING},
        {EASY ZONE
         "    remove: [ example._domainkey ]\n    add: |\n"
         "      example._domainkey.example.com CNAME example.dkim.amazonses.com.\n" RULE(
             "server: ns1.example.com, name: example._domainkey.example.com", "rcode: SERVFAIL"),
         "server/rcode-error, name/doubled-suffix", DC_STATUS_PENDING},
        // what it has against the zone shows without EDNS
        {EASY "rules:\n  - { when: { server: ns1.example.com }, then: { rcode: REFUSED } }\n"
              "  - { when: { server: ns1.example.com, edns: yes }, "
              "then: { rcode: FORMERR, edns: none } }\n",
         "server/lame-refused", DC_STATUS_SUCCESS},
        // servers whose every answer is cut off or broken are not silent
        {EASY "rules:\n  - { when: { zone: example.com, transport: udp }, "
              "then: { truncate: yes } }\n"
              "  - { when: { server: [ns1.example.com, ns2.example.com] }, "
              "then: { tcp: refuse } }\n",
         "server/tc-no-tcp", DC_STATUS_PENDING},
        {EASY RULE("name: \"*\"", "octets: { cut: 14 }"), "server/response-garbage",
         DC_STATUS_PENDING},
        // a server that denies its own zone says nothing of records
        {EASY "rules:\n  - { when: { server: ns2.example.com }, then: { rcode: NXDOMAIN } }\n",
         "server/lame-denies", DC_STATUS_SUCCESS},
        {EASY "rules:\n  - { when: { server: ns2.example.com }, then: { empty: yes } }\n",
         "server/lame-denies", DC_STATUS_SUCCESS},
        // SERVFAIL that passes
        {EASY "rules:\n  - { when: { zone: example.com, type: TXT, first: 20 }, "
              "then: { rcode: SERVFAIL } }\n",
         "", DC_STATUS_SUCCESS},
        // a DNAME on the way of the target does not make up the CNAME
        {EASY ZONE "    remove: [ example._domainkey ]\n    add: |\n"
                   "      example._domainkey CNAME example.old\n"
                   "      old DNAME elsewhere.example.com.\n",
         "record/cname-target-typo", DC_STATUS_PENDING},
    };
    check_cases(cases, sizeof cases / sizeof cases[0], false, "example.com");
    static const struct expected own[] = {
        // nobody needs a CNAME at a selector
        {OWN ZONE "    remove: [ selector._domainkey ]\n" RULE("type: CNAME", "rcode: SERVFAIL"),
         "time/not-visible-yet", DC_STATUS_PENDING},
        // the record is an alias, under a doubled name
        {OWN ZONE "    remove: [ selector._domainkey ]\n    add: |\n"
                  "      selector._domainkey.example.com CNAME key\n"
                  "      key TXT \"p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCgzNWMI/"
                  "IbemOq7pwoIA+0IxUcUR6pLoaoocb2DeMtVsERko58HuAEDFwb8drd0mAFLfHhl9+RpLP/"
                  "7SFTm6nTX6vDEwCcKfJux3HFWnsAjyPW8RFVlydz0EVNPSM7dCjExpwRQF3tXu1qoTIX"
                  "hoUz4gdLNw556Zw982VWywc5tQIDAQAB\"\n",
         "name/doubled-suffix-txt", DC_STATUS_PENDING},
    };
    check_cases(own, sizeof own / sizeof own[0], true, "example.com");
}

static void test_wildcards(void)
{
    static const struct expected cases[] = {
        {EASY ZONE "    remove: [ " ALL " ]\n    add: |\n      * TXT \"site-verification=abc\"\n",
         "server/wildcard-masks-missing", DC_STATUS_PENDING},
    };
    check_cases(cases, 1, false, "example.com");
    static const struct expected own[] = {
        {OWN ZONE "    remove: [ selector._domainkey ]\n    add: |\n"
                  "      * TXT \"site-verification=abc\"\n",
         "server/wildcard-masks-missing", DC_STATUS_PENDING},
        {OWN ZONE "    remove: [ selector._domainkey ]\n    add: |\n      * CNAME www\n",
         "server/wildcard-masks-missing", DC_STATUS_PENDING},
    };
    check_cases(own, sizeof own / sizeof own[0], true, "example.com");
}

static void test_verification(void)
{
    static const struct expected cases[] = {
        {EASY "zones:\n  amazonses.com:\n    add: |\n      proof TXT value\n"
              "  example.com:\n    remove: [ _amazonses ]\n    add: |\n"
              "      _amazonses CNAME proof.amazonses.com.\n",
         "", DC_STATUS_SUCCESS},
        // where a DNS host takes no underscore
        {EASY ZONE "    remove: [ _amazonses ]\n    add: |\n      @ TXT \"amazonses:value\"\n", "",
         DC_STATUS_SUCCESS},
        {EASY ZONE "    remove: [ _amazonses ]\n    add: |\n      * TXT other\n",
         "record/amazonses-missing", DC_STATUS_PENDING},
        {EASY ZONE "    remove: [ _amazonses ]\n    add: |\n      _amazonses TXT other\n",
         "record/amazonses-wrong-value", DC_STATUS_PENDING},
        {EASY ZONE "    remove: [ _amazonses ]\n    add: |\n      _amazonses TXT value\n" RULE(
             "name: _amazonses.example.com, server: ns1.example.com", "drop: yes"),
         "server/txt-servfail-amazonses", DC_STATUS_PENDING},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct dkim_play play;
        dkim_play_init(&play, cases[i].world);
        play.subject.verification = "value";
        check_visit(&play, &cases[i]);
        dkim_play_clear(&play);
    }
}

static void test_resolver(void)
{
    static const struct expected cases[] = {
        // the same in other letters is not the old content
        {EASY "rules:\n  - when: { server: resolver, type: CNAME, name: " T " }\n"
              "    then: { replace: { answer: \"" T ". CNAME EXAMPLE.dkim.AMAZONSES.com.\" } }\n",
         "", DC_STATUS_SUCCESS},
        // broken signatures hide the denial of a record, too
        {EASY ZONE "    remove: [ " ALL " ]\n"
                   "rules:\n  - { when: { server: resolver, flags: [no-CD] }, "
                   "then: { rcode: SERVFAIL } }\n",
         "server/dnssec-bogus, time/not-visible-yet", DC_STATUS_PENDING},
        // slow is not broken
        {EASY "rules:\n  - { when: { server: resolver, name: " T " }, then: { drop: yes } }\n", "",
         DC_STATUS_SUCCESS},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct dkim_play play;
        dkim_play_init(&play, cases[i].world);
        dkim_play_resolver(&play);
        check_visit(&play, &cases[i]);
        dkim_play_clear(&play);
    }
}

// The time is over: whatever the cause was, the verification has to be started again.
static void test_too_late(void)
{
    struct dkim_play play;
    dkim_play_init(&play, EASY ZONE "    remove: [ example._domainkey ]\n    add: |\n"
                                    "      example._domainkey.www CNAME "
                                    "example.dkim.amazonses.com.\n");
    dkim_play_visit(&play, 1 H);
    dkim_play_visit(&play, 72 H);
    CHECK_TEXT("name/www-included", dkim_play_alarms(&play));
    CHECK_TEXT("FAILED", dc_status_text(play.report.status));
    const struct dc_finding *finding = dkim_play_find(&play, "time/never-appears", NULL, T);
    CHECK(finding != NULL && finding->level == DC_INFO && finding->cause == 1);
    dkim_play_clear(&play);
}

// Servers that refuse the zone have said something: the records cannot be found.
static void test_refused_later(void)
{
    struct dkim_play play;
    dkim_play_init(&play, EASY "events:\n  - { at: 2h, zone: example.com, unload: yes }\n");
    dkim_play_visit(&play, 1 H);
    dkim_play_visit(&play, 3 H);
    CHECK_TEXT("server/lame-refused, time/revocation-warning", dkim_play_alarms(&play));
    CHECK_TEXT("TEMPORARY_FAILURE", dc_status_text(play.report.status));
    dkim_play_visit(&play, 75 H);
    CHECK_TEXT("server/lame-refused, time/revoked", dkim_play_alarms(&play));
    CHECK_TEXT("FAILED", dc_status_text(play.report.status));
    dkim_play_clear(&play);
}

// A key that the provider publishes is not the customer's to repair.
static void test_providers_key(void)
{
    struct dkim_play play;
    dkim_play_init(&play, EASY "zones:\n  amazonses.com:\n    remove: [ example.dkim TXT ]\n"
                               "    add: |\n      example.dkim TXT \"p=\"\n");
    dkim_play_visit(&play, 1 H);
    const struct dc_finding *finding = dkim_play_find(&play, "key/revoked-key", NULL, NULL);
    CHECK_CONTAINS("tell the provider", finding != NULL ? finding->remedy : "");
    dkim_play_clear(&play);
}

static const struct test tests[] = {
    {"delegations with odd glue", test_delegation},
    {"servers that publish different keys", test_keys_that_differ},
    {"notes at a key of the provider", test_notes_at_the_providers_key},
    {"identities below the top of a zone", test_below_apex},
    {"a domain that its registry does not know", test_registry},
    {"keys in a zone of their own", test_away},
    {"who is to blame", test_blame},
    {"wildcards of any text", test_wildcards},
    {"verification over aliases", test_verification},
    {"a resolver beside the servers", test_resolver},
    {"too late, with a cause", test_too_late},
    {"refused after success", test_refused_later},
    {"a broken key of the provider's", test_providers_key},
};
SUITE(dkim_servers, tests)
