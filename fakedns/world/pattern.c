#include "fakedns/world/pattern.h"

#include <string.h>

static uint8_t lower(uint8_t octet)
{
    return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet + 32) : octet;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// One octet of a label as text (RFC 1035 5.1). False if the escape is none.
static bool take_octet(const char **text, uint8_t *octet, bool *star)
{
    const char *t = *text;
    *star = *t == '*';
    if (*t != '\\') {
        *octet = (uint8_t)*t;
        *text = t + 1;
        return true;
    }
    if (is_digit(t[1]) && is_digit(t[2]) && is_digit(t[3])) {
        int value = (t[1] - '0') * 100 + (t[2] - '0') * 10 + (t[3] - '0');
        *octet = (uint8_t)value;
        *text = t + 4;
        return value <= 255;
    }
    *octet = (uint8_t)t[1];
    *text = t + 2;
    return t[1] != '\0' && !is_digit(t[1]);
}

static enum fdns_error take_label(const char **text, struct fdns_pattern_label *label)
{
    while (**text != '\0' && **text != '.') {
        uint8_t octet = 0;
        bool star = false;
        if (!take_octet(text, &octet, &star)) {
            return FDNS_INVALID;
        }
        if (label->len == FDNS_LABEL_MAX) {
            return FDNS_TOO_LARGE;
        }
        if (star) {
            label->stars |= UINT64_C(1) << label->len;
        }
        label->octets[label->len++] = lower(octet);
    }
    return label->len > 0 ? FDNS_OK : FDNS_INVALID;
}

enum fdns_error fdns_pattern_parse(struct fdns_arena *arena, const char *text,
                                   struct fdns_pattern *pattern)
{
    struct fdns_pattern made = {.any = strcmp(text, "*") == 0};
    if (!made.any && strncmp(text, "*.", 2) == 0) {
        made.below = true;
        text += text[2] == '\0' ? 1 : 2; // "*.": below the root
    }
    if (*text == '\0') {
        return FDNS_INVALID;
    }
    size_t capacity = 0, octets = 1;
    while (!made.any && *text != '\0' && strcmp(text, ".") != 0) {
        if (made.n_labels == FDNS_NAME_LABELS_MAX) {
            return FDNS_TOO_LARGE;
        }
        made.labels = fdns_arena_grow(arena, made.labels, made.n_labels, made.n_labels + 1,
                                      sizeof(*made.labels), &capacity);
        struct fdns_pattern_label *label = &made.labels[made.n_labels++];
        *label = (struct fdns_pattern_label){0};
        enum fdns_error error = take_label(&text, label);
        if (error != FDNS_OK) {
            return error;
        }
        octets += label->len + 1U;
        if (*text == '.' && text[1] != '\0') {
            text++;
        }
    }
    if (octets > FDNS_NAME_MAX) {
        return FDNS_TOO_LARGE;
    }
    *pattern = made;
    return FDNS_OK;
}

// The usual walk with one point to fall back to: the last star.
static bool label_matches(const struct fdns_pattern_label *label, const uint8_t *octets, size_t len)
{
    size_t at = 0, i = 0, star = SIZE_MAX, resume = 0;
    while (i < len) {
        if (at < label->len && (label->stars >> at & 1) != 0) {
            star = at++;
            resume = i;
        } else if (at < label->len && label->octets[at] == lower(octets[i])) {
            at++;
            i++;
        } else if (star != SIZE_MAX) {
            at = star + 1;
            i = ++resume;
        } else {
            return false;
        }
    }
    while (at < label->len && (label->stars >> at & 1) != 0) {
        at++;
    }
    return at == label->len;
}

// The last n labels of the pattern against a name of n labels.
static bool tail_matches(const struct fdns_pattern *pattern, const uint8_t *name, unsigned n)
{
    for (unsigned i = pattern->n_labels - n; i < pattern->n_labels; i++) {
        if (!label_matches(&pattern->labels[i], name + 1, name[0])) {
            return false;
        }
        name += 1U + name[0];
    }
    return true;
}

bool fdns_pattern_matches(const struct fdns_pattern *pattern, const uint8_t *name)
{
    if (pattern->any) {
        return true;
    }
    unsigned labels = fdns_name_labels(name);
    if (pattern->below ? labels <= pattern->n_labels : labels != pattern->n_labels) {
        return false;
    }
    return tail_matches(pattern, fdns_name_skip(name, labels - pattern->n_labels),
                        pattern->n_labels);
}

bool fdns_pattern_may_lie_in(const struct fdns_pattern *pattern, const uint8_t *apex)
{
    if (pattern->any) {
        return true;
    }
    unsigned labels = fdns_name_labels(apex);
    if (labels <= pattern->n_labels) {
        return tail_matches(pattern, apex, labels);
    }
    return pattern->below && tail_matches(pattern, fdns_name_skip(apex, labels - pattern->n_labels),
                                          pattern->n_labels);
}
