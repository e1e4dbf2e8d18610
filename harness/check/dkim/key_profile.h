// What keeps Amazon SES from taking a published key that receivers can use.
#pragma once

#include "harness/check/catalogue.h"
#include "harness/check/dkim/key.h"
#include "harness/check/dkim/profile.h"

enum { DC_KEY_SIZE_ODD, DC_KEY_TOO_LONG, DC_KEY_NOT_RSA, DC_KEY_PROFILE_ROWS };
extern const struct dc_finding_row dc_key_profile_rows[DC_KEY_PROFILE_ROWS];

// The row that applies to a good key, or NULL. profile NULL: no limits.
const struct dc_finding_row *dc_key_beyond(const struct dc_profile *profile,
                                           const struct dc_key *key);
