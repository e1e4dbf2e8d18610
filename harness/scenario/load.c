// Reads a scenario file: syntax, then the schema, then the world, then what only this file can know
// (ids exist, servers exist, checkpoints ascend). All mistakes are reported before giving up.
#include "harness/scenario/account.h"
#include "harness/scenario/read.h"
#include "harness/scenario/scenario.h"

#include "harness/check/dkim/sender.h"
#include "harness/check/message/mail.h"

#include "fakedns/base/duration.h"
#include "fakedns/base/fatal.h"
#include "fakedns/base/file.h"
#include "fakedns/base/suggest.h"

#include <stdlib.h>
#include <string.h>

enum { WINDOW_HOURS = 72, NAMES_MAX = 256 };

struct reader {
    struct dc_scenario *scenario;
    struct fdns_arena *arena;
    struct fdns_source source;
    struct fdns_diags *diags;
};

static const char *text_of(const struct fdns_node *map, const char *key)
{
    return fdns_node_text(map, key);
}

static void complain(struct reader *reader, const struct fdns_node *node, const char *message)
{
    fdns_diag(reader->diags, FDNS_ERROR, &reader->source, node->line, node->column, "%s", message);
}

void dc_check_finding_id(const struct fdns_node *node, const struct fdns_source *source,
                         struct fdns_diags *diags)
{
    if (dc_catalogue_find(node->text) != NULL) {
        return;
    }
    const char *near = dc_catalogue_suggest(node->text);
    if (near != NULL) {
        fdns_diag(diags, FDNS_ERROR, source, node->line, node->column,
                  "no finding has the id \"%s\" (did you mean \"%s\"?)", node->text, near);
    } else {
        fdns_diag(diags, FDNS_ERROR, source, node->line, node->column,
                  "no finding has the id \"%s\"", node->text);
    }
}

static void check_server(struct reader *reader, const struct fdns_node *node)
{
    const struct fdns_world *world = reader->scenario->world;
    struct fdns_address address;
    bool resolver = reader->scenario->wants_resolver && strcmp(node->text, "resolver") == 0;
    if (world == NULL || resolver || fdns_world_find_server(world, node->text) != NULL ||
        (fdns_address_parse(node->text, 53, &address) == FDNS_OK &&
         fdns_world_find_address(world, &address) != NULL)) {
        return;
    }
    const char *names[NAMES_MAX];
    size_t n = 0;
    while (n < world->n_servers && n < NAMES_MAX) {
        names[n] = world->servers[n].name;
        n++;
    }
    const char *near = fdns_suggest(node->text, names, n);
    complain(reader, node,
             near != NULL
                 ? fdns_arena_format(reader->arena,
                                     "the world has no server \"%s\" (did you mean "
                                     "\"%s\"?)",
                                     node->text, near)
                 : fdns_arena_format(reader->arena, "the world has no server \"%s\"", node->text));
}

static void check_type(struct reader *reader, const struct fdns_node *node)
{
    uint16_t type;
    if (!fdns_type_parse(node->text, &type)) {
        complain(reader, node,
                 fdns_arena_format(reader->arena, "\"%s\" is no RR type", node->text));
    }
}

static struct dc_identity read_about(const struct fdns_node *node)
{
    return (struct dc_identity){.name = text_of(node, "identity"),
                                .region = text_of(node, "region"),
                                .account_id = text_of(node, "account_id")};
}

static struct dc_expected_finding read_finding(struct reader *reader, const struct fdns_node *node)
{
    struct dc_expected_finding finding = {
        .id = text_of(node, "id"),
        .server = text_of(node, "server"),
        .name = text_of(node, "name"),
        .type = text_of(node, "type"),
        .line = node->line,
    };
    dc_check_finding_id(fdns_node_find(node, "id"), &reader->source, reader->diags);
    if (finding.server != NULL) {
        check_server(reader, fdns_node_find(node, "server"));
    }
    if (finding.type != NULL) {
        check_type(reader, fdns_node_find(node, "type"));
    }
    const char *level = text_of(node, "level");
    finding.about = read_about(node);
    finding.has_level = level != NULL && dc_level_parse(level, &finding.level);
    return finding;
}

static const struct dc_expected_finding *read_findings(struct reader *reader,
                                                       const struct fdns_node *list, size_t *n)
{
    *n = list != NULL ? list->n_items : 0;
    struct dc_expected_finding *findings = fdns_arena_array(reader->arena, *n, sizeof *findings);
    for (size_t i = 0; i < *n; i++) {
        findings[i] = read_finding(reader, list->items[i]);
    }
    return findings;
}

static const struct dc_expected_signature *read_signatures(struct reader *reader,
                                                           const struct fdns_node *list, size_t *n)
{
    *n = list != NULL ? list->n_items : 0;
    struct dc_expected_signature *signatures =
        fdns_arena_array(reader->arena, *n, sizeof *signatures);
    for (size_t i = 0; i < *n; i++) {
        const struct fdns_node *node = list->items[i];
        signatures[i] = (struct dc_expected_signature){.domain = text_of(node, "domain"),
                                                       .selector = text_of(node, "selector"),
                                                       .line = node->line};
        dc_auth_result_parse(text_of(node, "result"), &signatures[i].result);
    }
    return signatures;
}

static void read_set_ups(struct reader *reader, const struct fdns_node *list,
                         struct dc_checkpoint *checkpoint)
{
    size_t n = list != NULL ? list->n_items : 0;
    struct dc_expected_set_up *set_ups = fdns_arena_array(reader->arena, n, sizeof *set_ups);
    for (size_t i = 0; i < n; i++) {
        set_ups[i].about = read_about(list->items[i]);
        dc_status_parse(text_of(list->items[i], "status"), &set_ups[i].status);
    }
    checkpoint->set_ups = set_ups;
    checkpoint->n_set_ups = n;
}

static void read_signing(struct reader *reader, const struct fdns_node *list,
                         struct dc_checkpoint *checkpoint)
{
    size_t n = list != NULL ? list->n_items : 0;
    struct dc_expected_signing *signing = fdns_arena_array(reader->arena, n, sizeof *signing);
    for (size_t i = 0; i < n; i++) {
        const struct fdns_node *node = list->items[i];
        const char *cause = text_of(node, "cause");
        signing[i].sender = read_about(node);
        signing[i].sender.name = text_of(node, "from");
        signing[i].is_signed = fdns_node_boolean(fdns_node_find(node, "signed"));
        signing[i].identity = text_of(node, "identity");
        signing[i].has_cause = cause != NULL && dc_signing_parse(cause, &signing[i].cause);
    }
    checkpoint->signing = signing;
    checkpoint->n_signing = n;
}

static void read_notifications(struct reader *reader, const struct fdns_node *list,
                               struct dc_checkpoint *checkpoint)
{
    size_t n = list != NULL ? list->n_items : 0;
    struct dc_expected_notification *items = fdns_arena_array(reader->arena, n, sizeof *items);
    for (size_t i = 0; i < n; i++) {
        const struct fdns_node *node = list->items[i];
        dc_notice_parse(text_of(node, "kind"), &items[i].kind);
        items[i].about = read_about(node);
        items[i].has_deadline = fdns_node_find(node, "deadline") != NULL;
        items[i].deadline_us = dc_read_duration(node, "deadline", 0);
    }
    checkpoint->has_notifications = list != NULL;
    checkpoint->notifications = items;
    checkpoint->n_notifications = n;
}

static struct dc_checkpoint read_checkpoint(struct reader *reader, const struct fdns_node *node)
{
    struct dc_checkpoint checkpoint = {.at_us = dc_read_duration(node, "at", 0),
                                       .line = node->line};
    const char *status = text_of(node, "status");
    checkpoint.has_status = status != NULL && dc_status_parse(status, &checkpoint.status);
    checkpoint.findings =
        read_findings(reader, fdns_node_find(node, "findings"), &checkpoint.n_findings);
    checkpoint.also = read_findings(reader, fdns_node_find(node, "also"), &checkpoint.n_also);
    checkpoint.signatures =
        read_signatures(reader, fdns_node_find(node, "signatures"), &checkpoint.n_signatures);
    read_set_ups(reader, fdns_node_find(node, "set_ups"), &checkpoint);
    read_signing(reader, fdns_node_find(node, "signing"), &checkpoint);
    read_notifications(reader, fdns_node_find(node, "notifications"), &checkpoint);
    return checkpoint;
}

static void read_checkpoints(struct reader *reader, const struct fdns_node *list)
{
    struct dc_scenario *scenario = reader->scenario;
    struct dc_checkpoint *checkpoints =
        fdns_arena_array(reader->arena, list->n_items, sizeof *checkpoints);
    for (size_t i = 0; i < list->n_items; i++) {
        checkpoints[i] = read_checkpoint(reader, list->items[i]);
        if (i > 0 && checkpoints[i].at_us <= checkpoints[i - 1].at_us) {
            complain(reader, fdns_node_find(list->items[i], "at"),
                     "a checkpoint has to be later than the one before it");
        }
        scenario->fault_expected |=
            checkpoints[i].n_findings > 0 ||
            (checkpoints[i].has_status && checkpoints[i].status != DC_STATUS_SUCCESS);
    }
    scenario->checkpoints = checkpoints;
    scenario->n_checkpoints = list->n_items;
}

// A path that is seen from the folder of the scenario.
static const char *beside(struct reader *reader, const char *path)
{
    const char *slash = strrchr(reader->scenario->file, '/');
    size_t len = slash != NULL && path[0] != '/' ? (size_t)(slash + 1 - reader->scenario->file) : 0;
    return fdns_arena_format(reader->arena, "%.*s%s", (int)len, reader->scenario->file, path);
}

static void check_method(struct reader *reader, const struct fdns_node *dkim)
{
    const struct dc_dkim_subject *subject = &reader->scenario->dkim;
    const struct fdns_node *method = fdns_node_find(dkim, "method");
    if (subject->method == DC_EASY_DKIM && subject->n_tokens == 0) {
        complain(reader, method, "easy-dkim needs `tokens`");
    }
    if (subject->method == DC_EASY_DKIM && subject->selector != NULL) {
        complain(reader, fdns_node_find(dkim, "selector"),
                 "`selector` belongs to byodkim; easy-dkim has `tokens`");
    }
    if (subject->method == DC_BYODKIM && subject->selector == NULL) {
        complain(reader, method, "byodkim needs `selector`");
    }
    if (subject->method == DC_BYODKIM && subject->n_tokens > 0) {
        complain(reader, fdns_node_find(dkim, "tokens"),
                 "`tokens` belongs to easy-dkim; byodkim has `selector`");
    }
}

// The message in the file, or in a file beside it.
static void read_message(struct reader *reader, const struct fdns_node *dkim)
{
    struct dc_dkim_subject *subject = &reader->scenario->dkim;
    const struct fdns_node *text = fdns_node_find(dkim, "message");
    const struct fdns_node *file = fdns_node_find(dkim, "message_file");
    const struct fdns_node *method = fdns_node_find(dkim, "method");
    if (subject->method != DC_DKIM_MESSAGE) {
        if (text != NULL || file != NULL) {
            complain(reader, text != NULL ? text : file, "a message belongs to method message");
        }
        return;
    }
    if ((text != NULL) == (file != NULL)) {
        complain(reader, method, "method message needs one of `message` and `message_file`");
    } else if (text != NULL) {
        subject->message = text->text;
        subject->message_len = text->len;
    } else if (!fdns_file_read(reader->arena, beside(reader, file->text), DC_MAIL_MAX,
                               &subject->message, &subject->message_len, reader->diags)) {
        complain(reader, file, "this file is meant");
    }
}

// A key that is there although its value does nothing for this method.
static void refuse_key(struct reader *reader, const struct fdns_node *dkim, const char *key,
                       const char *message)
{
    const struct fdns_node *node = fdns_node_find(dkim, key);
    if (node != NULL) {
        complain(reader, node, message);
    }
}

static void check_selectors(struct reader *reader, const struct fdns_node *dkim)
{
    static const char *const of_ses[] = {"tokens",     "selector",    "verification",
                                         "region",     "mail_from",   "restart",
                                         "public_key", "private_key", "profile"};
    const struct dc_dkim_subject *subject = &reader->scenario->dkim;
    for (size_t i = 0; i < sizeof of_ses / sizeof of_ses[0]; i++) {
        refuse_key(reader, dkim, of_ses[i],
                   "belongs to Amazon SES; other senders have `selectors` and `targets`");
    }
    if (subject->n_selectors == 0) {
        complain(reader, dkim, "`selectors` is needed: this sender has none that it always uses");
    }
    if (subject->n_targets > 0 && subject->n_targets != subject->n_selectors) {
        complain(reader, fdns_node_find(dkim, "targets"),
                 "`targets` has to have one for each of `selectors`");
    }
}

static enum dc_dkim_method read_method(struct reader *reader, const struct fdns_node *dkim)
{
    static const char *const words[] = {
#define METHOD_TEXT(name, text) text,
        DC_DKIM_METHODS(METHOD_TEXT)};
    const char *word = text_of(dkim, "method");
    const char *sender = text_of(dkim, "sender");
    bool other =
        fdns_node_find(dkim, "selectors") != NULL || (sender != NULL && strcmp(sender, "ses") != 0);
    if (word == NULL && !other) {
        complain(reader, dkim, "`method` is needed: easy-dkim or byodkim");
    }
    for (size_t i = 0; word != NULL && i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(word, words[i]) == 0 && (enum dc_dkim_method)i != DC_SELECTORS && other) {
            complain(reader, fdns_node_find(dkim, "method"),
                     "this method belongs to Amazon SES, which has no `selectors`");
        }
        if (strcmp(word, words[i]) == 0) {
            return (enum dc_dkim_method)i;
        }
    }
    return DC_SELECTORS;
}

// The sender, its selectors (its own if none are named) and their targets.
static void read_sender(struct reader *reader, const struct fdns_node *dkim)
{
    struct dc_dkim_subject *subject = &reader->scenario->dkim;
    subject->sender = text_of(dkim, "sender");
    subject->selectors = dc_read_texts(reader->arena, dkim, "selectors", &subject->n_selectors);
    subject->targets = dc_read_texts(reader->arena, dkim, "targets", &subject->n_targets);
    if (subject->method != DC_SELECTORS) {
        refuse_key(reader, dkim, "targets", "`targets` belongs to `selectors`");
        return;
    }
    if (subject->sender == NULL) {
        subject->sender = "generic";
    }
    const struct dc_sender *sender = dc_sender_find(subject->sender);
    if (subject->n_selectors == 0 && sender != NULL) {
        subject->selectors = sender->selectors;
        subject->n_selectors = dc_sender_n_selectors(sender);
    }
    check_selectors(reader, dkim);
}

static void read_with(struct reader *reader, const struct fdns_node *dkim)
{
    struct dc_dkim_subject *subject = &reader->scenario->dkim;
    size_t n;
    const char *const *words = dc_read_texts(reader->arena, dkim, "with", &n);
    subject->mail_from = text_of(dkim, "mail_from");
    for (size_t i = 0; i < n; i++) {
        subject->with |= dc_with_parse(words[i]);
    }
    if ((subject->with & DC_WITH_MAIL_FROM) && subject->mail_from == NULL) {
        complain(reader, fdns_node_find(dkim, "with"),
                 "mail-from needs `mail_from`, the domain that is used there");
    }
    if (subject->mail_from != NULL) {
        subject->with |= DC_WITH_MAIL_FROM;
    }
    if (subject->with != 0 && subject->method == DC_DKIM_MESSAGE) {
        complain(reader, fdns_node_find(dkim, n > 0 ? "with" : "mail_from"),
                 "records beside DKIM are not looked at for a message");
    }
}

// A key as the subject has it at hand: what is judged is this very text.
static const struct dc_given_key *key_of(struct reader *reader, const struct fdns_node *map,
                                         const char *key)
{
    const char *text = text_of(map, key);
    return text != NULL ? dc_given_key_read(reader->arena, text, strlen(text)) : NULL;
}

// A private key is given to Amazon SES and nobody else.
static void read_profile(struct dc_dkim_subject *subject, const char *name, const char *sender)
{
    bool ses = sender != NULL && strcmp(sender, "ses") == 0;
    if (name != NULL) {
        subject->profile = dc_profile_find(name);
    } else if (subject->private_key != NULL || ses) {
        subject->profile = dc_profile_default();
    }
}

static void read_dkim(struct reader *reader, const struct fdns_node *dkim)
{
    struct dc_scenario *scenario = reader->scenario;
    struct dc_dkim_subject *subject = &scenario->dkim;
    const struct fdns_node *resolver = fdns_node_find(dkim, "resolver");
    subject->domain = text_of(dkim, "domain");
    subject->method = read_method(reader, dkim);
    subject->tokens = dc_read_texts(reader->arena, dkim, "tokens", &subject->n_tokens);
    subject->selector = text_of(dkim, "selector");
    subject->public_key = key_of(reader, dkim, "public_key");
    subject->private_key = key_of(reader, dkim, "private_key");
    read_profile(subject, text_of(dkim, "profile"), text_of(dkim, "sender"));
    subject->verification = text_of(dkim, "verification");
    subject->region = text_of(dkim, "region");
    subject->account_id = text_of(dkim, "account_id");
    subject->has_started = true;
    subject->started_us = dc_read_duration(dkim, "started", 0);
    subject->has_last_success = fdns_node_find(dkim, "last_success") != NULL;
    subject->last_success_us = dc_read_duration(dkim, "last_success", 0);
    subject->window_us = dc_read_duration(dkim, "window", WINDOW_HOURS * FDNS_US_PER_H);
    scenario->wants_resolver = resolver != NULL && fdns_node_boolean(resolver);
    check_method(reader, dkim);
    read_message(reader, dkim);
    read_sender(reader, dkim);
    read_with(reader, dkim);
    dc_read_restarts(reader->arena, fdns_node_find(dkim, "restart"), &reader->source, reader->diags,
                     &reader->scenario->dkim);
}

static void read_account(struct reader *reader, const struct fdns_node *account)
{
    struct dc_dkim_subject *subject = &reader->scenario->dkim;
    const struct dc_account_reading reading = {.arena = reader->arena,
                                               .subject = subject,
                                               .source = &reader->source,
                                               .diags = reader->diags};
    if (account != NULL) {
        subject->account = dc_account_read(&reading, account);
    }
}

// Tags as written, and the folders that the file lies in below one called "scenarios".
static void read_tags(struct reader *reader, const struct fdns_node *root)
{
    struct dc_scenario *scenario = reader->scenario;
    size_t n;
    const char *const *written = dc_read_texts(reader->arena, root, "tags", &n);
    const char **tags = NULL;
    size_t capacity = 0;
    size_t n_tags = 0;
    const char *folders = strstr(scenario->file, "scenarios/");
    for (const char *at = folders != NULL ? strchr(folders, '/') + 1 : NULL;
         at != NULL && strchr(at, '/') != NULL; at = strchr(at, '/') + 1) {
        tags = fdns_arena_grow(reader->arena, tags, n_tags, n_tags + 1, sizeof *tags, &capacity);
        tags[n_tags++] = fdns_arena_string_n(reader->arena, at, (size_t)(strchr(at, '/') - at));
    }
    for (size_t i = 0; i < n; i++) {
        tags = fdns_arena_grow(reader->arena, tags, n_tags, n_tags + 1, sizeof *tags, &capacity);
        tags[n_tags++] = written[i];
    }
    scenario->tags = tags;
    scenario->n_tags = n_tags;
}

static void read_scenario(struct reader *reader, struct fdns_world_library *library,
                          const struct fdns_node *root)
{
    struct dc_scenario *scenario = reader->scenario;
    scenario->title = text_of(root, "title");
    scenario->refs = dc_read_texts(reader->arena, root, "refs", &scenario->n_refs);
    read_tags(reader, root);
    scenario->world =
        fdns_world_build(library, fdns_node_find(root, "world"), &reader->source, reader->diags);
    read_dkim(reader, fdns_node_find(fdns_node_find(root, "subject"), "dkim"));
    read_account(reader, fdns_node_find(fdns_node_find(root, "subject"), "account"));
    read_checkpoints(reader, fdns_node_find(root, "expect"));
}

struct dc_scenario *dc_scenario_load(struct fdns_world_library *library, const char *path,
                                     struct fdns_diags *diags)
{
    struct dc_scenario *scenario = calloc(1, sizeof *scenario);
    if (scenario == NULL) {
        fdns_fatal("out of memory (%zu octets)", sizeof *scenario);
    }
    fdns_arena_init(&scenario->arena, 0);
    scenario->file = fdns_arena_string(&scenario->arena, path);
    struct reader reader = {.scenario = scenario, .arena = &scenario->arena, .diags = diags};
    size_t errors_before = diags->n_errors;
    const struct fdns_node *root =
        fdns_yaml_load(&scenario->arena, scenario->file, &reader.source, diags);
    if (root != NULL && fdns_schema_check(&dc_type_scenario, root, &reader.source, diags)) {
        read_scenario(&reader, library, root);
    }
    if (diags->n_errors != errors_before || root == NULL) {
        dc_scenario_free(scenario);
        return NULL;
    }
    return scenario;
}

void dc_scenario_free(struct dc_scenario *scenario)
{
    if (scenario == NULL) {
        return;
    }
    if (scenario->world != NULL) {
        fdns_world_free(scenario->world);
    }
    fdns_arena_clear(&scenario->arena);
    free(scenario);
}
