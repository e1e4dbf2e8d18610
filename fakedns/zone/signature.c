// Signatures over RRsets, made by ldns (RFC 4034 3.1.8.1).
#include "fakedns/zone/key_ldns.h"
#include "fakedns/zone/signer.h"

#include <string.h>

enum { TYPE_CDS = 59, TYPE_CDNSKEY = 60, RR_FIXED_LEN = 10 };
enum { ALGORITHM_AT = 2 }; // in the rdata of an RRSIG

bool fdns_signer_open(struct fdns_signer *signer)
{
    const struct fdns_signing *signing = signer->signing;
    signer->keys = fdns_arena_array(signer->arena, signing->n_keys, sizeof(void *));
    for (size_t i = 0; i < signing->n_keys; i++) {
        signer->keys[i] = fdns_ldns_key(&signing->keys[i], signer->zone->apex);
        if (signer->keys[i] == NULL) {
            fdns_diag(signer->diags, FDNS_ERROR, signer->source, 0, 0, "a key cannot be read");
            fdns_signer_close(signer);
            return false;
        }
    }
    return true;
}

void fdns_signer_close(struct fdns_signer *signer)
{
    for (size_t i = 0; i < signer->signing->n_keys; i++) {
        if (signer->keys[i] != NULL) {
            ldns_key_deep_free(signer->keys[i]);
        }
    }
}

static void blame(struct fdns_signer *signer, const struct fdns_rrset *rrset)
{
    char owner[FDNS_NAME_TEXT_MAX];
    char type[FDNS_CODE_TEXT_MAX];
    fdns_diag(signer->diags, FDNS_ERROR, signer->source, 0, 0,
              "%s %s cannot be signed: the rdata is not well-formed for its type",
              fdns_name_print(rrset->owner, owner), fdns_type_print(rrset->type, type));
    signer->failed = true;
}

static ldns_rr *rr_of(struct fdns_arena *arena, const struct fdns_rrset *rrset, size_t i)
{
    const struct fdns_rdata *rdata = &rrset->rdatas[i];
    size_t owner_len = fdns_name_len(rrset->owner);
    size_t len = owner_len + RR_FIXED_LEN + rdata->len;
    uint8_t *wire = fdns_arena_alloc(arena, len);
    uint8_t fixed[RR_FIXED_LEN] = {(uint8_t)(rrset->type >> 8),     (uint8_t)rrset->type,
                                   (uint8_t)(rrset->rr_class >> 8), (uint8_t)rrset->rr_class,
                                   (uint8_t)(rrset->ttl >> 24),     (uint8_t)(rrset->ttl >> 16),
                                   (uint8_t)(rrset->ttl >> 8),      (uint8_t)rrset->ttl,
                                   (uint8_t)(rdata->len >> 8),      (uint8_t)rdata->len};
    memcpy(wire, rrset->owner, owner_len);
    memcpy(wire + owner_len, fixed, RR_FIXED_LEN);
    if (rdata->len > 0) {
        memcpy(wire + owner_len + RR_FIXED_LEN, rdata->octets, rdata->len);
    }
    ldns_rr *rr = NULL;
    size_t at = 0;
    return ldns_wire2rr(&rr, wire, len, &at, LDNS_SECTION_ANSWER) == LDNS_STATUS_OK ? rr : NULL;
}

static ldns_rr_list *list_of(struct fdns_arena *arena, const struct fdns_rrset *rrset)
{
    struct fdns_arena_mark mark = fdns_arena_mark(arena);
    ldns_rr_list *list = ldns_rr_list_new();
    for (size_t i = 0; list != NULL && i < rrset->n_rdatas; i++) {
        ldns_rr *rr = rr_of(arena, rrset, i);
        if (rr == NULL) {
            ldns_rr_list_deep_free(list);
            list = NULL;
        } else {
            ldns_rr_list_push_rr(list, rr);
        }
    }
    fdns_arena_return(arena, mark);
    return list;
}

static const struct fdns_mistake *mistake_of(const struct fdns_signer *signer,
                                             const struct fdns_rrset *rrset)
{
    for (size_t i = 0; i < signer->signing->n_mistakes; i++) {
        const struct fdns_mistake *mistake = &signer->signing->mistakes[i];
        if ((mistake->name == NULL || fdns_name_equal(mistake->name, rrset->owner)) &&
            (mistake->type == 0 || mistake->type == rrset->type)) {
            return mistake;
        }
    }
    static const struct fdns_mistake none;
    return &none;
}

static void set_name(ldns_key *key, const uint8_t *name)
{
    ldns_rdf_deep_free(ldns_key_pubkey_owner(key));
    ldns_key_set_pubkey_owner(
        key, ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, fdns_name_len(name), name));
}

// What the signature will say of itself.
static void prepare(const struct fdns_signer *signer, const struct fdns_key *key, ldns_key *made,
                    const struct fdns_mistake *mistake)
{
    const struct fdns_signing *signing = signer->signing;
    ldns_key_set_inception(made, mistake->has_inception ? mistake->inception : signing->inception);
    ldns_key_set_expiration(made,
                            mistake->has_expiration ? mistake->expiration : signing->expiration);
    uint16_t base = mistake->has_tag && !mistake->tag_is_change ? 0 : key->tag;
    ldns_key_set_keytag(made, (uint16_t)(base + mistake->tag));
    ldns_key_set_flags(made, FDNS_DNSKEY_ZONE); // else ldns does not sign
    if (mistake->signer != NULL) {
        set_name(made, mistake->signer);
    }
}

static void put_signature(struct fdns_signer *signer, const struct fdns_rrset *rrset,
                          const struct fdns_mistake *mistake, const ldns_rr *rrsig)
{
    struct fdns_rdata rdata;
    if (!fdns_ldns_rr_rdata(signer->arena, rrsig, &rdata)) {
        blame(signer, rrset);
        return;
    }
    uint8_t *octets = fdns_arena_copy(signer->arena, rdata.octets, rdata.len);
    if (mistake->has_algorithm) {
        octets[ALGORITHM_AT] = mistake->algorithm;
    }
    if (mistake->corrupt) {
        octets[rdata.len - 1] ^= 1;
    }
    fdns_signer_put(signer, rrset->owner, FDNS_TYPE_RRSIG, rrset->ttl, octets, rdata.len);
}

static void sign_with(struct fdns_signer *signer, size_t i, const struct fdns_rrset *rrset,
                      ldns_rr_list *list)
{
    const struct fdns_mistake *mistake = mistake_of(signer, rrset);
    ldns_key *one = signer->keys[i];
    ldns_key_list keys = {._key_count = 1, ._keys = &one}; // freeing a list would free the key
    prepare(signer, &signer->signing->keys[i], signer->keys[i], mistake);
    ldns_rr_list *rrsigs = ldns_sign_public(list, &keys);
    if (rrsigs == NULL || ldns_rr_list_rr_count(rrsigs) != 1) {
        blame(signer, rrset);
    } else {
        put_signature(signer, rrset, mistake, ldns_rr_list_rr(rrsigs, 0));
    }
    if (mistake->signer != NULL) {
        set_name(signer->keys[i], signer->zone->apex);
    }
    ldns_rr_list_deep_free(rrsigs);
}

// RFC 7344 4.1: CDS and CDNSKEY are signed with a key that the DS names.
static bool is_about_keys(uint16_t type)
{
    return type == FDNS_TYPE_DNSKEY || type == TYPE_CDS || type == TYPE_CDNSKEY;
}

void fdns_signer_sign(struct fdns_signer *signer, const struct fdns_rrset *rrset)
{
    if (mistake_of(signer, rrset)->unsigned_) {
        return;
    }
    ldns_rr_list *list = list_of(signer->arena, rrset);
    if (list == NULL) {
        blame(signer, rrset);
        return;
    }
    for (size_t i = 0; i < signer->signing->n_keys && !signer->failed; i++) {
        const struct fdns_key *key = &signer->signing->keys[i];
        if (is_about_keys(rrset->type) ? key->signs_keys : key->signs_data) {
            sign_with(signer, i, rrset, list);
        }
    }
    ldns_rr_list_deep_free(list);
}
