// A schema type as JSON Schema, draft 2020-12, for editors. They read YAML 1.2, where NO is a text
// and 5 a number, so a type here allows every form in which an editor may see its scalars.
#include "fakedns/base/fatal.h"
#include "fakedns/yaml/scalar.h"
#include "fakedns/yaml/schema.h"
#include "fakedns/yaml/schema_type.h"

#include <ctype.h>
#include <jansson.h>
#include <string.h>

struct print {
    struct fdns_arena *arena;
    const struct fdns_schema_type **sections; // each has an entry in $defs
    const char **names;                       // and this is its key there
    size_t n_sections;
};

static json_t *type_json(const struct print *print, const struct fdns_schema_type *type);

static void put(json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0) {
        fdns_fatal("JSON Schema: \"%s\" is no UTF-8, or out of memory", key);
    }
}

static void append(json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0) {
        fdns_fatal("JSON Schema: a text is no UTF-8, or out of memory");
    }
}

// {"type": [a, b, …]} of the names, separated by blanks.
static json_t *of_types(struct fdns_arena *arena, const char *names)
{
    json_t *object = json_object();
    json_t *array = json_array();
    char *rest = fdns_arena_string(arena, names);
    for (char *name = strtok_r(rest, " ", &rest); name != NULL; name = strtok_r(NULL, " ", &rest)) {
        append(array, json_string(name));
    }
    put(object, "type", array);
    return object;
}

// A word, and the number or truth value that an editor takes it for.
static void append_word(json_t *array, const char *word)
{
    int64_t number;
    append(array, json_string(word));
    if (strcmp(word, "true") == 0 || strcmp(word, "false") == 0) {
        append(array, json_boolean(word[0] == 't'));
    } else if (fdns_scalar_integer(word, &number) == FDNS_OK) {
        append(array, json_integer(number));
    }
}

static json_t *enum_json(const char *const *words, size_t n_words)
{
    json_t *object = json_object();
    json_t *array = json_array();
    for (size_t i = 0; i < n_words; i++) {
        append_word(array, words[i]);
    }
    put(object, "enum", array);
    return object;
}

// Matches any of the words in upper and lower case.
static const char *folded_pattern(struct fdns_arena *arena, const struct fdns_schema_type *type)
{
    struct fdns_buf buf;
    fdns_buf_init(&buf, SIZE_MAX);
    fdns_buf_string(&buf, "^(");
    for (size_t i = 0; i < type->n_words; i++) {
        fdns_buf_string(&buf, i == 0 ? "" : "|");
        for (const char *p = type->words[i]; *p != '\0'; p++) {
            if (isalpha((unsigned char)*p)) {
                fdns_buf_format(&buf, "[%c%c]", toupper((unsigned char)*p),
                                tolower((unsigned char)*p));
            } else {
                fdns_buf_format(&buf, strchr(".*+?()[]{}|^$\\/", *p) != NULL ? "\\%c" : "%c", *p);
            }
        }
    }
    fdns_buf_string(&buf, ")$");
    const char *pattern = fdns_arena_string(arena, fdns_buf_text(&buf));
    fdns_buf_clear(&buf);
    return pattern;
}

static json_t *pattern_json(struct fdns_arena *arena, const char *types, const char *pattern)
{
    json_t *object = of_types(arena, types);
    put(object, "pattern", json_string(pattern));
    return object;
}

static json_t *any_of(json_t *first, json_t *second)
{
    json_t *object = json_object();
    json_t *array = json_array();
    append(array, first);
    append(array, second);
    put(object, "anyOf", array);
    return object;
}

static json_t *word_json(const struct print *print, const struct fdns_schema_type *type)
{
    json_t *words = enum_json(type->words, type->n_words);
    if (!type->fold_case) {
        return words;
    }
    return any_of(words, pattern_json(print->arena, "string", folded_pattern(print->arena, type)));
}

static json_t *integer_json(const struct fdns_schema_type *type)
{
    json_t *object = json_object();
    put(object, "type", json_string("integer"));
    if (type->min != 0 || type->max != 0) {
        put(object, "minimum", json_integer(type->min));
        put(object, "maximum", json_integer(type->max));
    }
    return object;
}

static json_t *list_json(const struct print *print, const struct fdns_schema_type *type)
{
    json_t *object = json_object();
    put(object, "type", json_string("array"));
    put(object, "items", type_json(print, type->item));
    if (type->min != 0) {
        put(object, "minItems", json_integer(type->min));
    }
    if (type->max != 0) {
        put(object, "maxItems", json_integer(type->max));
    }
    return object;
}

static json_t *map_json(const struct print *print, const struct fdns_schema_type *type)
{
    json_t *object = json_object();
    put(object, "type", json_string("object"));
    if (type->key != NULL) {
        put(object, "propertyNames", type_json(print, type->key));
    }
    put(object, "additionalProperties", type_json(print, type->item));
    return object;
}

static json_t *key_json(const struct print *print, const struct fdns_schema_key *key)
{
    json_t *object = type_json(print, key->type);
    const char *doc = key->doc != NULL ? key->doc : "";
    const char *blank = key->doc != NULL && key->example != NULL ? "\n\n" : "";
    if (key->example != NULL) {
        doc = fdns_arena_format(print->arena, "%s%sExample: %s: %s", doc, blank, key->name,
                                key->example);
    }
    if (*doc != '\0') {
        put(object, "description", json_string(doc));
    }
    return object;
}

static json_t *record_json(const struct print *print, const struct fdns_schema_type *type)
{
    json_t *object = json_object();
    json_t *properties = json_object();
    json_t *required = json_array();
    for (size_t i = 0; i < type->n_keys; i++) {
        const struct fdns_schema_key *key = fdns_schema_key_at(type, i);
        put(properties, key->name, key_json(print, key));
        if (key->required) {
            append(required, json_string(key->name));
        }
    }
    put(object, "type", json_string("object"));
    put(object, "properties", properties);
    if (json_array_size(required) != 0) {
        put(object, "required", required);
    } else {
        json_decref(required);
    }
    put(object, "additionalProperties", json_false());
    return object;
}

static json_t *either_json(const struct print *print, const struct fdns_schema_type *type)
{
    json_t *object = json_object();
    json_t *array = json_array();
    for (size_t i = 0; i < type->n_choices; i++) {
        append(array, type_json(print, type->choices[i]));
    }
    put(object, "anyOf", array);
    return object;
}

// The type itself, even if it has an entry in $defs.
static json_t *body_json(const struct print *print, const struct fdns_schema_type *type)
{
    switch (type->kind) {
    case FDNS_SCHEMA_TEXT:
        return type->pattern != NULL
                   ? pattern_json(print->arena, "string number boolean", type->pattern)
                   : of_types(print->arena, "string number boolean");
    case FDNS_SCHEMA_WORD:
        return word_json(print, type);
    case FDNS_SCHEMA_INTEGER:
        return integer_json(type);
    case FDNS_SCHEMA_DURATION:
        return any_of(pattern_json(print->arena, "string",
                                   "^(0|(?=[0-9])([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?"
                                   "([0-9]+ms)?([0-9]+us)?)$"),
                      json_pack("{s:i}", "const", 0));
    case FDNS_SCHEMA_BOOLEAN:
        return enum_json(fdns_scalar_booleans,
                         sizeof fdns_scalar_booleans / sizeof fdns_scalar_booleans[0]);
    case FDNS_SCHEMA_LIST:
        return list_json(print, type);
    case FDNS_SCHEMA_MAP:
        return map_json(print, type);
    case FDNS_SCHEMA_RECORD:
        return record_json(print, type);
    case FDNS_SCHEMA_EITHER:
        return either_json(print, type);
    }
    return json_object();
}

static json_t *type_json(const struct print *print, const struct fdns_schema_type *type)
{
    for (size_t i = 0; i < print->n_sections; i++) {
        if (print->sections[i] == type) {
            json_t *object = json_object();
            put(object, "$ref",
                json_string(fdns_arena_format(print->arena, "#/$defs/%s", print->names[i])));
            return object;
        }
    }
    return body_json(print, type);
}

// A name as it can stand in a JSON pointer in a URI: letters, digits and hyphens.
static const char *slug(struct fdns_arena *arena, const char *name)
{
    char *text = fdns_arena_string(arena, name);
    for (char *p = text; *p != '\0'; p++) {
        *p = isalnum((unsigned char)*p) ? *p : '-';
    }
    return text;
}

// Names for $defs; two types of one name are told apart by a number.
static void choose_names(struct print *print)
{
    print->names = fdns_arena_array(print->arena, print->n_sections, sizeof *print->names);
    for (size_t i = 0; i < print->n_sections; i++) {
        const char *name = slug(print->arena, fdns_schema_name(print->sections[i]));
        size_t n_same = 0;
        for (size_t j = 0; j < i; j++) {
            const char *other = slug(print->arena, fdns_schema_name(print->sections[j]));
            n_same += strcmp(name, other) == 0 ? 1 : 0;
        }
        print->names[i] =
            n_same > 0 ? fdns_arena_format(print->arena, "%s-%zu", name, n_same + 1) : name;
    }
}

static int append_text(const char *text, size_t len, void *out)
{
    fdns_buf_append(out, text, len);
    return 0;
}

void fdns_schema_print_json(const struct fdns_schema_type *type, const char *id, const char *title,
                            struct fdns_buf *out)
{
    struct fdns_arena arena;
    fdns_arena_init(&arena, 0);
    struct print print = {.arena = &arena};
    print.sections = fdns_schema_sections(&arena, type, &print.n_sections);
    choose_names(&print);
    json_t *root = json_object();
    put(root, "$schema", json_string("https://json-schema.org/draft/2020-12/schema"));
    put(root, "$id", json_string(id));
    put(root, "title", json_string(title));
    json_t *start = type_json(&print, type);
    json_object_update(root, start);
    json_decref(start);
    json_t *defs = json_object();
    for (size_t i = 0; i < print.n_sections; i++) {
        json_t *body = body_json(&print, print.sections[i]);
        if (print.sections[i]->doc != NULL) {
            put(body, "description", json_string(print.sections[i]->doc));
        }
        put(defs, print.names[i], body);
    }
    put(root, "$defs", defs);
    json_dump_callback(root, append_text, out, JSON_INDENT(2));
    fdns_buf_u8(out, '\n');
    json_decref(root);
    fdns_arena_clear(&arena);
}
