// The p= tag: its base64, what container that holds, and whether it is what k= says.
#include "harness/check/dkim/base64.h"
#include "harness/check/dkim/container.h"
#include "harness/check/dkim/key_read.h"

#include <string.h>

enum { RSA_BITS_MIN = 1024, ED25519_OCTETS = 32, CUT_PROBE_MIN = 8 };

char *dc_key_compact(struct fdns_arena *arena, const char *text, size_t len, size_t *n)
{
    char *out = fdns_arena_alloc(arena, len + 1);
    *n = 0;
    for (size_t i = 0; i < len; i++) {
        if (!dc_tags_is_blank(text[i])) {
            out[(*n)++] = text[i];
        }
    }
    return out;
}

// Offset in the tag's value of the n-th octet that is not white space.
static size_t uncompact(const struct dc_tag *p, size_t n)
{
    size_t at = 0;
    for (; at < p->value_len; at++) {
        if (!dc_tags_is_blank(p->value[at]) && n-- == 0) {
            break;
        }
    }
    return at;
}

bool dc_key_is_cut(struct fdns_arena *arena, const char *text, size_t len)
{
    const uint8_t *octets;
    size_t n;
    size_t bad;
    size_t whole = len / 4 * 4;
    return whole >= CUT_PROBE_MIN && dc_base64_decode(arena, text, whole, &octets, &n, &bad) &&
           dc_der_is_cut(octets, n);
}

bool dc_key_is_there(struct fdns_arena *arena, const char *text, size_t len)
{
    const uint8_t *octets;
    size_t n;
    size_t bad_at;
    unsigned bits;
    bool good = dc_base64_decode(arena, text, len, &octets, &n, &bad_at);
    return dc_key_is_cut(arena, text, len) ||
           (good &&
            (n == ED25519_OCTETS || dc_container_of(octets, n, &bits) != DC_CONTAINER_NONE));
}

static void decode_p(struct dc_key *key, struct fdns_arena *arena, const struct dc_tag *p)
{
    size_t len;
    size_t bad_at;
    size_t end = dc_key_value_span(key, p).at + p->value_len;
    char *text = dc_key_compact(arena, p->value, p->value_len, &len);
    if (len == 0) {
        dc_key_flaw(key, DC_KEY_REVOKED, dc_key_name_span(key, p));
        return;
    }
    bool good = dc_base64_decode(arena, text, len, &key->octets, &key->n_octets, &bad_at);
    if ((good || bad_at == len) && dc_key_is_cut(arena, text, len)) {
        dc_key_flaw(key, DC_KEY_CUT, (struct dc_span){end, 0});
    } else if (!good) {
        size_t at = dc_key_value_span(key, p).at + uncompact(p, bad_at);
        dc_key_flaw(key, DC_KEY_BASE64, (struct dc_span){at, bad_at < len ? 1 : 0});
    }
    for (size_t i = 0; i < p->value_len; i++) {
        if (p->value[i] == ' ' || p->value[i] == '\t') {
            dc_key_add_note(key, DC_KEY_BLANKS, dc_key_value_span(key, p).at + i, 1);
        }
    }
}

// SubjectPublicKeyInfo of Ed25519 is this and the 32 octets (RFC 8410 4, 10.1).
static bool is_ed25519_spki(const struct dc_key *key)
{
    static const uint8_t head[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                   0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
    return key->n_octets == sizeof head + ED25519_OCTETS &&
           memcmp(key->octets, head, sizeof head) == 0;
}

static void judge_ed25519(struct dc_key *key, struct dc_span place)
{
    // RFC 8463 4: the 32 octets themselves, not a SubjectPublicKeyInfo
    key->ed25519 = true;
    if (key->n_octets != ED25519_OCTETS) {
        dc_key_flaw(key, DC_KEY_ALGORITHM, place);
    }
}

static void judge_rsa(struct dc_key *key, struct dc_span place)
{
    if (key->n_octets == ED25519_OCTETS) {
        dc_key_flaw(key, DC_KEY_ALGORITHM, place); // k=ed25519 is missing
        return;
    }
    switch (key->container) {
    case DC_CONTAINER_RSA:
        if (key->bits < RSA_BITS_MIN) {
            dc_key_flaw(key, DC_KEY_SHORT, place);
        }
        return;
    case DC_CONTAINER_RSA_PKCS1:
        dc_key_flaw(key, DC_KEY_PKCS1, place);
        return;
    case DC_CONTAINER_OTHER_KEY:
        dc_key_flaw(key, DC_KEY_ALGORITHM, place);
        return;
    case DC_CONTAINER_PRIVATE:
        dc_key_flaw(key, DC_KEY_PRIVATE, place);
        return;
    case DC_CONTAINER_CERTIFICATE:
        dc_key_flaw(key, DC_KEY_CERTIFICATE, place);
        return;
    case DC_CONTAINER_NONE:
        dc_key_flaw(key, DC_KEY_CONTENT, place);
        return;
    }
}

static void look_at_missing_p(struct dc_key *key, const struct dc_tags *tags)
{
    const struct dc_tag *capital = dc_tags_find(tags, "P");
    if (capital != NULL) {
        dc_key_flaw(key, DC_KEY_TAG_CASE, dc_key_name_span(key, capital));
    } else {
        dc_key_flaw(key, DC_KEY_NO_P, (struct dc_span){key->text_len, 0});
    }
}

void dc_key_look_at_p(struct dc_key *key, struct fdns_arena *arena, const struct dc_tags *tags)
{
    const struct dc_tag *p = dc_tags_find(tags, "p");
    const struct dc_tag *k = dc_tags_find(tags, "k");
    if (p == NULL) {
        look_at_missing_p(key, tags);
        return;
    }
    decode_p(key, arena, p);
    if (key->flaw != DC_KEY_GOOD) {
        return;
    }
    key->container = dc_container_of(key->octets, key->n_octets, &key->bits);
    if (is_ed25519_spki(key)) {
        dc_key_flaw(key, DC_KEY_ED25519_SPKI, dc_key_value_span(key, p));
    } else if (k != NULL && dc_tag_is(k, "ed25519")) {
        judge_ed25519(key, dc_key_value_span(key, k));
    } else if (k == NULL || dc_tag_is(k, "rsa")) {
        judge_rsa(key, dc_key_value_span(key, p));
    } else {
        dc_key_flaw(key, DC_KEY_ALGORITHM, dc_key_value_span(key, k));
    }
}
