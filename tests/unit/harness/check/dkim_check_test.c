// The DKIM checker from end to end, in worlds with one thing wrong: what it reports and what not.
#include "unit/harness.h"

#include "fakedns/base/duration.h"
#include "unit/harness/check/dkim_play.h"

#include <stdio.h>
#include <string.h>

#define H    *FDNS_US_PER_H
#define EASY "base: lib/easy-dkim.yaml\n"
#define OWN  "base: lib/byodkim.yaml\n"
#define ZONE "zones:\n  example.com:\n"
#define KEY                                                                                        \
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCgzNWMI/IbemOq7pwoIA+0IxUcUR6pLoaoocb2DeMtVsERko58HuAE" \
    "DFwb8drd0mAFLfHhl9+RpLP/7SFTm6nTX6vDEwCcKfJux3HFWnsAjyPW8RFVlydz0EVNPSM7dCjExpwRQF3tXu1qoTIX" \
    "hoUz4gdLNw556Zw982VWywc5tQIDAQAB"
#define OTHER_KEY                                                                                  \
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCly+N/L93PwClHVBcn+Q45pil7jfqSQ3g100KJFtdcHOamOadcy4L3" \
    "iSwoysg7npjbUGhKE4i+xzdwWxvcwxg8j1Js1vT1T+kg4K5lXbN0wqT5iZan/YlOMrOyZRCoSE/K+WdpwNmW6n384wCz" \
    "lsxCPDBAzuiqWTBGuayqP0wh5QIDAQAB"
#define T "example._domainkey.example.com"

// A case: a world, and the findings at warning or above (each id once) with the status.
struct expected {
    const char *world;
    const char *alarms;
    enum dc_status status;
};

static void check_cases(const struct expected *cases, size_t n, bool byodkim)
{
    for (size_t i = 0; i < n; i++) {
        struct dkim_play play;
        (byodkim ? dkim_play_init_byodkim : dkim_play_init)(&play, cases[i].world);
        dkim_play_visit(&play, 1 H);
        check_text(cases[i].alarms, dkim_play_alarms(&play), cases[i].world, __FILE__, __LINE__);
        check_text(dc_status_text(cases[i].status), dc_status_text(play.report.status),
                   cases[i].world, __FILE__, __LINE__);
        dkim_play_clear(&play);
    }
}

static void test_healthy(void)
{
    static const struct expected cases[] = {
        {EASY, "", DC_STATUS_SUCCESS},
        // a chain of aliases that comes by the right name (N5)
        {EASY ZONE "    remove: [ example._domainkey CNAME ]\n"
                   "    add: |\n"
                   "      example._domainkey CNAME one\n"
                   "      one CNAME two\n"
                   "      two CNAME example.dkim.amazonses.com.\n",
         "", DC_STATUS_SUCCESS},
        // mixed case (N9)
        {EASY ZONE "    remove: [ example._domainkey CNAME ]\n"
                   "    add: |\n"
                   "      eXample._DomainKey 1 CNAME Example.DKIM.amazonses.com.\n",
         "", DC_STATUS_SUCCESS},
        // truncated over UDP, whole over TCP (N11)
        {EASY "rules:\n  - { when: { transport: udp, type: TXT }, then: { truncate: yes } }\n", "",
         DC_STATUS_SUCCESS},
        // a server without EDNS (N12)
        {EASY "rules:\n  - { when: { edns: yes }, then: { rcode: FORMERR, edns: none } }\n", "",
         DC_STATUS_SUCCESS},
        // _domainkey delegated to servers of somebody else, which have the records
        {EASY ZONE "    remove: [ example._domainkey, token2._domainkey, token3._domainkey ]\n"
                   "    add: |\n      _domainkey NS ns1.amazonses.com.\n"
                   "  _domainkey.example.com: |\n"
                   "    @ 300 SOA ns1.amazonses.com. h.amazonses.com. 1 2 3 4 5\n"
                   "    @ 300 NS ns1.amazonses.com.\n"
                   "    example 300 CNAME example.dkim.amazonses.com.\n"
                   "    token2 300 CNAME token2.dkim.amazonses.com.\n"
                   "    token3 300 CNAME token3.dkim.amazonses.com.\n"
                   "servers:\n  ns1.amazonses.com:\n"
                   "    zones: [ amazonses.com, _domainkey.example.com ]\n",
         "", DC_STATUS_SUCCESS},
        // a delegation without glue: the names of the servers are walked to
        {EASY "zones:\n  com:\n    remove: [ example NS ]\n"
              "    add: |\n      example NS ns1.amazonses.com.\n"
              "  example.com:\n    remove: [ \"@ NS\" ]\n"
              "    add: |\n      @ NS ns1.amazonses.com.\n"
              "servers:\n  ns1.amazonses.com:\n    zones: [ amazonses.com, example.com ]\n",
         "", DC_STATUS_SUCCESS},
        // parent and child on one server: no referral is ever seen
        {EASY "zones:\n  com:\n    remove: [ example NS ]\n"
              "    add: |\n      example NS a.nic.com.\n"
              "  example.com:\n    remove: [ \"@ NS\" ]\n"
              "    add: |\n      @ NS a.nic.com.\n"
              "servers:\n  a.nic.com:\n    zones: [ com, example.com ]\n",
         "", DC_STATUS_SUCCESS},
        // a wildcard beside explicit records (N14)
        {EASY ZONE "    add: |\n      *._domainkey CNAME elsewhere.example.net.\n", "",
         DC_STATUS_SUCCESS},
    };
    check_cases(cases, sizeof cases / sizeof cases[0], false);
    static const struct expected own[] = {{OWN, "", DC_STATUS_SUCCESS}};
    check_cases(own, 1, true);
}

#define RENAMED(name)                                                                              \
    EASY ZONE "    remove: [ example._domainkey CNAME ]\n    add: |\n      " name                  \
              " CNAME example.dkim.amazonses.com.\n"

static void test_wrong_names(void)
{
    static const struct expected cases[] = {
        {RENAMED("example._domainkey.example.com.example.com."), "name/doubled-suffix",
         DC_STATUS_PENDING},
        {RENAMED("example._domainkey._domainkey"), "name/doubled-domainkey", DC_STATUS_PENDING},
        {RENAMED("example"), "name/name-missing-domainkey", DC_STATUS_PENDING},
        {RENAMED("example_domainkey"), "name/name-missing-dot-before-domainkey", DC_STATUS_PENDING},
        {RENAMED("example\\._domainkey"), "name/name-escaped-dot", DC_STATUS_PENDING},
        {RENAMED("example\\._domainkey\\.example\\.com"), "name/name-escaped-dot",
         DC_STATUS_PENDING},
        {RENAMED("example._domainkeys"), "name/name-domainkey-plural", DC_STATUS_PENDING},
        {RENAMED("example.domainkey"), "name/underscore-refused", DC_STATUS_PENDING},
        {RENAMED("example-domainkey"), "name/underscore-to-hyphen", DC_STATUS_PENDING},
        {RENAMED("example._domainkey.\\@"), "name/at-sign-or-star-literal", DC_STATUS_PENDING},
        {RENAMED("\\032example._domainkey"), "name/name-whitespace", DC_STATUS_PENDING},
        {RENAMED("example._domainkey.mail"), "name/parent-vs-subdomain", DC_STATUS_PENDING},
        {RENAMED("example._domainkey.www"), "name/www-included", DC_STATUS_PENDING},
        // a wildcard that answers at the doubled name too is no proof of a record there
        {RENAMED("*.com"), "record/one-of-three-missing", DC_STATUS_PENDING},
    };
    check_cases(cases, sizeof cases / sizeof cases[0], false);
}

#define RETARGETED(records)                                                                        \
    EASY ZONE "    check: off\n    remove: [ example._domainkey CNAME ]\n    add: |\n" records

static void test_wrong_records(void)
{
    static const struct expected cases[] = {
        {EASY ZONE "    remove: [ token3._domainkey CNAME ]\n", "record/one-of-three-missing",
         DC_STATUS_PENDING},
        {RETARGETED("      example._domainkey CNAME example.dkim.amazonses.com\n"),
         "record/cname-target-no-dot", DC_STATUS_PENDING},
        {RETARGETED("      example._domainkey CNAME example.dkin.amazonses.com.\n"),
         "record/cname-target-typo", DC_STATUS_PENDING},
        {RETARGETED("      example._domainkey CNAME token2.dkim.amazonses.com.\n"),
         "record/cname-swapped-tokens", DC_STATUS_PENDING},
        {RETARGETED("      example._domainkey CNAME example.dkim.af-south-1.amazonses.com.\n"),
         "record/cname-wrong-region", DC_STATUS_PENDING},
        {RETARGETED("      example._domainkey CNAME 192.0.2.1\n"), "record/cname-to-url-or-ip",
         DC_STATUS_PENDING},
        {RETARGETED("      example._domainkey TXT example.dkim.amazonses.com\n"),
         "record/txt-where-cname-needed", DC_STATUS_PENDING},
        {RETARGETED("      example._domainkey CNAME example.dkim.amazonses.com.\n"
                    "      example._domainkey TXT other\n"),
         "record/cname-and-other-data", DC_STATUS_PENDING},
        {RETARGETED("      example._domainkey CNAME example.dkim.amazonses.com.\n"
                    "      example._domainkey CNAME other.example.net.\n"),
         "record/two-cnames", DC_STATUS_PENDING},
        {RETARGETED("      example._domainkey A 192.0.2.99\n"), "record/cname-proxied",
         DC_STATUS_PENDING},
        {RETARGETED("      example._domainkey CNAME loop\n      loop CNAME example._domainkey\n"),
         "record/cname-loop", DC_STATUS_PENDING},
        {RETARGETED("      *._domainkey CNAME elsewhere.example.net.\n"),
         "server/wildcard-masks-missing", DC_STATUS_PENDING},
        {EASY "zones:\n  amazonses.com:\n    remove: [ token2.dkim TXT ]\n",
         "record/cname-dangling", DC_STATUS_PENDING},
        {EASY "zones:\n  amazonses.com:\n    remove: [ example.dkim TXT ]\n"
              "    add: |\n      example.dkim TXT \"\"\n",
         "key/no-active-key", DC_STATUS_PENDING},
        {EASY "zones:\n  amazonses.com:\n    remove: [ example.dkim TXT ]\n"
              "    add: |\n      example.dkim TXT \"p=\"\n",
         "key/revoked-key", DC_STATUS_PENDING},
        {EASY ZONE "    remove: [ example._domainkey CNAME, token2._domainkey CNAME, "
                   "token3._domainkey CNAME ]\n    add: |\n"
                   "      _domainkey NS ns.nowhere.example.net.\n",
         "record/cname-at-zone-cut", DC_STATUS_PENDING},
        {EASY ZONE "    remove: [ example._domainkey, token2._domainkey, token3._domainkey ]\n",
         "time/not-visible-yet", DC_STATUS_PENDING},
        // the key alone was copied; with the empty ones it is the server that follows the CNAMEs
        {RETARGETED("      example._domainkey TXT \"p=" KEY "\"\n"),
         "record/key-copied-instead-of-cname", DC_STATUS_PENDING},
        {EASY ZONE "    remove: [ example._domainkey, token2._domainkey, token3._domainkey ]\n"
                   "    add: |\n"
                   "      example._domainkey TXT \"p=" KEY "\"\n"
                   "      token2._domainkey TXT \"\"\n"
                   "      token3._domainkey TXT \"\"\n",
         "record/cname-flattened", DC_STATUS_PENDING},
        {EASY ZONE "    remove: [ example._domainkey, token2._domainkey, token3._domainkey ]\n"
                   "    add: |\n"
                   "      _domainkey DNAME elsewhere.example.net.\n",
         "record/dname-over-domainkey", DC_STATUS_PENDING},
        {EASY ZONE "    remove: [ example._domainkey, token2._domainkey, token3._domainkey ]\n"
                   "    add: |\n      * TXT \"v=spf1 -all\"\n",
         "server/wildcard-txt-spf", DC_STATUS_PENDING},
        {RETARGETED("      example._domainkey TYPE99 \\# 219 "
                    "da703d4d4947664d413047435371475349623344514542415155414134474e4144434269514b42"
                    "675143677a4e574d492f4962656d4f713770776f49412b3049785563555236704c6f616f6f6362"
                    "3244654d74567345526b6f3538487541454446776238647264306d41464c6648686c392b52704c"
                    "502f375346546d366e5458367644457743634b664a7578334846576e73416a795057385246566c"
                    "79647a3045564e50534d3764436a457870775251463374587531716f544958686f557a3467644c"
                    "4e773535365a773938325657797763357451494441514142\n"),
         "record/key-in-type99", DC_STATUS_PENDING},
        {EASY "zones:\n  amazonses.com:\n    remove: [ token2.dkim TXT ]\n"
              "    add: |\n      token2.dkim A 192.0.2.1\n",
         "record/cname-target-nodata", DC_STATUS_PENDING},
    };
    check_cases(cases, sizeof cases / sizeof cases[0], false);
}

#define RULE(when, then)                                                                           \
    EASY "rules:\n  - when: { zone: example.com, name: \"*._domainkey.example.com\", " when        \
         " }\n    then: { " then " }\n"

static void test_txt_answers(void)
{
    static const struct expected cases[] = {
        {RULE("type: TXT", "rcode: SERVFAIL"), "server/txt-servfail-cname-ok", DC_STATUS_PENDING},
        {RULE("type: TXT", "set-rcode: SERVFAIL"), "server/txt-servfail-cname-ok",
         DC_STATUS_PENDING},
        {RULE("type: TXT", "rcode: REFUSED"), "server/txt-refused", DC_STATUS_PENDING},
        {RULE("type: TXT", "rcode: NOTIMP"), "server/txt-notimp", DC_STATUS_PENDING},
        {RULE("type: TXT", "rcode: FORMERR"), "server/txt-formerr", DC_STATUS_PENDING},
        {RULE("type: TXT", "drop: yes"), "server/txt-timeout-cname-ok", DC_STATUS_PENDING},
        {RULE("type: TXT", "rcode: NXDOMAIN"), "server/txt-nxdomain-cname-ok", DC_STATUS_PENDING},
        {RULE("type: TXT", "empty: yes"), "server/txt-nodata-cname-ok", DC_STATUS_PENDING},
        {RULE("type: [TXT, CNAME]", "rcode: SERVFAIL"), "server/rcode-error", DC_STATUS_PENDING},
        {RULE("type: [TXT, CNAME]", "rcode: FORMERR"), "name/underscore-server-formerr",
         DC_STATUS_PENDING},
        {RULE("type: TXT", "truncate: yes") "  - { when: { server: [ns1.example.com, "
                                            "ns2.example.com] }, then: { tcp: refuse } }\n",
         "server/tc-no-tcp", DC_STATUS_PENDING},
    };
    check_cases(cases, sizeof cases / sizeof cases[0], false);
}

static void test_servers(void)
{
    static const struct expected cases[] = {
        {EASY "rules:\n  - { when: { server: ns2.example.com }, then: { drop: yes } }\n",
         "server/ns-unreachable", DC_STATUS_SUCCESS},
        {EASY "rules:\n  - { when: { server: ns2.example.com }, then: { rcode: REFUSED } }\n",
         "server/lame-refused", DC_STATUS_SUCCESS},
        {EASY "rules:\n  - { when: { server: ns2.example.com }, then: { rcode: SERVFAIL } }\n",
         "server/lame-servfail", DC_STATUS_SUCCESS},
        {EASY "rules:\n  - when: { server: [ns1.example.com, ns2.example.com] }\n"
              "    then: { drop: yes }\n",
         "server/ns-unreachable", DC_STATUS_PENDING},
        {EASY "rules:\n  - { when: { server: ns1.amazonses.com }, then: { drop: yes } }\n",
         "server/target-unavailable", DC_STATUS_PENDING},
        {EASY "rules:\n  - { when: { server: a.nic.com }, then: { drop: yes } }\n",
         "server/delegation-broken", DC_STATUS_PENDING},
        {EASY "zones:\n  com:\n    remove: [ example NS ]\n", "server/private-zone",
         DC_STATUS_PENDING},
        {EASY ZONE "    remove: [ \"@ NS\" ]\n    add: |\n      @ NS ns1.example.com.\n",
         "server/parent-child-ns-mismatch", DC_STATUS_SUCCESS},
    };
    check_cases(cases, sizeof cases / sizeof cases[0], false);
}

static void test_key_records(void)
{
    static const struct expected cases[] = {
        {OWN ZONE "    remove: [ selector._domainkey TXT ]\n", "time/not-visible-yet",
         DC_STATUS_PENDING},
        {OWN ZONE "    remove: [ selector._domainkey TXT ]\n    add: |\n"
                  "      selector._domainkey TXT \"v=DKIM1; p=\"\n",
         "key/revoked-key", DC_STATUS_PENDING},
        {OWN ZONE "    add: |\n      selector._domainkey TXT \"v=spf1 -all\"\n",
         "text/key-plus-unrelated-txt", DC_STATUS_PENDING},
        {OWN ZONE "    remove: [ selector._domainkey TXT ]\n    add: |\n"
                  "      selector._domainkey CNAME nowhere.example.net.\n",
         "record/cname-where-txt-needed", DC_STATUS_PENDING},
        {OWN "rules:\n  - { when: { name: \"*._domainkey.example.com\", type: TXT }, "
             "then: { rcode: SERVFAIL } }\n",
         "server/txt-servfail", DC_STATUS_PENDING},
    };
    check_cases(cases, sizeof cases / sizeof cases[0], true);
}

static void test_verification(void)
{
    struct dkim_play play;
    dkim_play_init(&play, EASY "rules:\n  - { when: { name: _amazonses.example.com, type: TXT }, "
                               "then: { rcode: SERVFAIL } }\n");
    play.subject.verification = "xS6oCzI5PgVHdqytARYJM8hnbvklmuCTLtETZteO9/0=";
    dkim_play_visit(&play, 1 H);
    CHECK_TEXT("server/txt-servfail-amazonses", dkim_play_alarms(&play));
    dkim_play_clear(&play);
    dkim_play_init(&play, EASY ZONE "    remove: [ _amazonses ]\n    add: |\n"
                                    "      _amazonses.example.com TXT "
                                    "\"xS6oCzI5PgVHdqytARYJM8hnbvklmuCTLtETZteO9/0=\"\n");
    play.subject.verification = "xS6oCzI5PgVHdqytARYJM8hnbvklmuCTLtETZteO9/0=";
    dkim_play_visit(&play, 1 H);
    CHECK_TEXT("name/doubled-suffix-txt", dkim_play_alarms(&play));
    dkim_play_clear(&play);
}

// What else can stand in its place, or in another.
static void test_verification_values(void)
{
    static const char value[] = "xS6oCzI5PgVHdqytARYJM8hnbvklmuCTLtETZteO9/0=";
    static const struct {
        const char *world;
        const char *alarms;
    } cases[] = {
        {EASY ZONE "    remove: [ _amazonses ]\n    add: |\n"
                   "      _amazonses TXT \"XS6OCZI5PGVHDQYTARYJM8HNBVKLMUCTLTETZTEO9/0=\"\n",
         "record/amazonses-case-folded"},
        {EASY ZONE "    remove: [ _amazonses ]\n    add: |\n"
                   "      _amazonses CNAME value\n"
                   "      value TXT \"xs6oczi5pgvhdqytaryjm8hnbvklmuctltetzteo9/0=\"\n",
         "record/amazonses-case-folded"},
        {EASY ZONE "    remove: [ _amazonses ]\n    add: |\n"
                   "      _amazonses TXT \"xs6oczi5pgvhdqytaryjm8hnbvklmuctltetzteo9/1=\"\n",
         "record/amazonses-wrong-value"},
        {EASY ZONE "    remove: [ _amazonses ]\n    add: |\n"
                   "      amazonses TXT \"xS6oCzI5PgVHdqytARYJM8hnbvklmuCTLtETZteO9/0=\"\n",
         "record/amazonses-no-underscore"},
        {EASY ZONE "    remove: [ _amazonses ]\n    add: |\n"
                   "      amazonses TXT \"another text\"\n",
         "record/amazonses-missing"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct dkim_play play;
        dkim_play_init(&play, cases[i].world);
        play.subject.verification = value;
        dkim_play_visit(&play, 1 H);
        check_text(cases[i].alarms, dkim_play_alarms(&play), cases[i].world, __FILE__, __LINE__);
        dkim_play_clear(&play);
    }
}

static void test_fields(void)
{
    struct dkim_play play;
    dkim_play_init(&play, RENAMED("example._domainkey.example.com.example.com."));
    const struct dc_report *report = dkim_play_visit(&play, 0);
    const struct dc_finding *finding = dkim_play_find(&play, "name/doubled-suffix", NULL, T);
    CHECK(finding != NULL);
    if (finding != NULL) {
        CHECK(finding->server == NULL);
        CHECK_TEXT("CNAME", finding->type);
        CHECK_TEXT("CNAME example.dkim.amazonses.com.", finding->expected);
        CHECK_CONTAINS("example._domainkey.example.com.example.com has CNAME", finding->actual);
        CHECK_CONTAINS("documentation of your DNS provider", finding->remedy);
        CHECK(finding->n_observations >= 2);
        CHECK_INT(0, finding->cause);
    }
    CHECK_CONTAINS("waiting on sender verification", report->console[0]);
    CHECK(report->n_observations > 10);
    dkim_play_clear(&play);
}

// The records were edited at a server that only the zone itself names: the delegation is the cause.
static void test_wrong_host(void)
{
    struct dkim_play play;
    dkim_play_init(&play, EASY ZONE
                   "    remove: [ example._domainkey, \"@ NS\" ]\n"
                   "    add: |\n      @ NS ns2.example.com.\n      @ NS ns3.example.com.\n"
                   "      ns3 A 192.0.2.3\n"
                   "servers:\n  ns3.example.com:\n    addresses: [192.0.2.3]\n"
                   "    zones: [ example.com ]\n"
                   "events:\n  - at: 0s\n    server: ns3.example.com\n    zone: example.com\n"
                   "    add: |\n      example._domainkey CNAME example.dkim.amazonses.com.\n");
    dkim_play_visit(&play, 1 H);
    const struct dc_finding *finding =
        dkim_play_find(&play, "server/parent-child-ns-mismatch", NULL, NULL);
    CHECK(finding != NULL && finding->level == DC_ERROR);
    CHECK_TEXT("server/parent-child-ns-mismatch", dkim_play_alarms(&play));
    CHECK_CONTAINS("only in the zone: ns3.example.com", finding != NULL ? finding->actual : "");
    finding = dkim_play_find(&play, "server/serial-not-bumped", "ns1.example.com", T);
    CHECK(finding != NULL && finding->cause == 1);
    CHECK_TEXT("PENDING", dc_status_text(play.report.status));
    dkim_play_clear(&play);
}

static void test_subdomain(void)
{
    static const struct expected cases[] = {
        {RENAMED("example._domainkey"), "name/parent-vs-subdomain", DC_STATUS_PENDING},
        {RENAMED("example._domainkey.mail.mail"), "name/doubled-suffix-partial", DC_STATUS_PENDING},
        {RENAMED("example._domainkey.mail.example.com"), "name/doubled-suffix-partial",
         DC_STATUS_PENDING},
        {RENAMED("example._domainkey.mail"), "", DC_STATUS_SUCCESS},
    };
    static const char *const tokens[] = {"example"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct dkim_play play;
        dkim_play_init(&play, cases[i].world);
        play.subject.domain = "mail.example.com";
        play.subject.tokens = tokens;
        play.subject.n_tokens = 1;
        dkim_play_visit(&play, 0);
        CHECK_TEXT(cases[i].alarms, dkim_play_alarms(&play));
        CHECK_TEXT(dc_status_text(cases[i].status), dc_status_text(play.report.status));
        dkim_play_clear(&play);
    }
}

static void test_expected_key(void)
{
    struct dkim_play play;
    dkim_play_init_byodkim(&play, OWN);
    dkim_play_public_key(&play, KEY);
    dkim_play_visit(&play, 0);
    CHECK_TEXT("", dkim_play_alarms(&play));
    dkim_play_clear(&play);
    dkim_play_init_byodkim(&play, OWN);
    dkim_play_public_key(&play, OTHER_KEY);
    dkim_play_visit(&play, 0);
    CHECK_TEXT("key/key-mismatch", dkim_play_alarms(&play));
    dkim_play_clear(&play);
    dkim_play_init_byodkim(&play, OWN);
    dkim_play_public_key(&play, KEY);
    play.subject.selector = "other";
    dkim_play_visit(&play, 0);
    CHECK_TEXT("name/selector-mismatch", dkim_play_alarms(&play));
    dkim_play_clear(&play);
}

static void test_all_servers(void)
{
    struct dkim_play play;
    dkim_play_init(&play, RULE("type: TXT", "rcode: SERVFAIL"));
    dkim_play_visit(&play, 0);
    const struct dc_finding *finding =
        dkim_play_find(&play, "server/txt-servfail-cname-ok", NULL, T);
    CHECK(finding != NULL && finding->server == NULL);
    CHECK(finding != NULL && finding->n_observations == 8); // four addresses, two types
    CHECK_INT(3, play.report.n_findings);
    dkim_play_clear(&play);
}

static void test_one_server(void)
{
    struct dkim_play play;
    dkim_play_init(&play, EASY "rules:\n"
                               "  - when: { server: ns1.example.com, type: TXT, "
                               "name: \"*._domainkey.example.com\" }\n"
                               "    then: { rcode: SERVFAIL }\n");
    dkim_play_visit(&play, 0);
    CHECK(dkim_play_find(&play, "server/txt-servfail-cname-ok", "ns1.example.com", T) != NULL);
    CHECK(dkim_play_find(&play, "server/txt-servfail-cname-ok", "ns2.example.com", T) == NULL);
    CHECK_INT(3, play.report.n_findings);
    CHECK_TEXT("PENDING", dc_status_text(play.report.status));
    dkim_play_clear(&play);
}

// Records appear on one server first: the other is told by name, and its serial with it.
static void test_propagation(void)
{
    struct dkim_play play;
    dkim_play_init(
        &play, EASY ZONE
        "    remove: [ example._domainkey, token2._domainkey, token3._domainkey ]\n"
        "events:\n"
        "  - at: 24h\n    server: ns1.example.com\n    zone: example.com\n"
        "    remove: [ \"@ SOA\" ]\n"
        "    add: |\n"
        "      @ SOA ns1.example.com. hostmaster.example.com. 2024010102 3600 900 604800 300\n"
        "      example._domainkey CNAME example.dkim.amazonses.com.\n"
        "      token2._domainkey CNAME token2.dkim.amazonses.com.\n"
        "      token3._domainkey CNAME token3.dkim.amazonses.com.\n"
        "  - at: 30h\n    server: ns2.example.com\n    zone: example.com\n"
        "    add: |\n"
        "      example._domainkey CNAME example.dkim.amazonses.com.\n"
        "      token2._domainkey CNAME token2.dkim.amazonses.com.\n"
        "      token3._domainkey CNAME token3.dkim.amazonses.com.\n");
    dkim_play_visit(&play, 1 H);
    CHECK_TEXT("time/not-visible-yet", dkim_play_alarms(&play));
    CHECK(dkim_play_find(&play, "record/missing-all", NULL, "example.com") != NULL);
    dkim_play_visit(&play, 24 H);
    CHECK_TEXT("server/stale-secondary", dkim_play_alarms(&play));
    CHECK(dkim_play_find(&play, "server/stale-secondary", "ns2.example.com", T) != NULL);
    CHECK_INT(3, play.report.n_findings);
    CHECK_TEXT("PENDING", dc_status_text(play.report.status));
    dkim_play_visit(&play, 30 H);
    CHECK_TEXT("", dkim_play_alarms(&play));
    CHECK_TEXT("SUCCESS", dc_status_text(play.report.status));
    dkim_play_clear(&play);
}

static void test_life(void)
{
    struct dkim_play play;
    dkim_play_init(&play,
                   EASY "events:\n"
                        "  - at: 2h\n    zone: example.com\n    remove: [ token3._domainkey ]\n"
                        "  - at: 100h\n    zone: example.com\n"
                        "    add: |\n      token3._domainkey CNAME token3.dkim.amazonses.com.\n");
    dkim_play_visit(&play, 0);
    CHECK_TEXT("SUCCESS", dc_status_text(play.report.status));
    dkim_play_visit(&play, 3 H);
    CHECK_TEXT("TEMPORARY_FAILURE", dc_status_text(play.report.status));
    CHECK_TEXT("record/one-of-three-missing, time/revocation-warning", dkim_play_alarms(&play));
    const struct dc_finding *warning =
        dkim_play_find(&play, "time/revocation-warning", NULL, "token3._domainkey.example.com");
    CHECK_CONTAINS("revoked at 75h, in 72h", warning != NULL ? warning->actual : "");
    CHECK(dkim_play_find(&play, "time/revoked-one-of-three", NULL, NULL) != NULL);
    dkim_play_visit(&play, 75 H);
    CHECK_TEXT("FAILED", dc_status_text(play.report.status));
    CHECK(dkim_play_find(&play, "time/revoked", NULL, "example.com") != NULL);
    dkim_play_visit(&play, 101 H);
    CHECK_TEXT("FAILED", dc_status_text(play.report.status));
    CHECK_TEXT("time/revoked", dkim_play_alarms(&play));
    CHECK(dkim_play_find(&play, "time/restart-needed", NULL, NULL) != NULL);
    dkim_play_clear(&play);
}

static void test_caches(void)
{
    struct dkim_play play;
    dkim_play_init(&play, EASY ZONE "    remove: [ example._domainkey CNAME ]\n"
                                    "events:\n  - at: 1m\n    zone: example.com\n    add: |\n"
                                    "      example._domainkey CNAME example.dkim.amazonses.com.\n");
    dkim_play_resolver(&play);
    dkim_play_visit(&play, 0);
    dkim_play_visit(&play, 2 * 60 * FDNS_US_PER_S);
    CHECK_TEXT("time/negative-cache", dkim_play_alarms(&play));
    CHECK_TEXT("SUCCESS", dc_status_text(play.report.status));
    const struct dc_finding *finding = dkim_play_find(&play, "time/negative-cache", NULL, T);
    CHECK_CONTAINS("for 180 more seconds", finding != NULL ? finding->actual : "");
    dkim_play_visit(&play, 10 * 60 * FDNS_US_PER_S);
    CHECK_TEXT("", dkim_play_alarms(&play));
    dkim_play_clear(&play);
}

// A resolver that says what one of the servers says keeps nothing old.
static void test_caches_and_stale_servers(void)
{
    struct dkim_play play;
    dkim_play_init(&play, EASY "events:\n  - at: 0s\n    server: ns2.example.com\n"
                               "    zone: example.com\n    remove: [ token2._domainkey ]\n");
    dkim_play_resolver(&play);
    dkim_play_visit(&play, 0);
    CHECK_TEXT("server/serial-not-bumped", dkim_play_alarms(&play));
    CHECK(dkim_play_find(&play, "time/old-ttl-cached", NULL, NULL) == NULL);
    dkim_play_clear(&play);
}

// With servers named by the user, nobody walks to them; keys are still looked for from the roots.
static void test_named_servers(void)
{
    struct dkim_play play;
    struct fdns_address server;
    fdns_address_parse("192.0.2.1", 53, &server);
    dkim_play_init(&play, RULE("type: TXT", "rcode: SERVFAIL"));
    play.how.servers = &server;
    play.how.n_servers = 1;
    dkim_play_visit(&play, 0);
    CHECK_TEXT("server/txt-servfail-cname-ok", dkim_play_alarms(&play));
    for (size_t i = 0; i < play.report.n_observations; i++) {
        CHECK(play.report.observations[i]->question->server.octets[3] != 2 ||
              play.report.observations[i]->question->server.octets[0] != 192);
    }
    dkim_play_clear(&play);
}

static void test_bad_subject(void)
{
    struct dkim_play play;
    dkim_play_init(&play, EASY);
    play.subject.domain = "a..b";
    dkim_play_visit(&play, 0);
    CHECK_TEXT("account/invalid-subject", dkim_play_alarms(&play));
    CHECK_TEXT("UNKNOWN", dc_status_text(play.report.status));
    dkim_play_clear(&play);
}

static void test_rounds(void)
{
    struct dkim_play play;
    dkim_play_init(&play, EASY);
    dkim_play_visit(&play, 0);
    CHECK(play.n_rounds <= 6); // root, com, records, com again, keys, and the judgement
    dkim_play_clear(&play);
}

// Whatever servers send, the check ends and says something.
static void test_hostile(void)
{
    struct fdns_random random;
    fdns_random_init(&random, 7);
    for (unsigned i = 0; i < 400; i++) {
        struct dkim_play play;
        (i % 2 == 0 ? dkim_play_init : dkim_play_init_byodkim)(
            &play, i % 2 == 0 ? RENAMED("example.domainkey") : OWN);
        play.mutations = &random;
        play.subject.verification = "value";
        dkim_play_resolver(&play);
        dkim_play_visit(&play, 0);
        CHECK(play.report.n_findings > 0);
        dkim_play_clear(&play);
    }
}

// What the console shows while a set-up waits: both lines, for either method, and then no more.
static void test_console(void)
{
    static const char *const worlds[] = {EASY ZONE "    remove: [ token3._domainkey CNAME ]\n",
                                         OWN ZONE "    remove: [ selector._domainkey TXT ]\n"};
    for (size_t i = 0; i < 2; i++) {
        struct dkim_play play;
        (i == 1 ? dkim_play_init_byodkim : dkim_play_init)(&play, worlds[i]);
        dkim_play_visit(&play, 72 H - 1);
        CHECK_TEXT("DKIM: waiting on sender verification...", play.report.console[0]);
        CHECK_TEXT("DKIM Verification Status: pending verification", play.report.console[1]);
        dkim_play_visit(&play, 72 H);
        CHECK_TEXT("FAILED", dc_status_text(play.report.status));
        CHECK(play.report.console[0] == NULL && play.report.console[1] == NULL);
        dkim_play_clear(&play);
    }
}

static const struct test tests[] = {
    {"what the console shows while it waits", test_console},
    {"healthy worlds raise no alarm", test_healthy},
    {"records under wrong names", test_wrong_names},
    {"records of the wrong type or with the wrong target", test_wrong_records},
    {"answers to TXT that contradict the CNAME", test_txt_answers},
    {"servers that are silent, lame or not delegated to", test_servers},
    {"keys of one's own", test_key_records},
    {"the verification record", test_verification},
    {"values of the verification record", test_verification_values},
    {"the fields of a finding", test_fields},
    {"a fault of all servers names none", test_all_servers},
    {"a fault of one server names it", test_one_server},
    {"records at servers that nobody is sent to", test_wrong_host},
    {"an identity below the zone's apex", test_subdomain},
    {"the key that the subject expects", test_expected_key},
    {"one server ahead of the other", test_propagation},
    {"success, warning, revocation, too late", test_life},
    {"a resolver that remembers too long", test_caches},
    {"a resolver that one of the servers told", test_caches_and_stale_servers},
    {"servers that the user named", test_named_servers},
    {"a subject that makes no names", test_bad_subject},
    {"few rounds", test_rounds},
    {"answers with octets changed", test_hostile},
};
SUITE(dkim_check, tests)
