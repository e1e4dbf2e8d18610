// Reporters: the formats of output, and the writer that drives one.
//
//   open -> result* -> end        for a run
//   open -> report                for a single report
//
// A reporter appends text to a buffer and knows nothing of files; the writer hands the buffer on
// after every event, so a reporter streams unless it keeps something back (`kept`).
#pragma once

#include "harness/report/prose.h"
#include "harness/report/tally.h"

#include <stdio.h>

// Where output goes: a file or a buffer.
struct dc_sink {
    FILE *file;           // not closed here; NULL: buf
    struct fdns_buf *buf; // or NULL
    bool failed;          // something could not be written; sticks
};

struct dc_writer_options {
    const char *tool;       // "dnsconform 0.1.0"
    const char *rerun;      // command line that makes the single report again, or NULL
    const char *rerun_with; // options that playing a scenario again needs, escaped; or NULL
    size_t n_scenarios;     // how many results will come; 0: not known
    bool colour;
    bool quiet;   // text: only what does not conform, and the summary
    bool verbose; // text: findings of what conforms, too
};

struct dc_writer;

struct dc_reporter {
    const char *name;
    const char *doc;
    void (*begin)(struct dc_writer *writer); // of a run; NULL: nothing to say
    void (*result)(struct dc_writer *writer, const struct dc_result *result);
    void (*end)(struct dc_writer *writer);
    void (*report)(struct dc_writer *writer, const struct dc_report *report);
};

// Sorted by name.
extern const struct dc_reporter *const dc_reporters[];
extern const size_t dc_n_reporters;
const struct dc_reporter *dc_reporter_find(const char *name); // NULL is normal

struct dc_writer {
    const struct dc_reporter *reporter;
    struct dc_writer_options options;
    struct dc_sink *sink;
    struct fdns_buf out;       // of the present event
    struct fdns_buf kept;      // what a reporter holds back
    struct dc_tally tally;     // of the results so far, the present one included
    const char *area;          // of the present result: folders
    const char *slug;          // its file name without extension
    const char *name;          // both: "dkim/name/doubled-suffix"
    struct fdns_arena scratch; // of the present event
    char kept_area[256];       // junit: of the suite that is kept back
    size_t n_kept, n_kept_failures, n_kept_errors;
    size_t n_annotations[3]; // github: by level
    bool began;
};

// The writer borrows sink and the strings of options.
void dc_writer_open(struct dc_writer *writer, const struct dc_reporter *reporter,
                    struct dc_sink *sink, const struct dc_writer_options *options);
void dc_writer_result(struct dc_writer *writer, const struct dc_result *result);
// Ends a run, also one without results. False if anything could not be written.
bool dc_writer_end(struct dc_writer *writer);
// Writes a single report. False if it could not be written.
bool dc_writer_report(struct dc_writer *writer, const struct dc_report *report);
void dc_writer_clear(struct dc_writer *writer);
