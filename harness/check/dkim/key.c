// Steps, in this order: join the strings; what is no tag-list at all and can be named; the
// tag-list; v=; p= and what it holds (key_material.c); whether receivers may use it for email. What
// cannot be read is then asked what happened to it (text.c), and whether it is a secret
// (key_private.c).
#include "harness/check/dkim/key.h"

#include "harness/check/dkim/key_read.h"
#include "harness/check/dkim/text.h"

#include <string.h>
#include <strings.h>

enum { FOLDED_MIN = 40 };

static bool contains(const struct dc_key *key, const char *part, size_t *at)
{
    const char *found = memmem(key->text, key->text_len, part, strlen(part));
    if (found != NULL) {
        *at = (size_t)(found - key->text);
    }
    return found != NULL;
}

void dc_key_flaw(struct dc_key *key, enum dc_key_flaw flaw, struct dc_span place)
{
    if (key->flaw == DC_KEY_GOOD) {
        key->flaw = flaw;
        key->place = place;
    }
}

static size_t index_of_note(enum dc_key_note note)
{
    size_t n = 0;
    for (unsigned bits = note; bits > 1; bits >>= 1) {
        n++;
    }
    return n;
}

// The first place counts.
void dc_key_add_note(struct dc_key *key, enum dc_key_note note, size_t at, size_t len)
{
    if ((key->notes & note) == 0) {
        key->notes |= note;
        key->note_spans[index_of_note(note)] = (struct dc_span){at, len};
    }
}

struct dc_span dc_key_note_span(const struct dc_key *key, enum dc_key_note note)
{
    return key->note_spans[index_of_note(note)];
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
        if (!letter && !digit && !dc_tags_is_one_of(text[i], "+/= \t\r\n")) {
            return false;
        }
    }
    return true;
}

// The record of something else, told by its first tag (RFC 7208 4.5, RFC 7489 6.3, RFC 8461 3.1,
// RFC 8460 3).
static size_t other_record(const struct dc_key *key)
{
    static const char *const begins[] = {"v=spf1", "v=DMARC1", "v=STSv1", "v=TLSRPTv1", "v=BIMI1"};
    for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++) {
        size_t len = strlen(begins[i]);
        if (key->text_len >= len && strncasecmp(key->text, begins[i], len) == 0) {
            return len;
        }
    }
    return 0;
}

// The dashes of a BEGIN or END line and what is between them.
static bool armour(const struct dc_key *key, struct dc_span *place)
{
    static const char *const begins[] = {"-----BEGIN", "-----END", "BEGIN PUBLIC KEY",
                                         "BEGIN RSA PUBLIC KEY"};
    size_t at = 0;
    for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++) {
        if (contains(key, begins[i], &at)) {
            size_t end = at + strlen(begins[i]);
            const char *dashes = memmem(key->text + end, key->text_len - end, "-----", 5);
            end = dashes != NULL ? (size_t)(dashes - key->text) + 5 : end;
            *place = (struct dc_span){at, end - at};
            return true;
        }
    }
    return false;
}

static void look_at_line_ends(struct dc_key *key)
{
    for (size_t i = 0; i < key->text_len; i++) {
        if (key->text[i] == '\n' || key->text[i] == '\r') {
            bool both = i + 1 < key->text_len && key->text[i] == '\r' && key->text[i + 1] == '\n';
            dc_key_add_note(key, DC_KEY_LINE_ENDS, i, both ? 2 : 1);
            return;
        }
    }
}

// What can be told without reading tags.
static void look_at_text(struct dc_key *key)
{
    enum { BARE_KEY_MIN = 40 }; // shorter than any key
    struct dc_span place = {0, other_record(key)};
    if (key->text_len == 0) {
        dc_key_flaw(key, DC_KEY_EMPTY, (struct dc_span){0, 0});
    } else if (place.len > 0) {
        dc_key_flaw(key, DC_KEY_OTHER, place);
    } else if (key->text[0] == '"' || key->text[0] == '\'') {
        dc_key_flaw(key, DC_KEY_QUOTES, (struct dc_span){0, 1});
    } else if (armour(key, &place)) {
        dc_key_flaw(key, DC_KEY_ARMOUR, place);
    }
    key->bare = key->text_len >= BARE_KEY_MIN && all_base64(key->text, key->text_len) &&
                memchr(key->text, '=', key->text_len - 2) == NULL;
    look_at_line_ends(key);
}

// No capital, or no small letter, in so many letters of base64 is no chance; hexadecimal has none
// either.
static bool is_folded(const struct dc_tag *p, size_t len_min, char first, char last)
{
    bool beyond_hex = false;
    char shift = first == 'A' ? 'a' - 'A' : 'A' - 'a';
    for (size_t i = 0; i < p->value_len; i++) {
        char c = p->value[i];
        if (c >= first && c <= last) {
            return false;
        }
        c = (char)(c - shift);
        beyond_hex = beyond_hex || (c > first + 5 && c <= last);
    }
    return p->value_len >= len_min && beyond_hex;
}

static bool is_lower(const struct dc_tag *p, size_t len_min)
{
    return is_folded(p, len_min, 'A', 'Z');
}

static bool is_upper(const struct dc_tag *p, size_t len_min)
{
    return is_folded(p, len_min, 'a', 'z');
}

struct dc_span dc_key_value_span(const struct dc_key *key, const struct dc_tag *tag)
{
    return (struct dc_span){(size_t)(tag->value - key->text), tag->value_len};
}

struct dc_span dc_key_name_span(const struct dc_key *key, const struct dc_tag *tag)
{
    return (struct dc_span){(size_t)(tag->name - key->text), tag->name_len};
}

static void look_at_version(struct dc_key *key, const struct dc_tags *tags)
{
    const struct dc_tag *v = dc_tags_find(tags, "v");
    const struct dc_tag *p = dc_tags_find(tags, "p");
    const struct dc_tag *capital_p = dc_tags_find(tags, "P");
    bool folded_version = v != NULL && dc_tag_is(v, "dkim1");
    if (p != NULL && is_lower(p, folded_version ? 1 : FOLDED_MIN) &&
        (v == NULL || folded_version)) {
        dc_key_flaw(key, DC_KEY_FOLDED, dc_key_value_span(key, v != NULL ? v : p));
    } else if (p == NULL && capital_p != NULL && is_upper(capital_p, FOLDED_MIN)) {
        dc_key_flaw(key, DC_KEY_FOLDED, dc_key_value_span(key, capital_p));
    }
    if (v == NULL) {
        return; // default DKIM1
    }
    if (!dc_tag_is(v, "DKIM1")) {
        dc_key_flaw(key, DC_KEY_VERSION, dc_key_value_span(key, v));
    } else if (v != &tags->tags[0]) {
        dc_key_add_note(key, DC_KEY_VERSION_LATE, dc_key_name_span(key, v).at, 1);
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
            dc_key_flaw(key, DC_KEY_BACKSLASH,
                        (struct dc_span){dc_key_value_span(key, tag).at + tag->value_len - 1, 1});
        }
    }
}

// Names of tags tell capitals from small letters, so V= is a tag that nobody knows.
static void look_at_names(struct dc_key *key, const struct dc_tags *tags)
{
    for (size_t i = 0; i < tags->n_tags; i++) {
        const struct dc_tag *tag = &tags->tags[i];
        if (tag->name_len == 1 && dc_tags_is_one_of(tag->name[0], "VKHSTN")) {
            dc_key_add_note(key, DC_KEY_NAME_CASE, dc_key_name_span(key, tag).at, 1);
        }
    }
}

static void note_flag(struct dc_key *key, const struct dc_tag *t, const char *flag,
                      enum dc_key_note note)
{
    if (t != NULL && dc_tag_lists(t, flag)) {
        dc_key_add_note(key, note, dc_key_value_span(key, t).at, t->value_len);
    }
}

static void look_at_use(struct dc_key *key, const struct dc_tags *tags)
{
    const struct dc_tag *h = dc_tags_find(tags, "h");
    const struct dc_tag *s = dc_tags_find(tags, "s");
    const struct dc_tag *g = dc_tags_find(tags, "g");
    if (h != NULL && !dc_tag_lists(h, "sha256")) {
        dc_key_flaw(key, DC_KEY_HASH, dc_key_value_span(key, h));
    }
    if (s != NULL && !dc_tag_lists(s, "email") && !dc_tag_lists(s, "*")) {
        dc_key_flaw(key, DC_KEY_SERVICE, dc_key_value_span(key, s));
    }
    note_flag(key, dc_tags_find(tags, "t"), "y", DC_KEY_TESTING);
    note_flag(key, dc_tags_find(tags, "t"), "s", DC_KEY_STRICT);
    if (g != NULL) {
        dc_key_add_note(key, DC_KEY_GRANULARITY, dc_key_name_span(key, g).at, g->name_len);
    }
}

// A key without p= before it, in all of the text or in the part that is no tag.
static void look_at_bare_key(struct dc_key *key, struct fdns_arena *arena, size_t at)
{
    const char *part = key->text + at;
    const char *semicolon = memchr(part, ';', key->text_len - at);
    size_t len = semicolon != NULL ? (size_t)(semicolon - part) : key->text_len - at;
    size_t n;
    struct dc_span place = {at, len};
    if (len > 2 && part[0] == 'p' && (part[1] == ':' || part[1] == ' ')) {
        part += 2; // "=" got lost
        len -= 2;
    }
    const char *text = dc_key_compact(arena, part, len, &n);
    if (dc_key_is_there(arena, text, n)) {
        dc_key_flaw(key, DC_KEY_NO_P_PREFIX, place);
    }
}

static void look_at_broken_list(struct dc_key *key, struct fdns_arena *arena,
                                const struct dc_tags *tags)
{
    size_t at = 0;
    if (contains(key, "\\;", &at)) {
        dc_key_flaw(key, DC_KEY_BACKSLASH, (struct dc_span){at, 1});
    } else if (tags->flaw != DC_TAGS_OCTET && dc_tags_find(tags, "p") == NULL) {
        look_at_bare_key(key, arena, tags->flaw_at);
    }
    dc_key_flaw(key, DC_KEY_SYNTAX, (struct dc_span){tags->flaw_at, tags->flaw_len});
}

static void look_at_tags(struct dc_key *key, struct fdns_arena *arena)
{
    struct dc_tags tags;
    dc_tags_parse(&tags, key->text, key->text_len);
    if (tags.flaw == DC_TAGS_DUPLICATE) {
        dc_key_flaw(key, DC_KEY_DUPLICATE, (struct dc_span){tags.flaw_at, tags.flaw_len});
    } else if (tags.flaw != DC_TAGS_GOOD) {
        look_at_broken_list(key, arena, &tags);
    } else {
        look_at_backslashes(key, &tags);
        look_at_version(key, &tags);
        dc_key_look_at_p(key, arena, &tags);
        look_at_use(key, &tags);
        look_at_names(key, &tags);
    }
}

void dc_key_read(struct dc_key *key, struct fdns_arena *arena)
{
    look_at_text(key);
    if (key->flaw == DC_KEY_GOOD && key->bare) {
        look_at_bare_key(key, arena, 0);
    }
    if (key->flaw == DC_KEY_GOOD) {
        look_at_tags(key, arena);
    }
}

void dc_key_parse(struct dc_key *key, struct fdns_arena *arena, const uint8_t *rdata,
                  size_t rdata_len)
{
    enum { PRIVATE_IN_OCTETS = 64 };
    *key = (struct dc_key){.flaw = DC_KEY_GOOD, .rdata = rdata, .rdata_len = rdata_len};
    join_strings(key, arena, rdata, rdata_len);
    dc_key_read(key, arena);
    if (key->flaw != DC_KEY_GOOD) {
        dc_text_look(key, arena);
    }
    if (key->flaw != DC_KEY_GOOD && key->text_len >= PRIVATE_IN_OCTETS) {
        dc_key_find_private(key, arena);
    }
}
