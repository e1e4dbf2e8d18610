#include "fakedns/zone/key.h"

#include "fakedns/base/buf.h"
#include "fakedns/zone/key_ldns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// --- made from a seed

static size_t secret_len(uint8_t algorithm)
{
    switch (algorithm) {
    case FDNS_ALGORITHM_P256:
    case FDNS_ALGORITHM_ED25519:
        return 32;
    case FDNS_ALGORITHM_P384:
        return 48;
    case FDNS_ALGORITHM_ED448:
        return 57;
    default:
        return 0;
    }
}

// SHA-256 over a counter, the seed, the zone's name and the role, until there is enough.
static void derive(uint64_t seed, const uint8_t *zone, const char *role, uint8_t *secret,
                   size_t len)
{
    uint8_t lower[FDNS_NAME_MAX];
    uint8_t digest[LDNS_SHA256_DIGEST_LENGTH];
    fdns_name_lower(zone, lower);
    for (size_t at = 0, block = 0; at < len; at += sizeof(digest), block++) {
        struct fdns_buf input;
        fdns_buf_init(&input, 4096);
        fdns_buf_u32(&input, (uint32_t)block);
        fdns_buf_u32(&input, (uint32_t)(seed >> 32));
        fdns_buf_u32(&input, (uint32_t)seed);
        fdns_buf_append(&input, lower, fdns_name_len(lower));
        fdns_buf_string(&input, role);
        ldns_sha256(input.data, (unsigned)input.len, digest);
        memcpy(secret + at, digest, len - at < sizeof(digest) ? len - at : sizeof(digest));
        fdns_buf_clear(&input);
    }
}

const char *fdns_key_text(struct fdns_arena *arena, uint8_t algorithm, uint64_t seed,
                          const uint8_t *zone, const char *role)
{
    uint8_t secret[64];
    size_t len = secret_len(algorithm);
    if (len == 0) {
        return NULL;
    }
    derive(seed, zone, role, secret, len);
    // Without its top bit, the scalar of a curve is below the order of both curves.
    secret[0] &= algorithm == FDNS_ALGORITHM_P256 || algorithm == FDNS_ALGORITHM_P384 ? 0x7f : 0xff;
    ldns_rdf *rdf = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_B64, len, secret);
    char *base64 = rdf != NULL ? ldns_rdf2str(rdf) : NULL;
    const char *text =
        base64 == NULL
            ? NULL
            : fdns_arena_format(arena,
                                "Private-key-format: v1.2\nAlgorithm: %u (MADE)\nPrivateKey: %s\n",
                                (unsigned)algorithm, base64);
    free(base64);
    ldns_rdf_deep_free(rdf);
    return text;
}

// --- by ldns

ldns_key *fdns_ldns_key(const struct fdns_key *key, const uint8_t *owner)
{
    ldns_key *made = NULL;
    ldns_rdf *name = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, fdns_name_len(owner), owner);
    FILE *file = fmemopen((void *)(uintptr_t)key->text, strlen(key->text), "r");
    if (file != NULL && name != NULL && ldns_key_new_frm_fp(&made, file) == LDNS_STATUS_OK) {
        ldns_key_set_pubkey_owner(made, name);
        ldns_key_set_flags(made, key->flags);
        ldns_key_set_keytag(made, key->tag);
        name = NULL;
    }
    if (file != NULL) {
        fclose(file);
    }
    ldns_rdf_deep_free(name);
    return made;
}

bool fdns_ldns_rr_rdata(struct fdns_arena *arena, const ldns_rr *rr, struct fdns_rdata *rdata)
{
    ldns_buffer *buffer = ldns_buffer_new(1024);
    bool done = buffer != NULL && ldns_rr_rdata2buffer_wire(buffer, rr) == LDNS_STATUS_OK &&
                ldns_buffer_position(buffer) <= UINT16_MAX;
    if (done) {
        size_t len = ldns_buffer_position(buffer);
        *rdata = (struct fdns_rdata){fdns_arena_copy(arena, ldns_buffer_begin(buffer), len),
                                     (uint16_t)len};
    }
    ldns_buffer_free(buffer);
    return done;
}

// Of the text; 0 if it names none. ldns must not see others than can sign: it leaks those of TSIG.
static unsigned long algorithm_of(const char *text)
{
    const char *line = strstr(text, "Algorithm:");
    return line != NULL ? strtoul(line + strlen("Algorithm:"), NULL, 10) : 0;
}

// RFC 8624 3.1, and those of the past that validators may still know.
static bool can_sign(unsigned long algorithm)
{
    enum { RSASHA1 = 5, RSASHA1_NSEC3 = 7, RSASHA512 = 10 };
    return algorithm == RSASHA1 || algorithm == RSASHA1_NSEC3 ||
           algorithm == FDNS_ALGORITHM_RSASHA256 || algorithm == RSASHA512 ||
           (algorithm >= FDNS_ALGORITHM_P256 && algorithm <= FDNS_ALGORITHM_ED448);
}

const char *fdns_key_read(struct fdns_key *key, struct fdns_arena *arena, const uint8_t *zone)
{
    ldns_key *read = can_sign(algorithm_of(key->text)) ? fdns_ldns_key(key, zone) : NULL;
    if (read == NULL) {
        return "is no private key that signs zones, as BIND and ldns write them (K*.private)";
    }
    ldns_rr *dnskey = ldns_key2rr(read);
    bool done = dnskey != NULL && fdns_ldns_rr_rdata(arena, dnskey, &key->dnskey);
    if (done) {
        key->algorithm = key->dnskey.octets[3];
        key->tag = ldns_calc_keytag_raw(key->dnskey.octets, key->dnskey.len);
    }
    ldns_rr_free(dnskey);
    ldns_key_deep_free(read);
    return done ? NULL : "is a private key that has no DNSKEY record";
}

struct fdns_rdata fdns_key_ds(struct fdns_arena *arena, const struct fdns_key *key,
                              const uint8_t *zone, uint8_t digest_type)
{
    uint8_t input[UINT16_MAX + FDNS_NAME_MAX];
    uint8_t ds[4 + LDNS_SHA384_DIGEST_LENGTH] = {(uint8_t)(key->tag >> 8), (uint8_t)key->tag,
                                                 key->algorithm, digest_type};
    size_t name_len = fdns_name_len(zone);
    fdns_name_lower(zone, input);
    memcpy(input + name_len, key->dnskey.octets, key->dnskey.len);
    unsigned len = (unsigned)(name_len + key->dnskey.len);
    bool longer = digest_type == FDNS_DIGEST_SHA384;
    if (longer) {
        ldns_sha384(input, len, ds + 4);
    } else {
        ldns_sha256(input, len, ds + 4);
    }
    size_t ds_len = 4U + (longer ? LDNS_SHA384_DIGEST_LENGTH : LDNS_SHA256_DIGEST_LENGTH);
    return (struct fdns_rdata){fdns_arena_copy(arena, ds, ds_len), (uint16_t)ds_len};
}
