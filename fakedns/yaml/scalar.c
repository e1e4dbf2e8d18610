#include "fakedns/yaml/scalar.h"

#include <stddef.h>
#include <string.h>

const char *const fdns_scalar_booleans[6] = {"yes", "no", "true", "false", "on", "off"};

enum fdns_error fdns_scalar_integer(const char *text, int64_t *value)
{
    bool negative = *text == '-';
    bool fits = true;
    uint64_t limit = (uint64_t)INT64_MAX + (negative ? 1 : 0);
    uint64_t sum = 0;
    const char *digits = negative ? text + 1 : text;
    for (const char *p = digits; *p != '\0'; p++) {
        if (*p < '0' || *p > '9') {
            return FDNS_INVALID;
        }
        uint64_t digit = (uint64_t)(*p - '0');
        fits = fits && sum <= (limit - digit) / 10;
        sum = fits ? sum * 10 + digit : 0;
    }
    if (*digits == '\0') {
        return FDNS_INVALID;
    }
    if (!fits) {
        return FDNS_TOO_LARGE;
    }
    *value = !negative ? (int64_t)sum : sum == limit ? INT64_MIN : -(int64_t)sum;
    return FDNS_OK;
}

bool fdns_scalar_boolean(const char *text, bool *value)
{
    for (size_t i = 0; i < sizeof fdns_scalar_booleans / sizeof fdns_scalar_booleans[0]; i++) {
        if (strcmp(text, fdns_scalar_booleans[i]) == 0) {
            *value = i % 2 == 0;
            return true;
        }
    }
    return false;
}
