#include "harness/check/dkim/container.h"

#include "harness/check/dkim/der_key.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

static bool is_private(const uint8_t *octets, size_t len)
{
    EVP_PKEY *key = dc_der_key(octets, len, "type-specific", "RSA", EVP_PKEY_KEYPAIR);
    if (key == NULL) {
        key = dc_der_key(octets, len, "PrivateKeyInfo", NULL, EVP_PKEY_KEYPAIR);
    }
    EVP_PKEY_free(key);
    return key != NULL;
}

static bool is_certificate(const uint8_t *octets, size_t len)
{
    const unsigned char *at = octets;
    X509 *certificate = d2i_X509(NULL, &at, (long)len);
    X509_free(certificate);
    ERR_clear_error();
    return certificate != NULL;
}

static enum dc_container subject_key(EVP_PKEY *key, unsigned *bits)
{
    bool rsa = EVP_PKEY_is_a(key, "RSA") == 1;
    *bits = rsa ? (unsigned)EVP_PKEY_get_bits(key) : 0;
    EVP_PKEY_free(key);
    return rsa ? DC_CONTAINER_RSA : DC_CONTAINER_OTHER_KEY;
}

enum dc_container dc_container_of(const uint8_t *octets, size_t len, unsigned *bits)
{
    *bits = 0;
    EVP_PKEY *key = dc_der_subject_key(octets, len);
    if (key != NULL) {
        return subject_key(key, bits);
    }
    if (is_private(octets, len)) {
        return DC_CONTAINER_PRIVATE;
    }
    key = dc_der_key(octets, len, "type-specific", "RSA", EVP_PKEY_PUBLIC_KEY);
    if (key != NULL) {
        EVP_PKEY_free(key);
        return DC_CONTAINER_RSA_PKCS1;
    }
    return is_certificate(octets, len) ? DC_CONTAINER_CERTIFICATE : DC_CONTAINER_NONE;
}

bool dc_der_is_cut(const uint8_t *octets, size_t len)
{
    enum { SEQUENCE = 0x30, LONG_FORM = 0x80 };
    if (len < 2 || octets[0] != SEQUENCE) {
        return false;
    }
    size_t n_length = octets[1] & LONG_FORM ? octets[1] & 0x7fU : 0;
    if (n_length > 2 || len < 2 + n_length) {
        return false; // no key of ours is 64 KiB long
    }
    size_t content = n_length == 0 ? octets[1] : 0;
    for (size_t i = 0; i < n_length; i++) {
        content = content << 8 | octets[2 + i];
    }
    return 2 + n_length + content > len;
}
