#include "fakedns/yaml/schema_type.h"

#include "fakedns/base/fatal.h"

const struct fdns_schema_type fdns_type_text = {.kind = FDNS_SCHEMA_TEXT, .name = "text"};

const struct fdns_schema_type fdns_type_duration = {.kind = FDNS_SCHEMA_DURATION,
                                                    .name = "duration"};

const struct fdns_schema_type fdns_type_boolean = {.kind = FDNS_SCHEMA_BOOLEAN, .name = "boolean"};

const struct fdns_schema_type fdns_type_text_list = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of texts", .item = &fdns_type_text};

const struct fdns_schema_key *fdns_schema_key_at(const struct fdns_schema_type *record, size_t i)
{
    size_t stride = record->stride != 0 ? record->stride : sizeof(struct fdns_schema_key);
    return (const struct fdns_schema_key *)(const void *)((const char *)record->keys + i * stride);
}

bool fdns_schema_fits(const struct fdns_schema_type *type, enum fdns_node_kind kind)
{
    switch (type->kind) {
    case FDNS_SCHEMA_TEXT:
    case FDNS_SCHEMA_WORD:
    case FDNS_SCHEMA_INTEGER:
    case FDNS_SCHEMA_DURATION:
    case FDNS_SCHEMA_BOOLEAN:
        return kind == FDNS_SCALAR;
    case FDNS_SCHEMA_LIST:
        return kind == FDNS_LIST;
    case FDNS_SCHEMA_MAP:
    case FDNS_SCHEMA_RECORD:
        return kind == FDNS_MAP;
    case FDNS_SCHEMA_EITHER:
        for (size_t i = 0; i < type->n_choices; i++) {
            if (fdns_schema_fits(type->choices[i], kind)) {
                return true;
            }
        }
        return false;
    }
    return false;
}

const char *fdns_schema_name(const struct fdns_schema_type *type)
{
    static const char *const names[] = {
        [FDNS_SCHEMA_TEXT] = "text",       [FDNS_SCHEMA_WORD] = "word",
        [FDNS_SCHEMA_INTEGER] = "integer", [FDNS_SCHEMA_DURATION] = "duration",
        [FDNS_SCHEMA_BOOLEAN] = "boolean", [FDNS_SCHEMA_LIST] = "list",
        [FDNS_SCHEMA_MAP] = "mapping",     [FDNS_SCHEMA_RECORD] = "mapping",
        [FDNS_SCHEMA_EITHER] = "value",
    };
    return type->name != NULL ? type->name : names[type->kind];
}

struct walk {
    struct fdns_arena *arena;
    const struct fdns_schema_type **sections;
    size_t n_sections;
    size_t capacity;
};

enum { DEEPEST = 100 }; // types inside types without a RECORD between them

static bool is_known(const struct walk *walk, const struct fdns_schema_type *type)
{
    for (size_t i = 0; i < walk->n_sections; i++) {
        if (walk->sections[i] == type) {
            return true;
        }
    }
    return false;
}

static void visit(struct walk *walk, const struct fdns_schema_type *type, unsigned depth)
{
    if (type == NULL || is_known(walk, type)) {
        return;
    }
    if (depth > DEEPEST) {
        fdns_fatal("schema type \"%s\" contains itself without a record between",
                   fdns_schema_name(type));
    }
    if (type->kind == FDNS_SCHEMA_RECORD || type->doc != NULL) {
        walk->sections = fdns_arena_grow(walk->arena, walk->sections, walk->n_sections,
                                         walk->n_sections + 1, sizeof(void *), &walk->capacity);
        walk->sections[walk->n_sections++] = type;
        depth = 0;
    }
    visit(walk, type->key, depth + 1);
    visit(walk, type->item, depth + 1);
    for (size_t i = 0; i < type->n_choices; i++) {
        visit(walk, type->choices[i], depth + 1);
    }
    for (size_t i = 0; i < type->n_keys; i++) {
        visit(walk, fdns_schema_key_at(type, i)->type, depth + 1);
    }
}

const struct fdns_schema_type **fdns_schema_sections(struct fdns_arena *arena,
                                                     const struct fdns_schema_type *type,
                                                     size_t *n_sections)
{
    struct walk walk = {.arena = arena};
    visit(&walk, type, 0);
    *n_sections = walk.n_sections;
    return walk.sections;
}
