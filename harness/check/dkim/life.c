#include "harness/check/dkim/life.h"

enum { NEVER = -1 };

void dc_dkim_state_init(struct dc_dkim_state *state, const struct dc_dkim_subject *subject,
                        int64_t first_visit_us)
{
    *state = (struct dc_dkim_state){
        .status = subject->has_last_success ? DC_STATUS_SUCCESS : DC_STATUS_NOT_STARTED,
        .started_us = subject->has_started ? subject->started_us : first_visit_us,
        .last_success_us = subject->has_last_success ? subject->last_success_us : NEVER,
        .missing_since_us = NEVER};
}

const char *const *dc_life_begin(struct dc_dkim_state *state, const struct dc_dkim_subject *subject,
                                 int64_t visit_us, size_t *n_tokens)
{
    while (state->n_restarts_done < subject->n_restarts &&
           subject->restarts[state->n_restarts_done].at_us <= visit_us) {
        int64_t at_us = subject->restarts[state->n_restarts_done].at_us;
        *state = (struct dc_dkim_state){.status = DC_STATUS_NOT_STARTED,
                                        .started_us = at_us,
                                        .last_success_us = NEVER,
                                        .missing_since_us = NEVER,
                                        .n_restarts_done = state->n_restarts_done + 1};
    }
    for (size_t i = state->n_restarts_done; i > 0; i--) {
        if (subject->restarts[i - 1].n_tokens > 0) { // else the tokens stay
            *n_tokens = subject->restarts[i - 1].n_tokens;
            return subject->restarts[i - 1].tokens;
        }
    }
    *n_tokens = subject->n_tokens;
    return subject->tokens;
}

static void succeed(struct dc_dkim_state *state, int64_t visit_us)
{
    state->status = DC_STATUS_SUCCESS;
    state->last_success_us = visit_us;
    state->missing_since_us = NEVER;
}

static void step_set_up(struct dc_dkim_state *state, int64_t window_us, int64_t visit_us,
                        enum dc_life_seen seen, struct dc_life *life)
{
    bool over = visit_us - state->started_us >= window_us;
    bool missed_before = state->status == DC_STATUS_PENDING || state->status == DC_STATUS_FAILED;
    life->deadline_us = state->started_us + window_us;
    if (visit_us < state->started_us) {
        state->status = DC_STATUS_NOT_STARTED;
    } else if (seen == DC_SEEN_RIGHT && !(over && missed_before)) {
        succeed(state, visit_us);
    } else if (over) {
        state->status = DC_STATUS_FAILED;
        life->news = DC_LIFE_EXPIRED;
        life->too_late = seen == DC_SEEN_RIGHT;
    } else {
        state->status = DC_STATUS_PENDING;
        life->news = DC_LIFE_WAITING;
    }
}

static void step_verified(struct dc_dkim_state *state, int64_t window_us, int64_t visit_us,
                          enum dc_life_seen seen, struct dc_life *life)
{
    if (seen == DC_SEEN_WRONG && state->missing_since_us == NEVER) {
        state->missing_since_us = visit_us;
    }
    bool runs = state->missing_since_us != NEVER;
    life->deadline_us = runs ? state->missing_since_us + window_us : 0;
    state->revoked = state->revoked || (runs && visit_us >= life->deadline_us);
    if (state->revoked) {
        state->status = DC_STATUS_FAILED;
        life->news = DC_LIFE_REVOKED;
        life->too_late = seen == DC_SEEN_RIGHT;
    } else if (seen == DC_SEEN_RIGHT) {
        life->news = runs ? DC_LIFE_CANCELLED : DC_LIFE_QUIET;
        succeed(state, visit_us);
    } else {
        state->status = DC_STATUS_TEMPORARY_FAILURE;
        life->news = runs ? DC_LIFE_WARNED : DC_LIFE_QUIET;
    }
}

void dc_life_step(struct dc_dkim_state *state, const struct dc_dkim_subject *subject,
                  int64_t visit_us, enum dc_life_seen seen, struct dc_life *life)
{
    *life = (struct dc_life){.news = DC_LIFE_QUIET};
    if (state->last_success_us == NEVER) {
        step_set_up(state, subject->window_us, visit_us, seen, life);
    } else {
        step_verified(state, subject->window_us, visit_us, seen, life);
    }
}

bool dc_life_notice(const struct dc_dkim_state *before, const struct dc_dkim_state *after,
                    const struct dc_dkim_subject *subject, enum dc_notice *notice)
{
    bool history_known = subject->has_started || before->status != DC_STATUS_NOT_STARTED;
    if (after->revoked) {
        *notice = DC_NOTICE_REVOKED;
        return !before->revoked;
    }
    if (after->status == DC_STATUS_FAILED) {
        *notice = DC_NOTICE_FAILED;
        return before->status != DC_STATUS_FAILED && history_known;
    }
    if (after->missing_since_us != before->missing_since_us) {
        *notice = after->missing_since_us != NEVER ? DC_NOTICE_WARNING : DC_NOTICE_CANCELLED;
        return true;
    }
    *notice = DC_NOTICE_SUCCESSFUL;
    return before->last_success_us == NEVER && after->last_success_us != NEVER && history_known;
}
