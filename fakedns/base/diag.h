// Diagnostics: people's mistakes, with file, line and column.
//
// All mistakes of an input are collected and reported in one go:
//
//   scenarios/a.yaml:7:11: error: unknown key "tpye" (did you mean "type"?)
//       tpye: TXT
//       ^
//
// Lines and columns count from 1; line 0 means the file as a whole. Columns count octets.
#pragma once

#include "fakedns/base/arena.h"
#include "fakedns/base/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum fdns_severity { FDNS_ERROR, FDNS_WARNING, FDNS_NOTE };

struct fdns_diag {
    enum fdns_severity severity;
    const char *file;
    unsigned line;
    unsigned column;
    const char *message;
    // What is shown below the message, ready to print, or NULL: that line without its indentation
    // (a long one only around the column), and blanks up to a ^ under the column.
    const char *source_line;
    const char *caret;
};

// Owned by whoever inits it; every string is copied into its arena. At most 1,000 diagnostics are
// kept, their messages cut at 1,000 octets; the counters go on.
struct fdns_diags {
    struct fdns_arena arena;
    struct fdns_diag *items;
    size_t n_items;
    size_t capacity;
    size_t n_errors;
    size_t n_warnings;
};

// A text and the file it came from, for quoting the line a diagnostic is about. A text that is a
// part of a larger file says where it starts (first_line, and how far its lines were indented).
struct fdns_source {
    const char *file;
    const char *text;
    size_t len;
    unsigned first_line;  // number of the text's first line in the file; 0 counts as 1
    unsigned indentation; // columns that were cut off each line
    bool fixed_place;     // lines of this text are no lines of the file (it was folded, unescaped):
                          // whatever is wrong in it is reported at its first line and column
};

void fdns_diags_init(struct fdns_diags *diags);
void fdns_diags_clear(struct fdns_diags *diags);

// Adds one. source may be NULL (a file as a whole, then line and column are 0). line counts within
// source->text from 1; first_line and indentation are added here.
void fdns_diag(struct fdns_diags *diags, enum fdns_severity severity,
               const struct fdns_source *source, unsigned line, unsigned column, const char *format,
               ...) __attribute__((format(printf, 6, 7)));

// The same for a file as a whole (it cannot be read, it is empty).
void fdns_diag_file(struct fdns_diags *diags, enum fdns_severity severity, const char *file,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));

// Appends diagnostics [from, n_items) as text. Octets that are not printable ASCII or visible UTF-8
// appear as \xNN (escape.h).
void fdns_diags_print(const struct fdns_diags *diags, size_t from, struct fdns_buf *out);
