#include "fakedns/wire/unpack.h"

#include <string.h>

enum { POINTERS_MAX = FDNS_NAME_LABELS_MAX };

struct walk {
    const uint8_t *bytes;
    size_t len;
    size_t at;    // of the next label
    size_t start; // of the label sequence it belongs to; a pointer must lead to before it
    size_t end;   // behind the name where it stands; 0 as long as no pointer was met
    unsigned n_pointers;
};

// Moves over pointers to the next label, whose octets are then all there (the root label ends the
// name).
static enum fdns_flaw next_label(struct walk *walk)
{
    while (walk->at < walk->len && walk->bytes[walk->at] > FDNS_LABEL_MAX) {
        if (walk->bytes[walk->at] < 0xc0) {
            return FDNS_FLAW_LABEL_TYPE;
        }
        if (walk->len - walk->at < 2) {
            return FDNS_FLAW_NAME_CUT;
        }
        size_t target = (walk->bytes[walk->at] & 0x3fu) << 8 | walk->bytes[walk->at + 1];
        if (target >= walk->start || target < FDNS_HEADER_LEN ||
            ++walk->n_pointers > POINTERS_MAX) {
            return FDNS_FLAW_POINTER;
        }
        if (walk->end == 0) {
            walk->end = walk->at + 2;
        }
        walk->at = target;
        walk->start = target;
    }
    if (walk->at >= walk->len || walk->len - walk->at <= walk->bytes[walk->at]) {
        return FDNS_FLAW_NAME_CUT;
    }
    return FDNS_FLAW_NONE;
}

static size_t end_of(const struct walk *walk)
{
    return walk->end != 0 ? walk->end : walk->at + 1;
}

enum fdns_flaw fdns_unpack(const uint8_t *bytes, size_t len, size_t at, uint8_t out[FDNS_NAME_MAX],
                           size_t *end, size_t *bad)
{
    struct walk walk = {.bytes = bytes, .len = len, .at = at, .start = at};
    size_t n_out = 0;
    for (;;) {
        enum fdns_flaw flaw = next_label(&walk);
        size_t n_label = flaw == FDNS_FLAW_NONE ? (size_t)bytes[walk.at] + 1 : 0;
        if (n_out + n_label > FDNS_NAME_MAX) {
            flaw = FDNS_FLAW_NAME_TOO_LONG;
        }
        if (flaw != FDNS_FLAW_NONE) {
            *bad = walk.at;
            return flaw;
        }
        if (out != NULL) {
            memcpy(out + n_out, bytes + walk.at, n_label);
        }
        if (n_label == 1) {
            *end = end_of(&walk);
            return FDNS_FLAW_NONE;
        }
        n_out += n_label;
        walk.at += n_label;
    }
}

static bool same_fold(const uint8_t *a, const uint8_t *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint8_t x = a[i];
        uint8_t y = b[i];
        if (x != y && ((x ^ y) != 0x20 || (x | 0x20) < 'a' || (x | 0x20) > 'z')) {
            return false;
        }
    }
    return true;
}

bool fdns_unpack_is(const uint8_t *bytes, size_t len, size_t at, const uint8_t *name, bool exact)
{
    struct walk walk = {.bytes = bytes, .len = len, .at = at, .start = at};
    while (next_label(&walk) == FDNS_FLAW_NONE) {
        const uint8_t *label = bytes + walk.at;
        size_t n_label = (size_t)*label + 1;
        if (*label != *name ||
            (exact ? memcmp(label, name, n_label) != 0 : !same_fold(label, name, n_label))) {
            return false;
        }
        if (*name == 0) {
            return true;
        }
        walk.at += n_label;
        name += n_label;
    }
    return false;
}
