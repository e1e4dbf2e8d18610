// Given key: what is known of a key that somebody gave, public or private, and its public half.
//
// The private key itself is never in here: it is read in memory that is overwritten afterwards. So
// whatever is printed, saved or reported of a given key cannot give it away. The text that was read
// belongs to the caller, who overwrites it too.
#pragma once

#include "harness/check/dkim/key_text.h"

#define DC_KEY_FORMS(X)                                                                            \
    X(DC_FORM_NONE, "none")                   /* nothing that is known */                          \
    X(DC_FORM_CUT, "cut")                     /* it ends too early */                              \
    X(DC_FORM_CUT_PRIVATE, "cut-private")     /* the same, of a private key */                     \
    X(DC_FORM_SPKI, "spki")                   /* SubjectPublicKeyInfo (RFC 5280 4.1) */            \
    X(DC_FORM_PKCS1_PUBLIC, "pkcs1-public")   /* RSAPublicKey (RFC 8017 A.1.1) */                  \
    X(DC_FORM_RAW, "raw")                     /* 32 octets of Ed25519 (RFC 8463 4) */              \
    X(DC_FORM_CERTIFICATE, "certificate")     /* X.509 */                                          \
    X(DC_FORM_PKCS1, "pkcs1")                 /* RSAPrivateKey (RFC 8017 A.1.2) */                 \
    X(DC_FORM_PKCS8, "pkcs8")                 /* PrivateKeyInfo (RFC 5208 5) */                    \
    X(DC_FORM_OTHER_PRIVATE, "other-private") /* a private key in a form of its algorithm */       \
    X(DC_FORM_OPENSSH, "openssh")             /* as ssh-keygen writes it */                        \
    X(DC_FORM_ENCRYPTED, "encrypted")         /* protected with a password: nothing else known */  \
    X(DC_FORM_DAMAGED, "damaged")             /* an RSA private key whose numbers do not fit */
#define DC_KEY_FORM_ENUM(name, text) name,
enum dc_key_form { DC_KEY_FORMS(DC_KEY_FORM_ENUM) };

struct dc_given_key {
    unsigned notes; // enum dc_key_text_note
    enum dc_key_encoding encoding;
    enum dc_key_form form;
    const char *algorithm; // "RSA", "EC", "ED25519" …; NULL if there is no key
    unsigned bits;         // of an RSA modulus, else 0
    size_t n_chars;        // of the value, without white space
    size_t bad_at;         // offset of what is no base64
    const uint8_t *octets; // the public key as p= of a record holds it; NULL if there is none
    size_t n_octets;
};

// Reads a key of any kind from text of any octets. The result, and nothing else, lies in arena.
struct dc_given_key *dc_given_key_read(struct fdns_arena *arena, const char *text, size_t len);

// A private key of any form, also one that cannot be read without a password.
bool dc_given_key_is_private(const struct dc_given_key *key);

// The same public key, in whatever form each is.
bool dc_same_public_key(const uint8_t *a, size_t n_a, const uint8_t *b, size_t n_b);

// The octets of a public key as the value of p=, in arena.
const char *dc_base64_text(struct fdns_arena *arena, const uint8_t *octets, size_t n_octets);
