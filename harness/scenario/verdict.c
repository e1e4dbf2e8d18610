#include "harness/scenario/scenario.h"

#include "harness/scenario/checker_fault.h"

#include <string.h>
#include <strings.h>

#define VERDICT_TEXT(name, text) [name] = text,
static const char *const verdict_texts[] = {DC_VERDICTS(VERDICT_TEXT)};

const char *dc_verdict_text(enum dc_verdict verdict)
{
    return verdict_texts[verdict];
}

bool dc_verdict_parse(const char *text, enum dc_verdict *verdict)
{
    for (int i = 0; i < DC_N_VERDICTS; i++) {
        if (strcmp(verdict_texts[i], text) == 0) {
            *verdict = (enum dc_verdict)i;
            return true;
        }
    }
    return false;
}

static bool same_name(const char *a, const char *b)
{
    uint8_t left[FDNS_NAME_MAX];
    uint8_t right[FDNS_NAME_MAX];
    return fdns_name_parse(a, NULL, left) == FDNS_OK &&
           fdns_name_parse(b, NULL, right) == FDNS_OK && fdns_name_equal(left, right);
}

static bool matches(const struct dc_expected_finding *expected, const struct dc_finding *finding)
{
    if (strcmp(expected->id, finding->id) != 0 ||
        !dc_identity_matches(&expected->about, &finding->identity) ||
        (expected->has_level && expected->level != finding->level)) {
        return false;
    }
    if (expected->server != NULL &&
        (finding->server == NULL || !same_name(expected->server, finding->server))) {
        return false;
    }
    if (expected->name != NULL &&
        (finding->name == NULL || !same_name(expected->name, finding->name))) {
        return false;
    }
    return expected->type == NULL ||
           (finding->type != NULL && strcasecmp(expected->type, finding->type) == 0);
}

static bool any_matches(const struct dc_expected_finding *expected, size_t n,
                        const struct dc_finding *finding)
{
    for (size_t i = 0; i < n; i++) {
        if (matches(&expected[i], finding)) {
            return true;
        }
    }
    return false;
}

static bool is_reported(const struct dc_expected_finding *expected, const struct dc_report *report)
{
    for (size_t i = 0; i < report->n_findings; i++) {
        if (matches(expected, &report->findings[i])) {
            return true;
        }
    }
    return false;
}

static void find_absent(struct fdns_arena *arena, const struct dc_checkpoint *checkpoint,
                        const struct dc_report *report, struct dc_judgement *judgement)
{
    judgement->absent = fdns_arena_array(arena, checkpoint->n_findings, sizeof *judgement->absent);
    for (size_t i = 0; i < checkpoint->n_findings; i++) {
        if (!is_reported(&checkpoint->findings[i], report)) {
            judgement->absent[judgement->n_absent++] = &checkpoint->findings[i];
        }
    }
}

static void find_extra(struct fdns_arena *arena, const struct dc_checkpoint *checkpoint,
                       const struct dc_report *report, struct dc_judgement *judgement)
{
    judgement->extra = fdns_arena_array(arena, report->n_findings, sizeof *judgement->extra);
    for (size_t i = 0; i < report->n_findings; i++) {
        const struct dc_finding *finding = &report->findings[i];
        if (finding->level != DC_INFO &&
            !any_matches(checkpoint->findings, checkpoint->n_findings, finding) &&
            !any_matches(checkpoint->also, checkpoint->n_also, finding)) {
            judgement->extra[judgement->n_extra++] = finding;
        }
    }
}

// What a report says at level warning or above.
struct said {
    size_t n_causes; // findings that name a cause
    size_t n_faults; // "something is wrong", from a checker that cannot say what
};

static struct said what_is_said(const struct dc_report *report)
{
    struct said said = {0};
    for (size_t i = 0; i < report->n_findings; i++) {
        if (report->findings[i].level == DC_INFO) {
            continue;
        }
        if (strcmp(report->findings[i].id, DC_CHECKER_FAULT) == 0) {
            said.n_faults++;
        } else {
            said.n_causes++;
        }
    }
    return said;
}

static bool comparable(const struct dc_checkpoint *checkpoint, const struct dc_report *report)
{
    return checkpoint->has_status && report->status != DC_STATUS_UNKNOWN;
}

static bool signature_is(const struct dc_expected_signature *expected,
                         const struct dc_signature_result *signature)
{
    return (expected->domain == NULL ||
            (signature->domain != NULL && same_name(expected->domain, signature->domain))) &&
           (expected->selector == NULL ||
            (signature->selector != NULL &&
             strcasecmp(expected->selector, signature->selector) == 0));
}

// The first expectation that no signature of the report meets; NULL if there is none. *nearest is
// the signature that it is about, or NULL.
static const struct dc_expected_signature *unmet(const struct dc_checkpoint *checkpoint,
                                                 const struct dc_report *report,
                                                 const struct dc_signature_result **nearest)
{
    for (size_t i = 0; report->signatures != NULL && i < checkpoint->n_signatures; i++) {
        const struct dc_expected_signature *expected = &checkpoint->signatures[i];
        bool met = false;
        *nearest = NULL;
        for (size_t k = 0; k < report->n_signatures && !met; k++) {
            if (signature_is(expected, &report->signatures[k])) {
                *nearest = &report->signatures[k];
                met = (*nearest)->result == expected->result;
            }
        }
        if (!met) {
            return expected;
        }
    }
    return NULL;
}

static void set(struct dc_judgement *judgement, enum dc_verdict verdict, const char *reason)
{
    judgement->verdict = verdict;
    judgement->reason = reason;
}

static void judge_signatures(struct fdns_arena *arena, const struct dc_checkpoint *checkpoint,
                             const struct dc_report *report, struct dc_judgement *judgement)
{
    const struct dc_signature_result *nearest = NULL;
    const struct dc_expected_signature *expected = unmet(checkpoint, report, &nearest);
    if (expected == NULL || judgement->verdict != DC_CONFORMS) {
        return;
    }
    const char *reported = nearest != NULL ? dc_auth_result_text(nearest->result) : "no signature";
    enum dc_verdict verdict = expected->result == DC_AUTH_PASS ? DC_FALSE_ALARM : DC_WRONG_CAUSE;
    bool passed = nearest != NULL && nearest->result == DC_AUTH_PASS;
    set(judgement, passed ? DC_MISSED : verdict,
        fdns_arena_format(arena, "line %u: the signature should be %s, and %s was reported",
                          expected->line, dc_auth_result_text(expected->result), reported));
}

struct dc_judgement dc_judge(struct fdns_arena *arena, const struct dc_checkpoint *checkpoint,
                             const struct dc_report *report, bool external)
{
    struct dc_judgement judgement = {.verdict = DC_CONFORMS};
    find_absent(arena, checkpoint, report, &judgement);
    find_extra(arena, checkpoint, report, &judgement);
    struct said said = what_is_said(report);
    bool silent = said.n_causes == 0 && said.n_faults == 0;

    if (judgement.n_absent > 0 && silent) {
        set(&judgement, DC_MISSED,
            fdns_arena_format(arena, "expected %s, and nothing was reported",
                              judgement.absent[0]->id));
    } else if (comparable(checkpoint, report) && report->status < checkpoint->status) {
        set(&judgement, DC_MISSED,
            fdns_arena_format(arena, "status %s is healthier than %s",
                              dc_status_text(report->status), dc_status_text(checkpoint->status)));
    } else if (judgement.n_absent > 0 && external && said.n_causes == 0) {
        set(&judgement, DC_NOTICED,
            fdns_arena_format(arena, "a fault was noticed, but not that it is %s",
                              judgement.absent[0]->id));
    } else if (judgement.n_absent > 0) {
        set(&judgement, DC_WRONG_CAUSE,
            fdns_arena_format(arena, "%s was not reported", judgement.absent[0]->id));
    } else if (judgement.n_extra > 0) {
        set(&judgement, DC_FALSE_ALARM,
            fdns_arena_format(arena, "%s was reported and is not expected",
                              judgement.extra[0]->id));
    } else if (comparable(checkpoint, report) && report->status > checkpoint->status) {
        set(&judgement, DC_FALSE_ALARM,
            fdns_arena_format(arena, "status %s is worse than %s", dc_status_text(report->status),
                              dc_status_text(checkpoint->status)));
    }
    judge_signatures(arena, checkpoint, report, &judgement);
    enum dc_verdict side;
    const char *reason;
    if (!dc_judge_side(arena, checkpoint, report, &side, &reason) && side > judgement.verdict) {
        set(&judgement, side, reason);
    }
    return judgement;
}
