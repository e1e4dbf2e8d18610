// markdown: for GitHub's job summary ($GITHUB_STEP_SUMMARY). GitHub drops a summary of more than
// 1 MiB silently, so details end well before that.
#include "harness/report/escape.h"
#include "harness/report/formats.h"

enum { DETAILS_MAX = 800 * 1024 };

// Text of many lines that is safe already, folded away below a line.
static void details(struct fdns_buf *out, const char *summary, const char *text)
{
    fdns_buf_string(out, "<details><summary>");
    dc_escape_markdown(out, summary);
    fdns_buf_string(out, "</summary>\n\n<pre>");
    dc_escape_xml(out, text);
    fdns_buf_string(out, "</pre>\n</details>\n\n");
}

static void keep(struct dc_writer *writer, struct fdns_buf *block)
{
    if (writer->kept.len + block->len <= DETAILS_MAX) {
        fdns_buf_append(&writer->kept, block->data, block->len);
    } else {
        writer->n_kept++;
    }
}

static void markdown_result(struct dc_writer *writer, const struct dc_result *result)
{
    if (result->verdict == DC_CONFORMS) {
        return;
    }
    struct fdns_buf text;
    struct fdns_buf block;
    fdns_buf_init(&text, writer->kept.ceiling);
    fdns_buf_init(&block, writer->kept.ceiling);
    const struct dc_prose prose = {.out = &text, .rerun_with = writer->options.rerun_with};
    dc_prose_result(&prose, result);
    details(&block,
            fdns_arena_format(&writer->scratch, "%s: %s: %s", dc_verdict_text(result->verdict),
                              writer->name, result->title),
            fdns_buf_text(&text));
    keep(writer, &block);
    fdns_buf_clear(&block);
    fdns_buf_clear(&text);
}

static void finish(struct dc_writer *writer)
{
    fdns_buf_append(&writer->out, writer->kept.data, writer->kept.len);
    if (writer->n_kept != 0) {
        fdns_buf_format(&writer->out, "%zu more are not shown here.\n", writer->n_kept);
    }
    fdns_buf_reset(&writer->kept);
    writer->n_kept = 0;
}

static void card_row(struct fdns_buf *out, const char *name, const struct dc_scorecard *card)
{
    fdns_buf_string(out, "| ");
    dc_escape_markdown(out, name);
    fdns_buf_format(out, " | %zu |", card->n_scenarios);
    for (enum dc_verdict v = 0; v < DC_N_VERDICTS; v++) {
        fdns_buf_format(out, " %zu |", card->counts[v]);
    }
    fdns_buf_string(out, "\n");
}

static void markdown_end(struct dc_writer *writer)
{
    struct fdns_buf *out = &writer->out;
    fdns_buf_string(out, "### dnsconform: ");
    dc_tally_summary(&writer->tally, out);
    fdns_buf_string(out, "\n\n| area | scenarios |");
    for (enum dc_verdict v = 0; v < DC_N_VERDICTS; v++) {
        fdns_buf_format(out, " %s |", dc_verdict_text(v));
    }
    fdns_buf_string(out, "\n|---|---:|");
    for (enum dc_verdict v = 0; v < DC_N_VERDICTS; v++) {
        fdns_buf_string(out, "---:|");
    }
    fdns_buf_string(out, "\n");
    for (size_t i = 0; i < writer->tally.n_areas; i++) {
        card_row(out, writer->tally.areas[i].area, &writer->tally.areas[i].card);
    }
    card_row(out, "total", &writer->tally.total);
    fdns_buf_string(out, "\n");
    finish(writer);
}

static void keep_finding(struct dc_writer *writer, const struct dc_report *report,
                         const struct dc_finding *finding)
{
    struct fdns_buf text;
    struct fdns_buf block;
    fdns_buf_init(&text, writer->kept.ceiling);
    fdns_buf_init(&block, writer->kept.ceiling);
    const struct dc_prose prose = {.out = &text, .rerun_with = writer->options.rerun_with};
    dc_prose_finding(&prose, finding, report, writer->options.rerun);
    details(&block,
            fdns_arena_format(&writer->scratch, "%s: %s: %s", dc_level_text(finding->level),
                              finding->id, finding->row != NULL ? finding->row->title : ""),
            fdns_buf_text(&text));
    keep(writer, &block);
    fdns_buf_clear(&block);
    fdns_buf_clear(&text);
}

// What was asked about is a message: its signatures come first.
static void add_signatures(struct dc_writer *writer, const struct dc_report *report)
{
    struct fdns_buf text;
    if (report->n_signatures == 0) {
        return;
    }
    fdns_buf_init(&text, writer->kept.ceiling);
    const struct dc_prose prose = {.out = &text};
    dc_prose_signatures(&prose, report);
    fdns_buf_string(&writer->out, "<pre>");
    dc_escape_xml(&writer->out, fdns_buf_text(&text));
    fdns_buf_string(&writer->out, "</pre>\n\n");
    fdns_buf_clear(&text);
}

static void markdown_report(struct dc_writer *writer, const struct dc_report *report)
{
    fdns_buf_string(&writer->out, "### ");
    dc_escape_markdown(&writer->out, report->subject != NULL ? report->subject : "report");
    fdns_buf_format(&writer->out, ": %s\n\n", dc_status_text(report->status));
    add_signatures(writer, report);
    for (size_t i = 0; i < report->n_findings; i++) {
        keep_finding(writer, report, &report->findings[i]);
    }
    finish(writer);
}

const struct dc_reporter dc_reporter_markdown = {
    .name = "markdown",
    .doc = "Markdown for a job summary on GitHub",
    .result = markdown_result,
    .end = markdown_end,
    .report = markdown_report,
};
