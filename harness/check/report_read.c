#include "harness/check/report.h"

#include "harness/seen/observation_json.h"

#include <stdlib.h>
#include <string.h>

enum { FINDINGS_MAX = 10000, SIGNATURES_MAX = 10000, OBSERVATIONS_MAX = 100000, CONSOLE_MAX = 2 };

static const struct dc_observation **read_observations(struct dc_json_reader *reader,
                                                       const json_t *json, struct dc_report *report)
{
    const json_t *list = dc_json_list(reader, json, "observations", OBSERVATIONS_MAX);
    size_t n = json_array_size(list);
    const struct dc_observation **seen = fdns_arena_array(reader->arena, n, sizeof *seen);
    for (size_t i = 0; i < n && reader->why == NULL; i++) {
        reader->where = fdns_arena_format(reader->arena, "observations[%zu]", i);
        seen[i] = dc_observation_read(reader, json_array_get(list, i));
    }
    reader->where = NULL;
    report->observations = seen;
    report->n_observations = n;
    return seen;
}

static enum dc_level read_level(struct dc_json_reader *reader, const json_t *json,
                                const struct dc_finding_row *row)
{
    enum dc_level level = row != NULL ? row->level : DC_ERROR;
    const char *text = dc_json_text(reader, json, "level", false);
    if (text != NULL && !dc_level_parse(text, &level)) {
        dc_json_wrong(reader, "\"level\" is not error, warning or info");
    }
    return level;
}

static void read_numbers(struct dc_json_reader *reader, const json_t *json,
                         const struct dc_report *report, struct dc_finding *finding)
{
    const json_t *list = dc_json_list(reader, json, "observations", OBSERVATIONS_MAX);
    size_t n = json_array_size(list);
    const struct dc_observation **seen = fdns_arena_array(reader->arena, n, sizeof *seen);
    for (size_t i = 0; i < n; i++) {
        json_int_t number = json_integer_value(json_array_get(list, i));
        if (number < 1 || (uint64_t)number > report->n_observations) {
            dc_json_wrong(reader, "\"observations\" names one that is not there");
            return;
        }
        seen[i] = report->observations[number - 1];
    }
    finding->observations = seen;
    finding->n_observations = n;
}

static void read_finding(struct dc_json_reader *reader, const json_t *json,
                         const struct dc_report *report, struct dc_finding *finding)
{
    finding->id = dc_json_text(reader, json, "id", true);
    finding->row = finding->id != NULL ? dc_catalogue_find(finding->id) : NULL;
    finding->level = read_level(reader, json, finding->row);
    finding->server = dc_json_text(reader, json, "server", false);
    finding->name = dc_json_text(reader, json, "name", false);
    finding->type = dc_json_text(reader, json, "type", false);
    finding->expected = dc_json_text(reader, json, "expected", false);
    finding->actual = dc_json_text(reader, json, "actual", false);
    finding->remedy = dc_json_text(reader, json, "remedy", false);
    finding->excerpt = dc_excerpt_read(reader, json);
    dc_identity_read(reader, json, "identity", &finding->identity);
    finding->cause =
        (size_t)dc_json_integer(reader, json, "cause", 0, (int64_t)report->n_findings, 0);
    read_numbers(reader, json, report, finding);
}

static void read_findings(struct dc_json_reader *reader, const json_t *json,
                          struct dc_report *report)
{
    const json_t *list = dc_json_list(reader, json, "findings", FINDINGS_MAX);
    report->n_findings = json_array_size(list);
    struct dc_finding *findings =
        fdns_arena_array(reader->arena, report->n_findings, sizeof *findings);
    if (list == NULL) {
        dc_json_wrong(reader, "\"findings\" is missing");
    }
    for (size_t i = 0; i < report->n_findings && reader->why == NULL; i++) {
        reader->where = fdns_arena_format(reader->arena, "findings[%zu]", i);
        read_finding(reader, json_array_get(list, i), report, &findings[i]);
    }
    reader->where = NULL;
    report->findings = findings;
}

static void read_signature(struct dc_json_reader *reader, const json_t *json,
                           struct dc_signature_result *signature)
{
    const char *result = dc_json_text(reader, json, "result", true);
    if (result != NULL && !dc_auth_result_parse(result, &signature->result)) {
        dc_json_wrong(reader, "\"result\" is no result of RFC 8601");
    }
    signature->domain = dc_json_text(reader, json, "domain", false);
    signature->selector = dc_json_text(reader, json, "selector", false);
    signature->algorithm = dc_json_text(reader, json, "algorithm", false);
    signature->canonicalization = dc_json_text(reader, json, "canonicalization", false);
    signature->identity = dc_json_text(reader, json, "identity", false);
    signature->reason = dc_json_text(reader, json, "reason", false);
    signature->own = json_is_true(json_object_get(json, "own"));
    signature->ignored = json_is_true(json_object_get(json, "ignored"));
}

static void read_signatures(struct dc_json_reader *reader, const json_t *json,
                            struct dc_report *report)
{
    const json_t *list = dc_json_list(reader, json, "signatures", SIGNATURES_MAX);
    if (list == NULL) {
        return;
    }
    size_t n = json_array_size(list);
    struct dc_signature_result *signatures = fdns_arena_array(reader->arena, n, sizeof *signatures);
    for (size_t i = 0; i < n && reader->why == NULL; i++) {
        reader->where = fdns_arena_format(reader->arena, "signatures[%zu]", i);
        read_signature(reader, json_array_get(list, i), &signatures[i]);
    }
    reader->where = NULL;
    report->signatures = signatures;
    report->n_signatures = n;
}

static void read_head(struct dc_json_reader *reader, const json_t *json, struct dc_report *report)
{
    const char *schema = dc_json_text(reader, json, "schema", true);
    if (schema != NULL && strcmp(schema, DC_REPORT_SCHEMA) != 0) {
        dc_json_wrong(reader, "\"schema\" is not %s", DC_REPORT_SCHEMA);
    }
    report->tool = dc_json_text(reader, json, "tool", false);
    report->subject = dc_json_text(reader, json, "subject", false);
    report->domain = dc_json_text(reader, json, "domain", false);
    report->at_us = dc_json_integer(reader, json, "at_us", INT64_MIN, INT64_MAX, 0);
    const char *status = dc_json_text(reader, json, "status", true);
    if (status != NULL && !dc_status_parse(status, &report->status)) {
        dc_json_wrong(reader, "\"status\" is not a known word");
    }
    size_t n;
    const char *const *console = dc_json_texts(reader, json, "console", CONSOLE_MAX, &n);
    for (size_t i = 0; i < n; i++) {
        report->console[i] = console[i];
    }
}

const struct dc_report *dc_report_read(struct fdns_arena *arena, const json_t *json,
                                       const char **why)
{
    struct dc_json_reader reader = {.arena = arena};
    struct dc_report *report = fdns_arena_alloc(arena, sizeof *report);
    if (!json_is_object(json)) {
        dc_json_wrong(&reader, "is not an object");
    }
    read_head(&reader, json, report);
    const struct dc_observation **seen = read_observations(&reader, json, report);
    read_findings(&reader, json, report);
    read_signatures(&reader, json, report);
    dc_report_side_read(&reader, json, report);
    if (reader.why != NULL) {
        *why = reader.why;
        return NULL;
    }
    // The numbers in findings have been resolved, so what is in another order can be sorted now.
    qsort(seen, report->n_observations, sizeof *seen, dc_observation_by_key);
    return report;
}
