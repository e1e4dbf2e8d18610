// Records beside DKIM: what is reported of them, and that they never change the status.
#include "unit/harness.h"

#include "fakedns/base/buf.h"
#include "fakedns/base/duration.h"
#include "harness/check/dkim/neighbour.h"
#include "unit/harness/check/dkim_play.h"

#include <stdio.h>
#include <string.h>

#define H    *FDNS_US_PER_H
#define EASY "base: lib/easy-dkim.yaml\n"
#define ZONE EASY "zones:\n  example.com:\n"
// The same names as in lib/easy-dkim.yaml, but for what a test puts in their place.
#define SPF(text)                                                                                  \
    ZONE "    remove: [ \"@ TXT\" ]\n    add: |\n      @ TXT \"" text "\"\n      ok A 192.0.2.9\n"
#define DMARC(text) ZONE "    remove: [ _dmarc TXT ]\n    add: |\n      _dmarc TXT \"" text "\"\n"
#define MX          "      bounce MX 10 feedback-smtp.us-east-1.amazonses.com.\n"
#define SES         "      bounce TXT \"v=spf1 include:amazonses.com ~all\"\n"

// Ids below neighbour/ in order, each once, with ", " between.
static const char *neighbours(struct dkim_play *play)
{
    const char *text = "";
    for (size_t i = 0; i < play->report.n_findings; i++) {
        const char *id = play->report.findings[i].id;
        if (strncmp(id, "neighbour/", strlen("neighbour/")) == 0 && strstr(text, id) == NULL) {
            text = fdns_arena_format(&play->arena, "%s%s%s", text, *text != '\0' ? ", " : "",
                                     id + strlen("neighbour/"));
        }
    }
    return text;
}

struct expected {
    const char *world;
    const char *ids; // without neighbour/
};

static void check(const struct expected *cases, size_t n, unsigned with, const char *region)
{
    for (size_t i = 0; i < n; i++) {
        struct dkim_play play;
        dkim_play_init(&play, cases[i].world);
        play.subject.with = with;
        play.subject.mail_from = "bounce.example.com";
        play.subject.region = region;
        dkim_play_visit(&play, 1 H);
        check_text(cases[i].ids, neighbours(&play), cases[i].world, __FILE__, __LINE__);
        check_text("SUCCESS", dc_status_text(play.report.status), cases[i].world, __FILE__,
                   __LINE__);
        dkim_play_clear(&play);
    }
}
#define CHECK_CASES(cases, with, region) check(cases, sizeof cases / sizeof cases[0], with, region)

static void test_mail_from(void)
{
    static const struct expected cases[] = {
        {ZONE "    add: |\n" MX SES, ""},
        {ZONE "    add: |\n" MX SES "      bounce MX 20 mail\n", "mailfrom-two-mx"},
        {ZONE "    add: |\n      bounce MX 10 mail\n" SES, "mailfrom-wrong-mx"},
        {ZONE "    add: |\n      bounce MX 10 feedback-smtp.amazonses.com.\n" SES,
         "mailfrom-wrong-mx"},
        {ZONE "    add: |\n      bounce MX 10 .\n" SES, "mailfrom-wrong-mx"},
        {ZONE "    add: |\n      bounce MX 10 Feedback-SMTP.US-East-1.AmazonSES.com.\n" SES, ""},
        {ZONE "    add: |\n      bounce MX 10 feedback-smtp.eu-west-1.amazonses.com.\n" SES,
         "mailfrom-wrong-region-mx"},
        {ZONE "    add: |\n      bounce CNAME www\n", "mailfrom-cname"},
        {ZONE "    check: off\n    add: |\n      bounce CNAME www\n" MX SES, "mailfrom-cname"},
        {ZONE "    add: |\n" SES, "mailfrom-missing-mx"},
        {ZONE "    add: |\n" MX, "mailfrom-missing-spf"},
        {EASY, "mailfrom-missing-spf, mailfrom-missing-mx"},
        {ZONE "    add: |\n" SES
              "      bounce.example.com MX 10 feedback-smtp.us-east-1.amazonses.com.\n",
         "mailfrom-doubled"},
        // the wildcard says so of every name
        {ZONE "    add: |\n" SES "      com TXT x\n      example.com TXT x\n"
              "      *.example.com MX 10 feedback-smtp.us-east-1.amazonses.com.\n",
         "mailfrom-missing-mx"},
        {ZONE "    add: |\n" MX "      bounce TXT \"v=spf1 a -all\"\n", "mailfrom-spf-without-ses"},
        {ZONE "    add: |\n" MX SES "      bounce TXT \"v=spf1 -all\"\n", "spf-two-records"},
        {ZONE "    add: |\n" MX "      bounce TXT \"\\\"v=spf1 include:amazonses.com ~all\\\"\"\n",
         "spf-quoted-literal"},
    };
    CHECK_CASES(cases, DC_WITH_MAIL_FROM, "us-east-1");
    static const struct expected any_region[] = {
        {ZONE "    add: |\n      bounce MX 10 feedback-smtp.eu-west-1.amazonses.com.\n" SES, ""}};
    CHECK_CASES(any_region, DC_WITH_MAIL_FROM, NULL);
}

static void test_mail_from_below(void)
{
    static const char *const others[] = {"example.com", "bounce.example.net", "notexample.com"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct dkim_play play;
        dkim_play_init(&play, EASY);
        play.subject.with = DC_WITH_MAIL_FROM;
        play.subject.mail_from = others[i];
        dkim_play_visit(&play, 1 H);
        CHECK_TEXT("mailfrom-not-subdomain", neighbours(&play));
        dkim_play_clear(&play);
    }
}

static void test_spf_records(void)
{
    static const struct expected cases[] = {
        {EASY, ""},
        {ZONE "    add: |\n      @ TXT \"v=spf1 -all\"\n", "spf-two-records"},
        {ZONE "    add: |\n      @ TXT \"v=spf10\"\n      @ TXT \"spf2.0/pra -all\"\n", ""},
        {ZONE "    remove: [ \"@ TXT\" ]\n", "spf-missing"},
        {ZONE "    remove: [ \"@ TXT\" ]\n    add: |\n"
              "      @ SPF \"v=spf1 include:amazonses.com ~all\"\n",
         "spf-type99"},
        {SPF("\\\"v=spf1 include:amazonses.com ~all\\\""), "spf-quoted-literal"},
        {SPF(" v=spf1 include:amazonses.com ~all"), "spf-syntax"},
        {SPF("v=spf1; include:amazonses.com ~all"), "spf-syntax"},
        {SPF("spf1 include:amazonses.com ~all"), "spf-syntax"},
        {SPF("V=SPF1 INCLUDE:AmazonSES.com ~ALL"), ""},
        {SPF("v=spf1"), "spf-without-sender"},
        {SPF("v=spf1 redirect=amazonses.com"), ""},
        {SPF("v=spf1 all redirect=amazonses.com"), "spf-without-sender"},
    };
    CHECK_CASES(cases, DC_WITH_SPF, NULL);
}

#define I "include:amazonses.com "

static void test_spf_terms(void)
{
    static const struct expected cases[] = {
        {SPF("v=spf1 " I "ip4:192.0.2.0/24 ip6:2001:db8::/32 -all"), ""},
        {SPF("v=spf1 " I "+a ?a:ok.example.com/24 ~a/24//64 -mx:example.com//64 ptr"), ""},
        {SPF("v=spf1 " I "exists:%{i}.example.net exp=why.%{d} x-own=1 unknown=%{d}"), ""},
        {SPF("v=spf1  " I "  -all  "), ""},
        {SPF("v=spf1 " I "ip4:192.0.2.256 -all"), "spf-syntax"},
        {SPF("v=spf1 " I "ip4:192.0.2.0/33 -all"), "spf-syntax"},
        {SPF("v=spf1 " I "ip4=192.0.2.1 -all"), ""}, // a modifier that nobody knows
        {SPF("v=spf1 " I "ip6:192.0.2.1 -all"), "spf-syntax"},
        {SPF("v=spf1 " I "ip4 -all"), "spf-syntax"},
        {SPF("v=spf1 " I "192.0.2.1 -all"), "spf-syntax"},
        {SPF("v=spf1 " I "include -all"), "spf-syntax"},
        {SPF("v=spf1 " I "include: -all"), "spf-syntax"},
        {SPF("v=spf1 " I "a: -all"), "spf-syntax"},
        {SPF("v=spf1 " I "a/129 -all"), "spf-syntax"},
        {SPF("v=spf1 " I "all:example.com"), "spf-syntax"},
        {SPF("v=spf1 " I "-all."), "spf-syntax"},
        {SPF("v=spf1 " I "include:a..b -all"), "spf-syntax"},
        {SPF("v=spf1 " I "=x -all"), "spf-syntax"},
        {SPF("v=spf1 " I "redirect=a.example.com redirect=b.example.com"), "spf-syntax"},
        {SPF("v=spf1 " I "a:localhost -all"), "spf-syntax"},
        {SPF("v=spf1 " I "a:example.123 -all"), "spf-syntax"},
        {SPF("v=spf1 " I "a:ok.example.com. -all"), ""},
        {SPF("v=spf1 " I "a:ok.example.com/024 -all"), "spf-syntax"},
        {SPF("v=spf1 " I "include:ok.example.com/24 -all"), "spf-syntax"},
        {SPF("v=spf1 " I "include:%{q}.example.com -all"), "spf-syntax"},
        {SPF("v=spf1 " I "include:%{d.example.com -all"), "spf-syntax"},
        {SPF("v=spf1 " I "exists:%{ir}.%{l1r-}._%%%_%-.%{d2} -all"), ""},
        {SPF("v=spf1 " I "exists:example.%% -all"), "spf-syntax"},
        {SPF("v=spf1 " I "exp=a.example.com exp=b.example.com -all"), "spf-syntax"},
        {SPF("v=spf1 " I "\\226\\128\\156a\\226\\128\\157 -all"), "spf-syntax"}, // curly quotes
    };
    CHECK_CASES(cases, DC_WITH_SPF, NULL);
}

#define P(n) "ptr:p" n ".example.com "

static void test_spf_counts(void)
{
    static const struct expected cases[] = {
        {SPF("v=spf1 " I P("1") P("2") P("3") P("4") P("5") P("6") P("7") P("8") P("9") "-all"),
         ""},
        {SPF("v=spf1 " I P("1") P("2") P("3") P("4") P("5") P("6") P("7") P("8") P("9")
                 P("10") "-all"),
         "spf-too-many-lookups"},
        {SPF("v=spf1 " I "-all " P("1") P("2") P("3") P("4") P("5") P("6") P("7") P("8") P("9")
                 P("10") P("11")),
         ""},
        {SPF("v=spf1 " I "include:example.com -all"), "spf-too-many-lookups"},
        {SPF("v=spf1 " I "redirect=example.com"), "spf-too-many-lookups"},
        {SPF("v=spf1 " I "include:none.example.com -all"), "spf-include-missing"},
        {SPF("v=spf1 " I "redirect=ok.example.com"), "spf-include-missing"},
        {SPF("v=spf1 " I "a:g1.example.com mx:ok.example.com -all"), ""},
        {SPF("v=spf1 " I "a:g1.example.com mx:ok.example.com exists:g2.example.com -all"),
         "spf-too-many-void-lookups"},
        {SPF("v=spf1 " I "a:g1.example.com a:g2.example.com a:ok.example.com -all"), ""},
        // only IPv6: empty for mail over IPv4
        {SPF("v=spf1 " I
             "a:g1.example.com a:g2.example.com a:six.example.com -all") "      six AAAA "
                                                                         "2001:db8::6\n",
         "spf-too-many-void-lookups"},
        // servers that fail are no empty answers
        {SPF("v=spf1 " I
             "include:sick.example.com -all") "rules:\n  - { when: { name: sick.example.com }, "
                                              "then: { rcode: SERVFAIL } }\n",
         "unanswered"},
        {SPF("v=spf1 " I
             "include:sick.example.com -all") "rules:\n  - { when: { name: sick.example.com }, "
                                              "then: { drop: yes } }\n",
         "unanswered"},
    };
    CHECK_CASES(cases, DC_WITH_SPF, NULL);
}

static void test_dmarc(void)
{
    static const struct expected cases[] = {
        {EASY, ""},
        {ZONE "    remove: [ _dmarc TXT ]\n", "dmarc-missing"},
        {ZONE "    remove: [ _dmarc TXT ]\n    add: |\n      * TXT \"v=spf1 -all\"\n",
         "dmarc-missing"},
        {ZONE "    remove: [ _dmarc TXT ]\n    add: |\n"
              "      _dmarc.example.com TXT \"v=DMARC1; p=none\"\n",
         "dmarc-doubled"},
        // a wildcard that answers at every name, the doubled one too
        {ZONE "    remove: [ _dmarc TXT ]\n    add: |\n      _dmarc TXT \"other\"\n"
              "      *.com TXT \"v=DMARC1; p=none\"\n",
         "dmarc-missing"},
        {ZONE "    add: |\n      _dmarc TXT \"v=DMARC1; p=reject\"\n", "dmarc-two-records"},
        {ZONE "    add: |\n      _dmarc TXT \"another text\"\n", ""},
        {ZONE "    check: off\n    add: |\n      _dmarc CNAME elsewhere\n", "dmarc-cname-and-txt"},
        {ZONE "    remove: [ _dmarc TXT ]\n    add: |\n      _dmarc CNAME policy\n"
              "      policy TXT \"v=DMARC1; p=reject\"\n",
         ""},
        {ZONE "    remove: [ _dmarc TXT ]\n    add: |\n      _dmarc CNAME _dmarc\n", "unanswered"},
        {DMARC("v=DMARC1;p=quarantine;"), ""},
        {DMARC("v=DMARC1"), "dmarc-no-policy"},
        {DMARC("v=DMARC1; p="), "dmarc-no-policy"},
        {DMARC("v=DMARC1; p=nono"), "dmarc-no-policy"},
        {DMARC("v=DMARC1; p=none; p=none"), "dmarc-syntax"},
        {DMARC("v=DMARC1 p=none"), "dmarc-syntax"},
        {DMARC("v=DMARC1; none"), "dmarc-syntax"},
        {DMARC("v=dmarc1; p=none"), "dmarc-syntax"},
        {DMARC("p=none; v=DMARC1"), "dmarc-syntax"},
        {DMARC("\\\"v=DMARC1; p=none\\\""), "dmarc-syntax"},
        {DMARC("v=DMARC1\\\\; p=none"), "dmarc-syntax"},
        {DMARC("v=DMARC1; p=none; adkim=s; aspf=s"), "dmarc-strict-spf"},
        {DMARC("v=DMARC1; p=none; aspf=r"), ""},
    };
    CHECK_CASES(cases, DC_WITH_DMARC, NULL);
}

// The record of a domain above counts, up to where domains are registered.
static void test_dmarc_above(void)
{
    struct dkim_play play;
    dkim_play_init(&play, EASY);
    play.subject.domain = "a.shop.example.com";
    play.subject.with = DC_WITH_DMARC;
    dkim_play_visit(&play, 1 H);
    CHECK_TEXT("", neighbours(&play));
    dkim_play_clear(&play);
}

// A long name leads to seven labels, and a parent that does not answer is no parent without a
// record.
static void test_dmarc_far_above(void)
{
    static const struct {
        const char *domain;
        const char *world;
        const char *ids;
    } cases[] = {
        {"a.b.c.d.e.f.g.h.example.com", EASY, ""},
        {"a.b.c.d.e.f.g.h.example.com", ZONE "    remove: [ _dmarc TXT ]\n", "dmarc-missing"},
        // at six labels above it nobody looks
        {"a.b.c.d.e.f.g.h.example.com",
         ZONE "    remove: [ _dmarc TXT ]\n    add: |\n"
              "      _dmarc.b.c.d.e.f.g.h TXT \"v=DMARC1; p=none\"\n",
         "dmarc-missing"},
        {"a.b.c.d.e.f.g.h.example.com",
         ZONE "    remove: [ _dmarc TXT ]\n    add: |\n"
              "      _dmarc.d.e.f.g.h TXT \"v=DMARC1; p=none\"\n",
         ""},
        {"shop.example.com",
         EASY "rules:\n  - { when: { name: _dmarc.example.com }, then: { rcode: SERVFAIL } }\n",
         ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct dkim_play play;
        dkim_play_init(&play, cases[i].world);
        play.subject.domain = cases[i].domain;
        play.subject.with = DC_WITH_DMARC;
        dkim_play_visit(&play, 1 H);
        check_text(cases[i].ids, neighbours(&play), cases[i].world, __FILE__, __LINE__);
        dkim_play_clear(&play);
    }
}

// Answers with wrong octets in them never crash or hang it, nor make it grow.
static void test_hostile(void)
{
    struct fdns_random random;
    fdns_random_init(&random, 11);
    for (unsigned i = 0; i < 300; i++) {
        struct dkim_play play;
        dkim_play_init(&play, i % 2 == 0 ? SPF("v=spf1 " I P("1") "include:ok.example.com mx -all")
                                         : ZONE "    add: |\n" MX SES);
        play.mutations = &random;
        play.subject.with = DC_WITH_DMARC | DC_WITH_MAIL_FROM | DC_WITH_SPF;
        play.subject.mail_from = "bounce.example.com";
        dkim_play_visit(&play, 0);
        CHECK(play.n_rounds < 40);
        dkim_play_clear(&play);
    }
}

// Records that include each other in ever new ways are read only so far.
static void test_bounded(void)
{
    struct fdns_buf world;
    struct dkim_play play;
    fdns_buf_init(&world, 1 << 20);
    fdns_buf_string(&world, ZONE "    remove: [ \"@ TXT\" ]\n    add: |\n"
                                 "      @ TXT \"v=spf1 include:r0.example.com -all\"\n");
    for (unsigned i = 0; i < 100; i++) {
        fdns_buf_format(&world,
                        "      r%u TXT \"v=spf1 include:r%u.example.com include:r%u.example.com"
                        " a:gone%u.example.com -all\"\n",
                        i, i + 1, i + 2, i);
    }
    fdns_buf_string(&world, "      r100 TXT \"v=spf1 -all\"\n      r101 TXT \"v=spf1 -all\"\n");
    dkim_play_init(&play, fdns_buf_text(&world));
    play.subject.with = DC_WITH_SPF;
    dkim_play_visit(&play, 1 H);
    const struct dc_finding *finding =
        dkim_play_find(&play, "neighbour/spf-too-many-lookups", NULL, "example.com");
    CHECK_TEXT("more than 40", finding != NULL ? finding->actual : "");
    CHECK(play.report.n_observations < 200);
    dkim_play_clear(&play);
    fdns_buf_clear(&world);
}

// Nothing is looked at that nobody asked for, and nothing is found where nobody serves the domain.
static void test_only_if_asked(void)
{
    struct dkim_play play;
    dkim_play_init(&play, ZONE "    remove: [ \"@ TXT\", _dmarc TXT ]\n");
    dkim_play_visit(&play, 1 H);
    CHECK_TEXT("", neighbours(&play));
    dkim_play_clear(&play);
    dkim_play_init(&play, EASY "zones:\n  com:\n    remove: [ example NS ]\n");
    play.subject.with = DC_WITH_DMARC | DC_WITH_SPF;
    dkim_play_visit(&play, 1 H);
    CHECK_TEXT("", neighbours(&play));
    dkim_play_clear(&play);
}

// A record is the domain's, whoever sends: only what SPF has to include differs.
static void test_other_sender(void)
{
    static const char *const selectors[] = {"example"};
    struct dkim_play play;
    dkim_play_init(&play, EASY);
    play.subject.method = DC_SELECTORS;
    play.subject.sender = "google";
    play.subject.selectors = selectors;
    play.subject.n_selectors = 1;
    play.subject.with = DC_WITH_SPF;
    dkim_play_visit(&play, 1 H);
    CHECK_TEXT("spf-without-sender", neighbours(&play));
    const struct dc_finding *finding =
        dkim_play_find(&play, "neighbour/spf-without-sender", NULL, NULL);
    CHECK_TEXT("include:_spf.google.com", finding != NULL ? finding->expected : "");
    dkim_play_clear(&play);
}

static void test_words(void)
{
    struct fdns_arena arena;
    fdns_arena_init(&arena, 0);
    CHECK_INT(DC_WITH_SPF, dc_with_parse("spf"));
    CHECK_INT(0, dc_with_parse("spff"));
    CHECK_TEXT("dmarc, mail-from, spf", dc_with_list(&arena, ~0U));
    CHECK_TEXT("", dc_with_list(&arena, 0));
    fdns_arena_clear(&arena);
}

static const struct test tests[] = {
    {"the MAIL FROM domain", test_mail_from},
    {"MAIL FROM domains that are not below", test_mail_from_below},
    {"SPF: one record", test_spf_records},
    {"SPF: terms", test_spf_terms},
    {"SPF: lookups", test_spf_counts},
    {"DMARC", test_dmarc},
    {"DMARC of a domain above", test_dmarc_above},
    {"DMARC of a domain far above", test_dmarc_far_above},
    {"hostile answers", test_hostile},
    {"records without end", test_bounded},
    {"only if asked for", test_only_if_asked},
    {"SPF of another sender", test_other_sender},
    {"words of --with", test_words},
};
SUITE(neighbour, tests)
