// junit: XML as CI systems read it. A suite for each area, a test case for each scenario. A suite
// is kept back until its last case is known, because its counts stand in its first line.
#include "harness/report/escape.h"
#include "harness/report/formats.h"

#include <string.h>

// An attribute of text that may hold anything.
static void attribute(struct fdns_buf *out, const char *name, const char *text)
{
    struct fdns_buf safe;
    fdns_buf_init(&safe, 16 * DC_SHOWN_MAX);
    dc_escape_text(&safe, text);
    fdns_buf_format(out, " %s=\"", name);
    dc_escape_xml(out, fdns_buf_text(&safe));
    fdns_buf_string(out, "\"");
    fdns_buf_clear(&safe);
}

static void finish_suite(struct dc_writer *writer)
{
    if (writer->n_kept == 0) {
        return;
    }
    fdns_buf_string(&writer->out, "<testsuite");
    attribute(&writer->out, "name", writer->kept_area);
    fdns_buf_format(&writer->out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\">\n",
                    writer->n_kept, writer->n_kept_failures, writer->n_kept_errors);
    fdns_buf_append(&writer->out, writer->kept.data, writer->kept.len);
    fdns_buf_string(&writer->out, "</testsuite>\n");
    fdns_buf_reset(&writer->kept);
    writer->n_kept = writer->n_kept_failures = writer->n_kept_errors = 0;
}

// The dots of a class name are what CI systems group by.
static const char *class_of(struct dc_writer *writer, const char *area)
{
    char *name = fdns_arena_string(&writer->scratch, strcmp(area, ".") == 0 ? "scenarios" : area);
    for (char *p = name; *p != '\0'; p++) {
        *p = *p == '/' ? '.' : *p;
    }
    return name;
}

static void keep_case(struct dc_writer *writer, const char *class_name, const char *name,
                      int64_t duration_us)
{
    struct fdns_buf *out = &writer->kept;
    fdns_buf_string(out, "<testcase");
    attribute(out, "classname", class_name);
    attribute(out, "name", name);
    fdns_buf_format(out, " time=\"%lld.%06lld\"", (long long)(duration_us / 1000000),
                    (long long)(duration_us % 1000000));
    writer->n_kept++;
}

// Ends the case with what is wrong: `prose` is safe text of many lines.
static void keep_failure(struct dc_writer *writer, const char *element, const char *type,
                         const char *message, const char *prose)
{
    struct fdns_buf *out = &writer->kept;
    fdns_buf_format(out, ">\n<%s", element);
    attribute(out, "type", type);
    attribute(out, "message", message);
    fdns_buf_string(out, ">");
    dc_escape_xml(out, prose);
    fdns_buf_format(out, "</%s>\n</testcase>\n", element);
}

static void junit_begin(struct dc_writer *writer)
{
    fdns_buf_string(&writer->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
    attribute(&writer->out, "name", writer->options.tool);
    fdns_buf_string(&writer->out, ">\n");
}

static void junit_result(struct dc_writer *writer, const struct dc_result *result)
{
    const char *class_name = class_of(writer, writer->area);
    if (strcmp(class_name, writer->kept_area) != 0) {
        finish_suite(writer);
        snprintf(writer->kept_area, sizeof writer->kept_area, "%s", class_name);
    }
    keep_case(writer, class_name,
              fdns_arena_format(&writer->scratch, "%s: %s", writer->slug, result->title),
              result->duration_us);
    if (result->verdict == DC_CONFORMS) {
        fdns_buf_string(&writer->kept, "/>\n");
        return;
    }
    bool error = result->verdict == DC_COULD_NOT_RUN;
    struct fdns_buf text;
    fdns_buf_init(&text, writer->kept.ceiling);
    const struct dc_prose prose = {.out = &text, .rerun_with = writer->options.rerun_with};
    dc_prose_result(&prose, result);
    keep_failure(writer, error ? "error" : "failure", dc_verdict_text(result->verdict),
                 dc_prose_reason(result), fdns_buf_text(&text));
    fdns_buf_clear(&text);
    writer->n_kept_errors += error;
    writer->n_kept_failures += !error;
}

static void junit_end(struct dc_writer *writer)
{
    finish_suite(writer);
    fdns_buf_string(&writer->out, "</testsuites>\n");
}

static void keep_finding(struct dc_writer *writer, const struct dc_report *report,
                         const struct dc_finding *finding)
{
    struct fdns_buf text;
    fdns_buf_init(&text, writer->kept.ceiling);
    const struct dc_prose prose = {.out = &text, .rerun_with = writer->options.rerun_with};
    dc_prose_finding(&prose, finding, report, writer->options.rerun);
    struct fdns_buf name;
    fdns_buf_init(&name, writer->kept.ceiling);
    fdns_buf_format(&name, "%s ", finding->id);
    dc_prose_where(&name, finding->name, finding->type, finding->server);
    keep_case(writer, "findings", fdns_buf_text(&name), 0);
    if (finding->level == DC_INFO) {
        fdns_buf_string(&writer->kept, "/>\n");
    } else {
        keep_failure(writer, "failure", dc_level_text(finding->level),
                     finding->row != NULL ? finding->row->title : finding->id,
                     fdns_buf_text(&text));
        writer->n_kept_failures++;
    }
    fdns_buf_clear(&name);
    fdns_buf_clear(&text);
}

static void junit_report(struct dc_writer *writer, const struct dc_report *report)
{
    const char *subject = report->subject != NULL ? report->subject : "report";
    junit_begin(writer);
    snprintf(writer->kept_area, sizeof writer->kept_area, "%s", subject);
    keep_case(writer, "status", dc_status_text(report->status), 0);
    if (report->status == DC_STATUS_SUCCESS) {
        fdns_buf_string(&writer->kept, "/>\n");
    } else {
        keep_failure(writer, "failure", dc_status_text(report->status), subject, "");
        writer->n_kept_failures++;
    }
    for (size_t i = 0; i < report->n_findings; i++) {
        keep_finding(writer, report, &report->findings[i]);
    }
    junit_end(writer);
}

const struct dc_reporter dc_reporter_junit = {
    .name = "junit",
    .doc = "JUnit XML: a suite for each area, a test case for each scenario",
    .begin = junit_begin,
    .result = junit_result,
    .end = junit_end,
    .report = junit_report,
};
