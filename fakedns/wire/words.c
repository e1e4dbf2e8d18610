#include "fakedns/wire/words.h"

#include <string.h>

struct split {
    struct fdns_words *words;
    struct fdns_arena *arena;
    size_t capacity;
    unsigned depth;  // of parentheses
    const char *end; // of the last word
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// The word from text to end, with its quotes.
static void add(struct split *split, const char *text, const char *end)
{
    struct fdns_words *words = split->words;
    bool quoted = *text == '"';
    size_t len = (size_t)(end - text) - (quoted ? 2 : 0);
    words->items = fdns_arena_grow(split->arena, words->items, words->n, words->n + 1,
                                   sizeof *words->items, &split->capacity);
    words->items[words->n++] = (struct fdns_word){
        .text = fdns_arena_string_n(split->arena, text + quoted, len),
        .len = len,
        .quoted = quoted,
        .glued = text == split->end,
    };
    split->end = end;
}

// The octet after a backslash never ends a word.
static const char *skip_octet(const char *at)
{
    return at[0] == '\\' && at[1] != '\0' ? at + 2 : at + 1;
}

static const char *end_of_plain(const char *at)
{
    while (*at != '\0' && !is_blank(*at) && strchr("\"();", *at) == NULL) {
        at = skip_octet(at);
    }
    return at;
}

static const char *end_of_quoted(const char *at)
{
    while (*at != '\0' && *at != '"') {
        at = skip_octet(at);
    }
    return at;
}

// Moves past what stands at *at: a blank, a comment, a parenthesis or a word.
static const char *step(struct split *split, const char **at)
{
    const char *start = *at;
    const char *end;
    switch (*start) {
    case '"':
        end = end_of_quoted(start + 1);
        if (*end == '\0') {
            return "a quoted string has no closing quote";
        }
        add(split, start, end + 1);
        *at = end + 1;
        return NULL;
    case ';':
        *at = start + strcspn(start, "\n");
        return NULL;
    case '(':
        split->depth++;
        *at = start + 1;
        return NULL;
    case ')':
        *at = start + 1;
        return split->depth-- != 0 ? NULL : "a parenthesis is closed that was never opened";
    default:
        end = end_of_plain(start);
        add(split, start, end);
        *at = end;
        return NULL;
    }
}

const char *fdns_words_split(struct fdns_words *words, struct fdns_arena *arena, const char *text)
{
    *words = (struct fdns_words){0};
    struct split split = {.words = words, .arena = arena};
    while (*text != '\0') {
        if (is_blank(*text)) {
            text++;
            continue;
        }
        const char *why = step(&split, &text);
        if (why != NULL) {
            return why;
        }
    }
    return split.depth == 0 ? NULL : "a parenthesis is not closed";
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// The octet that an escape at *at means; false if it means none.
static bool resolve(const char **at, const char *end, uint8_t *octet)
{
    const char *text = *at + 1;
    if (text == end) {
        return false;
    }
    if (!is_digit(*text)) {
        *octet = (uint8_t)*text;
        *at = text + 1;
        return true;
    }
    if (end - text < 3 || !is_digit(text[1]) || !is_digit(text[2])) {
        return false;
    }
    int value = (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0');
    *octet = (uint8_t)value;
    *at = text + 3;
    return value <= 255;
}

bool fdns_word_octets(const struct fdns_word *word, uint8_t *out, size_t *len)
{
    const char *end = word->text + word->len;
    size_t n = 0;
    for (const char *at = word->text; at != end; n++) {
        if (*at == '\\') {
            if (!resolve(&at, end, &out[n])) {
                return false;
            }
        } else {
            out[n] = (uint8_t)*at++;
        }
    }
    *len = n;
    return true;
}

bool fdns_word_number(const struct fdns_word *word, uint32_t max, uint32_t *number)
{
    uint64_t value = 0;
    if (word->quoted || word->len == 0) {
        return false;
    }
    for (size_t i = 0; i < word->len; i++) {
        if (!is_digit(word->text[i])) {
            return false;
        }
        value = value * 10 + (uint64_t)(word->text[i] - '0');
        if (value > max) {
            return false;
        }
    }
    *number = (uint32_t)value;
    return true;
}

uint32_t fdns_word_unit(char unit)
{
    switch (unit | 0x20) {
    case 's':
        return 1;
    case 'm':
        return 60;
    case 'h':
        return 3600;
    case 'd':
        return 86400;
    case 'w':
        return 604800;
    default:
        return 0;
    }
}
