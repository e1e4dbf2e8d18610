// The check of one set-up from end to end: expect, gather (until nothing is pending), diagnose,
// step the life.
#include "harness/check/dkim/diagnose.h"
#include "harness/check/dkim/dkim.h"
#include "harness/check/dkim/input.h"
#include "harness/check/dkim/neighbour.h"
#include "harness/check/dkim/sender.h"
#include "harness/check/message/message.h"

static const char *const methods[] = {
#define DC_DKIM_METHOD_TEXT(name, text) text,
    DC_DKIM_METHODS(DC_DKIM_METHOD_TEXT)};

const struct dc_finding_row dc_check_rows[DC_CHECK_ROWS] = {
    {.id = "account/invalid-subject",
     .level = DC_ERROR,
     .title = "The domain, a token or the selector makes no domain name",
     .cause = "Without names nothing can be looked up.",
     .remedy = "Correct the word that is named.",
     .refs = "RFC 1035 2.3.4; RFC 6376 3.1"},
};

void dc_diagnosis_at(struct dc_diagnosis *d, struct dc_hit *hit, const struct dc_endpoint *endpoint)
{
    if (endpoint != NULL) {
        hit->endpoint = (int)(endpoint - d->g->endpoints);
        hit->server = endpoint->label;
    }
}

struct dc_hit *dc_diagnosis_hit(struct dc_diagnosis *d, const struct dc_finding_row *row,
                                enum dc_rank rank, size_t i, const struct dc_endpoint *endpoint)
{
    const struct dc_expected *record = &d->g->expectation->records[i];
    struct dc_hit *hit = dc_hits_add(&d->hits, row, rank);
    hit->record = i + 1;
    hit->name = record->owner_text;
    hit->type = record->type == FDNS_TYPE_CNAME ? "CNAME" : "TXT";
    hit->expected = record->text;
    hit->n_alike = d->g->records[i].place != NULL ? d->g->records[i].place->n_judged : 0;
    dc_diagnosis_at(d, hit, endpoint);
    return hit;
}

struct dc_hit *dc_diagnosis_answer(struct dc_diagnosis *d, const struct dc_finding_row *row,
                                   enum dc_rank rank, size_t i, const struct dc_answer *answer,
                                   const struct dc_endpoint *endpoint)
{
    struct dc_hit *hit = dc_diagnosis_hit(d, row, rank, i, endpoint);
    hit->actual = dc_answer_text(d->hits.arena, answer);
    dc_hit_show(hit, answer->observation);
    return hit;
}

struct dc_hit *dc_diagnosis_zone(struct dc_diagnosis *d, const struct dc_finding_row *row,
                                 enum dc_rank rank, const char *zone)
{
    struct dc_hit *hit = dc_hits_add(&d->hits, row, rank);
    hit->name = zone;
    return hit;
}

// No server serves the zone, and some say so: the records cannot be found.
static bool is_refused(const struct dc_gathered *g)
{
    for (size_t i = 0; i < g->n_endpoints; i++) {
        if (g->endpoints[i].place == &g->places[0] && g->endpoints[i].lame) {
            return true;
        }
    }
    return false;
}

static enum dc_life_seen seen(const struct dc_diagnosis *d, bool keys_good)
{
    enum dc_life_seen result = keys_good ? DC_SEEN_RIGHT : DC_SEEN_WRONG;
    if (d->g->undelegated) {
        return DC_SEEN_WRONG;
    }
    if (d->g->places[0].result != DC_WALK_FOUND) {
        return DC_SEEN_NOTHING;
    }
    if (d->g->places[0].n_judged == 0) {
        return is_refused(d->g) ? DC_SEEN_WRONG : DC_SEEN_NOTHING;
    }
    for (size_t i = 0; i < d->g->expectation->n_records; i++) {
        if (d->records[i] == DC_CELL_SILENT && result == DC_SEEN_RIGHT) {
            result = DC_SEEN_NOTHING;
        } else if (d->records[i] == DC_CELL_ABSENT || d->records[i] == DC_CELL_WRONG) {
            return DC_SEEN_WRONG;
        }
    }
    return result;
}

static void begin_report(const struct dc_look *look, const struct dc_dkim_subject *subject,
                         struct dc_report *report)
{
    const char *method =
        subject->method == DC_SELECTORS ? dc_sender_of(subject)->title : methods[subject->method];
    *report = (struct dc_report){
        .tool = "dnsconform " DNSCONFORM_VERSION,
        .subject = fdns_arena_format(look->arena, "DKIM of %s (%s)",
                                     subject->domain != NULL ? subject->domain : "", method),
        .domain = subject->domain,
        .at_us = look->visit_us,
        .status = DC_STATUS_UNKNOWN};
}

// What the console of Amazon SES shows for the status.
static void add_console(const struct dc_dkim_subject *subject, struct dc_report *report)
{
    if (subject->method != DC_SELECTORS && report->status == DC_STATUS_PENDING) {
        report->console[0] = "DKIM: waiting on sender verification...";
        report->console[1] = "DKIM Verification Status: pending verification";
    }
}

// Nothing can be looked up. Where the input says why, that is all there is to say.
static void refuse(const struct dc_look *look, const struct dc_dkim_subject *subject,
                   const char *why, struct dc_report *report)
{
    struct dc_hits hits = {.arena = look->arena};
    dc_input_judge(&hits, subject);
    if (!dc_input_names_selector(&hits)) {
        dc_hits_add(&hits, &dc_check_rows[0], DC_RANK_NAME)->actual = why;
    }
    report->findings = dc_hits_findings(&hits, &report->n_findings);
}

// Neighbours of a domain that nobody serves cannot be found either, which has been said.
static void add_neighbours(struct dc_diagnosis *d, const struct dc_neighbours *neighbours)
{
    for (size_t i = 0; d->g->places[0].n_judged > 0 && i < neighbours->hits.n; i++) {
        const struct dc_hit *hit = &neighbours->hits.items[i];
        *dc_hits_add(&d->hits, hit->row, hit->rank) = *hit;
    }
}

static void notify(const struct dc_look *look, const struct dc_dkim_subject *subject,
                   const struct dc_dkim_state *before, const struct dc_dkim_state *after,
                   const struct dc_life *life, struct dc_report *report)
{
    struct dc_notification *notification = fdns_arena_alloc(look->arena, sizeof *notification);
    *notification =
        (struct dc_notification){.identity = dc_dkim_identity(subject), .at_us = look->visit_us};
    if (!dc_life_notice(before, after, subject, &notification->kind)) {
        return;
    }
    if (notification->kind == DC_NOTICE_WARNING) {
        notification->has_deadline = true;
        notification->deadline_us = life->deadline_us;
    }
    report->notifications = notification;
    report->n_notifications = 1;
}

static void diagnose(struct dc_look *look, const struct dc_dkim_subject *subject,
                     struct dc_gathered *g, const struct dc_neighbours *neighbours,
                     struct dc_dkim_state *state, struct dc_report *report)
{
    struct dc_diagnosis *d = fdns_arena_alloc(look->arena, sizeof *d);
    const struct dc_dkim_state before = *state;
    struct dc_life life;
    *d = (struct dc_diagnosis){.subject = subject, .g = g, .hits = {.arena = look->arena}};
    dc_input_judge(&d->hits, subject);
    dc_diagnose_servers(d);
    bool keys_good = true;
    if (g->places[0].n_judged > 0) {
        dc_diagnose_records(d);
        keys_good = dc_diagnose_keys(d);
        dc_diagnose_caches(d);
    }
    dc_life_step(state, subject, look->visit_us, seen(d, keys_good), &life);
    dc_diagnose_time(d, &life, look->visit_us);
    add_neighbours(d, neighbours);
    report->status = state->status;
    report->findings = dc_hits_findings(&d->hits, &report->n_findings);
    notify(look, subject, &before, state, &life, report);
}

// Asks for everything, in parallel as far as that goes; false while anything is pending.
static bool gather(struct dc_look *look, const struct dc_dkim_subject *subject,
                   const struct dc_dkim_how *how, const struct dc_expectation *expectation,
                   struct dc_gathered *g, struct dc_neighbours *neighbours)
{
    bool complete = dc_gather(g, look, how, expectation);
    *neighbours = (struct dc_neighbours){.look = look,
                                         .walk = &g->walk,
                                         .subject = subject,
                                         .expectation = expectation,
                                         .hits = {.arena = look->arena}};
    complete &= dc_check_neighbours(neighbours);
    return complete;
}

bool dc_dkim_check_set_up(struct dc_look *look, const struct dc_dkim_subject *subject,
                          const struct dc_dkim_how *how, struct dc_dkim_state *state,
                          struct dc_report *report)
{
    struct dc_dkim_state next = *state;
    struct dc_report result;
    struct dc_expectation *expectation = fdns_arena_alloc(look->arena, sizeof *expectation);
    struct dc_gathered *g = fdns_arena_alloc(look->arena, sizeof *g);
    struct dc_neighbours neighbours;
    const char *why = NULL;
    size_t n_tokens;
    begin_report(look, subject, &result);
    const char *const *tokens = dc_life_begin(&next, subject, look->visit_us, &n_tokens);
    if (subject->method == DC_DKIM_MESSAGE) {
        if (!dc_message_check(look, subject, how, &result)) {
            return false;
        }
    } else if (!dc_expect(look->arena, subject, tokens, n_tokens, expectation, &why)) {
        refuse(look, subject, why, &result);
    } else if (!gather(look, subject, how, expectation, g, &neighbours)) {
        return false;
    } else {
        diagnose(look, subject, g, &neighbours, &next, &result);
    }
    add_console(subject, &result);
    *report = result;
    *state = next;
    return true;
}
