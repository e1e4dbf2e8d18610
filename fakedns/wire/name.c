#include "fakedns/wire/name.h"

#include <assert.h>
#include <string.h>

const uint8_t fdns_name_root[1] = {0};

// A length octet is at most 63 and 'A' is 65, so case can be folded over the whole wire form of a
// name, length octets included, eight octets at a time.
static uint64_t fold8(uint64_t octets)
{
    const uint64_t ones = 0x0101010101010101u;
    uint64_t low = octets & 0x7f * ones;
    uint64_t from_a = low + (0x80 - 'A') * ones;
    uint64_t after_z = low + (0x7f - 'Z') * ones;
    uint64_t upper = (from_a ^ after_z) & ~octets & 0x80 * ones;
    return octets | upper >> 2;
}

static uint8_t fold1(uint8_t octet)
{
    return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet | 0x20) : octet;
}

static uint64_t load8(const uint8_t *at)
{
    uint64_t octets;
    memcpy(&octets, at, sizeof octets);
    return octets;
}

// Up to seven octets in an order of their own that is the same on every call.
static uint64_t load_tail(const uint8_t *at, size_t n)
{
    uint64_t octets = 0;
    for (size_t i = 0; i < n; i++) {
        octets = octets << 8 | at[i];
    }
    return octets;
}

size_t fdns_name_len(const uint8_t *name)
{
    size_t len = 0;
    while (name[len] != 0) {
        len += (size_t)name[len] + 1;
    }
    return len + 1;
}

unsigned fdns_name_labels(const uint8_t *name)
{
    unsigned labels = 0;
    for (; *name != 0; name += *name + 1) {
        labels++;
    }
    return labels;
}

const uint8_t *fdns_name_skip(const uint8_t *name, unsigned n)
{
    for (; n != 0; n--) {
        assert(*name != 0);
        name += *name + 1;
    }
    return name;
}

static bool equal_n(const uint8_t *a, const uint8_t *b, size_t len)
{
    for (; len >= 8; len -= 8, a += 8, b += 8) {
        if (fold8(load8(a)) != fold8(load8(b))) {
            return false;
        }
    }
    return fold8(load_tail(a, len)) == fold8(load_tail(b, len));
}

bool fdns_name_equal(const uint8_t *a, const uint8_t *b)
{
    size_t len = fdns_name_len(a);
    return len == fdns_name_len(b) && equal_n(a, b, len);
}

bool fdns_name_identical(const uint8_t *a, const uint8_t *b)
{
    size_t len = fdns_name_len(a);
    return len == fdns_name_len(b) && memcmp(a, b, len) == 0;
}

// Offsets of the labels from the left; returns how many.
static unsigned label_offsets(const uint8_t *name, uint8_t offsets[FDNS_NAME_LABELS_MAX])
{
    unsigned n = 0;
    for (size_t at = 0; name[at] != 0 && n < FDNS_NAME_LABELS_MAX; at += (size_t)name[at] + 1) {
        offsets[n++] = (uint8_t)at;
    }
    return n;
}

static int compare_labels(const uint8_t *a, const uint8_t *b)
{
    unsigned shorter = *a < *b ? *a : *b;
    for (unsigned i = 1; i <= shorter; i++) {
        int difference = fold1(a[i]) - fold1(b[i]);
        if (difference != 0) {
            return difference;
        }
    }
    return *a - *b;
}

int fdns_name_compare(const uint8_t *a, const uint8_t *b)
{
    uint8_t at_a[FDNS_NAME_LABELS_MAX];
    uint8_t at_b[FDNS_NAME_LABELS_MAX];
    unsigned n_a = label_offsets(a, at_a);
    unsigned n_b = label_offsets(b, at_b);
    while (n_a != 0 && n_b != 0) {
        int order = compare_labels(a + at_a[--n_a], b + at_b[--n_b]);
        if (order != 0) {
            return order;
        }
    }
    return (int)n_a - (int)n_b;
}

bool fdns_name_at_or_below(const uint8_t *name, const uint8_t *ancestor)
{
    size_t len = fdns_name_len(ancestor);
    size_t left = fdns_name_len(name);
    while (left > len) {
        left -= (size_t)*name + 1;
        name += *name + 1;
    }
    return left == len && equal_n(name, ancestor, len);
}

bool fdns_name_below(const uint8_t *name, const uint8_t *ancestor)
{
    return *name != 0 && fdns_name_at_or_below(name + *name + 1, ancestor);
}

unsigned fdns_name_common(const uint8_t *a, const uint8_t *b)
{
    uint8_t at_a[FDNS_NAME_LABELS_MAX];
    uint8_t at_b[FDNS_NAME_LABELS_MAX];
    unsigned n_a = label_offsets(a, at_a);
    unsigned n_b = label_offsets(b, at_b);
    unsigned common = 0;
    while (common < n_a && common < n_b &&
           compare_labels(a + at_a[n_a - common - 1], b + at_b[n_b - common - 1]) == 0) {
        common++;
    }
    return common;
}

bool fdns_name_is_wildcard(const uint8_t *name)
{
    return name[0] == 1 && name[1] == '*';
}

void fdns_name_lower(const uint8_t *name, uint8_t out[FDNS_NAME_MAX])
{
    size_t len = fdns_name_len(name);
    for (size_t i = 0; i < len; i++) {
        out[i] = fold1(name[i]);
    }
}

uint64_t fdns_name_hash(const uint8_t *name)
{
    const uint64_t odd = 0x9e3779b97f4a7c15u;
    size_t len = fdns_name_len(name);
    uint64_t hash = len * odd;
    for (; len >= 8; len -= 8, name += 8) {
        hash = (hash ^ fold8(load8(name))) * odd;
        hash ^= hash >> 29;
    }
    hash = (hash ^ fold8(load_tail(name, len))) * odd;
    hash ^= hash >> 32;
    return hash * odd ^ hash >> 29;
}

enum fdns_error fdns_name_join(const uint8_t *prefix, unsigned n_prefix, const uint8_t *suffix,
                               uint8_t out[FDNS_NAME_MAX])
{
    size_t head = (size_t)(fdns_name_skip(prefix, n_prefix) - prefix);
    size_t tail = fdns_name_len(suffix);
    if (head + tail > FDNS_NAME_MAX) {
        return FDNS_TOO_LARGE;
    }
    memmove(out + head, suffix, tail);
    memmove(out, prefix, head);
    return FDNS_OK;
}

uint8_t *fdns_name_copy(struct fdns_arena *arena, const uint8_t *name)
{
    return fdns_arena_copy(arena, name, fdns_name_len(name));
}

size_t fdns_name_measure(const uint8_t *data, size_t len)
{
    size_t room = len < FDNS_NAME_MAX ? len : FDNS_NAME_MAX;
    size_t at = 0;
    while (at < room && data[at] != 0) {
        if (data[at] > FDNS_LABEL_MAX) {
            return 0;
        }
        at += (size_t)data[at] + 1;
    }
    return at < room ? at + 1 : 0;
}
