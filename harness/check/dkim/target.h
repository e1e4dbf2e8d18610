// Target: where an Easy DKIM CNAME points, compared label by label with where it should.
#pragma once

#include "harness/check/dkim/expect.h"

enum dc_target_fault {
    DC_TARGET_RIGHT,
    DC_TARGET_NO_DOT,  // the zone's name was appended
    DC_TARGET_SWAPPED, // another token's target
    DC_TARGET_REGION,  // of another region, or of a token that is not this identity's
    DC_TARGET_NO_HOST, // a URL or an address
    DC_TARGET_TYPO,
};

// Compares the target of records[i]. *detail is a sentence in arena (NULL if it is right).
enum dc_target_fault dc_target_compare(struct fdns_arena *arena,
                                       const struct dc_expectation *expectation, size_t i,
                                       const uint8_t *target, const uint8_t *apex,
                                       const char **detail);
