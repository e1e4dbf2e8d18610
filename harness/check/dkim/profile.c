#include "harness/check/dkim/profile.h"

#include <string.h>

const struct dc_profile dc_profiles[] = {
    {.name = "current",
     .bits_min = 1024,
     .bits_max = 2048,
     .sizes = "RSA, 1024 to 2048 bits",
     .pkcs8 = true,
     .inner_hyphens = true},
    {.name = "seed", .bits_min = 1024, .bits_max = 1024, .sizes = "RSA, 1024 bits"},
};
const size_t dc_n_profiles = sizeof dc_profiles / sizeof dc_profiles[0];

const struct dc_profile *dc_profile_find(const char *name)
{
    for (size_t i = 0; i < dc_n_profiles; i++) {
        if (strcmp(dc_profiles[i].name, name) == 0) {
            return &dc_profiles[i];
        }
    }
    return NULL;
}

const struct dc_profile *dc_profile_default(void)
{
    return &dc_profiles[0];
}
