// Keys that sign zones. Private keys are the text that BIND and ldns keep in K*.private files; ldns
// does the cryptography. What is made here lives in an arena; nothing of ldns is kept.
#pragma once

#include "fakedns/zone/rrset.h"

#include "fakedns/base/arena.h"

enum fdns_dnskey_flag {
    FDNS_DNSKEY_ZONE = 0x0100,   // RFC 4034 2.1.1
    FDNS_DNSKEY_SEP = 0x0001,    // RFC 4034 2.1.1
    FDNS_DNSKEY_REVOKED = 0x0080 // RFC 5011 3
};

enum {
    FDNS_ALGORITHM_RSASHA256 = 8,
    FDNS_ALGORITHM_P256 = 13,
    FDNS_ALGORITHM_P384 = 14,
    FDNS_ALGORITHM_ED25519 = 15,
    FDNS_ALGORITHM_ED448 = 16
};

struct fdns_key {
    const char *text; // of the private key
    uint16_t flags;   // of its DNSKEY record
    uint8_t algorithm;
    uint16_t tag;
    struct fdns_rdata dnskey;
    bool signs_keys; // the DNSKEY, CDS and CDNSKEY RRsets
    bool signs_data; // all others
    bool hidden;     // signs, and is not in the DNSKEY RRset
};

// A key that is the same for every run with this seed, zone, role and algorithm (13 to 16: of
// RSA, prime numbers would have to be searched for). NULL for other algorithms.
const char *fdns_key_text(struct fdns_arena *arena, uint8_t algorithm, uint64_t seed,
                          const uint8_t *zone, const char *role);

// Reads key->text and fills in algorithm, tag and dnskey as key->flags wants them. NULL, or what is
// wrong as a sentence.
const char *fdns_key_read(struct fdns_key *key, struct fdns_arena *arena, const uint8_t *zone);

enum { FDNS_DIGEST_SHA256 = 2, FDNS_DIGEST_SHA384 = 4 };

// The rdata of the DS record of a key (RFC 4034 5.1.4).
struct fdns_rdata fdns_key_ds(struct fdns_arena *arena, const struct fdns_key *key,
                              const uint8_t *zone, uint8_t digest_type);
