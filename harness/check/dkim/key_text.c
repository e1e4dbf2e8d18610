// Steps: choose the armoured block, if there is one; drop its headers; drop white space and note
// it; then tell base64 from what is not.
#include "harness/check/dkim/key_text.h"

#include "harness/check/dkim/base64.h"

#include <string.h>

#define BEGIN  "-----BEGIN "
#define END    "-----END "
#define DASHES "-----"

enum { DER_SEQUENCE = 0x30, HEX_MIN = 64 }; // no key has fewer digits

// A piece of the text; at is where it begins in the whole.
struct piece {
    const char *text;
    size_t len;
    size_t at;
};

static struct piece part(const struct piece *whole, size_t from, size_t to)
{
    return (struct piece){whole->text + from, to - from, whole->at + from};
}

static bool find(const struct piece *piece, size_t from, const char *word, size_t *at)
{
    const char *found = from <= piece->len
                            ? memmem(piece->text + from, piece->len - from, word, strlen(word))
                            : NULL;
    if (found != NULL) {
        *at = (size_t)(found - piece->text);
    }
    return found != NULL;
}

static bool holds(const struct piece *piece, const char *word)
{
    size_t at;
    return find(piece, 0, word, &at);
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || is_line_end(c);
}

static struct piece trim(struct piece piece)
{
    while (piece.len > 0 && is_blank(piece.text[piece.len - 1])) {
        piece.len--;
    }
    while (piece.len > 0 && is_line_end(piece.text[0])) {
        piece = part(&piece, 1, piece.len);
    }
    return piece;
}

struct block {
    struct piece label; // "RSA PRIVATE KEY"
    struct piece body;
};

// The block that begins at or after *from, and moves *from past it.
static bool next_block(const struct piece *text, size_t *from, struct block *block)
{
    size_t begin;
    size_t dashes;
    size_t end;
    if (!find(text, *from, BEGIN, &begin) || !find(text, begin + strlen(BEGIN), DASHES, &dashes)) {
        return false;
    }
    block->label = part(text, begin + strlen(BEGIN), dashes);
    size_t body = dashes + strlen(DASHES);
    end = find(text, body, END, &end) ? end : text->len;
    block->body = part(text, body, end);
    *from = end;
    return true;
}

// Better blocks have higher numbers.
static int worth(const struct block *block)
{
    return holds(&block->label, "PRIVATE KEY") ? 3 : holds(&block->label, "KEY") ? 2 : 1;
}

static bool choose_block(const struct piece *text, struct block *chosen)
{
    struct block block;
    int best = 0;
    for (size_t from = 0; next_block(text, &from, &block);) {
        if (worth(&block) > best) {
            best = worth(&block);
            *chosen = block;
        }
    }
    return best > 0;
}

// Lines of the form "Proc-Type: 4,ENCRYPTED" before the value (RFC 1421 4.6).
static struct piece drop_headers(struct dc_key_text *key, struct piece body)
{
    for (;;) {
        body = trim(body);
        const char *line_end = memchr(body.text, '\n', body.len);
        size_t len = line_end != NULL ? (size_t)(line_end - body.text) : body.len;
        struct piece line = part(&body, 0, len);
        if (len == body.len || memchr(line.text, ':', len) == NULL) {
            return body;
        }
        key->notes |= holds(&line, "ENCRYPTED") ? DC_KEY_TEXT_ENCRYPTED : 0U;
        body = part(&body, len, body.len);
    }
}

// What stands between header and footer; all of the text if it has neither.
static struct piece unwrap(struct dc_key_text *key, const struct piece *text)
{
    struct block block;
    size_t end;
    if (choose_block(text, &block)) {
        key->notes |= DC_KEY_TEXT_ARMOUR;
        key->notes |= holds(&block.label, "ENCRYPTED") ? DC_KEY_TEXT_ENCRYPTED : 0U;
        key->notes |= holds(&block.label, "OPENSSH") ? DC_KEY_TEXT_OPENSSH : 0U;
        return drop_headers(key, block.body);
    }
    if (find(text, 0, END, &end)) {
        key->notes |= DC_KEY_TEXT_ARMOUR;
        return part(text, 0, end);
    }
    return *text;
}

// The value without white space, which is noted.
static char *compact(struct dc_key_text *key, struct fdns_arena *arena, const struct piece *value)
{
    char *out = fdns_arena_alloc(arena, value->len + 1);
    for (size_t i = 0; i < value->len; i++) {
        char c = value->text[i];
        if (is_line_end(c)) {
            key->notes |= DC_KEY_TEXT_LINE_ENDS;
        } else if (is_blank(c)) {
            key->notes |= DC_KEY_TEXT_BLANKS;
        } else {
            out[key->n_chars++] = c;
        }
    }
    return out;
}

// Offset in the whole text of the n-th octet of the value that is no white space.
static size_t uncompact(const struct piece *value, size_t n)
{
    size_t at = 0;
    for (; at < value->len; at++) {
        if (!is_blank(value->text[at]) && n-- == 0) {
            break;
        }
    }
    return value->at + at;
}

static bool is_binary(const struct piece *piece)
{
    for (size_t i = 0; i < piece->len; i++) {
        unsigned char c = (unsigned char)piece->text[i];
        if (c > '~' || (c < ' ' && !is_blank(piece->text[i]))) {
            return true;
        }
    }
    return false;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// A DER sequence in hexadecimal begins with 30.
static bool read_hex(struct dc_key_text *key, struct fdns_arena *arena, const char *digits)
{
    size_t n = key->n_chars;
    if (n < HEX_MIN || n % 2 != 0 || digits[0] != '3' || digits[1] != '0') {
        return false;
    }
    uint8_t *octets = fdns_arena_alloc(arena, n / 2);
    for (size_t i = 0; i < n; i++) {
        int value = hex_value(digits[i]);
        if (value < 0) {
            return false;
        }
        octets[i / 2] = (uint8_t)(octets[i / 2] << 4 | value);
    }
    key->encoding = DC_KEY_HEX;
    key->octets = octets;
    key->n_octets = n / 2;
    return true;
}

static bool is_record(const struct piece *value)
{
    size_t at;
    return find(value, 0, "p=", &at) &&
           (at == 0 || is_blank(value->text[at - 1]) || value->text[at - 1] == ';');
}

// Base64 that stops in the middle of four characters.
static void decode_start(struct dc_key_text *key, struct fdns_arena *arena, const char *digits)
{
    size_t bad_at;
    size_t whole = key->n_chars / 4 * 4;
    if (!dc_base64_decode(arena, digits, whole, &key->octets, &key->n_octets, &bad_at)) {
        key->octets = NULL;
        key->n_octets = 0;
    }
}

static void decode(struct dc_key_text *key, struct fdns_arena *arena, const struct piece *value)
{
    size_t bad_at;
    char *digits = compact(key, arena, value);
    if (key->n_chars == 0) {
        key->encoding = DC_KEY_NOTHING;
    } else if (read_hex(key, arena, digits)) {
        return;
    } else if (dc_base64_decode(arena, digits, key->n_chars, &key->octets, &key->n_octets,
                                &bad_at)) {
        key->encoding = DC_KEY_ENCODED;
    } else {
        key->encoding = is_record(value) ? DC_KEY_RECORD : DC_KEY_UNENCODED;
        key->bad_at = uncompact(value, bad_at);
        if (bad_at == key->n_chars) {
            decode_start(key, arena, digits);
        }
    }
}

void dc_key_text_read(struct dc_key_text *key, struct fdns_arena *arena, const char *text,
                      size_t len)
{
    struct piece whole = {text, len, 0};
    *key = (struct dc_key_text){.encoding = DC_KEY_UNENCODED};
    if (len > 0 && (uint8_t)text[0] == DER_SEQUENCE && is_binary(&whole)) {
        key->encoding = DC_KEY_DER;
        key->octets = fdns_arena_copy(arena, text, len);
        key->n_octets = len;
        return;
    }
    struct piece trimmed = trim(whole);
    struct piece value = trim(unwrap(key, &trimmed));
    decode(key, arena, &value);
}
