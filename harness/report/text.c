// text: for people. A line for what conforms; what does not is explained.
#include "harness/report/escape.h"
#include "harness/report/formats.h"

static void headline(const struct dc_prose *prose, struct dc_writer *writer,
                     const struct dc_result *result)
{
    bool good = result->verdict == DC_CONFORMS;
    dc_prose_toned(prose, dc_tone_of_verdict(result->verdict),
                   good ? "ok" : dc_verdict_text(result->verdict));
    fdns_buf_string(prose->out, "  ");
    dc_escape_text(prose->out, writer->name);
    fdns_buf_string(prose->out, "  ");
    dc_escape_text(prose->out, result->title);
    fdns_buf_string(prose->out, "\n");
}

static void verbose_reports(const struct dc_prose *prose, const struct dc_result *result)
{
    for (size_t i = 0; i < result->n_visits; i++) {
        if (result->visits[i].report != NULL) {
            dc_prose_report(prose, result->visits[i].report, NULL);
        }
    }
}

static void text_result(struct dc_writer *writer, const struct dc_result *result)
{
    struct dc_prose prose = {.out = &writer->out,
                             .colour = writer->options.colour,
                             .rerun_with = writer->options.rerun_with};
    bool good = result->verdict == DC_CONFORMS;
    if (good && writer->options.quiet) {
        return;
    }
    headline(&prose, writer, result);
    prose.indent = 2;
    if (!good) {
        dc_prose_result(&prose, result);
    }
    if (writer->options.verbose) {
        verbose_reports(&prose, result);
    }
}

static void text_end(struct dc_writer *writer)
{
    fdns_buf_string(&writer->out, "\n");
    dc_tally_table(&writer->tally, &writer->out);
    fdns_buf_string(&writer->out, "\n");
    dc_tally_summary(&writer->tally, &writer->out);
    fdns_buf_string(&writer->out, "\n");
}

static void text_report(struct dc_writer *writer, const struct dc_report *report)
{
    const struct dc_prose prose = {.out = &writer->out,
                                   .colour = writer->options.colour,
                                   .rerun_with = writer->options.rerun_with};
    dc_prose_report(&prose, report, writer->options.rerun);
}

const struct dc_reporter dc_reporter_text = {
    .name = "text",
    .doc = "for people: a line for each scenario, findings explained, a scorecard",
    .result = text_result,
    .end = text_end,
    .report = text_report,
};
