// Where the reports of a command go: the writers of --format, and what CI wants besides.
#pragma once

#include "fakedns/base/diag.h"
#include "harness/cli/options.h"
#include "harness/report/reporter.h"

enum { DC_OUTPUTS_MAX = 16 };

struct dc_output {
    struct dc_writer writer;
    struct dc_sink sink;
    struct fdns_buf buf; // of a file, which is written at the end as a whole
    const char *path;    // NULL: standard output
    bool append;         // to a file that others write to too
};

struct dc_outputs {
    struct dc_output items[DC_OUTPUTS_MAX];
    size_t n_items;
    bool progress; // shown on standard error
    size_t n_done, n_total;
};

// Opens the writers that options ask for. False after a message: unknown format, a file that cannot
// be written, two formats for standard output.
bool dc_outputs_open(struct dc_outputs *outputs, const struct dc_options *options,
                     size_t n_scenarios, const char *rerun);
void dc_outputs_result(struct dc_outputs *outputs, const struct dc_result *result);
// Writes the files. False after a message if something could not be written.
bool dc_outputs_end(struct dc_outputs *outputs);
// A single report instead of results; then dc_outputs_close.
bool dc_outputs_report(struct dc_outputs *outputs, const struct dc_report *report);
void dc_outputs_close(struct dc_outputs *outputs);

// Diagnostics to standard error.
void dc_print_diags(const struct fdns_diags *diags);
