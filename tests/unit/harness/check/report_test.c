#include "harness/check/report.h"

#include "unit/harness.h"

#include <string.h>

static struct fdns_arena arena;

static const uint8_t requests[2][17] = {
    {0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1},
    {0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 16, 0, 1},
};
static const struct dc_attempt silent = {.asked_us = 7, .ended_us = 9, .outcome = DC_SILENT};
static struct dc_question questions[2];
static struct dc_observation seen[2];
static const struct dc_observation *const sorted[] = {&seen[0], &seen[1]};
static const uint8_t rdata[] = "\x03p=A\x00\x02\xff\n";
static const struct dc_excerpt excerpt = {
    .rdata = rdata, .rdata_len = sizeof rdata - 1, .at = 3, .len = 2};
static const struct dc_finding findings[] = {
    {.id = "no-such/finding",
     .level = DC_WARNING,
     .server = "ns1.example.com",
     .name = "t1._domainkey.example.com",
     .type = "TXT",
     .expected = "an answer",
     .actual = "octets \xff\x1b[31m",
     .excerpt = &excerpt,
     .observations = &sorted[1],
     .n_observations = 1},
    {.id = "no-such/other", .level = DC_INFO, .remedy = "wait", .cause = 1},
};

static struct dc_report sample(void)
{
    for (size_t i = 0; i < 2; i++) {
        questions[i] = (struct dc_question){.request = requests[i], .len = sizeof requests[i]};
        fdns_address_parse("192.0.2.1", 53, &questions[i].server);
        seen[i] = (struct dc_observation){
            .question = &questions[i], .outcome = DC_SILENT, .attempts = &silent, .n_attempts = 1};
    }
    return (struct dc_report){.tool = "dnsconform 0",
                              .subject = "DKIM of example.com",
                              .domain = "example.com",
                              .at_us = 123,
                              .status = DC_STATUS_PENDING,
                              .console = {"pending verification", NULL},
                              .findings = findings,
                              .n_findings = 2,
                              .observations = sorted,
                              .n_observations = 2};
}

static void test_there_and_back(void)
{
    fdns_arena_init(&arena, 0);
    const struct dc_report report = sample();
    const char *why = NULL;
    json_t *json = dc_report_json(&report);
    const struct dc_report *back = dc_report_read(&arena, json, &why);
    CHECK_TEXT(NULL, why);
    CHECK_INT(DC_STATUS_PENDING, back->status);
    CHECK_TEXT("pending verification", back->console[0]);
    CHECK_TEXT("octets \\xff\\x1b[31m", back->findings[0].actual);
    CHECK(back->findings[0].observations[0] == back->observations[1]);
    CHECK_INT(1, back->findings[1].cause);
    CHECK_TEXT(NULL, back->findings[1].name);
    CHECK_INT(sizeof rdata - 1, back->findings[0].excerpt->rdata_len);
    CHECK(memcmp(rdata, back->findings[0].excerpt->rdata, sizeof rdata - 1) == 0);
    CHECK_INT(3, back->findings[0].excerpt->at);
    CHECK_INT(2, back->findings[0].excerpt->len);
    CHECK(back->findings[1].excerpt == NULL);
    json_t *again = dc_report_json(back);
    CHECK(json_equal(json, again));
    json_decref(again);
    json_decref(json);
    fdns_arena_clear(&arena);
}

static void test_servers_have_names(void)
{
    const struct dc_report report = sample();
    struct dc_question named = *report.observations[0]->question;
    struct dc_observation observation = *report.observations[0];
    const struct dc_observation *const observations[] = {&observation};
    struct dc_report with_name = report;
    named.server_name = "ns1.example.com";
    observation.question = &named;
    with_name.observations = observations;
    with_name.n_observations = 1;
    with_name.n_findings = 0;
    json_t *json = dc_report_json(&with_name);
    const json_t *first = json_array_get(json_object_get(json, "observations"), 0);
    CHECK_TEXT("ns1.example.com", json_string_value(json_object_get(first, "server")));
    CHECK_INT(1, json_integer_value(json_object_get(first, "n")));
    json_decref(json);
}

static const struct dc_report *read_text(const char *text, const char **why)
{
    fdns_arena_init(&arena, 0);
    json_t *json = dc_json_load(&arena, text, strlen(text), why);
    const struct dc_report *report = json != NULL ? dc_report_read(&arena, json, why) : NULL;
    json_decref(json);
    return report;
}

#define HEAD "{\"schema\": \"dnsconform.report/1\", \"status\": \"FAILED\""

static void test_a_short_report_of_another_checker(void)
{
    const char *why = NULL;
    const struct dc_report *report =
        read_text(HEAD ", \"findings\": [{\"id\": \"theirs\"}], \"more\": [1, 2]}", &why);
    CHECK_TEXT(NULL, why);
    CHECK_INT(DC_STATUS_FAILED, report->status);
    CHECK_TEXT("theirs", report->findings[0].id);
    CHECK_INT(DC_ERROR, report->findings[0].level);
    CHECK(report->findings[0].row == NULL);
    fdns_arena_clear(&arena);
}

static void test_signatures(void)
{
    const char *why = NULL;
    const struct dc_report *report =
        read_text(HEAD ", \"findings\": [], \"signatures\": [{\"result\": \"policy\", \"domain\": "
                       "\"a.test\", \"reason\": \"old\", \"own\": true}, {\"result\": "
                       "\"pass\", \"ignored\": true}]}",
                  &why);
    CHECK_TEXT(NULL, why);
    CHECK_INT(2, report->n_signatures);
    CHECK_INT(DC_AUTH_POLICY, report->signatures[0].result);
    CHECK_TEXT("a.test", report->signatures[0].domain);
    CHECK_TEXT("old", report->signatures[0].reason);
    CHECK(report->signatures[0].own && !report->signatures[0].ignored);
    json_t *json = dc_report_json(report);
    const struct dc_report *back = dc_report_read(&arena, json, &why);
    CHECK_INT(2, back->n_signatures);
    CHECK_TEXT(NULL, back->signatures[1].domain);
    CHECK(!back->signatures[1].own && back->signatures[1].ignored);
    json_decref(json);
    fdns_arena_clear(&arena);
    CHECK(read_text(HEAD ", \"findings\": [], \"signatures\": [{\"result\": \"good\"}]}", &why) ==
          NULL);
    CHECK_TEXT("signatures[0]: \"result\" is no result of RFC 8601", why);
    fdns_arena_clear(&arena);
    // a report of a set-up has none, and does not mention them
    report = read_text(HEAD ", \"findings\": []}", &why);
    json = dc_report_json(report);
    CHECK(json_object_get(json, "signatures") == NULL);
    json_decref(json);
    fdns_arena_clear(&arena);
}

static void test_a_known_id_has_its_row(void)
{
    const char *why = NULL;
    const struct dc_finding_row *row = dc_catalogue_at(0);
    fdns_arena_init(&arena, 0);
    json_t *json =
        json_pack("{s:s, s:s, s:[{s:s}, {s:s, s:s}]}", "schema", DC_REPORT_SCHEMA, "status",
                  "SUCCESS", "findings", "id", row->id, "id", row->id, "level", "info");
    const struct dc_report *report = dc_report_read(&arena, json, &why);
    CHECK(report->findings[0].row == row);
    CHECK_INT(row->level, report->findings[0].level);
    CHECK_INT(DC_INFO, report->findings[1].level);
    json_decref(json);
    fdns_arena_clear(&arena);
}

static void check_refused(const char *text, const char *expected)
{
    const char *why = NULL;
    CHECK(read_text(text, &why) == NULL);
    CHECK_CONTAINS(expected, why);
    fdns_arena_clear(&arena);
}

static void test_hostile_reports_are_refused(void)
{
    check_refused("[]", "not an object");
    check_refused("{}", "\"schema\" is missing");
    check_refused("{\"schema\": \"dnsconform.report/2\"}", "not dnsconform.report/1");
    check_refused("{\"schema\": \"dnsconform.report/1\", \"status\": \"FINE\"}", "known word");
    check_refused(HEAD "}", "\"findings\" is missing");
    check_refused(HEAD ", \"findings\": {}}", "not an array");
    check_refused(HEAD ", \"findings\": [null]}", "findings[0]: \"id\" is missing");
    check_refused(HEAD ", \"findings\": [{\"id\": \"a/b\", \"level\": \"must\"}]}", "level");
    check_refused(HEAD ", \"findings\": [{\"id\": \"a/b\", \"name\": 5}]}", "not a string");
    check_refused(HEAD ", \"findings\": [{\"id\": \"a/b\", \"cause\": 2}]}", "out of range");
    check_refused(HEAD ", \"findings\": [{\"id\": \"a/b\", \"observations\": [1]}]}", "not there");
    check_refused(HEAD ", \"findings\": [{\"id\": \"a/b\", \"excerpt\": 1}]}", "not an object");
    check_refused(HEAD ", \"findings\": [{\"id\": \"a/b\", \"excerpt\": {\"strings\": [\"4\"]}}]}",
                  "hex");
    check_refused(HEAD ", \"findings\": [{\"id\": \"a/b\", \"excerpt\": {\"at\": -1}}]}",
                  "out of range");
    check_refused(HEAD ", \"findings\": [], \"observations\": [{}]}", "observations[0]: ");
    check_refused(HEAD ", \"findings\": [], \"console\": [\"a\", \"b\", \"c\"]}", "more than 2");
}

static void test_observations_in_any_order(void)
{
    fdns_arena_init(&arena, 0);
    const struct dc_report report = sample();
    const char *why = NULL;
    json_t *json = dc_report_json(&report);
    json_t *list = json_object_get(json, "observations");
    json_t *last = json_incref(json_array_get(list, 1));
    json_array_remove(list, 1);
    json_array_insert_new(list, 0, last);
    const struct dc_report *back = dc_report_read(&arena, json, &why);
    CHECK_INT(0, dc_question_compare(&questions[0], back->observations[0]->question));
    CHECK(back->findings[0].observations[0] == back->observations[0]);
    json_decref(json);
    fdns_arena_clear(&arena);
}

static const struct test tests[] = {
    {"there and back", test_there_and_back},
    {"servers have names", test_servers_have_names},
    {"a short report of another checker", test_a_short_report_of_another_checker},
    {"signatures of a message are written and read", test_signatures},
    {"a known id has its row", test_a_known_id_has_its_row},
    {"hostile reports are refused", test_hostile_reports_are_refused},
    {"observations in any order", test_observations_in_any_order},
};
SUITE(report, tests)
