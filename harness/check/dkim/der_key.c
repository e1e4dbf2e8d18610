#include "harness/check/dkim/der_key.h"

#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <stdbool.h>

EVP_PKEY *dc_der_key(const uint8_t *octets, size_t len, const char *structure, const char *type,
                     int selection)
{
    EVP_PKEY *key = NULL;
    const unsigned char *at = octets;
    size_t left = len;
    OSSL_DECODER_CTX *context =
        OSSL_DECODER_CTX_new_for_pkey(&key, "DER", structure, type, selection, NULL, NULL);
    bool good = context != NULL && OSSL_DECODER_from_data(context, &at, &left) == 1 && left == 0;
    OSSL_DECODER_CTX_free(context);
    ERR_clear_error();
    if (!good) {
        EVP_PKEY_free(key);
        return NULL;
    }
    return key;
}

// The common case, for which OpenSSL has a shorter way.
EVP_PKEY *dc_der_subject_key(const uint8_t *octets, size_t len)
{
    const unsigned char *at = octets;
    EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)len);
    ERR_clear_error();
    if (key != NULL && at != octets + len) {
        EVP_PKEY_free(key);
        return NULL;
    }
    return key;
}
