// Scenario: a world, a subject, and what a correct checker must report at given times.
#pragma once

#include "fakedns/world/world.h"
#include "harness/check/dkim/dkim.h"

#define DC_VERDICTS(X)                                                                             \
    X(DC_CONFORMS, "conforms")                                                                     \
    X(DC_FALSE_ALARM, "false alarm")                                                               \
    X(DC_NOTICED, "noticed")                                                                       \
    X(DC_WRONG_CAUSE, "wrong cause")                                                               \
    X(DC_MISSED, "missed")                                                                         \
    X(DC_COULD_NOT_RUN, "could not run")
#define DC_VERDICT_ENUM(name, text) name,
enum dc_verdict { DC_VERDICTS(DC_VERDICT_ENUM) DC_N_VERDICTS }; // best first
const char *dc_verdict_text(enum dc_verdict verdict);
bool dc_verdict_parse(const char *text, enum dc_verdict *verdict);

// Matches findings that are equal in every field it states.
struct dc_expected_finding {
    const char *id;
    const char *server; // NULL: any
    const char *name;   // absolute without final dot, compared as DNS names; NULL: any
    const char *type;   // NULL: any
    bool has_level;
    enum dc_level level;
    struct dc_identity about; // fields that are NULL: any
    unsigned line;
};

// Matches signatures of a message that are equal in every field it states.
struct dc_expected_signature {
    const char *domain; // compared as DNS names; NULL: any
    const char *selector;
    enum dc_auth_result result;
    unsigned line;
};

// The same for the account side of a report (verdict_side.c).
struct dc_expected_set_up {
    struct dc_identity about;
    enum dc_status status;
};
struct dc_expected_signing {
    struct dc_identity sender;
    bool is_signed;
    const char *identity; // NULL: any
    bool has_cause;
    enum dc_signing_cause cause;
};
struct dc_expected_notification {
    enum dc_notice kind;
    struct dc_identity about;
    bool has_deadline;
    int64_t deadline_us;
};

struct dc_checkpoint {
    int64_t at_us;
    bool has_status;
    enum dc_status status;
    const struct dc_expected_finding *findings; // each must match at least one
    size_t n_findings;
    const struct dc_expected_finding *also; // may be reported
    size_t n_also;
    const struct dc_expected_signature *signatures; // each must match at least one
    size_t n_signatures;
    const struct dc_expected_set_up *set_ups; // each must match one
    size_t n_set_ups;
    const struct dc_expected_signing *signing; // each must match one
    size_t n_signing;
    bool has_notifications;                               // else none are looked at
    const struct dc_expected_notification *notifications; // all there are
    size_t n_notifications;
    unsigned line;
};

struct dc_scenario {
    struct fdns_arena arena; // all of it but the world
    const char *file;
    const char *title;
    const char *const *refs;
    size_t n_refs;
    const char *const *tags; // as written, and the folders below scenarios/
    size_t n_tags;
    struct fdns_world *world;
    bool wants_resolver; // subject.resolver: yes
    struct dc_dkim_subject dkim;
    const struct dc_checkpoint *checkpoints; // by time, at least one
    size_t n_checkpoints;
    bool fault_expected; // any checkpoint expects a finding, or a status other than SUCCESS
};

extern const struct fdns_schema_type dc_type_scenario;

// Reads a scenario file. Every mistake is in diags (also an expectation that names an unknown
// finding). NULL on error. The world's base is taken from library, which must outlive it.
struct dc_scenario *dc_scenario_load(struct fdns_world_library *library, const char *path,
                                     struct fdns_diags *diags);
void dc_scenario_free(struct dc_scenario *scenario);

// An error at a node whose text is no id of the catalogue, with "did you mean".
void dc_check_finding_id(const struct fdns_node *node, const struct fdns_source *source,
                         struct fdns_diags *diags);

// What an expectation says of a report.
struct dc_judgement {
    enum dc_verdict verdict;
    const char *reason; // NULL if it conforms
    const struct dc_expected_finding **absent;
    size_t n_absent;
    const struct dc_finding **extra;
    size_t n_extra;
};

// What the account side of a report should say and does not: set-ups and senders that are healthier
// or worse than they should be, or for another reason; notifications that are lacking or too many.
// What a checker that is not ours leaves out is not judged. False, with verdict and reason, if
// something is not as it should be.
bool dc_judge_side(struct fdns_arena *arena, const struct dc_checkpoint *checkpoint,
                   const struct dc_report *report, enum dc_verdict *verdict, const char **reason);

// Compares (DESIGN 6, "Expectation and verdict"). `external`: the checker is not ours, so a fault
// that is noticed but whose cause it cannot express is `noticed`. Arrays live in arena.
struct dc_judgement dc_judge(struct fdns_arena *arena, const struct dc_checkpoint *checkpoint,
                             const struct dc_report *report, bool external);
