#include "harness/check/dkim/given_key.h"

#include "harness/check/dkim/container.h"
#include "harness/check/dkim/der_key.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <string.h>

enum { ED25519_OCTETS = 32, CHECKED_BITS_MAX = 2048, OCTETS_MAX = 64 * 1024 };
enum { SEQUENCE = 0x30, INTEGER = 0x02, LONG_FORM = 0x80 };

// What a DER sequence begins with tells the forms apart; OpenSSL reads one in the place of another.
struct start {
    uint8_t tags[2];    // of its first two elements
    bool is_version[2]; // the first is the integer 0, or 1
};

// Moves *at into the element there, or past it; false if there is none.
static bool step(const uint8_t *octets, size_t len, size_t *at, bool into)
{
    size_t content = 0;
    size_t n = *at + 1 < len && octets[*at + 1] & LONG_FORM ? octets[*at + 1] & 0x7fU : 0;
    if (*at + 2 + n > len || n > sizeof(uint32_t)) {
        return false;
    }
    content = n == 0 ? octets[*at + 1] : 0;
    for (size_t i = 0; i < n; i++) {
        content = content << 8 | octets[*at + 2 + i];
    }
    *at += 2 + n + (into ? 0 : content);
    return *at < len;
}

static struct start start_of(const uint8_t *octets, size_t len)
{
    struct start start = {.tags = {0, 0}};
    size_t at = 0;
    if (len < 2 || octets[0] != SEQUENCE || !step(octets, len, &at, true)) {
        return start;
    }
    start.tags[0] = octets[at];
    for (uint8_t version = 0; version < 2; version++) {
        start.is_version[version] = at + 2 < len && octets[at] == INTEGER && octets[at + 1] == 1 &&
                                    octets[at + 2] == version;
    }
    if (step(octets, len, &at, false)) {
        start.tags[1] = octets[at];
    }
    return start;
}

static enum dc_key_form form_of(const struct start *start)
{
    bool version = start->is_version[0] || start->is_version[1];
    if (start->tags[0] == SEQUENCE) {
        return DC_FORM_SPKI;
    }
    if (version && start->tags[1] == SEQUENCE) {
        return DC_FORM_PKCS8;
    }
    if (start->is_version[0] && start->tags[1] == INTEGER) {
        return DC_FORM_PKCS1;
    }
    return version                     ? DC_FORM_OTHER_PRIVATE
           : start->tags[0] == INTEGER ? DC_FORM_PKCS1_PUBLIC
                                       : DC_FORM_NONE;
}

// *form becomes what the octets are; NULL if they are no key.
static EVP_PKEY *decode_any(const uint8_t *octets, size_t len, enum dc_key_form *form)
{
    const struct start start = start_of(octets, len);
    EVP_PKEY *key = NULL;
    *form = form_of(&start);
    if (*form == DC_FORM_SPKI) {
        key = dc_der_subject_key(octets, len);
    } else if (*form == DC_FORM_PKCS1_PUBLIC) {
        key = dc_der_key(octets, len, "type-specific", "RSA", EVP_PKEY_PUBLIC_KEY);
    } else if (*form != DC_FORM_NONE) {
        key = dc_der_key(octets, len, NULL, NULL, EVP_PKEY_KEYPAIR);
    }
    if (key == NULL) {
        *form = DC_FORM_NONE;
    } else if (*form == DC_FORM_PKCS1 && EVP_PKEY_is_a(key, "RSA") != 1) {
        *form = DC_FORM_OTHER_PRIVATE; // DSA has a version and integers too
    }
    return key;
}

// EncryptedPrivateKeyInfo (RFC 5958 3): an algorithm that takes a password, and octets.
static bool is_encrypted(const uint8_t *octets, size_t len)
{
    const unsigned char *at = octets;
    const X509_ALGOR *algorithm = NULL;
    const ASN1_OBJECT *id = NULL;
    X509_SIG *info = d2i_X509_SIG(NULL, &at, (long)len);
    bool found = false;
    if (info != NULL && at == octets + len) {
        X509_SIG_get0(info, &algorithm, NULL);
        X509_ALGOR_get0(&id, NULL, NULL, algorithm);
        found = EVP_PBE_find(EVP_PBE_TYPE_OUTER, OBJ_obj2nid(id), NULL, NULL, NULL) == 1;
    }
    X509_SIG_free(info);
    ERR_clear_error();
    return found;
}

static bool is_certificate(const uint8_t *octets, size_t len)
{
    const unsigned char *at = octets;
    X509 *certificate = d2i_X509(NULL, &at, (long)len);
    X509_free(certificate);
    ERR_clear_error();
    return certificate != NULL;
}

// The numbers of a private key fit each other: a damaged file can still be read as a key.
static bool is_sound(EVP_PKEY *key)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    bool sound = context != NULL && EVP_PKEY_check(context) == 1;
    EVP_PKEY_CTX_free(context);
    ERR_clear_error();
    return sound;
}

// As p= holds it: SubjectPublicKeyInfo, or for Ed25519 the octets alone (RFC 8463 4).
static void keep_public_half(struct dc_given_key *key, struct fdns_arena *arena, EVP_PKEY *pkey)
{
    unsigned char raw[ED25519_OCTETS];
    size_t n_raw = sizeof raw;
    if (EVP_PKEY_is_a(pkey, "ED25519") == 1 &&
        EVP_PKEY_get_raw_public_key(pkey, raw, &n_raw) == 1) {
        key->octets = fdns_arena_copy(arena, raw, n_raw);
        key->n_octets = n_raw;
        return;
    }
    unsigned char *der = NULL;
    int len = i2d_PUBKEY(pkey, &der);
    if (len > 0) {
        key->octets = fdns_arena_copy(arena, der, (size_t)len);
        key->n_octets = (size_t)len;
    }
    OPENSSL_free(der);
    ERR_clear_error();
}

static void describe(struct dc_given_key *key, struct fdns_arena *arena, EVP_PKEY *pkey)
{
    const char *name = EVP_PKEY_get0_type_name(pkey);
    key->algorithm = fdns_arena_string(arena, name != NULL ? name : "an unknown algorithm");
    if (EVP_PKEY_is_a(pkey, "RSA") == 1) {
        key->bits = (unsigned)EVP_PKEY_get_bits(pkey);
    }
    // longer keys are refused anyway, and take seconds
    bool is_pair = key->form == DC_FORM_PKCS1 || key->form == DC_FORM_PKCS8;
    if (is_pair && key->bits > 0 && key->bits <= CHECKED_BITS_MAX && !is_sound(pkey)) {
        key->form = DC_FORM_DAMAGED;
    }
    keep_public_half(key, arena, pkey);
}

// A DER sequence that ends too early.
static enum dc_key_form cut_form(const uint8_t *octets, size_t len)
{
    const struct start start = start_of(octets, len);
    return start.is_version[0] || start.is_version[1] ? DC_FORM_CUT_PRIVATE : DC_FORM_CUT;
}

static void read_octets(struct dc_given_key *key, struct fdns_arena *arena, const uint8_t *octets,
                        size_t len)
{
    if (len == ED25519_OCTETS) {
        key->form = DC_FORM_RAW;
        key->algorithm = "ED25519";
        key->octets = fdns_arena_copy(arena, octets, len);
        key->n_octets = len;
        return;
    }
    EVP_PKEY *pkey = len <= OCTETS_MAX ? decode_any(octets, len, &key->form) : NULL;
    if (pkey != NULL) {
        describe(key, arena, pkey);
        EVP_PKEY_free(pkey);
    } else if (dc_der_is_cut(octets, len)) {
        key->form = cut_form(octets, len);
    } else if (len <= OCTETS_MAX && is_encrypted(octets, len)) {
        key->form = DC_FORM_ENCRYPTED;
    } else if (len <= OCTETS_MAX && is_certificate(octets, len)) {
        key->form = DC_FORM_CERTIFICATE;
    }
}

// What is good base64 up to its end, and of a key that says that it is longer.
static void read_cut(struct dc_given_key *key, const uint8_t *octets, size_t len)
{
    if (dc_der_is_cut(octets, len)) {
        key->encoding = DC_KEY_ENCODED;
        key->form = cut_form(octets, len);
    }
}

struct dc_given_key *dc_given_key_read(struct fdns_arena *arena, const char *text, size_t len)
{
    struct dc_given_key *key = fdns_arena_alloc(arena, sizeof *key);
    struct fdns_arena secret;
    struct dc_key_text read;
    fdns_arena_init(&secret, 0);
    dc_key_text_read(&read, &secret, text, len);
    *key = (struct dc_given_key){.notes = read.notes,
                                 .encoding = read.encoding,
                                 .n_chars = read.n_chars,
                                 .bad_at = read.bad_at};
    if (read.notes & DC_KEY_TEXT_ENCRYPTED) {
        key->form = DC_FORM_ENCRYPTED;
    } else if (read.notes & DC_KEY_TEXT_OPENSSH) {
        key->form = DC_FORM_OPENSSH;
    } else if (read.encoding == DC_KEY_UNENCODED && read.octets != NULL) {
        read_cut(key, read.octets, read.n_octets);
    } else if (read.octets != NULL) {
        read_octets(key, arena, read.octets, read.n_octets);
    }
    fdns_arena_wipe(&secret);
    fdns_arena_clear(&secret);
    return key;
}

bool dc_given_key_is_private(const struct dc_given_key *key)
{
    switch (key->form) {
    case DC_FORM_PKCS1:
    case DC_FORM_PKCS8:
    case DC_FORM_OTHER_PRIVATE:
    case DC_FORM_OPENSSH:
    case DC_FORM_ENCRYPTED:
    case DC_FORM_DAMAGED:
    case DC_FORM_CUT_PRIVATE:
        return true;
    case DC_FORM_NONE:
    case DC_FORM_CUT:
    case DC_FORM_SPKI:
    case DC_FORM_PKCS1_PUBLIC:
    case DC_FORM_RAW:
    case DC_FORM_CERTIFICATE:
        return false;
    }
    return false;
}

bool dc_same_public_key(const uint8_t *a, size_t n_a, const uint8_t *b, size_t n_b)
{
    if (n_a == n_b && memcmp(a, b, n_a) == 0) {
        return true;
    }
    EVP_PKEY *first = dc_der_subject_key(a, n_a);
    EVP_PKEY *second = dc_der_subject_key(b, n_b);
    bool same = first != NULL && second != NULL && EVP_PKEY_eq(first, second) == 1;
    EVP_PKEY_free(first);
    EVP_PKEY_free(second);
    ERR_clear_error();
    return same;
}

const char *dc_base64_text(struct fdns_arena *arena, const uint8_t *octets, size_t n_octets)
{
    char *text = fdns_arena_alloc(arena, (n_octets + 2) / 3 * 4 + 1);
    EVP_EncodeBlock((unsigned char *)text, octets, (int)n_octets);
    return text;
}
