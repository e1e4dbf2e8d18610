#include "harness/run/saved.h"

#include "harness/run/saved_account.h"
#include "harness/run/saved_key.h"

#include "harness/seen/observation_json.h"
#include "harness/seen/words.h"

#include <string.h>
#include <strings.h>

enum { MAX_RUNS = 100000, MAX_VISITS = 10000, MAX_ADDRESSES = 4096, MAX_TOKENS = 64 };
#define MAX_TIME (INT64_C(1) << 60)

// ---- subject -------------------------------------------------------------------------------

#define METHOD_TEXT(name, text) text,
static const char *const methods[] = {DC_DKIM_METHODS(METHOD_TEXT)};

static json_t *restarts_json(const struct dc_dkim_subject *subject)
{
    json_t *list = dc_json_array();
    for (size_t i = 0; i < subject->n_restarts; i++) {
        const struct dc_dkim_restart *restart = &subject->restarts[i];
        json_t *object = dc_json_object();
        dc_json_set(object, "at_us", json_integer(restart->at_us));
        dc_json_set(object, "tokens", dc_json_strings(restart->tokens, restart->n_tokens));
        dc_json_append(list, object);
    }
    return list;
}

json_t *dc_saved_set_up_json(const struct dc_dkim_subject *subject)
{
    json_t *object = dc_json_object();
    dc_json_set(object, "domain", dc_json_string(subject->domain));
    dc_json_set(object, "address", dc_json_string(subject->address));
    dc_json_set(object, "method", dc_json_string(methods[subject->method]));
    dc_json_set(object, "tokens", dc_json_strings(subject->tokens, subject->n_tokens));
    dc_json_set(object, "selector", dc_json_string(subject->selector));
    dc_json_set(object, "sender", dc_json_string(subject->sender));
    dc_json_set(object, "selectors", dc_json_strings(subject->selectors, subject->n_selectors));
    dc_json_set(object, "targets", dc_json_strings(subject->targets, subject->n_targets));
    dc_json_set(object, "with", json_integer(subject->with));
    dc_json_set(object, "mail_from", dc_json_string(subject->mail_from));
    dc_json_set(object, "public_key", dc_given_key_json(subject->public_key));
    dc_json_set(object, "private_key", dc_given_key_json(subject->private_key));
    dc_json_set(object, "profile",
                dc_json_string(subject->profile != NULL ? subject->profile->name : NULL));
    dc_json_set(object, "verification", dc_json_string(subject->verification));
    dc_json_set(object, "region", dc_json_string(subject->region));
    dc_json_set(object, "account_id", dc_json_string(subject->account_id));
    dc_json_set(object, "started_us",
                subject->has_started ? json_integer(subject->started_us) : json_null());
    dc_json_set(object, "last_success_us",
                subject->has_last_success ? json_integer(subject->last_success_us) : json_null());
    dc_json_set(object, "window_us", json_integer(subject->window_us));
    dc_json_set(object, "message", dc_json_hex(subject->message, subject->message_len));
    dc_json_set(object, "restarts", restarts_json(subject));
    return object;
}

static json_t *subject_json(const struct dc_dkim_subject *subject)
{
    json_t *object = dc_saved_set_up_json(subject);
    dc_json_set(object, "account", dc_saved_account_json(subject->account));
    return object;
}

static bool is_there(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return value != NULL && !json_is_null(value);
}

static void read_method(struct dc_json_reader *reader, const json_t *object,
                        struct dc_dkim_subject *subject)
{
    const char *method = dc_json_text(reader, object, "method", true);
    size_t at = 0;
    if (method != NULL && !dc_word_find(methods, sizeof methods / sizeof methods[0], method, &at)) {
        dc_json_wrong(reader, "\"method\" is none of easy-dkim, byodkim, message and selectors");
    }
    subject->method = (enum dc_dkim_method)at;
}

static void read_restarts(struct dc_json_reader *reader, const json_t *object,
                          struct dc_dkim_subject *subject)
{
    const json_t *list = dc_json_list(reader, object, "restarts", MAX_VISITS);
    subject->n_restarts = json_array_size(list);
    struct dc_dkim_restart *restarts =
        fdns_arena_array(reader->arena, subject->n_restarts, sizeof *restarts);
    for (size_t i = 0; i < subject->n_restarts; i++) {
        const json_t *item = json_array_get(list, i);
        restarts[i].at_us = dc_json_integer(reader, item, "at_us", 0, MAX_TIME, 0);
        restarts[i].tokens =
            dc_json_texts(reader, item, "tokens", MAX_TOKENS, &restarts[i].n_tokens);
    }
    subject->restarts = restarts;
}

static void read_message(struct dc_json_reader *reader, const json_t *object,
                         struct dc_dkim_subject *subject)
{
    subject->message = (const char *)dc_json_octets(reader, object, "message", DC_SAVED_MESSAGE_MAX,
                                                    &subject->message_len);
    if (subject->method == DC_DKIM_MESSAGE && subject->message == NULL) {
        dc_json_wrong(reader, "\"message\" is missing");
    }
}

// Keys that older files do not have.
static void read_sender(struct dc_json_reader *reader, const json_t *object,
                        struct dc_dkim_subject *subject)
{
    enum { ALL = DC_WITH_DMARC | DC_WITH_MAIL_FROM | DC_WITH_SPF };
    subject->sender = dc_json_text(reader, object, "sender", false);
    subject->mail_from = dc_json_text(reader, object, "mail_from", false);
    subject->with = (unsigned)dc_json_integer(reader, object, "with", 0, ALL, 0);
    if (is_there(object, "selectors")) {
        subject->selectors =
            dc_json_texts(reader, object, "selectors", MAX_TOKENS, &subject->n_selectors);
        subject->targets =
            dc_json_texts(reader, object, "targets", MAX_TOKENS, &subject->n_targets);
    }
    if (subject->method == DC_SELECTORS && subject->n_selectors == 0) {
        dc_json_wrong(reader, "\"selectors\" is empty");
    }
}

static void read_profile(struct dc_json_reader *reader, const json_t *object,
                         struct dc_dkim_subject *subject)
{
    const char *name = dc_json_text(reader, object, "profile", false);
    subject->profile = name != NULL ? dc_profile_find(name) : NULL;
    if (name != NULL && subject->profile == NULL) {
        dc_json_wrong(reader, "\"profile\" is none of ours");
    }
}

void dc_saved_set_up_read(struct dc_json_reader *reader, const json_t *object,
                          struct dc_dkim_subject *subject)
{
    uint8_t name[FDNS_NAME_MAX];
    *subject = (struct dc_dkim_subject){0};
    read_method(reader, object, subject);
    subject->domain = dc_json_text(reader, object, "domain", subject->method != DC_DKIM_MESSAGE);
    if (subject->domain != NULL && fdns_name_parse(subject->domain, NULL, name) != FDNS_OK) {
        dc_json_wrong(reader, "\"domain\" is no domain name");
    }
    subject->address = dc_json_text(reader, object, "address", false);
    read_message(reader, object, subject);
    subject->tokens = dc_json_texts(reader, object, "tokens", MAX_TOKENS, &subject->n_tokens);
    subject->selector = dc_json_text(reader, object, "selector", subject->method == DC_BYODKIM);
    read_sender(reader, object, subject);
    subject->public_key = dc_given_key_from_json(reader, object, "public_key");
    subject->private_key = dc_given_key_from_json(reader, object, "private_key");
    read_profile(reader, object, subject);
    subject->verification = dc_json_text(reader, object, "verification", false);
    subject->region = dc_json_text(reader, object, "region", false);
    subject->account_id = dc_json_text(reader, object, "account_id", false);
    subject->has_started = is_there(object, "started_us");
    subject->started_us = dc_json_integer(reader, object, "started_us", -MAX_TIME, MAX_TIME, 0);
    subject->has_last_success = is_there(object, "last_success_us");
    subject->last_success_us =
        dc_json_integer(reader, object, "last_success_us", -MAX_TIME, MAX_TIME, 0);
    subject->window_us =
        dc_json_integer(reader, object, "window_us", 0, MAX_TIME, INT64_C(72) * 3600 * 1000000);
    read_restarts(reader, object, subject);
    if (subject->method == DC_EASY_DKIM && subject->n_tokens == 0) {
        dc_json_wrong(reader, "\"tokens\" is empty");
    }
}

static void read_subject(struct dc_json_reader *reader, const json_t *object,
                         struct dc_dkim_subject *subject)
{
    dc_saved_set_up_read(reader, object, subject);
    subject->account = dc_saved_account_read(reader, object);
}

// ---- how and state -------------------------------------------------------------------------

static json_t *addresses_json(const struct fdns_address *addresses, size_t n)
{
    json_t *list = dc_json_array();
    for (size_t i = 0; i < n; i++) {
        char text[FDNS_ADDRESS_TEXT_MAX];
        dc_json_append(list, dc_json_string(fdns_address_print(&addresses[i], text)));
    }
    return list;
}

static json_t *how_json(const struct dc_dkim_how *how)
{
    json_t *object = dc_json_object();
    dc_json_set(object, "roots", addresses_json(how->roots, how->n_roots));
    dc_json_set(object, "servers", addresses_json(how->servers, how->n_servers));
    dc_json_set(object, "resolver", addresses_json(how->resolver, how->resolver != NULL ? 1 : 0));
    return object;
}

static const struct fdns_address *read_addresses(struct dc_json_reader *reader,
                                                 const json_t *object, const char *key, size_t *n)
{
    const char *const *texts = dc_json_texts(reader, object, key, MAX_ADDRESSES, n);
    struct fdns_address *addresses = fdns_arena_array(reader->arena, *n, sizeof *addresses);
    for (size_t i = 0; i < *n; i++) {
        if (fdns_address_parse(texts[i], 53, &addresses[i]) != FDNS_OK) {
            dc_json_wrong(reader, "\"%s\" holds what is no address", key);
        }
    }
    return *n > 0 ? addresses : NULL;
}

static void read_how(struct dc_json_reader *reader, const json_t *object, struct dc_dkim_how *how)
{
    size_t n_resolvers;
    *how = (struct dc_dkim_how){0};
    how->roots = read_addresses(reader, object, "roots", &how->n_roots);
    how->servers = read_addresses(reader, object, "servers", &how->n_servers);
    how->resolver = read_addresses(reader, object, "resolver", &n_resolvers);
}

static json_t *bare_state_json(const struct dc_dkim_state *state)
{
    json_t *object = dc_json_object();
    dc_json_set(object, "status", dc_json_string(dc_status_text(state->status)));
    dc_json_set(object, "started_us", json_integer(state->started_us));
    dc_json_set(object, "last_success_us", json_integer(state->last_success_us));
    dc_json_set(object, "missing_since_us", json_integer(state->missing_since_us));
    dc_json_set(object, "revoked", json_boolean(state->revoked));
    dc_json_set(object, "restarts_done", json_integer((json_int_t)state->n_restarts_done));
    return object;
}

static void read_bare_state(struct dc_json_reader *reader, const json_t *object,
                            struct dc_dkim_state *state)
{
    *state = (struct dc_dkim_state){0};
    const char *status = dc_json_text(reader, object, "status", true);
    if (status != NULL && !dc_status_parse(status, &state->status)) {
        dc_json_wrong(reader, "\"status\" is none of ours");
    }
    state->started_us = dc_json_integer(reader, object, "started_us", -MAX_TIME, MAX_TIME, 0);
    state->last_success_us =
        dc_json_integer(reader, object, "last_success_us", -MAX_TIME, MAX_TIME, -1);
    state->missing_since_us =
        dc_json_integer(reader, object, "missing_since_us", -MAX_TIME, MAX_TIME, -1);
    state->revoked = json_is_true(json_object_get(object, "revoked"));
    state->n_restarts_done =
        (size_t)dc_json_integer(reader, object, "restarts_done", 0, MAX_VISITS, 0);
}

static json_t *other_states_json(const struct dc_dkim_subject *subject,
                                 const struct dc_dkim_state *states)
{
    json_t *list = dc_json_array();
    for (size_t i = 1; i < dc_dkim_n_set_ups(subject); i++) {
        dc_json_append(list, bare_state_json(&states[i]));
    }
    return list;
}

static const struct dc_dkim_state *read_states(struct dc_json_reader *reader, const json_t *object,
                                               const struct dc_dkim_subject *subject)
{
    size_t n = dc_dkim_n_set_ups(subject);
    struct dc_dkim_state *states = fdns_arena_array(reader->arena, n, sizeof *states);
    const json_t *others = dc_json_list(reader, object, "other_states", n);
    if (json_array_size(others) != n - 1) {
        dc_json_wrong(reader, "\"other_states\" has not a state for each other set-up");
    }
    read_bare_state(reader, json_object_get(object, "state"), &states[0]);
    for (size_t i = 1; i < n && reader->why == NULL; i++) {
        read_bare_state(reader, json_array_get(others, i - 1), &states[i]);
    }
    return states;
}

// ---- documents -----------------------------------------------------------------------------

json_t *dc_saved_begin(const char *tool)
{
    json_t *document = dc_json_object();
    dc_json_set(document, "schema", dc_json_string(DC_SAVED_SCHEMA));
    dc_json_set(document, "tool", dc_json_string(tool));
    dc_json_set(document, "runs", dc_json_array());
    return document;
}

void dc_saved_add(json_t *document, const struct dc_saved *saved)
{
    json_t *object = dc_json_object();
    json_t *visits = dc_json_array();
    json_t *observations = dc_json_array();
    for (size_t i = 0; i < saved->n_visits; i++) {
        dc_json_append(visits, json_integer(saved->visits_us[i]));
    }
    for (size_t i = 0; i < saved->n_observations; i++) {
        dc_json_append(observations, dc_observation_json(saved->observations[i], i + 1));
    }
    dc_json_set(object, "file", dc_json_string(saved->file));
    dc_json_set(object, "subject", subject_json(&saved->subject));
    dc_json_set(object, "how", how_json(&saved->how));
    dc_json_set(object, "state", bare_state_json(&saved->states[0]));
    dc_json_set(object, "other_states", other_states_json(&saved->subject, saved->states));
    dc_json_set(object, "visits_us", visits);
    dc_json_set(object, "observations", observations);
    json_array_append_new(json_object_get(document, "runs"), object);
}

static void read_visits(struct dc_json_reader *reader, const json_t *object, struct dc_saved *saved)
{
    const json_t *list = dc_json_list(reader, object, "visits_us", MAX_VISITS);
    saved->n_visits = json_array_size(list);
    int64_t *visits = fdns_arena_array(reader->arena, saved->n_visits, sizeof *visits);
    for (size_t i = 0; i < saved->n_visits; i++) {
        const json_t *item = json_array_get(list, i);
        visits[i] = json_integer_value(item);
        if (!json_is_integer(item) || visits[i] < -MAX_TIME || visits[i] > MAX_TIME) {
            dc_json_wrong(reader, "\"visits_us\" holds what is no time");
        }
    }
    saved->visits_us = visits;
}

static void read_observations(struct dc_json_reader *reader, const json_t *object,
                              struct dc_saved *saved)
{
    const json_t *list = dc_json_list(reader, object, "observations", 1000000);
    size_t n = json_array_size(list);
    const struct dc_observation **observations =
        fdns_arena_array(reader->arena, n, sizeof *observations);
    for (size_t i = 0; i < n && reader->why == NULL; i++) {
        reader->where = fdns_arena_format(reader->arena, "observations[%zu]", i);
        observations[i] = dc_observation_read(reader, json_array_get(list, i));
    }
    saved->observations = observations;
    saved->n_observations = n;
}

const struct dc_saved *dc_saved_read(struct fdns_arena *arena, const json_t *document, size_t *n,
                                     const char **why)
{
    struct dc_json_reader reader = {.arena = arena};
    const char *schema = dc_json_text(&reader, document, "schema", true);
    if (schema != NULL && strcmp(schema, DC_SAVED_SCHEMA) != 0) {
        dc_json_wrong(&reader, "its schema is not " DC_SAVED_SCHEMA);
    }
    const json_t *list = dc_json_list(&reader, document, "runs", MAX_RUNS);
    size_t n_runs = json_array_size(list);
    struct dc_saved *runs = fdns_arena_array(arena, n_runs, sizeof *runs);
    for (size_t i = 0; i < n_runs && reader.why == NULL; i++) {
        const json_t *object = json_array_get(list, i);
        reader.where = fdns_arena_format(arena, "runs[%zu]", i);
        runs[i].file = dc_json_text(&reader, object, "file", false);
        read_subject(&reader, json_object_get(object, "subject"), &runs[i].subject);
        read_how(&reader, json_object_get(object, "how"), &runs[i].how);
        runs[i].states = read_states(&reader, object, &runs[i].subject);
        read_visits(&reader, object, &runs[i]);
        read_observations(&reader, object, &runs[i]);
    }
    if (reader.why != NULL) {
        *why = reader.why;
        return NULL;
    }
    *n = n_runs;
    return runs;
}

json_t *dc_state_json(const struct dc_dkim_subject *subject, const struct dc_dkim_state *states)
{
    json_t *document = dc_json_object();
    json_t *others = dc_json_array();
    for (size_t i = 1; i < dc_dkim_n_set_ups(subject); i++) {
        json_t *object = dc_json_object();
        dc_json_set(object, "subject", dc_saved_set_up_json(dc_dkim_set_up(subject, i)));
        dc_json_set(object, "state", bare_state_json(&states[i]));
        dc_json_append(others, object);
    }
    dc_json_set(document, "schema", dc_json_string(DC_STATE_SCHEMA));
    dc_json_set(document, "subject", dc_saved_set_up_json(subject));
    dc_json_set(document, "state", bare_state_json(&states[0]));
    dc_json_set(document, "others", others);
    return document;
}

// The same words in any order.
static bool same_words(const char *const *a, size_t n_a, const char *const *b, size_t n_b)
{
    if (n_a != n_b) {
        return false;
    }
    for (size_t i = 0; i < n_a; i++) {
        bool found = false;
        for (size_t j = 0; j < n_b && !found; j++) {
            found = strcasecmp(a[i], b[j]) == 0;
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

static bool same_selectors(const struct dc_dkim_subject *a, const struct dc_dkim_subject *b)
{
    if (a->method != b->method) {
        return false;
    }
    switch (a->method) {
    case DC_BYODKIM:
        return strcasecmp(a->selector, b->selector) == 0;
    case DC_EASY_DKIM:
        return same_words(a->tokens, a->n_tokens, b->tokens, b->n_tokens);
    case DC_DKIM_MESSAGE:
        return true; // there is no state of a message
    case DC_SELECTORS:
        return same_words(a->selectors, a->n_selectors, b->selectors, b->n_selectors);
    }
    return false;
}

static bool same_domain(const char *a, const char *b)
{
    uint8_t left[FDNS_NAME_MAX];
    uint8_t right[FDNS_NAME_MAX];
    return fdns_name_parse(a, NULL, left) == FDNS_OK &&
           fdns_name_parse(b, NULL, right) == FDNS_OK && fdns_name_equal(left, right);
}

// A set-up of the file gives its state to the one of ours that it is. Where the file states no
// Region or account, the subject's own may be meant all the same.
static void read_kept(struct dc_json_reader *reader, const json_t *object,
                      const struct dc_dkim_subject *subject, struct dc_dkim_state *states)
{
    struct dc_dkim_subject kept;
    struct dc_dkim_state then;
    dc_saved_set_up_read(reader, json_object_get(object, "subject"), &kept);
    read_bare_state(reader, json_object_get(object, "state"), &then);
    for (size_t i = 0; i < dc_dkim_n_set_ups(subject) && reader->why == NULL; i++) {
        const struct dc_dkim_subject *ours = dc_dkim_set_up(subject, i);
        const struct dc_identity theirs = dc_dkim_identity(&kept);
        const struct dc_identity identity = dc_dkim_identity(ours);
        bool same = dc_identity_equal(&theirs, &identity) ||
                    (i == 0 && dc_identity_matches(&theirs, &identity));
        if (same && same_selectors(&kept, ours)) {
            states[i] = then;
        }
    }
}

bool dc_state_read(struct fdns_arena *arena, const json_t *json,
                   const struct dc_dkim_subject *subject, struct dc_dkim_state *states,
                   const char **why)
{
    struct dc_json_reader reader = {.arena = arena};
    struct dc_dkim_subject kept;
    const char *schema = dc_json_text(&reader, json, "schema", true);
    if (schema != NULL && strcmp(schema, DC_STATE_SCHEMA) != 0) {
        dc_json_wrong(&reader, "its schema is not " DC_STATE_SCHEMA);
    }
    const json_t *others = dc_json_list(&reader, json, "others", DC_SET_UPS_MAX - 1);
    dc_saved_set_up_read(&reader, json_object_get(json, "subject"), &kept);
    if (reader.why == NULL && !same_domain(kept.domain, subject->domain)) {
        dc_json_wrong(&reader, "it is about %s", kept.domain);
    }
    for (size_t i = 0; i < json_array_size(others) && reader.why == NULL; i++) {
        read_kept(&reader, json_array_get(others, i), subject, states);
    }
    if (reader.why == NULL) {
        read_kept(&reader, json, subject, states);
    }
    *why = reader.why;
    return reader.why == NULL;
}
