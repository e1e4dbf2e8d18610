#include "fakedns/control/command.h"

#include "fakedns/base/duration.h"
#include "fakedns/base/fatal.h"

#include <stdlib.h>
#include <string.h>

enum { LOG_LIMIT = 1000, ZONE_TEXT_MAX = 64 << 20, SENTENCE_MAX = 4096 };

// ---- values; what they are has been checked

static const char *text_of(const json_t *arguments, const char *name)
{
    return json_string_value(json_object_get(arguments, name));
}

static int64_t duration_of(const json_t *arguments, const char *name)
{
    int64_t us = 0;
    (void)fdns_duration_parse(text_of(arguments, name), &us);
    return us;
}

static uint64_t number_of(const json_t *arguments, const char *name, uint64_t otherwise)
{
    const json_t *value = json_object_get(arguments, name);
    if (value == NULL) {
        return otherwise;
    }
    return json_is_string(value) ? strtoull(json_string_value(value), NULL, 10)
                                 : (uint64_t)json_integer_value(value);
}

// Text that somebody wrote may be no UTF-8: then it is null.
static json_t *text_or_null(const char *text)
{
    json_t *value = text != NULL ? json_string(text) : NULL;
    return value != NULL ? value : json_null();
}

static json_t *integer(uint64_t value)
{
    return json_integer((json_int_t)value);
}

static void set_now(json_t *object, int64_t now_us)
{
    char text[FDNS_DURATION_TEXT_MAX];
    json_object_set_new(object, "now", json_string(fdns_duration_print(now_us, text)));
    json_object_set_new(object, "now_us", json_integer(now_us));
}

static json_t *now_object(struct fdns_session *session)
{
    json_t *object = json_object();
    set_now(object, fdns_session_now_us(session));
    return object;
}

// ---- the world

static json_t *diagnostics(const struct fdns_diags *diags)
{
    static const char *const severities[] = {"error", "warning", "note"};
    json_t *list = json_array();
    for (size_t i = 0; i < diags->n_items; i++) {
        const struct fdns_diag *diag = &diags->items[i];
        json_array_append_new(
            list, json_pack("{s:s, s:o, s:i, s:i, s:o}", "severity", severities[diag->severity],
                            "file", text_or_null(diag->file), "line", (int)diag->line, "column",
                            (int)diag->column, "message", text_or_null(diag->message)));
    }
    return list;
}

static void refuse_patch(const struct fdns_diags *diags, struct fdns_control_reply *reply)
{
    const char *first = "it has mistakes";
    for (size_t i = diags->n_items; i-- > 0;) {
        if (diags->items[i].severity == FDNS_ERROR) {
            first = diags->items[i].message;
        }
    }
    fdns_control_error(reply, 422, "patch-refused",
                       diags->n_errors == 1 ? "%s; nothing has changed"
                                            : "%s (and more); nothing has changed",
                       first);
    json_object_set_new(json_object_get(reply->body, "error"), "diagnostics", diagnostics(diags));
}

static void run_patch(struct fdns_session *session, const json_t *arguments,
                      struct fdns_control_reply *reply)
{
    const json_t *world = json_object_get(arguments, "world");
    struct fdns_diags diags;
    struct fdns_buf why;
    fdns_diags_init(&diags);
    fdns_buf_init(&why, SENTENCE_MAX);
    enum fdns_error error = fdns_session_patch(session, json_string_value(world),
                                               json_string_length(world), &diags, &why);
    if (error == FDNS_OK) {
        json_t *result =
            json_pack("{s:o, s:o}", "patches", integer(fdns_session_stats(session).n_patches),
                      "diagnostics", diagnostics(&diags));
        set_now(result, fdns_session_now_us(session));
        fdns_control_result(reply, result);
    } else if (error == FDNS_INVALID) {
        refuse_patch(&diags, reply);
    } else {
        fdns_control_error(reply, error == FDNS_TOO_LARGE ? 507 : 409,
                           error == FDNS_TOO_LARGE ? "too-many-patches" : "cannot-serve",
                           "%s; nothing has changed", fdns_buf_text(&why));
    }
    fdns_buf_clear(&why);
    fdns_diags_clear(&diags);
}

static void run_reset(struct fdns_session *session, const json_t *arguments,
                      struct fdns_control_reply *reply)
{
    struct fdns_buf why;
    (void)arguments;
    fdns_buf_init(&why, SENTENCE_MAX);
    if (fdns_session_reset(session, &why) == FDNS_OK) {
        fdns_control_result(reply, now_object(session));
    } else {
        fdns_control_error(reply, 409, "cannot-serve", "%s; nothing has changed",
                           fdns_buf_text(&why));
    }
    fdns_buf_clear(&why);
}

// ---- rules

static const char *const order_words[] = {"as-written", "on", "off", "removed"};

static json_t *rule_object(const struct fdns_session_rule *rule)
{
    return json_pack("{s:o, s:o, s:i, s:b, s:s, s:o}", "name", text_or_null(rule->name), "file",
                     text_or_null(rule->file), "line", (int)rule->line, "enabled", rule->enabled,
                     "order", order_words[rule->order], "fired", integer(rule->n_fired));
}

static void run_rules(struct fdns_session *session, const json_t *arguments,
                      struct fdns_control_reply *reply)
{
    struct fdns_session_rule rule;
    json_t *list = json_array();
    (void)arguments;
    for (size_t i = 0; fdns_session_rule(session, i, &rule); i++) {
        if (rule.order != FDNS_RULE_REMOVED) {
            json_array_append_new(list, rule_object(&rule));
        }
    }
    fdns_control_result(reply, json_pack("{s:o}", "rules", list));
}

static const char *const actions[] = {"enable", "disable", "as-written", "remove", NULL};

static enum fdns_rule_order order_of(const char *action)
{
    static const enum fdns_rule_order orders[] = {FDNS_RULE_ON, FDNS_RULE_OFF, FDNS_RULE_AS_WRITTEN,
                                                  FDNS_RULE_REMOVED};
    size_t i = 0;
    while (actions[i + 1] != NULL && strcmp(actions[i], action) != 0) {
        i++;
    }
    return orders[i];
}

static void run_rule(struct fdns_session *session, const json_t *arguments,
                     struct fdns_control_reply *reply)
{
    const char *name = text_of(arguments, "name");
    enum fdns_rule_order order = order_of(text_of(arguments, "action"));
    if (fdns_session_order(session, name, order) != FDNS_OK) {
        fdns_control_error(reply, 404, "unknown-rule", "the world has no rule with the name \"%s\"",
                           name);
        return;
    }
    fdns_control_result(reply, json_pack("{s:s, s:s}", "name", name, "order", order_words[order]));
}

// ---- the clock

static void reply_clock(struct fdns_session *session, enum fdns_error error,
                        struct fdns_control_reply *reply)
{
    char text[FDNS_DURATION_TEXT_MAX];
    if (error == FDNS_OK) {
        fdns_control_result(reply, now_object(session));
    } else if (error == FDNS_TOO_LARGE) {
        fdns_control_error(reply, 400, "bad-argument", "the world's time ends after 200 years");
    } else {
        fdns_control_error(reply, 409, "clock-backwards",
                           "the clock stands at %s and never goes back; a reset sets it to 0s",
                           fdns_duration_print(fdns_session_now_us(session), text));
    }
}

static void run_advance(struct fdns_session *session, const json_t *arguments,
                        struct fdns_control_reply *reply)
{
    reply_clock(session, fdns_session_advance(session, duration_of(arguments, "by")), reply);
}

static void run_set_clock(struct fdns_session *session, const json_t *arguments,
                          struct fdns_control_reply *reply)
{
    reply_clock(session, fdns_session_set_clock(session, duration_of(arguments, "to")), reply);
}

// ---- reading

static void run_log(struct fdns_session *session, const json_t *arguments,
                    struct fdns_control_reply *reply)
{
    const struct fdns_query_log *log = fdns_session_log(session);
    struct fdns_query_log_kept kept = fdns_query_log_kept(log);
    uint64_t since = number_of(arguments, "since", 0);
    uint64_t limit = number_of(arguments, "limit", LOG_LIMIT);
    uint64_t at = since >= kept.first ? since + 1 : kept.first;
    json_t *list = json_array();
    const char *line = NULL;
    limit = limit < LOG_LIMIT ? limit : LOG_LIMIT;
    for (; json_array_size(list) < limit && (line = fdns_query_log_line(log, at)) != NULL; at++) {
        json_array_append_new(list, json_loads(line, 0, NULL));
    }
    fdns_control_result(reply, json_pack("{s:o, s:o, s:o, s:b}", "queries", list, "first",
                                         integer(kept.first), "last", integer(kept.next - 1),
                                         "more", at < kept.next));
}

static void run_clear_log(struct fdns_session *session, const json_t *arguments,
                          struct fdns_control_reply *reply)
{
    (void)arguments;
    fdns_session_clear_log(session);
    fdns_control_result(reply, json_object());
}

static void run_stats(struct fdns_session *session, const json_t *arguments,
                      struct fdns_control_reply *reply)
{
    struct fdns_session_stats stats = fdns_session_stats(session);
    (void)arguments;
    json_t *result = json_pack(
        "{s:o, s:o, s:o, s:o, s:o}", "queries", integer(stats.counts.queries), "replies",
        integer(stats.counts.replies), "dropped", integer(stats.counts.dropped), "connections",
        integer(stats.counts.connections), "patches", integer(stats.n_patches));
    set_now(result, stats.now_us);
    json_object_set_new(result, "clock", json_string(stats.manual_clock ? "manual" : "real"));
    fdns_control_result(reply, result);
}

static json_t *endpoints_of(const struct fdns_server *server, const struct fdns_map *map)
{
    json_t *list = json_array();
    char text[FDNS_ADDRESS_TEXT_MAX];
    char endpoint[FDNS_ADDRESS_TEXT_MAX];
    for (size_t i = 0; i < server->n_addresses; i++) {
        const struct fdns_address *at = fdns_map_find(map, &server->addresses[i]);
        json_array_append_new(
            list, json_pack("{s:s, s:o}", "address",
                            fdns_address_print(&server->addresses[i], text), "endpoint",
                            text_or_null(at != NULL ? fdns_address_print(at, endpoint) : NULL)));
    }
    return list;
}

static json_t *zones_of(const struct fdns_server *server, int64_t now_us)
{
    struct fdns_arena arena;
    json_t *list = json_array();
    char text[FDNS_NAME_TEXT_MAX];
    fdns_arena_init(&arena, 0);
    struct fdns_zone_set set = fdns_server_zones(server, now_us, &arena);
    for (size_t i = 0; i < set.n_zones; i++) {
        json_array_append_new(list, text_or_null(fdns_name_print(set.zones[i]->apex, text)));
    }
    fdns_arena_clear(&arena);
    return list;
}

static void run_servers(struct fdns_session *session, const json_t *arguments,
                        struct fdns_control_reply *reply)
{
    const struct fdns_world *world = fdns_session_world(session);
    const struct fdns_map *map = fdns_session_map(session);
    int64_t now_us = fdns_session_now_us(session);
    json_t *list = json_array();
    char text[FDNS_ADDRESS_TEXT_MAX];
    (void)arguments;
    for (size_t i = 0; i < world->n_servers; i++) {
        const struct fdns_server *server = &world->servers[i];
        json_array_append_new(
            list, json_pack("{s:o, s:b, s:o, s:o}", "name", text_or_null(server->name), "up",
                            fdns_server_is_up(server, now_us), "addresses",
                            endpoints_of(server, map), "zones", zones_of(server, now_us)));
    }
    const char *resolver = map->has_resolver ? fdns_address_print(&map->resolver, text) : NULL;
    fdns_control_result(
        reply, json_pack("{s:o, s:o}", "servers", list, "resolver", text_or_null(resolver)));
}

static void run_zone(struct fdns_session *session, const json_t *arguments,
                     struct fdns_control_reply *reply)
{
    const char *name = text_of(arguments, "zone");
    const char *server = text_of(arguments, "server");
    struct fdns_buf text;
    fdns_buf_init(&text, ZONE_TEXT_MAX);
    if (fdns_session_zone(session, name, server, &text) != FDNS_OK) {
        fdns_control_error(reply, 404, "unknown-zone",
                           server != NULL ? "there is no zone \"%s\" on a server \"%s\" now"
                                          : "no server holds a zone \"%s\" now",
                           name, server);
    } else if (text.overflow) {
        fdns_control_error(reply, 507, "too-large", "the text of the zone would be too large");
    } else {
        fdns_control_result(reply, json_pack("{s:o}", "text", text_or_null(fdns_buf_text(&text))));
    }
    fdns_buf_clear(&text);
}

static void run_commands(struct fdns_session *session, const json_t *arguments,
                         struct fdns_control_reply *reply)
{
    static const char *const kinds[] = {"text", "word", "duration", "number"};
    json_t *list = json_array();
    (void)session;
    (void)arguments;
    for (size_t i = 0; i < fdns_n_commands; i++) {
        const struct fdns_command *command = &fdns_commands[i];
        json_t *rows = json_array();
        for (size_t k = 0; k < FDNS_COMMAND_ARGUMENTS && command->arguments[k].name != NULL; k++) {
            const struct fdns_argument *row = &command->arguments[k];
            json_array_append_new(rows, json_pack("{s:s, s:s, s:b, s:s}", "name", row->name, "kind",
                                                  kinds[row->kind], "required", row->required,
                                                  "doc", row->doc));
        }
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:b, s:o}", "name", command->name, "doc",
                                        command->doc, "reads", command->reads, "arguments", rows));
    }
    fdns_control_result(reply, json_pack("{s:o}", "commands", list));
}

// ---- the table

#define TEXT(n, r, d)                                                                              \
    {                                                                                              \
        .name = (n), .kind = FDNS_ARGUMENT_TEXT, .required = (r), .doc = (d)                       \
    }
#define DURATION(n, r, d)                                                                          \
    {                                                                                              \
        .name = (n), .kind = FDNS_ARGUMENT_DURATION, .required = (r), .doc = (d)                   \
    }
#define NUMBER(n, r, d)                                                                            \
    {                                                                                              \
        .name = (n), .kind = FDNS_ARGUMENT_NUMBER, .required = (r), .doc = (d)                     \
    }

const struct fdns_command fdns_commands[] = {
    {.name = "advance",
     .doc = "Moves the world's clock on. What is due on the way happens.",
     .arguments = {DURATION("by", true, "how far, such as 72h")},
     .run = run_advance},
    {.name = "clear-log", .doc = "Forgets the query log.", .run = run_clear_log},
    {.name = "commands", .doc = "Lists the commands.", .reads = true, .run = run_commands},
    {.name = "log",
     .doc = "Reads the query log, the oldest line first.",
     .reads = true,
     .arguments = {NUMBER("since", false, "only what comes after this number"),
                   NUMBER("limit", false, "at most so many lines; 1000 at most")},
     .run = run_log},
    {.name = "patch",
     .doc =
         "Changes the world as a world file does whose base is the one that is served. All of it "
         "or, if anything is wrong, nothing.",
     .arguments = {TEXT("world", true, "YAML: zones, servers, rules, events")},
     .run = run_patch},
    {.name = "reset",
     .doc = "Back to the start: world, clock, counters, caches and log. Connections are closed.",
     .run = run_reset},
    {.name = "rule",
     .doc = "Switches a rule by its name, whatever events say, or removes it.",
     .arguments = {TEXT("name", true, "the rule"),
                   {.name = "action",
                    .kind = FDNS_ARGUMENT_WORD,
                    .required = true,
                    .words = actions,
                    .doc = "enable, disable, remove, or as-written: as the world's files say"}},
     .run = run_rule},
    {.name = "rules", .doc = "Lists the rules.", .reads = true, .run = run_rules},
    {.name = "servers",
     .doc = "Lists the servers: their addresses, where these are served, and the zones held now.",
     .reads = true,
     .run = run_servers},
    {.name = "set-clock",
     .doc = "Moves the world's clock to a time, counted from the start. It never goes back.",
     .arguments = {DURATION("to", true, "the time, such as 72h")},
     .run = run_set_clock},
    {.name = "stats",
     .doc = "Counts since the start, and the world's time.",
     .reads = true,
     .run = run_stats},
    {.name = "zone",
     .doc = "Prints a zone as it is held now.",
     .reads = true,
     .arguments = {TEXT("zone", true, "its name"),
                   TEXT("server", false, "as this server holds it; else the first that does")},
     .run = run_zone},
};
const size_t fdns_n_commands = sizeof fdns_commands / sizeof fdns_commands[0];

const struct fdns_command *fdns_command_find(const char *name)
{
    for (size_t i = 0; i < fdns_n_commands; i++) {
        if (strcmp(fdns_commands[i].name, name) == 0) {
            return &fdns_commands[i];
        }
    }
    return NULL;
}
