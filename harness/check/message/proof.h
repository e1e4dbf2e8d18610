// Proof: hashes and signatures, as far as OpenSSL does them. Keys and signatures are hostile.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DC_HASH_OCTETS = 32, DC_HASH_TEXT_MAX = 45 };

// SHA-256 of octets that come in pieces.
struct dc_hashing;
struct dc_hashing *dc_hashing_new(void);
void dc_hashing_put(void *hashing, const void *octets, size_t len); // a dc_canon_fn
// Ends it and frees it.
void dc_hashing_end(struct dc_hashing *hashing, uint8_t hash[DC_HASH_OCTETS]);
// A hash in base64, as bh= has it.
void dc_hash_text(const uint8_t hash[DC_HASH_OCTETS], char text[DC_HASH_TEXT_MAX]);

enum dc_proof {
    DC_PROOF_GOOD,
    DC_PROOF_OTHER_HASH, // made with this key, over something else
    DC_PROOF_OTHER_KEY,  // not made with this key, or damaged
    DC_PROOF_UNCLEAR,    // Ed25519 does not tell these two apart
};

// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 6376 3.3.2); key is a SubjectPublicKeyInfo. *signed_hash is
// set with OTHER_HASH.
enum dc_proof dc_prove_rsa(const uint8_t *key, size_t n_key, const uint8_t *signature,
                           size_t n_signature, const uint8_t hash[DC_HASH_OCTETS],
                           uint8_t signed_hash[DC_HASH_OCTETS]);
// PureEdDSA over the hash (RFC 8463 3); key is 32 octets.
enum dc_proof dc_prove_ed25519(const uint8_t *key, size_t n_key, const uint8_t *signature,
                               size_t n_signature, const uint8_t hash[DC_HASH_OCTETS]);
