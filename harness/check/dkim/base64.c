#include "harness/check/dkim/base64.h"

static int value_of(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

// How many octets of padding end the text: 0, 1 or 2.
static size_t padding(const char *text, size_t len)
{
    size_t n = 0;
    while (n < 2 && n < len && text[len - 1 - n] == '=') {
        n++;
    }
    return n;
}

// Offset of the first octet outside the alphabet, or n.
static size_t first_foreign(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (value_of(text[i]) < 0) {
            return i;
        }
    }
    return n;
}

static uint8_t *decode_digits(struct fdns_arena *arena, const char *text, size_t n,
                              size_t *n_octets, unsigned *rest)
{
    uint8_t *out = fdns_arena_alloc(arena, n * 3 / 4);
    unsigned bits = 0;
    unsigned n_bits = 0;
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        bits = bits << 6 | (unsigned)value_of(text[i]);
        n_bits += 6;
        if (n_bits >= 8) {
            n_bits -= 8;
            out[len++] = (uint8_t)(bits >> n_bits & 0xff);
        }
    }
    *n_octets = len;
    *rest = bits & ((1U << n_bits) - 1);
    return out;
}

bool dc_base64_decode(struct fdns_arena *arena, const char *text, size_t len,
                      const uint8_t **octets, size_t *n_octets, size_t *bad_at)
{
    size_t n = len - padding(text, len);
    *bad_at = first_foreign(text, n);
    if (*bad_at < n) {
        return false;
    }
    // 2 digits want "==", 3 want "=", 4 want none, and 1 alone is no octet at all
    if (len % 4 != 0 || n % 4 == 1 || (len > n && len - n != 4 - n % 4)) {
        *bad_at = len > n ? n : len;
        return false;
    }
    size_t n_out;
    unsigned rest;
    const uint8_t *out = decode_digits(arena, text, n, &n_out, &rest);
    if (rest != 0) {
        *bad_at = n - 1;
        return false;
    }
    *octets = out;
    *n_octets = n_out;
    return true;
}
