// A key as somebody gives it, and a key record as a server sends it: any octets are read, and what
// is said of them holds. The corpus has one key of every form; all of them were made for it.
#include "harness/check/dkim/base64.h"
#include "harness/check/dkim/input.h"
#include "harness/check/dkim/key.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// What is decoded is written again as it was.
static void try_base64(struct fdns_arena *arena, const char *text, size_t len)
{
    const uint8_t *octets;
    size_t n;
    size_t bad_at;
    if (dc_base64_decode(arena, text, len, &octets, &n, &bad_at)) {
        const char *again = dc_base64_text(arena, octets, n);
        assert(strlen(again) == len && memcmp(again, text, len) == 0);
    } else {
        assert(bad_at <= len);
    }
}

// A public half is a key like any other, and the same in every form.
static void try_given_key(struct fdns_arena *arena, const char *text, size_t len)
{
    const struct dc_given_key *key = dc_given_key_read(arena, text, len);
    assert(key->bad_at <= len && key->n_chars <= len);
    assert((key->octets == NULL) || key->algorithm != NULL);
    if (key->octets != NULL) {
        const char *value = dc_base64_text(arena, key->octets, key->n_octets);
        const struct dc_given_key *again = dc_given_key_read(arena, value, strlen(value));
        assert(again->encoding == DC_KEY_ENCODED && !dc_given_key_is_private(again));
        assert(again->bits == key->bits);
    }
}

static void try_judging(struct fdns_arena *arena, const char *text, size_t len)
{
    for (size_t i = 0; i < dc_n_profiles; i++) {
        const struct dc_dkim_subject subject = {
            .method = DC_BYODKIM,
            .selector = fdns_arena_string_n(arena, text, len),
            .public_key = dc_given_key_read(arena, text, len),
            .private_key = dc_given_key_read(arena, text, len),
            .profile = &dc_profiles[i],
        };
        struct dc_report report;
        dc_input_report(arena, &subject, 0, &report);
        // no text is a good public key and a good private key
        assert(report.n_findings > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fdns_arena arena;
    struct dc_key key;
    fdns_arena_init(&arena, 0);
    const char *text = fdns_arena_string_n(&arena, (const char *)data, size);
    try_base64(&arena, text, size);
    try_given_key(&arena, text, size);
    try_judging(&arena, text, size);
    dc_key_parse(&key, &arena, data, size);
    assert(key.place.at + key.place.len <= key.text_len);
    fdns_arena_clear(&arena);
    return 0;
}
