// The account side of a report as JSON: set_ups, signing, notifications.
#include "harness/check/report.h"

enum { ITEMS_MAX = 10000 };
#define TIME_MAX (INT64_C(1) << 60)

json_t *dc_identity_json(const struct dc_identity *identity)
{
    if (identity->name == NULL) {
        return json_null();
    }
    json_t *json = dc_json_object();
    dc_json_set(json, "name", dc_json_string(identity->name));
    dc_json_set(json, "region", dc_json_string(identity->region));
    dc_json_set(json, "account_id", dc_json_string(identity->account_id));
    return json;
}

void dc_identity_read(struct dc_json_reader *reader, const json_t *object, const char *key,
                      struct dc_identity *identity)
{
    const json_t *json = json_object_get(object, key);
    *identity = (struct dc_identity){.name = NULL};
    if (json == NULL || json_is_null(json)) {
        return;
    }
    if (!json_is_object(json)) {
        dc_json_wrong(reader, "\"%s\" is no object", key);
        return;
    }
    identity->name = dc_json_text(reader, json, "name", true);
    identity->region = dc_json_text(reader, json, "region", false);
    identity->account_id = dc_json_text(reader, json, "account_id", false);
}

static json_t *set_up_json(const struct dc_set_up *set_up)
{
    json_t *json = dc_json_object();
    dc_json_set(json, "identity", dc_identity_json(&set_up->identity));
    dc_json_set(json, "status", dc_json_string(dc_status_text(set_up->status)));
    return json;
}

static json_t *signing_json(const struct dc_signing *signing)
{
    json_t *json = dc_json_object();
    dc_json_set(json, "from", dc_json_string(signing->sender.name));
    dc_json_set(json, "region", dc_json_string(signing->sender.region));
    dc_json_set(json, "account_id", dc_json_string(signing->sender.account_id));
    dc_json_set(json, "signed", json_boolean(signing->is_signed));
    dc_json_set(json, "identity", dc_identity_json(&signing->identity));
    dc_json_set(json, "cause", dc_json_string(dc_signing_text(signing->cause)));
    dc_json_set(json, "remedy", dc_json_string(signing->remedy));
    return json;
}

static json_t *notification_json(const struct dc_notification *notification)
{
    json_t *json = dc_json_object();
    dc_json_set(json, "kind", dc_json_string(dc_notice_text(notification->kind)));
    dc_json_set(json, "identity", dc_identity_json(&notification->identity));
    dc_json_set(json, "at_us", json_integer(notification->at_us));
    dc_json_set(json, "deadline_us",
                notification->has_deadline ? json_integer(notification->deadline_us) : json_null());
    return json;
}

void dc_report_side_json(const struct dc_report *report, json_t *json)
{
    json_t *set_ups = dc_json_array();
    json_t *signing = dc_json_array();
    json_t *notifications = dc_json_array();
    for (size_t i = 0; i < report->n_set_ups; i++) {
        dc_json_append(set_ups, set_up_json(&report->set_ups[i]));
    }
    for (size_t i = 0; i < report->n_signing; i++) {
        dc_json_append(signing, signing_json(&report->signing[i]));
    }
    for (size_t i = 0; i < report->n_notifications; i++) {
        dc_json_append(notifications, notification_json(&report->notifications[i]));
    }
    dc_json_set(json, "set_ups", set_ups);
    dc_json_set(json, "signing", signing);
    dc_json_set(json, "notifications", notifications);
}

static void read_set_up(struct dc_json_reader *reader, const json_t *json, struct dc_set_up *set_up)
{
    const char *status = dc_json_text(reader, json, "status", true);
    dc_identity_read(reader, json, "identity", &set_up->identity);
    if (status != NULL && !dc_status_parse(status, &set_up->status)) {
        dc_json_wrong(reader, "\"status\" is not a known word");
    }
}

static void read_signing(struct dc_json_reader *reader, const json_t *json,
                         struct dc_signing *signing)
{
    const json_t *is_signed = json_object_get(json, "signed");
    const char *cause = dc_json_text(reader, json, "cause", false);
    signing->sender.name = dc_json_text(reader, json, "from", true);
    signing->sender.region = dc_json_text(reader, json, "region", false);
    signing->sender.account_id = dc_json_text(reader, json, "account_id", false);
    signing->is_signed = json_is_true(is_signed);
    signing->cause = signing->is_signed ? DC_SIGNING_SIGNED : DC_SIGNING_NOT_CONFIGURED;
    signing->remedy = dc_json_text(reader, json, "remedy", false);
    dc_identity_read(reader, json, "identity", &signing->identity);
    if (!json_is_boolean(is_signed)) {
        dc_json_wrong(reader, "\"signed\" is neither true nor false");
    }
    if (cause != NULL && !dc_signing_parse(cause, &signing->cause)) {
        dc_json_wrong(reader, "\"cause\" is not a known word");
    }
}

static void read_notification(struct dc_json_reader *reader, const json_t *json,
                              struct dc_notification *notification)
{
    const json_t *deadline = json_object_get(json, "deadline_us");
    const char *kind = dc_json_text(reader, json, "kind", true);
    dc_identity_read(reader, json, "identity", &notification->identity);
    notification->at_us = dc_json_integer(reader, json, "at_us", -TIME_MAX, TIME_MAX, 0);
    notification->has_deadline = json_is_integer(deadline);
    notification->deadline_us =
        dc_json_integer(reader, json, "deadline_us", -TIME_MAX, TIME_MAX, 0);
    if (kind != NULL && !dc_notice_parse(kind, &notification->kind)) {
        dc_json_wrong(reader, "\"kind\" is not a known word");
    }
}

// A list of the report: its size, and whether it is there at all.
static const json_t *list(struct dc_json_reader *reader, const json_t *json, const char *key,
                          size_t *n, bool *told)
{
    const json_t *items = dc_json_list(reader, json, key, ITEMS_MAX);
    *n = json_array_size(items);
    *told = items != NULL;
    return items;
}

void dc_report_side_read(struct dc_json_reader *reader, const json_t *json,
                         struct dc_report *report)
{
    const json_t *items = list(reader, json, "set_ups", &report->n_set_ups, &report->tells_set_ups);
    struct dc_set_up *set_ups = fdns_arena_array(reader->arena, report->n_set_ups, sizeof *set_ups);
    for (size_t i = 0; i < report->n_set_ups; i++) {
        reader->where = fdns_arena_format(reader->arena, "set_ups[%zu]", i);
        read_set_up(reader, json_array_get(items, i), &set_ups[i]);
    }
    report->set_ups = set_ups;
    items = list(reader, json, "signing", &report->n_signing, &report->tells_signing);
    struct dc_signing *signing =
        fdns_arena_array(reader->arena, report->n_signing, sizeof *signing);
    for (size_t i = 0; i < report->n_signing; i++) {
        reader->where = fdns_arena_format(reader->arena, "signing[%zu]", i);
        read_signing(reader, json_array_get(items, i), &signing[i]);
    }
    report->signing = signing;
    items =
        list(reader, json, "notifications", &report->n_notifications, &report->tells_notifications);
    struct dc_notification *notifications =
        fdns_arena_array(reader->arena, report->n_notifications, sizeof *notifications);
    for (size_t i = 0; i < report->n_notifications; i++) {
        reader->where = fdns_arena_format(reader->arena, "notifications[%zu]", i);
        read_notification(reader, json_array_get(items, i), &notifications[i]);
    }
    report->notifications = notifications;
    reader->where = NULL;
}
