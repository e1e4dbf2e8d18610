#include "fakedns/base/duration.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define US_PER_MIN (INT64_C(60) * FDNS_US_PER_S)
#define LONGEST_US (INT64_C(36525) * FDNS_US_PER_D)

struct unit {
    const char *name;
    int64_t us;
};

// Largest first.
static const struct unit units[] = {
    {"d", FDNS_US_PER_D}, {"h", FDNS_US_PER_H},   {"m", US_PER_MIN},
    {"s", FDNS_US_PER_S}, {"ms", FDNS_US_PER_MS}, {"us", 1},
};

enum { N_UNITS = sizeof units / sizeof units[0] };

// Decimal digits at *text, moved past; held at LONGEST_US + 1 so that no length overflows.
static bool take_number(const char **text, int64_t *number)
{
    const char *start = *text;
    int64_t value = 0;
    for (; **text >= '0' && **text <= '9'; ++*text) {
        value = value > LONGEST_US / 10 ? LONGEST_US + 1 : value * 10 + (**text - '0');
    }
    *number = value;
    return *text != start;
}

// Index of the unit at *text, moved past: the letters up to the next digit. N_UNITS if unknown.
static size_t take_unit(const char **text)
{
    size_t len = strcspn(*text, "0123456789");
    for (size_t i = 0; i < N_UNITS; i++) {
        if (strlen(units[i].name) == len && memcmp(units[i].name, *text, len) == 0) {
            *text += len;
            return i;
        }
    }
    return N_UNITS;
}

enum fdns_error fdns_duration_parse(const char *text, int64_t *us)
{
    int64_t total = 0;
    size_t next_unit = 0; // each unit once, and none larger than the last
    if (strcmp(text, "0") == 0) {
        *us = 0;
        return FDNS_OK;
    }
    do {
        int64_t number;
        if (!take_number(&text, &number)) {
            return FDNS_INVALID;
        }
        size_t unit = take_unit(&text);
        if (unit == N_UNITS || unit < next_unit) {
            return FDNS_INVALID;
        }
        next_unit = unit + 1;
        bool fits = total <= LONGEST_US && number <= (LONGEST_US - total) / units[unit].us;
        total = fits ? total + number * units[unit].us : LONGEST_US + 1;
    } while (*text != '\0');
    if (total > LONGEST_US) {
        return FDNS_TOO_LARGE;
    }
    *us = total;
    return FDNS_OK;
}

char *fdns_duration_print(int64_t us, char out[FDNS_DURATION_TEXT_MAX])
{
    uint64_t rest = us < 0 ? -(uint64_t)us : (uint64_t)us;
    size_t at = us < 0 ? 1 : 0;
    snprintf(out, FDNS_DURATION_TEXT_MAX, "%s", us < 0 ? "-" : "0s");
    for (size_t i = 1; i < N_UNITS; i++) { // from hours: 24h rather than 1d
        uint64_t number = rest / (uint64_t)units[i].us;
        rest %= (uint64_t)units[i].us;
        if (number != 0) {
            at += (size_t)snprintf(out + at, FDNS_DURATION_TEXT_MAX - at, "%llu%s",
                                   (unsigned long long)number, units[i].name);
        }
    }
    return out;
}
