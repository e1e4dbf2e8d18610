// Selecting scenarios: files and folders to a sorted list of loaded scenarios.
#pragma once

#include "harness/scenario/scenario.h"

struct dc_selection_options {
    const char *const *paths; // files, and folders that are searched for *.yaml
    size_t n_paths;
    const char *const *filters; // globs (fnmatch) on the path or its last part; any may match
    size_t n_filters;
    const char *const *tags; // any may be had
    size_t n_tags;
    const char *const *refs; // any may be had, written as in the scenario ("seed:R21")
    size_t n_refs;
    uint64_t shard_index; // 1-based; 0: all
    uint64_t shard_count;
};

struct dc_selection {
    struct fdns_arena arena;
    struct fdns_world_library *library;
    struct dc_scenario **scenarios; // by path
    size_t n_scenarios;
};

// Loads what is selected. Folders called `lib` hold worlds that others build on and are passed
// over. False if a file has mistakes (all of them are in diags) or a path does not exist; what is
// selected may be empty. Clear in any case.
bool dc_select(struct dc_selection *selection, const struct dc_selection_options *options,
               struct fdns_diags *diags);
void dc_selection_clear(struct dc_selection *selection);
