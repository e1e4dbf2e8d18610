// Pattern: what a rule says of a name. A leading "*." is one or more labels, "*" elsewhere stays
// inside a label, "\*" is literal; "*" alone is any name. Case is ignored (RFC 4343).
#pragma once

#include "fakedns/wire/name.h"

struct fdns_pattern_label {
    uint8_t len;
    uint8_t octets[FDNS_LABEL_MAX]; // lower case
    uint64_t stars;                 // bit i: octet i is a "*" that stands for any octets
};

struct fdns_pattern {
    bool any;          // "*"
    bool below;        // began with "*."
    unsigned n_labels; // without that
    struct fdns_pattern_label *labels;
};

// Names are absolute, with or without a final dot. INVALID or TOO_LARGE as in fdns_name_parse.
enum fdns_error fdns_pattern_parse(struct fdns_arena *arena, const char *text,
                                   struct fdns_pattern *pattern);
bool fdns_pattern_matches(const struct fdns_pattern *pattern, const uint8_t *name);
// Some name at or below apex could match.
bool fdns_pattern_may_lie_in(const struct fdns_pattern *pattern, const uint8_t *apex);
