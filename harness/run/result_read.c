#include "harness/run/result.h"

#include <string.h>

enum { TEXTS_MAX = 1000, FINDINGS_MAX = 10000, VISITS_MAX = 10000, SCENARIOS_MAX = 1000000 };

static enum dc_verdict read_verdict(struct dc_json_reader *reader, const json_t *json)
{
    enum dc_verdict verdict = DC_COULD_NOT_RUN;
    const char *text = dc_json_text(reader, json, "verdict", true);
    if (text != NULL && !dc_verdict_parse(text, &verdict)) {
        dc_json_wrong(reader, "\"verdict\" is not a known word");
    }
    return verdict;
}

static const struct dc_expected_finding *read_expected(struct dc_json_reader *reader,
                                                       const json_t *json)
{
    struct dc_expected_finding *finding = fdns_arena_alloc(reader->arena, sizeof *finding);
    finding->id = dc_json_text(reader, json, "id", true);
    finding->server = dc_json_text(reader, json, "server", false);
    finding->name = dc_json_text(reader, json, "name", false);
    finding->type = dc_json_text(reader, json, "type", false);
    const char *level = dc_json_text(reader, json, "level", false);
    finding->has_level = level != NULL;
    if (level != NULL && !dc_level_parse(level, &finding->level)) {
        dc_json_wrong(reader, "\"level\" is not error, warning or info");
    }
    finding->line = (unsigned)dc_json_integer(reader, json, "line", 0, UINT32_MAX, 0);
    return finding;
}

static void read_absent(struct dc_json_reader *reader, const json_t *json,
                        struct dc_visit_result *visit)
{
    const json_t *list = dc_json_list(reader, json, "absent", FINDINGS_MAX);
    size_t n = json_array_size(list);
    const struct dc_expected_finding **absent = fdns_arena_array(reader->arena, n, sizeof *absent);
    for (size_t i = 0; i < n; i++) {
        absent[i] = read_expected(reader, json_array_get(list, i));
    }
    visit->absent = absent;
    visit->n_absent = n;
}

static void read_extra(struct dc_json_reader *reader, const json_t *json,
                       struct dc_visit_result *visit)
{
    const json_t *list = dc_json_list(reader, json, "extra", FINDINGS_MAX);
    size_t n = json_array_size(list);
    const struct dc_finding **extra = fdns_arena_array(reader->arena, n, sizeof *extra);
    size_t n_findings = visit->report != NULL ? visit->report->n_findings : 0;
    for (size_t i = 0; i < n; i++) {
        const json_t *place = json_array_get(list, i);
        json_int_t at = json_integer_value(place);
        if (!json_is_integer(place) || at < 0 || (uint64_t)at >= n_findings) {
            dc_json_wrong(reader, "\"extra\" names a finding that is not there");
            return;
        }
        extra[i] = &visit->report->findings[at];
    }
    visit->extra = extra;
    visit->n_extra = n;
}

static void read_expectation(struct dc_json_reader *reader, const json_t *json,
                             struct dc_visit_result *visit)
{
    const json_t *expected = json_object_get(json, "expected");
    const char *status = dc_json_text(reader, expected, "status", false);
    if (status != NULL && !dc_status_parse(status, &visit->expected_status)) {
        dc_json_wrong(reader, "\"status\" is not a known word");
    }
    visit->line = (unsigned)dc_json_integer(reader, expected, "line", 0, UINT32_MAX, 0);
}

static void read_visit(struct dc_json_reader *reader, const json_t *json,
                       struct dc_visit_result *visit)
{
    const json_t *report = json_object_get(json, "report");
    const char *why = NULL;
    visit->at_us = dc_json_integer(reader, json, "at_us", INT64_MIN, INT64_MAX, 0);
    visit->verdict = read_verdict(reader, json);
    visit->reason = dc_json_text(reader, json, "reason", false);
    read_expectation(reader, json, visit);
    if (report != NULL && !json_is_null(report)) {
        visit->report = dc_report_read(reader->arena, report, &why);
        if (visit->report == NULL) {
            dc_json_wrong(reader, "report: %s", why);
        }
    }
    read_absent(reader, json, visit);
    read_extra(reader, json, visit);
}

static void read_visits(struct dc_json_reader *reader, const json_t *json, struct dc_result *result)
{
    const json_t *list = dc_json_list(reader, json, "visits", VISITS_MAX);
    size_t n = json_array_size(list);
    struct dc_visit_result *visits = fdns_arena_array(reader->arena, n, sizeof *visits);
    for (size_t i = 0; i < n && reader->why == NULL; i++) {
        reader->where = fdns_arena_format(reader->arena, "visits[%zu]", i);
        read_visit(reader, json_array_get(list, i), &visits[i]);
    }
    reader->where = NULL;
    result->visits = visits;
    result->n_visits = n;
}

const struct dc_result *dc_result_read(struct fdns_arena *arena, const json_t *json,
                                       const char **why)
{
    struct dc_json_reader reader = {.arena = arena};
    struct dc_result *result = fdns_arena_alloc(arena, sizeof *result);
    result->file = dc_json_text(&reader, json, "file", true);
    result->title = dc_json_text(&reader, json, "title", true);
    result->refs = dc_json_texts(&reader, json, "refs", TEXTS_MAX, &result->n_refs);
    result->tags = dc_json_texts(&reader, json, "tags", TEXTS_MAX, &result->n_tags);
    result->verdict = read_verdict(&reader, json);
    result->duration_us = dc_json_integer(&reader, json, "duration_us", 0, INT64_MAX, 0);
    read_visits(&reader, json, result);
    if (reader.why != NULL) {
        *why = reader.why;
        return NULL;
    }
    return result;
}

const struct dc_result *const *dc_run_read(struct fdns_arena *arena, const json_t *json, size_t *n,
                                           const char **why)
{
    struct dc_json_reader reader = {.arena = arena};
    const char *schema = dc_json_text(&reader, json, "schema", true);
    if (schema != NULL && strcmp(schema, DC_RUN_SCHEMA) != 0) {
        dc_json_wrong(&reader, "\"schema\" is not %s", DC_RUN_SCHEMA);
    }
    const json_t *list = dc_json_list(&reader, json, "scenarios", SCENARIOS_MAX);
    size_t n_results = json_array_size(list);
    const struct dc_result **results = fdns_arena_array(arena, n_results, sizeof *results);
    for (size_t i = 0; i < n_results && reader.why == NULL; i++) {
        const char *what = NULL;
        results[i] = dc_result_read(arena, json_array_get(list, i), &what);
        if (results[i] == NULL) {
            dc_json_wrong(&reader, "scenarios[%zu]: %s", i, what);
        }
    }
    if (reader.why != NULL) {
        *why = reader.why;
        return NULL;
    }
    *n = n_results;
    return results;
}
