// Effects on text records (TXT and SPF): what DNS panels and providers do to them.
//
// A text is its strings. What changes octets changes them string by string; then the whole text is
// cut or split anew. No string is ever longer than 255 octets: a longer one is split there.
#include "fakedns/world/effect.h"
#include "fakedns/world/letters.h"
#include "fakedns/world/state.h"
#include "fakedns/world/text_strings.h"

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
    .kind = FDNS_SCHEMA_INTEGER, .name = "octets", .min = 0, .max = FDNS_TEXT_MAX};
static const struct fdns_schema_type string_len = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "octets", .min = 1, .max = FDNS_STRING_MAX};
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

// --- the whole

static void change_octets(const struct txt *txt, struct fdns_strings *strings,
                          struct fdns_random *random)
{
    for (size_t i = 0; i < strings->n_items; i++) {
        struct fdns_string *string = &strings->items[i];
        if (txt->url_decode) {
            fdns_string_url_decode(string);
        }
        if (txt->lose != NULL) {
            fdns_string_lose(string, txt->lose);
        }
        fdns_change_letters(string->octets, string->len, txt->letters, random);
        if (txt->ascii) {
            fdns_string_to_ascii(string);
        }
        if (txt->escape != NULL) {
            fdns_string_escape(strings->arena, string, txt->escape);
        }
    }
}

static void change_whole(const struct txt *txt, struct fdns_strings *strings)
{
    if (txt->insert != NULL) {
        fdns_strings_insert(strings, txt->insert_at, txt->insert);
    }
    if (txt->has_truncate) {
        fdns_strings_truncate(strings, txt->truncate);
    }
    if (txt->quote) {
        fdns_strings_insert(strings, 0, "\"");
        fdns_strings_insert(strings, FDNS_TEXT_MAX, "\"");
    }
    if (txt->split > 0) {
        fdns_strings_join(strings);
    }
    if (txt->empty == NONE) {
        fdns_strings_drop_empty(strings);
    }
}

static void change(const struct txt *txt, struct fdns_arena *arena, struct fdns_random *random,
                   struct fdns_rdata *rdata)
{
    struct fdns_strings strings = {.arena = arena};
    if (!fdns_strings_read(&strings, rdata)) {
        return;
    }
    change_octets(txt, &strings, random);
    change_whole(txt, &strings);
    fdns_strings_write(&strings, txt->split > 0 ? txt->split : FDNS_STRING_MAX, txt->empty == FIRST,
                       txt->empty == LAST, rdata);
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
            change(txt, reply->arena, random, &rdatas[i]);
        }
    }
}
