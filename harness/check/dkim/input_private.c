// The private key as it is given to the provider: base64 of an RSAPrivateKey, on one line. Nothing
// of the key itself is known here, nor printed.
#include "harness/check/dkim/input.h"

enum {
    PAIR,
    ARMOUR,
    ENCRYPTED,
    PUBLIC,
    NEWLINES,
    NO_KEY,
    NO_BASE64,
    NO_RSA,
    OPENSSH,
    PKCS8,
    SIZE,
    N_ROWS
};

#define REFUSED "Amazon SES answers BadRequestException. "
#define FAILS   "The DKIM verification of Amazon SES fails with it. "

const struct dc_finding_row dc_input_private_rows[DC_INPUT_PRIVATE_ROWS] = {
    [PAIR] = {.id = "input/key-pair-mismatch",
              .level = DC_ERROR,
              .title = "The public key does not belong to the private key",
              .cause = "Signatures made with the one do not verify with the other.",
              .remedy = "Take the public key of the same pair: openssl rsa -in private.pem -pubout "
                        "-outform DER | openssl base64 -A",
              .refs = "seed:R32; RFC 6376 6.1.3"},
    [ARMOUR] = {.id = "input/private-key-armour",
                .level = DC_ERROR,
                .title = "The private key has its header and footer lines",
                .cause = REFUSED "The lines BEGIN and END belong to the file, not to the key.",
                .remedy = "Give the base64 between them, as one line.",
                .refs = "seed:R32; seed:R36"},
    [ENCRYPTED] = {.id = "input/private-key-encrypted",
                   .level = DC_ERROR,
                   .title = "The private key is protected with a password",
                   .cause = FAILS "Without the password nobody can sign with it, and it cannot be "
                                  "checked either.",
                   .remedy = "Remove the password.",
                   .refs = "seed:R32; seed:R33"},
    [PUBLIC] = {.id = "input/private-key-is-public",
                .level = DC_ERROR,
                .title = "A public key was given instead of the private key",
                .cause = FAILS "Nobody can sign with a public key.",
                .remedy = "Give the private key of the pair; the public one goes into the DNS.",
                .refs = "seed:R32"},
    [NEWLINES] = {.id = "input/private-key-newlines",
                  .level = DC_ERROR,
                  .title = "The private key has line breaks or blanks in it",
                  .cause = REFUSED "The value is one line of base64.",
                  .remedy = "Remove all line breaks and blanks, so that the key is one long line.",
                  .refs = "seed:R32; seed:R36"},
    [NO_KEY] = {.id = "input/private-key-not-a-key",
                .level = DC_ERROR,
                .title = "What was given is no private key, or a damaged one",
                .cause = FAILS "Nobody can sign with it.",
                .remedy = "Copy the whole key again, or make a new pair.",
                .refs = "seed:R32; seed:R33"},
    [NO_BASE64] = {.id = "input/private-key-not-base64",
                   .level = DC_ERROR,
                   .title = "The private key is not base64",
                   .cause = REFUSED "It takes letters, digits, + and /, and = at the end.",
                   .remedy = "Encode it.",
                   .refs = "seed:R32; seed:R36; RFC 4648 4"},
    [NO_RSA] = {.id = "input/private-key-not-rsa",
                .level = DC_ERROR,
                .title = "The private key is not one for RSA",
                .cause = FAILS "It signs with RSA only.",
                .remedy = "Make a pair of keys for RSA: openssl genrsa -traditional -out "
                          "private.pem 2048",
                .refs = "seed:R32; seed:R35"},
    [OPENSSH] = {.id = "input/private-key-openssh",
                 .level = DC_ERROR,
                 .title = "The private key is one for SSH",
                 .cause = FAILS "ssh-keygen writes keys in a form of its own.",
                 .remedy = "If it is an RSA key, convert a copy of the file: ssh-keygen -p -m PEM "
                           "-f copy-of-key. A new pair for DKIM alone is better.",
                 .refs = "seed:R32; seed:R33"},
    [PKCS8] = {.id = "input/private-key-pkcs8",
               .level = DC_ERROR,
               .title = "The private key is in PKCS #8 format, not in PKCS #1",
               .cause = FAILS "OpenSSL 3 writes PKCS #8 unless told otherwise.",
               .remedy = "Convert it.",
               .refs = "seed:R32; seed:R33"},
    [SIZE] = {.id = "input/private-key-size",
              .level = DC_ERROR,
              .title = "The private key has a size that Amazon SES does not take",
              .cause = FAILS "Shorter keys can be broken, and longer ones it does not sign with.",
              .remedy = "Make a new pair of keys of the size that is named above: openssl genrsa "
                        "-traditional -out private.pem 1024",
              .refs = "seed:R32; seed:R34; RFC 8301 3.2"},
};
_Static_assert((int)N_ROWS == (int)DC_INPUT_PRIVATE_ROWS, "input.h counts the rows");

// The command that makes the value out of a key that is given this way. It writes PKCS #1, which
// both profiles take.
static const char *command(struct fdns_arena *arena, const struct dc_given_key *key)
{
    const char *read = "openssl rsa -in private.pem";
    if (key->encoding == DC_KEY_DER) {
        read = "openssl rsa -inform DER -in private.der";
    } else if (key->encoding == DC_KEY_HEX) {
        read = "xxd -r -p private.hex | openssl rsa -inform DER";
    } else if (!(key->notes & DC_KEY_TEXT_ARMOUR)) {
        read = "tr -d '\\r\\n\\t ' <private.txt | openssl base64 -d -A | openssl rsa -inform DER";
    }
    return fdns_arena_format(arena, "%s -traditional -outform DER | openssl base64 -A", read);
}

static struct dc_hit *hit(struct dc_hits *hits, int row, const char *actual)
{
    return dc_input_hit(hits, &dc_input_private_rows[row],
                        "one line of base64, of an RSA private key", actual);
}

static void add_command(struct dc_hits *hits, struct dc_hit *of, const struct dc_given_key *key)
{
    of->remedy = fdns_arena_format(hits->arena, "%s The value as it should be: %s", of->row->remedy,
                                   command(hits->arena, key));
}

// Lines are worth a word where what is on them is a key.
static void judge_text(struct dc_hits *hits, const struct dc_given_key *key)
{
    bool file = (key->notes & DC_KEY_TEXT_FILE) != 0;
    if (key->notes & DC_KEY_TEXT_ARMOUR) {
        struct dc_hit *armour = hit(hits, ARMOUR, "BEGIN and END lines");
        armour->level = file ? DC_INFO : DC_ERROR;
        add_command(hits, armour, key);
    }
    bool is_value = key->encoding != DC_KEY_UNENCODED && key->encoding != DC_KEY_RECORD;
    if (is_value && key->notes & (DC_KEY_TEXT_LINE_ENDS | DC_KEY_TEXT_BLANKS)) {
        struct dc_hit *breaks =
            hit(hits, NEWLINES, key->notes & DC_KEY_TEXT_LINE_ENDS ? "line breaks" : "blanks");
        breaks->level = file ? DC_INFO : DC_ERROR;
        add_command(hits, breaks, key);
    }
}

static void judge_size(struct dc_hits *hits, const struct dc_given_key *key,
                       const struct dc_profile *profile)
{
    if (key->bits < profile->bits_min || key->bits > profile->bits_max) {
        struct dc_hit *size = hit(hits, SIZE, fdns_arena_format(hits->arena, "%u bits", key->bits));
        size->expected = profile->sizes;
    }
    if (key->n_chars > DC_PRIVATE_CHARS_MAX) {
        struct dc_hit *size = hit(hits, SIZE, dc_input_encoding(hits->arena, key));
        size->expected =
            fdns_arena_format(hits->arena, "at most %d characters of base64", DC_PRIVATE_CHARS_MAX);
    }
}

static void judge_rsa(struct dc_hits *hits, const struct dc_given_key *key,
                      const struct dc_profile *profile)
{
    if (key->bits == 0) {
        hit(hits, NO_RSA, key->algorithm)->expected = profile->sizes;
        return;
    }
    judge_size(hits, key, profile);
    if (key->form == DC_FORM_PKCS8 && !profile->pkcs8) {
        struct dc_hit *pkcs8 = hit(hits, PKCS8, "PKCS #8");
        pkcs8->expected = "PKCS #1";
        add_command(hits, pkcs8, key);
    }
}

static void judge_form(struct dc_hits *hits, const struct dc_given_key *key,
                       const struct dc_profile *profile)
{
    switch (key->form) {
    case DC_FORM_NONE:
        hit(hits, NO_KEY, dc_input_encoding(hits->arena, key));
        return;
    case DC_FORM_CUT:
    case DC_FORM_CUT_PRIVATE:
        hit(hits, NO_KEY, "a key that ends too early");
        return;
    case DC_FORM_DAMAGED:
        hit(hits, NO_KEY, "a key whose numbers do not fit each other");
        return;
    case DC_FORM_CERTIFICATE:
        hit(hits, PUBLIC, "an X.509 certificate");
        return;
    case DC_FORM_SPKI:
    case DC_FORM_PKCS1_PUBLIC:
        hit(hits, PUBLIC, "a public key");
        return;
    case DC_FORM_OPENSSH:
        hit(hits, OPENSSH, "a key in the form of OpenSSH");
        return;
    case DC_FORM_ENCRYPTED:
        add_command(hits, hit(hits, ENCRYPTED, "a key that needs a password"), key);
        return;
    case DC_FORM_RAW:
    case DC_FORM_OTHER_PRIVATE:
    case DC_FORM_PKCS1:
    case DC_FORM_PKCS8:
        judge_rsa(hits, key, profile);
        return;
    }
}

void dc_input_private(struct dc_hits *hits, const struct dc_given_key *key,
                      const struct dc_profile *profile)
{
    const struct dc_profile *limits = profile != NULL ? profile : dc_profile_default();
    // a key that has to be replaced or opened first needs no word about its lines
    if (key->form != DC_FORM_ENCRYPTED && key->form != DC_FORM_OPENSSH) {
        judge_text(hits, key);
    }
    if (key->encoding == DC_KEY_DER || key->encoding == DC_KEY_HEX) {
        add_command(hits, hit(hits, NO_BASE64, dc_input_encoding(hits->arena, key)), key);
    } else if (key->encoding == DC_KEY_UNENCODED || key->encoding == DC_KEY_RECORD) {
        hit(hits, NO_BASE64, dc_input_encoding(hits->arena, key))->remedy =
            "Copy the key again; only the key, and all of it.";
    }
    if (key->form != DC_FORM_NONE || key->encoding == DC_KEY_ENCODED ||
        key->encoding == DC_KEY_DER || key->encoding == DC_KEY_HEX ||
        key->encoding == DC_KEY_NOTHING) {
        judge_form(hits, key, limits);
    }
}

void dc_input_pair(struct dc_hits *hits, const struct dc_given_key *public_key,
                   const struct dc_given_key *private_key)
{
    if (public_key->octets == NULL || private_key->octets == NULL ||
        dc_same_public_key(public_key->octets, public_key->n_octets, private_key->octets,
                           private_key->n_octets)) {
        return;
    }
    const char *belongs = dc_base64_text(hits->arena, private_key->octets, private_key->n_octets);
    struct dc_hit *pair = dc_input_hit(
        hits, &dc_input_private_rows[PAIR], fdns_arena_format(hits->arena, "p=%s", belongs),
        fdns_arena_format(hits->arena, "p=%s",
                          dc_base64_text(hits->arena, public_key->octets, public_key->n_octets)));
    pair->remedy = "Publish and give the public key that is expected above: it belongs to the "
                   "private key.";
}
