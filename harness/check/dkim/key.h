// Key record: the text at SELECTOR._domainkey.DOMAIN taken apart (RFC 6376 3.6.1, RFC 8301,
// RFC 8463). Pure: octets in, one flaw and some notes out. Which finding a flaw becomes stands in
// key_findings.c.
#pragma once

#include "fakedns/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What keeps receivers from using the key, in the order in which it is looked for: the first is
// the cause, the rest would follow from it.
enum dc_key_flaw {
    DC_KEY_GOOD,
    DC_KEY_EMPTY,       // no text at all: behind an Easy DKIM token a spare key, and normal
    DC_KEY_OTHER,       // the record of something else: v=spf1, v=DMARC1
    DC_KEY_NO_P_PREFIX, // base64 without p=
    DC_KEY_QUOTES,      // the text begins with a quote
    DC_KEY_ARMOUR,      // -----BEGIN
    DC_KEY_BACKSLASH,   // backslashes before semicolons that became part of values
    DC_KEY_SYNTAX,      // no tag-list, at flaw_at
    DC_KEY_DUPLICATE,   // a tag twice
    DC_KEY_FOLDED,      // in lower case all of it
    DC_KEY_VERSION,     // v= is not DKIM1
    DC_KEY_NO_P,        // no p=
    DC_KEY_REVOKED,     // p= is empty
    DC_KEY_CUT,         // p= ends before the key does
    DC_KEY_BASE64,      // p= is not base64, at flaw_at
    DC_KEY_PRIVATE,     // p= holds the private key
    DC_KEY_CERTIFICATE, // p= holds an X.509 certificate
    DC_KEY_PKCS1,       // p= holds RSAPublicKey instead of SubjectPublicKeyInfo
    DC_KEY_ALGORITHM,   // k= is unknown, or is not what p= holds
    DC_KEY_CONTENT,     // p= is base64 of something else
    DC_KEY_SHORT,       // RSA below 1024 bits (RFC 8301 3.2)
    DC_KEY_HASH,        // h= without sha256 (RFC 8301 3.1)
    DC_KEY_SERVICE,     // s= without email and *
};

// What is worth saying of a key that can be used.
enum dc_key_note {
    DC_KEY_TESTING = 1 << 0,      // t=y
    DC_KEY_STRICT = 1 << 1,       // t=s
    DC_KEY_LINE_ENDS = 1 << 2,    // CR or LF in the text
    DC_KEY_VERSION_LATE = 1 << 3, // v= stands, but not first
    DC_KEY_GRANULARITY = 1 << 4,  // g= of RFC 4871
};

struct dc_key {
    enum dc_key_flaw flaw;
    size_t flaw_at; // offset in text
    unsigned notes;
    const char *text; // the strings joined without separator (RFC 6376 3.6.2.2)
    size_t text_len;
    size_t n_strings;
    const uint8_t *octets; // p= decoded, NULL if it was not
    size_t n_octets;
    bool ed25519;
    bool bare;     // nothing but base64, and long
    unsigned bits; // of an RSA modulus
};

// Reads TXT rdata; everything in key lives in arena.
void dc_key_parse(struct dc_key *key, struct fdns_arena *arena, const uint8_t *rdata,
                  size_t rdata_len);

// The key that somebody expects, given as base64 or PEM, to compare with key->octets. False if it
// is neither.
bool dc_key_expected(struct fdns_arena *arena, const char *text, const uint8_t **octets,
                     size_t *n_octets);
