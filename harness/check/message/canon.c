#include "harness/check/message/canon.h"

#include <string.h>

enum { PIECE = 4096 };

// Collects small pieces.
struct pieces {
    dc_canon_fn *put;
    void *owner;
    size_t n;
    char octets[PIECE];
};

static void flush(struct pieces *pieces)
{
    if (pieces->n > 0) {
        pieces->put(pieces->owner, pieces->octets, pieces->n);
        pieces->n = 0;
    }
}

static void add(struct pieces *pieces, const char *octets, size_t len)
{
    if (len >= PIECE) {
        flush(pieces);
        pieces->put(pieces->owner, octets, len);
        return;
    }
    if (pieces->n + len > PIECE) {
        flush(pieces);
    }
    memcpy(pieces->octets + pieces->n, octets, len);
    pieces->n += len;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static size_t run_of(const char *text, size_t len, bool blank)
{
    size_t n = 0;
    while (n < len && is_blank(text[n]) == blank) {
        n++;
    }
    return n;
}

// Words with one blank where white space was, none at the end. `started`: there are words before,
// so that white space at the beginning counts. Returns whether there are words now.
static bool add_words(struct pieces *pieces, const char *text, size_t len, bool started)
{
    bool blank = false;
    for (size_t at = 0; at < len;) {
        size_t n = run_of(text + at, len - at, true);
        blank = blank || n > 0;
        at += n;
        n = run_of(text + at, len - at, false);
        if (n > 0) {
            add(pieces, " ", started && blank ? 1 : 0);
            add(pieces, text + at, n);
            started = true;
            blank = false;
        }
        at += n;
    }
    return started;
}

static void add_lower(struct pieces *pieces, const char *name, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] - 'A' + 'a') : name[i];
        add(pieces, &c, 1);
    }
}

static void relax_field(struct pieces *pieces, const char *text, size_t len)
{
    const char *colon = memchr(text, ':', len);
    size_t name_len = colon != NULL ? (size_t)(colon - text) : len;
    size_t at = colon != NULL ? name_len + 1 : len;
    bool started = false;
    while (name_len > 0 && is_blank(text[name_len - 1])) {
        name_len--;
    }
    add_lower(pieces, text, name_len);
    add(pieces, ":", 1);
    // unfolding takes the CRLF away: lines that follow begin with white space
    while (at < len) {
        size_t whole;
        size_t n = dc_line_len(text + at, len - at, &whole);
        started = add_words(pieces, text + at, n, started);
        at += whole;
    }
}

void dc_canon_field(bool relaxed, const char *text, size_t len, dc_canon_fn *put, void *owner)
{
    struct pieces pieces = {.put = put, .owner = owner};
    if (relaxed) {
        relax_field(&pieces, text, len);
        flush(&pieces);
    } else {
        put(owner, text, len);
    }
}

static void simple_body(const char *body, size_t len, dc_canon_fn *put, void *owner)
{
    while (len >= 2 && memcmp(body + len - 2, "\r\n", 2) == 0) {
        len -= 2;
    }
    put(owner, body, len);
    put(owner, "\r\n", 2);
}

static void relaxed_body(struct pieces *pieces, const char *body, size_t len)
{
    size_t n_empty = 0;
    for (size_t at = 0; at < len;) {
        size_t whole;
        size_t n = dc_line_len(body + at, len - at, &whole);
        if (run_of(body + at, n, true) == n) {
            n_empty++;
        } else {
            for (; n_empty > 0; n_empty--) {
                add(pieces, "\r\n", 2);
            }
            // the blank at the beginning of a line stays one
            add(pieces, " ", is_blank(body[at]) ? 1 : 0);
            add_words(pieces, body + at, n, false);
            add(pieces, "\r\n", 2);
        }
        at += whole;
    }
}

void dc_canon_body(bool relaxed, const char *body, size_t len, dc_canon_fn *put, void *owner)
{
    struct pieces pieces = {.put = put, .owner = owner};
    if (relaxed) {
        relaxed_body(&pieces, body, len);
        flush(&pieces);
    } else {
        simple_body(body, len, put, owner);
    }
}
