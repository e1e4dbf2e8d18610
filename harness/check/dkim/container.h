// Container: what the octets of a p= tag are, as DER. OpenSSL reads them; nothing is trusted.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum dc_container {
    DC_CONTAINER_NONE,
    DC_CONTAINER_RSA,       // SubjectPublicKeyInfo of an RSA key: what verifiers read
    DC_CONTAINER_OTHER_KEY, // SubjectPublicKeyInfo of another algorithm
    DC_CONTAINER_RSA_PKCS1, // RSAPublicKey (RFC 6376 3.6.1 names it, few verifiers read it)
    DC_CONTAINER_PRIVATE,   // PKCS#1 or PKCS#8 private key
    DC_CONTAINER_CERTIFICATE,
};

// *bits is the size of the RSA modulus, else 0.
enum dc_container dc_container_of(const uint8_t *octets, size_t len, unsigned *bits);

// A DER value that says it is longer than len octets.
bool dc_der_is_cut(const uint8_t *octets, size_t len);
