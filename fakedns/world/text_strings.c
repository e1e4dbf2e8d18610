#include "fakedns/world/text_strings.h"

#include <string.h>

static void add_string(struct fdns_strings *strings, uint8_t *octets, size_t len)
{
    strings->items[strings->n_items++] = (struct fdns_string){octets, len};
}

bool fdns_strings_read(struct fdns_strings *strings, const struct fdns_rdata *rdata)
{
    strings->items = fdns_arena_array(strings->arena, rdata->len, sizeof(*strings->items));
    for (size_t at = 0; at < rdata->len; at += rdata->octets[at] + 1U) {
        size_t len = rdata->octets[at];
        if (at + 1 + len > rdata->len) {
            return false;
        }
        add_string(strings, fdns_arena_copy(strings->arena, rdata->octets + at + 1, len), len);
    }
    return strings->n_items > 0;
}

static size_t len_of(const struct fdns_strings *strings)
{
    size_t len = 0;
    for (size_t i = 0; i < strings->n_items; i++) {
        len += strings->items[i].len;
    }
    return len;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

void fdns_string_url_decode(struct fdns_string *string)
{
    size_t kept = 0;
    uint8_t *octets = string->octets;
    for (size_t i = 0; i < string->len; i++) {
        bool escaped = octets[i] == '%' && i + 2 < string->len && hex_digit(octets[i + 1]) >= 0 &&
                       hex_digit(octets[i + 2]) >= 0;
        if (escaped) {
            octets[kept++] = (uint8_t)(hex_digit(octets[i + 1]) << 4 | hex_digit(octets[i + 2]));
            i += 2;
        } else {
            octets[kept++] = octets[i] == '+' ? ' ' : octets[i];
        }
    }
    string->len = kept;
}

void fdns_string_lose(struct fdns_string *string, const char *lost)
{
    size_t kept = 0;
    for (size_t i = 0; i < string->len; i++) {
        if (string->octets[i] == 0 || strchr(lost, string->octets[i]) == NULL) {
            string->octets[kept++] = string->octets[i];
        }
    }
    string->len = kept;
}

void fdns_string_to_ascii(struct fdns_string *string)
{
    for (size_t i = 0; i < string->len; i++) {
        string->octets[i] = string->octets[i] > 127 ? '?' : string->octets[i];
    }
}

void fdns_string_escape(struct fdns_arena *arena, struct fdns_string *string, const char *escaped)
{
    uint8_t *octets = fdns_arena_alloc(arena, 2 * string->len);
    size_t len = 0;
    for (size_t i = 0; i < string->len; i++) {
        if (string->octets[i] != 0 && strchr(escaped, string->octets[i]) != NULL) {
            octets[len++] = '\\';
        }
        octets[len++] = string->octets[i];
    }
    *string = (struct fdns_string){octets, len};
}

// Puts len octets into a string at an offset.
static void put_into(struct fdns_arena *arena, struct fdns_string *string, size_t at,
                     const char *put, size_t len)
{
    uint8_t *octets = fdns_arena_alloc(arena, string->len + len);
    if (at > 0) {
        memcpy(octets, string->octets, at);
    }
    memcpy(octets + at, put, len);
    if (string->len > at) {
        memcpy(octets + at + len, string->octets + at, string->len - at);
    }
    *string = (struct fdns_string){octets, string->len + len};
}

void fdns_strings_insert(struct fdns_strings *strings, size_t at, const char *text)
{
    size_t last = strings->n_items - 1, i = 0;
    for (; i < last && at > strings->items[i].len; i++) {
        at -= strings->items[i].len;
    }
    at = at < strings->items[i].len ? at : strings->items[i].len;
    put_into(strings->arena, &strings->items[i], at, text, strlen(text));
}

// What is beyond goes, with the strings that were only there.
void fdns_strings_truncate(struct fdns_strings *strings, size_t most)
{
    for (size_t i = 0; i < strings->n_items; i++) {
        if (strings->items[i].len >= most) {
            strings->items[i].len = most;
            strings->n_items = i + 1;
            return;
        }
        most -= strings->items[i].len;
    }
}

void fdns_strings_join(struct fdns_strings *strings)
{
    size_t len = 0;
    uint8_t *octets = fdns_arena_alloc(strings->arena, len_of(strings));
    for (size_t i = 0; i < strings->n_items; i++) {
        if (strings->items[i].len > 0) {
            memcpy(octets + len, strings->items[i].octets, strings->items[i].len);
        }
        len += strings->items[i].len;
    }
    strings->items[0] = (struct fdns_string){octets, len};
    strings->n_items = 1;
}

void fdns_strings_drop_empty(struct fdns_strings *strings)
{
    size_t kept = 0;
    for (size_t i = 0; i < strings->n_items; i++) {
        if (strings->items[i].len > 0) {
            strings->items[kept++] = strings->items[i];
        }
    }
    strings->n_items = kept;
}

struct octets {
    uint8_t *data;
    size_t len;
};

static void put_string(struct octets *out, const uint8_t *octets, size_t len)
{
    out->data[out->len++] = (uint8_t)len;
    if (len > 0) {
        memcpy(out->data + out->len, octets, len);
    }
    out->len += len;
}

static void put_in_parts(struct octets *out, const struct fdns_string *string, size_t most)
{
    size_t at = 0;
    do {
        size_t len = string->len - at < most ? string->len - at : most;
        put_string(out, string->octets + at, len);
        at += len;
    } while (at < string->len);
}

void fdns_strings_write(const struct fdns_strings *strings, size_t most, bool empty_first,
                        bool empty_last, struct fdns_rdata *rdata)
{
    struct octets out = {0};
    out.data = fdns_arena_alloc(strings->arena, 2 * len_of(strings) + strings->n_items + 2);
    if (empty_first) {
        put_string(&out, NULL, 0);
    }
    for (size_t i = 0; i < strings->n_items; i++) {
        put_in_parts(&out, &strings->items[i], most);
    }
    if (empty_last) {
        put_string(&out, NULL, 0);
    }
    if (out.len <= FDNS_TEXT_MAX) {
        *rdata = (struct fdns_rdata){out.data, (uint16_t)out.len};
    }
}
