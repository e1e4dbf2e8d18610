#include "fakedns/wire/shape.h"

#include <string.h>

struct row {
    uint16_t type;
    const char *shape;
};

// Sorted by type.
static const struct row rows[] = {
    {1, "a"},          // A
    {2, "n"},          // NS
    {3, "n"},          // MD
    {4, "n"},          // MF
    {5, "n"},          // CNAME
    {6, "nn4dddd"},    // SOA
    {7, "n"},          // MB
    {8, "n"},          // MG
    {9, "n"},          // MR
    {12, "n"},         // PTR
    {13, "ss"},        // HINFO
    {14, "nn"},        // MINFO
    {15, "2n"},        // MX
    {16, "S"},         // TXT
    {17, "NN"},        // RP
    {18, "2N"},        // AFSDB
    {19, "s"},         // X25
    {21, "2N"},        // RT
    {24, "2114442N*"}, // SIG
    {26, "2NN"},       // PX
    {28, "6"},         // AAAA
    {30, "N*"},        // NXT
    {33, "222N"},      // SRV
    {35, "22sssN"},    // NAPTR
    {36, "2N"},        // KX
    {39, "N"},         // DNAME
    {99, "S"},         // SPF
    {256, "22r"},      // URI
    {257, "1gr"},      // CAA
    {258, "S"},        // AVC
};

const char *fdns_shape(uint16_t type)
{
    size_t low = 0;
    size_t high = sizeof rows / sizeof rows[0];
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (rows[middle].type == type) {
            return rows[middle].shape;
        }
        if (rows[middle].type < type) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

bool fdns_shape_compressed(const char *shape)
{
    return strpbrk(shape, "nN") != NULL;
}

bool fdns_shape_complete(const char *shape)
{
    return strchr(shape, '*') == NULL;
}

static size_t fixed_len(char field)
{
    switch (field) {
    case '1':
        return 1;
    case '2':
        return 2;
    case '4':
    case 'd':
    case 'a':
        return 4;
    case '6':
        return 16;
    default:
        return 0;
    }
}

static bool is_tag(const uint8_t *octets, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint8_t lower = octets[i] | 0x20;
        if (!(octets[i] >= '0' && octets[i] <= '9') && !(lower >= 'a' && lower <= 'z')) {
            return false;
        }
    }
    return len != 0;
}

// Length octets lead from string to string and end exactly at the end; there is at least one.
static bool are_strings(const uint8_t *octets, size_t len)
{
    size_t at = 0;
    while (at < len) {
        at += (size_t)octets[at] + 1;
    }
    return len != 0 && at == len;
}

static const uint8_t *take_to_end(struct fdns_cursor *cursor, size_t *len)
{
    *len = fdns_cursor_left(cursor);
    return fdns_cursor_take(cursor, *len);
}

static const uint8_t *take_string(struct fdns_cursor *cursor, size_t *len)
{
    size_t left = fdns_cursor_left(cursor);
    *len = left != 0 ? (size_t)cursor->data[cursor->pos] + 1 : 1;
    return fdns_cursor_take(cursor, *len);
}

const uint8_t *fdns_shape_take(struct fdns_cursor *cursor, char field, size_t *len)
{
    const uint8_t *octets;
    bool good = true;
    switch (field) {
    case 's':
        octets = take_string(cursor, len);
        break;
    case 'g':
        octets = take_string(cursor, len);
        good = octets != NULL && is_tag(octets + 1, *len - 1);
        break;
    case 'S':
        octets = take_to_end(cursor, len);
        good = octets != NULL && are_strings(octets, *len);
        break;
    case 'r':
    case '*':
        octets = take_to_end(cursor, len);
        break;
    default:
        *len = fixed_len(field);
        octets = fdns_cursor_take(cursor, *len);
        break;
    }
    if (!good) {
        cursor->bad = true;
    }
    return good ? octets : NULL;
}
