// Extended DNS Errors (RFC 8914): why a resolver failed, read from the octets of its answer.
#pragma once

#include "harness/check/dkim/answer.h"

enum dc_ede {
    DC_EDE_STALE = 3,
    DC_EDE_BOGUS = 6,
    DC_EDE_EXPIRED = 7,
    DC_EDE_NOT_YET = 8,
    DC_EDE_NO_DNSKEY = 9,
    DC_EDE_NO_RRSIGS = 10,
};

// The answer has the code among its EDNS options.
bool dc_answer_has_ede(const struct dc_answer *answer, enum dc_ede code);
// The codes with their meaning and the texts beside them, in arena: "EDE 7 (Signature Expired)";
// NULL if there are none. A text may hold anything.
const char *dc_answer_ede_text(struct fdns_arena *arena, const struct dc_answer *answer);
