// The catalogue rows of the DKIM checker, a table for each file that reports.
#pragma once

#include "harness/check/catalogue.h"

extern const struct dc_finding_table dc_dkim_findings[];
extern const size_t dc_dkim_n_findings;
