#include "harness/check/message/signature.h"

#include "fakedns/wire/name.h"
#include "harness/check/dkim/base64.h"
#include "harness/check/dkim/tags.h"

#include <string.h>
#include <strings.h>

enum { HASH_OCTETS = 32, DIGITS_MAX = 18 };

struct reading {
    struct dc_signature *signature;
    struct fdns_arena *arena;
    struct dc_tags tags;
};

static void flaw(struct reading *reading, enum dc_signature_flaw what, const char *why)
{
    if (reading->signature->flaw == DC_SIGNATURE_GOOD) {
        reading->signature->flaw = what;
        reading->signature->why = why;
    }
}

static const struct dc_tag *find(const struct reading *reading, const char *name)
{
    return dc_tags_find(&reading->tags, name);
}

// The tag's value as a string that is short enough to show; NULL if there is no such tag.
static const char *text_of(struct reading *reading, const char *name)
{
    enum { SHOWN_MAX = 1024 };
    const struct dc_tag *tag = find(reading, name);
    return tag == NULL
               ? NULL
               : fdns_arena_string_n(reading->arena, tag->value,
                                     tag->value_len < SHOWN_MAX ? tag->value_len : SHOWN_MAX);
}

static void check_list(struct reading *reading)
{
    static const char *const whys[] = {
        [DC_TAGS_NAME] = "a tag without a name, or with one that no tag may have",
        [DC_TAGS_NO_VALUE] = "a tag without \"=\"",
        [DC_TAGS_OCTET] = "an octet that no value may hold",
        [DC_TAGS_DUPLICATE] = "the same tag twice",
        [DC_TAGS_TOO_MANY] = "more than 32 tags",
    };
    if (reading->tags.flaw != DC_TAGS_GOOD) {
        flaw(reading, DC_SIGNATURE_MALFORMED,
             fdns_arena_format(reading->arena, "its tag list has %s (octet %zu of the value)",
                               whys[reading->tags.flaw], reading->tags.flaw_at + 1));
    }
}

static void check_required(struct reading *reading)
{
    static const char *const names[] = {"v", "a", "b", "bh", "d", "h", "s"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (find(reading, names[i]) == NULL) {
            flaw(reading, DC_SIGNATURE_MALFORMED,
                 fdns_arena_format(reading->arena, "it has no %s=", names[i]));
        }
    }
}

static void wrong(struct reading *reading, const char *name, const char *what)
{
    flaw(reading, DC_SIGNATURE_MALFORMED, fdns_arena_format(reading->arena, "%s= %s", name, what));
}

static void read_version(struct reading *reading)
{
    const struct dc_tag *v = find(reading, "v");
    if (v != NULL && !dc_tag_is(v, "1")) {
        flaw(reading, DC_SIGNATURE_UNSUPPORTED, "v= is not 1");
    }
}

// Letters, digits, "-", "_" and dots that make a domain name.
static bool is_domain(const char *text)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789-_.";
    uint8_t name[FDNS_NAME_MAX];
    size_t len = strlen(text);
    return len > 0 && strspn(text, allowed) == len && text[len - 1] != '.' &&
           fdns_name_parse(text, NULL, name) == FDNS_OK;
}

static void read_names(struct reading *reading)
{
    struct dc_signature *signature = reading->signature;
    signature->domain = text_of(reading, "d");
    signature->selector = text_of(reading, "s");
    if (signature->domain != NULL && !is_domain(signature->domain)) {
        wrong(reading, "d", "is no domain name");
    }
    if (signature->selector != NULL && !is_domain(signature->selector)) {
        wrong(reading, "s", "is no selector");
    }
}

static void read_algorithm(struct reading *reading)
{
    struct dc_signature *signature = reading->signature;
    signature->algorithm = text_of(reading, "a");
    if (signature->algorithm == NULL) {
        return;
    }
    if (strcmp(signature->algorithm, "rsa-sha1") == 0) {
        flaw(reading, DC_SIGNATURE_SHA1, "a=rsa-sha1 must not be used any more");
    } else if (strcmp(signature->algorithm, "ed25519-sha256") == 0) {
        signature->ed25519 = true;
    } else if (strcmp(signature->algorithm, "rsa-sha256") != 0) {
        flaw(reading, DC_SIGNATURE_UNSUPPORTED, "a= names no algorithm that is known");
    }
}

static bool read_form(const char *text, size_t len, bool *relaxed)
{
    *relaxed = len == 7 && memcmp(text, "relaxed", len) == 0;
    return *relaxed || (len == 6 && memcmp(text, "simple", len) == 0);
}

static void read_canonicalization(struct reading *reading)
{
    struct dc_signature *signature = reading->signature;
    const char *text = text_of(reading, "c");
    if (text == NULL) {
        signature->canonicalization = "simple/simple";
        return;
    }
    const char *slash = strchr(text, '/');
    size_t header_len = slash != NULL ? (size_t)(slash - text) : strlen(text);
    const char *body = slash != NULL ? slash + 1 : "simple";
    signature->canonicalization =
        slash != NULL ? text : fdns_arena_format(reading->arena, "%s/simple", text);
    if (!read_form(text, header_len, &signature->header_relaxed) ||
        !read_form(body, strlen(body), &signature->body_relaxed)) {
        wrong(reading, "c", "names no canonicalization that is known");
    }
}

static void read_header_names(struct reading *reading)
{
    const struct dc_tag *h = find(reading, "h");
    struct dc_signature *signature = reading->signature;
    const char *name;
    size_t len;
    bool from = false;
    if (h == NULL) {
        return;
    }
    signature->names = h->value;
    signature->names_len = h->value_len;
    for (size_t at = 0; dc_signature_next_name(signature, &at, &name, &len);) {
        if (len == 0) {
            wrong(reading, "h", "has an empty name in it");
        }
        from = from || (len == 4 && strncasecmp(name, "from", len) == 0);
    }
    if (!from) {
        flaw(reading, DC_SIGNATURE_FROM, "h= does not name From");
    }
}

static void read_query(struct reading *reading)
{
    const struct dc_tag *q = find(reading, "q");
    if (q != NULL && !dc_tag_lists(q, "dns/txt") && !dc_tag_lists(q, "dns")) {
        flaw(reading, DC_SIGNATURE_UNSUPPORTED, "q= does not name dns/txt");
    }
}

// Digits only; more than 18 of them are as good as 18 nines.
static bool read_number(struct reading *reading, const char *name, int64_t *number)
{
    const struct dc_tag *tag = find(reading, name);
    if (tag == NULL) {
        return false;
    }
    *number = 0;
    for (size_t i = 0; i < tag->value_len; i++) {
        if (tag->value[i] < '0' || tag->value[i] > '9') {
            wrong(reading, name, "is no number");
            return false;
        }
        *number =
            i < DIGITS_MAX ? *number * 10 + (tag->value[i] - '0') : INT64_C(999999999999999999);
    }
    if (tag->value_len == 0) {
        wrong(reading, name, "is empty");
    }
    return tag->value_len > 0;
}

static void read_numbers(struct reading *reading)
{
    struct dc_signature *signature = reading->signature;
    int64_t length = 0;
    signature->has_length = read_number(reading, "l", &length);
    signature->length = (uint64_t)length;
    signature->has_time = read_number(reading, "t", &signature->time_s);
    signature->has_expiry = read_number(reading, "x", &signature->expiry_s);
    if (signature->has_time && signature->has_expiry && signature->expiry_s <= signature->time_s) {
        wrong(reading, "x", "is not later than t=");
    }
}

static const char *identity_domain(const struct dc_signature *signature)
{
    const char *at = strrchr(signature->identity, '@');
    return at != NULL ? at + 1 : NULL;
}

static bool relate(const char *a, const char *b, bool (*relation)(const uint8_t *, const uint8_t *))
{
    uint8_t left[FDNS_NAME_MAX];
    uint8_t right[FDNS_NAME_MAX];
    return is_domain(a) && is_domain(b) && fdns_name_parse(a, NULL, left) == FDNS_OK &&
           fdns_name_parse(b, NULL, right) == FDNS_OK && relation(left, right);
}

static void read_identity(struct reading *reading)
{
    struct dc_signature *signature = reading->signature;
    signature->identity = text_of(reading, "i");
    if (signature->domain == NULL) {
        return;
    }
    if (signature->identity == NULL) {
        signature->identity = fdns_arena_format(reading->arena, "@%s", signature->domain);
        return;
    }
    const char *domain = identity_domain(signature);
    if (domain == NULL) {
        wrong(reading, "i", "has no @");
    } else if (!relate(domain, signature->domain, fdns_name_at_or_below)) {
        flaw(reading, DC_SIGNATURE_IDENTITY, "the domain of i= is neither d= nor below it");
    }
}

static bool decode(struct reading *reading, const char *name, const uint8_t **octets, size_t *n)
{
    const struct dc_tag *tag = find(reading, name);
    size_t bad_at;
    size_t len = 0;
    if (tag == NULL) {
        return false;
    }
    char *text = fdns_arena_alloc(reading->arena, tag->value_len + 1);
    for (size_t i = 0; i < tag->value_len; i++) {
        if (!dc_tags_is_blank(tag->value[i])) {
            text[len++] = tag->value[i];
        }
    }
    if (len == 0) {
        wrong(reading, name, "is empty");
        return false;
    }
    bool good = dc_base64_decode(reading->arena, text, len, octets, n, &bad_at);
    if (!good) {
        wrong(reading, name, "is not base64");
    }
    return good;
}

static void read_hashes(struct reading *reading)
{
    struct dc_signature *signature = reading->signature;
    size_t n_body_hash;
    decode(reading, "b", &signature->value, &signature->n_value);
    if (decode(reading, "bh", &signature->body_hash, &n_body_hash) && n_body_hash != HASH_OCTETS &&
        signature->flaw != DC_SIGNATURE_SHA1) {
        wrong(reading, "bh", "is not as long as a SHA-256 hash");
    }
}

// Everything between the "=" of b= and the ";" or the end of the field (3.7).
static void find_erased(struct reading *reading)
{
    struct dc_signature *signature = reading->signature;
    const struct dc_field *field = signature->field;
    const struct dc_tag *b = find(reading, "b");
    if (b == NULL) {
        return;
    }
    const char *end = field->text + field->len;
    const char *from = memchr(b->name, '=', (size_t)(end - b->name));
    const char *semicolon = memchr(from, ';', (size_t)(end - from));
    signature->erase_at = (size_t)(from + 1 - field->text);
    signature->n_erase = (size_t)((semicolon != NULL ? semicolon : end) - (from + 1));
}

void dc_signature_parse(struct dc_signature *signature, struct fdns_arena *arena,
                        const struct dc_field *field)
{
    *signature = (struct dc_signature){.field = field};
    struct reading reading = {.signature = signature, .arena = arena};
    dc_tags_parse(&reading.tags, field->value, field->value_len);
    check_list(&reading);
    read_version(&reading);
    check_required(&reading);
    read_names(&reading);
    read_algorithm(&reading);
    read_canonicalization(&reading);
    read_query(&reading);
    read_numbers(&reading);
    read_hashes(&reading);
    read_header_names(&reading);
    read_identity(&reading);
    find_erased(&reading);
}

bool dc_signature_next_name(const struct dc_signature *signature, size_t *at, const char **name,
                            size_t *len)
{
    if (*at > signature->names_len || signature->names == NULL) {
        return false;
    }
    *name = signature->names + *at;
    const char *colon = memchr(*name, ':', signature->names_len - *at);
    *len = colon != NULL ? (size_t)(colon - *name) : signature->names_len - *at;
    *at += *len + 1;
    while (*len > 0 && dc_tags_is_blank((*name)[0])) {
        (*name)++;
        (*len)--;
    }
    while (*len > 0 && dc_tags_is_blank((*name)[*len - 1])) {
        (*len)--;
    }
    return true;
}

bool dc_signature_identity_is_domain(const struct dc_signature *signature)
{
    const char *domain = identity_domain(signature);
    return domain != NULL && relate(domain, signature->domain, fdns_name_equal);
}
