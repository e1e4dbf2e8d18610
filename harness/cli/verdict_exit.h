// The exit status that a report means.
#pragma once

#include "harness/check/report.h"
#include "harness/cli/options.h"

// CONFORMS only for SUCCESS without findings at --fail-on; COULD_NOT_TEST if nothing answered.
int dc_report_exit(const struct dc_options *options, const struct dc_report *report);
// By the findings alone: CONFORMS without any at --fail-on.
int dc_findings_exit(const struct dc_options *options, const struct dc_report *report);
