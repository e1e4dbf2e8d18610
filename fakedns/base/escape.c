#include "fakedns/base/escape.h"

#include <stdbool.h>

struct range {
    uint32_t first;
    uint32_t last;
};

// Characters that show nothing, join their neighbour or turn the direction of writing, and those
// that mean nothing to others (private use, tags).
static const struct range invisible[] = {
    {0x0000, 0x001f},   {0x007f, 0x009f},   {0x00ad, 0x00ad},    {0x0300, 0x036f}, {0x061c, 0x061c},
    {0x115f, 0x1160},   {0x17b4, 0x17b5},   {0x180b, 0x180f},    {0x200b, 0x200f}, {0x2028, 0x202e},
    {0x2060, 0x206f},   {0x20d0, 0x20ff},   {0x3164, 0x3164},    {0xd800, 0xf8ff}, {0xfe00, 0xfe0f},
    {0xfe20, 0xfe2f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},    {0xfff0, 0xfffb}, {0xfffe, 0xffff},
    {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0x10ffff},
};

// Characters two columns wide (Unicode UAX 11, in large strokes).
static const struct range wide[] = {
    {0x1100, 0x115f}, {0x2e80, 0xa4cf}, {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},
    {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd},
};

static bool among(uint32_t c, const struct range *ranges, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (c >= ranges[i].first && c <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

// RFC 3629: the character and how many octets it takes; 0 if they are no UTF-8.
static size_t decode(const uint8_t *o, size_t len, uint32_t *c)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = o[0] < 0x80 ? 1 : o[0] >= 0xf0 ? 4 : o[0] >= 0xe0 ? 3 : 2;
    if ((o[0] >= 0x80 && o[0] < 0xc2) || o[0] > 0xf4 || n > len) {
        return 0;
    }
    *c = n == 1 ? o[0] : o[0] & (0x7fU >> n);
    for (size_t i = 1; i < n; i++) {
        if ((o[i] & 0xc0) != 0x80) {
            return 0;
        }
        *c = *c << 6 | (o[i] & 0x3f);
    }
    return *c >= smallest[n] && *c <= 0x10ffff ? n : 0;
}

size_t fdns_escape_visible(const char *text, size_t len, size_t *columns)
{
    uint32_t c;
    size_t n = decode((const uint8_t *)text, len, &c);
    if (n == 0 || among(c, invisible, sizeof invisible / sizeof invisible[0])) {
        return 0;
    }
    *columns = among(c, wide, sizeof wide / sizeof wide[0]) ? 2 : 1;
    return n;
}

void fdns_escape(struct fdns_buf *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        size_t columns;
        size_t n = fdns_escape_visible(text + i, len - i, &columns);
        if (n == 0) {
            fdns_buf_format(out, "\\x%02x", (unsigned)(uint8_t)text[i++]);
        } else {
            fdns_buf_append(out, text + i, n);
            i += n;
        }
    }
}
