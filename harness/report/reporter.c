#include "harness/report/reporter.h"

#include "harness/report/formats.h"

#include <string.h>

// A whole run can be kept back (one suite of JUnit), a report can be as large as what is read.
enum { OUT_MAX = 256 * 1024 * 1024 };

const struct dc_reporter *const dc_reporters[] = {
    &dc_reporter_github,   &dc_reporter_json, &dc_reporter_jsonl, &dc_reporter_junit,
    &dc_reporter_markdown, &dc_reporter_tap,  &dc_reporter_text,
};
const size_t dc_n_reporters = sizeof dc_reporters / sizeof dc_reporters[0];

const struct dc_reporter *dc_reporter_find(const char *name)
{
    for (size_t i = 0; i < dc_n_reporters; i++) {
        if (strcmp(dc_reporters[i]->name, name) == 0) {
            return dc_reporters[i];
        }
    }
    return NULL;
}

static void flush(struct dc_writer *writer)
{
    struct dc_sink *sink = writer->sink;
    const struct fdns_buf *out = &writer->out;
    if (out->overflow || writer->kept.overflow) {
        sink->failed = true;
    } else if (sink->file == NULL) {
        fdns_buf_append(sink->buf, out->data, out->len);
        sink->failed |= sink->buf->overflow;
    } else if (out->len != 0 && (fwrite(out->data, 1, out->len, sink->file) != out->len ||
                                 fflush(sink->file) != 0)) {
        sink->failed = true;
    }
    fdns_buf_reset(&writer->out);
    fdns_arena_reset(&writer->scratch);
}

void dc_writer_open(struct dc_writer *writer, const struct dc_reporter *reporter,
                    struct dc_sink *sink, const struct dc_writer_options *options)
{
    *writer = (struct dc_writer){.reporter = reporter, .options = *options, .sink = sink};
    fdns_buf_init(&writer->out, OUT_MAX);
    fdns_buf_init(&writer->kept, OUT_MAX);
    fdns_arena_init(&writer->scratch, 0);
    dc_tally_init(&writer->tally);
}

void dc_writer_clear(struct dc_writer *writer)
{
    fdns_buf_clear(&writer->out);
    fdns_buf_clear(&writer->kept);
    fdns_arena_clear(&writer->scratch);
    dc_tally_clear(&writer->tally);
}

static void begin(struct dc_writer *writer)
{
    if (!writer->began && writer->reporter->begin != NULL) {
        writer->reporter->begin(writer);
    }
    writer->began = true;
}

void dc_writer_result(struct dc_writer *writer, const struct dc_result *result)
{
    begin(writer);
    writer->area = dc_result_area(&writer->scratch, result->file);
    writer->slug = dc_result_slug(&writer->scratch, result->file);
    writer->name = strcmp(writer->area, ".") == 0
                       ? writer->slug
                       : fdns_arena_format(&writer->scratch, "%s/%s", writer->area, writer->slug);
    dc_tally_add(&writer->tally, result);
    writer->reporter->result(writer, result);
    flush(writer);
}

bool dc_writer_end(struct dc_writer *writer)
{
    begin(writer);
    writer->reporter->end(writer);
    flush(writer);
    return !writer->sink->failed;
}

bool dc_writer_report(struct dc_writer *writer, const struct dc_report *report)
{
    writer->reporter->report(writer, report);
    flush(writer);
    return !writer->sink->failed;
}
