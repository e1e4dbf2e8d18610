// Report: what a checker says about a subject at one time. One value and one JSON form
// (dnsconform.report/1) for every checker, ours or not.
#pragma once

#include "harness/check/catalogue.h"
#include "harness/check/excerpt.h"
#include "harness/check/identity.h"
#include "harness/seen/json.h"
#include "harness/seen/store.h"

#define DC_REPORT_SCHEMA "dnsconform.report/1"

#define DC_STATUSES(X)                                                                             \
    X(DC_STATUS_UNKNOWN, "UNKNOWN")                                                                \
    X(DC_STATUS_SUCCESS, "SUCCESS")                                                                \
    X(DC_STATUS_NOT_STARTED, "NOT_STARTED")                                                        \
    X(DC_STATUS_PENDING, "PENDING")                                                                \
    X(DC_STATUS_TEMPORARY_FAILURE, "TEMPORARY_FAILURE")                                            \
    X(DC_STATUS_FAILED, "FAILED")
#define DC_STATUS_ENUM(name, text) name,
enum dc_status { DC_STATUSES(DC_STATUS_ENUM) }; // in order of health, best first after UNKNOWN
const char *dc_status_text(enum dc_status status);
bool dc_status_parse(const char *text, enum dc_status *status);

// Fields are NULL where they say nothing. Texts may hold anything a server sent, as UTF-8: they are
// escaped where they are printed, never before.
struct dc_finding {
    const char *id; // area/slug
    enum dc_level level;
    const struct dc_finding_row *row; // NULL for an id that our catalogue does not have
    const char *server;               // name, or address if it has none
    const char *name;                 // absolute, without the final dot
    const char *type;                 // TXT
    const char *expected;
    const char *actual;
    const char *remedy;               // with this case's names in it; NULL: the row's
    const struct dc_excerpt *excerpt; // the TXT record it is about, or NULL
    const struct dc_observation *const *observations;
    size_t n_observations;
    size_t cause; // 0: stands for itself; else 1 + index of the finding it follows from
    struct dc_identity identity; // whose set-up it is about, if there are several; or no name
};

// The status of a DKIM set-up.
struct dc_set_up {
    struct dc_identity identity;
    enum dc_status status;
};

// What a verifier says of a signature, in the words of RFC 8601 2.7.1.
#define DC_AUTH_RESULTS(X)                                                                         \
    X(DC_AUTH_NONE, "none")                                                                        \
    X(DC_AUTH_PASS, "pass")                                                                        \
    X(DC_AUTH_FAIL, "fail")                                                                        \
    X(DC_AUTH_NEUTRAL, "neutral")                                                                  \
    X(DC_AUTH_POLICY, "policy")                                                                    \
    X(DC_AUTH_PERMERROR, "permerror")                                                              \
    X(DC_AUTH_TEMPERROR, "temperror")
#define DC_AUTH_RESULT_ENUM(name, text) name,
enum dc_auth_result { DC_AUTH_RESULTS(DC_AUTH_RESULT_ENUM) };
const char *dc_auth_result_text(enum dc_auth_result result);
bool dc_auth_result_parse(const char *text, enum dc_auth_result *result);

// A DKIM-Signature of a message. Texts as the field has them; NULL where it says nothing.
struct dc_signature_result {
    const char *domain;           // d=
    const char *selector;         // s=
    const char *algorithm;        // a=
    const char *canonicalization; // c=
    const char *identity;         // i=
    enum dc_auth_result result;
    const char *reason; // NULL if it passes
    bool own;           // the domain's
    bool ignored;       // added by Amazon SES for itself
};

struct dc_report {
    const char *tool;    // "dnsconform 0.1.0"
    const char *subject; // one line: "DKIM of example.com (easy-dkim)"
    const char *domain;
    int64_t at_us;
    enum dc_status status;
    const char *console[2];            // strings a console would show for the status, or NULL
    const struct dc_finding *findings; // ordered: cause first
    size_t n_findings;
    // The account side. A checker that is not ours may not tell of it.
    bool tells_set_ups;
    const struct dc_set_up *set_ups; // the subject's own first
    size_t n_set_ups;
    bool tells_signing;
    const struct dc_signing *signing;
    size_t n_signing;
    bool tells_notifications;
    const struct dc_notification *notifications; // of this visit, in the order of set_ups
    size_t n_notifications;
    const struct dc_observation *const *observations; // sorted by key
    size_t n_observations;
    const struct dc_signature_result *signatures; // of a message, from the top; else NULL
    size_t n_signatures;
};

// dnsconform.report/1. New reference.
json_t *dc_report_json(const struct dc_report *report);
// An identity as JSON, null if it has no name; and back (report_side.c).
json_t *dc_identity_json(const struct dc_identity *identity);
void dc_identity_read(struct dc_json_reader *reader, const json_t *object, const char *key,
                      struct dc_identity *identity);
// The account side's members of a report, and back (report_side.c).
void dc_report_side_json(const struct dc_report *report, json_t *json);
void dc_report_side_read(struct dc_json_reader *reader, const json_t *json,
                         struct dc_report *report);
// Reads one into arena: observations too, and every finding, whether our catalogue has its id or
// not; a finding without a level has that of its row, else error. NULL (with *why) if it is none.
const struct dc_report *dc_report_read(struct fdns_arena *arena, const json_t *json,
                                       const char **why);
