// The public key as it is given to the provider and entered behind p=: base64 of a
// SubjectPublicKeyInfo, on one line.
#include "harness/check/dkim/input.h"

enum { ARMOUR, CERTIFICATE, PRIVATE, NEWLINES, NO_KEY, NO_BASE64, NO_RSA, PKCS1, SIZE, N_ROWS };

#define REFUSED "Amazon SES answers BadRequestException. "
#define AS_VALUE                                                                                   \
    "The value as it should be: openssl pkey -pubin -in public.pem -pubout -outform DER | "        \
    "openssl base64 -A"

const struct dc_finding_row dc_input_public_rows[DC_INPUT_PUBLIC_ROWS] = {
    [ARMOUR] = {.id = "input/public-key-armour",
                .level = DC_ERROR,
                .title = "The public key has its header and footer lines",
                .cause = REFUSED "The lines BEGIN and END belong to the file, not to the key.",
                .remedy = "Remove the lines BEGIN PUBLIC KEY and END PUBLIC KEY. " AS_VALUE,
                .refs = "seed:R37; seed:R43"},
    [CERTIFICATE] = {.id = "input/public-key-certificate",
                     .level = DC_ERROR,
                     .title = "A certificate was given instead of a public key",
                     .cause = "A certificate holds a public key and more; receivers of mail read "
                              "the key alone.",
                     .remedy = "Take the key out of it: openssl x509 -in certificate.pem -noout "
                               "-pubkey | openssl pkey -pubin -pubout -outform DER | openssl "
                               "base64 -A",
                     .refs = "seed:R37; RFC 6376 3.6.1"},
    [PRIVATE] = {.id = "input/public-key-is-private",
                 .level = DC_ERROR,
                 .title = "The private key was given instead of the public key: keep it secret",
                 .cause = "Published in the DNS, it would let everybody sign mail in your name.",
                 .remedy = "Never enter this key in the DNS. If it was there, or was sent to "
                           "anybody, make a new pair. The public key that belongs to it: openssl "
                           "rsa -in private.pem -pubout -outform DER | openssl base64 -A",
                 .refs = "seed:R37; RFC 6376 8"},
    [NEWLINES] = {.id = "input/public-key-newlines",
                  .level = DC_ERROR,
                  .title = "The public key has line breaks or blanks in it",
                  .cause = REFUSED "The value is one line of base64.",
                  .remedy = "Remove all line breaks and blanks, so that the key is one long line. "
                            "From a file without header: tr -d '\\r\\n\\t ' <public.txt",
                  .refs = "seed:R37; seed:R44"},
    [NO_KEY] = {.id = "input/public-key-not-a-key",
                .level = DC_ERROR,
                .title = "What was given is no public key",
                .cause = "Nothing can be compared with it, and no signature verified.",
                .remedy = "Copy the whole key again. " AS_VALUE,
                .refs = "seed:R37; RFC 6376 3.6.1"},
    [NO_BASE64] = {.id = "input/public-key-not-base64",
                   .level = DC_ERROR,
                   .title = "The public key is not base64",
                   .cause = REFUSED "It takes letters, digits, + and /, and = at the end.",
                   .remedy = AS_VALUE,
                   .refs = "seed:R37; RFC 4648 4"},
    [NO_RSA] = {.id = "input/public-key-not-rsa",
                .level = DC_ERROR,
                .title = "The public key is not one for RSA",
                .cause = "Amazon SES signs with RSA only.",
                .remedy = "Make a pair of keys for RSA: openssl genrsa -traditional -out "
                          "private.pem 2048",
                .refs = "seed:R35; seed:R37"},
    [PKCS1] = {.id = "input/public-key-pkcs1",
               .level = DC_ERROR,
               .title = "The public key has a form that many receivers cannot read",
               .cause = "It is an RSAPublicKey; in the DNS a SubjectPublicKeyInfo is used.",
               .remedy = "Convert it: openssl rsa -RSAPublicKey_in -in public.pem -pubout -outform "
                         "DER | openssl base64 -A",
               .refs = "seed:R37; RFC 6376 3.6.1"},
    [SIZE] = {.id = "input/public-key-size",
              .level = DC_ERROR,
              .title = "The public key has a size that Amazon SES does not take",
              .cause = "Shorter keys can be broken, and longer ones it does not sign with.",
              .remedy = "Make a new pair of keys of the size that is named above.",
              .refs = "seed:R34; seed:R37; RFC 8301 3.2"},
};
_Static_assert((int)N_ROWS == (int)DC_INPUT_PUBLIC_ROWS, "input.h counts the rows");

static const char *const expected = "one line of base64, of a SubjectPublicKeyInfo";

// Lines are worth a word where what is on them is a key.
static void judge_text(struct dc_hits *hits, const struct dc_given_key *key,
                       const struct dc_profile *profile)
{
    // The lines of a file are its own, and matter only when its text is entered somewhere.
    bool file = (key->notes & DC_KEY_TEXT_FILE) != 0;
    if (file && profile == NULL) {
        return;
    }
    if (key->notes & DC_KEY_TEXT_ARMOUR) {
        dc_input_hit(hits, &dc_input_public_rows[ARMOUR], expected, "BEGIN and END lines")->level =
            file ? DC_INFO : DC_ERROR;
    }
    bool is_value = key->encoding != DC_KEY_UNENCODED && key->encoding != DC_KEY_RECORD;
    if (is_value && key->notes & (DC_KEY_TEXT_LINE_ENDS | DC_KEY_TEXT_BLANKS)) {
        dc_input_hit(hits, &dc_input_public_rows[NEWLINES], expected,
                     key->notes & DC_KEY_TEXT_LINE_ENDS ? "line breaks" : "blanks")
            ->level = file ? DC_INFO : DC_ERROR;
    }
}

static void judge_encoding(struct dc_hits *hits, const struct dc_given_key *key)
{
    struct dc_hit *hit = dc_input_hit(hits, &dc_input_public_rows[NO_BASE64], expected,
                                      dc_input_encoding(hits->arena, key));
    if (key->encoding == DC_KEY_RECORD) {
        hit->remedy = "Give the key alone: what stands behind p=, up to the next semicolon.";
    } else if (key->encoding == DC_KEY_DER) {
        hit->remedy = "Encode it: openssl base64 -A -in public.der";
    } else if (key->encoding == DC_KEY_HEX) {
        hit->remedy = "Encode it: xxd -r -p public.hex | openssl base64 -A";
    }
}

static void judge_rsa(struct dc_hits *hits, const struct dc_given_key *key,
                      const struct dc_profile *profile)
{
    if (profile == NULL) {
        return;
    }
    if (key->bits == 0) {
        dc_input_hit(hits, &dc_input_public_rows[NO_RSA], profile->sizes, key->algorithm);
    } else if (key->bits < profile->bits_min || key->bits > profile->bits_max) {
        dc_input_hit(hits, &dc_input_public_rows[SIZE], profile->sizes,
                     fdns_arena_format(hits->arena, "%u bits", key->bits));
    }
}

static void judge_form(struct dc_hits *hits, const struct dc_given_key *key,
                       const struct dc_profile *profile)
{
    switch (key->form) {
    case DC_FORM_NONE:
        dc_input_hit(hits, &dc_input_public_rows[NO_KEY], expected,
                     dc_input_encoding(hits->arena, key));
        return;
    case DC_FORM_CUT:
        dc_input_hit(hits, &dc_input_public_rows[NO_KEY], expected, "a key that ends too early");
        return;
    case DC_FORM_CERTIFICATE:
        dc_input_hit(hits, &dc_input_public_rows[CERTIFICATE], expected, "an X.509 certificate");
        return;
    case DC_FORM_PKCS1_PUBLIC:
        dc_input_hit(hits, &dc_input_public_rows[PKCS1], expected, "an RSAPublicKey (PKCS #1)");
        judge_rsa(hits, key, profile);
        return;
    case DC_FORM_SPKI:
    case DC_FORM_RAW:
        judge_rsa(hits, key, profile);
        return;
    case DC_FORM_PKCS1:
    case DC_FORM_PKCS8:
    case DC_FORM_OTHER_PRIVATE:
    case DC_FORM_OPENSSH:
    case DC_FORM_ENCRYPTED:
    case DC_FORM_DAMAGED:
    case DC_FORM_CUT_PRIVATE:
        return; // said already
    }
}

void dc_input_public(struct dc_hits *hits, const struct dc_given_key *key,
                     const struct dc_profile *profile)
{
    bool decoded = key->encoding == DC_KEY_ENCODED || key->encoding == DC_KEY_DER ||
                   key->encoding == DC_KEY_HEX || key->encoding == DC_KEY_NOTHING;
    if (dc_given_key_is_private(key)) {
        dc_input_hit(hits, &dc_input_public_rows[PRIVATE], expected, "a private key");
        return;
    }
    judge_text(hits, key, profile);
    if (key->encoding != DC_KEY_ENCODED && key->encoding != DC_KEY_NOTHING) {
        judge_encoding(hits, key);
    }
    if (decoded) {
        judge_form(hits, key, profile);
    }
}
