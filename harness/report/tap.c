// tap: the Test Anything Protocol, version 14. The plan comes last if the number of scenarios is
// not known. Details are a YAML block of strings in JSON form, which is YAML.
#include "harness/report/escape.h"
#include "harness/report/formats.h"

static void point(struct fdns_buf *out, bool good, size_t number, const char *const *words,
                  size_t n_words)
{
    struct fdns_buf safe;
    fdns_buf_init(&safe, 64 * DC_SHOWN_MAX);
    for (size_t i = 0; i < n_words; i++) {
        dc_escape_text(&safe, words[i]);
    }
    fdns_buf_format(out, "%s %zu - ", good ? "ok" : "not ok", number);
    dc_escape_tap(out, fdns_buf_text(&safe));
    fdns_buf_string(out, "\n");
    fdns_buf_clear(&safe);
}

static void entry(struct fdns_buf *out, const char *key, const char *text)
{
    json_t *value = dc_json_string(text);
    fdns_buf_format(out, "  %s: ", key);
    dc_escape_json(out, value, 0);
    fdns_buf_string(out, "\n");
    json_decref(value);
}

static void tap_begin(struct dc_writer *writer)
{
    fdns_buf_string(&writer->out, "TAP version 14\n");
    if (writer->options.n_scenarios != 0) {
        fdns_buf_format(&writer->out, "1..%zu\n", writer->options.n_scenarios);
    }
}

static void tap_result(struct dc_writer *writer, const struct dc_result *result)
{
    const char *const words[] = {writer->name, ": ", result->title};
    struct fdns_buf *out = &writer->out;
    bool good = result->verdict == DC_CONFORMS;
    point(out, good, writer->tally.total.n_scenarios, words, sizeof words / sizeof words[0]);
    if (good) {
        return;
    }
    struct fdns_buf text;
    fdns_buf_init(&text, out->ceiling);
    const struct dc_prose prose = {.out = &text, .rerun_with = writer->options.rerun_with};
    dc_prose_result(&prose, result);
    fdns_buf_string(out, "  ---\n");
    entry(out, "verdict", dc_verdict_text(result->verdict));
    entry(out, "file", result->file);
    entry(out, "details", fdns_buf_text(&text));
    fdns_buf_string(out, "  ...\n");
    fdns_buf_clear(&text);
}

static void tap_end(struct dc_writer *writer)
{
    if (writer->options.n_scenarios == 0) {
        fdns_buf_format(&writer->out, "1..%zu\n", writer->tally.total.n_scenarios);
    }
}

static void finding_point(struct dc_writer *writer, const struct dc_report *report, size_t i)
{
    const struct dc_finding *finding = &report->findings[i];
    bool good = finding->level == DC_INFO;
    struct fdns_buf text;
    fdns_buf_init(&text, writer->out.ceiling);
    dc_prose_where(&text, finding->name, finding->type, finding->server);
    const char *const words[] = {finding->id, " ", fdns_buf_text(&text)};
    point(&writer->out, good, i + 2, words, sizeof words / sizeof words[0]);
    if (!good) {
        const struct dc_prose prose = {.out = &text, .rerun_with = writer->options.rerun_with};
        fdns_buf_reset(&text);
        dc_prose_finding(&prose, finding, report, writer->options.rerun);
        fdns_buf_string(&writer->out, "  ---\n");
        entry(&writer->out, "level", dc_level_text(finding->level));
        entry(&writer->out, "details", fdns_buf_text(&text));
        fdns_buf_string(&writer->out, "  ...\n");
    }
    fdns_buf_clear(&text);
}

static void tap_report(struct dc_writer *writer, const struct dc_report *report)
{
    const char *const words[] = {report->subject != NULL ? report->subject : "report", ": ",
                                 dc_status_text(report->status)};
    fdns_buf_format(&writer->out, "TAP version 14\n1..%zu\n", report->n_findings + 1);
    point(&writer->out, report->status == DC_STATUS_SUCCESS, 1, words,
          sizeof words / sizeof words[0]);
    for (size_t i = 0; i < report->n_findings; i++) {
        finding_point(writer, report, i);
    }
}

const struct dc_reporter dc_reporter_tap = {
    .name = "tap",
    .doc = "Test Anything Protocol, version 14",
    .begin = tap_begin,
    .result = tap_result,
    .end = tap_end,
    .report = tap_report,
};
