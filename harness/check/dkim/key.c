// Steps, in this order: join the strings; what is no tag-list at all and can be named; the
// tag-list; v= and p=; the base64; what p= holds; whether receivers may use it for email.
#include "harness/check/dkim/key.h"

#include "harness/check/dkim/base64.h"
#include "harness/check/dkim/container.h"
#include "harness/check/dkim/tags.h"

#include <string.h>

enum { RSA_BITS_MIN = 1024, ED25519_OCTETS = 32, CUT_PROBE_MIN = 8, FOLDED_MIN = 40 };

static bool starts_with(const struct dc_key *key, const char *prefix)
{
    size_t len = strlen(prefix);
    return key->text_len >= len && memcmp(key->text, prefix, len) == 0;
}

static bool contains(const struct dc_key *key, const char *part, size_t *at)
{
    const char *found = memmem(key->text, key->text_len, part, strlen(part));
    if (found != NULL) {
        *at = (size_t)(found - key->text);
    }
    return found != NULL;
}

static void flaw(struct dc_key *key, enum dc_key_flaw what, size_t at)
{
    if (key->flaw == DC_KEY_GOOD) {
        key->flaw = what;
        key->flaw_at = at;
    }
}

static void join_strings(struct dc_key *key, struct fdns_arena *arena, const uint8_t *rdata,
                         size_t len)
{
    char *text = fdns_arena_alloc(arena, len + 1);
    for (size_t at = 0; at < len;) {
        size_t n = rdata[at++];
        n = n <= len - at ? n : len - at;
        memcpy(text + key->text_len, rdata + at, n);
        key->text_len += n;
        key->n_strings++;
        at += n;
    }
    key->text = text;
}

static bool all_base64(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bool letter = (text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z');
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (!letter && !digit && strchr("+/= \t\r\n", text[i]) == NULL) {
            return false;
        }
    }
    return true;
}

// What can be told without reading tags.
static void look_at_text(struct dc_key *key)
{
    enum { BARE_KEY_MIN = 40 }; // shorter than any key
    size_t at = 0;
    if (key->text_len == 0) {
        flaw(key, DC_KEY_EMPTY, 0);
    } else if (starts_with(key, "v=spf1") || starts_with(key, "v=DMARC1")) {
        flaw(key, DC_KEY_OTHER, 0);
    } else if (key->text[0] == '"') {
        flaw(key, DC_KEY_QUOTES, 0);
    } else if (contains(key, "-----BEGIN", &at) || contains(key, "-----END", &at)) {
        flaw(key, DC_KEY_ARMOUR, at);
    }
    key->bare = key->text_len >= BARE_KEY_MIN && all_base64(key->text, key->text_len) &&
                memchr(key->text, '=', key->text_len - 2) == NULL;
    if (memchr(key->text, '\n', key->text_len) != NULL ||
        memchr(key->text, '\r', key->text_len) != NULL) {
        key->notes |= DC_KEY_LINE_ENDS;
    }
}

// No capital in so many letters of base64 is no chance; hexadecimal has none either.
static bool is_folded(const struct dc_tag *p, size_t len_min)
{
    bool beyond_hex = false;
    for (size_t i = 0; i < p->value_len; i++) {
        if (p->value[i] >= 'A' && p->value[i] <= 'Z') {
            return false;
        }
        beyond_hex = beyond_hex || (p->value[i] > 'f' && p->value[i] <= 'z');
    }
    return p->value_len >= len_min && beyond_hex;
}

static size_t offset(const struct dc_key *key, const struct dc_tag *tag)
{
    return (size_t)(tag->value - key->text);
}

static void look_at_version(struct dc_key *key, const struct dc_tags *tags)
{
    const struct dc_tag *v = dc_tags_find(tags, "v");
    const struct dc_tag *p = dc_tags_find(tags, "p");
    bool folded_version = v != NULL && dc_tag_is(v, "dkim1");
    if (p != NULL && is_folded(p, folded_version ? 1 : FOLDED_MIN) &&
        (v == NULL || folded_version)) {
        flaw(key, DC_KEY_FOLDED, offset(key, v != NULL ? v : p));
    }
    if (v == NULL) {
        return; // default DKIM1
    }
    if (!dc_tag_is(v, "DKIM1")) {
        flaw(key, DC_KEY_VERSION, offset(key, v));
    } else if (v != &tags->tags[0]) {
        key->notes |= DC_KEY_VERSION_LATE;
    }
}

// A semicolon that was escaped leaves its backslash at the end of the value before it. Elsewhere a
// backslash may stand (RFC 6376 3.2), as in a note.
static void look_at_backslashes(struct dc_key *key, const struct dc_tags *tags)
{
    static const char *const names[] = {"v", "k", "h", "s", "t", "p"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct dc_tag *tag = dc_tags_find(tags, names[i]);
        if (tag != NULL && tag->value_len > 0 && tag->value[tag->value_len - 1] == '\\') {
            flaw(key, DC_KEY_BACKSLASH, offset(key, tag) + tag->value_len - 1);
        }
    }
}

// p= without the white space that may stand anywhere in it (RFC 6376 2.10).
static char *compact(struct fdns_arena *arena, const struct dc_tag *p, size_t *len)
{
    char *out = fdns_arena_alloc(arena, p->value_len + 1);
    *len = 0;
    for (size_t i = 0; i < p->value_len; i++) {
        if (!dc_tags_is_blank(p->value[i])) {
            out[(*len)++] = p->value[i];
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

// The base64 is good up to where it ends, and what it holds says that it is longer.
static bool is_cut(struct fdns_arena *arena, const char *text, size_t len)
{
    const uint8_t *octets;
    size_t n;
    size_t bad;
    size_t whole = len / 4 * 4;
    return whole >= CUT_PROBE_MIN && dc_base64_decode(arena, text, whole, &octets, &n, &bad) &&
           dc_der_is_cut(octets, n);
}

static void decode_p(struct dc_key *key, struct fdns_arena *arena, const struct dc_tag *p)
{
    size_t len;
    size_t bad_at;
    char *text = compact(arena, p, &len);
    if (len == 0) {
        flaw(key, DC_KEY_REVOKED, offset(key, p));
        return;
    }
    bool good = dc_base64_decode(arena, text, len, &key->octets, &key->n_octets, &bad_at);
    if ((good || bad_at == len) && is_cut(arena, text, len)) {
        flaw(key, DC_KEY_CUT, offset(key, p) + p->value_len);
    } else if (!good) {
        flaw(key, DC_KEY_BASE64, offset(key, p) + uncompact(p, bad_at));
    }
}

static void judge_ed25519(struct dc_key *key, size_t at)
{
    // RFC 8463 4: the 32 octets themselves, not a SubjectPublicKeyInfo
    key->ed25519 = true;
    if (key->n_octets != ED25519_OCTETS) {
        flaw(key, DC_KEY_ALGORITHM, at);
    }
}

static void judge_rsa(struct dc_key *key, size_t at)
{
    switch (dc_container_of(key->octets, key->n_octets, &key->bits)) {
    case DC_CONTAINER_RSA:
        if (key->bits < RSA_BITS_MIN) {
            flaw(key, DC_KEY_SHORT, at);
        }
        return;
    case DC_CONTAINER_RSA_PKCS1:
        flaw(key, DC_KEY_PKCS1, at);
        return;
    case DC_CONTAINER_OTHER_KEY:
        flaw(key, DC_KEY_ALGORITHM, at);
        return;
    case DC_CONTAINER_PRIVATE:
        flaw(key, DC_KEY_PRIVATE, at);
        return;
    case DC_CONTAINER_CERTIFICATE:
        flaw(key, DC_KEY_CERTIFICATE, at);
        return;
    case DC_CONTAINER_NONE:
        flaw(key, DC_KEY_CONTENT, at);
        return;
    }
}

static void look_at_p(struct dc_key *key, struct fdns_arena *arena, const struct dc_tags *tags)
{
    const struct dc_tag *p = dc_tags_find(tags, "p");
    const struct dc_tag *k = dc_tags_find(tags, "k");
    if (p == NULL) {
        flaw(key, DC_KEY_NO_P, key->text_len);
        return;
    }
    decode_p(key, arena, p);
    if (key->flaw != DC_KEY_GOOD) {
        return;
    }
    if (k != NULL && dc_tag_is(k, "ed25519")) {
        judge_ed25519(key, offset(key, p));
    } else if (k == NULL || dc_tag_is(k, "rsa")) {
        judge_rsa(key, offset(key, p));
    } else {
        flaw(key, DC_KEY_ALGORITHM, offset(key, k));
    }
}

static void look_at_use(struct dc_key *key, const struct dc_tags *tags)
{
    const struct dc_tag *h = dc_tags_find(tags, "h");
    const struct dc_tag *s = dc_tags_find(tags, "s");
    const struct dc_tag *t = dc_tags_find(tags, "t");
    if (h != NULL && !dc_tag_lists(h, "sha256")) {
        flaw(key, DC_KEY_HASH, offset(key, h));
    }
    if (s != NULL && !dc_tag_lists(s, "email") && !dc_tag_lists(s, "*")) {
        flaw(key, DC_KEY_SERVICE, offset(key, s));
    }
    key->notes |= t != NULL && dc_tag_lists(t, "y") ? DC_KEY_TESTING : 0U;
    key->notes |= t != NULL && dc_tag_lists(t, "s") ? DC_KEY_STRICT : 0U;
    key->notes |= dc_tags_find(tags, "g") != NULL ? DC_KEY_GRANULARITY : 0U;
}

// A key without p= before it: what the base64 holds is a key of some kind, whole or cut.
static void look_at_bare_key(struct dc_key *key, struct fdns_arena *arena)
{
    struct dc_tag whole = {.value = key->text, .value_len = key->text_len};
    const uint8_t *octets;
    size_t len;
    size_t n;
    size_t bad_at;
    unsigned bits;
    char *text = compact(arena, &whole, &len);
    bool good = dc_base64_decode(arena, text, len, &octets, &n, &bad_at);
    if (is_cut(arena, text, len) ||
        (good && (n == ED25519_OCTETS || dc_container_of(octets, n, &bits) != DC_CONTAINER_NONE))) {
        flaw(key, DC_KEY_NO_P_PREFIX, 0);
    }
}

static void look_at_tags(struct dc_key *key, struct fdns_arena *arena)
{
    struct dc_tags tags;
    size_t at = 0;
    dc_tags_parse(&tags, key->text, key->text_len);
    if (tags.flaw == DC_TAGS_DUPLICATE) {
        flaw(key, DC_KEY_DUPLICATE, tags.flaw_at);
    } else if (tags.flaw != DC_TAGS_GOOD) {
        bool escaped = contains(key, "\\;", &at);
        flaw(key, escaped ? DC_KEY_BACKSLASH : DC_KEY_SYNTAX, escaped ? at : tags.flaw_at);
    } else {
        look_at_backslashes(key, &tags);
        look_at_version(key, &tags);
        look_at_p(key, arena, &tags);
        look_at_use(key, &tags);
    }
}

static bool is_base64(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
}

// The base64 that begins at *at, without blanks and quotes in it; *at moves past it.
static char *take_run(const struct dc_key *key, struct fdns_arena *arena, size_t *at, size_t *len)
{
    char *run = fdns_arena_alloc(arena, key->text_len + 4);
    *len = 0;
    for (; *at < key->text_len; (*at)++) {
        char c = key->text[*at];
        if (is_base64(c)) {
            run[(*len)++] = c;
        } else if (!dc_tags_is_blank(c) && c != '"' && c != '\\') {
            break;
        }
    }
    while (*len % 4 > 1) {
        run[(*len)++] = '='; // what padding there was has ended the run
    }
    return run;
}

// Whatever else is wrong: a private key that everybody can read is the first thing to say.
static void look_for_private_key(struct dc_key *key, struct fdns_arena *arena)
{
    enum { PRIVATE_MIN = 64 }; // shorter than any in base64
    size_t at = 0;
    if (contains(key, "PRIVATE KEY-----", &at)) {
        key->flaw = DC_KEY_PRIVATE;
        key->flaw_at = at;
        return;
    }
    for (at = 0; at < key->text_len; at++) {
        size_t begin = at;
        size_t len;
        size_t n;
        size_t bad_at;
        unsigned bits;
        const uint8_t *octets;
        const char *run = take_run(key, arena, &at, &len);
        if (len >= PRIVATE_MIN && dc_base64_decode(arena, run, len, &octets, &n, &bad_at) &&
            dc_container_of(octets, n, &bits) == DC_CONTAINER_PRIVATE) {
            key->flaw = DC_KEY_PRIVATE;
            key->flaw_at = begin;
            return;
        }
    }
}

void dc_key_parse(struct dc_key *key, struct fdns_arena *arena, const uint8_t *rdata,
                  size_t rdata_len)
{
    enum { PRIVATE_IN_OCTETS = 64 };
    *key = (struct dc_key){.flaw = DC_KEY_GOOD};
    join_strings(key, arena, rdata, rdata_len);
    look_at_text(key);
    if (key->flaw == DC_KEY_GOOD && key->bare) {
        look_at_bare_key(key, arena);
    }
    if (key->flaw == DC_KEY_GOOD) {
        look_at_tags(key, arena);
    }
    if (key->flaw != DC_KEY_GOOD && key->text_len >= PRIVATE_IN_OCTETS) {
        look_for_private_key(key, arena);
    }
}

// The lines between BEGIN and END, or all of a text without them; white space removed.
static char *unwrap(struct fdns_arena *arena, const char *text, size_t *len)
{
    const char *begin = strstr(text, "-----BEGIN");
    const char *line = begin != NULL ? strchr(begin, '\n') : text;
    line = line != NULL ? line : "";
    const char *end = strstr(line, "-----END");
    struct dc_tag body = {.value = line,
                          .value_len = end != NULL ? (size_t)(end - line) : strlen(line)};
    return compact(arena, &body, len);
}

bool dc_key_expected(struct fdns_arena *arena, const char *text, const uint8_t **octets,
                     size_t *n_octets)
{
    size_t len;
    size_t bad_at;
    char *body = unwrap(arena, text, &len);
    return len > 0 && dc_base64_decode(arena, body, len, octets, n_octets, &bad_at);
}
