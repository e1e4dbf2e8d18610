// The life of a set-up: NOT_STARTED, PENDING, SUCCESS, TEMPORARY_FAILURE, FAILED. Pure: what was
// seen at a visit and the state before it give the state after it.
//
//   PENDING            -- all records right -->                       SUCCESS
//   PENDING            -- the window has passed (72:00:00 counts) --> FAILED: begin again
//   SUCCESS            -- records gone or wrong -->                   TEMPORARY_FAILURE
//   TEMPORARY_FAILURE  -- right again within the window -->           SUCCESS, nothing to restart
//   TEMPORARY_FAILURE  -- the window has passed -->                   FAILED, revoked: begin again
//   FAILED             -- a restart with new tokens -->               PENDING
//
// The window of a revocation runs from the visit that first missed the records. Servers that say
// nothing at all are no proof that records are missing: they do not start that window, but one
// that runs goes on, because nobody could have found the records either. Records that are right
// only at a visit after the end of a window in which a visit had missed them come too late.
#pragma once

#include "harness/check/dkim/dkim.h"

enum dc_life_seen { DC_SEEN_RIGHT, DC_SEEN_WRONG, DC_SEEN_NOTHING };

enum dc_life_news {
    DC_LIFE_QUIET,
    DC_LIFE_WAITING,   // PENDING until deadline_us
    DC_LIFE_EXPIRED,   // never found in the window
    DC_LIFE_WARNED,    // will be revoked at deadline_us
    DC_LIFE_CANCELLED, // found again before the deadline
    DC_LIFE_REVOKED,   // deadline_us has passed
};

struct dc_life {
    enum dc_life_news news;
    int64_t deadline_us;
    bool too_late; // FAILED although the records are right now
};

// Restarts that have come by visit_us take effect. Returns the tokens of the set-up that runs.
const char *const *dc_life_begin(struct dc_dkim_state *state, const struct dc_dkim_subject *subject,
                                 int64_t visit_us, size_t *n_tokens);
void dc_life_step(struct dc_dkim_state *state, const struct dc_dkim_subject *subject,
                  int64_t visit_us, enum dc_life_seen seen, struct dc_life *life);

// What the mail provider writes to the owner of the account about the change from one state to the
// next. False if nothing has changed that is worth an email, so each change is told once. Nothing
// is told of the first look at a set-up whose history nobody knows.
bool dc_life_notice(const struct dc_dkim_state *before, const struct dc_dkim_state *after,
                    const struct dc_dkim_subject *subject, enum dc_notice *notice);
