// Result: what a run found out about a scenario. Values only: made by the runner, printed by the
// reporters, sent from worker processes as JSON (dnsconform.run/1).
#pragma once

#include "harness/check/report.h"
#include "harness/scenario/scenario.h"

#define DC_RUN_SCHEMA "dnsconform.run/1"

// One checkpoint as it was played.
struct dc_visit_result {
    int64_t at_us;
    unsigned line; // of the checkpoint in the scenario's file; 0: not known
    enum dc_verdict verdict;
    const char *reason;             // one sentence in arena: why not `conforms`; NULL if it does
    const struct dc_report *report; // NULL if it could not run
    // what the expectation asked for and the report did not have, and what was extra
    const struct dc_expected_finding *const *absent;
    size_t n_absent;
    const struct dc_finding *const *extra; // elements of report->findings
    size_t n_extra;
    enum dc_status expected_status; // UNKNOWN: none was stated
};

struct dc_result {
    const char *file; // of the scenario, as given
    const char *title;
    const char *const *refs;
    size_t n_refs;
    const char *const *tags;
    size_t n_tags;
    enum dc_verdict verdict; // of the worst visit
    const struct dc_visit_result *visits;
    size_t n_visits;
    int64_t duration_us; // measured, real time; 0: left out, output has to repeat
};

// The result of a scenario that has not been played yet: all of it but the visits.
struct dc_result dc_result_of(const struct dc_scenario *scenario);
// The result of one that could not be run at all; visits live in arena, why is kept.
struct dc_result dc_result_not_run(struct fdns_arena *arena, const struct dc_scenario *scenario,
                                   const char *why);

// Counts by verdict over scenarios.
struct dc_scorecard {
    size_t counts[DC_N_VERDICTS];
    size_t n_scenarios;
};
void dc_scorecard_add(struct dc_scorecard *card, enum dc_verdict verdict);

json_t *dc_scorecard_json(const struct dc_scorecard *card);

// The area of a scenario file: its folders, without those up to "scenarios", in arena
// ("dkim/name");
// "." if there are none. Its slug: the file's name without folders and extension.
const char *dc_result_area(struct fdns_arena *arena, const char *file);
const char *dc_result_slug(struct fdns_arena *arena, const char *file);

// One scenario of dnsconform.run/1, and back. New reference; NULL with *why.
json_t *dc_result_json(const struct dc_result *result);
const struct dc_result *dc_result_read(struct fdns_arena *arena, const json_t *json,
                                       const char **why);

// All scenarios of a dnsconform.run/1 document, in arena; NULL with *why.
const struct dc_result *const *dc_run_read(struct fdns_arena *arena, const json_t *json, size_t *n,
                                           const char **why);
