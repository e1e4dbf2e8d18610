#include "fakedns/base/suggest.h"
#include "fakedns/yaml/schema.h"
#include "fakedns/yaml/schema_scalar.h"
#include "fakedns/yaml/schema_type.h"

#include <string.h>

enum { MOST_MISTAKES = 1000 }; // no more are kept as diagnostics

struct check {
    struct fdns_arena arena; // for the message in the making
    const struct fdns_source *source;
    struct fdns_diags *diags;
    size_t n_mistakes;
};

// What a value is the value of, for messages.
struct owner {
    const char *key; // NULL: the whole file
    bool is_item;    // an item of that key's list
};

static void check_node(struct check *check, const struct fdns_schema_type *type,
                       const struct fdns_node *node, struct owner owner);

__attribute__((format(printf, 3, 4))) static void
mistake(struct check *check, const struct fdns_node *node, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *message = fdns_arena_vformat(&check->arena, format, args);
    va_end(args);
    fdns_diag(check->diags, FDNS_ERROR, check->source, node->line, node->column, "%s", message);
    fdns_arena_reset(&check->arena);
    check->n_mistakes++;
}

static const char *describe_owner(struct check *check, struct owner owner)
{
    if (owner.key == NULL) {
        return owner.is_item ? "an item" : "this file";
    }
    return fdns_arena_format(&check->arena, owner.is_item ? "an item of \"%.60s\"" : "\"%.60s\"",
                             owner.key);
}

static const char *describe_node(const struct fdns_node *node)
{
    switch (node->kind) {
    case FDNS_LIST:
        return "a list";
    case FDNS_MAP:
        return "a mapping";
    case FDNS_SCALAR:
        break;
    }
    return node->plain && node->len == 0 ? "nothing" : "a text";
}

// "a duration", "an address", "an RR type".
static const char *with_article(struct check *check, const char *name)
{
    bool spelled = name[0] >= 'A' && name[0] <= 'Z' && name[1] >= 'A' && name[1] <= 'Z';
    bool vowel = name[0] != '\0' && strchr(spelled ? "AEFHILMNORSX" : "aeioAEIO", name[0]) != NULL;
    return fdns_arena_format(&check->arena, "%s %s", vowel ? "an" : "a", name);
}

static const char *describe_type(struct check *check, const struct fdns_schema_type *type)
{
    switch (type->kind) {
    case FDNS_SCHEMA_LIST:
        return "a list";
    case FDNS_SCHEMA_MAP:
    case FDNS_SCHEMA_RECORD:
        return "a mapping";
    case FDNS_SCHEMA_TEXT:
    case FDNS_SCHEMA_WORD:
    case FDNS_SCHEMA_INTEGER:
    case FDNS_SCHEMA_DURATION:
    case FDNS_SCHEMA_BOOLEAN:
        return with_article(check, fdns_schema_name(type));
    case FDNS_SCHEMA_EITHER:
        break;
    }
    const char *all = type->n_choices > 0 ? describe_type(check, type->choices[0]) : "nothing";
    for (size_t i = 1; i < type->n_choices; i++) {
        all =
            fdns_arena_format(&check->arena, "%s%s%s", all, i + 1 < type->n_choices ? ", " : " or ",
                              describe_type(check, type->choices[i]));
    }
    return all;
}

static void check_list(struct check *check, const struct fdns_schema_type *type,
                       const struct fdns_node *node, struct owner owner)
{
    bool too_many = type->max != 0 && node->n_items > (uint64_t)type->max;
    if (too_many || node->n_items < (uint64_t)type->min) {
        int64_t limit = too_many ? type->max : type->min;
        mistake(check, node, "%s wants at %s %lld item%s, here %s %zu",
                describe_owner(check, owner), too_many ? "most" : "least", (long long)limit,
                limit == 1 ? "" : "s", node->n_items == 1 ? "is" : "are", node->n_items);
    }
    for (size_t i = 0; i < node->n_items; i++) {
        check_node(check, type->item, node->items[i], (struct owner){owner.key, true});
    }
}

static void check_map(struct check *check, const struct fdns_schema_type *type,
                      const struct fdns_node *node)
{
    for (size_t i = 0; i < node->n_pairs && check->n_mistakes < MOST_MISTAKES; i++) {
        const struct fdns_node *key = node->pairs[i].key;
        const char *problem =
            type->key != NULL ? fdns_schema_scalar_problem(&check->arena, type->key, key) : NULL;
        if (problem != NULL) {
            mistake(check, key, "%s", problem);
        }
        check_node(check, type->item, node->pairs[i].value, (struct owner){.key = key->text});
    }
}

static const struct fdns_schema_key *find_key(const struct fdns_schema_type *record,
                                              const char *name)
{
    for (size_t i = 0; i < record->n_keys; i++) {
        if (strcmp(fdns_schema_key_at(record, i)->name, name) == 0) {
            return fdns_schema_key_at(record, i);
        }
    }
    return NULL;
}

static void refuse_key(struct check *check, const struct fdns_schema_type *record,
                       const struct fdns_node *key)
{
    const char **names = fdns_arena_array(&check->arena, record->n_keys, sizeof *names);
    for (size_t i = 0; i < record->n_keys; i++) {
        names[i] = fdns_schema_key_at(record, i)->name;
    }
    const char *near = fdns_suggest(key->text, names, record->n_keys);
    if (near != NULL) {
        mistake(check, key, "unknown key \"%.60s\" (did you mean \"%s\"?)", key->text, near);
    } else {
        mistake(check, key, "unknown key \"%.60s\"", key->text);
    }
}

static void check_record(struct check *check, const struct fdns_schema_type *type,
                         const struct fdns_node *node)
{
    for (size_t i = 0; i < type->n_keys; i++) {
        const struct fdns_schema_key *key = fdns_schema_key_at(type, i);
        if (key->required && fdns_node_find(node, key->name) == NULL) {
            mistake(check, node, "\"%s\" is required here", key->name);
        }
    }
    for (size_t i = 0; i < node->n_pairs && check->n_mistakes < MOST_MISTAKES; i++) {
        const struct fdns_pair *pair = &node->pairs[i];
        const struct fdns_schema_key *key = find_key(type, pair->key->text);
        if (key != NULL) {
            check_node(check, key->type, pair->value, (struct owner){.key = key->name});
        } else {
            refuse_key(check, type, pair->key);
        }
    }
}

static void check_scalar(struct check *check, const struct fdns_schema_type *type,
                         const struct fdns_node *node)
{
    const char *problem = fdns_schema_scalar_problem(&check->arena, type, node);
    if (problem != NULL) {
        mistake(check, node, "%s", problem);
    }
}

static void check_either(struct check *check, const struct fdns_schema_type *type,
                         const struct fdns_node *node, struct owner owner)
{
    for (size_t i = 0; i < type->n_choices; i++) {
        if (fdns_schema_fits(type->choices[i], node->kind)) {
            check_node(check, type->choices[i], node, owner);
            return;
        }
    }
}

// A key with nothing after it. Only "" says that an empty text is meant.
static bool is_nothing(const struct fdns_node *node)
{
    return node->kind == FDNS_SCALAR && node->plain && node->len == 0;
}

static void check_node(struct check *check, const struct fdns_schema_type *type,
                       const struct fdns_node *node, struct owner owner)
{
    if (check->n_mistakes >= MOST_MISTAKES) {
        return;
    }
    if (is_nothing(node) || !fdns_schema_fits(type, node->kind)) {
        mistake(check, node, "%s wants %s, not %s", describe_owner(check, owner),
                describe_type(check, type), describe_node(node));
        return;
    }
    if (node->kind == FDNS_SCALAR) {
        check_scalar(check, type, node);
        return;
    }
    switch (type->kind) {
    case FDNS_SCHEMA_LIST:
        check_list(check, type, node, owner);
        break;
    case FDNS_SCHEMA_MAP:
        check_map(check, type, node);
        break;
    case FDNS_SCHEMA_RECORD:
        check_record(check, type, node);
        break;
    case FDNS_SCHEMA_EITHER:
        check_either(check, type, node, owner);
        break;
    case FDNS_SCHEMA_TEXT:
    case FDNS_SCHEMA_WORD:
    case FDNS_SCHEMA_INTEGER:
    case FDNS_SCHEMA_DURATION:
    case FDNS_SCHEMA_BOOLEAN:
        break; // fits only a scalar
    }
}

bool fdns_schema_check(const struct fdns_schema_type *type, const struct fdns_node *node,
                       const struct fdns_source *source, struct fdns_diags *diags)
{
    struct check check = {.source = source, .diags = diags};
    fdns_arena_init(&check.arena, 0);
    check_node(&check, type, node, (struct owner){0});
    fdns_arena_clear(&check.arena);
    return check.n_mistakes == 0;
}
