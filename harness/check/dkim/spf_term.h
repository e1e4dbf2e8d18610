// One term of an SPF record (RFC 7208 4.6.1, 5 and 6). Pure: text in, what it asks of the DNS out.
// Addresses and their lengths are checked and not kept.
#pragma once

#include "fakedns/base/arena.h"

enum dc_spf_kind {
    DC_SPF_ALL,
    DC_SPF_A,
    DC_SPF_MX,
    DC_SPF_PTR,
    DC_SPF_EXISTS,
    DC_SPF_INCLUDE,
    DC_SPF_REDIRECT,
    DC_SPF_EXP,   // asks only when mail has been refused
    DC_SPF_OTHER, // asks nothing: ip4, ip6, modifiers that nobody knows
    DC_SPF_WRONG,
};

struct dc_spf_term {
    enum dc_spf_kind kind;
    const char *domain; // NULL: the domain whose record this is
};

// A modifier has "=" behind its name, a mechanism may have a qualifier before it. text is one term,
// without blanks; what is kept of it may point into it.
struct dc_spf_term dc_spf_term_parse(struct fdns_arena *arena, const char *text);
