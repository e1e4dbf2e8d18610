#include "harness/run/result.h"

#include <string.h>

struct dc_result dc_result_of(const struct dc_scenario *scenario)
{
    return (struct dc_result){
        .file = scenario->file,
        .title = scenario->title,
        .refs = scenario->refs,
        .n_refs = scenario->n_refs,
        .tags = scenario->tags,
        .n_tags = scenario->n_tags,
        .verdict = DC_CONFORMS,
    };
}

struct dc_result dc_result_not_run(struct fdns_arena *arena, const struct dc_scenario *scenario,
                                   const char *why)
{
    struct dc_result result = dc_result_of(scenario);
    struct dc_visit_result *visits =
        fdns_arena_array(arena, scenario->n_checkpoints, sizeof *visits);
    for (size_t i = 0; i < scenario->n_checkpoints; i++) {
        visits[i] = (struct dc_visit_result){.at_us = scenario->checkpoints[i].at_us,
                                             .line = scenario->checkpoints[i].line,
                                             .verdict = DC_COULD_NOT_RUN,
                                             .reason = why};
    }
    result.verdict = DC_COULD_NOT_RUN;
    result.visits = visits;
    result.n_visits = scenario->n_checkpoints;
    return result;
}

void dc_scorecard_add(struct dc_scorecard *card, enum dc_verdict verdict)
{
    card->counts[verdict]++;
    card->n_scenarios++;
}

json_t *dc_scorecard_json(const struct dc_scorecard *card)
{
    json_t *verdicts = dc_json_object();
    for (enum dc_verdict v = 0; v < DC_N_VERDICTS; v++) {
        dc_json_set(verdicts, dc_verdict_text(v), json_integer((json_int_t)card->counts[v]));
    }
    json_t *json = dc_json_object();
    dc_json_set(json, "scenarios", json_integer((json_int_t)card->n_scenarios));
    dc_json_set(json, "verdicts", verdicts);
    return json;
}

// Where the part of a path begins that comes after its last folder "scenarios".
static const char *below_scenarios(const char *file)
{
    static const char folder[] = "scenarios/";
    const char *rest = file;
    for (const char *p = file; (p = strstr(p, folder)) != NULL; p++) {
        if (p == file || p[-1] == '/') {
            rest = p + sizeof folder - 1;
        }
    }
    return rest;
}

const char *dc_result_area(struct fdns_arena *arena, const char *file)
{
    const char *rest = below_scenarios(file);
    while (strncmp(rest, "./", 2) == 0 || *rest == '/') {
        rest += *rest == '/' ? 1 : 2;
    }
    const char *slash = strrchr(rest, '/');
    return slash != NULL ? fdns_arena_string_n(arena, rest, (size_t)(slash - rest)) : ".";
}

const char *dc_result_slug(struct fdns_arena *arena, const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *base = slash != NULL ? slash + 1 : file;
    const char *dot = strrchr(base, '.');
    size_t len = dot != NULL && dot != base ? (size_t)(dot - base) : strlen(base);
    return fdns_arena_string_n(arena, base, len);
}

static json_t *absent_json(const struct dc_visit_result *visit)
{
    json_t *absent = dc_json_array();
    for (size_t i = 0; i < visit->n_absent; i++) {
        const struct dc_expected_finding *finding = visit->absent[i];
        json_t *json = dc_json_object();
        dc_json_set(json, "id", dc_json_string(finding->id));
        dc_json_set(json, "server", dc_json_string(finding->server));
        dc_json_set(json, "name", dc_json_string(finding->name));
        dc_json_set(json, "type", dc_json_string(finding->type));
        dc_json_set(json, "level",
                    dc_json_string(finding->has_level ? dc_level_text(finding->level) : NULL));
        dc_json_set(json, "line", json_integer(finding->line));
        dc_json_append(absent, json);
    }
    return absent;
}

// Places of the extra findings in the report, from 0.
static json_t *extra_json(const struct dc_visit_result *visit)
{
    json_t *extra = dc_json_array();
    size_t n = visit->report != NULL ? visit->report->n_findings : 0;
    for (size_t i = 0; i < visit->n_extra; i++) {
        for (size_t k = 0; k < n; k++) {
            if (visit->extra[i] == &visit->report->findings[k]) {
                dc_json_append(extra, json_integer((json_int_t)k));
            }
        }
    }
    return extra;
}

static json_t *visit_json(const struct dc_visit_result *visit)
{
    json_t *expected = dc_json_object();
    dc_json_set(expected, "status",
                dc_json_string(visit->expected_status != DC_STATUS_UNKNOWN
                                   ? dc_status_text(visit->expected_status)
                                   : NULL));
    dc_json_set(expected, "line", json_integer(visit->line));
    json_t *json = dc_json_object();
    dc_json_set(json, "at_us", json_integer(visit->at_us));
    dc_json_set(json, "verdict", dc_json_string(dc_verdict_text(visit->verdict)));
    dc_json_set(json, "reason", dc_json_string(visit->reason));
    dc_json_set(json, "expected", expected);
    dc_json_set(json, "absent", absent_json(visit));
    dc_json_set(json, "extra", extra_json(visit));
    dc_json_set(json, "report",
                visit->report != NULL ? dc_report_json(visit->report) : json_null());
    return json;
}

json_t *dc_result_json(const struct dc_result *result)
{
    json_t *visits = dc_json_array();
    for (size_t i = 0; i < result->n_visits; i++) {
        dc_json_append(visits, visit_json(&result->visits[i]));
    }
    json_t *json = dc_json_object();
    dc_json_set(json, "file", dc_json_string(result->file));
    dc_json_set(json, "title", dc_json_string(result->title));
    dc_json_set(json, "refs", dc_json_strings(result->refs, result->n_refs));
    dc_json_set(json, "tags", dc_json_strings(result->tags, result->n_tags));
    dc_json_set(json, "verdict", dc_json_string(dc_verdict_text(result->verdict)));
    if (result->duration_us != 0) {
        dc_json_set(json, "duration_us", json_integer(result->duration_us));
    }
    dc_json_set(json, "visits", visits);
    return json;
}
