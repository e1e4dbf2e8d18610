// Waiting, expiry and revocation: what the life of the set-up means for its records (4.D of the
// catalogue of modes).
#include "harness/check/dkim/diagnose.h"

#include "fakedns/base/duration.h"
#include "harness/check/when.h"

enum { NOT_YET, NEVER, WARNED, SOME_GONE, CANCELLED, REVOKED, RESTART, N_ROWS };

const struct dc_finding_row dc_time_rows[DC_TIME_ROWS] = {
    [NOT_YET] = {.id = "time/not-visible-yet",
                 .level = DC_WARNING,
                 .title = "The record is not visible yet",
                 .cause = "In rare cases it takes up to 72 hours until new records can be seen.",
                 .remedy =
                     "Wait up to 72 hours. If it stays invisible, check the name of the record "
                     "in the panel, and that the panel is that of the DNS provider which the "
                     "domain really uses.",
                 .refs = "seed:R15; seed:R17; seed:R18; seed:R19; seed:R20"},
    [NEVER] = {.id = "time/never-appears",
               .level = DC_ERROR,
               .title = "The record was not found right within the time for it",
               .cause = "The verification has failed; waiting any longer does not help.",
               .remedy = "Check the name of the record, and that the DNS provider in which it was "
                         "entered is the one the domain really uses. Put right what else is "
                         "reported here. Then start the verification again.",
               .refs = "seed:R17; seed:R19; seed:R20"},
    [WARNED] = {.id = "time/revocation-warning",
                .level = DC_ERROR,
                .title = "The DKIM set-up will be revoked",
                .cause = "The records were there, and can no longer be found on the domain's DNS "
                         "servers.",
                .remedy = "Publish the record again, as it was, before the deadline. Then nothing "
                          "has to be started again.",
                .refs = "seed:R24; seed:R25; seed:R26; seed:R27; seed:R28; seed:R29"},
    [SOME_GONE] = {.id = "time/revoked-one-of-three",
                   .level = DC_INFO,
                   .title = "One record of the set is gone, and that is enough for a revocation",
                   .cause = "All records of the set have to stay published.",
                   .remedy = "Publish that record again before the deadline.",
                   .refs = "seed:R25; seed:R28"},
    [CANCELLED] = {.id = "time/revocation-cancelled",
                   .level = DC_INFO,
                   .title = "The records are back in time: the revocation is cancelled",
                   .cause = "They were found again before the deadline.",
                   .remedy = "Nothing has to be done.",
                   .refs = "seed:R29"},
    [REVOKED] = {.id = "time/revoked",
                 .level = DC_ERROR,
                 .title = "The DKIM set-up has been revoked",
                 .cause = "The records were missing until the deadline. DKIM signing is switched "
                          "off.",
                 .remedy = "Start the DKIM set-up from the beginning and publish the new records.",
                 .refs = "seed:R24; seed:R30; seed:R31"},
    [RESTART] = {.id = "time/restart-needed",
                 .level = DC_ERROR,
                 .title = "The records are right, but they come too late",
                 .cause = "The time for them ended before a check found them, and nobody looks for "
                          "them any more.",
                 .remedy =
                     "Start the DKIM set-up from the beginning and publish the new records. If "
                     "the console shows success, they were found between two of these checks, "
                     "and nothing has to be done.",
                 .refs = "seed:R17; seed:R31"},
};
_Static_assert((int)N_ROWS == (int)DC_TIME_ROWS, "diagnose.h counts the rows");

static const char *deadline_text(struct fdns_arena *arena, int64_t deadline_us, int64_t visit_us)
{
    char left[FDNS_DURATION_TEXT_MAX];
    int64_t left_us = (deadline_us - visit_us) / FDNS_US_PER_S * FDNS_US_PER_S;
    return fdns_arena_format(arena, "%s, in %s", dc_when_text(arena, deadline_us),
                             fdns_duration_print(left_us, left));
}

static struct dc_hit *about_set_up(struct dc_diagnosis *d, int row)
{
    struct dc_hit *hit = dc_hits_add(&d->hits, &dc_time_rows[row], DC_RANK_POLICY);
    hit->name = d->g->expectation->domain_text;
    return hit;
}

static struct dc_hit *about_record(struct dc_diagnosis *d, int row, size_t i)
{
    struct dc_hit *hit = dc_diagnosis_hit(d, &dc_time_rows[row], DC_RANK_POLICY, i, NULL);
    const struct dc_endpoint *endpoint = dc_gathered_witness(d->g, i);
    if (endpoint != NULL) {
        hit->actual = dc_answer_text(d->hits.arena, &endpoint->txt[i]);
        dc_hit_show(hit, endpoint->txt[i].observation);
    }
    return hit;
}

// Records that are missing without a cause that the zone or a server shows.
static void diagnose_absent(struct dc_diagnosis *d, int row, const char *until)
{
    for (size_t i = 0; i < d->g->expectation->n_records; i++) {
        if (d->records[i] != DC_CELL_ABSENT || d->explained[i]) {
            continue;
        }
        struct dc_hit *hit = about_record(d, row, i);
        hit->remedy = until != NULL ? fdns_arena_format(d->hits.arena, "%s The time ends at %s.",
                                                        hit->row->remedy, until)
                                    : NULL;
    }
}

// As dc_hit.follows wants it.
static size_t first_hit(const struct dc_diagnosis *d, size_t i)
{
    for (size_t k = 0; k < d->hits.n; k++) {
        if (d->hits.items[k].record == i + 1) {
            return k + 1;
        }
    }
    return 0;
}

// Whatever the cause was: once it is gone the verification has to be started again.
static void diagnose_failed(struct dc_diagnosis *d)
{
    bool said = false;
    for (size_t i = 0; i < d->g->expectation->n_records; i++) {
        bool plain = d->records[i] == DC_CELL_ABSENT && !d->explained[i];
        size_t cause = first_hit(d, i);
        said = said || d->records[i] != DC_CELL_RIGHT;
        if (!plain && d->records[i] != DC_CELL_RIGHT) {
            struct dc_hit *hit = about_record(d, NEVER, i);
            hit->level = DC_INFO;
            hit->follows = cause;
        }
    }
    if (!said) {
        about_set_up(d, NEVER)->level = DC_INFO;
    }
}

static bool is_gone(const struct dc_diagnosis *d, size_t i)
{
    return d->records[i] == DC_CELL_ABSENT || d->records[i] == DC_CELL_WRONG;
}

static void diagnose_warning(struct dc_diagnosis *d, const char *deadline)
{
    size_t n_gone = 0;
    for (size_t i = 0; i < d->g->expectation->n_records; i++) {
        n_gone += is_gone(d, i) ? 1 : 0;
    }
    for (size_t i = 0; i < d->g->expectation->n_records; i++) {
        if (!is_gone(d, i)) {
            continue;
        }
        struct dc_hit *hit = about_record(d, WARNED, i);
        size_t warning = d->hits.n;
        hit->actual = fdns_arena_format(d->hits.arena, "%s; revoked at %s",
                                        hit->actual != NULL ? hit->actual : "not found", deadline);
        hit->remedy =
            fdns_arena_format(d->hits.arena, "Publish %s %s again before %s. %s",
                              d->g->expectation->records[i].owner_text,
                              d->g->expectation->records[i].text, deadline, hit->row->remedy);
        if (n_gone < d->g->expectation->n_records) {
            about_record(d, SOME_GONE, i)->follows = warning;
        }
    }
    if (n_gone == 0) { // nothing can be seen just now, but the clock runs
        about_set_up(d, WARNED)->actual =
            fdns_arena_format(d->hits.arena, "revoked at %s", deadline);
    }
}

static void diagnose_revoked(struct dc_diagnosis *d, const struct dc_life *life)
{
    struct dc_hit *hit = about_set_up(d, REVOKED);
    size_t revoked = d->hits.n;
    hit->actual = fdns_arena_format(d->hits.arena, "revoked at %s",
                                    dc_when_text(d->hits.arena, life->deadline_us));
    if (life->too_late) {
        hit = about_set_up(d, RESTART);
        hit->level = DC_INFO;
        hit->follows = revoked;
    }
}

void dc_diagnose_time(struct dc_diagnosis *d, const struct dc_life *life, int64_t visit_us)
{
    switch (life->news) {
    case DC_LIFE_QUIET:
        return;
    case DC_LIFE_WAITING:
        diagnose_absent(d, NOT_YET, deadline_text(d->hits.arena, life->deadline_us, visit_us));
        return;
    case DC_LIFE_EXPIRED:
        if (life->too_late) {
            about_set_up(d, RESTART);
        } else {
            diagnose_absent(d, NEVER, NULL);
            diagnose_failed(d);
        }
        return;
    case DC_LIFE_WARNED:
        diagnose_warning(d, deadline_text(d->hits.arena, life->deadline_us, visit_us));
        return;
    case DC_LIFE_CANCELLED:
        about_set_up(d, CANCELLED);
        return;
    case DC_LIFE_REVOKED:
        diagnose_revoked(d, life);
        return;
    }
}
