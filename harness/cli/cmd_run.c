// dnsconform run PATH…
#include "harness/cli/command.h"
#include "harness/cli/outputs.h"
#include "harness/run/jobs.h"
#include "harness/run/roots.h"
#include "harness/run/saved.h"

#include "fakedns/base/duration.h"
#include "fakedns/base/file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DEFAULT_RETRIES = 2, DEFAULT_CHECKER_TIMEOUT_S = 30 };

struct run {
    const struct dc_options *options;
    struct dc_selection selection;
    struct dc_external external;
    struct dc_adapter *adapter;
    struct dc_play_options play;
    struct dc_outputs outputs;
    const struct dc_result *const *baseline; // results of an earlier run
    size_t n_baseline;
    json_t *saved; // or NULL
    size_t n_results;
    size_t n_failed; // of those that count
    size_t n_not_run;
};

static bool select_scenarios(struct run *run)
{
    const struct dc_options *options = run->options;
    struct dc_selection_options selecting = {
        .paths = options->operands.items,
        .n_paths = options->operands.n_items,
        .filters = options->filters.items,
        .n_filters = options->filters.n_items,
        .tags = options->tags.items,
        .n_tags = options->tags.n_items,
        .refs = options->refs.items,
        .n_refs = options->refs.n_items,
        .shard_index = options->shard_index,
        .shard_count = options->shard_count,
    };
    struct fdns_diags diags;
    fdns_diags_init(&diags);
    bool good = dc_select(&run->selection, &selecting, &diags);
    dc_print_diags(&diags);
    fdns_diags_clear(&diags);
    return good;
}

static bool load_adapter(struct run *run)
{
    if (run->options->adapter == NULL) {
        return true;
    }
    struct fdns_diags diags;
    fdns_diags_init(&diags);
    run->adapter = dc_adapter_load(run->options->adapter, &diags);
    dc_print_diags(&diags);
    fdns_diags_clear(&diags);
    return run->adapter != NULL;
}

static bool set_checker(struct run *run)
{
    const struct dc_options *options = run->options;
    if (!load_adapter(run)) {
        return false;
    }
    const char *command = options->checker;
    if (command == NULL && run->adapter != NULL) {
        command = dc_adapter_command(run->adapter);
        if (command == NULL) {
            fprintf(stderr, "dnsconform: %s names no command: give one with --checker\n",
                    options->adapter);
            return false;
        }
    }
    if (command == NULL) {
        return true;
    }
    const char *why;
    int64_t timeout_us = options->checker_timeout_us != 0
                             ? options->checker_timeout_us
                             : DEFAULT_CHECKER_TIMEOUT_S * FDNS_US_PER_S;
    if (!dc_external_init(&run->external, options->arena, command, run->adapter, timeout_us,
                          &why)) {
        fprintf(stderr, "dnsconform: the checker's command cannot be used: %s\n", why);
        return false;
    }
    run->play.external = &run->external;
    return true;
}

static bool load_baseline(struct run *run)
{
    const char *path = run->options->baseline;
    struct fdns_arena *arena = run->options->arena;
    if (path == NULL) {
        return true;
    }
    struct fdns_diags diags;
    const char *text;
    size_t len;
    fdns_diags_init(&diags);
    bool good = fdns_file_read(arena, path, DC_JSON_FILE_MAX, &text, &len, &diags);
    dc_print_diags(&diags);
    fdns_diags_clear(&diags);
    if (!good) {
        return false;
    }
    const char *why = NULL;
    json_t *json = dc_json_load(arena, text, len, &why);
    if (json != NULL) {
        run->baseline = dc_run_read(arena, json, &run->n_baseline, &why);
    }
    json_decref(json);
    if (run->baseline == NULL) {
        fprintf(stderr, "dnsconform: --baseline: %s: %s\n", path, why);
    }
    return run->baseline != NULL;
}

static bool was_so_bad(const struct run *run, const struct dc_result *result)
{
    for (size_t i = 0; i < run->n_baseline; i++) {
        if (strcmp(run->baseline[i]->file, result->file) == 0) {
            return run->baseline[i]->verdict >= result->verdict;
        }
    }
    return false;
}

static void save(struct run *run, const struct dc_result *result)
{
    const struct dc_scenario *scenario = run->selection.scenarios[run->n_results];
    struct fdns_arena arena;
    fdns_arena_init(&arena, 64 * 1024);
    struct dc_saved saved = {.file = result->file, .subject = scenario->dkim};
    struct fdns_address resolver;
    saved.how.roots = dc_world_roots(&arena, scenario->world, &saved.how.n_roots);
    if (scenario->wants_resolver && fdns_address_parse("127.0.0.1", 53, &resolver) == FDNS_OK) {
        saved.how.resolver = &resolver;
    }
    saved.states = dc_dkim_states_new(&arena, &scenario->dkim, scenario->checkpoints[0].at_us);
    int64_t *visits = fdns_arena_array(&arena, result->n_visits, sizeof *visits);
    struct dc_store store;
    dc_store_init(&store);
    for (size_t i = 0; i < result->n_visits; i++) {
        const struct dc_report *report = result->visits[i].report;
        visits[i] = result->visits[i].at_us;
        for (size_t o = 0; report != NULL && o < report->n_observations; o++) {
            if (dc_store_find(&store, report->observations[o]->question) == NULL) {
                dc_store_add(&store, report->observations[o]);
            }
        }
    }
    saved.visits_us = visits;
    saved.n_visits = result->n_visits;
    saved.observations = dc_store_sorted(&store, &arena, &saved.n_observations);
    dc_saved_add(run->saved, &saved);
    dc_store_clear(&store);
    fdns_arena_clear(&arena);
}

static void on_result(void *context, const struct dc_result *result)
{
    struct run *run = context;
    if (run->saved != NULL) {
        save(run, result);
    }
    run->n_results++;
    if (result->verdict != DC_CONFORMS && !was_so_bad(run, result)) {
        run->n_failed++;
        run->n_not_run += result->verdict == DC_COULD_NOT_RUN;
    }
    dc_outputs_result(&run->outputs, result);
}

static bool write_saved(struct run *run)
{
    if (run->saved == NULL) {
        return true;
    }
    char *text = json_dumps(run->saved, JSON_INDENT(1));
    const char *why = fdns_file_write(run->options->save, text, strlen(text));
    free(text);
    if (why != NULL) {
        fprintf(stderr, "dnsconform: %s cannot be written: %s\n", run->options->save, why);
    }
    return why == NULL;
}

static size_t jobs_of(const struct run *run)
{
    if (run->options->jobs > 0) {
        return (size_t)run->options->jobs;
    }
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return run->play.external == NULL && processors > 1 ? (size_t)processors : 1;
}

static int exit_status(const struct run *run)
{
    if (run->n_failed == 0 || run->options->fail_on == DC_FAIL_ON_NEVER) {
        return DC_EXIT_CONFORMS;
    }
    return run->n_failed == run->n_not_run ? DC_EXIT_COULD_NOT_TEST : DC_EXIT_DOES_NOT;
}

static int play(struct run *run)
{
    const struct dc_options *options = run->options;
    if (!dc_outputs_open(&run->outputs, options, run->selection.n_scenarios, NULL)) {
        return DC_EXIT_USAGE;
    }
    run->play.seed = options->seed;
    run->play.timeout_us = options->timeout_us;
    run->play.retries = options->has_retries ? (unsigned)options->retries : DEFAULT_RETRIES;
    run->play.qps = (unsigned)options->qps;
    run->saved = options->save != NULL ? dc_saved_begin(DC_TOOL) : NULL;
    const char *why = NULL;
    bool played = dc_play_all(&run->selection, &run->play, jobs_of(run), on_result, run, &why);
    if (!played) {
        fprintf(stderr, "dnsconform: %s\n", why);
    }
    bool written = dc_outputs_end(&run->outputs);
    written = write_saved(run) && written;
    json_decref(run->saved);
    if (!played) {
        return DC_EXIT_INTERNAL;
    }
    return written ? exit_status(run) : DC_EXIT_USAGE;
}

static int list(const struct run *run)
{
    for (size_t i = 0; i < run->selection.n_scenarios; i++) {
        puts(run->selection.scenarios[i]->file);
    }
    return DC_EXIT_CONFORMS;
}

static int run_scenarios(const struct dc_options *options)
{
    struct run run = {.options = options};
    int status = DC_EXIT_USAGE;
    if (options->operands.n_items == 0) {
        fputs("dnsconform run: name a scenario, or a folder of them (see --help)\n", stderr);
        return status;
    }
    if (select_scenarios(&run) && set_checker(&run) && load_baseline(&run)) {
        if (run.selection.n_scenarios == 0) {
            fputs("dnsconform run: no scenario is selected\n", stderr);
            status = DC_EXIT_NOTHING_SELECTED;
        } else {
            status = options->list ? list(&run) : play(&run);
        }
    }
    dc_adapter_free(run.adapter);
    dc_selection_clear(&run.selection);
    return status;
}

const struct dc_command_row dc_command_run = {
    .name = "run",
    .bit = DC_CMD_RUN,
    .operands = "PATH…",
    .doc = "Play scenarios against a checker, the built-in one or any command.",
    .run = run_scenarios,
};
