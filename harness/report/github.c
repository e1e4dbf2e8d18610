// github: annotations as workflow commands. GitHub shows ten of each level a step and drops the
// others silently, so what is beyond is counted and said in one notice.
#include "harness/report/escape.h"
#include "harness/report/formats.h"

enum { PER_LEVEL = 10, MESSAGE_MAX = 4000 };
enum level { ERROR, WARNING, NOTICE, N_LEVELS };

static const char *const commands[] = {
    [ERROR] = "error", [WARNING] = "warning", [NOTICE] = "notice"};

// The last notice is left for the count of what is not shown.
static bool has_room(struct dc_writer *writer, enum level level)
{
    return writer->n_annotations[level]++ < (level == NOTICE ? PER_LEVEL - 1 : PER_LEVEL);
}

static void property(struct fdns_buf *out, const char *name, const char *text)
{
    struct fdns_buf safe;
    fdns_buf_init(&safe, 16 * DC_SHOWN_MAX);
    dc_escape_text(&safe, text);
    fdns_buf_format(out, "%s=", name);
    dc_escape_github_property(out, fdns_buf_text(&safe));
    fdns_buf_clear(&safe);
}

// Safe text, cut before a line that would pass the limit.
static void message(struct fdns_buf *out, struct fdns_buf *text)
{
    if (text->len > MESSAGE_MAX) {
        text->len = MESSAGE_MAX;
        while (text->len > 0 && text->data[text->len - 1] != '\n') {
            text->len--;
        }
        fdns_buf_string(text, "(cut)");
    }
    fdns_buf_string(out, "::");
    dc_escape_github(out, fdns_buf_text(text));
    fdns_buf_string(out, "\n");
}

// Where in the file the first checkpoint is that does not conform.
static unsigned line_of(const struct dc_result *result)
{
    for (size_t i = 0; i < result->n_visits; i++) {
        const struct dc_visit_result *visit = &result->visits[i];
        if (visit->verdict == DC_CONFORMS) {
            continue;
        }
        if (visit->n_absent != 0 && visit->absent[0]->line != 0) {
            return visit->absent[0]->line;
        }
        return visit->line != 0 ? visit->line : 1;
    }
    return 1;
}

static void github_result(struct dc_writer *writer, const struct dc_result *result)
{
    enum level level = result->verdict == DC_NOTICED ? WARNING : ERROR;
    if (result->verdict == DC_CONFORMS || !has_room(writer, level)) {
        return;
    }
    struct fdns_buf text;
    fdns_buf_init(&text, writer->out.ceiling);
    const struct dc_prose prose = {.out = &text, .rerun_with = writer->options.rerun_with};
    dc_prose_result(&prose, result);
    fdns_buf_format(&writer->out, "::%s ", commands[level]);
    property(&writer->out, "file", result->file);
    fdns_buf_format(&writer->out, ",line=%u,", line_of(result));
    property(&writer->out, "title",
             fdns_arena_format(&writer->scratch, "%s: %s", dc_verdict_text(result->verdict),
                               result->title));
    message(&writer->out, &text);
    fdns_buf_clear(&text);
}

static size_t beyond(size_t n, size_t room)
{
    return n > room ? n - room : 0;
}

static void say_what_is_not_shown(struct dc_writer *writer)
{
    size_t n = beyond(writer->n_annotations[ERROR], PER_LEVEL) +
               beyond(writer->n_annotations[WARNING], PER_LEVEL) +
               beyond(writer->n_annotations[NOTICE], PER_LEVEL - 1);
    if (n != 0) {
        fdns_buf_format(&writer->out,
                        "::notice title=dnsconform::%zu more are not shown here; the job summary "
                        "and the other reports have them all\n",
                        n);
    }
}

static void github_finding(struct dc_writer *writer, const struct dc_report *report,
                           const struct dc_finding *finding)
{
    static const enum level levels[] = {
        [DC_ERROR] = ERROR, [DC_WARNING] = WARNING, [DC_INFO] = NOTICE};
    enum level level = levels[finding->level];
    if (!has_room(writer, level)) {
        return;
    }
    struct fdns_buf text;
    fdns_buf_init(&text, writer->out.ceiling);
    const struct dc_prose prose = {.out = &text, .rerun_with = writer->options.rerun_with};
    dc_prose_finding(&prose, finding, report, writer->options.rerun);
    fdns_buf_format(&writer->out, "::%s ", commands[level]);
    property(&writer->out, "title", finding->row != NULL ? finding->row->title : finding->id);
    message(&writer->out, &text);
    fdns_buf_clear(&text);
}

static void github_report(struct dc_writer *writer, const struct dc_report *report)
{
    for (size_t i = 0; i < report->n_findings; i++) {
        github_finding(writer, report, &report->findings[i]);
    }
    say_what_is_not_shown(writer);
}

const struct dc_reporter dc_reporter_github = {
    .name = "github",
    .doc = "GitHub annotations (workflow commands in the log)",
    .result = github_result,
    .end = say_what_is_not_shown,
    .report = github_report,
};
