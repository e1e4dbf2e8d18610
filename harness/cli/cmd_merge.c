// dnsconform merge FILE…
#include "harness/cli/command.h"
#include "harness/cli/outputs.h"

#include "fakedns/base/file.h"

#include <stdlib.h>
#include <string.h>

struct merged {
    const struct dc_result *const *results;
    size_t n;
};

struct place {
    const struct dc_result *result;
    size_t index; // in the order they were read
};

static bool read_results(const struct dc_options *options, const char *path, struct merged *merged)
{
    struct fdns_diags diags;
    const char *text;
    size_t len;
    fdns_diags_init(&diags);
    bool good = fdns_file_read(options->arena, path, DC_JSON_FILE_MAX, &text, &len, &diags);
    dc_print_diags(&diags);
    fdns_diags_clear(&diags);
    if (!good) {
        return false;
    }
    const char *why = NULL;
    json_t *json = dc_json_load(options->arena, text, len, &why);
    merged->results = json != NULL ? dc_run_read(options->arena, json, &merged->n, &why) : NULL;
    json_decref(json);
    if (merged->results == NULL) {
        fprintf(stderr, "dnsconform: %s: %s\n", path, why);
    }
    return merged->results != NULL;
}

// By path, as a run plays them, so that merged shards are the same as the whole; results of one
// path stay in the order of the files.
static int by_path(const void *a, const void *b)
{
    const struct place *left = a;
    const struct place *right = b;
    int order = strcmp(left->result->file, right->result->file);
    return order != 0 ? order : (left->index > right->index) - (left->index < right->index);
}

static const struct place *sorted(struct fdns_arena *arena, const struct merged *files,
                                  size_t n_files, size_t n_results)
{
    struct place *places = fdns_arena_array(arena, n_results + 1, sizeof *places);
    size_t n = 0;
    for (size_t i = 0; i < n_files; i++) {
        for (size_t r = 0; r < files[i].n; r++) {
            places[n] = (struct place){files[i].results[r], n};
            n++;
        }
    }
    qsort(places, n, sizeof *places, by_path);
    return places;
}

static int merge(const struct dc_options *options)
{
    size_t n_files = options->operands.n_items;
    struct merged *files = fdns_arena_array(options->arena, n_files, sizeof *files);
    size_t n_results = 0;
    if (n_files == 0) {
        fputs("dnsconform merge: name the JSON results to put together\n", stderr);
        return DC_EXIT_USAGE;
    }
    for (size_t i = 0; i < n_files; i++) {
        if (!read_results(options, options->operands.items[i], &files[i])) {
            return DC_EXIT_USAGE;
        }
        n_results += files[i].n;
    }
    static struct dc_outputs outputs;
    if (!dc_outputs_open(&outputs, options, n_results, NULL)) {
        return DC_EXIT_USAGE;
    }
    size_t n_failed = 0;
    size_t n_not_run = 0;
    const struct place *places = sorted(options->arena, files, n_files, n_results);
    for (size_t i = 0; i < n_results; i++) {
        const struct dc_result *result = places[i].result;
        n_failed += result->verdict != DC_CONFORMS;
        n_not_run += result->verdict == DC_COULD_NOT_RUN;
        dc_outputs_result(&outputs, result);
    }
    if (!dc_outputs_end(&outputs)) {
        return DC_EXIT_USAGE;
    }
    if (n_results == 0) {
        return DC_EXIT_NOTHING_SELECTED;
    }
    if (n_failed == 0 || options->fail_on == DC_FAIL_ON_NEVER) {
        return DC_EXIT_CONFORMS;
    }
    return n_failed == n_not_run ? DC_EXIT_COULD_NOT_TEST : DC_EXIT_DOES_NOT;
}

const struct dc_command_row dc_command_merge = {
    .name = "merge",
    .bit = DC_CMD_MERGE,
    .operands = "FILE…",
    .doc = "Put the JSON results of several runs together and report them as one.",
    .run = merge,
};
