// Schema tables: what a YAML file may say, as const data.
//
// One table does four things: it checks a node tree (unknown keys with "did you mean", wrong types,
// missing keys, bad words and values, all reported in one go), prints the JSON Schema that editors
// use, and prints the reference page. Reading the checked tree is then plain code that cannot fail.
#pragma once

#include "fakedns/base/buf.h"
#include "fakedns/yaml/node.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fdns_schema_kind {
    FDNS_SCHEMA_TEXT,     // any scalar; `check` may narrow it
    FDNS_SCHEMA_WORD,     // one of `words`
    FDNS_SCHEMA_INTEGER,  // min..max, decimal (both 0: any)
    FDNS_SCHEMA_DURATION, // 90s, 71h59m (base/duration.h)
    FDNS_SCHEMA_BOOLEAN,  // yes no true false on off
    FDNS_SCHEMA_LIST,     // of `item`
    FDNS_SCHEMA_MAP,      // any keys (checked by `key`, a TEXT, if given) to `item`
    FDNS_SCHEMA_RECORD,   // the keys of `keys`
    FDNS_SCHEMA_EITHER, // the first of `choices` whose node kind fits; scalars: first that accepts
};

struct fdns_schema_type {
    enum fdns_schema_kind kind;
    const char *name; // as printed in messages and in the reference: "duration", "RR type"
    const char *doc;  // for a type that has a section of its own in the reference, else NULL
    const char *const *words; // WORD; case matters unless fold_case
    size_t n_words;
    bool fold_case;
    int64_t min, max; // INTEGER; LIST: number of items (max 0: no limit)
    const struct fdns_schema_type *item;
    const struct fdns_schema_type *key;
    const struct fdns_schema_type *const *choices;
    size_t n_choices;
    // RECORD: rows that begin with a struct fdns_schema_key, `stride` octets apart (0: the size of
    // a key). So a table of matchers or effects is its own schema.
    const void *keys;
    size_t n_keys;
    size_t stride;
    const char *pattern; // TEXT: regular expression for the JSON Schema, or NULL
    // TEXT: NULL if the text is fine, else what is wrong with it, in arena or static.
    const char *(*check)(struct fdns_arena *arena, const char *text, size_t len);
};

struct fdns_schema_key {
    const char *name;
    const struct fdns_schema_type *type;
    bool required;
    const char *doc;     // one or two sentences, no Markdown beyond `code`
    const char *example; // YAML of a value, or NULL
};

extern const struct fdns_schema_type fdns_type_text;
extern const struct fdns_schema_type fdns_type_duration;
extern const struct fdns_schema_type fdns_type_boolean;
extern const struct fdns_schema_type fdns_type_text_list; // a list of texts

// Checks node against type; every mistake becomes a diagnostic at its place. True if there was
// none.
bool fdns_schema_check(const struct fdns_schema_type *type, const struct fdns_node *node,
                       const struct fdns_source *source, struct fdns_diags *diags);

// Keys of a RECORD, in table order.
const struct fdns_schema_key *fdns_schema_key_at(const struct fdns_schema_type *record, size_t i);

// JSON Schema (draft 2020-12) of a type, indented, ending in a newline.
void fdns_schema_print_json(const struct fdns_schema_type *type, const char *id, const char *title,
                            struct fdns_buf *out);

// Reference in Markdown: a section for every RECORD that the type leads to, itself first, with its
// doc and a table of keys (key, type, meaning, example), and one for every other type with a doc.
void fdns_schema_print_reference(const struct fdns_schema_type *type, struct fdns_buf *out);
