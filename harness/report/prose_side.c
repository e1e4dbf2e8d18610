// The account side of a report: what each sender's mail gets, other set-ups, notifications.
#include "harness/report/prose.h"

#include "harness/check/when.h"
#include "harness/report/escape.h"

enum { LINES_SHOWN = 50 };

static void signing_lines(const struct dc_prose *prose, struct fdns_arena *arena,
                          const struct dc_signing *signing)
{
    const char *from = dc_identity_text(arena, &signing->sender);
    if (signing->is_signed) {
        dc_prose_field(
            prose, "mail",
            fdns_arena_format(arena, "from %s: signed, by %s", from, signing->identity.name));
        return;
    }
    const char *by = signing->identity.name;
    dc_prose_field(prose, "mail",
                   fdns_arena_format(arena, "from %s: not signed (%s%s%s)", from,
                                     dc_signing_text(signing->cause), by != NULL ? ", by " : "",
                                     by != NULL ? by : ""));
    dc_prose_field(prose, "", signing->remedy);
}

static void notification_line(const struct dc_prose *prose, struct fdns_arena *arena,
                              const struct dc_notification *notification)
{
    const char *text =
        fdns_arena_format(arena, "%s: %s", dc_identity_text(arena, &notification->identity),
                          dc_notice_meaning(notification->kind));
    if (notification->has_deadline) {
        text = fdns_arena_format(arena, "%s at %s", text,
                                 dc_when_text(arena, notification->deadline_us));
    }
    dc_prose_field(prose, "notice", text);
}

void dc_prose_identity(const struct dc_prose *prose, const char *label,
                       const struct dc_identity *identity)
{
    struct fdns_arena arena;
    if (identity->name == NULL) {
        return;
    }
    fdns_arena_init(&arena, 0);
    dc_prose_field(prose, label, dc_identity_text(&arena, identity));
    fdns_arena_clear(&arena);
}

void dc_prose_side(const struct dc_prose *prose, const struct dc_report *report)
{
    struct fdns_arena arena;
    fdns_arena_init(&arena, 0);
    for (size_t i = 0; report->n_set_ups > 1 && i < report->n_set_ups && i < LINES_SHOWN; i++) {
        dc_prose_field(prose, "set-up",
                       fdns_arena_format(&arena, "%s: %s",
                                         dc_identity_text(&arena, &report->set_ups[i].identity),
                                         dc_status_text(report->set_ups[i].status)));
    }
    for (size_t i = 0; i < report->n_signing && i < LINES_SHOWN; i++) {
        signing_lines(prose, &arena, &report->signing[i]);
    }
    for (size_t i = 0; i < report->n_notifications && i < LINES_SHOWN; i++) {
        notification_line(prose, &arena, &report->notifications[i]);
    }
    fdns_arena_clear(&arena);
}
