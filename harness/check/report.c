#include "harness/check/report.h"

#include "harness/seen/observation_json.h"
#include "harness/seen/words.h"

#include <stdlib.h>

static const char *const statuses[] = {DC_STATUSES(DC_WORD)};

const char *dc_status_text(enum dc_status status)
{
    return statuses[status];
}

bool dc_status_parse(const char *text, enum dc_status *status)
{
    size_t at;
    if (!dc_word_find(statuses, sizeof statuses / sizeof statuses[0], text, &at)) {
        return false;
    }
    *status = (enum dc_status)at;
    return true;
}

static const char *const auth_results[] = {DC_AUTH_RESULTS(DC_WORD)};

const char *dc_auth_result_text(enum dc_auth_result result)
{
    return auth_results[result];
}

bool dc_auth_result_parse(const char *text, enum dc_auth_result *result)
{
    size_t at;
    if (!dc_word_find(auth_results, sizeof auth_results / sizeof auth_results[0], text, &at)) {
        return false;
    }
    *result = (enum dc_auth_result)at;
    return true;
}

// The numbers of a finding's observations: places in the report's list, from 1.
static json_t *numbers_json(const struct dc_report *report, const struct dc_finding *finding)
{
    json_t *numbers = dc_json_array();
    for (size_t i = 0; report->n_observations != 0 && i < finding->n_observations; i++) {
        const struct dc_observation *const *found =
            bsearch(&finding->observations[i], report->observations, report->n_observations,
                    sizeof report->observations[0], dc_observation_by_key);
        if (found != NULL) {
            dc_json_append(numbers, json_integer(found - report->observations + 1));
        }
    }
    return numbers;
}

static json_t *finding_json(const struct dc_report *report, const struct dc_finding *finding)
{
    json_t *json = dc_json_object();
    dc_json_set(json, "id", dc_json_string(finding->id));
    dc_json_set(json, "level", dc_json_string(dc_level_text(finding->level)));
    dc_json_set(json, "server", dc_json_string(finding->server));
    dc_json_set(json, "name", dc_json_string(finding->name));
    dc_json_set(json, "type", dc_json_string(finding->type));
    dc_json_set(json, "expected", dc_json_string(finding->expected));
    dc_json_set(json, "actual", dc_json_string(finding->actual));
    dc_json_set(json, "remedy", dc_json_string(finding->remedy));
    dc_json_set(json, "excerpt", dc_excerpt_json(finding->excerpt));
    dc_json_set(json, "cause", json_integer((json_int_t)finding->cause));
    dc_json_set(json, "identity", dc_identity_json(&finding->identity));
    dc_json_set(json, "observations", numbers_json(report, finding));
    return json;
}

static json_t *console_json(const struct dc_report *report)
{
    json_t *lines = dc_json_array();
    for (size_t i = 0; i < 2 && report->console[i] != NULL; i++) {
        dc_json_append(lines, dc_json_string(report->console[i]));
    }
    return lines;
}

static json_t *signature_json(const struct dc_signature_result *signature)
{
    json_t *json = dc_json_object();
    dc_json_set(json, "domain", dc_json_string(signature->domain));
    dc_json_set(json, "selector", dc_json_string(signature->selector));
    dc_json_set(json, "algorithm", dc_json_string(signature->algorithm));
    dc_json_set(json, "canonicalization", dc_json_string(signature->canonicalization));
    dc_json_set(json, "identity", dc_json_string(signature->identity));
    dc_json_set(json, "result", dc_json_string(dc_auth_result_text(signature->result)));
    dc_json_set(json, "reason", dc_json_string(signature->reason));
    dc_json_set(json, "own", json_boolean(signature->own));
    dc_json_set(json, "ignored", json_boolean(signature->ignored));
    return json;
}

static json_t *signatures_json(const struct dc_report *report)
{
    json_t *signatures = dc_json_array();
    for (size_t i = 0; i < report->n_signatures; i++) {
        dc_json_append(signatures, signature_json(&report->signatures[i]));
    }
    return signatures;
}

json_t *dc_report_json(const struct dc_report *report)
{
    json_t *findings = dc_json_array();
    for (size_t i = 0; i < report->n_findings; i++) {
        dc_json_append(findings, finding_json(report, &report->findings[i]));
    }
    json_t *observations = dc_json_array();
    for (size_t i = 0; i < report->n_observations; i++) {
        dc_json_append(observations, dc_observation_json(report->observations[i], i + 1));
    }
    json_t *json = dc_json_object();
    dc_json_set(json, "schema", dc_json_string(DC_REPORT_SCHEMA));
    dc_json_set(json, "tool", dc_json_string(report->tool));
    dc_json_set(json, "subject", dc_json_string(report->subject));
    dc_json_set(json, "domain", dc_json_string(report->domain));
    dc_json_set(json, "at_us", json_integer(report->at_us));
    dc_json_set(json, "status", dc_json_string(dc_status_text(report->status)));
    dc_json_set(json, "console", console_json(report));
    if (report->signatures != NULL) {
        dc_json_set(json, "signatures", signatures_json(report));
    }
    dc_json_set(json, "findings", findings);
    dc_report_side_json(report, json);
    dc_json_set(json, "observations", observations);
    return json;
}
