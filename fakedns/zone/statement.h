// Statements of zone text (RFC 1035 5.1): lines, joined by parentheses, cut into words.
#pragma once

#include "fakedns/base/diag.h"

#include <stdbool.h>
#include <stddef.h>

// A word or a quoted string as it stands in the text, escapes and quotes included.
struct fdns_zone_word {
    const char *text;
    size_t len;
    unsigned line, column;
};

struct fdns_statement {
    struct fdns_zone_word *words;
    size_t n_words;
    size_t capacity;
    bool blank_start; // the line begins with a blank: the owner is that of the record before
    bool bad;         // something was wrong and has been reported
};

struct fdns_statements {
    const struct fdns_source *source;
    struct fdns_diags *diags;
    size_t at; // offset of what was not read yet
    unsigned line;
    size_t line_at; // offset of that line
};

void fdns_statements_init(struct fdns_statements *statements, const struct fdns_source *source,
                          struct fdns_diags *diags);

// The next statement that has words; false at the end of the text. Its words live in arena and
// point into the text.
bool fdns_statements_next(struct fdns_statements *statements, struct fdns_arena *arena,
                          struct fdns_statement *statement);
