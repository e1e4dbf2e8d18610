#include "fakedns/wire/shape.h"
#include "fakedns/wire/show.h"

#include "fakedns/wire/rdata.h"
#include "fakedns/wire/rdata_ldns.h"

#include <arpa/inet.h>
#include <string.h>

// Four characters an octet, and blanks and quotes between the fields.
enum { TEXT_MAX = 8 * 65535 };

static char *generic_text(struct fdns_arena *arena, const uint8_t *rdata, uint16_t len)
{
    struct fdns_buf out;
    fdns_buf_init(&out, TEXT_MAX);
    fdns_buf_format(&out, len != 0 ? "\\# %u " : "\\# %u", len);
    fdns_buf_hex(&out, rdata, len);
    char *text = fdns_arena_string(arena, fdns_buf_text(&out));
    fdns_buf_clear(&out);
    return text;
}

static void put_quoted(struct fdns_buf *out, const uint8_t *octets, size_t len)
{
    fdns_buf_u8(out, '"');
    for (size_t i = 0; i < len; i++) {
        if (octets[i] < ' ' || octets[i] > '~') {
            fdns_buf_format(out, "\\%03u", octets[i]);
            continue;
        }
        if (octets[i] == '"' || octets[i] == '\\') {
            fdns_buf_u8(out, '\\');
        }
        fdns_buf_u8(out, octets[i]);
    }
    fdns_buf_u8(out, '"');
}

static void put_strings(struct fdns_buf *out, const uint8_t *octets, size_t len)
{
    for (size_t at = 0; at < len; at += (size_t)octets[at] + 1) {
        if (at != 0) {
            fdns_buf_u8(out, ' ');
        }
        put_quoted(out, octets + at + 1, octets[at]);
    }
}

static void put_number(struct fdns_buf *out, const uint8_t *octets, size_t len)
{
    uint32_t number = 0;
    for (size_t i = 0; i < len; i++) {
        number = number << 8 | octets[i];
    }
    fdns_buf_format(out, "%u", number);
}

static void put_address(struct fdns_buf *out, int family, const uint8_t *octets)
{
    char text[INET6_ADDRSTRLEN];
    inet_ntop(family, octets, text, sizeof text);
    fdns_buf_string(out, text);
}

static void put_field(struct fdns_buf *out, char field, const uint8_t *octets, size_t len)
{
    switch (field) {
    case 'a':
        put_address(out, AF_INET, octets);
        break;
    case '6':
        put_address(out, AF_INET6, octets);
        break;
    case 's':
    case 'S':
        put_strings(out, octets, len);
        break;
    case 'g':
        fdns_buf_append(out, octets + 1, len - 1);
        break;
    case 'r':
        put_quoted(out, octets, len);
        break;
    default:
        put_number(out, octets, len);
        break;
    }
}

static void put_name(struct fdns_buf *out, struct fdns_cursor *cursor)
{
    char text[FDNS_NAME_TEXT_MAX];
    const uint8_t *name = cursor->data + cursor->pos;
    size_t len = fdns_name_measure(name, fdns_cursor_left(cursor));
    if (len == 0) {
        cursor->bad = true;
        return;
    }
    fdns_cursor_take(cursor, len);
    fdns_buf_string(out, fdns_name_print(name, text));
}

// Prints rdata by its shape; false if it does not have that shape.
static bool put_shape(struct fdns_buf *out, const char *shape, const uint8_t *rdata, uint16_t len)
{
    struct fdns_cursor cursor = fdns_cursor(rdata, len);
    for (const char *field = shape; *field != '\0' && !cursor.bad; field++) {
        if (field != shape) {
            fdns_buf_u8(out, ' ');
        }
        if (*field == 'n' || *field == 'N') {
            put_name(out, &cursor);
            continue;
        }
        size_t n = 0;
        const uint8_t *octets = fdns_shape_take(&cursor, *field, &n);
        if (octets != NULL) {
            put_field(out, *field, octets, n);
        }
    }
    return !cursor.bad && fdns_cursor_left(&cursor) == 0;
}

static char *shape_text(struct fdns_arena *arena, const char *shape, const uint8_t *rdata,
                        uint16_t len)
{
    struct fdns_buf out;
    fdns_buf_init(&out, TEXT_MAX);
    bool good = len != 0 && put_shape(&out, shape, rdata, len);
    char *text =
        good ? fdns_arena_string(arena, fdns_buf_text(&out)) : generic_text(arena, rdata, len);
    fdns_buf_clear(&out);
    return text;
}

static bool is_printable(const char *text)
{
    while (*text >= ' ' && *text <= '~') {
        text++;
    }
    return *text == '\0';
}

// ldns prints some rdata that is not well-formed as if it were. Only text that means the same
// octets again is worth showing.
static bool means(struct fdns_arena *arena, const char *text, uint16_t type, const uint8_t *rdata,
                  uint16_t len)
{
    uint16_t n_again;
    const char *why;
    const uint8_t *again = fdns_rdata_parse(arena, type, text, fdns_name_root, &n_again, &why);
    return again != NULL && n_again == len && memcmp(again, rdata, len) == 0;
}

char *fdns_rdata_text(struct fdns_arena *arena, uint16_t type, const uint8_t *rdata, uint16_t len)
{
    const char *shape = fdns_shape(type);
    if (shape != NULL && fdns_shape_complete(shape)) {
        return shape_text(arena, shape, rdata, len);
    }
    char *text = fdns_ldns_text(arena, type, rdata, len);
    if (text == NULL || !is_printable(text) || !means(arena, text, type, rdata, len)) {
        return generic_text(arena, rdata, len);
    }
    for (size_t n = strlen(text); n != 0 && text[n - 1] == ' '; n--) {
        text[n - 1] = '\0';
    }
    return text;
}

char *fdns_txt_text(struct fdns_arena *arena, const uint8_t *rdata, uint16_t len)
{
    return shape_text(arena, "S", rdata, len);
}
