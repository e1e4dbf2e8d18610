// Effects on text records (TXT and SPF): what DNS panels and providers do to them.
//
// A text is its strings. What changes octets changes them string by string; then the whole text is
// cut or split anew. No string is ever longer than 255 octets: a longer one is split there.
#include "fakedns/world/effect.h"
#include "fakedns/world/letters.h"
#include "fakedns/world/state.h"

#include <string.h>

enum { STRING_MAX = 255, TEXT_MAX = 65535 };

struct string {
    uint8_t *octets;
    size_t len;
};

struct text {
    struct fdns_arena *arena;
    struct string *items;
    size_t n_items;
};

enum empty { AS_IS, FIRST, LAST, NONE };
static const char *const empty_words[] = {"keep", "first", "last", "none"};

struct txt {
    struct fdns_selection selection;
    const char *lose;   // octets that vanish
    const char *escape; // octets that get a backslash before them
    bool url_decode, ascii, quote;
    enum fdns_letters letters;
    const char *insert;
    size_t insert_at;
    bool has_truncate;
    size_t truncate, split;
    enum empty empty;
};

// --- schema

static const struct fdns_schema_type letters_of_text = {.kind = FDNS_SCHEMA_TEXT,
                                                        .name = "characters"};
static const struct fdns_schema_type position = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "octets", .min = 0, .max = TEXT_MAX};
static const struct fdns_schema_type string_len = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "octets", .min = 1, .max = STRING_MAX};
static const struct fdns_schema_type empty_type = {.kind = FDNS_SCHEMA_WORD,
                                                   .name = "place of an empty string",
                                                   .words = empty_words,
                                                   .n_words = 4};
static const struct fdns_schema_key insert_keys[] = {
    {.name = "text",
     .type = &letters_of_text,
     .required = true,
     .doc = "What is put in.",
     .example = "\" \""},
    {.name = "at",
     .type = &position,
     .required = true,
     .doc = "Behind so many octets of the whole text, or at its end.",
     .example = "100"},
};
static const struct fdns_schema_type insert = {.kind = FDNS_SCHEMA_RECORD,
                                               .name = "insert",
                                               .doc = "Something that a text has in it besides.",
                                               .keys = insert_keys,
                                               .n_keys = 2};
static const struct fdns_schema_key keys[] = {
    {.name = "url-decode",
     .type = &fdns_type_boolean,
     .doc = "As a web form that decodes once too often: `+` is a blank and `%2B` a plus sign.",
     .example = "yes"},
    {.name = "lose",
     .type = &letters_of_text,
     .doc = "These characters are lost.",
     .example = "\"+/=\""},
    {.name = "case", .type = &fdns_type_letters, .doc = "All letters.", .example = "lower"},
    {.name = "ascii",
     .type = &fdns_type_boolean,
     .doc = "Octets above 127 are question marks.",
     .example = "yes"},
    {.name = "escape",
     .type = &letters_of_text,
     .doc = "These characters have a backslash before them, which is part of the text.",
     .example = "\";\""},
    {.name = "insert",
     .type = &insert,
     .doc = "Something is in the text besides, a blank or a line end.",
     .example = "{ text: \"\\n\", at: 64 }"},
    {.name = "truncate",
     .type = &position,
     .doc = "The whole text has at most so many octets.",
     .example = "255"},
    {.name = "quote",
     .type = &fdns_type_boolean,
     .doc = "Quotation marks around the whole text are part of it.",
     .example = "yes"},
    {.name = "split",
     .type = &string_len,
     .doc = "Strings of so many octets, whatever they were; 255 joins them as far as they can be.",
     .example = "100"},
    {.name = "empty",
     .type = &empty_type,
     .doc = "An empty string stands `first` or `last`; `none` takes empty ones out.",
     .example = "last"},
    FDNS_SELECTION_ROWS("the answer section"),
};
const struct fdns_schema_type fdns_type_txt = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "txt",
    .doc = "What happens to the text of TXT records, in the order of this table.",
    .keys = keys,
    .n_keys = sizeof(keys) / sizeof(keys[0])};

// --- reading

static bool yes(const struct fdns_node *node, const char *key)
{
    const struct fdns_node *value = fdns_node_find(node, key);
    return value != NULL && fdns_node_boolean(value);
}

static size_t number(const struct fdns_node *node, const char *key)
{
    const struct fdns_node *value = fdns_node_find(node, key);
    return value != NULL ? (size_t)fdns_node_integer(value) : 0;
}

static const char *copy_text(struct fdns_rule_reading *reading, const struct fdns_node *node,
                             const char *key)
{
    const char *text = fdns_node_text(node, key);
    return text != NULL ? fdns_arena_string(&reading->world->arena, text) : NULL;
}

const void *fdns_read_txt(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct txt *txt = fdns_arena_alloc(&reading->world->arena, sizeof(*txt));
    const struct fdns_node *inserted = fdns_node_find(node, "insert");
    *txt = (struct txt){
        .selection = fdns_selection_read(reading, node, false),
        .lose = copy_text(reading, node, "lose"),
        .escape = copy_text(reading, node, "escape"),
        .url_decode = yes(node, "url-decode"),
        .ascii = yes(node, "ascii"),
        .quote = yes(node, "quote"),
        .letters = fdns_letters_of(fdns_node_text(node, "case")),
        .insert = copy_text(reading, inserted, "text"),
        .insert_at = number(inserted, "at"),
        .has_truncate = fdns_node_find(node, "truncate") != NULL,
        .truncate = number(node, "truncate"),
        .split = number(node, "split"),
        .empty = (enum empty)fdns_word_index(&empty_type, fdns_node_text(node, "empty")),
    };
    return txt;
}

// --- strings

static void add_string(struct text *text, uint8_t *octets, size_t len)
{
    text->items[text->n_items++] = (struct string){octets, len};
}

// False if the rdata is no text.
static bool take_apart(struct text *text, const struct fdns_rdata *rdata)
{
    text->items = fdns_arena_array(text->arena, rdata->len, sizeof(*text->items));
    for (size_t at = 0; at < rdata->len; at += rdata->octets[at] + 1U) {
        size_t len = rdata->octets[at];
        if (at + 1 + len > rdata->len) {
            return false;
        }
        add_string(text, fdns_arena_copy(text->arena, rdata->octets + at + 1, len), len);
    }
    return text->n_items > 0;
}

static size_t len_of(const struct text *text)
{
    size_t len = 0;
    for (size_t i = 0; i < text->n_items; i++) {
        len += text->items[i].len;
    }
    return len;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

static void url_decode(struct string *string)
{
    size_t kept = 0;
    uint8_t *octets = string->octets;
    for (size_t i = 0; i < string->len; i++) {
        bool escaped = octets[i] == '%' && i + 2 < string->len && hex_digit(octets[i + 1]) >= 0 &&
                       hex_digit(octets[i + 2]) >= 0;
        if (escaped) {
            octets[kept++] = (uint8_t)(hex_digit(octets[i + 1]) << 4 | hex_digit(octets[i + 2]));
            i += 2;
        } else {
            octets[kept++] = octets[i] == '+' ? ' ' : octets[i];
        }
    }
    string->len = kept;
}

static void lose(struct string *string, const char *lost)
{
    size_t kept = 0;
    for (size_t i = 0; i < string->len; i++) {
        if (string->octets[i] == 0 || strchr(lost, string->octets[i]) == NULL) {
            string->octets[kept++] = string->octets[i];
        }
    }
    string->len = kept;
}

static void to_ascii(struct string *string)
{
    for (size_t i = 0; i < string->len; i++) {
        string->octets[i] = string->octets[i] > 127 ? '?' : string->octets[i];
    }
}

static void escape(struct fdns_arena *arena, struct string *string, const char *escaped)
{
    uint8_t *octets = fdns_arena_alloc(arena, 2 * string->len);
    size_t len = 0;
    for (size_t i = 0; i < string->len; i++) {
        if (string->octets[i] != 0 && strchr(escaped, string->octets[i]) != NULL) {
            octets[len++] = '\\';
        }
        octets[len++] = string->octets[i];
    }
    *string = (struct string){octets, len};
}

// Puts len octets into a string at an offset.
static void put_into(struct fdns_arena *arena, struct string *string, size_t at, const char *put,
                     size_t len)
{
    uint8_t *octets = fdns_arena_alloc(arena, string->len + len);
    if (at > 0) {
        memcpy(octets, string->octets, at);
    }
    memcpy(octets + at, put, len);
    if (string->len > at) {
        memcpy(octets + at + len, string->octets + at, string->len - at);
    }
    *string = (struct string){octets, string->len + len};
}

static void insert_at(struct text *text, size_t at, const char *put)
{
    size_t last = text->n_items - 1, i = 0;
    for (; i < last && at > text->items[i].len; i++) {
        at -= text->items[i].len;
    }
    at = at < text->items[i].len ? at : text->items[i].len;
    put_into(text->arena, &text->items[i], at, put, strlen(put));
}

// What is beyond goes, with the strings that were only there.
static void truncate_at(struct text *text, size_t most)
{
    for (size_t i = 0; i < text->n_items; i++) {
        if (text->items[i].len >= most) {
            text->items[i].len = most;
            text->n_items = i + 1;
            return;
        }
        most -= text->items[i].len;
    }
}

// One string of everything; it is cut up when the rdata is made.
static void join(struct text *text)
{
    size_t len = 0;
    uint8_t *octets = fdns_arena_alloc(text->arena, len_of(text));
    for (size_t i = 0; i < text->n_items; i++) {
        if (text->items[i].len > 0) {
            memcpy(octets + len, text->items[i].octets, text->items[i].len);
        }
        len += text->items[i].len;
    }
    text->items[0] = (struct string){octets, len};
    text->n_items = 1;
}

static void drop_empty(struct text *text)
{
    size_t kept = 0;
    for (size_t i = 0; i < text->n_items; i++) {
        if (text->items[i].len > 0) {
            text->items[kept++] = text->items[i];
        }
    }
    text->n_items = kept;
}

// --- the whole

static void change_octets(const struct txt *txt, struct text *text, struct fdns_random *random)
{
    for (size_t i = 0; i < text->n_items; i++) {
        struct string *string = &text->items[i];
        if (txt->url_decode) {
            url_decode(string);
        }
        if (txt->lose != NULL) {
            lose(string, txt->lose);
        }
        fdns_change_letters(string->octets, string->len, txt->letters, random);
        if (txt->ascii) {
            to_ascii(string);
        }
        if (txt->escape != NULL) {
            escape(text->arena, string, txt->escape);
        }
    }
}

static void change_whole(const struct txt *txt, struct text *text)
{
    if (txt->insert != NULL) {
        insert_at(text, txt->insert_at, txt->insert);
    }
    if (txt->has_truncate) {
        truncate_at(text, txt->truncate);
    }
    if (txt->quote) {
        put_into(text->arena, &text->items[0], 0, "\"", 1);
        insert_at(text, TEXT_MAX, "\"");
    }
    if (txt->split > 0) {
        join(text);
    }
    if (txt->empty == NONE) {
        drop_empty(text);
    }
}

struct octets {
    uint8_t *data;
    size_t len;
};

static void write_string(struct octets *out, const uint8_t *octets, size_t len)
{
    out->data[out->len++] = (uint8_t)len;
    if (len > 0) {
        memcpy(out->data + out->len, octets, len);
    }
    out->len += len;
}

static void write_strings(struct octets *out, const struct string *string, size_t most)
{
    size_t at = 0;
    do {
        size_t len = string->len - at < most ? string->len - at : most;
        write_string(out, string->octets + at, len);
        at += len;
    } while (at < string->len);
}

// A text that does not fit into a record stays as it was.
static void put_together(const struct txt *txt, const struct text *text, struct fdns_rdata *rdata)
{
    size_t most = txt->split > 0 ? txt->split : STRING_MAX;
    struct octets out = {0};
    out.data = fdns_arena_alloc(text->arena, 2 * len_of(text) + text->n_items + 2);
    if (txt->empty == FIRST) {
        write_string(&out, NULL, 0);
    }
    for (size_t i = 0; i < text->n_items; i++) {
        write_strings(&out, &text->items[i], most);
    }
    if (txt->empty == LAST) {
        write_string(&out, NULL, 0);
    }
    if (out.len <= TEXT_MAX) {
        *rdata = (struct fdns_rdata){out.data, (uint16_t)out.len};
    }
}

void fdns_edit_txt(const void *value, const struct fdns_exchange *exchange,
                   struct fdns_reply *reply)
{
    const struct txt *txt = value;
    struct fdns_random *random = fdns_world_state_random(exchange->state, exchange->rule);
    struct fdns_selected selected = fdns_selected(&txt->selection, reply);
    for (struct fdns_rrset *rrset; (rrset = fdns_selected_next(&selected)) != NULL;) {
        if (rrset->type != FDNS_TYPE_TXT && rrset->type != FDNS_TYPE_SPF) {
            continue;
        }
        struct fdns_rdata *rdatas = fdns_own_rdatas(reply, rrset);
        for (size_t i = 0; i < rrset->n_rdatas; i++) {
            struct text text = {.arena = reply->arena};
            if (take_apart(&text, &rdatas[i])) {
                change_octets(txt, &text, random);
                change_whole(txt, &text);
                put_together(txt, &text, &rdatas[i]);
            }
        }
    }
}
