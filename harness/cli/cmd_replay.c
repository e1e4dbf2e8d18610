// dnsconform replay FILE…
#include "harness/cli/command.h"
#include "harness/cli/outputs.h"
#include "harness/cli/verdict_exit.h"
#include "harness/run/live.h"
#include "harness/run/saved.h"

#include "fakedns/base/file.h"

static const struct dc_saved *load(const struct dc_options *options, const char *path, size_t *n)
{
    struct fdns_diags diags;
    const char *text;
    size_t len;
    fdns_diags_init(&diags);
    bool good = fdns_file_read(options->arena, path, DC_JSON_FILE_MAX, &text, &len, &diags);
    dc_print_diags(&diags);
    fdns_diags_clear(&diags);
    if (!good) {
        return NULL;
    }
    const char *why = NULL;
    const struct dc_saved *saved = NULL;
    json_t *json = dc_json_load(options->arena, text, len, &why);
    if (json != NULL) {
        saved = dc_saved_read(options->arena, json, n, &why);
    }
    json_decref(json);
    if (saved == NULL) {
        fprintf(stderr, "dnsconform replay: %s: %s\n", path, why);
    }
    return saved;
}

// Judges every visit of one saved subject; *worst is the highest exit status so far.
static bool replay_one(const struct dc_options *options, struct dc_outputs *outputs,
                       const struct dc_saved *saved, int *worst)
{
    struct dc_store store;
    struct dc_dkim_state *states =
        dc_dkim_states_copy(options->arena, &saved->subject, saved->states);
    bool good = true;
    dc_store_init(&store);
    for (size_t i = 0; i < saved->n_observations; i++) {
        if (dc_store_find(&store, saved->observations[i]->question) == NULL) {
            dc_store_add(&store, saved->observations[i]);
        }
    }
    for (size_t i = 0; i < saved->n_visits && good; i++) {
        const char *why = NULL;
        const struct dc_report *report =
            dc_replay_dkim(&saved->subject, &saved->how, states, (unsigned)i, saved->visits_us[i],
                           &store, options->arena, &why);
        if (report == NULL) {
            fprintf(stderr, "dnsconform replay: %s%s%s\n", saved->file != NULL ? saved->file : "",
                    saved->file != NULL ? ": " : "", why);
            *worst = DC_EXIT_COULD_NOT_TEST;
            break;
        }
        good = dc_outputs_report(outputs, report);
        int status = dc_report_exit(options, report);
        *worst = status > *worst ? status : *worst;
    }
    dc_store_clear(&store);
    return good;
}

static int replay(const struct dc_options *options)
{
    static struct dc_outputs outputs;
    int worst = DC_EXIT_CONFORMS;
    if (options->operands.n_items == 0) {
        fputs("dnsconform replay: name the files that --save has written\n", stderr);
        return DC_EXIT_USAGE;
    }
    if (!dc_outputs_open(&outputs, options, 0, NULL)) {
        return DC_EXIT_USAGE;
    }
    for (size_t f = 0; f < options->operands.n_items; f++) {
        size_t n = 0;
        const struct dc_saved *saved = load(options, options->operands.items[f], &n);
        for (size_t i = 0; saved != NULL && i < n; i++) {
            if (!replay_one(options, &outputs, &saved[i], &worst)) {
                saved = NULL;
                break;
            }
        }
        if (saved == NULL) {
            dc_outputs_close(&outputs);
            return DC_EXIT_USAGE;
        }
    }
    dc_outputs_close(&outputs);
    return worst;
}

const struct dc_command_row dc_command_replay = {
    .name = "replay",
    .bit = DC_CMD_REPLAY,
    .operands = "FILE…",
    .doc = "Judge saved observations again, without a network.",
    .run = replay,
};
