// RFC 6376 6.1, with what is known before the key first (signature.h), then the key (6.1.2), the
// body hash and the signature over the header (6.1.3).
#include "harness/check/dkim/diagnose.h"
#include "harness/check/message/canon.h"
#include "harness/check/message/message.h"
#include "harness/check/message/proof.h"

#include "fakedns/base/duration.h"

#include <string.h>
#include <time.h>

enum { KEYS_TRIED_MAX = 8, CLOCK_SKEW_S = 300 };

// The hash of a body is the same for all signatures with the same c= and l=.
struct body {
    bool relaxed;
    bool cut;
    uint64_t limit;
    uint64_t total; // octets of the whole canonical body
    uint8_t hash[DC_HASH_OCTETS];
    // while it is being hashed
    struct dc_hashing *hashing;
};

// How many fields of a name a signature has used: by the place of the first in the index.
struct use {
    const struct dc_signature *by;
    size_t n;
};

struct verifying {
    struct dc_message *message;
    struct fdns_arena *arena;
    struct body bodies[DC_VERIFIED_MAX];
    size_t n_bodies;
    struct use *uses;
};

static void fail(struct dc_checked *checked, enum dc_auth_result result,
                 enum dc_message_cause cause, const char *reason)
{
    checked->result = result;
    checked->cause = cause;
    checked->reason = reason;
}

// ---- what is known before the key ------------------------------------------------------------

static bool is_sound(struct dc_checked *checked)
{
    const char *why = checked->signature.why;
    switch (checked->signature.flaw) {
    case DC_SIGNATURE_GOOD:
        return true;
    case DC_SIGNATURE_MALFORMED:
    case DC_SIGNATURE_UNSUPPORTED:
        fail(checked, DC_AUTH_NEUTRAL, DC_CAUSE_MALFORMED, why);
        return false;
    case DC_SIGNATURE_SHA1:
        fail(checked, DC_AUTH_POLICY, DC_CAUSE_ALGORITHM, why);
        return false;
    case DC_SIGNATURE_FROM:
        fail(checked, DC_AUTH_PERMERROR, DC_CAUSE_FROM_NOT_SIGNED, why);
        return false;
    case DC_SIGNATURE_IDENTITY:
        fail(checked, DC_AUTH_PERMERROR, DC_CAUSE_MALFORMED, why);
        return false;
    }
    return false;
}

// ---- the key ---------------------------------------------------------------------------------

// There are TXT records at the end of the chain.
static bool has_records(struct verifying *v, struct dc_checked *checked)
{
    const struct dc_chain *chain = checked->chain;
    const struct dc_answer *answer = &chain->end.answer;
    if (chain->loop || chain->too_long) {
        fail(checked, DC_AUTH_PERMERROR, DC_CAUSE_KEY_MISSING,
             chain->loop ? "the aliases at its key's name go round in a circle"
                         : "there are too many aliases at its key's name");
        return false;
    }
    checked->actual = dc_answer_text(v->arena, answer);
    if (chain->result == DC_WALK_LOST || answer->kind == DC_ANSWER_REFERRAL) {
        fail(checked, DC_AUTH_TEMPERROR, DC_CAUSE_KEY_UNREACHABLE,
             "no server gave a usable answer about its key");
        return false;
    }
    if (answer->kind != DC_ANSWER_DATA) {
        fail(checked, DC_AUTH_PERMERROR, DC_CAUSE_KEY_MISSING,
             "there is no TXT record at its key's name");
        return false;
    }
    return true;
}

// Why this signature may not be verified with a key; NULL if it may.
static const char *refuse_key(const struct dc_signature *signature, const struct dc_key *key)
{
    if (key->flaw != DC_KEY_GOOD) {
        return dc_key_rows[key->flaw - 1].title;
    }
    if (key->ed25519 != signature->ed25519) {
        return key->ed25519 ? "The key is one for Ed25519, and a= of the signature is rsa-sha256"
                            : "The key is one for RSA, and a= of the signature is ed25519-sha256";
    }
    if ((key->notes & DC_KEY_STRICT) != 0 && !dc_signature_identity_is_domain(signature)) {
        return "The key has t=s, and the domain of i= is not d= itself";
    }
    return NULL;
}

// ---- hashes ----------------------------------------------------------------------------------

static void put_body(void *owner, const void *octets, size_t len)
{
    struct body *body = owner;
    uint64_t left = body->limit > body->total ? body->limit - body->total : 0;
    size_t n = !body->cut || left >= len ? len : (size_t)left;
    dc_hashing_put(body->hashing, octets, n);
    body->total += len;
}

static const struct body *hash_body(struct verifying *v, const struct dc_signature *signature)
{
    for (size_t i = 0; i < v->n_bodies; i++) {
        const struct body *known = &v->bodies[i];
        if (known->relaxed == signature->body_relaxed && known->cut == signature->has_length &&
            known->limit == signature->length) {
            return known;
        }
    }
    struct body *body = &v->bodies[v->n_bodies++];
    const struct dc_mail *mail = &v->message->mail;
    *body = (struct body){.relaxed = signature->body_relaxed,
                          .cut = signature->has_length,
                          .limit = signature->length,
                          .hashing = dc_hashing_new()};
    dc_canon_body(body->relaxed, mail->body, mail->body_len, put_body, body);
    dc_hashing_end(body->hashing, body->hash);
    return body;
}

// The next field of a name, from the bottom (RFC 6376 5.4.2); NULL if there is none (left). A
// signature was not there yet when it was made.
static const struct dc_field *take_field(struct verifying *v, const struct dc_signature *signature,
                                         const char *name, size_t len)
{
    size_t first;
    size_t n = dc_mail_named(&v->message->mail, name, len, &first);
    if (n == 0) {
        return NULL;
    }
    struct use *use = &v->uses[first];
    if (use->by != signature) {
        *use = (struct use){.by = signature};
    }
    while (use->n < n) {
        const struct dc_field *field = v->message->mail.by_name[first + use->n++];
        if (field != signature->field) {
            return field;
        }
    }
    return NULL;
}

static void hash_header(struct verifying *v, const struct dc_signature *signature,
                        uint8_t hash[DC_HASH_OCTETS])
{
    struct dc_hashing *hashing = dc_hashing_new();
    const struct dc_field *field = signature->field;
    const char *name;
    size_t len;
    for (size_t at = 0; dc_signature_next_name(signature, &at, &name, &len);) {
        const struct dc_field *signed_field = take_field(v, signature, name, len);
        if (signed_field != NULL) {
            dc_canon_field(signature->header_relaxed, signed_field->text, signed_field->len,
                           dc_hashing_put, hashing);
            dc_hashing_put(hashing, "\r\n", 2);
        }
    }
    // its own field comes last, without the value of b= and without CRLF (RFC 6376 3.7)
    char *own = fdns_arena_alloc(v->arena, field->len);
    size_t behind = signature->erase_at + signature->n_erase;
    memcpy(own, field->text, signature->erase_at);
    memcpy(own + signature->erase_at, field->text + behind, field->len - behind);
    dc_canon_field(signature->header_relaxed, own, field->len - signature->n_erase, dc_hashing_put,
                   hashing);
    dc_hashing_end(hashing, hash);
}

static const char *hash_text(struct fdns_arena *arena, const char *what, const uint8_t *hash)
{
    char text[DC_HASH_TEXT_MAX];
    dc_hash_text(hash, text);
    return fdns_arena_format(arena, "%s%s", what, text);
}

static bool body_is_good(struct verifying *v, struct dc_checked *checked)
{
    const struct dc_signature *signature = &checked->signature;
    const struct body *body = hash_body(v, signature);
    if (signature->has_length && signature->length > body->total) {
        checked->expected = fdns_arena_format(v->arena, "a body of at least %llu octets (l=)",
                                              (unsigned long long)signature->length);
        checked->actual =
            fdns_arena_format(v->arena, "%llu octets", (unsigned long long)body->total);
        fail(checked, DC_AUTH_FAIL, DC_CAUSE_BODY, "the body is shorter than the signed part");
        return false;
    }
    if (memcmp(body->hash, signature->body_hash, DC_HASH_OCTETS) != 0) {
        checked->expected = hash_text(v->arena, "bh=", signature->body_hash);
        checked->actual = hash_text(v->arena, "bh=", body->hash);
        fail(checked, DC_AUTH_FAIL, DC_CAUSE_BODY, "the body is not the one that was signed");
        return false;
    }
    checked->n_unsigned = signature->has_length ? (size_t)(body->total - signature->length) : 0;
    return true;
}

// ---- the signature ---------------------------------------------------------------------------

static void try_key(struct verifying *v, struct dc_checked *checked, const struct dc_key *key,
                    const uint8_t hash[DC_HASH_OCTETS])
{
    const struct dc_signature *signature = &checked->signature;
    uint8_t signed_hash[DC_HASH_OCTETS];
    enum dc_proof proof = signature->ed25519
                              ? dc_prove_ed25519(key->octets, key->n_octets, signature->value,
                                                 signature->n_value, hash)
                              : dc_prove_rsa(key->octets, key->n_octets, signature->value,
                                             signature->n_value, hash, signed_hash);
    switch (proof) {
    case DC_PROOF_GOOD:
        fail(checked, DC_AUTH_PASS, DC_CAUSE_NONE, NULL);
        checked->actual = NULL;
        checked->key_notes = key->notes;
        return;
    case DC_PROOF_OTHER_HASH:
        checked->expected = hash_text(v->arena, "header hash ", signed_hash);
        checked->actual = hash_text(v->arena, "header hash ", hash);
        fail(checked, DC_AUTH_FAIL, DC_CAUSE_HEADER,
             "the key is right, but signed header fields are not those that were signed");
        return;
    case DC_PROOF_OTHER_KEY:
        fail(checked, DC_AUTH_FAIL, DC_CAUSE_SIGNATURE,
             "b= was made with another key than the published one, or was damaged");
        return;
    case DC_PROOF_UNCLEAR:
        fail(checked, DC_AUTH_FAIL, DC_CAUSE_SIGNATURE,
             "b= does not fit the published key and the header fields: one of them is another");
        return;
    }
}

static void refuse(struct dc_checked *checked, const struct dc_key *key, const char *why)
{
    if (key->flaw == DC_KEY_SHORT) {
        fail(checked, DC_AUTH_POLICY, DC_CAUSE_ALGORITHM, why);
    } else {
        fail(checked, DC_AUTH_PERMERROR, DC_CAUSE_KEY_UNUSABLE, why);
    }
}

// With several records any of them may be the one (RFC 6376 6.1.2): the first that does wins, and
// a key that is usable says more than one that is not.
static void try_keys(struct verifying *v, struct dc_checked *checked)
{
    const struct dc_answer *answer = &checked->chain->end.answer;
    const uint8_t *owner = checked->chain->hops[checked->chain->n_hops - 1];
    const struct fdns_view_rr *rr;
    uint8_t hash[DC_HASH_OCTETS];
    bool tried = false;
    size_t at = 0;
    hash_header(v, &checked->signature, hash);
    while ((rr = dc_answer_next(answer, owner, FDNS_TYPE_TXT, &at)) != NULL) {
        struct dc_key key;
        if (checked->n_keys++ >= KEYS_TRIED_MAX || checked->result == DC_AUTH_PASS) {
            continue; // counted only
        }
        dc_key_parse(&key, v->arena, answer->view->bytes + rr->rdata_at, rr->rdata_len);
        const char *why = refuse_key(&checked->signature, &key);
        if (why == NULL) {
            try_key(v, checked, &key, hash);
            tried = true;
        } else if (!tried) {
            refuse(checked, &key, why);
        }
    }
    if (checked->n_keys == 0) {
        fail(checked, DC_AUTH_PERMERROR, DC_CAUSE_KEY_MISSING,
             "there is no TXT record at its key's name");
    }
}

// ---- time ------------------------------------------------------------------------------------

static const char *time_text(struct fdns_arena *arena, int64_t time_s)
{
    char text[40];
    time_t at = (time_t)time_s;
    struct tm parts;
    if (gmtime_r(&at, &parts) == NULL ||
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts) == 0) {
        return "a time beyond all calendars";
    }
    return fdns_arena_string(arena, text);
}

static void check_time(struct verifying *v, struct dc_checked *checked)
{
    const struct dc_signature *signature = &checked->signature;
    int64_t now_s = v->message->look->visit_us / FDNS_US_PER_S;
    if (signature->has_expiry && signature->expiry_s <= now_s) {
        fail(checked, DC_AUTH_POLICY, DC_CAUSE_EXPIRED, "it has expired; otherwise it is good");
        checked->expected =
            fdns_arena_format(v->arena, "x= later than %s", time_text(v->arena, now_s));
        checked->actual = time_text(v->arena, signature->expiry_s);
    } else if (signature->has_time && signature->time_s > now_s + CLOCK_SKEW_S) {
        fail(checked, DC_AUTH_POLICY, DC_CAUSE_FUTURE,
             "it says that it was made in the future; otherwise it is good");
        checked->expected =
            fdns_arena_format(v->arena, "t= not later than %s", time_text(v->arena, now_s));
        checked->actual = time_text(v->arena, signature->time_s);
    }
}

static void verify(struct verifying *v, struct dc_checked *checked)
{
    if (!is_sound(checked)) {
        return;
    }
    if (!checked->selected || checked->chain == NULL) {
        fail(checked, DC_AUTH_POLICY, DC_CAUSE_NOT_CHECKED,
             "it is one of too many: 50 of a message are verified");
        return;
    }
    if (has_records(v, checked) && body_is_good(v, checked)) {
        try_keys(v, checked);
        if (checked->result == DC_AUTH_PASS) {
            check_time(v, checked);
        }
    }
}

void dc_message_verify(struct dc_message *message)
{
    struct verifying *v = fdns_arena_alloc(message->look->arena, sizeof *v);
    *v = (struct verifying){.message = message, .arena = message->look->arena};
    v->uses = fdns_arena_array(v->arena, message->mail.n_fields, sizeof *v->uses);
    for (size_t i = 0; i < message->n_checked; i++) {
        verify(v, &message->checked[i]);
    }
}
