#include "harness/check/message/proof.h"

#include "fakedns/base/fatal.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

// The context of OpenSSL itself.
struct dc_hashing *dc_hashing_new(void)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (context == NULL || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1) {
        fdns_fatal("OpenSSL has no SHA-256");
    }
    return (struct dc_hashing *)context;
}

void dc_hashing_put(void *hashing, const void *octets, size_t len)
{
    if (EVP_DigestUpdate(hashing, octets, len) != 1) {
        fdns_fatal("OpenSSL cannot go on with a hash");
    }
}

void dc_hashing_end(struct dc_hashing *hashing, uint8_t hash[DC_HASH_OCTETS])
{
    EVP_MD_CTX *context = (EVP_MD_CTX *)hashing;
    if (EVP_DigestFinal_ex(context, hash, NULL) != 1) {
        fdns_fatal("OpenSSL cannot end a hash");
    }
    EVP_MD_CTX_free(context);
}

void dc_hash_text(const uint8_t hash[DC_HASH_OCTETS], char text[DC_HASH_TEXT_MAX])
{
    EVP_EncodeBlock((unsigned char *)text, hash, DC_HASH_OCTETS);
}

// What the signature holds, if it was made with the key: a SHA-256 hash.
static bool recover(EVP_PKEY *key, const uint8_t *signature, size_t n_signature,
                    uint8_t hash[DC_HASH_OCTETS])
{
    size_t len = 0;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    uint8_t *room = OPENSSL_malloc((size_t)EVP_PKEY_get_size(key));
    bool ready = context != NULL && room != NULL && EVP_PKEY_verify_recover_init(context) == 1 &&
                 EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
                 EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1;
    len = (size_t)EVP_PKEY_get_size(key);
    bool good = ready &&
                EVP_PKEY_verify_recover(context, room, &len, signature, n_signature) == 1 &&
                len == DC_HASH_OCTETS;
    if (good) {
        memcpy(hash, room, DC_HASH_OCTETS);
    }
    OPENSSL_free(room);
    EVP_PKEY_CTX_free(context);
    ERR_clear_error();
    return good;
}

enum dc_proof dc_prove_rsa(const uint8_t *key, size_t n_key, const uint8_t *signature,
                           size_t n_signature, const uint8_t hash[DC_HASH_OCTETS],
                           uint8_t signed_hash[DC_HASH_OCTETS])
{
    const unsigned char *at = key;
    EVP_PKEY *public_key = d2i_PUBKEY(NULL, &at, (long)n_key);
    bool recovered = public_key != NULL && EVP_PKEY_is_a(public_key, "RSA") == 1 &&
                     recover(public_key, signature, n_signature, signed_hash);
    EVP_PKEY_free(public_key);
    ERR_clear_error();
    if (!recovered) {
        return DC_PROOF_OTHER_KEY;
    }
    return memcmp(hash, signed_hash, DC_HASH_OCTETS) == 0 ? DC_PROOF_GOOD : DC_PROOF_OTHER_HASH;
}

enum dc_proof dc_prove_ed25519(const uint8_t *key, size_t n_key, const uint8_t *signature,
                               size_t n_signature, const uint8_t hash[DC_HASH_OCTETS])
{
    EVP_PKEY *public_key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, n_key);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = public_key != NULL && context != NULL &&
                EVP_DigestVerifyInit(context, NULL, NULL, NULL, public_key) == 1 &&
                EVP_DigestVerify(context, signature, n_signature, hash, DC_HASH_OCTETS) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(public_key);
    ERR_clear_error();
    return good ? DC_PROOF_GOOD : DC_PROOF_UNCLEAR;
}
