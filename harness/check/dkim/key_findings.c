// What is wrong with a key record, in words (4.E and 4.F of the catalogue of modes). The parser
// (key.h) names the flaw; several records at one name are judged here.
#include "harness/check/dkim/diagnose.h"

#include <string.h>

// The first rows stand in the order of enum dc_key_flaw.
enum {
    EMPTY = DC_KEY_EMPTY - 1,
    OTHER,
    NO_P_PREFIX,
    QUOTES,
    ARMOUR,
    BACKSLASH,
    SYNTAX,
    DUPLICATE,
    FOLDED,
    VERSION,
    NO_P,
    REVOKED,
    CUT,
    BASE64,
    PRIVATE,
    CERTIFICATE,
    PKCS1,
    ALGORITHM,
    CONTENT,
    SHORT,
    HASH,
    SERVICE,
    CUT_OTHER,
    SPLIT,
    TWO_KEYS,
    IDENTICAL,
    UNRELATED,
    MISMATCH,
    TESTING,
    STRICT,
    LINE_ENDS,
    VERSION_LATE,
    GRANULARITY,
    NO_ACTIVE,
    N_ROWS
};

const struct dc_finding_row dc_key_rows[DC_KEY_ROWS] = {
    [EMPTY] = {.id = "text/empty-string",
               .level = DC_ERROR,
               .title = "There is a TXT record without text",
               .cause = "An empty text at this name is as good as no record.",
               .remedy = "Put p= and the public key into the TXT record.",
               .refs = "seed:R20; RFC 6376 3.6.1"},
    [OTHER] =
        {.id = "text/spf-or-dmarc-at-dkim-name",
         .level = DC_ERROR,
         .title = "The TXT record is one for SPF or DMARC, not a DKIM key",
         .cause =
             "The values of two records were swapped, or one was entered under the wrong name.",
         .remedy = "Move the value to its own name and enter p= and the public key here.",
         .refs = "seed:R20; RFC 6376 3.6.1"},
    [NO_P_PREFIX] = {.id = "key/p-only-key-no-tag",
                     .level = DC_ERROR,
                     .title = "The key stands in the record without p= before it",
                     .cause = "A key record is a list of tags; the key is the value of the tag p.",
                     .remedy = "Write p= before the key.",
                     .refs = "seed:R20; RFC 6376 3.6.1"},
    [QUOTES] = {.id = "text/quotes-literal",
                .level = DC_ERROR,
                .title = "Quotes are part of the text",
                .cause = "The panel quotes the text itself and took those that were typed as text.",
                .remedy = "Enter the value without quotes.",
                .refs = "RFC 6376 3.2"},
    [ARMOUR] =
        {.id = "text/pem-armour",
         .level = DC_ERROR,
         .title = "Header or footer lines of a key file are in the record",
         .cause = "The lines BEGIN and END belong to the file, not to the key.",
         .remedy =
             "Remove the BEGIN and END lines and all line breaks, and put p= before what is left.",
         .refs = "seed:R43; RFC 6376 3.6.1"},
    [BACKSLASH] = {.id = "text/semicolon-escaped",
                   .level = DC_ERROR,
                   .title = "Backslashes stand before the semicolons",
                   .cause = "Escapes are for zone files; this panel stored them as text.",
                   .remedy = "Enter the value without backslashes.",
                   .refs = "RFC 6376 3.2; RFC 1035 5.1"},
    [SYNTAX] = {.id = "text/tag-list",
                .level = DC_ERROR,
                .title = "The text is no list of tags",
                .cause = "A key record is a list of name=value pairs between semicolons.",
                .remedy = "Enter the value again as it was given to you; look for odd characters "
                          "at the place that is named.",
                .refs = "RFC 6376 3.2"},
    [DUPLICATE] = {.id = "key/duplicate-tag",
                   .level = DC_ERROR,
                   .title = "A tag stands twice in the record",
                   .cause = "The same tag twice makes the whole record invalid.",
                   .remedy = "Keep one of the two.",
                   .refs = "RFC 6376 3.2"},
    [FOLDED] = {.id = "text/case-folded-value",
                .level = DC_ERROR,
                .title = "The whole record is in lower case",
                .cause =
                    "Keys tell capitals from small letters. The DNS host has changed the text.",
                .remedy = "Ask the DNS provider to store TXT records as they are entered.",
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
    [REVOKED] = {.id = "key/revoked-key",
                 .level = DC_ERROR,
                 .title = "The p= tag is empty: the key is revoked",
                 .cause = "An empty p= tells receivers that the key must not be used any more.",
                 .remedy = "Put the public key behind p=.",
                 .refs = "RFC 6376 3.6.1; RFC 6376 6.1.2"},
    [CUT] = {.id = "text/cut-255",
             .level = DC_ERROR,
             .title = "The key was cut off at 255 octets",
             .cause = "A string of a TXT record holds 255 octets. This host stored the first "
                      "string of the value and dropped the rest.",
             .remedy = "Split the value into several strings of one record, or ask the DNS "
                       "provider how long values are entered. A 1024-bit key fits into one string.",
             .refs = "RFC 1035 3.3; RFC 6376 3.6.2.2"},
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
    [CUT_OTHER] = {.id = "text/cut-other",
                   .level = DC_ERROR,
                   .title = "The key was cut off",
                   .cause = "The key says that it is longer than what is published.",
                   .remedy = "Enter the whole value, as several strings of one record if it is "
                             "long, or ask the DNS provider for the longest value it stores.",
                   .refs = "RFC 6376 3.6.1"},
    [SPLIT] =
        {.id = "text/split-over-rrs",
         .level = DC_ERROR,
         .title = "The parts of one key stand in several TXT records",
         .cause =
             "Parts of a value have to be strings of one record. Several records have no order.",
         .remedy = "Delete them and enter the value as one record.",
         .refs = "RFC 6376 3.6.2.2"},
    [TWO_KEYS] = {.id = "text/two-different-keys",
                  .level = DC_ERROR,
                  .title = "There are several keys at one name",
                  .cause = "Which one a receiver takes is undefined.",
                  .remedy = "Delete the key that is not used any more.",
                  .refs = "RFC 6376 3.6.2.2"},
    [IDENTICAL] = {.id = "text/duplicate-identical",
                   .level = DC_ERROR,
                   .title = "The same TXT record is there twice",
                   .cause = "Strict receivers see several keys and refuse both.",
                   .remedy = "Delete one of the two.",
                   .refs = "RFC 2181 5; RFC 6376 3.6.2.2"},
    [UNRELATED] = {.id = "text/key-plus-unrelated-txt",
                   .level = DC_ERROR,
                   .title = "There is another TXT record beside the key",
                   .cause = "Strict receivers see several records and refuse them.",
                   .remedy = "Move the other record to its own name.",
                   .refs = "RFC 6376 3.6.2.2"},
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
    [LINE_ENDS] = {.id = "text/line-breaks-in-p",
                   .level = DC_WARNING,
                   .title = "There are line breaks in the record",
                   .cause = "Most receivers skip them, strict ones do not.",
                   .remedy = "Remove the line breaks from the value.",
                   .refs = "seed:R44; RFC 6376 3.2"},
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
    [NO_ACTIVE] = {.id = "key/no-active-key",
                   .level = DC_ERROR,
                   .title = "None of the tokens has a key",
                   .cause =
                       "Spare tokens have empty records, but one has to carry the key that signs.",
                   .remedy = "Wait a while, then ask the mail provider.",
                   .refs = "seed:R19"},
};
_Static_assert((int)N_ROWS == (int)DC_KEY_ROWS, "diagnose.h counts the rows");
_Static_assert((int)SERVICE == (int)DC_KEY_SERVICE - 1, "rows follow the flaws");

enum { RRS_MAX = 16, STRING_MAX = 255 };

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

static struct dc_hit *hit_key(struct dc_diagnosis *d, int row, size_t i,
                              const struct dc_answer *txt, const struct dc_endpoint *endpoint)
{
    struct dc_hit *hit = dc_diagnosis_hit(d, &dc_key_rows[row], DC_RANK_KEY, i, endpoint);
    hit->name = dc_name_bare(d->hits.arena, txt->name);
    hit->type = "TXT";
    hit->actual = dc_answer_text(d->hits.arena, txt);
    if (d->g->expectation->records[i].role == DC_ROLE_TOKEN &&
        !fdns_name_at_or_below(txt->name, d->g->places[0].apex)) {
        hit->remedy = fdns_arena_format(d->hits.arena,
                                        "The key at %s is published by the mail provider. Nothing "
                                        "has to be changed in your zone: tell the provider.",
                                        hit->name);
    }
    dc_hit_show(hit, txt->observation);
    return hit;
}

static void hit_flaw(struct dc_diagnosis *d, const struct dc_key *key, size_t i,
                     const struct dc_answer *txt, const struct dc_endpoint *endpoint)
{
    int row = (int)key->flaw - 1;
    if (key->flaw == DC_KEY_CUT && key->text_len != STRING_MAX) {
        row = CUT_OTHER;
    }
    struct dc_hit *hit = hit_key(d, row, i, txt, endpoint);
    if (key->flaw == DC_KEY_SHORT) {
        hit->actual = fdns_arena_format(d->hits.arena, "%u bits", key->bits);
    } else if (key->flaw != DC_KEY_EMPTY) {
        hit->actual =
            fdns_arena_format(d->hits.arena, "%s (at octet %zu)", hit->actual, key->flaw_at + 1);
    }
}

static void hit_notes(struct dc_diagnosis *d, const struct dc_key *key, size_t i,
                      const struct dc_answer *txt, const struct dc_endpoint *endpoint)
{
    static const struct {
        unsigned note;
        int row;
    } notes[] = {{DC_KEY_TESTING, TESTING},
                 {DC_KEY_STRICT, STRICT},
                 {DC_KEY_LINE_ENDS, LINE_ENDS},
                 {DC_KEY_VERSION_LATE, VERSION_LATE},
                 {DC_KEY_GRANULARITY, GRANULARITY}};
    for (size_t k = 0; k < sizeof notes / sizeof notes[0]; k++) {
        if (key->notes & notes[k].note) {
            hit_key(d, notes[k].row, i, txt, endpoint)->rank = DC_RANK_POLICY;
        }
    }
}

// The key is somebody else's, as far as the subject says which one it should be.
static bool is_foreign(const struct dc_diagnosis *d, const struct dc_key *key, size_t i)
{
    const uint8_t *octets;
    size_t n;
    return d->g->expectation->records[i].role == DC_ROLE_SELECTOR &&
           d->subject->public_key != NULL &&
           dc_key_expected(d->hits.arena, d->subject->public_key, &octets, &n) &&
           (n != key->n_octets || memcmp(octets, key->octets, n) != 0);
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
        hit_key(d, MISMATCH, i, txt, endpoint);
        return false;
    }
    hit_notes(d, key, i, txt, endpoint);
    d->key_seen = true;
    return true;
}

static bool same_text(const struct dc_key *a, const struct dc_key *b)
{
    return a->text_len == b->text_len && memcmp(a->text, b->text, a->text_len) == 0;
}

// Several TXT records at one name: never right, and there are four ways to get there.
static int row_of_several(const struct dc_key *keys, size_t n)
{
    size_t n_good = 0;
    size_t n_same = 0;
    bool cut = false;
    bool bare = false;
    for (size_t i = 0; i < n; i++) {
        n_good += keys[i].flaw == DC_KEY_GOOD ? 1 : 0;
        n_same += same_text(&keys[i], &keys[0]) ? 1 : 0;
        cut = cut || keys[i].flaw == DC_KEY_CUT;
        bare = bare || keys[i].bare || keys[i].flaw == DC_KEY_SYNTAX;
    }
    if (n_same == n) {
        return IDENTICAL;
    }
    return n_good > 1 ? TWO_KEYS : n_good == 0 && cut && bare ? SPLIT : UNRELATED;
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
            hit_key(d, PRIVATE, i, txt, endpoint);
            return false;
        }
    }
    if (n > 1) {
        hit_key(d, row_of_several(keys, n), i, txt, endpoint);
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
