#include "fakedns/base/diag.h"
#include "fakedns/base/escape.h"

#include <string.h>

static const char *severity_word(enum fdns_severity severity)
{
    switch (severity) {
    case FDNS_ERROR:
        return "error";
    case FDNS_WARNING:
        return "warning";
    case FDNS_NOTE:
        return "note";
    }
    return "error";
}

static void print_one(const struct fdns_diag *diag, struct fdns_buf *out)
{
    fdns_escape(out, diag->file, strlen(diag->file));
    if (diag->line != 0) {
        fdns_buf_format(out, ":%u", diag->line);
    }
    if (diag->line != 0 && diag->column != 0) {
        fdns_buf_format(out, ":%u", diag->column);
    }
    fdns_buf_format(out, ": %s: ", severity_word(diag->severity));
    fdns_escape(out, diag->message, strlen(diag->message));
    fdns_buf_u8(out, '\n');
    if (diag->source_line != NULL) {
        fdns_buf_format(out, "    %s\n    %s\n", diag->source_line, diag->caret);
    }
}

// Errors and warnings that were counted and not kept.
static size_t count_lost(const struct fdns_diags *diags)
{
    size_t n_lost = diags->n_errors + diags->n_warnings;
    for (size_t i = 0; i < diags->n_items; i++) {
        n_lost -= diags->items[i].severity != FDNS_NOTE ? 1 : 0;
    }
    return n_lost;
}

void fdns_diags_print(const struct fdns_diags *diags, size_t from, struct fdns_buf *out)
{
    for (size_t i = from; i < diags->n_items; i++) {
        print_one(&diags->items[i], out);
    }
    size_t n_lost = count_lost(diags);
    if (n_lost != 0) {
        fdns_buf_format(out, "(and %zu more)\n", n_lost);
    }
}
