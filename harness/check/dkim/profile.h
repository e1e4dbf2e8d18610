// Profile: what Amazon SES takes as selector and keys of one's own. `seed` is the letter of the
// troubleshooting page that the requirements come from; `current` is what the API takes today.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct dc_profile {
    const char *name;
    unsigned bits_min; // of an RSA modulus
    unsigned bits_max;
    const char *sizes; // the same in words
    bool pkcs8;        // takes private keys of that form too
    bool inner_hyphens;
};

enum { DC_SELECTOR_MAX = 63, DC_PRIVATE_CHARS_MAX = 20480 };

// Sorted by name.
extern const struct dc_profile dc_profiles[];
extern const size_t dc_n_profiles;
const struct dc_profile *dc_profile_find(const char *name); // NULL is normal
const struct dc_profile *dc_profile_default(void);          // current
