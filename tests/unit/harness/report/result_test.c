#include "harness/run/result.h"

#include "unit/harness.h"
#include "unit/harness/report/sample.h"

static struct fdns_arena arena;

static void test_there_and_back(void)
{
    fdns_arena_init(&arena, 0);
    for (size_t i = 0; i < SAMPLE_RESULTS; i++) {
        const char *why = NULL;
        json_t *json = dc_result_json(sample_result(i));
        const struct dc_result *back = dc_result_read(&arena, json, &why);
        CHECK_TEXT(NULL, why);
        json_t *again = dc_result_json(back);
        CHECK(json_equal(json, again));
        json_decref(again);
        json_decref(json);
    }
    fdns_arena_clear(&arena);
}

static void test_parts_come_back(void)
{
    const char *why = NULL;
    fdns_arena_init(&arena, 0);
    json_t *json = dc_result_json(sample_result(1));
    const struct dc_result *missed = dc_result_read(&arena, json, &why);
    json_decref(json);
    CHECK_INT(DC_MISSED, missed->verdict);
    CHECK_INT(2, missed->n_visits);
    CHECK_INT(12, missed->visits[1].line);
    CHECK_INT(DC_STATUS_PENDING, missed->visits[1].expected_status);
    CHECK_TEXT("server/txt-servfail", missed->visits[1].absent[0]->id);
    CHECK_TEXT(NULL, missed->visits[1].absent[0]->server);
    json = dc_result_json(sample_result(2));
    const struct dc_result *alarm = dc_result_read(&arena, json, &why);
    json_decref(json);
    CHECK(alarm->visits[0].extra[0] == &alarm->visits[0].report->findings[1]);
    json = dc_result_json(sample_result(4));
    CHECK(dc_result_read(&arena, json, &why)->visits[0].report == NULL);
    json_decref(json);
    fdns_arena_clear(&arena);
}

// The second sample (missed, two visits) with one member of its last visit changed.
static void check_refused(const char *key, const char *value, const char *expected)
{
    const char *why = NULL;
    fdns_arena_init(&arena, 0);
    json_t *json = dc_result_json(sample_result(1));
    json_t *visit = json_array_get(json_object_get(json, "visits"), 1);
    json_object_set_new(visit, key, json_loads(value, JSON_DECODE_ANY, NULL));
    CHECK(dc_result_read(&arena, json, &why) == NULL);
    CHECK_CONTAINS(expected, why);
    json_decref(json);
    fdns_arena_clear(&arena);
}

static void test_hostile_results_are_refused(void)
{
    check_refused("verdict", "\"fine\"", "visits[1]: \"verdict\"");
    check_refused("extra", "[0]", "not there");
    check_refused("extra", "[\"0\"]", "not there");
    check_refused("report", "{}", "report: \"schema\" is missing");
    check_refused("report", "7", "report: is not an object");
    check_refused("absent", "[{}]", "\"id\" is missing");
    check_refused("expected", "{\"status\": \"WELL\"}", "known word");
}

static void test_areas_and_slugs(void)
{
    fdns_arena_init(&arena, 0);
    CHECK_TEXT("dkim/name", dc_result_area(&arena, "scenarios/dkim/name/x.yaml"));
    CHECK_TEXT("dkim", dc_result_area(&arena, "/a/scenarios/b/scenarios/dkim/x.yaml"));
    CHECK_TEXT("my-scenarios/a", dc_result_area(&arena, "my-scenarios/a/x.yaml"));
    CHECK_TEXT(".", dc_result_area(&arena, "scenarios/x.yaml"));
    CHECK_TEXT(".", dc_result_area(&arena, "./x.yaml"));
    CHECK_TEXT("x.y", dc_result_slug(&arena, "a.b/x.y.yaml"));
    CHECK_TEXT(".yaml", dc_result_slug(&arena, "a/.yaml"));
    CHECK_TEXT("x", dc_result_slug(&arena, "x"));
    fdns_arena_clear(&arena);
}

static void test_a_whole_run(void)
{
    const char *why = NULL;
    size_t n = 0;
    fdns_arena_init(&arena, 0);
    json_t *list = dc_json_array();
    dc_json_append(list, dc_result_json(sample_result(0)));
    dc_json_append(list, dc_result_json(sample_result(1)));
    json_t *json = dc_json_object();
    dc_json_set(json, "schema", dc_json_string(DC_RUN_SCHEMA));
    dc_json_set(json, "scenarios", list);
    const struct dc_result *const *results = dc_run_read(&arena, json, &n, &why);
    CHECK_INT(2, n);
    CHECK_TEXT("scenarios/dkim/server/txt-servfail.yaml", results[1]->file);
    dc_json_append(list, dc_json_object());
    CHECK(dc_run_read(&arena, json, &n, &why) == NULL);
    CHECK_CONTAINS("scenarios[2]: \"file\" is missing", why);
    json_decref(json);
    fdns_arena_clear(&arena);
}

static const struct test tests[] = {
    {"there and back", test_there_and_back},
    {"parts come back", test_parts_come_back},
    {"hostile results are refused", test_hostile_results_are_refused},
    {"areas and slugs", test_areas_and_slugs},
    {"a whole run", test_a_whole_run},
};
SUITE(result, tests)
