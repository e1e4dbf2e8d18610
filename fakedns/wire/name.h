// Domain names in uncompressed wire form (RFC 1035 3.1): length octets and labels up to and
// including the root label, at most 255 octets. A `const uint8_t *` called a name is always valid
// and ends itself; functions that read bytes from outside take a length and check.
// Comparison folds ASCII case only (RFC 4343). Labels may hold any octet (RFC 2181 11).
#pragma once

#include "fakedns/base/arena.h"
#include "fakedns/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FDNS_NAME_MAX = 255,
    FDNS_LABEL_MAX = 63,
    FDNS_NAME_LABELS_MAX = 127,
    FDNS_NAME_TEXT_MAX = 1024, // every octet as \DDD, dots and the NUL
};

extern const uint8_t fdns_name_root[1];

// Octets of the name with its root label: 1 to 255.
size_t fdns_name_len(const uint8_t *name);
// Labels without the root: 0 for the root.
unsigned fdns_name_labels(const uint8_t *name);
// Skips n labels from the left (n <= labels).
const uint8_t *fdns_name_skip(const uint8_t *name, unsigned n);

// Presentation form (RFC 1035 5.1: \X, \DDD) to wire. A name without a final dot is completed with
// origin, or with the root if origin is NULL. "@" is origin only in zone text, not here. INVALID:
// empty text, empty label, bad escape; TOO_LARGE: label over 63 or name over 255 octets.
enum fdns_error fdns_name_parse(const char *text, const uint8_t *origin,
                                uint8_t out[FDNS_NAME_MAX]);

// Presentation form with a final dot; every octet that is not a letter, digit, '-', '_', '*', '/'
// or other printable character without meaning is escaped, so the result is safe ASCII. Returns
// out.
char *fdns_name_print(const uint8_t *name, char out[FDNS_NAME_TEXT_MAX]);
// The same, in arena.
char *fdns_name_text(struct fdns_arena *arena, const uint8_t *name);

bool fdns_name_equal(const uint8_t *a, const uint8_t *b);
// The same octets, case included.
bool fdns_name_identical(const uint8_t *a, const uint8_t *b);
// Canonical order (RFC 4034 6.1): negative, 0, positive.
int fdns_name_compare(const uint8_t *a, const uint8_t *b);
// name is ancestor or below it.
bool fdns_name_at_or_below(const uint8_t *name, const uint8_t *ancestor);
// name is below ancestor.
bool fdns_name_below(const uint8_t *name, const uint8_t *ancestor);
// Labels that both have in common, counted from the root.
unsigned fdns_name_common(const uint8_t *a, const uint8_t *b);
bool fdns_name_is_wildcard(const uint8_t *name); // leftmost label is "*"

// Lower-case copy.
void fdns_name_lower(const uint8_t *name, uint8_t out[FDNS_NAME_MAX]);
// A hash that ignores case.
uint64_t fdns_name_hash(const uint8_t *name);
// The first n_prefix labels of prefix, then suffix. TOO_LARGE over 255 octets.
enum fdns_error fdns_name_join(const uint8_t *prefix, unsigned n_prefix, const uint8_t *suffix,
                               uint8_t out[FDNS_NAME_MAX]);
uint8_t *fdns_name_copy(struct fdns_arena *arena, const uint8_t *name);

// Octets of an uncompressed name at the start of data, root label included; 0 if there is no
// valid one within len octets.
size_t fdns_name_measure(const uint8_t *data, size_t len);
