// Key record: the text at SELECTOR._domainkey.DOMAIN taken apart (RFC 6376 3.6.1, RFC 8301,
// RFC 8463). Pure: octets in, one flaw and some notes out. Which finding a flaw becomes stands in
// text_findings.c (what happened to the text on its way into the DNS) and key_findings.c (what the
// key says).
#pragma once

#include "fakedns/base/arena.h"
#include "harness/check/dkim/container.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What keeps receivers from using the key, in the order in which it is looked for: the first is
// the cause, the rest would follow from it.
enum dc_key_flaw {
    DC_KEY_GOOD,
    DC_KEY_EMPTY,        // no text at all: behind an Easy DKIM token a spare key, and normal
    DC_KEY_OTHER,        // the record of something else: v=spf1, v=DMARC1
    DC_KEY_NO_P_PREFIX,  // base64 without p=
    DC_KEY_QUOTES,       // the text begins with a quote
    DC_KEY_ARMOUR,       // -----BEGIN
    DC_KEY_BACKSLASH,    // backslashes before semicolons that became part of values
    DC_KEY_SYNTAX,       // no tag-list
    DC_KEY_DUPLICATE,    // a tag twice
    DC_KEY_FOLDED,       // its letters are all small, or all capitals
    DC_KEY_VERSION,      // v= is not DKIM1
    DC_KEY_NO_P,         // no p=
    DC_KEY_TAG_CASE,     // P= instead of p=
    DC_KEY_REVOKED,      // p= is empty
    DC_KEY_CUT,          // p= ends before the key does
    DC_KEY_BASE64,       // p= is not base64, at flaw_at
    DC_KEY_PRIVATE,      // p= holds the private key
    DC_KEY_CERTIFICATE,  // p= holds an X.509 certificate
    DC_KEY_PKCS1,        // p= holds RSAPublicKey instead of SubjectPublicKeyInfo
    DC_KEY_ED25519_SPKI, // an Ed25519 key with the container that only RSA keys have
    DC_KEY_ALGORITHM,    // k= is unknown, or is not what p= holds
    DC_KEY_CONTENT,      // p= is base64 of something else
    DC_KEY_SHORT,        // RSA below 1024 bits (RFC 8301 3.2)
    DC_KEY_HASH,         // h= without sha256 (RFC 8301 3.1)
    DC_KEY_SERVICE,      // s= without email and *
    // What happened to the text before it came here, where that can be told (text.h).
    DC_KEY_BYTE_ORDER_MARK,
    DC_KEY_SMART_QUOTES,
    DC_KEY_NO_BREAK_SPACE,
    DC_KEY_INVISIBLE,
    DC_KEY_NOT_ASCII,
    DC_KEY_HTML,
    DC_KEY_URL,
    DC_KEY_DECIMAL,  // \059, \"
    DC_KEY_REVERSED, // the strings are in another order
    DC_KEY_PREFIX,   // something stands before the record
    DC_KEY_QUOTES_MID,
    DC_KEY_COMMENT,   // it ends where a zone file would begin a comment
    DC_KEY_SEPARATOR, // other characters, or none, where semicolons should be
    DC_KEY_PLUS,      // blanks where plus signs were
    DC_KEY_N_FLAWS
};

// What is worth saying of a key that can be used.
enum dc_key_note {
    DC_KEY_TESTING = 1 << 0,      // t=y
    DC_KEY_STRICT = 1 << 1,       // t=s
    DC_KEY_LINE_ENDS = 1 << 2,    // CR or LF in the text
    DC_KEY_VERSION_LATE = 1 << 3, // v= stands, but not first
    DC_KEY_GRANULARITY = 1 << 4,  // g= of RFC 4871
    DC_KEY_BLANKS = 1 << 5,       // blanks inside of p=
    DC_KEY_NAME_CASE = 1 << 6,    // a tag that means nothing in capitals: V=, K=
};

enum { DC_KEY_N_NOTES = 7 };

// A place in the joined text.
struct dc_span {
    size_t at;
    size_t len; // 0: a place where something is missing
};

struct dc_key {
    enum dc_key_flaw flaw;
    struct dc_span place; // of the flaw
    unsigned notes;
    struct dc_span note_spans[DC_KEY_N_NOTES]; // in the order of their bits
    const uint8_t *rdata;                      // as it was given
    size_t rdata_len;
    const char *text; // the strings joined without separator (RFC 6376 3.6.2.2)
    size_t text_len;
    size_t n_strings;
    const uint8_t *octets; // p= decoded, NULL if it was not
    size_t n_octets;
    bool ed25519;
    bool bare;                   // nothing but base64, and long
    enum dc_container container; // of what p= holds
    unsigned bits;               // of an RSA modulus
};

// Reads TXT rdata; everything in key lives in arena.
void dc_key_parse(struct dc_key *key, struct fdns_arena *arena, const uint8_t *rdata,
                  size_t rdata_len);

// Where a note is about.
struct dc_span dc_key_note_span(const struct dc_key *key, enum dc_key_note note);
