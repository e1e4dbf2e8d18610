// Growing octet buffer with a ceiling, so that no input can grow it without end.
//
// An append that would pass the ceiling stores nothing and sets `overflow`, which sticks: callers
// append freely and look once at the end. Running out of memory aborts.
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fdns_buf {
    uint8_t *data;
    size_t len;
    size_t capacity;
    size_t ceiling;
    bool overflow;
};

void fdns_buf_init(struct fdns_buf *buf, size_t ceiling);
void fdns_buf_clear(struct fdns_buf *buf);
// Empties the buffer and keeps its memory.
void fdns_buf_reset(struct fdns_buf *buf);

void fdns_buf_append(struct fdns_buf *buf, const void *data, size_t len);
void fdns_buf_u8(struct fdns_buf *buf, uint8_t value);
// Big-endian, as on the wire.
void fdns_buf_u16(struct fdns_buf *buf, uint16_t value);
void fdns_buf_u32(struct fdns_buf *buf, uint32_t value);
void fdns_buf_string(struct fdns_buf *buf, const char *text);
void fdns_buf_format(struct fdns_buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void fdns_buf_vformat(struct fdns_buf *buf, const char *format, va_list args);
// Lower-case hexadecimal of len octets.
void fdns_buf_hex(struct fdns_buf *buf, const void *data, size_t len);
// The content as a string; valid until the next append. Embedded NULs stay as they are.
const char *fdns_buf_text(struct fdns_buf *buf);
// Removes the first n octets (n <= len).
void fdns_buf_drop_front(struct fdns_buf *buf, size_t n);
