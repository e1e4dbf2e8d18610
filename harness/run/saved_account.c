#include "harness/run/saved_account.h"

#include "harness/seen/words.h"

enum { MAX_EVENTS = 10000 };
#define TIME_MAX (INT64_C(1) << 60)

static const char *const changes[] = {DC_ACCOUNT_CHANGES(DC_WORD)};

static json_t *identity_json(const struct dc_account_identity *identity)
{
    json_t *object = dc_json_object();
    dc_json_set(object, "identity", dc_identity_json(&identity->key));
    dc_json_set(object, "set_up", json_integer((json_int_t)identity->set_up));
    dc_json_set(object, "there", json_boolean(identity->is_there));
    dc_json_set(object, "configured", json_boolean(identity->configured));
    dc_json_set(object, "signing", json_boolean(identity->signing));
    return object;
}

static json_t *event_json(const struct dc_account_event *event)
{
    json_t *object = dc_json_object();
    dc_json_set(object, "at_us", json_integer(event->at_us));
    dc_json_set(object, "identity", json_integer((json_int_t)event->identity));
    dc_json_set(object, "change", dc_json_string(changes[event->change]));
    return object;
}

static json_t *sender_json(const struct dc_identity *sender)
{
    json_t *object = dc_json_object();
    dc_json_set(object, "sender", dc_identity_json(sender));
    return object;
}

json_t *dc_saved_account_json(const struct dc_account *account)
{
    if (account == NULL) {
        return json_null();
    }
    json_t *identities = dc_json_array();
    json_t *set_ups = dc_json_array();
    json_t *senders = dc_json_array();
    json_t *events = dc_json_array();
    for (size_t i = 0; i < account->n_identities; i++) {
        dc_json_append(identities, identity_json(&account->identities[i]));
    }
    for (size_t i = 0; i < account->n_set_ups; i++) {
        dc_json_append(set_ups, dc_saved_set_up_json(&account->set_ups[i]));
    }
    for (size_t i = 0; i < account->n_senders; i++) {
        dc_json_append(senders, sender_json(&account->senders[i]));
    }
    for (size_t i = 0; i < account->n_events; i++) {
        dc_json_append(events, event_json(&account->events[i]));
    }
    json_t *object = dc_json_object();
    dc_json_set(object, "identities", identities);
    dc_json_set(object, "set_ups", set_ups);
    dc_json_set(object, "senders", senders);
    dc_json_set(object, "events", events);
    return object;
}

static void read_set_ups(struct dc_json_reader *reader, const json_t *object,
                         struct dc_account *account)
{
    const json_t *list = dc_json_list(reader, object, "set_ups", DC_SET_UPS_MAX - 1);
    account->n_set_ups = json_array_size(list);
    struct dc_dkim_subject *set_ups =
        fdns_arena_array(reader->arena, account->n_set_ups, sizeof *set_ups);
    for (size_t i = 0; i < account->n_set_ups; i++) {
        dc_saved_set_up_read(reader, json_array_get(list, i), &set_ups[i]);
    }
    account->set_ups = set_ups;
}

static void read_identities(struct dc_json_reader *reader, const json_t *object,
                            struct dc_account *account)
{
    const json_t *list = dc_json_list(reader, object, "identities", DC_IDENTITIES_MAX);
    account->n_identities = json_array_size(list);
    struct dc_account_identity *identities =
        fdns_arena_array(reader->arena, account->n_identities, sizeof *identities);
    for (size_t i = 0; i < account->n_identities; i++) {
        const json_t *item = json_array_get(list, i);
        dc_identity_read(reader, item, "identity", &identities[i].key);
        identities[i].set_up =
            (size_t)dc_json_integer(reader, item, "set_up", 0, (int64_t)account->n_set_ups + 1, 0);
        identities[i].is_there = json_is_true(json_object_get(item, "there"));
        identities[i].configured = json_is_true(json_object_get(item, "configured"));
        identities[i].signing = json_is_true(json_object_get(item, "signing"));
        if (identities[i].key.name == NULL) {
            dc_json_wrong(reader, "an identity has no name");
        }
    }
    account->identities = identities;
}

static void read_senders(struct dc_json_reader *reader, const json_t *object,
                         struct dc_account *account)
{
    const json_t *list = dc_json_list(reader, object, "senders", DC_SENDERS_MAX);
    account->n_senders = json_array_size(list);
    struct dc_identity *senders =
        fdns_arena_array(reader->arena, account->n_senders, sizeof *senders);
    for (size_t i = 0; i < account->n_senders; i++) {
        dc_identity_read(reader, json_array_get(list, i), "sender", &senders[i]);
        if (senders[i].name == NULL || dc_address_domain(senders[i].name) == NULL) {
            dc_json_wrong(reader, "a sender is no e-mail address");
        }
    }
    account->senders = senders;
}

static void read_events(struct dc_json_reader *reader, const json_t *object,
                        struct dc_account *account)
{
    const json_t *list = dc_json_list(reader, object, "events", MAX_EVENTS);
    account->n_events = json_array_size(list);
    struct dc_account_event *events =
        fdns_arena_array(reader->arena, account->n_events, sizeof *events);
    for (size_t i = 0; i < account->n_events; i++) {
        const json_t *item = json_array_get(list, i);
        const char *change = dc_json_text(reader, item, "change", true);
        size_t at = 0;
        if (change != NULL &&
            !dc_word_find(changes, sizeof changes / sizeof changes[0], change, &at)) {
            dc_json_wrong(reader, "\"change\" is not a known word");
        }
        events[i].change = (enum dc_account_change)at;
        events[i].at_us = dc_json_integer(reader, item, "at_us", 0, TIME_MAX, 0);
        events[i].identity = (size_t)dc_json_integer(reader, item, "identity", 0,
                                                     (int64_t)account->n_identities - 1, 0);
    }
    account->events = events;
}

const struct dc_account *dc_saved_account_read(struct dc_json_reader *reader, const json_t *subject)
{
    const json_t *object = json_object_get(subject, "account");
    if (object == NULL || json_is_null(object)) {
        return NULL;
    }
    struct dc_account *account = fdns_arena_alloc(reader->arena, sizeof *account);
    read_set_ups(reader, object, account);
    read_identities(reader, object, account);
    read_senders(reader, object, account);
    read_events(reader, object, account);
    if (account->n_identities == 0) {
        dc_json_wrong(reader, "an account without identities");
    }
    return reader->why == NULL ? account : NULL;
}
