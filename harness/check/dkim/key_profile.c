#include "harness/check/dkim/key_profile.h"

const struct dc_finding_row dc_key_profile_rows[DC_KEY_PROFILE_ROWS] = {
    [DC_KEY_SIZE_ODD] = {.id = "key/key-size-odd",
                         .level = DC_INFO,
                         .title = "The RSA key has an unusual size",
                         .cause = "It is taken, but 1024 and 2048 are the sizes that everybody "
                                  "makes and tests.",
                         .remedy = "Nothing has to be done. The next pair of keys may have 2048 "
                                   "bits.",
                         .refs = "seed:R34; RFC 8301 3.2"},
    [DC_KEY_TOO_LONG] = {.id = "key/key-too-long",
                         .level = DC_ERROR,
                         .title = "The RSA key is longer than Amazon SES takes",
                         .cause = "Receivers can use it, but Amazon SES does not sign with the "
                                  "private key that belongs to it, and the verification fails.",
                         .remedy = "Make a new pair of keys of the size that is expected, and "
                                   "publish its public key.",
                         .refs = "seed:R32; seed:R34"},
    [DC_KEY_NOT_RSA] = {.id = "key/not-rsa",
                        .level = DC_ERROR,
                        .title = "The published key is not one for RSA",
                        .cause = "Many receivers can use it, but Amazon SES signs with RSA only.",
                        .remedy = "Make a pair of keys for RSA, and publish its public key.",
                        .refs = "seed:R32; seed:R35"},
};

const struct dc_finding_row *dc_key_beyond(const struct dc_profile *profile,
                                           const struct dc_key *key)
{
    if (profile == NULL) {
        return NULL;
    }
    if (key->ed25519) {
        return &dc_key_profile_rows[DC_KEY_NOT_RSA];
    }
    if (key->bits > profile->bits_max) {
        return &dc_key_profile_rows[DC_KEY_TOO_LONG];
    }
    bool usual = key->bits == profile->bits_min || key->bits == profile->bits_max;
    return usual ? NULL : &dc_key_profile_rows[DC_KEY_SIZE_ODD];
}
