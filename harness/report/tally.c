#include "harness/report/tally.h"

#include "harness/report/escape.h"

#include <string.h>

void dc_tally_init(struct dc_tally *tally)
{
    *tally = (struct dc_tally){.n_areas = 0};
    fdns_arena_init(&tally->arena, 0);
}

void dc_tally_clear(struct dc_tally *tally)
{
    fdns_arena_clear(&tally->arena);
    dc_tally_init(tally);
}

// From the last: results come in the order of their files, so it is nearly always that one.
static struct dc_area_card *card_of(struct dc_tally *tally, const char *area)
{
    for (size_t i = tally->n_areas; i > 0; i--) {
        if (strcmp(tally->areas[i - 1].area, area) == 0) {
            return &tally->areas[i - 1];
        }
    }
    tally->areas = fdns_arena_grow(&tally->arena, tally->areas, tally->n_areas, tally->n_areas + 1,
                                   sizeof *tally->areas, &tally->capacity);
    struct dc_area_card *card = &tally->areas[tally->n_areas++];
    *card = (struct dc_area_card){.area = fdns_arena_string(&tally->arena, area)};
    return card;
}

void dc_tally_add(struct dc_tally *tally, const struct dc_result *result)
{
    struct fdns_arena scratch;
    fdns_arena_init(&scratch, 256);
    dc_scorecard_add(&tally->total, result->verdict);
    dc_scorecard_add(&card_of(tally, dc_result_area(&scratch, result->file))->card,
                     result->verdict);
    fdns_arena_clear(&scratch);
}

json_t *dc_tally_json(const struct dc_tally *tally)
{
    json_t *areas = dc_json_array();
    for (size_t i = 0; i < tally->n_areas; i++) {
        json_t *area = dc_scorecard_json(&tally->areas[i].card);
        dc_json_set(area, "area", dc_json_string(tally->areas[i].area));
        dc_json_append(areas, area);
    }
    json_t *json = dc_scorecard_json(&tally->total);
    dc_json_set(json, "areas", areas);
    return json;
}

static const char *counted(enum dc_verdict verdict, size_t n)
{
    if (verdict == DC_CONFORMS) {
        return n == 1 ? "conforms" : "conform";
    }
    return verdict == DC_FALSE_ALARM && n != 1 ? "false alarms" : dc_verdict_text(verdict);
}

void dc_tally_summary(const struct dc_tally *tally, struct fdns_buf *out)
{
    const struct dc_scorecard *total = &tally->total;
    fdns_buf_format(out, "%zu scenario%s: %zu %s", total->n_scenarios,
                    total->n_scenarios == 1 ? "" : "s", total->counts[DC_CONFORMS],
                    counted(DC_CONFORMS, total->counts[DC_CONFORMS]));
    for (enum dc_verdict v = DC_N_VERDICTS; v-- > DC_CONFORMS + 1;) {
        if (total->counts[v] != 0) {
            fdns_buf_format(out, ", %zu %s", total->counts[v], counted(v, total->counts[v]));
        }
    }
}

static void row(struct fdns_buf *out, int width, const char *name, const struct dc_scorecard *card)
{
    struct fdns_buf shown;
    fdns_buf_init(&shown, 8 * DC_SHOWN_MAX);
    dc_escape_text(&shown, name);
    fdns_buf_format(out, "%-*s  %9zu", width, fdns_buf_text(&shown), card->n_scenarios);
    for (enum dc_verdict v = 0; v < DC_N_VERDICTS; v++) {
        fdns_buf_format(out, "  %*zu", (int)strlen(dc_verdict_text(v)), card->counts[v]);
    }
    fdns_buf_string(out, "\n");
    fdns_buf_clear(&shown);
}

void dc_tally_table(const struct dc_tally *tally, struct fdns_buf *out)
{
    enum { NARROWEST = 5, WIDEST = 40 };
    size_t width = NARROWEST;
    for (size_t i = 0; i < tally->n_areas; i++) {
        size_t len = strlen(tally->areas[i].area);
        width = len > width ? len : width;
    }
    width = width < WIDEST ? width : WIDEST;
    fdns_buf_format(out, "%-*s  scenarios", (int)width, "area");
    for (enum dc_verdict v = 0; v < DC_N_VERDICTS; v++) {
        fdns_buf_format(out, "  %s", dc_verdict_text(v));
    }
    fdns_buf_string(out, "\n");
    for (size_t i = 0; i < tally->n_areas; i++) {
        row(out, (int)width, tally->areas[i].area, &tally->areas[i].card);
    }
    row(out, (int)width, "total", &tally->total);
}
