// json: one document, dnsconform.run/1 or dnsconform.report/1 (docs/*.schema.json). It is written
// as results arrive, one scenario a line.
#include "harness/report/escape.h"
#include "harness/report/formats.h"

static void put(struct fdns_buf *out, json_t *json, unsigned indent)
{
    dc_escape_json(out, json, indent);
    json_decref(json);
}

static void json_begin(struct dc_writer *writer)
{
    fdns_buf_string(&writer->out, "{\"schema\": \"" DC_RUN_SCHEMA "\", \"tool\": ");
    put(&writer->out, dc_json_string(writer->options.tool), 0);
    fdns_buf_string(&writer->out, ", \"scenarios\": [");
}

static void json_result(struct dc_writer *writer, const struct dc_result *result)
{
    fdns_buf_string(&writer->out, writer->tally.total.n_scenarios > 1 ? ",\n" : "\n");
    put(&writer->out, dc_result_json(result), 0);
}

static void json_end(struct dc_writer *writer)
{
    fdns_buf_string(&writer->out, "\n], \"scorecard\": ");
    put(&writer->out, dc_tally_json(&writer->tally), 0);
    fdns_buf_string(&writer->out, "}\n");
}

static void json_report(struct dc_writer *writer, const struct dc_report *report)
{
    put(&writer->out, dc_report_json(report), 2);
    fdns_buf_string(&writer->out, "\n");
}

const struct dc_reporter dc_reporter_json = {
    .name = "json",
    .doc = "one JSON document (docs/run.schema.json, docs/report.schema.json)",
    .begin = json_begin,
    .result = json_result,
    .end = json_end,
    .report = json_report,
};

static void jsonl_result(struct dc_writer *writer, const struct dc_result *result)
{
    put(&writer->out, dc_result_json(result), 0);
    fdns_buf_string(&writer->out, "\n");
}

static void jsonl_end(struct dc_writer *writer)
{
    json_t *line = dc_json_object();
    dc_json_set(line, "scorecard", dc_tally_json(&writer->tally));
    put(&writer->out, line, 0);
    fdns_buf_string(&writer->out, "\n");
}

static void jsonl_report(struct dc_writer *writer, const struct dc_report *report)
{
    put(&writer->out, dc_report_json(report), 0);
    fdns_buf_string(&writer->out, "\n");
}

const struct dc_reporter dc_reporter_jsonl = {
    .name = "jsonl",
    .doc = "a line of JSON for each scenario, and the scorecard as the last",
    .result = jsonl_result,
    .end = jsonl_end,
    .report = jsonl_report,
};
