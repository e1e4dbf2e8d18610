// A TXT record for people: its strings in quotes as a zone file writes them (RFC 1035 5.1), so that
// nothing in it reaches a terminal raw, and below them carets under the octets that count.
//
//   record    2 strings of 255 and 161 octets
//             …FLfHhl9+RpLP/7SF" "Tm6nTX6vDEwCc\226\128\139KfJux3HFWnsAjyPW8RFV…
//                                              ^^^^^^^^^^^^
//
// Long records are shortened around that place.
#include "harness/report/prose.h"

#include "harness/check/excerpt.h"

#include <string.h>

enum {
    WIDTH = 84,       // columns of the record on one line
    BEFORE = 36,      // of these, so many before the place
    ELLIPSIS = 1,     // columns
    LENGTHS_SHOWN = 6 // strings whose lengths are told
};

// One column or more of the line: an octet, or the border of two strings.
struct cell {
    char text[5];
    bool marked;
};

struct line {
    struct cell *cells;
    size_t n;
    size_t place; // the first cell that is marked, or n
};

static void put(struct line *line, const char *text, bool marked)
{
    struct cell *cell = &line->cells[line->n];
    size_t len = strlen(text);
    memcpy(cell->text, text, len < sizeof cell->text ? len + 1 : 0);
    cell->marked = marked;
    line->place = marked && line->place == SIZE_MAX ? line->n : line->place;
    line->n++;
}

// An octet as a zone file writes it. "##[" is a command to GitHub, so the second "#" is written by
// number.
static void put_octet(struct line *line, uint8_t octet, bool marked)
{
    bool command = octet == '#' && line->n > 0 && line->cells[line->n - 1].text[0] == '#';
    char text[5] = {(char)octet, '\0'};
    if (octet == '"' || octet == '\\') {
        text[0] = '\\';
        text[1] = (char)octet;
    } else if (octet < 0x20 || octet > 0x7e || command) {
        text[0] = '\\';
        text[1] = (char)('0' + octet / 100);
        text[2] = (char)('0' + octet / 10 % 10);
        text[3] = (char)('0' + octet % 10);
    }
    put(line, text, marked);
}

static void put_strings(struct line *line, const struct dc_excerpt *excerpt)
{
    const uint8_t *string;
    size_t len;
    size_t offset = 0;
    put(line, "\"", false);
    for (size_t at = 0; (string = dc_excerpt_next(excerpt, &at, &len)) != NULL;) {
        if (line->n > 1) {
            put(line, "\" \"", false);
        }
        for (size_t i = 0; i < len; i++, offset++) {
            bool inside = offset >= excerpt->at && offset - excerpt->at < excerpt->len;
            put_octet(line, string[i], inside);
        }
    }
    // what is missing at the end is missing where the quote is
    put(line, "\"", excerpt->len == 0 && excerpt->at > 0 && offset <= excerpt->at);
}

// Moves the start back, and then the end on, as far as there is room.
static void choose(const struct line *line, size_t *from, size_t *to)
{
    size_t place = line->place < line->n ? line->place : 0;
    size_t columns = 0;
    *from = place;
    while (*from > 0 && columns + strlen(line->cells[*from - 1].text) <= BEFORE) {
        columns += strlen(line->cells[--*from].text);
    }
    *to = place;
    while (*to < line->n && columns + strlen(line->cells[*to].text) <= WIDTH) {
        columns += strlen(line->cells[(*to)++].text);
    }
    while (*from > 0 && columns + strlen(line->cells[*from - 1].text) <= WIDTH) {
        columns += strlen(line->cells[--*from].text);
    }
}

static void print_lengths(const struct dc_prose *prose, const struct dc_excerpt *excerpt)
{
    struct fdns_buf text;
    size_t n = 0;
    size_t total = 0;
    size_t len;
    fdns_buf_init(&text, 1024);
    for (size_t at = 0; dc_excerpt_next(excerpt, &at, &len) != NULL; n++, total += len) {
        if (n < LENGTHS_SHOWN) {
            fdns_buf_format(&text, "%s%zu", n > 0 ? " + " : "", len);
        }
    }
    if (n > LENGTHS_SHOWN) {
        fdns_buf_string(&text, " + …");
    }
    if (n > 1) {
        fdns_buf_format(&text, " = %zu", total);
    }
    fdns_buf_format(&text, " octets in %zu string%s", n, n == 1 ? "" : "s");
    dc_prose_line(prose, "record", n > 0 ? fdns_buf_text(&text) : "no string");
    fdns_buf_clear(&text);
}

static void print_record(const struct dc_prose *prose, const struct line *line, size_t from,
                         size_t to)
{
    struct fdns_buf text;
    fdns_buf_init(&text, 8 * WIDTH);
    fdns_buf_string(&text, from > 0 ? "…" : "");
    for (size_t i = from; i < to; i++) {
        fdns_buf_string(&text, line->cells[i].text);
    }
    fdns_buf_string(&text, to < line->n ? "…" : "");
    dc_prose_line(prose, "", fdns_buf_text(&text));
    fdns_buf_clear(&text);
}

static void print_carets(const struct dc_prose *prose, const struct line *line, size_t from,
                         size_t to)
{
    struct fdns_buf text;
    size_t blanks = from > 0 ? ELLIPSIS : 0;
    fdns_buf_init(&text, 8 * WIDTH);
    for (size_t i = from; i < to; i++) {
        for (size_t k = 0; k < strlen(line->cells[i].text); k++) {
            if (!line->cells[i].marked) {
                blanks++;
                continue;
            }
            fdns_buf_format(&text, "%*s^", (int)blanks, "");
            blanks = 0;
        }
    }
    if (text.len > 0) {
        dc_prose_line(prose, "", fdns_buf_text(&text));
    }
    fdns_buf_clear(&text);
}

void dc_prose_excerpt(const struct dc_prose *prose, const struct dc_excerpt *excerpt)
{
    if (excerpt == NULL) {
        return;
    }
    struct fdns_arena arena;
    fdns_arena_init(&arena, 0);
    struct line line = {
        // each octet of the rdata is a cell at most, and there are the two outer quotes
        .cells = fdns_arena_array(&arena, excerpt->rdata_len + 2, sizeof *line.cells),
        .place = SIZE_MAX};
    size_t from;
    size_t to;
    put_strings(&line, excerpt);
    choose(&line, &from, &to);
    print_lengths(prose, excerpt);
    print_record(prose, &line, from, to);
    print_carets(prose, &line, from, to);
    fdns_arena_clear(&arena);
}
