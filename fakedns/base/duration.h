// Durations as people write them: 90s 15m 24h 3d 71h59m 250ms, in microseconds here.
#pragma once

#include "fakedns/base/error.h"

#include <stdint.h>

#define FDNS_US_PER_MS INT64_C(1000)
#define FDNS_US_PER_S  INT64_C(1000000)
#define FDNS_US_PER_H  (INT64_C(3600) * FDNS_US_PER_S)
#define FDNS_US_PER_D  (INT64_C(24) * FDNS_US_PER_H)

enum { FDNS_DURATION_TEXT_MAX = 48 };

// Units us ms s m h d, largest first, each at most once; "0" alone needs none. Refuses (INVALID)
// signs, blanks, other units, and what is longer than 100 years (TOO_LARGE).
enum fdns_error fdns_duration_parse(const char *text, int64_t *us);

// The shortest such text: 71h59m, 24h (not 1d), 0s. Returns out.
char *fdns_duration_print(int64_t us, char out[FDNS_DURATION_TEXT_MAX]);
