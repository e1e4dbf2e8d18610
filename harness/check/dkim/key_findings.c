// What is wrong with what a key record says, in words. The parser (key.h) names the flaw; what
// happened to the text is in text_findings.c.
#include "harness/check/dkim/diagnose.h"
#include "harness/check/dkim/input.h"
#include "harness/check/dkim/key_profile.h"

#include <string.h>

enum {
    NO_P_PREFIX,
    DUPLICATE,
    VERSION,
    NO_P,
    TAG_CASE,
    REVOKED,
    BASE64,
    PRIVATE,
    CERTIFICATE,
    PKCS1,
    ED25519_SPKI,
    ALGORITHM,
    CONTENT,
    SHORT,
    HASH,
    SERVICE,
    MISMATCH,
    TESTING,
    STRICT,
    VERSION_LATE,
    GRANULARITY,
    OVERSIZE,
    NO_ACTIVE,
    N_ROWS
};

const struct dc_finding_row dc_key_rows[DC_KEY_ROWS] = {
    [NO_P_PREFIX] = {.id = "key/p-only-key-no-tag",
                     .level = DC_ERROR,
                     .title = "The key stands in the record without p= before it",
                     .cause = "A key record is a list of tags; the key is the value of the tag p.",
                     .remedy = "Write p= before the key.",
                     .refs = "seed:R20; RFC 6376 3.6.1"},
    [DUPLICATE] = {.id = "key/duplicate-tag",
                   .level = DC_ERROR,
                   .title = "A tag stands twice in the record",
                   .cause = "The same tag twice makes the whole record invalid.",
                   .remedy = "Keep one of the two.",
                   .refs = "RFC 6376 3.2"},
    [VERSION] = {.id = "key/wrong-version",
                 .level = DC_ERROR,
                 .title = "The version tag is not DKIM1",
                 .cause = "Receivers discard a key record of another version.",
                 .remedy = "Write v=DKIM1, in capitals, or leave v= out.",
                 .refs = "RFC 6376 3.6.1"},
    [NO_P] = {.id = "key/p-missing",
              .level = DC_ERROR,
              .title = "The record has no p= tag",
              .cause = "The key itself is missing.",
              .remedy = "Add p= and the public key.",
              .refs = "RFC 6376 3.6.1"},
    [TAG_CASE] = {.id = "key/tag-uppercase",
                  .level = DC_ERROR,
                  .title = "The name of a tag is written in capitals",
                  .cause = "Names of tags tell capitals from small letters: P= is a tag that "
                           "nobody knows, and without p= there is no key.",
                  .remedy = "Write the names of the tags in small letters: v=DKIM1; k=rsa; p= and "
                            "the key.",
                  .refs = "RFC 6376 3.2; RFC 6376 3.6.1"},
    [REVOKED] = {.id = "key/revoked-key",
                 .level = DC_ERROR,
                 .title = "The p= tag is empty: the key is revoked",
                 .cause = "An empty p= tells receivers that the key must not be used any more.",
                 .remedy = "Put the public key behind p=.",
                 .refs = "RFC 6376 3.6.1; RFC 6376 6.1.2"},
    [BASE64] = {.id = "key/bad-base64",
                .level = DC_ERROR,
                .title = "The p= tag is not base64",
                .cause = "A character is wrong, or some are missing, so the key cannot be read.",
                .remedy = "Copy the key again.",
                .refs = "RFC 6376 3.2; RFC 4648 4"},
    [PRIVATE] = {.id = "key/private-key-in-dns",
                 .level = DC_ERROR,
                 .title = "The private key is published",
                 .cause = "Everybody can read it and sign mail in your name.",
                 .remedy = "Remove the record at once, make a new pair of keys, and publish the "
                           "public one. The old pair must never be used again.",
                 .refs = "RFC 6376 8"},
    [CERTIFICATE] = {.id = "key/certificate-in-p",
                     .level = DC_ERROR,
                     .title = "A certificate stands where the public key should",
                     .cause = "Receivers read a public key and nothing else.",
                     .remedy = "Export the public key from the certificate and put it behind p=.",
                     .refs = "RFC 6376 3.6.1"},
    [PKCS1] =
        {.id = "key/pkcs1-public",
         .level = DC_ERROR,
         .title = "The public key has a form that many receivers cannot read",
         .cause = "It is an RSAPublicKey; SubjectPublicKeyInfo is what is used.",
         .remedy =
             "Export the public key again, for example with: openssl rsa -in private.key -pubout",
         .refs = "RFC 6376 3.6.1"},
    [ED25519_SPKI] = {.id = "key/ed25519-spki",
                      .level = DC_ERROR,
                      .title = "The Ed25519 key is published with its container",
                      .cause = "The record of an Ed25519 key holds the 32 octets of the key alone; "
                               "the 44 octets of a SubjectPublicKeyInfo are what programs "
                               "export.",
                      .remedy = "Publish k=ed25519 and the base64 of the last 32 octets, for "
                                "example of: openssl pkey -pubout -outform der | tail -c 32 | "
                                "base64",
                      .refs = "RFC 8463 4; RFC 8410 4"},
    [ALGORITHM] = {.id = "key/wrong-k",
                   .level = DC_ERROR,
                   .title = "The k= tag does not fit the key",
                   .cause = "The algorithm that k= names is unknown, or the key is of another one.",
                   .remedy = "Correct k=, or leave it out for an RSA key.",
                   .refs = "RFC 6376 3.6.1; RFC 8463 4"},
    [CONTENT] = {.id = "key/not-a-key",
                 .level = DC_ERROR,
                 .title = "The p= tag holds no public key",
                 .cause = "It is base64, but of something else, or the key was damaged.",
                 .remedy = "Copy the key again.",
                 .refs = "RFC 6376 3.6.1"},
    [SHORT] = {.id = "key/key-too-short",
               .level = DC_ERROR,
               .title = "The RSA key is shorter than 1024 bits",
               .cause = "Receivers must not accept such a signature.",
               .remedy = "Make a new pair of keys with 1024 or 2048 bits.",
               .refs = "RFC 8301 3.2"},
    [HASH] = {.id = "key/hash-sha1-only",
              .level = DC_ERROR,
              .title = "The key allows no SHA-256",
              .cause = "The h= tag names other hashes only, and receivers refuse SHA-1.",
              .remedy = "Remove h=, or write h=sha256.",
              .refs = "RFC 8301 3.1"},
    [SERVICE] = {.id = "key/service-other",
                 .level = DC_ERROR,
                 .title = "The key is not for email",
                 .cause = "The s= tag names other services only.",
                 .remedy = "Remove s=, or write s=email.",
                 .refs = "RFC 6376 3.6.1"},
    [MISMATCH] = {.id = "key/key-mismatch",
                  .level = DC_ERROR,
                  .title = "The published key is not the one that was expected",
                  .cause = "Signatures made with your private key do not verify with it.",
                  .remedy = "Publish the public key that belongs to the private key in use.",
                  .refs = "seed:R32; RFC 6376 6.1.3"},
    [TESTING] = {.id = "key/testing-flag",
                 .level = DC_WARNING,
                 .title = "The key is marked as a test",
                 .cause = "Receivers treat mail with t=y as if it were not signed.",
                 .remedy = "Remove t=y when the test is over.",
                 .refs = "RFC 6376 3.6.1"},
    [STRICT] = {.id = "key/strict-flag",
                .level = DC_INFO,
                .title = "Subdomains may not sign with this key",
                .cause = "With t=s the identity of a signature has to be the domain itself.",
                .remedy = "Remove t=s if subdomains send mail.",
                .refs = "RFC 6376 3.6.1"},
    [VERSION_LATE] = {.id = "key/version-not-first",
                      .level = DC_WARNING,
                      .title = "The version tag is not the first",
                      .cause = "v= has to come first if it is there at all.",
                      .remedy = "Move v=DKIM1; to the front, or remove it.",
                      .refs = "RFC 6376 3.6.1"},
    [GRANULARITY] = {.id = "key/granularity-legacy",
                     .level = DC_WARNING,
                     .title = "The record has the historic tag g=",
                     .cause = "DKIM ignores it; a few old programs still obey it.",
                     .remedy = "Remove g= from the record.",
                     .refs = "RFC 6376 C"},
    [OVERSIZE] = {.id = "key/oversize-record",
                  .level = DC_WARNING,
                  .title = "The record is too large for one datagram",
                  .cause = "Answers of more than 1232 octets are truncated over UDP or travel in "
                           "fragments, which many networks drop. Receivers then have to ask "
                           "again over TCP.",
                  .remedy = "Shorten the record: a key of 2048 bits is enough, and notes (n=) are "
                            "not needed. If it stays, see that the servers answer over TCP.",
                  .refs = "RFC 9715 3.1; RFC 7766 5"},
    [NO_ACTIVE] = {.id = "key/no-active-key",
                   .level = DC_ERROR,
                   .title = "None of the tokens has a key",
                   .cause =
                       "Spare tokens have empty records, but one has to carry the key that signs.",
                   .remedy = "Wait a while, then ask the mail provider.",
                   .refs = "seed:R19"},
};
_Static_assert((int)N_ROWS == (int)DC_KEY_ROWS, "diagnose.h counts the rows");

enum { RRS_MAX = 16 };

// 1 + the row of a flaw of the key.
static const int row_of_flaw[DC_KEY_N_FLAWS] = {
    [DC_KEY_NO_P_PREFIX] = 1 + NO_P_PREFIX,
    [DC_KEY_DUPLICATE] = 1 + DUPLICATE,
    [DC_KEY_VERSION] = 1 + VERSION,
    [DC_KEY_NO_P] = 1 + NO_P,
    [DC_KEY_TAG_CASE] = 1 + TAG_CASE,
    [DC_KEY_REVOKED] = 1 + REVOKED,
    [DC_KEY_BASE64] = 1 + BASE64,
    [DC_KEY_PRIVATE] = 1 + PRIVATE,
    [DC_KEY_CERTIFICATE] = 1 + CERTIFICATE,
    [DC_KEY_PKCS1] = 1 + PKCS1,
    [DC_KEY_ED25519_SPKI] = 1 + ED25519_SPKI,
    [DC_KEY_ALGORITHM] = 1 + ALGORITHM,
    [DC_KEY_CONTENT] = 1 + CONTENT,
    [DC_KEY_SHORT] = 1 + SHORT,
    [DC_KEY_HASH] = 1 + HASH,
    [DC_KEY_SERVICE] = 1 + SERVICE,
};

static const struct dc_read_key *find_read(const struct dc_diagnosis *d, const uint8_t *rdata,
                                           size_t len)
{
    for (size_t i = 0; i < d->n_read_keys; i++) {
        const struct dc_read_key *read = &d->read_keys[i];
        if (read->len == len && memcmp(read->rdata, rdata, len) == 0) {
            return read;
        }
    }
    return NULL;
}

struct dc_key dc_diagnosis_key(struct dc_diagnosis *d, const struct dc_answer *txt,
                               const struct fdns_view_rr *rr)
{
    struct dc_read_key read = {.rdata = (const uint8_t *)""};
    if (rr != NULL) {
        read.rdata = txt->view->bytes + rr->rdata_at;
        read.len = rr->rdata_len;
    }
    const struct dc_read_key *known = find_read(d, read.rdata, read.len);
    if (known != NULL) {
        return known->key;
    }
    dc_key_parse(&read.key, d->hits.arena, read.rdata, read.len);
    if (d->n_read_keys < DC_READ_KEYS) {
        d->read_keys[d->n_read_keys++] = read;
    }
    return read.key;
}

static bool is_of_provider(const struct dc_diagnosis *d, size_t i, const struct dc_answer *txt)
{
    return d->g->expectation->records[i].role == DC_ROLE_TOKEN &&
           !fdns_name_at_or_below(txt->name, d->g->places[0].apex);
}

static struct dc_hit *hit_key(struct dc_diagnosis *d, const struct dc_finding_row *row, size_t i,
                              const struct dc_answer *txt, const struct dc_endpoint *endpoint)
{
    struct dc_hit *hit = dc_diagnosis_hit(d, row, DC_RANK_KEY, i, endpoint);
    hit->name = dc_name_bare(d->hits.arena, txt->name);
    hit->type = "TXT";
    hit->actual = dc_answer_text(d->hits.arena, txt);
    if (is_of_provider(d, i, txt)) {
        hit->remedy = fdns_arena_format(d->hits.arena,
                                        "The key at %s is published by the mail provider. Nothing "
                                        "has to be changed in your zone: tell the provider.",
                                        hit->name);
    }
    dc_hit_show(hit, txt->observation);
    return hit;
}

void dc_hit_mark(struct dc_diagnosis *d, struct dc_hit *hit, const struct dc_key *key,
                 struct dc_span place)
{
    struct dc_excerpt *excerpt = fdns_arena_alloc(d->hits.arena, sizeof *excerpt);
    *excerpt =
        (struct dc_excerpt){.rdata = fdns_arena_copy(d->hits.arena, key->rdata, key->rdata_len),
                            .rdata_len = key->rdata_len,
                            .at = place.at,
                            .len = place.len};
    hit->excerpt = excerpt;
}

// Where the flaw is and which octets it has: "at octet 9: 0xE2 0x80 0x8B, a zero-width space".
static const char *place_text(struct fdns_arena *arena, const struct dc_key *key)
{
    const char *octets = dc_text_octets(arena, key, key->place);
    return fdns_arena_format(arena, "at octet %zu%s%s", key->place.at + 1,
                             octets != NULL ? ": " : "", octets != NULL ? octets : "");
}

static const char *remedy_of_algorithm(const struct dc_key *key)
{
    if (key->container == DC_CONTAINER_RSA) {
        return "The key is an RSA key: write k=rsa, in small letters, or leave k= out.";
    }
    if (key->n_octets == 32) {
        return "If this is an Ed25519 key, write k=ed25519.";
    }
    return NULL;
}

// RFC 8463 4: the last octets of the container are the key.
static const char *remedy_of_wrapping(struct fdns_arena *arena, const struct dc_key *key)
{
    enum { ED25519_OCTETS = 32 };
    const uint8_t *octets = key->octets + key->n_octets - ED25519_OCTETS;
    return fdns_arena_format(arena, "Write k=ed25519; p=%s",
                             dc_base64_text(arena, octets, ED25519_OCTETS));
}

static void hit_flaw(struct dc_diagnosis *d, const struct dc_key *key, size_t i,
                     const struct dc_answer *txt, const struct dc_endpoint *endpoint)
{
    const struct dc_finding_row *row = dc_text_row(key);
    struct dc_hit *hit =
        hit_key(d, row != NULL ? row : &dc_key_rows[row_of_flaw[key->flaw] - 1], i, txt, endpoint);
    dc_hit_mark(d, hit, key, key->place);
    if (key->flaw == DC_KEY_SHORT) {
        hit->actual = fdns_arena_format(d->hits.arena, "%u bits", key->bits);
    } else if (key->flaw != DC_KEY_EMPTY) {
        hit->actual = fdns_arena_format(d->hits.arena, "%s (%s)", hit->actual,
                                        place_text(d->hits.arena, key));
    }
    if (key->flaw == DC_KEY_ED25519_SPKI && hit->remedy == NULL) {
        hit->remedy = remedy_of_wrapping(d->hits.arena, key);
    }
    if (key->flaw == DC_KEY_ALGORITHM && hit->remedy == NULL) {
        hit->remedy = remedy_of_algorithm(key);
    }
}

static void hit_notes(struct dc_diagnosis *d, const struct dc_key *key, size_t i,
                      const struct dc_answer *txt, const struct dc_endpoint *endpoint)
{
    static const struct {
        enum dc_key_note note;
        int row; // unless it is one of the text
        enum dc_level level;
    } notes[] = {{DC_KEY_TESTING, TESTING, DC_WARNING},
                 {DC_KEY_STRICT, STRICT, DC_INFO},
                 {DC_KEY_LINE_ENDS, 0, DC_WARNING},
                 {DC_KEY_VERSION_LATE, VERSION_LATE, DC_WARNING},
                 {DC_KEY_GRANULARITY, GRANULARITY, DC_WARNING},
                 {DC_KEY_BLANKS, 0, DC_INFO},
                 {DC_KEY_NAME_CASE, TAG_CASE, DC_INFO}};
    for (size_t k = 0; k < sizeof notes / sizeof notes[0]; k++) {
        if (key->notes & notes[k].note) {
            const struct dc_finding_row *row = dc_text_row_of_note(notes[k].note);
            struct dc_hit *hit =
                hit_key(d, row != NULL ? row : &dc_key_rows[notes[k].row], i, txt, endpoint);
            hit->rank = DC_RANK_POLICY;
            hit->level = notes[k].level;
            if (hit->level == DC_INFO && is_of_provider(d, i, txt)) {
                hit->remedy = "Nothing has to be done: the mail provider publishes this key and "
                              "means it so.";
            }
            dc_hit_mark(d, hit, key, dc_key_note_span(key, notes[k].note));
        }
    }
}

// The message that carries the record would be larger than what travels in one piece: header,
// question, one record behind a pointer, OPT.
static void look_at_size(struct dc_diagnosis *d, const struct dc_key *key, size_t i,
                         const struct dc_answer *txt, const struct dc_endpoint *endpoint)
{
    enum { FITS = 1232, AROUND = 12 + 4 + 12 + 11 };
    size_t size = AROUND + fdns_name_len(txt->name) + key->rdata_len;
    if (size > FITS) {
        struct dc_hit *hit = hit_key(d, &dc_key_rows[OVERSIZE], i, txt, endpoint);
        hit->rank = DC_RANK_POLICY;
        hit->actual =
            fdns_arena_format(d->hits.arena, "%zu octets of text in %zu strings, %zu in a message",
                              key->text_len, key->n_strings, size);
    }
}

static bool is_own(const struct dc_diagnosis *d, size_t i)
{
    return d->g->expectation->records[i].role == DC_ROLE_SELECTOR;
}

// The key is somebody else's, as far as the subject says which one it should be.
static bool is_foreign(const struct dc_diagnosis *d, const struct dc_key *key, size_t i)
{
    const struct dc_given_key *own = dc_own_key(d->subject);
    return is_own(d, i) && own != NULL &&
           !dc_same_public_key(own->octets, own->n_octets, key->octets, key->n_octets);
}

static void hit_foreign(struct dc_diagnosis *d, const struct dc_key *key, size_t i,
                        const struct dc_answer *txt, const struct dc_endpoint *endpoint)
{
    const struct dc_given_key *own = dc_own_key(d->subject);
    struct dc_hit *hit = hit_key(d, &dc_key_rows[MISMATCH], i, txt, endpoint);
    dc_hit_mark(d, hit, key, (struct dc_span){0, 0});
    hit->expected = fdns_arena_format(d->hits.arena, "TXT with p=%s",
                                      dc_base64_text(d->hits.arena, own->octets, own->n_octets));
}

// False if the key is one that Amazon SES does not take, as far as its limits are to be applied.
static bool judge_profile(struct dc_diagnosis *d, const struct dc_key *key, size_t i,
                          const struct dc_answer *txt, const struct dc_endpoint *endpoint)
{
    const struct dc_finding_row *row =
        is_own(d, i) ? dc_key_beyond(d->subject->profile, key) : NULL;
    if (row == NULL) {
        return true;
    }
    struct dc_hit *hit = hit_key(d, row, i, txt, endpoint);
    hit->expected = d->subject->profile->sizes;
    hit->actual = key->ed25519 ? "Ed25519" : fdns_arena_format(d->hits.arena, "%u bits", key->bits);
    return row->level == DC_INFO;
}

static bool judge_one(struct dc_diagnosis *d, const struct dc_key *key, size_t i,
                      const struct dc_answer *txt, const struct dc_endpoint *endpoint)
{
    if (key->flaw == DC_KEY_EMPTY && d->g->expectation->records[i].role == DC_ROLE_TOKEN) {
        return true; // a spare key
    }
    if (key->flaw != DC_KEY_GOOD) {
        hit_flaw(d, key, i, txt, endpoint);
        return false;
    }
    if (is_foreign(d, key, i)) {
        hit_foreign(d, key, i, txt, endpoint);
        return false;
    }
    if (!judge_profile(d, key, i, txt, endpoint)) {
        return false;
    }
    hit_notes(d, key, i, txt, endpoint);
    look_at_size(d, key, i, txt, endpoint);
    d->key_seen = true;
    return true;
}

bool dc_diagnose_key(struct dc_diagnosis *d, size_t i, const struct dc_answer *txt,
                     const uint8_t *owner, const struct dc_endpoint *endpoint)
{
    struct dc_key keys[RRS_MAX];
    size_t n = 0;
    size_t at = 0;
    const struct fdns_view_rr *rr;
    while (n < RRS_MAX && (rr = dc_answer_next(txt, owner, FDNS_TYPE_TXT, &at)) != NULL) {
        keys[n++] = dc_diagnosis_key(d, txt, rr);
    }
    if (n == 1) {
        return judge_one(d, &keys[0], i, txt, endpoint);
    }
    for (size_t k = 0; n > 1 && k < n; k++) {
        if (keys[k].flaw == DC_KEY_PRIVATE) {
            hit_flaw(d, &keys[k], i, txt, endpoint);
            return false;
        }
    }
    if (n > 1) {
        hit_key(d, dc_text_row_of_several(keys, n), i, txt, endpoint);
    }
    return false;
}

bool dc_diagnose_keys(struct dc_diagnosis *d)
{
    for (size_t i = 0; i < d->g->expectation->n_keys; i++) {
        if (d->records[i] != DC_CELL_RIGHT) {
            return true; // there are hits for that
        }
    }
    if (d->key_seen || d->key_unknown) {
        return true;
    }
    struct dc_hit *hit = dc_hits_add(&d->hits, &dc_key_rows[NO_ACTIVE], DC_RANK_KEY);
    hit->name = d->g->expectation->domain_text;
    hit->actual = "an empty TXT behind every CNAME";
    return false;
}
