// Steps: characters that no key record can have, by name; escapes of other notations; what undoing
// one step repairs; separators. The first sign that fits is the cause.
#include "harness/check/dkim/text.h"

#include "harness/check/dkim/character.h"
#include "harness/check/dkim/key_read.h"
#include "harness/check/dkim/tags.h"

#include <string.h>
#include <strings.h>

enum {
    UNDO_TEXT_MAX = 4096,  // longer texts are not put together again
    UNDO_STRINGS_MAX = 64, // the same for so many strings
    PREFIXES_MAX = 4,      // places at which a record may begin
};

static bool starts(const struct dc_key *key, size_t at, const char *part)
{
    size_t len = strlen(part);
    return at + len <= key->text_len && strncasecmp(key->text + at, part, len) == 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// The first character outside of ASCII, if it is one of this kind.
static bool find_character(const struct dc_key *key, enum dc_character_kind kind,
                           struct dc_span *place)
{
    for (size_t i = 0; i < key->text_len; i++) {
        if ((unsigned char)key->text[i] < 0x80) {
            continue;
        }
        const struct dc_character *c = dc_character_at(key->text + i, key->text_len - i);
        *place = (struct dc_span){i, c != NULL ? c->len : 1};
        return (c != NULL ? c->kind : DC_CHARACTER_OTHER) == kind;
    }
    return false;
}

static bool find_byte_order_mark(const struct dc_key *key, struct fdns_arena *arena,
                                 struct dc_span *place)
{
    (void)arena;
    return find_character(key, DC_CHARACTER_BYTE_ORDER, place) && place->at == 0;
}

static bool find_smart_quotes(const struct dc_key *key, struct fdns_arena *arena,
                              struct dc_span *place)
{
    (void)arena;
    return find_character(key, DC_CHARACTER_QUOTE, place);
}

static bool find_no_break_space(const struct dc_key *key, struct fdns_arena *arena,
                                struct dc_span *place)
{
    (void)arena;
    return find_character(key, DC_CHARACTER_SPACE, place);
}

static bool find_invisible(const struct dc_key *key, struct fdns_arena *arena,
                           struct dc_span *place)
{
    (void)arena;
    return find_character(key, DC_CHARACTER_INVISIBLE, place) ||
           find_character(key, DC_CHARACTER_BYTE_ORDER, place);
}

static bool find_not_ascii(const struct dc_key *key, struct fdns_arena *arena,
                           struct dc_span *place)
{
    (void)arena;
    return find_character(key, DC_CHARACTER_OTHER, place);
}

// A character reference of HTML, "&quot;", "&#43;" or "&#x2b;": its length, or 0.
static size_t reference_at(const struct dc_key *key, size_t at)
{
    static const char *const names[] = {"&quot;", "&amp;",  "&plus;", "&equals;", "&sol;",
                                        "&semi;", "&nbsp;", "&lt;",   "&gt;",     "&apos;"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (starts(key, at, names[i])) {
            return strlen(names[i]);
        }
    }
    if (!starts(key, at, "&#")) {
        return 0;
    }
    size_t end = at + 2 + (starts(key, at + 2, "x") ? 1 : 0);
    size_t digits = end;
    while (end < key->text_len && is_hex(key->text[end])) {
        end++;
    }
    return end > digits && starts(key, end, ";") ? end + 1 - at : 0;
}

static bool find_html(const struct dc_key *key, struct fdns_arena *arena, struct dc_span *place)
{
    (void)arena;
    for (size_t i = 0; i < key->text_len; i++) {
        size_t len = reference_at(key, i);
        if (len > 0) {
            *place = (struct dc_span){i, len};
            return true;
        }
    }
    return false;
}

// An octet of a key record as a web form sends it: %3D, or + for the blank behind a semicolon.
static size_t form_at(const struct dc_key *key, size_t at)
{
    static const char *const codes[] = {"%20", "%22", "%2B", "%2F", "%3A", "%3B", "%3D"};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (starts(key, at, codes[i])) {
            return strlen(codes[i]);
        }
    }
    return 0;
}

static bool find_url(const struct dc_key *key, struct fdns_arena *arena, struct dc_span *place)
{
    (void)arena;
    for (size_t i = 0; i < key->text_len; i++) {
        size_t len = form_at(key, i);
        bool blank = starts(key, i, ";+") && i + 3 < key->text_len && key->text[i + 3] == '=';
        if (len > 0 || blank) {
            *place = blank ? (struct dc_span){i + 1, 1} : (struct dc_span){i, len};
            return true;
        }
    }
    return false;
}

// An escape of zone files (RFC 1035 5.1) that is text now: \059 or \".
static bool find_decimal(const struct dc_key *key, struct fdns_arena *arena, struct dc_span *place)
{
    (void)arena;
    for (size_t i = 0; i + 1 < key->text_len; i++) {
        const char *c = key->text + i;
        bool code = i + 3 < key->text_len && is_digit(c[1]) && is_digit(c[2]) && is_digit(c[3]);
        if (c[0] == '\\' && (code || c[1] == '"')) {
            *place = (struct dc_span){i, code ? 4 : 2};
            return true;
        }
    }
    return false;
}

// Whether a text would be a good key.
static bool is_good(struct fdns_arena *arena, const char *text, size_t len)
{
    struct dc_key key = {.flaw = DC_KEY_GOOD, .text = text, .text_len = len};
    dc_key_read(&key, arena);
    return key.flaw == DC_KEY_GOOD;
}

// Character-strings of the rdata, first one first. 0 if they are too many.
static size_t list_strings(const struct dc_key *key, struct dc_span *strings)
{
    size_t n = 0;
    size_t at = 0;
    for (size_t i = 0; i < key->rdata_len;) {
        size_t left = key->rdata_len - i - 1;
        size_t len = key->rdata[i] <= left ? key->rdata[i] : left;
        if (n == UNDO_STRINGS_MAX) {
            return 0;
        }
        strings[n++] = (struct dc_span){at, len};
        at += len;
        i += len + 1;
    }
    return n;
}

// Joins the strings from `first` on, `step` by `step`, round the end.
static bool joined_is_good(const struct dc_key *key, struct fdns_arena *arena,
                           const struct dc_span *strings, size_t n, size_t first, size_t step)
{
    char *text = fdns_arena_alloc(arena, key->text_len + 1);
    size_t len = 0;
    for (size_t i = 0, k = first; i < n; i++, k = (k + step) % n) {
        memcpy(text + len, key->text + strings[k].at, strings[k].len);
        len += strings[k].len;
    }
    return is_good(arena, text, len);
}

// The strings backwards, or from another one on.
static bool find_reversed(const struct dc_key *key, struct fdns_arena *arena, struct dc_span *place)
{
    struct dc_span strings[UNDO_STRINGS_MAX];
    size_t n = key->text_len <= UNDO_TEXT_MAX ? list_strings(key, strings) : 0;
    if (n < 2) {
        return false;
    }
    *place = strings[0];
    if (joined_is_good(key, arena, strings, n, n - 1, n - 1)) {
        return true;
    }
    for (size_t first = 1; first < n; first++) {
        if (joined_is_good(key, arena, strings, n, first, 1)) {
            return true;
        }
    }
    return false;
}

// A blank for each plus sign: with them back it is a good key, whose length and content say so.
static bool find_plus(const struct dc_key *key, struct fdns_arena *arena, struct dc_span *place)
{
    const char *p = memmem(key->text, key->text_len, "p=", 2);
    if (p == NULL || key->text_len > UNDO_TEXT_MAX) {
        return false;
    }
    size_t at = (size_t)(p - key->text) + 2;
    const char *end = memchr(p, ';', key->text_len - at + 2);
    size_t stop = end != NULL ? (size_t)(end - key->text) : key->text_len;
    char *text = fdns_arena_alloc(arena, key->text_len + 1);
    memcpy(text, key->text, key->text_len);
    for (size_t i = at; i < stop; i++) {
        text[i] = text[i] == ' ' ? '+' : text[i];
    }
    const char *blank = memchr(key->text + at, ' ', stop - at);
    if (blank == NULL || !is_good(arena, text, key->text_len)) {
        return false;
    }
    *place = (struct dc_span){(size_t)(blank - key->text), 1};
    return true;
}

// Ends of a line of a zone file behind the value: quotes, a bracket.
static size_t without_end(const struct dc_key *key)
{
    size_t len = key->text_len;
    while (len > 0 && dc_tags_is_one_of(key->text[len - 1], "\"') \t\r\n")) {
        len--;
    }
    return len;
}

// Words of a zone file's line before the record.
static bool is_zone_line(const struct dc_key *key, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bool begins = i == 0 || dc_tags_is_blank(key->text[i - 1]);
        if (starts(key, i, "._domainkey") || (begins && key->text[i] == '(') ||
            (begins && i + 3 < len && (starts(key, i, "TXT ") || starts(key, i, "TXT\t")))) {
            return true;
        }
    }
    return false;
}

// Something stands before the record: the rest is a good one, or the words are those of a zone
// file.
static bool find_prefix(const struct dc_key *key, struct fdns_arena *arena, struct dc_span *place)
{
    static const char *const begins[] = {"v=DKIM1", "k=rsa", "p=MI"};
    size_t end = without_end(key);
    size_t n_tried = 0;
    for (size_t i = 1; i < key->text_len && n_tried < PREFIXES_MAX; i++) {
        for (size_t k = 0; k < sizeof begins / sizeof begins[0]; k++) {
            if (!starts(key, i, begins[k]) || memchr(key->text, ';', i) != NULL) {
                continue;
            }
            n_tried++;
            if (is_zone_line(key, i) || is_good(arena, key->text + i, end > i ? end - i : 0)) {
                *place = (struct dc_span){0, i};
                return true;
            }
        }
    }
    return false;
}

// A quote where none may stand: what the flaw is about.
static bool find_quotes_mid(const struct dc_key *key, struct fdns_arena *arena,
                            struct dc_span *place)
{
    (void)arena;
    size_t at = key->place.at;
    if (at >= key->text_len || key->text[at] != '"') {
        return false;
    }
    size_t end = at + 1;
    while (end < key->text_len && (key->text[end] == '"' || dc_tags_is_blank(key->text[end]))) {
        end++;
    }
    *place = (struct dc_span){at, end - at};
    return true;
}

// In a zone file an unquoted semicolon begins a comment: the text is the first tag and no more.
static bool find_comment(const struct dc_key *key, struct fdns_arena *arena, struct dc_span *place)
{
    (void)arena;
    *place = (struct dc_span){key->text_len, 0};
    return key->flaw == DC_KEY_NO_P && memchr(key->text, ';', key->text_len) == NULL &&
           (starts(key, 0, "v=") || starts(key, 0, "k="));
}

// One of a key record's tags begins here: "k=".
static bool is_tag(const struct dc_key *key, size_t at)
{
    return at + 2 < key->text_len && memchr("vkpthsng", key->text[at], 8) != NULL &&
           key->text[at + 1] == '=' && key->text[at + 2] != '=';
}

// Where what stands between two tags begins.
static size_t separator_start(const struct dc_key *key, size_t at)
{
    while (at > 0 && dc_tags_is_one_of(key->text[at - 1], " \t\r\n,:|/&")) {
        at--;
    }
    return at;
}

// A tag begins in the value of another one, behind something else than a semicolon.
static bool find_separator(const struct dc_key *key, struct fdns_arena *arena,
                           struct dc_span *place)
{
    (void)arena;
    bool in_tag = false; // the part since the last semicolon begins as a tag does
    bool blank = true;   // so far there is nothing in it
    for (size_t i = 0; i < key->text_len; i++) {
        size_t begin = i;
        if (key->text[i] == ';') {
            blank = true;
        } else if (blank && !dc_tags_is_blank(key->text[i])) {
            in_tag = is_tag(key, i);
            blank = false;
        } else if (!blank && in_tag && is_tag(key, i)) {
            begin = separator_start(key, i);
        }
        if (begin < i) {
            *place = (struct dc_span){begin, i - begin};
            return true;
        }
    }
    return false;
}

static const struct sign {
    enum dc_key_flaw flaw;
    bool (*find)(const struct dc_key *key, struct fdns_arena *arena, struct dc_span *place);
} signs[] = {
    {DC_KEY_BYTE_ORDER_MARK, find_byte_order_mark},
    {DC_KEY_SMART_QUOTES, find_smart_quotes},
    {DC_KEY_NO_BREAK_SPACE, find_no_break_space},
    {DC_KEY_INVISIBLE, find_invisible},
    {DC_KEY_NOT_ASCII, find_not_ascii},
    {DC_KEY_HTML, find_html},
    {DC_KEY_URL, find_url},
    {DC_KEY_DECIMAL, find_decimal},
    {DC_KEY_REVERSED, find_reversed},
    {DC_KEY_SEPARATOR, find_separator},
    {DC_KEY_PREFIX, find_prefix},
    {DC_KEY_QUOTES_MID, find_quotes_mid},
    {DC_KEY_COMMENT, find_comment},
    {DC_KEY_PLUS, find_plus},
};

// Flaws that say all there is to say.
static const bool is_final[DC_KEY_N_FLAWS] = {
    [DC_KEY_GOOD] = true,        [DC_KEY_EMPTY] = true,   [DC_KEY_OTHER] = true,
    [DC_KEY_QUOTES] = true,      [DC_KEY_ARMOUR] = true,  [DC_KEY_BACKSLASH] = true,
    [DC_KEY_FOLDED] = true,      [DC_KEY_REVOKED] = true, [DC_KEY_PRIVATE] = true,
    [DC_KEY_CERTIFICATE] = true, [DC_KEY_PKCS1] = true,   [DC_KEY_ED25519_SPKI] = true,
    [DC_KEY_SHORT] = true,
};

void dc_text_look(struct dc_key *key, struct fdns_arena *arena)
{
    for (size_t i = 0; i < sizeof signs / sizeof signs[0] && !is_final[key->flaw]; i++) {
        struct dc_span place = {0, 0};
        if (signs[i].find(key, arena, &place)) {
            key->flaw = signs[i].flaw;
            key->place = place;
        }
        if (key->flaw == signs[i].flaw) {
            return;
        }
    }
}

const char *dc_text_octets(struct fdns_arena *arena, const struct dc_key *key, struct dc_span place)
{
    enum { SHOWN_MAX = 4 };
    const char *text = "";
    size_t n = place.at < key->text_len ? key->text_len - place.at : 0;
    n = n < place.len ? n : place.len;
    for (size_t i = 0; i < n && i < SHOWN_MAX; i++) {
        text = fdns_arena_format(arena, "%s%s0x%02X", text, i > 0 ? " " : "",
                                 (unsigned char)key->text[place.at + i]);
    }
    if (n == 0 || n > SHOWN_MAX) {
        return NULL;
    }
    const struct dc_character *c = dc_character_at(key->text + place.at, n);
    return c != NULL && c->len == n ? fdns_arena_format(arena, "%s, %s", text, c->name) : text;
}
