// DNSSEC as a validating resolver tells it (4.C of the catalogue of modes). The servers give the
// record, so whoever asks them sees nothing wrong; the resolver refuses it, and says why in an
// Extended DNS Error if it can. Nothing is validated here.
#include "harness/check/dkim/diagnose.h"

#include "harness/check/dkim/ede.h"

enum { BOGUS, EXPIRED, DS_MISMATCH, NSEC_DENIES, N_ROWS };

const struct dc_finding_row dc_dnssec_rows[DC_DNSSEC_ROWS] = {
    [BOGUS] = {.id = "server/dnssec-bogus",
               .level = DC_ERROR,
               .title = "A validating resolver refuses the record: DNSSEC is broken",
               .cause =
                   "The servers give the record, but its signatures do not hold, so validating "
                   "resolvers answer SERVFAIL.",
               .remedy = "Have the zone signed again, or the DS record at the registrar corrected "
                         "or removed.",
               .refs = "RFC 4035 5.5; RFC 8914 4.7"},
    [EXPIRED] = {.id = "server/dnssec-expired",
                 .level = DC_ERROR,
                 .title = "A validating resolver refuses the record: its signature has expired",
                 .cause = "Signatures hold for some weeks and have to be made again before they "
                          "expire. The servers give the record, but validating resolvers answer "
                          "SERVFAIL.",
                 .remedy = "Have the zone signed again, and the clock and the scheduled run of the "
                           "signer looked at.",
                 .refs = "RFC 4035 5.3.1; RFC 8914 4.8"},
    [DS_MISMATCH] = {.id = "server/ds-mismatch",
                     .level = DC_ERROR,
                     .title = "A validating resolver refuses the record: the DS record at the "
                              "registrar fits no key of the zone",
                     .cause = "The parent says that the zone is signed, and it is not, or not with "
                              "that key. It often happens when a domain moves to another DNS "
                              "provider. Validating resolvers answer SERVFAIL.",
                     .remedy = "Remove the DS record at the registrar, or replace it by the one "
                               "that the DNS provider of today shows.",
                     .refs = "RFC 4035 5.2; RFC 8914 4.10; RFC 8914 4.11"},
    [NSEC_DENIES] = {.id = "server/nsec-denies-type",
                     .level = DC_ERROR,
                     .title = "A signed proof in the zone says that the record does not exist",
                     .cause = "The NSEC record at the name leaves out the type that is there. "
                              "Resolvers that use such proofs (RFC 8198) deny the record without "
                              "asking for it.",
                     .remedy = "Ask the DNS provider to sign the zone again: its list of types at "
                               "the name is wrong.",
                     .refs = "RFC 4034 4.1.2; RFC 8198 5.1"},
};
_Static_assert((int)N_ROWS == (int)DC_DNSSEC_ROWS, "diagnose.h counts the rows");

bool dc_is_bogus(const struct dc_gathered_record *record)
{
    const struct dc_answer *unchecked = &record->resolver_txt_cd;
    return record->resolver_txt.kind == DC_ANSWER_ERROR && !dc_answer_is_silent(unchecked) &&
           unchecked->kind != DC_ANSWER_ERROR;
}

const struct dc_finding_row *dc_bogus_row(const struct dc_answer *seen)
{
    if (dc_answer_has_ede(seen, DC_EDE_EXPIRED)) {
        return &dc_dnssec_rows[EXPIRED];
    }
    if (dc_answer_has_ede(seen, DC_EDE_NO_DNSKEY) || dc_answer_has_ede(seen, DC_EDE_NO_RRSIGS)) {
        return &dc_dnssec_rows[DS_MISMATCH];
    }
    return &dc_dnssec_rows[BOGUS];
}

// A type stands in a bitmap of types (RFC 4034 4.1.2).
static bool bitmap_has(const uint8_t *bitmap, size_t len, uint16_t type)
{
    for (size_t at = 0; at + 2 <= len; at += 2U + bitmap[at + 1]) {
        size_t octet = (type & 0xff) / 8U;
        if (bitmap[at] == type >> 8 && octet < bitmap[at + 1] && at + 2 + octet < len) {
            return (bitmap[at + 2 + octet] & (0x80 >> (type & 7))) != 0;
        }
    }
    return false;
}

static const struct fdns_view_rr *find_nsec(const struct dc_answer *answer)
{
    const struct fdns_view *view = answer->view;
    for (size_t i = 0; view != NULL && i < view->n_rrs; i++) {
        const struct fdns_view_rr *rr = &view->rrs[i];
        if (rr->section == FDNS_AUTHORITY && rr->type == FDNS_TYPE_NSEC &&
            fdns_view_owner_is(view, rr, answer->name)) {
            return rr;
        }
    }
    return NULL;
}

const struct dc_finding_row *dc_denied_row(const struct dc_answer *proof)
{
    const struct fdns_view_rr *rr =
        proof->observation != NULL && proof->kind == DC_ANSWER_NODATA ? find_nsec(proof) : NULL;
    const uint8_t *rdata = rr != NULL ? proof->view->bytes + rr->rdata_at : NULL;
    size_t next = rr != NULL ? fdns_name_measure(rdata, rr->rdata_len) : 0;
    if (next == 0) {
        return NULL;
    }
    size_t len = rr->rdata_len - next;
    bool denies = !bitmap_has(rdata + next, len, FDNS_TYPE_CNAME) &&
                  !bitmap_has(rdata + next, len, proof->type);
    return denies ? &dc_dnssec_rows[NSEC_DENIES] : NULL;
}
