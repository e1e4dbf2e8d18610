// Results and a report for the reporters' tests, with texts that a hostile server could send.
#pragma once

#include "harness/run/result.h"

// A terminal sequence, markup of every format, commands of CI systems, what is no UTF-8.
extern const char sample_hostile[];

enum { SAMPLE_RESULTS = 5 };
// conforms, missed, false alarm (with hostile texts), noticed, could not run
const struct dc_result *sample_result(size_t i);
const struct dc_report *sample_report(void);
