// What an expectation says of the account side of a report.
#include "harness/scenario/scenario.h"

struct judging {
    struct fdns_arena *arena;
    const struct dc_report *report;
    enum dc_verdict verdict;
    const char *reason;
};

// The first of the worst verdicts stands.
static void note(struct judging *judging, enum dc_verdict verdict, const char *reason)
{
    if (verdict > judging->verdict) {
        judging->verdict = verdict;
        judging->reason = reason;
    }
}

static const char *about_text(struct fdns_arena *arena, const struct dc_identity *about)
{
    struct dc_identity named = *about;
    named.name = about->name != NULL ? about->name : "the set-up";
    return dc_identity_text(arena, &named);
}

static void judge_set_up(struct judging *judging, const struct dc_expected_set_up *expected)
{
    const struct dc_set_up *found = NULL;
    for (size_t i = 0; i < judging->report->n_set_ups && found == NULL; i++) {
        if (dc_identity_matches(&expected->about, &judging->report->set_ups[i].identity)) {
            found = &judging->report->set_ups[i];
        }
    }
    const char *who = about_text(judging->arena, &expected->about);
    if (found == NULL) {
        note(judging, DC_MISSED, fdns_arena_format(judging->arena, "nothing is said of %s", who));
    } else if (found->status != expected->status) {
        note(judging, found->status < expected->status ? DC_MISSED : DC_FALSE_ALARM,
             fdns_arena_format(judging->arena, "%s is reported as %s instead of %s", who,
                               dc_status_text(found->status), dc_status_text(expected->status)));
    }
}

static void judge_signing(struct judging *judging, const struct dc_expected_signing *expected)
{
    const struct dc_signing *found = NULL;
    for (size_t i = 0; i < judging->report->n_signing && found == NULL; i++) {
        if (dc_identity_matches(&expected->sender, &judging->report->signing[i].sender)) {
            found = &judging->report->signing[i];
        }
    }
    const char *who = dc_identity_text(judging->arena, &expected->sender);
    const struct dc_identity identity = {.name = expected->identity};
    if (found == NULL) {
        note(judging, DC_MISSED,
             fdns_arena_format(judging->arena, "nothing is said of mail from %s", who));
    } else if (found->is_signed != expected->is_signed) {
        note(judging, found->is_signed ? DC_MISSED : DC_FALSE_ALARM,
             fdns_arena_format(judging->arena, "mail from %s is said to be %s", who,
                               found->is_signed ? "signed" : "unsigned"));
    } else if (!dc_identity_matches(&identity, &found->identity)) {
        note(judging, DC_WRONG_CAUSE,
             fdns_arena_format(judging->arena, "%s is said to decide about mail from %s",
                               found->identity.name != NULL ? found->identity.name : "nothing",
                               who));
    } else if (expected->has_cause && expected->cause != found->cause) {
        note(judging, DC_WRONG_CAUSE,
             fdns_arena_format(judging->arena, "mail from %s: the cause is said to be %s", who,
                               dc_signing_text(found->cause)));
    }
}

static bool is_notified(const struct dc_expected_notification *expected,
                        const struct dc_notification *notification)
{
    return expected->kind == notification->kind &&
           dc_identity_matches(&expected->about, &notification->identity) &&
           (!expected->has_deadline ||
            (notification->has_deadline && notification->deadline_us == expected->deadline_us));
}

// Each expected one takes one that was reported; none may be left on either side.
static void judge_notifications(struct judging *judging, const struct dc_checkpoint *checkpoint)
{
    const struct dc_report *report = judging->report;
    bool *taken = fdns_arena_array(judging->arena, report->n_notifications, sizeof *taken);
    for (size_t i = 0; i < checkpoint->n_notifications; i++) {
        size_t k = 0;
        while (
            k < report->n_notifications &&
            (taken[k] || !is_notified(&checkpoint->notifications[i], &report->notifications[k]))) {
            k++;
        }
        if (k == report->n_notifications) {
            note(judging, DC_MISSED,
                 fdns_arena_format(judging->arena, "the notification %s was not sent",
                                   dc_notice_text(checkpoint->notifications[i].kind)));
        } else {
            taken[k] = true;
        }
    }
    for (size_t k = 0; k < report->n_notifications; k++) {
        if (!taken[k]) {
            note(judging, DC_FALSE_ALARM,
                 fdns_arena_format(judging->arena,
                                   "the notification %s was sent and is not expected",
                                   dc_notice_text(report->notifications[k].kind)));
        }
    }
}

bool dc_judge_side(struct fdns_arena *arena, const struct dc_checkpoint *checkpoint,
                   const struct dc_report *report, enum dc_verdict *verdict, const char **reason)
{
    struct judging judging = {.arena = arena, .report = report, .verdict = DC_CONFORMS};
    for (size_t i = 0; report->tells_set_ups && i < checkpoint->n_set_ups; i++) {
        judge_set_up(&judging, &checkpoint->set_ups[i]);
    }
    for (size_t i = 0; report->tells_signing && i < checkpoint->n_signing; i++) {
        judge_signing(&judging, &checkpoint->signing[i]);
    }
    if (report->tells_notifications && checkpoint->has_notifications) {
        judge_notifications(&judging, checkpoint);
    }
    *verdict = judging.verdict;
    *reason = judging.reason;
    return judging.verdict == DC_CONFORMS;
}
