// The check of a subject with all its set-ups, one after the other over the same observations, and
// then what the account side says.
#include "harness/check/dkim/account.h"

#include <string.h>

size_t dc_dkim_n_set_ups(const struct dc_dkim_subject *subject)
{
    return 1 + (subject->account != NULL ? subject->account->n_set_ups : 0);
}

const struct dc_dkim_subject *dc_dkim_set_up(const struct dc_dkim_subject *subject, size_t i)
{
    return i == 0 ? subject : &subject->account->set_ups[i - 1];
}

struct dc_identity dc_dkim_identity(const struct dc_dkim_subject *set_up)
{
    return (struct dc_identity){.name = set_up->address != NULL ? set_up->address : set_up->domain,
                                .region = set_up->region,
                                .account_id = set_up->account_id};
}

struct dc_dkim_state *dc_dkim_states_new(struct fdns_arena *arena,
                                         const struct dc_dkim_subject *subject,
                                         int64_t first_visit_us)
{
    size_t n = dc_dkim_n_set_ups(subject);
    struct dc_dkim_state *states = fdns_arena_array(arena, n, sizeof *states);
    for (size_t i = 0; i < n; i++) {
        dc_dkim_state_init(&states[i], dc_dkim_set_up(subject, i), first_visit_us);
    }
    return states;
}

struct dc_dkim_state *dc_dkim_states_copy(struct fdns_arena *arena,
                                          const struct dc_dkim_subject *subject,
                                          const struct dc_dkim_state *states)
{
    return fdns_arena_copy(arena, states, dc_dkim_n_set_ups(subject) * sizeof *states);
}

// The set-ups of a subject while they are checked.
struct checking {
    struct fdns_arena *arena;
    const struct dc_dkim_subject *subject;
    size_t n;
    bool *present;
    struct dc_report *parts; // one a set-up
    struct dc_dkim_state *states;
    struct dc_finding *findings; // of all
    size_t n_findings;
};

static bool check_all(struct checking *checking, struct dc_look *look,
                      const struct dc_dkim_how *how)
{
    bool complete = true;
    for (size_t i = 0; i < checking->n; i++) {
        // each may look for its records in the zones of the others
        struct dc_dkim_subject *set_up =
            fdns_arena_copy(checking->arena, dc_dkim_set_up(checking->subject, i), sizeof *set_up);
        set_up->account = checking->subject->account;
        checking->present[i] =
            dc_account_has_set_up(checking->subject, i, look->visit_us, &checking->states[i]);
        if (checking->present[i]) {
            complete &=
                dc_dkim_check_set_up(look, set_up, how, &checking->states[i], &checking->parts[i]);
        }
    }
    return complete;
}

// ---- findings of all set-ups
// ---------------------------------------------------------------------

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

// Set-ups share servers: what is about those is said once, and about nobody's set-up in particular.
static struct dc_finding *find_told(struct checking *checking, const struct dc_finding *finding)
{
    for (size_t i = 0; i < checking->n_findings; i++) {
        struct dc_finding *told = &checking->findings[i];
        if (strncmp(finding->id, "server/", 7) == 0 && same_text(told->id, finding->id) &&
            told->level == finding->level && same_text(told->server, finding->server) &&
            same_text(told->name, finding->name) && same_text(told->type, finding->type) &&
            same_text(told->actual, finding->actual)) {
            return told;
        }
    }
    return NULL;
}

// The same identity is signed for in another Region or account.
static bool is_signed_elsewhere(const struct checking *checking, size_t i)
{
    const struct dc_identity own = {
        .name = dc_dkim_identity(dc_dkim_set_up(checking->subject, i)).name};
    for (size_t k = 0; k < checking->n; k++) {
        const struct dc_identity other = dc_dkim_identity(dc_dkim_set_up(checking->subject, k));
        if (k != i && checking->present[k] && checking->states[k].status == DC_STATUS_SUCCESS &&
            dc_identity_matches(&own, &other)) {
            return true;
        }
    }
    return false;
}

static void add_findings(struct checking *checking, size_t i)
{
    const struct dc_report *part = &checking->parts[i];
    const struct dc_identity identity = dc_dkim_identity(dc_dkim_set_up(checking->subject, i));
    size_t *places = fdns_arena_array(checking->arena, part->n_findings, sizeof *places);
    size_t removed = 0;
    if (checking->states[i].revoked && is_signed_elsewhere(checking, i)) {
        checking->findings[checking->n_findings++] = dc_account_removed(checking->arena, &identity);
        removed = checking->n_findings;
    }
    for (size_t k = 0; k < part->n_findings; k++) {
        struct dc_finding *told = find_told(checking, &part->findings[k]);
        if (told != NULL) {
            told->identity = (struct dc_identity){.name = NULL};
            places[k] = (size_t)(told - checking->findings) + 1;
            continue;
        }
        struct dc_finding *finding = &checking->findings[checking->n_findings++];
        *finding = part->findings[k];
        finding->cause = finding->cause != 0 ? places[finding->cause - 1] : 0;
        if (checking->n > 1) {
            finding->identity = identity;
        }
        if (removed != 0 && strcmp(finding->id, "time/revoked") == 0) {
            finding->level = DC_INFO;
            finding->cause = removed;
        }
        places[k] = checking->n_findings;
    }
}

static void merge_findings(struct checking *checking)
{
    size_t most = checking->n;
    for (size_t i = 0; i < checking->n; i++) {
        most += checking->parts[i].n_findings;
    }
    checking->findings = fdns_arena_array(checking->arena, most, sizeof *checking->findings);
    for (size_t i = 0; i < checking->n; i++) {
        if (checking->present[i]) {
            add_findings(checking, i);
        }
    }
}

// ---- the report
// ----------------------------------------------------------------------------------

static void tell_set_ups(const struct checking *checking, struct dc_report *report)
{
    struct dc_set_up *set_ups = fdns_arena_array(checking->arena, checking->n, sizeof *set_ups);
    struct dc_notification *notifications =
        fdns_arena_array(checking->arena, checking->n, sizeof *notifications);
    report->n_set_ups = 0;
    report->n_notifications = 0;
    for (size_t i = 0; i < checking->n; i++) {
        if (!checking->present[i] || checking->subject->method == DC_DKIM_MESSAGE) {
            continue;
        }
        set_ups[report->n_set_ups++] =
            (struct dc_set_up){.identity = dc_dkim_identity(dc_dkim_set_up(checking->subject, i)),
                               .status = checking->parts[i].status};
        for (size_t k = 0; k < checking->parts[i].n_notifications; k++) { // at most one
            notifications[report->n_notifications++] = checking->parts[i].notifications[k];
        }
    }
    report->set_ups = set_ups;
    report->notifications = notifications;
}

// What was seen at this visit, in the store's order.
static const struct dc_observation *const *observations_of(const struct dc_look *look, size_t *n)
{
    size_t n_all;
    const struct dc_observation *const *all = dc_store_sorted(look->store, look->arena, &n_all);
    const struct dc_observation **own = fdns_arena_array(look->arena, n_all, sizeof *own);
    *n = 0;
    for (size_t i = 0; i < n_all; i++) {
        if (all[i]->question->visit == look->visit) {
            own[(*n)++] = all[i];
        }
    }
    return own;
}

bool dc_dkim_check(struct dc_look *look, const struct dc_dkim_subject *subject,
                   const struct dc_dkim_how *how, struct dc_dkim_state *states,
                   struct dc_report *report)
{
    size_t n = dc_dkim_n_set_ups(subject);
    struct checking checking = {.arena = look->arena,
                                .subject = subject,
                                .n = n,
                                .present = fdns_arena_array(look->arena, n, sizeof(bool)),
                                .parts = fdns_arena_array(look->arena, n, sizeof(struct dc_report)),
                                .states = dc_dkim_states_copy(look->arena, subject, states)};
    if (!check_all(&checking, look, how)) {
        return false;
    }
    merge_findings(&checking);
    *report = checking.parts[0];
    report->findings = checking.findings;
    report->n_findings = checking.n_findings;
    report->tells_set_ups = true;
    report->tells_signing = true;
    report->tells_notifications = true;
    tell_set_ups(&checking, report);
    if (subject->account != NULL) {
        dc_account_report(look->arena, subject, checking.states, look->visit_us, report);
    }
    report->observations = observations_of(look, &report->n_observations);
    memcpy(states, checking.states, n * sizeof *states);
    return true;
}
