#include "harness/scenario/account.h"
#include "harness/scenario/read.h"

#include "fakedns/base/suggest.h"

#include <string.h>

// An account while it is read.
struct reader {
    const struct dc_account_reading *reading;
    struct dc_account_identity *identities;
    struct dc_dkim_subject *set_ups;
    struct dc_account_event *events;
    struct dc_account *account;
};

static void complain(struct reader *reader, const struct fdns_node *node, const char *message)
{
    fdns_diag(reader->reading->diags, FDNS_ERROR, reader->reading->source, node->line, node->column,
              "%s", message);
}

static bool boolean_of(const struct fdns_node *map, const char *key, bool otherwise)
{
    const struct fdns_node *node = fdns_node_find(map, key);
    return node != NULL ? fdns_node_boolean(node) : otherwise;
}

// Where Region and account are not written, those of the subject stand.
static struct dc_identity read_key(struct reader *reader, const struct fdns_node *map,
                                   const char *name_key)
{
    const struct dc_dkim_subject *subject = reader->reading->subject;
    const char *region = fdns_node_text(map, "region");
    const char *account_id = fdns_node_text(map, "account_id");
    return (struct dc_identity){.name = fdns_node_text(map, name_key),
                                .region = region != NULL ? region : subject->region,
                                .account_id =
                                    account_id != NULL ? account_id : subject->account_id};
}

// 1 + place; 0 if there is none.
static size_t find(const struct reader *reader, const struct dc_identity *key)
{
    for (size_t i = 0; i < reader->account->n_identities; i++) {
        if (dc_identity_equal(&reader->identities[i].key, key)) {
            return i + 1;
        }
    }
    return 0;
}

// ---- identities and their set-ups ------------------------------------------------------------

static struct dc_dkim_subject read_set_up(struct reader *reader, const struct fdns_node *node,
                                          const struct dc_identity *identity)
{
    const struct dc_dkim_subject *subject = reader->reading->subject;
    const char *domain = dc_address_domain(identity->name);
    const char *key = fdns_node_text(node, "public_key");
    struct dc_dkim_subject set_up = {
        .domain = domain != NULL ? domain : identity->name,
        .address = domain != NULL ? identity->name : NULL,
        .selector = fdns_node_text(node, "selector"),
        .public_key =
            key != NULL ? dc_given_key_read(reader->reading->arena, key, strlen(key)) : NULL,
        .profile = subject->profile,
        .region = identity->region,
        .account_id = identity->account_id,
        .has_started = subject->has_started,
        .started_us =
            dc_read_duration(node, "started", reader->reading->live ? subject->started_us : 0),
        .has_last_success = fdns_node_find(node, "last_success") != NULL,
        .last_success_us = dc_read_duration(node, "last_success", 0),
        .window_us = dc_read_duration(node, "window", subject->window_us)};
    set_up.method = set_up.selector != NULL ? DC_BYODKIM : DC_EASY_DKIM;
    set_up.tokens = dc_read_texts(reader->reading->arena, node, "tokens", &set_up.n_tokens);
    dc_read_restarts(reader->reading->arena, fdns_node_find(node, "restart"),
                     reader->reading->source, reader->reading->diags, &set_up);
    return set_up;
}

static void check_live(struct reader *reader, const struct fdns_node *map)
{
    static const char *const timed[] = {"started", "last_success", "restart", "events"};
    for (size_t i = 0; i < sizeof timed / sizeof timed[0] && reader->reading->live; i++) {
        for (size_t k = 0; k < map->n_pairs; k++) {
            if (strcmp(map->pairs[k].key->text, timed[i]) == 0) {
                complain(reader, map->pairs[k].key,
                         "this belongs to scenarios: a file says how things are now, and --state "
                         "remembers how they were");
            }
        }
    }
}

static void add_set_up(struct reader *reader, const struct fdns_node *node,
                       struct dc_account_identity *identity)
{
    struct dc_account *account = reader->account;
    if (account->n_set_ups + 1 == DC_SET_UPS_MAX) {
        complain(reader, node, "too many identities with DKIM set-ups of their own (15)");
        return;
    }
    reader->set_ups[account->n_set_ups++] = read_set_up(reader, node, &identity->key);
    identity->set_up = account->n_set_ups + 1;
    identity->configured = true;
}

static void read_own(struct reader *reader, const struct fdns_node *node,
                     struct dc_account_identity *identity)
{
    static const char *const of_dkim[] = {"tokens",  "selector",     "public_key", "window",
                                          "started", "last_success", "restart",    "dkim"};
    for (size_t i = 0; i < sizeof of_dkim / sizeof of_dkim[0]; i++) {
        const struct fdns_node *value = fdns_node_find(node, of_dkim[i]);
        if (value != NULL) {
            complain(reader, value,
                     "this is the identity whose set-up is given already: only `signing` can be "
                     "said of it");
        }
    }
    identity->signing = boolean_of(node, "signing", true);
}

static void read_identity(struct reader *reader, const struct fdns_node *node)
{
    const struct dc_identity key = read_key(reader, node, "name");
    const struct fdns_node *tokens = fdns_node_find(node, "tokens");
    const struct fdns_node *selector = fdns_node_find(node, "selector");
    const struct fdns_node *dkim = fdns_node_find(node, "dkim");
    check_live(reader, node);
    size_t known = find(reader, &key);
    if (known == 1) {
        read_own(reader, node, &reader->identities[0]);
        return;
    }
    if (known != 0) {
        complain(reader, fdns_node_find(node, "name"),
                 "the identity is listed twice for the same Region and account");
        return;
    }
    struct dc_account_identity *identity = &reader->identities[reader->account->n_identities++];
    *identity = (struct dc_account_identity){.key = key,
                                             .is_there = true,
                                             .configured = boolean_of(node, "dkim", false),
                                             .signing = boolean_of(node, "signing", true)};
    if (tokens != NULL && selector != NULL) {
        complain(reader, selector,
                 "`tokens` (Easy DKIM) and `selector` (BYODKIM) exclude each other");
    } else if (tokens != NULL || selector != NULL) {
        if (tokens != NULL && tokens->n_items == 0) {
            complain(reader, tokens, "a set-up needs at least one token");
        }
        add_set_up(reader, node, identity);
    } else if (dkim != NULL && identity->configured && strchr(key.name, '@') == NULL) {
        complain(reader, dkim, "a domain's DKIM needs `tokens` or `selector`");
    }
}

// ---- senders and events ----------------------------------------------------------------------

static void read_senders(struct reader *reader, const struct fdns_node *list)
{
    const struct dc_dkim_subject *subject = reader->reading->subject;
    size_t n = list != NULL ? list->n_items : 0;
    struct dc_identity *senders = fdns_arena_array(reader->reading->arena, n, sizeof *senders);
    for (size_t i = 0; i < n; i++) {
        const struct fdns_node *node = list->items[i];
        senders[i] = node->kind == FDNS_MAP
                         ? read_key(reader, node, "from")
                         : (struct dc_identity){.name = node->text,
                                                .region = subject->region,
                                                .account_id = subject->account_id};
    }
    reader->account->senders = senders;
    reader->account->n_senders = n;
}

static enum dc_account_change read_change(const char *text)
{
    static const char *const words[] = {
#define WORD(name, text) [name] = text,
        DC_ACCOUNT_CHANGES(WORD)};
    size_t i = 0;
    while (strcmp(words[i], text) != 0) {
        i++; // the schema has seen that it is one of them
    }
    return (enum dc_account_change)i;
}

static const char *no_identity(struct reader *reader, const struct dc_identity *key)
{
    const char *names[DC_IDENTITIES_MAX];
    for (size_t i = 0; i < reader->account->n_identities; i++) {
        names[i] = reader->identities[i].key.name;
    }
    const char *near = fdns_suggest(key->name, names, reader->account->n_identities);
    const char *text = fdns_arena_format(reader->reading->arena, "there is no identity %s",
                                         dc_identity_text(reader->reading->arena, key));
    return near != NULL && strcmp(near, key->name) != 0
               ? fdns_arena_format(reader->reading->arena, "%s (did you mean \"%s\"?)", text, near)
               : text;
}

static bool is_first_event(const struct reader *reader, size_t identity)
{
    for (size_t i = 0; i < reader->account->n_events; i++) {
        if (reader->events[i].identity == identity) {
            return false;
        }
    }
    return true;
}

static void read_event(struct reader *reader, const struct fdns_node *node)
{
    struct dc_account *account = reader->account;
    const struct dc_identity key = read_key(reader, node, "identity");
    const struct fdns_node *change = fdns_node_find(node, "change");
    size_t known = find(reader, &key);
    if (known == 0) {
        complain(reader, fdns_node_find(node, "identity"), no_identity(reader, &key));
        return;
    }
    struct dc_account_event event = {.at_us = dc_read_duration(node, "at", 0),
                                     .identity = known - 1,
                                     .change = read_change(change->text)};
    if (known == 1 && (event.change == DC_ACCOUNT_ADDED || event.change == DC_ACCOUNT_DELETED)) {
        complain(reader, change, "the identity that is checked is there all the time");
    }
    if (event.change == DC_ACCOUNT_CONFIGURED && strchr(key.name, '@') == NULL) {
        complain(reader, change, "a domain's DKIM is configured by its `tokens` or `selector`");
    }
    if (account->n_events > 0 && event.at_us < account->events[account->n_events - 1].at_us) {
        complain(reader, fdns_node_find(node, "at"),
                 "an event may not be earlier than the one before it");
    }
    if (event.change == DC_ACCOUNT_ADDED && is_first_event(reader, event.identity)) {
        reader->identities[event.identity].is_there = false;
    }
    reader->events[account->n_events++] = event;
}

static void read_events(struct reader *reader, const struct fdns_node *list)
{
    size_t n = list != NULL ? list->n_items : 0;
    reader->events = fdns_arena_array(reader->reading->arena, n, sizeof *reader->events);
    reader->account->events = reader->events;
    for (size_t i = 0; i < n; i++) {
        read_event(reader, list->items[i]);
    }
}

// ---- the whole
// -----------------------------------------------------------------------------------

const struct dc_account *dc_account_read(const struct dc_account_reading *reading,
                                         const struct fdns_node *node)
{
    struct dc_account *account = fdns_arena_alloc(reading->arena, sizeof *account);
    struct reader reader = {
        .reading = reading,
        .identities =
            fdns_arena_array(reading->arena, DC_IDENTITIES_MAX, sizeof(struct dc_account_identity)),
        .set_ups = fdns_arena_array(reading->arena, DC_SET_UPS_MAX, sizeof(struct dc_dkim_subject)),
        .account = account};
    const struct fdns_node *identities = fdns_node_find(node, "identities");
    reader.identities[0] = (struct dc_account_identity){.key = dc_dkim_identity(reading->subject),
                                                        .set_up = 1,
                                                        .is_there = true,
                                                        .configured = true,
                                                        .signing = true};
    account->n_identities = 1;
    account->identities = reader.identities;
    account->set_ups = reader.set_ups;
    for (size_t i = 0; identities != NULL && i < identities->n_items; i++) {
        read_identity(&reader, identities->items[i]);
    }
    read_senders(&reader, fdns_node_find(node, "senders"));
    if (node != NULL) {
        check_live(&reader, node);
    }
    read_events(&reader, fdns_node_find(node, "events"));
    return account;
}

const struct dc_account *dc_account_load(struct fdns_arena *arena, const char *path,
                                         const struct dc_dkim_subject *subject,
                                         struct fdns_diags *diags)
{
    struct fdns_source source;
    size_t errors_before = diags->n_errors;
    const struct fdns_node *root = fdns_yaml_load(arena, path, &source, diags);
    if (root == NULL || !fdns_schema_check(&dc_type_account, root, &source, diags)) {
        return NULL;
    }
    const struct dc_account_reading reading = {
        .arena = arena, .subject = subject, .source = &source, .diags = diags, .live = true};
    const struct dc_account *account = dc_account_read(&reading, root);
    return diags->n_errors == errors_before ? account : NULL;
}
