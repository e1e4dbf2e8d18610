// Signature: a DKIM-Signature field taken apart (RFC 6376 3.5), and what is wrong with it before
// any key is looked at (6.1.1). Values are what the field says: text of unknown origin.
#pragma once

#include "harness/check/message/mail.h"

#include <stdint.h>

enum dc_signature_flaw {
    DC_SIGNATURE_GOOD,
    DC_SIGNATURE_MALFORMED,   // no tag-list, a required tag missing, a value that cannot be
    DC_SIGNATURE_UNSUPPORTED, // v=, a= or q= names what nobody has defined
    DC_SIGNATURE_SHA1,        // rsa-sha1 (RFC 8301 3.1)
    DC_SIGNATURE_FROM,        // h= does not name From (5.4)
    DC_SIGNATURE_IDENTITY,    // i= is not of d= or below (3.5)
};

struct dc_signature {
    const struct dc_field *field;
    enum dc_signature_flaw flaw; // the first
    const char *why;             // a sentence about it; NULL if there is none
    // NULL where the field does not say, or says it twice
    const char *domain;           // d=
    const char *selector;         // s=
    const char *algorithm;        // a=
    const char *canonicalization; // c=, or its default
    const char *identity;         // i=, or its default
    bool ed25519;
    bool header_relaxed;
    bool body_relaxed;
    const char *names; // h=
    size_t names_len;
    bool has_length;
    uint64_t length; // l=
    bool has_time;
    int64_t time_s; // t=
    bool has_expiry;
    int64_t expiry_s;     // x=
    const uint8_t *value; // b=
    size_t n_value;
    const uint8_t *body_hash; // bh=: 32 octets
    size_t erase_at;          // what b= has for a value, white space included, as an offset in the
    size_t n_erase;           // field's text
};

void dc_signature_parse(struct dc_signature *signature, struct fdns_arena *arena,
                        const struct dc_field *field);

// The next name of h=: *at starts at 0; false at the end. White space around it is cut off.
bool dc_signature_next_name(const struct dc_signature *signature, size_t *at, const char **name,
                            size_t *len);
// The domain of i= is d= itself (t=s of a key asks for it).
bool dc_signature_identity_is_domain(const struct dc_signature *signature);
