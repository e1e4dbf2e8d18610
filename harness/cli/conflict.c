#include "harness/cli/conflict.h"

#include <stdio.h>

bool dc_conflicts_none(const struct dc_conflict *conflicts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (conflicts[i].given) {
            fprintf(stderr, "dnsconform dkim: %s\n", conflicts[i].what);
            return false;
        }
    }
    return true;
}
