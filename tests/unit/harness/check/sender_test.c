// Other senders: the table, targets by their shape, and what is reported of their records.
#include "harness/check/dkim/sender.h"

#include "unit/harness.h"

#include "fakedns/base/duration.h"
#include "unit/harness/check/dkim_play.h"

#include <string.h>

#define H       *FDNS_US_PER_H
#define SENDERS "base: lib/senders.yaml\n"
#define ZONE    SENDERS "zones:\n  example.com:\n"

static void test_table(void)
{
    for (size_t i = 0; i < dc_n_senders; i++) {
        const struct dc_sender *sender = &dc_senders[i];
        CHECK(sender->title != NULL && sender->records != NULL);
        CHECK(dc_sender_find(sender->id) == sender);
        check_true(i == 0 || strcmp(dc_senders[i - 1].id, sender->id) < 0, sender->id, __FILE__,
                   __LINE__);
    }
    CHECK(dc_sender_find("nobody") == NULL);
    CHECK(dc_sender_find(NULL) == NULL);
    CHECK_TEXT("sendgrid", dc_sender_suggest("sendgird"));
    CHECK(dc_sender_suggest("entirely-else") == NULL);
}

static bool fits(const char *target, const char *text)
{
    uint8_t name[FDNS_NAME_MAX];
    return fdns_name_parse(text, NULL, name) == FDNS_OK && dc_sender_fits(target, name);
}

static void test_shapes(void)
{
    CHECK(fits("dkim2.mcsv.net", "DKIM2.mcsv.net."));
    CHECK(!fits("dkim2.mcsv.net", "dkim3.mcsv.net."));
    CHECK(!fits("dkim2.mcsv.net", "dkim2.mcsv.net.example.com."));
    CHECK(!fits("dkim2.mcsv.net", "mcsv.net."));
    CHECK(fits("s1.domainkey.*.sendgrid.net", "s1.domainkey.u1.sendgrid.net"));
    CHECK(fits("s1.domainkey.*.sendgrid.net", "s1.domainkey.u1.wl1.sendgrid.net"));
    CHECK(!fits("s1.domainkey.*.sendgrid.net", "s1.domainkey.sendgrid.net"));
    CHECK(!fits("s1.domainkey.*.sendgrid.net", "s1.domainkey.u1.sendgrid.net.example.com"));
    CHECK(fits("s1-*.x.*.y", "s1-example.x.a.y"));
    CHECK(!fits("s1-*.x.*.y", "s1-.x.a.y"));
    CHECK(!fits("s1-*.x.*.y", "s2-example.x.a.y"));
    CHECK(fits("a.*", "a.b.c"));
    CHECK(!fits("a.*", "a"));
    CHECK(!fits("a", "."));
}

static void test_targets(void)
{
    struct fdns_arena arena;
    const char *targets[DC_SENDER_TARGETS];
    fdns_arena_init(&arena, 0);
    CHECK_INT(
        1, dc_sender_targets(&arena, dc_sender_find("fastmail"), "fm1", "example.com.", targets));
    CHECK_TEXT("fm1.example.com.dkim.fmhosted.com", targets[0]);
    CHECK_INT(2, dc_sender_targets(&arena, dc_sender_find("microsoft"), "selector1", "a.example",
                                   targets));
    CHECK_TEXT("selector1-*._domainkey.*.dkim.mail.microsoft", targets[1]);
    CHECK_INT(1,
              dc_sender_targets(&arena, dc_sender_find("mailchimp"), "K2", "a.example", targets));
    CHECK_TEXT("dkim2.mcsv.net", targets[0]);
    CHECK_INT(0,
              dc_sender_targets(&arena, dc_sender_find("mailchimp"), "k9", "a.example", targets));
    CHECK_INT(0, dc_sender_targets(&arena, dc_sender_find("google"), "google", "a.b", targets));
    fdns_arena_clear(&arena);
}

static void test_guess(void)
{
    const struct dc_sender *sender =
        dc_sender_of_target("s1.domainkey.u1.wl1.sendgrid.net", "s1", "example.com");
    CHECK_TEXT("sendgrid", sender != NULL ? sender->id : "");
    sender = dc_sender_of_target("tok.dkim.eu-south-1.amazonses.com.", "tok", "example.com");
    CHECK_TEXT("ses", sender != NULL ? sender->id : "");
    CHECK(dc_sender_of_target("tok.dkim.amazonses.com", "other", "example.com") == NULL);
    CHECK(dc_sender_of_target("..", "other", "example.com") == NULL);
}

struct expected {
    const char *world;
    const char *sender;
    const char *selectors[3];
    const char *target;
    const char *alarms;
    enum dc_status status;
};

static void check(const struct expected *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct dkim_play play;
        dkim_play_init_byodkim(&play, cases[i].world);
        play.subject.method = DC_SELECTORS;
        play.subject.sender = cases[i].sender;
        play.subject.selectors = cases[i].selectors;
        while (play.subject.n_selectors < 3 &&
               cases[i].selectors[play.subject.n_selectors] != NULL) {
            play.subject.n_selectors++;
        }
        play.subject.targets = &cases[i].target;
        play.subject.n_targets = cases[i].target != NULL ? 1 : 0;
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
        {SENDERS, "sendgrid", {"s1", "s2"}, NULL, "", DC_STATUS_SUCCESS},
        {SENDERS, "microsoft", {"selector1", "selector2"}, NULL, "", DC_STATUS_SUCCESS},
        {SENDERS, "fastmail", {"fm1", "fm2", "fm3"}, NULL, "", DC_STATUS_SUCCESS},
        {SENDERS, "zendesk", {"zendesk1", "zendesk2"}, NULL, "", DC_STATUS_SUCCESS},
        {SENDERS, "google", {"google"}, NULL, "", DC_STATUS_SUCCESS},
        {SENDERS, "generic", {"google", "k1", "2024.news"}, NULL, "", DC_STATUS_SUCCESS},
        {SENDERS, "generic", {"k1"}, "dkim.mcsv.net", "", DC_STATUS_SUCCESS},
    };
    check(cases, sizeof cases / sizeof cases[0]);
}

#define PUT(name, record)                                                                          \
    ZONE "    remove: [ " name "._domainkey CNAME ]\n    add: |\n      " record "\n"

static void test_faults(void)
{
    static const struct expected cases[] = {
        {PUT("s1", "s1._domainkey CNAME s1.domainkey.u1234567.wl001.sendgrid.net"),
         "sendgrid",
         {"s1", "s2"},
         NULL,
         "record/cname-target-no-dot",
         DC_STATUS_PENDING},
        {PUT("s1", "s1._domainkey CNAME s2.domainkey.u1234567.wl001.sendgrid.net."),
         "sendgrid",
         {"s1", "s2"},
         NULL,
         "record/cname-swapped-tokens",
         DC_STATUS_PENDING},
        {PUT("s1", "s1._domainkey CNAME sendgrid.net."),
         "sendgrid",
         {"s1", "s2"},
         NULL,
         "record/cname-target-typo",
         DC_STATUS_PENDING},
        {PUT("s1", "s1._domainkey CNAME s1.domainkey.u1.wl1.sendgrid.net."),
         "sendgrid",
         {"s1", "s2"},
         NULL,
         "record/cname-dangling",
         DC_STATUS_PENDING},
        {PUT("s1", "s1._domainkey CNAME 192.0.2.1."),
         "sendgrid",
         {"s1", "s2"},
         NULL,
         "record/cname-to-url-or-ip",
         DC_STATUS_PENDING},
        {PUT("s1", "s1 CNAME s1.domainkey.u1234567.wl001.sendgrid.net."),
         "sendgrid",
         {"s1", "s2"},
         NULL,
         "name/name-missing-domainkey",
         DC_STATUS_PENDING},
        {PUT("k2", "k2._domainkey CNAME dkim3.mcsv.net."),
         "mailchimp",
         {"k2", "k3"},
         NULL,
         "record/cname-swapped-tokens",
         DC_STATUS_PENDING},
        // what another provider's record looks like is no matter of Regions
        {PUT("k2", "k2._domainkey CNAME abc.dkim.amazonses.com."),
         "mailchimp",
         {"k2", "k3"},
         NULL,
         "record/cname-target-typo",
         DC_STATUS_PENDING},
        // one selector without a key is a spare, two are a fault
        {PUT("selector1", "selector1._domainkey CNAME selector1-x._domainkey.y.onmicrosoft.com."),
         "microsoft",
         {"selector1", "selector2"},
         NULL,
         "record/cname-dangling",
         DC_STATUS_PENDING},
        {SENDERS,
         "generic",
         {"k1"},
         "dkim2.mcsv.net",
         "record/cname-target-typo",
         DC_STATUS_PENDING},
        {SENDERS,
         "generic",
         {"k1", "nothing"},
         NULL,
         "record/one-of-three-missing",
         DC_STATUS_PENDING},
        {SENDERS,
         "valimail",
         {"google"},
         NULL,
         "delegation/domainkey-not-delegated",
         DC_STATUS_SUCCESS},
        {SENDERS,
         "valimail",
         {"nothing"},
         NULL,
         "delegation/domainkey-not-delegated",
         DC_STATUS_PENDING},
    };
    check(cases, sizeof cases / sizeof cases[0]);
}

// Nothing that is said of other senders' records names Amazon SES.
static void test_wording(void)
{
    static const char *const selectors[] = {"s1", "s2"};
    static const char *const worlds[] = {
        PUT("s1", "s1._domainkey TXT \"k=rsa; p=\""),
        PUT("s1", "s1._domainkey CNAME www"),
        SENDERS
        "rules:\n  - { when: { type: TXT, zone: example.com }, then: { rcode: SERVFAIL } }\n",
        ZONE "    remove: [ s1._domainkey CNAME, s2._domainkey CNAME ]\n",
    };
    for (size_t i = 0; i < sizeof worlds / sizeof worlds[0]; i++) {
        struct dkim_play play;
        dkim_play_init_byodkim(&play, worlds[i]);
        play.subject.method = DC_SELECTORS;
        play.subject.sender = "sendgrid";
        play.subject.selectors = selectors;
        play.subject.n_selectors = 2;
        dkim_play_visit(&play, 1 H);
        CHECK(play.report.n_findings > 0);
        CHECK(play.report.console[0] == NULL);
        for (size_t k = 0; k < play.report.n_findings; k++) {
            const struct dc_finding *finding = &play.report.findings[k];
            const char *remedy = finding->remedy != NULL ? finding->remedy : finding->row->remedy;
            check_true(strstr(remedy, "Amazon SES") == NULL, remedy, __FILE__, __LINE__);
            check_true(strstr(finding->row->cause, "Amazon SES and") == NULL, finding->row->cause,
                       __FILE__, __LINE__);
        }
        dkim_play_clear(&play);
    }
}

// Subjects that make no names.
static void test_invalid(void)
{
    static const char *const many[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};
    static const char *const bad[] = {"a..b"};
    static const char *const targets[] = {"x..y"};
    const struct dc_dkim_subject subjects[] = {
        {.selectors = many, .n_selectors = 9},
        {.n_selectors = 0},
        {.selectors = bad, .n_selectors = 1},
        {.selectors = many, .n_selectors = 1, .targets = targets, .n_targets = 1},
        {.selectors = many, .n_selectors = 2, .targets = many, .n_targets = 1},
    };
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
        struct dkim_play play;
        dkim_play_init_byodkim(&play, SENDERS);
        play.subject = subjects[i];
        play.subject.domain = "example.com";
        play.subject.method = DC_SELECTORS;
        play.subject.sender = "generic";
        dkim_play_visit(&play, 1 H);
        CHECK_TEXT("account/invalid-subject", dkim_play_alarms(&play));
        dkim_play_clear(&play);
    }
}

static const struct test tests[] = {
    {"the table", test_table},
    {"targets by their shape", test_shapes},
    {"targets of a selector", test_targets},
    {"the sender that a target shows", test_guess},
    {"healthy records", test_healthy},
    {"faults", test_faults},
    {"who is named", test_wording},
    {"subjects that make no names", test_invalid},
};
SUITE(sender, tests)
