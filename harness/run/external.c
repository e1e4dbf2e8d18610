#include "harness/run/external.h"

#include "fakedns/base/duration.h"
#include "fakedns/base/fatal.h"
#include "fakedns/base/file.h"
#include "fakedns/serve/serve.h"
#include "harness/run/process.h"
#include "harness/run/tokens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct dc_external_run {
    const struct dc_external *external;
    uv_loop_t loop;
    char folder[64]; // of our own, for {state} and {map}
};

// One checkpoint: the served world, and what placeholders stand for.
struct stage {
    struct dc_external_run *run;
    const struct dc_scenario *scenario;
    const struct dc_checkpoint *checkpoint;
    struct fdns_arena *arena;
    struct fdns_clock clock;
    struct fdns_pace pace;
    struct fdns_resolver *resolver;
    struct fdns_serve *serve;
    const struct dc_dkim_tokens *tokens;
    const char *selector; // of this run of the command
    bool command_done;
    bool wrote_message; // the command has {message}
};

static const char *value_of(void *owner, const char *name, const char **why);

// What every placeholder would be, for checking a command before anything is played.
static const char *any_value(void *owner, const char *name, const char **why)
{
    static const char *const names[] = {"domain", "selector", "tokens", "resolver", "port",
                                        "at",     "state",    "map",    "message"};
    struct fdns_arena *arena = owner;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0) {
            return "x";
        }
    }
    if (strncmp(name, "server:", 7) == 0 && name[7] != '\0') {
        return "x";
    }
    *why = fdns_arena_format(
        arena,
        "there is no placeholder {%s}: use {domain} {selector} {tokens} "
        "{resolver} {port} {server:NAME} {at} {state} {map} {message}, or {{ for a brace",
        name);
    return NULL;
}

bool dc_external_init(struct dc_external *external, struct fdns_arena *arena, const char *command,
                      struct dc_adapter *adapter, int64_t timeout_us, const char **why)
{
    struct dc_command filled;
    *external = (struct dc_external){.adapter = adapter, .timeout_us = timeout_us};
    if (!dc_command_split(arena, command, &external->command, why) ||
        !dc_command_fill(arena, &external->command, any_value, arena, &filled, why)) {
        return false;
    }
    const char *program = external->command.words[0];
    if (dc_command_find(arena, program) == NULL) {
        *why = fdns_arena_format(arena, "there is no program \"%s\" that may be run", program);
        return false;
    }
    return true;
}

struct dc_external_run *dc_external_run_new(const struct dc_external *external)
{
    struct dc_external_run *run = calloc(1, sizeof *run);
    if (run == NULL || uv_loop_init(&run->loop) != 0) {
        fdns_fatal("cannot start an event loop");
    }
    run->external = external;
    const char *tmp = getenv("TMPDIR");
    snprintf(run->folder, sizeof run->folder, "%s/dnsconform.XXXXXX",
             tmp != NULL && strlen(tmp) < 40 ? tmp : "/tmp");
    if (mkdtemp(run->folder) == NULL) {
        fdns_fatal("cannot make a folder for the checker's files: %s", run->folder);
    }
    return run;
}

static const char *own_file(struct fdns_arena *arena, const struct dc_external_run *run,
                            const char *name)
{
    return fdns_arena_format(arena, "%s/%s", run->folder, name);
}

static void forget_files(struct dc_external_run *run)
{
    struct fdns_arena arena;
    fdns_arena_init(&arena, 256);
    unlink(own_file(&arena, run, "state"));
    unlink(own_file(&arena, run, "map"));
    unlink(own_file(&arena, run, "message"));
    fdns_arena_clear(&arena);
}

void dc_external_run_begin(struct dc_external_run *run)
{
    forget_files(run);
}

void dc_external_run_free(struct dc_external_run *run)
{
    if (run == NULL) {
        return;
    }
    forget_files(run);
    rmdir(run->folder);
    uv_run(&run->loop, UV_RUN_DEFAULT);
    uv_loop_close(&run->loop);
    free(run);
}

static const char *endpoint_of_server(struct stage *stage, const char *name, const char **why)
{
    const struct fdns_server *server = fdns_world_find_server(stage->scenario->world, name);
    const struct fdns_address *endpoint =
        server != NULL && server->n_addresses > 0
            ? fdns_map_find(fdns_serve_map(stage->serve), &server->addresses[0])
            : NULL;
    if (endpoint == NULL) {
        *why = fdns_arena_format(stage->arena, "the world has no server \"%s\"", name);
        return NULL;
    }
    char text[FDNS_ADDRESS_TEXT_MAX];
    return fdns_arena_string(stage->arena, fdns_address_print(endpoint, text));
}

static const char *joined_tokens(struct stage *stage)
{
    const char *joined = NULL;
    for (size_t i = 0; i < stage->tokens->n; i++) {
        joined = joined == NULL
                     ? stage->tokens->items[i]
                     : fdns_arena_format(stage->arena, "%s,%s", joined, stage->tokens->items[i]);
    }
    return joined != NULL ? joined : "";
}

static const char *map_file(struct stage *stage, const char **why)
{
    const char *path = own_file(stage->arena, stage->run, "map");
    struct fdns_buf text;
    fdns_buf_init(&text, SIZE_MAX / 2);
    fdns_map_print(fdns_serve_map(stage->serve), &text);
    FILE *file = fopen(path, "w");
    bool good = file != NULL && fputs(fdns_buf_text(&text), file) >= 0;
    good = file != NULL && fclose(file) == 0 && good;
    fdns_buf_clear(&text);
    *why = good ? *why : "cannot write the file for {map}";
    return good ? path : NULL;
}

static const char *message_file(struct stage *stage, const char **why)
{
    const char *path = own_file(stage->arena, stage->run, "message");
    const struct dc_dkim_subject *subject = &stage->scenario->dkim;
    const char *failed = subject->message != NULL
                             ? fdns_file_write(path, subject->message, subject->message_len)
                             : "the scenario has no message for {message}";
    *why = failed != NULL ? failed : *why;
    stage->wrote_message = failed == NULL;
    return failed == NULL ? path : NULL;
}

static const char *value_of(void *owner, const char *name, const char **why)
{
    struct stage *stage = owner;
    const struct fdns_map *map = fdns_serve_map(stage->serve);
    char text[FDNS_ADDRESS_TEXT_MAX];
    if (strcmp(name, "domain") == 0) {
        return stage->scenario->dkim.domain;
    }
    if (strcmp(name, "selector") == 0) {
        return stage->selector;
    }
    if (strcmp(name, "tokens") == 0) {
        return joined_tokens(stage);
    }
    if (strcmp(name, "resolver") == 0) {
        return fdns_arena_string(stage->arena, fdns_address_print_host(&map->resolver, text));
    }
    if (strcmp(name, "port") == 0) {
        return fdns_arena_format(stage->arena, "%u", map->resolver.port);
    }
    if (strcmp(name, "at") == 0) {
        return fdns_arena_format(stage->arena, "%lld",
                                 (long long)(stage->checkpoint->at_us / FDNS_US_PER_S));
    }
    if (strcmp(name, "state") == 0) {
        return own_file(stage->arena, stage->run, "state");
    }
    if (strcmp(name, "map") == 0) {
        return map_file(stage, why);
    }
    if (strcmp(name, "message") == 0) {
        return message_file(stage, why);
    }
    return endpoint_of_server(stage, name + strlen("server:"), why);
}

static bool open_stage(struct stage *stage, struct fdns_world_state *state, const char **why)
{
    fdns_clock_init(&stage->clock, stage->checkpoint->at_us);
    fdns_pace_start(&stage->pace, &stage->run->loop, &stage->clock, 1.0);
    stage->resolver = fdns_resolver_new(stage->scenario->world, state);
    struct fdns_serve_options options = {
        .world = stage->scenario->world,
        .state = state,
        .resolver = stage->resolver,
        .clock = &stage->clock,
        .loop = &stage->run->loop,
        .pace = &stage->pace,
    };
    struct fdns_buf text;
    fdns_buf_init(&text, 4096);
    stage->serve = fdns_serve_start(&options, NULL, &text);
    if (stage->serve == NULL) {
        *why = fdns_arena_string(stage->arena, fdns_buf_text(&text));
    }
    fdns_buf_clear(&text);
    return stage->serve != NULL;
}

static void close_stage(struct stage *stage)
{
    if (stage->serve != NULL) {
        fdns_serve_stop(stage->serve, NULL, NULL);
    }
    fdns_pace_stop(&stage->pace, NULL, NULL);
    uv_run(&stage->run->loop, UV_RUN_DEFAULT);
    fdns_resolver_free(stage->resolver);
    fdns_clock_clear(&stage->clock);
}

static void on_process_done(struct dc_process *process)
{
    struct stage *stage = process->owner;
    stage->command_done = true;
}

// NUL octets would end the text that a regular expression sees.
static const char *output_text(struct stage *stage, const struct dc_process *process, size_t *len)
{
    *len = process->text.len + process->errors.len;
    char *text = fdns_arena_alloc(stage->arena, *len + 1);
    if (process->text.len > 0) {
        memcpy(text, process->text.data, process->text.len);
    }
    if (process->errors.len > 0) {
        memcpy(text + process->text.len, process->errors.data, process->errors.len);
    }
    for (size_t i = 0; i < *len; i++) {
        text[i] = text[i] == '\0' ? ' ' : text[i];
    }
    return text;
}

// A report of ours on stdout. NULL with *why NULL if the text is something else.
static const struct dc_report *json_report(struct stage *stage, const struct dc_process *process,
                                           const char **why)
{
    json_t *json = dc_json_load(stage->arena, process->text.data, process->text.len, why);
    const json_t *schema = json_object_get(json, "schema");
    const struct dc_report *report = NULL;
    *why = NULL;
    if (json_is_string(schema) && strncmp(json_string_value(schema), "dnsconform.", 11) == 0) {
        report = dc_report_read(stage->arena, json, why);
    }
    json_decref(json);
    return report;
}

// SUCCESS only if every output says so; else the worst status that one of them tells.
static enum dc_status merge(enum dc_status a, enum dc_status b)
{
    enum dc_status worse = a > b ? a : b;
    bool unsure = a == DC_STATUS_UNKNOWN || b == DC_STATUS_UNKNOWN;
    return unsure && worse == DC_STATUS_SUCCESS ? DC_STATUS_UNKNOWN : worse;
}

// Runs the command once and adds what it says. *whole: it printed a report of ours.
static bool run_once(struct stage *stage, struct dc_report *report, bool first, bool *whole,
                     const char **why)
{
    const struct dc_external *external = stage->run->external;
    struct dc_command filled;
    if (!dc_command_fill(stage->arena, &external->command, value_of, stage, &filled, why)) {
        return false;
    }
    if (stage->scenario->dkim.message != NULL && !stage->wrote_message) {
        *why = "the checker is not given the message: its command has no {message}";
        return false;
    }
    struct dc_process *process = fdns_arena_alloc(stage->arena, sizeof *process);
    stage->command_done = false;
    dc_process_start(process, &stage->run->loop, filled.words, external->timeout_us,
                     on_process_done, stage);
    while (!stage->command_done) {
        uv_run(&stage->run->loop, UV_RUN_ONCE);
    }
    bool good = false;
    *whole = false;
    struct dc_command_output output = {.exit_status = process->exit_status};
    output.text = output_text(stage, process, &output.len);
    if (process->start_error != 0) {
        *why = fdns_arena_format(stage->arena, "%s: %s", filled.words[0],
                                 uv_strerror(process->start_error));
    } else if (process->timed_out) {
        char limit[FDNS_DURATION_TEXT_MAX];
        *why = fdns_arena_format(stage->arena, "the checker did not end within %s",
                                 fdns_duration_print(external->timeout_us, limit));
    } else {
        const struct dc_report *own = json_report(stage, process, why);
        if (own != NULL) {
            *report = *own;
            *whole = true;
            good = true;
        } else if (*why == NULL) {
            enum dc_status status;
            const char *name = fdns_arena_format(stage->arena, "%s._domainkey.%s", stage->selector,
                                                 stage->scenario->dkim.domain);
            good = dc_adapter_read(external->adapter, stage->arena, &output, stage->checkpoint,
                                   name, report, &status, why);
            report->status = good && !first ? merge(report->status, status) : status;
        }
    }
    dc_process_clear(process);
    return good;
}

static bool run_all(struct stage *stage, struct dc_report *report, const char **why)
{
    const struct dc_adapter *adapter = stage->run->external->adapter;
    size_t n = adapter != NULL && dc_adapter_runs_each_token(adapter) ? stage->tokens->n : 1;
    bool whole = false;
    for (size_t i = 0; i < n && !whole; i++) {
        stage->selector = stage->tokens->items[i];
        if (!run_once(stage, report, i == 0, &whole, why)) {
            return false;
        }
    }
    return true;
}

const struct dc_report *dc_external_report(struct dc_external_run *run,
                                           const struct dc_scenario *scenario,
                                           const struct dc_checkpoint *checkpoint,
                                           struct fdns_world_state *state, struct fdns_arena *arena,
                                           const char **why)
{
    struct dc_dkim_tokens tokens = dc_dkim_tokens_at(&scenario->dkim, checkpoint->at_us);
    struct stage stage = {
        .run = run,
        .scenario = scenario,
        .checkpoint = checkpoint,
        .arena = arena,
        .tokens = &tokens,
    };
    struct dc_report *report = fdns_arena_alloc(arena, sizeof *report);
    report->tool = run->external->command.words[0];
    report->domain = scenario->dkim.domain;
    report->at_us = checkpoint->at_us;
    bool good = open_stage(&stage, state, why) && run_all(&stage, report, why);
    close_stage(&stage);
    return good ? report : NULL;
}
