// Tally: scorecards of a run, in all and by area (folder of scenarios).
#pragma once

#include "harness/run/result.h"

struct dc_area_card {
    const char *area;
    struct dc_scorecard card;
};

struct dc_tally {
    struct fdns_arena arena;
    struct dc_scorecard total;
    struct dc_area_card *areas; // in the order in which they came
    size_t n_areas;
    size_t capacity;
};

void dc_tally_init(struct dc_tally *tally);
void dc_tally_clear(struct dc_tally *tally);
void dc_tally_add(struct dc_tally *tally, const struct dc_result *result);

// {scenarios, verdicts{}, areas[{area, scenarios, verdicts{}}]}. New reference.
json_t *dc_tally_json(const struct dc_tally *tally);
// Appends "53 scenarios: 51 conform, 1 missed, 1 false alarm".
void dc_tally_summary(const struct dc_tally *tally, struct fdns_buf *out);
// Appends a table: a line for each area and one for the total.
void dc_tally_table(const struct dc_tally *tally, struct fdns_buf *out);
