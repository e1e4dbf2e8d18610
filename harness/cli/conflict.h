// Options that mean nothing together.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct dc_conflict {
    bool given;
    const char *what; // a sentence that names the options
};

// True if none is given; else says the first on standard error, as a mistake of `dnsconform dkim`.
bool dc_conflicts_none(const struct dc_conflict *conflicts, size_t n);
