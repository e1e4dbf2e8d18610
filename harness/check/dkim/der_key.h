// Keys in DER: OpenSSL reads them, and they have to fill the octets. Nobody is asked for a
// password.
#pragma once

#include <openssl/evp.h>
#include <stddef.h>
#include <stdint.h>

// A SubjectPublicKeyInfo (RFC 5280 4.1.2.7). NULL if the octets are none. Free with EVP_PKEY_free.
EVP_PKEY *dc_der_subject_key(const uint8_t *octets, size_t len);
// A key as a structure that OpenSSL has a name for ("type-specific", "PrivateKeyInfo"; NULL: any)
// and of a type ("RSA"; NULL: any). selection: EVP_PKEY_PUBLIC_KEY or EVP_PKEY_KEYPAIR. NULL
// likewise.
EVP_PKEY *dc_der_key(const uint8_t *octets, size_t len, const char *structure, const char *type,
                     int selection);
