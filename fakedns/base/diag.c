#include "fakedns/base/diag.h"

#include "fakedns/base/escape.h"
#include "fakedns/base/fatal.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
    MOST_KEPT = 1000,
    LONGEST_MESSAGE = 1000,
    LONGEST_QUOTE = 90, // octets of a source line that are shown
    BEFORE_COLUMN = 40, // of these, before the column, where the line is too long to show whole
};

void fdns_diags_init(struct fdns_diags *diags)
{
    *diags = (struct fdns_diags){0};
    fdns_arena_init(&diags->arena, 0);
}

void fdns_diags_clear(struct fdns_diags *diags)
{
    fdns_arena_clear(&diags->arena);
    *diags = (struct fdns_diags){0};
}

struct line {
    const char *text;
    size_t len;
};

// The line-th line of source, without its end; empty past the last one.
static struct line find_line(const struct fdns_source *source, unsigned line)
{
    const char *at = source->text;
    const char *end = source->text + source->len;
    for (unsigned i = 1; i < line; i++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if (newline == NULL) {
            return (struct line){.text = end};
        }
        at = newline + 1;
    }
    const char *newline = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
    size_t len = (size_t)((newline != NULL ? newline : end) - at);
    if (len > 0 && at[len - 1] == '\r') {
        len--;
    }
    return (struct line){at, len};
}

static bool continues_character(const struct line *line, size_t at)
{
    return at < line->len && ((uint8_t)line->text[at] & 0xc0) == 0x80;
}

// What is shown of a line: octets [from, to).
struct part {
    size_t from;
    size_t to;
    bool cut_before;
    bool cut_after;
};

static struct part choose_part(const struct line *line, size_t column)
{
    struct part part = {.to = line->len};
    while (part.from < column && (line->text[part.from] == ' ' || line->text[part.from] == '\t')) {
        part.from++;
    }
    if (line->len - part.from <= LONGEST_QUOTE) {
        return part;
    }
    if (column > part.from + BEFORE_COLUMN) {
        part.from = column - BEFORE_COLUMN;
        part.cut_before = true;
        while (part.from < column && continues_character(line, part.from)) {
            part.from++;
        }
    }
    if (line->len - part.from > LONGEST_QUOTE) {
        part.to = part.from + LONGEST_QUOTE;
        part.cut_after = true;
        while (part.to > column && continues_character(line, part.to)) {
            part.to--;
        }
    }
    return part;
}

// Appends one character as it is shown, and to `blanks` as many as it is wide. Returns its octets.
static size_t quote_character(const char *text, size_t len, struct fdns_buf *quote,
                              struct fdns_buf *blanks)
{
    size_t columns = 0;
    size_t n = *text == '\t' ? 1 : fdns_escape_visible(text, len, &columns);
    if (n == 0) {
        fdns_escape(quote, text, 1);
        fdns_buf_string(blanks, "    ");
        return 1;
    }
    fdns_buf_append(quote, text, n);
    fdns_buf_string(blanks, *text == '\t' ? "\t" : columns == 2 ? "  " : " ");
    return n;
}

// Tabs stay tabs in both lines, so that the caret stands right whatever width they have.
static void quote_line(struct fdns_arena *arena, struct fdns_diag *diag, const struct line *line,
                       size_t column)
{
    struct part part = choose_part(line, column);
    struct fdns_buf quote, caret, unused;
    fdns_buf_init(&quote, SIZE_MAX);
    fdns_buf_init(&caret, SIZE_MAX);
    fdns_buf_init(&unused, 0);
    fdns_buf_string(&quote, part.cut_before ? "..." : "");
    fdns_buf_string(&caret, part.cut_before ? "   " : "");
    for (size_t at = part.from; at < part.to;) {
        at +=
            quote_character(line->text + at, part.to - at, &quote, at < column ? &caret : &unused);
    }
    fdns_buf_string(&quote, part.cut_after ? "..." : "");
    fdns_buf_u8(&caret, '^');
    diag->source_line = fdns_arena_string(arena, fdns_buf_text(&quote));
    diag->caret = fdns_arena_string(arena, fdns_buf_text(&caret));
    fdns_buf_clear(&quote);
    fdns_buf_clear(&caret);
}

static const char *format_message(struct fdns_arena *arena, const char *format, va_list args)
{
    char message[LONGEST_MESSAGE + 1];
    int len = vsnprintf(message, sizeof message, format, args);
    if (len < 0) {
        fdns_fatal("cannot format \"%s\"", format);
    }
    if (len > LONGEST_MESSAGE) {
        memcpy(message + LONGEST_MESSAGE - 3, "...", 4);
    }
    return fdns_arena_string(arena, message);
}

// Counts one more; NULL if no more are kept.
static struct fdns_diag *add(struct fdns_diags *diags, enum fdns_severity severity)
{
    diags->n_errors += severity == FDNS_ERROR ? 1 : 0;
    diags->n_warnings += severity == FDNS_WARNING ? 1 : 0;
    if (diags->n_items == MOST_KEPT) {
        return NULL;
    }
    diags->items = fdns_arena_grow(&diags->arena, diags->items, diags->n_items, diags->n_items + 1,
                                   sizeof *diags->items, &diags->capacity);
    struct fdns_diag *diag = &diags->items[diags->n_items++];
    *diag = (struct fdns_diag){.severity = severity};
    return diag;
}

void fdns_diag(struct fdns_diags *diags, enum fdns_severity severity,
               const struct fdns_source *source, unsigned line, unsigned column, const char *format,
               ...)
{
    struct fdns_diag *diag = add(diags, severity);
    if (diag == NULL) {
        return;
    }
    va_list args;
    va_start(args, format);
    diag->message = format_message(&diags->arena, format, args);
    va_end(args);
    diag->file = fdns_arena_string(
        &diags->arena, source != NULL && source->file != NULL ? source->file : "(input)");
    if (source == NULL || line == 0) {
        return;
    }
    unsigned lines_above = source->first_line > 0 ? source->first_line - 1 : 0;
    diag->line = (source->fixed_place ? 1 : line) + lines_above;
    diag->column = column != 0 ? (source->fixed_place ? 1 : column) + source->indentation : 0;
    if (column != 0 && source->text != NULL) {
        struct line quoted = find_line(source, line);
        size_t at = column - 1 < quoted.len ? column - 1 : quoted.len;
        quote_line(&diags->arena, diag, &quoted, at);
    }
}

void fdns_diag_file(struct fdns_diags *diags, enum fdns_severity severity, const char *file,
                    const char *format, ...)
{
    struct fdns_diag *diag = add(diags, severity);
    if (diag == NULL) {
        return;
    }
    va_list args;
    va_start(args, format);
    diag->message = format_message(&diags->arena, format, args);
    va_end(args);
    diag->file = fdns_arena_string(&diags->arena, file);
}
