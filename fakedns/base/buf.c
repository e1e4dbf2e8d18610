#include "fakedns/base/buf.h"

#include "fakedns/base/fatal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fdns_buf_init(struct fdns_buf *buf, size_t ceiling)
{
    *buf = (struct fdns_buf){.ceiling = ceiling};
}

void fdns_buf_clear(struct fdns_buf *buf)
{
    free(buf->data);
    *buf = (struct fdns_buf){.ceiling = buf->ceiling};
}

void fdns_buf_reset(struct fdns_buf *buf)
{
    buf->len = 0;
    buf->overflow = false;
}

// Room for len more octets and a terminating NUL, which is never counted.
static bool reserve(struct fdns_buf *buf, size_t len)
{
    if (buf->overflow || len > buf->ceiling - buf->len) {
        buf->overflow = true;
        return false;
    }
    size_t wanted = buf->len + len + 1;
    if (wanted <= buf->capacity) {
        return true;
    }
    size_t capacity = buf->capacity < 128 ? 256 : buf->capacity * 2;
    if (capacity < wanted) {
        capacity = wanted;
    }
    uint8_t *data = realloc(buf->data, capacity);
    if (data == NULL) {
        fdns_fatal("out of memory (%zu octets)", capacity);
    }
    buf->data = data;
    buf->capacity = capacity;
    return true;
}

void fdns_buf_append(struct fdns_buf *buf, const void *data, size_t len)
{
    if (len != 0 && reserve(buf, len)) {
        memcpy(buf->data + buf->len, data, len);
        buf->len += len;
    }
}

void fdns_buf_u8(struct fdns_buf *buf, uint8_t value)
{
    fdns_buf_append(buf, &value, 1);
}

void fdns_buf_u16(struct fdns_buf *buf, uint16_t value)
{
    const uint8_t octets[] = {(uint8_t)(value >> 8), (uint8_t)value};
    fdns_buf_append(buf, octets, sizeof octets);
}

void fdns_buf_u32(struct fdns_buf *buf, uint32_t value)
{
    const uint8_t octets[] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                              (uint8_t)value};
    fdns_buf_append(buf, octets, sizeof octets);
}

void fdns_buf_string(struct fdns_buf *buf, const char *text)
{
    fdns_buf_append(buf, text, strlen(text));
}

void fdns_buf_vformat(struct fdns_buf *buf, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (len < 0) {
        fdns_fatal("cannot format \"%s\"", format);
    }
    if (reserve(buf, (size_t)len)) {
        vsnprintf((char *)buf->data + buf->len, (size_t)len + 1, format, args);
        buf->len += (size_t)len;
    }
}

void fdns_buf_format(struct fdns_buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fdns_buf_vformat(buf, format, args);
    va_end(args);
}

void fdns_buf_hex(struct fdns_buf *buf, const void *data, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *octets = data;
    if (!reserve(buf, len * 2)) {
        return;
    }
    for (size_t i = 0; i < len; i++) {
        buf->data[buf->len++] = (uint8_t)digits[octets[i] >> 4];
        buf->data[buf->len++] = (uint8_t)digits[octets[i] & 15];
    }
}

const char *fdns_buf_text(struct fdns_buf *buf)
{
    if (buf->data == NULL) {
        return "";
    }
    buf->data[buf->len] = '\0';
    return (const char *)buf->data;
}

void fdns_buf_drop_front(struct fdns_buf *buf, size_t n)
{
    if (n == 0) {
        return;
    }
    buf->len -= n;
    memmove(buf->data, buf->data + n, buf->len);
}
