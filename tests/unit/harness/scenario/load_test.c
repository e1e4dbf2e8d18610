// Scenario files, good and bad, written to a folder of their own.
#include "harness/scenario/scenario.h"
#include "unit/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char diagnostics[8192];

// Loads text as scenarios/x.yaml of a new folder; diagnostics keeps what was said, with the
// folder's name cut off.
static struct dc_scenario *load(struct fdns_world_library *library, const char *text)
{
    char folder[] = "/tmp/dnsconform-test.XXXXXX";
    char path[128];
    struct fdns_diags diags;
    struct fdns_buf printed;
    CU_ASSERT_FATAL(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/x.yaml", folder);
    FILE *file = fopen(path, "w");
    CU_ASSERT_FATAL(file != NULL);
    fputs(text, file);
    fclose(file);
    fdns_diags_init(&diags);
    fdns_buf_init(&printed, sizeof diagnostics - 1);
    struct dc_scenario *scenario = dc_scenario_load(library, path, &diags);
    fdns_diags_print(&diags, 0, &printed);
    size_t at = 0;
    const char *from = fdns_buf_text(&printed);
    for (const char *p; (p = strstr(from, folder)) != NULL; from = p + strlen(folder) + 1) {
        at += (size_t)snprintf(diagnostics + at, sizeof diagnostics - at, "%.*s", (int)(p - from),
                               from);
    }
    snprintf(diagnostics + at, sizeof diagnostics - at, "%s", from);
    fdns_buf_clear(&printed);
    fdns_diags_clear(&diags);
    unlink(path);
    rmdir(folder);
    return scenario;
}

#define WORLD                                                                                      \
    "world:\n"                                                                                     \
    "  zones:\n"                                                                                   \
    "    example.com: |\n"                                                                         \
    "      @ 300 SOA ns1 h 1 2 3 4 5\n"                                                            \
    "      @ 300 NS ns1\n"                                                                         \
    "      ns1 300 A 192.0.2.1\n"                                                                  \
    "  servers:\n"                                                                                 \
    "    ns1.example.com: { addresses: [192.0.2.1], zones: [example.com] }\n"
#define DKIM(keys)                                                                                 \
    "title: T\n" WORLD "subject: { dkim: { domain: example.com, " keys " } }\n"                    \
    "expect: [ { at: 0s } ]\n"
#define SUBJECT "subject:\n  dkim: { domain: example.com, method: easy-dkim, tokens: [t1] }\n"

static void test_complete(void)
{
    struct fdns_world_library *library = fdns_world_library_new();
    struct dc_scenario *scenario =
        load(library, "title: T\nrefs: [seed:R21]\ntags: [control]\n" WORLD "subject:\n"
                      "  dkim:\n"
                      "    domain: example.com\n"
                      "    method: easy-dkim\n"
                      "    tokens: [t1, t2]\n"
                      "    window: 5d\n"
                      "    resolver: yes\n"
                      "    restart: [ { at: 6d, tokens: [n1] } ]\n"
                      "expect:\n"
                      "  - at: 71h59m\n"
                      "    status: PENDING\n"
                      "    findings: [ { id: name/doubled-suffix, type: TXT, level: error,\n"
                      "                  server: ns1.example.com } ]\n");
    CHECK_TEXT("", diagnostics);
    CU_ASSERT_FATAL(scenario != NULL);
    CHECK_TEXT("T", scenario->title);
    CHECK_TEXT("seed:R21", scenario->refs[0]);
    CHECK_TEXT("control", scenario->tags[0]);
    CHECK(scenario->wants_resolver);
    CHECK(scenario->fault_expected);
    CHECK_INT(2, scenario->dkim.n_tokens);
    CHECK_INT(INT64_C(5) * 24 * 3600 * 1000000, scenario->dkim.window_us);
    CHECK_TEXT("n1", scenario->dkim.restarts[0].tokens[0]);
    CHECK_INT(1, scenario->n_checkpoints);
    CHECK_INT((INT64_C(72) * 60 - 1) * 60 * 1000000, scenario->checkpoints[0].at_us);
    CHECK_INT(DC_STATUS_PENDING, scenario->checkpoints[0].status);
    CHECK_TEXT("TXT", scenario->checkpoints[0].findings[0].type);
    dc_scenario_free(scenario);
    fdns_world_library_free(library);
}

struct bad {
    const char *text;
    const char *said;
};

static void test_bad(void)
{
    static const struct bad cases[] = {
        {"title: T\n" WORLD SUBJECT, "x.yaml:1:1: error: "},
        {"tilte: T\n" WORLD SUBJECT "expect: [ { at: 0s } ]\n",
         "x.yaml:1:1: error: unknown key \"tilte\" (did you mean \"title\"?)"},
        {"title: T\n" WORLD SUBJECT "expect:\n  - at: 0s\n    status: PENDIN\n",
         "x.yaml:14:13: error: "},
        {"title: T\n" WORLD SUBJECT
         "expect:\n  - at: 0s\n    findings: [ { id: name/doubled-sufix } ]\n",
         "x.yaml:14:23: error: no finding has the id \"name/doubled-sufix\" (did you mean "
         "\"name/doubled-suffix\"?)"},
        {"title: T\n" WORLD SUBJECT
         "expect:\n  - at: 0s\n    findings: [ { id: name/doubled-suffix, server: "
         "ns2.example.com } ]\n",
         "the world has no server \"ns2.example.com\" (did you mean \"ns1.example.com\"?)"},
        {"title: T\n" WORLD SUBJECT
         "expect:\n  - at: 0s\n    findings: [ { id: name/doubled-suffix, type: TEXT } ]\n",
         "\"TEXT\" is no RR type"},
        {"title: T\n" WORLD SUBJECT
         "expect:\n  - at: 0s\n    signatures: [ { domain: example.com, result: passed } ]\n",
         "x.yaml:14:50: error: \"passed\" is no result (did you mean \"pass\"?)"},
        {"title: T\n" WORLD "subject: { dkim: { domain: example.com, method: message } }\n"
         "expect: [ { at: 0s } ]\n",
         "method message needs one of `message` and `message_file`"},
        {"title: T\n" WORLD "subject: { dkim: { domain: example.com, method: message, "
         "message_file: none.eml } }\nexpect: [ { at: 0s } ]\n",
         "none.eml: error: cannot be read"},
        {"title: T\n" WORLD "subject: { dkim: { domain: example.com, method: easy-dkim, "
         "tokens: [t1], message: x } }\nexpect: [ { at: 0s } ]\n",
         "a message belongs to method message"},
        {"title: T\n" WORLD SUBJECT "expect: [ { at: 2s }, { at: 1s } ]\n",
         "a checkpoint has to be later than the one before it"},
        {"title: T\n" WORLD
         "subject: { dkim: { domain: example.com, method: easy-dkim } }\nexpect: [ { at: 0s } ]\n",
         "easy-dkim needs `tokens`"},
        {"title: T\n" WORLD
         "subject: { dkim: { domain: example.com, method: byodkim, tokens: [a] } }\n"
         "expect: [ { at: 0s } ]\n",
         "byodkim needs `selector`"},
        {DKIM("sender: sendgird"), "no sender (did you mean \"sendgrid\"?)"},
        {DKIM("sender: salesforce"), "`selectors` is needed"},
        {DKIM("sender: sendgrid, tokens: [a]"), "belongs to Amazon SES"},
        {DKIM("sender: sendgrid, method: byodkim"), "this method belongs to Amazon SES"},
        {DKIM("selectors: [a, b], targets: [x.example]"), "one for each of `selectors`"},
        {DKIM("region: eu-west-1"), "`method` is needed"},
        {DKIM("selectors: [a], with: [dmark]"), "dmarc"},
        {DKIM("method: easy-dkim, tokens: [a], with: [mail-from]"), "mail-from needs `mail_from`"},
        {DKIM("method: easy-dkim, tokens: [a], targets: [b]"), "`targets` belongs to `selectors`"},
        {"title: T\n" WORLD "subject: { dkim: { domain: k\xc3\xbc"
         "chen.example, method: byodkim, "
         "selector: s } }\nexpect: [ { at: 0s } ]\n",
         "letters beyond ASCII"},
        {"title: T\n" WORLD "subject: { dkim: { domain: a..b, method: easy-dkim, tokens: [a] } }\n"
         "expect: [ { at: 0s } ]\n",
         "x.yaml:10:28: error: "},
        {"title: T\n" WORLD "subject: { dkim: { domain: \""
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "aaaaaaaaaaaaaaaaaaaaaaaaaa.com\", method: easy-dkim, tokens: [a] } }\n"
         "expect: [ { at: 0s } ]\n",
         "a label is longer than 63"},
        {"", "x.yaml"},
        {"title: T\n" WORLD SUBJECT "expect: []\n", "x.yaml:12:9: error: "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fdns_world_library *library = fdns_world_library_new();
        struct dc_scenario *scenario = load(library, cases[i].text);
        CHECK(scenario == NULL);
        CHECK_CONTAINS(cases[i].said, diagnostics);
        dc_scenario_free(scenario);
        fdns_world_library_free(library);
    }
}

static void test_all_at_once(void)
{
    struct fdns_world_library *library = fdns_world_library_new();
    struct dc_scenario *scenario = load(
        library, "title: T\n"
                 "world:\n"
                 "  zones:\n"
                 "    example.com: |\n"
                 "      @ 300 SOA ns1 h 1 2 3 4 5\n"
                 "      @ 300 NS ns1\n"
                 "      ns1 300 A 192.0.2.256\n"
                 "  servers:\n"
                 "    ns1.example.com: { addresses: [192.0.2.1], zones: [example.com] }\n" SUBJECT
                 "expect: [ { at: 0s, findings: [ { id: no/such } ] } ]\n");
    CHECK(scenario == NULL);
    CHECK_CONTAINS("x.yaml:7:", diagnostics);
    CHECK_CONTAINS("no finding has the id \"no/such\"", diagnostics);
    fdns_world_library_free(library);
}

#define ACCOUNT(keys) "title: T\n" WORLD SUBJECT "  account:\n" keys "expect: [ { at: 0s } ]\n"

static void check_account(struct fdns_world_library *library, const char *text, const char *said)
{
    struct dc_scenario *scenario = load(library, text);
    CHECK(scenario == NULL);
    CHECK_CONTAINS(said, diagnostics);
    dc_scenario_free(scenario);
}

static void test_account(void)
{
    struct fdns_world_library *library = fdns_world_library_new();
    check_account(library, ACCOUNT("    identities: [ { name: mary@ } ]\n"),
                  "not an e-mail address");
    check_account(library, ACCOUNT("    identities: [ { name: a..b } ]\n"),
                  "neither a domain name nor an e-mail address");
    check_account(library, ACCOUNT("    identities: [ { name: example.com, tokens: [a] } ]\n"),
                  "only `signing` can be said of it");
    check_account(library,
                  ACCOUNT("    identities: [ { name: m@example.com }, { name: m@EXAMPLE.com } ]\n"),
                  "listed twice");
    check_account(library,
                  ACCOUNT("    identities: [ { name: example.com, region: w, dkim: yes } ]\n"),
                  "needs `tokens` or `selector`");
    check_account(
        library,
        ACCOUNT("    events: [ { at: 1h, identity: mary@example.com, change: deleted } ]\n"),
        "there is no identity mary@example.com");
    check_account(library,
                  ACCOUNT("    events: [ { at: 1h, identity: example.com, change: deleted } ]\n"),
                  "is there all the time");
    check_account(library, ACCOUNT("    senders: [joe]\n"), "not an e-mail address");
    struct dc_scenario *scenario = load(
        library, ACCOUNT("    identities: [ { name: example.com, region: w, tokens: [a] } ]\n"
                         "    events:\n"
                         "      - { at: 1h, identity: example.com, region: w, change: added }\n"));
    CHECK_TEXT("", diagnostics);
    CU_ASSERT_FATAL(scenario != NULL);
    CHECK_INT(2, dc_dkim_n_set_ups(&scenario->dkim));
    CHECK_TEXT("w", dc_dkim_set_up(&scenario->dkim, 1)->region);
    dc_scenario_free(scenario);
    fdns_world_library_free(library);
}

static const struct test tests[] = {
    {"the account side", test_account},
    {"a complete file is read", test_complete},
    {"mistakes are named with their place", test_bad},
    {"a mistake in zone text and one in an expectation are both told", test_all_at_once},
};
SUITE(load, tests)
