// The commands of dnsconform: one row each, one file each.
#pragma once

#include "harness/cli/options.h"

struct dc_command_row {
    const char *name;
    enum dc_command_bit bit;
    const char *operands; // for the usage line
    const char *doc;
    int (*run)(const struct dc_options *options); // an enum dc_exit
};

// Sorted by name.
extern const struct dc_command_row *const dc_commands[];
extern const size_t dc_n_commands;
const struct dc_command_row *dc_command_row_find(const char *name);

extern const struct dc_command_row dc_command_dkim;
extern const struct dc_command_row dc_command_explain;
extern const struct dc_command_row dc_command_lint;
extern const struct dc_command_row dc_command_list;
extern const struct dc_command_row dc_command_merge;
extern const struct dc_command_row dc_command_replay;
extern const struct dc_command_row dc_command_run;

#define DC_TOOL "dnsconform " DNSCONFORM_VERSION
