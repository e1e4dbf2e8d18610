// Values that scalars spell. Durations are in base/duration.h.
#pragma once

#include "fakedns/base/error.h"

#include <stdbool.h>
#include <stdint.h>

// Decimal digits, with a - before them for what is below zero. TOO_LARGE beyond 64 bits.
enum fdns_error fdns_scalar_integer(const char *text, int64_t *value);

// yes no true false on off; false if it is none of them.
bool fdns_scalar_boolean(const char *text, bool *value);

extern const char *const fdns_scalar_booleans[6];
