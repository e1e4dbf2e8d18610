// What is given to the mail provider: selectors, keys in every form they come in, and what of a
// private key stays in memory.
#include "unit/harness.h"

#include "fakedns/base/file.h"
#include "harness/check/dkim/input.h"
#include "harness/check/dkim/key_profile.h"

#include <string.h>

static struct fdns_arena arena;

static const char *key_file(const char *name, size_t *len)
{
    const char *text = "";
    struct fdns_diags diags;
    fdns_diags_init(&diags);
    CHECK(fdns_file_read(
        &arena, fdns_arena_format(&arena, "%s/tests/fuzz/corpus/keys/%s", SOURCE_DIR, name),
        1 << 20, &text, len, &diags));
    fdns_diags_clear(&diags);
    return text;
}

static const struct dc_given_key *read_file(const char *name)
{
    size_t len = 0;
    const char *text = key_file(name, &len);
    return dc_given_key_read(&arena, text, len);
}

// Ids of what is found, without their area, with blanks between.
static const char *found(const struct dc_hits *hits)
{
    const char *text = "";
    for (size_t i = 0; i < hits->n; i++) {
        text = fdns_arena_format(&arena, "%s%s%s", text, i > 0 ? " " : "",
                                 strchr(hits->items[i].row->id, '/') + 1);
    }
    return text;
}

static void test_forms(void)
{
    static const struct {
        const char *file;
        enum dc_key_encoding encoding;
        enum dc_key_form form;
        const char *algorithm;
        unsigned bits;
    } cases[] = {
        {"rsa-1024.pem", DC_KEY_ENCODED, DC_FORM_PKCS1, "RSA", 1024},
        {"rsa-1024.b64", DC_KEY_ENCODED, DC_FORM_PKCS1, "RSA", 1024},
        {"rsa-1024.der", DC_KEY_DER, DC_FORM_PKCS1, "RSA", 1024},
        {"rsa-1024.hex", DC_KEY_HEX, DC_FORM_PKCS1, "RSA", 1024},
        {"rsa-1024-pkcs8.pem", DC_KEY_ENCODED, DC_FORM_PKCS8, "RSA", 1024},
        {"rsa-2048-pkcs8.pem", DC_KEY_ENCODED, DC_FORM_PKCS8, "RSA", 2048},
        {"rsa-1024-password.pem", DC_KEY_ENCODED, DC_FORM_ENCRYPTED, NULL, 0},
        {"rsa-1024-password-pkcs8.pem", DC_KEY_ENCODED, DC_FORM_ENCRYPTED, NULL, 0},
        {"ec.pem", DC_KEY_ENCODED, DC_FORM_OTHER_PRIVATE, "EC", 0},
        {"ed25519.pem", DC_KEY_ENCODED, DC_FORM_PKCS8, "ED25519", 0},
        {"dsa.der", DC_KEY_DER, DC_FORM_OTHER_PRIVATE, "DSA", 0},
        {"openssh", DC_KEY_ENCODED, DC_FORM_OPENSSH, NULL, 0},
        {"public.pem", DC_KEY_ENCODED, DC_FORM_SPKI, "RSA", 1024},
        {"public-crlf.pem", DC_KEY_ENCODED, DC_FORM_SPKI, "RSA", 1024},
        {"public-pkcs1.pem", DC_KEY_ENCODED, DC_FORM_PKCS1_PUBLIC, "RSA", 1024},
        {"armour-one-line", DC_KEY_ENCODED, DC_FORM_SPKI, "RSA", 1024},
        {"ed25519-public.pem", DC_KEY_ENCODED, DC_FORM_SPKI, "ED25519", 0},
        {"certificate.pem", DC_KEY_ENCODED, DC_FORM_CERTIFICATE, NULL, 0},
        {"record", DC_KEY_RECORD, DC_FORM_NONE, NULL, 0},
        {"cut.b64", DC_KEY_ENCODED, DC_FORM_CUT_PRIVATE, NULL, 0},
        {"empty", DC_KEY_NOTHING, DC_FORM_NONE, NULL, 0},
    };
    fdns_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct dc_given_key *key = read_file(cases[i].file);
        CHECK_INT(cases[i].encoding, key->encoding);
        CHECK_INT(cases[i].form, key->form);
        CHECK_TEXT(cases[i].algorithm, key->algorithm);
        CHECK_INT(cases[i].bits, key->bits);
    }
    fdns_arena_clear(&arena);
}

// In whatever form it is given, the key has the same public half.
static void test_public_half(void)
{
    static const char *const files[] = {"rsa-1024.pem", "rsa-1024.der",     "rsa-1024.hex",
                                        "rsa-1024.b64", "public-pkcs1.pem", "rsa-1024-pkcs8.pem"};
    fdns_arena_init(&arena, 0);
    const struct dc_given_key *public_key = read_file("public.pem");
    const struct dc_given_key *other = read_file("rsa-2048-pkcs8.pem");
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        const struct dc_given_key *key = read_file(files[i]);
        CHECK_INT(public_key->n_octets, key->n_octets);
        CHECK(memcmp(public_key->octets, key->octets, key->n_octets) == 0);
        CHECK(!dc_same_public_key(other->octets, other->n_octets, key->octets, key->n_octets));
    }
    enum { ED25519_OCTETS = 32 };
    CHECK_INT(ED25519_OCTETS, read_file("ed25519.pem")->n_octets);
    fdns_arena_clear(&arena);
}

static void test_several_blocks(void)
{
    size_t n_public;
    size_t n_private;
    fdns_arena_init(&arena, 0);
    const char *public_key = key_file("public.pem", &n_public);
    const char *private_key = key_file("rsa-1024.pem", &n_private);
    const char *both = fdns_arena_format(&arena, "%s%s", public_key, private_key);
    CHECK_INT(DC_FORM_PKCS1, dc_given_key_read(&arena, both, strlen(both))->form);
    fdns_arena_clear(&arena);
}

static void test_places(void)
{
    static const struct {
        const char *text;
        size_t bad_at;
    } cases[] = {{"TWFu*TWF", 4}, {"TW Fu\r\nTW=u", 9}, {"-----BEGIN X-----\nTWFu\nT#==\n", 24}};
    fdns_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct dc_given_key *key =
            dc_given_key_read(&arena, cases[i].text, strlen(cases[i].text));
        CHECK_INT(DC_KEY_UNENCODED, key->encoding);
        CHECK_INT(cases[i].bad_at, key->bad_at);
    }
    fdns_arena_clear(&arena);
}

static void test_selectors(void)
{
    static const char s63[] = "Abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0";
    static const struct {
        const char *selector;
        const char *current;
        const char *seed;
    } cases[] = {
        {"s", "", ""},
        {"7", "", ""},
        {s63, "", ""},
        {"", "selector-empty", "selector-empty"},
        {"a.b", "selector-dot", "selector-dot"},
        {".", "selector-dot", "selector-dot"},
        {"a-b", "", "selector-hyphen"},
        {"a--b", "", "selector-hyphen"},
        {"-", "selector-hyphen", "selector-hyphen"},
        {"-a", "selector-hyphen", "selector-hyphen"},
        {"a-", "selector-hyphen", "selector-hyphen"},
        {"a_b", "selector-symbol", "selector-symbol"},
        {"a b", "selector-symbol", "selector-symbol"},
        {"s\xc3\xa9", "selector-symbol", "selector-symbol"},
        {"\x1b[2J", "selector-symbol", "selector-symbol"},
        {"a.b-", "selector-dot selector-hyphen", "selector-dot selector-hyphen"},
        {"0123456789012345678901234567890123456789012345678901234567890123", "selector-64",
         "selector-64"},
    };
    fdns_arena_init(&arena, 0);
    CHECK_INT(DC_SELECTOR_MAX, strlen(s63));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct dc_hits current = {.arena = &arena};
        struct dc_hits seed = {.arena = &arena};
        dc_input_selector(&current, cases[i].selector, dc_profile_find("current"));
        dc_input_selector(&seed, cases[i].selector, dc_profile_find("seed"));
        CHECK_TEXT(cases[i].current, found(&current));
        CHECK_TEXT(cases[i].seed, found(&seed));
    }
    fdns_arena_clear(&arena);
}

static void test_private_keys(void)
{
    static const struct {
        const char *file;
        const char *current;
        const char *seed;
    } cases[] = {
        {"rsa-1024.b64", "", ""},
        {"rsa-1024.pem", "private-key-armour private-key-newlines",
         "private-key-armour private-key-newlines"},
        {"rsa-1024.der", "private-key-not-base64", "private-key-not-base64"},
        {"rsa-1024.hex", "private-key-not-base64", "private-key-not-base64"},
        {"rsa-1024-password.pem", "private-key-encrypted", "private-key-encrypted"},
        {"rsa-2048-pkcs8.pem", "private-key-armour private-key-newlines",
         "private-key-armour private-key-newlines private-key-size private-key-pkcs8"},
        {"openssh", "private-key-openssh", "private-key-openssh"},
        {"record", "private-key-not-base64", "private-key-not-base64"},
        {"cut.b64", "private-key-not-a-key", "private-key-not-a-key"},
        {"empty", "private-key-not-a-key", "private-key-not-a-key"},
    };
    fdns_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct dc_hits current = {.arena = &arena};
        struct dc_hits seed = {.arena = &arena};
        dc_input_private(&current, read_file(cases[i].file), dc_profile_find("current"));
        dc_input_private(&seed, read_file(cases[i].file), dc_profile_find("seed"));
        CHECK_TEXT(cases[i].current, found(&current));
        CHECK_TEXT(cases[i].seed, found(&seed));
    }
    fdns_arena_clear(&arena);
}

static void test_longest_value(void)
{
    fdns_arena_init(&arena, 0);
    struct dc_given_key key = {.encoding = DC_KEY_ENCODED,
                               .form = DC_FORM_PKCS1,
                               .algorithm = "RSA",
                               .bits = 2048,
                               .n_chars = DC_PRIVATE_CHARS_MAX};
    struct dc_hits hits = {.arena = &arena};
    dc_input_private(&hits, &key, dc_profile_default());
    CHECK_TEXT("", found(&hits));
    key.n_chars++;
    dc_input_private(&hits, &key, dc_profile_default());
    CHECK_TEXT("private-key-size", found(&hits));
    fdns_arena_clear(&arena);
}

// The lines of a file are its own: no fault, but worth a word.
static void test_files(void)
{
    fdns_arena_init(&arena, 0);
    struct dc_given_key key = *read_file("public.pem");
    key.notes |= DC_KEY_TEXT_FILE;
    struct dc_hits none = {.arena = &arena};
    dc_input_public(&none, &key, NULL);
    CHECK_TEXT("", found(&none));
    struct dc_hits hits = {.arena = &arena};
    dc_input_public(&hits, &key, dc_profile_default());
    CHECK_TEXT("public-key-armour public-key-newlines", found(&hits));
    CHECK_INT(DC_INFO, hits.items[0].level);
    CHECK_INT(DC_INFO, hits.items[1].level);
    fdns_arena_clear(&arena);
}

static void test_sizes(void)
{
    static const struct {
        unsigned bits;
        bool ed25519;
        const char *current; // NULL: fine
        const char *seed;
    } cases[] = {{1024, false, NULL, NULL},
                 {2048, false, NULL, "key/key-too-long"},
                 {1025, false, "key/key-size-odd", "key/key-too-long"},
                 {2049, false, "key/key-too-long", "key/key-too-long"},
                 {4096, false, "key/key-too-long", "key/key-too-long"},
                 {0, true, "key/not-rsa", "key/not-rsa"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct dc_key key = {.bits = cases[i].bits, .ed25519 = cases[i].ed25519};
        const struct dc_finding_row *current = dc_key_beyond(dc_profile_find("current"), &key);
        const struct dc_finding_row *seed = dc_key_beyond(dc_profile_find("seed"), &key);
        CHECK_TEXT(cases[i].current, current != NULL ? current->id : NULL);
        CHECK_TEXT(cases[i].seed, seed != NULL ? seed->id : NULL);
        CHECK(dc_key_beyond(NULL, &key) == NULL);
    }
}

// Octets of the private half that are in no public key: a piece of its middle.
static bool holds_secret(const void *memory, size_t len, const char *der, size_t der_len)
{
    enum { PIECE = 16 };
    return memmem(memory, len, der + der_len / 2, PIECE) != NULL;
}

// What stays of a private key, in the only memory that is kept, is its public half.
static void test_secrets(void)
{
    static const char *const files[] = {"rsa-1024.pem", "rsa-1024.b64", "rsa-1024.der",
                                        "rsa-1024.hex", "rsa-1024-pkcs8.pem"};
    enum { KEPT = 64 * 1024 };
    size_t der_len;
    size_t len;
    fdns_arena_init(&arena, 0);
    const char *der = key_file("rsa-1024.der", &der_len);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        const char *text = key_file(files[i], &len);
        struct fdns_arena kept;
        fdns_arena_init(&kept, KEPT);
        const char *memory = fdns_arena_alloc(&kept, 1);
        dc_given_key_read(&kept, text, len);
        CHECK(!holds_secret(memory, KEPT - 1024, der, der_len));
        CHECK(memmem(memory, KEPT - 1024, text + len / 2, 16) == NULL);
        fdns_arena_clear(&kept);
    }
    fdns_arena_clear(&arena);
}

static void test_wiping(void)
{
    struct fdns_arena secret;
    fdns_arena_init(&secret, 64);
    char *first = fdns_arena_string(&secret, "a secret");
    char *second =
        fdns_arena_string(&secret, "and one that needs a chunk of its own, because it is "
                                   "longer than all others are");
    fdns_arena_wipe(&secret);
    CHECK_TEXT("", first);
    CHECK_TEXT("", second);
    CHECK_INT(0, second[20]);
    fdns_arena_clear(&secret);
}

static const struct test tests[] = {
    {"keys in every form", test_forms},
    {"one public half", test_public_half},
    {"a private key among other blocks is seen", test_several_blocks},
    {"the place of what is no base64", test_places},
    {"selectors in both profiles", test_selectors},
    {"private keys in both profiles", test_private_keys},
    {"the longest value", test_longest_value},
    {"lines of files", test_files},
    {"sizes of published keys", test_sizes},
    {"nothing of a private key is kept", test_secrets},
    {"wiping overwrites every chunk", test_wiping},
};
SUITE(dkim_input, tests)
