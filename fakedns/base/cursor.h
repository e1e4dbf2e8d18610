// Bounded reader over octets with a sticky error: reads past the end give zeros and set `bad`, so a
// parser reads on and looks once.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fdns_cursor {
    const uint8_t *data;
    size_t len;
    size_t pos;
    bool bad;
};

static inline struct fdns_cursor fdns_cursor(const void *data, size_t len)
{
    return (struct fdns_cursor){.data = data, .len = len};
}

static inline size_t fdns_cursor_left(const struct fdns_cursor *cursor)
{
    return cursor->len - cursor->pos;
}

// n octets and moves past them; NULL (and bad) if fewer are left.
static inline const uint8_t *fdns_cursor_take(struct fdns_cursor *cursor, size_t n)
{
    if (cursor->bad || n > cursor->len - cursor->pos) {
        cursor->bad = true;
        return NULL;
    }
    const uint8_t *octets = cursor->data + cursor->pos;
    cursor->pos += n;
    return octets;
}

static inline uint8_t fdns_cursor_u8(struct fdns_cursor *cursor)
{
    const uint8_t *o = fdns_cursor_take(cursor, 1);
    return o != NULL ? o[0] : 0;
}

static inline uint16_t fdns_cursor_u16(struct fdns_cursor *cursor)
{
    const uint8_t *o = fdns_cursor_take(cursor, 2);
    return o != NULL ? (uint16_t)((unsigned)o[0] << 8 | o[1]) : 0;
}

static inline uint32_t fdns_cursor_u32(struct fdns_cursor *cursor)
{
    const uint8_t *o = fdns_cursor_take(cursor, 4);
    return o != NULL ? (uint32_t)o[0] << 24 | (uint32_t)o[1] << 16 | (uint32_t)o[2] << 8 | o[3] : 0;
}
