// The rows of the reporters' table, one a file.
#pragma once

#include "harness/report/reporter.h"

extern const struct dc_reporter dc_reporter_github;
extern const struct dc_reporter dc_reporter_json;
extern const struct dc_reporter dc_reporter_jsonl;
extern const struct dc_reporter dc_reporter_junit;
extern const struct dc_reporter dc_reporter_markdown;
extern const struct dc_reporter dc_reporter_tap;
extern const struct dc_reporter dc_reporter_text;
