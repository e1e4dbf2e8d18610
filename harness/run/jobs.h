// Playing many scenarios, in this process or in worker processes, with results in input order.
#pragma once

#include "harness/run/play.h"
#include "harness/run/select.h"

// One result, in input order; valid until it returns.
typedef void dc_on_result_fn(void *context, const struct dc_result *result);

// Plays all scenarios with n_jobs workers (1: in this process, no fork). Workers are forked with
// the scenarios loaded; a worker that dies leaves "could not run" for what it had not finished.
// False only if no worker could be started, with *why static.
bool dc_play_all(const struct dc_selection *selection, const struct dc_play_options *options,
                 size_t n_jobs, dc_on_result_fn *on_result, void *context, const char **why);
