// libyaml's events become nodes here. One loop with a stack of its own, so that neither depth nor
// size of the input reaches the program's stack:
//
//   1. refuse what is too large or has line ends that libyaml and people count differently;
//   2. take events; each node that begins goes into the list or map on top of the stack;
//   3. note every mistake at its place; stop at the first that leaves the rest without a meaning
//      (a syntax error, too deep, too many, a second document).
#include "fakedns/base/fatal.h"
#include "fakedns/yaml/keyset.h"
#include "fakedns/yaml/literal.h"
#include "fakedns/yaml/node.h"
#include "fakedns/yaml/place.h"

#include <string.h>
#include <yaml.h>

enum { DEEPEST = 32, MOST_NODES = 100000, MOST_MISTAKES = 1000 };

// A list or map that is not finished.
struct level {
    struct fdns_node *node;
    size_t capacity;             // of its items or pairs
    bool has_key;                // a map's next node is a value
    const struct fdns_node *key; // NULL if that key was refused
};

struct parse {
    struct fdns_arena *arena;
    const struct fdns_source *source;
    struct fdns_diags *diags;
    yaml_parser_t yaml;
    struct fdns_place place;
    struct fdns_keyset keys;
    struct level levels[DEEPEST];
    size_t depth;
    size_t n_nodes;
    unsigned n_documents;
    const struct fdns_node *root;
    size_t n_mistakes;
    bool stopped;
};

__attribute__((format(printf, 4, 5))) static void mistake(struct parse *parse, unsigned line,
                                                          unsigned column, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *message = fdns_arena_vformat(parse->arena, format, args);
    va_end(args);
    fdns_diag(parse->diags, FDNS_ERROR, parse->source, line, column, "%s", message);
    if (++parse->n_mistakes == MOST_MISTAKES) {
        parse->stopped = true;
    }
}

static void mistake_at(struct parse *parse, const struct fdns_place *place, const char *message)
{
    mistake(parse, place->line, fdns_place_column(place), "%s", message);
}

static bool has_odd_line_end(struct parse *parse)
{
    size_t offset;
    if (!fdns_place_find_odd_line_end(parse->source->text, parse->source->len, &offset)) {
        return false;
    }
    fdns_place_go_octet(&parse->place, offset);
    mistake_at(parse, &parse->place, "lines end with LF or CRLF, not with this character");
    return true;
}

// What libyaml says about the text, in the words it has.
static void report_syntax(struct parse *parse)
{
    const yaml_parser_t *yaml = &parse->yaml;
    const char *problem = yaml->problem != NULL ? yaml->problem : "not YAML";
    if (yaml->error == YAML_MEMORY_ERROR) {
        fdns_fatal("out of memory (YAML)");
    }
    if (yaml->error == YAML_READER_ERROR) {
        fdns_place_go_octet(&parse->place, yaml->problem_offset);
        mistake_at(parse, &parse->place, problem);
        return;
    }
    fdns_place_go(&parse->place, yaml->context_mark.index);
    unsigned began = parse->place.line;
    fdns_place_go(&parse->place, yaml->problem_mark.index);
    if (yaml->context != NULL && began != parse->place.line) {
        mistake(parse, parse->place.line, fdns_place_column(&parse->place), "%s (%s, line %u)",
                problem, yaml->context, began);
    } else {
        mistake_at(parse, &parse->place, problem);
    }
}

static struct fdns_node *new_node(struct parse *parse, enum fdns_node_kind kind,
                                  const yaml_mark_t *mark)
{
    struct fdns_node *node = fdns_arena_alloc(parse->arena, sizeof *node);
    fdns_place_go(&parse->place, mark->index);
    node->kind = kind;
    node->line = parse->place.line;
    node->column = fdns_place_column(&parse->place);
    if (++parse->n_nodes > MOST_NODES) {
        mistake(parse, node->line, node->column, "more than %d values", MOST_NODES);
        parse->stopped = true;
    }
    return node;
}

static void add_key(struct parse *parse, struct level *level, const struct fdns_node *node)
{
    level->has_key = true;
    level->key = NULL;
    if (node->kind != FDNS_SCALAR) {
        mistake(parse, node->line, node->column, "a key is a text, not a %s",
                node->kind == FDNS_LIST ? "list" : "mapping");
        return;
    }
    const struct fdns_node *first = fdns_keyset_add(&parse->keys, level->node, node);
    if (first != NULL) {
        mistake(parse, node->line, node->column, "\"%.60s\" stands here twice, first in line %u",
                node->text, first->line);
        return;
    }
    level->key = node;
}

static void add_value(struct parse *parse, struct level *level, const struct fdns_node *node)
{
    struct fdns_node *map = level->node;
    level->has_key = false;
    if (level->key == NULL) {
        return;
    }
    map->pairs = fdns_arena_grow(parse->arena, map->pairs, map->n_pairs, map->n_pairs + 1,
                                 sizeof *map->pairs, &level->capacity);
    map->pairs[map->n_pairs++] = (struct fdns_pair){level->key, node};
}

// Puts a node where it belongs: it is the root, an item, a key or a value.
static void add_node(struct parse *parse, const struct fdns_node *node)
{
    if (parse->depth == 0) {
        parse->root = node;
        return;
    }
    struct level *level = &parse->levels[parse->depth - 1];
    struct fdns_node *parent = level->node;
    if (parent->kind == FDNS_LIST) {
        parent->items = fdns_arena_grow(parse->arena, parent->items, parent->n_items,
                                        parent->n_items + 1, sizeof(void *), &level->capacity);
        parent->items[parent->n_items++] = node;
    } else if (!level->has_key) {
        add_key(parse, level, node);
    } else {
        add_value(parse, level, node);
    }
}

static void refuse_properties(struct parse *parse, const struct fdns_node *node,
                              const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor != NULL) {
        mistake(parse, node->line, node->column, "anchors are not used here: \"&%.60s\"",
                (const char *)anchor);
    }
    if (tag != NULL) {
        mistake(parse, node->line, node->column, "tags are not used here: \"%.60s\"",
                (const char *)tag);
    }
}

static void on_scalar(struct parse *parse, const yaml_event_t *event)
{
    struct fdns_node *node = new_node(parse, FDNS_SCALAR, &event->start_mark);
    const char *text = (const char *)event->data.scalar.value;
    node->len = event->data.scalar.length;
    node->text = fdns_arena_string_n(parse->arena, text, node->len);
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->literal = event->data.scalar.style == YAML_LITERAL_SCALAR_STYLE;
    if (node->literal) {
        fdns_literal_locate(node, parse->place);
    }
    if (memchr(node->text, '\0', node->len) != NULL) {
        mistake(parse, node->line, node->column, "a NUL character cannot stand in a text");
    }
    refuse_properties(parse, node, event->data.scalar.anchor, event->data.scalar.tag);
    add_node(parse, node);
}

static void on_alias(struct parse *parse, const yaml_event_t *event)
{
    struct fdns_node *node = new_node(parse, FDNS_SCALAR, &event->start_mark);
    const char *name = (const char *)event->data.alias.anchor;
    mistake(parse, node->line, node->column, "aliases are not used here: \"*%.60s\"", name);
    node->text = fdns_arena_format(parse->arena, "*%s", name);
    node->len = strlen(node->text);
    add_node(parse, node);
}

static void on_begin(struct parse *parse, struct fdns_node *node)
{
    add_node(parse, node);
    if (parse->depth == DEEPEST) {
        mistake(parse, node->line, node->column, "more than %d levels deep", DEEPEST);
        parse->stopped = true;
        return;
    }
    parse->levels[parse->depth++] = (struct level){.node = node};
}

static void on_document(struct parse *parse, const yaml_event_t *event)
{
    fdns_place_go(&parse->place, event->start_mark.index);
    if (++parse->n_documents > 1) {
        mistake_at(parse, &parse->place, "a second document: one file holds one");
        parse->stopped = true;
    } else if (event->data.document_start.tag_directives.start !=
               event->data.document_start.tag_directives.end) {
        mistake_at(parse, &parse->place, "tags are not used here");
    }
}

static void on_event(struct parse *parse, const yaml_event_t *event)
{
    struct fdns_node *node;
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        on_document(parse, event);
        break;
    case YAML_ALIAS_EVENT:
        on_alias(parse, event);
        break;
    case YAML_SCALAR_EVENT:
        on_scalar(parse, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
        node = new_node(parse, FDNS_LIST, &event->start_mark);
        refuse_properties(parse, node, event->data.sequence_start.anchor,
                          event->data.sequence_start.tag);
        on_begin(parse, node);
        break;
    case YAML_MAPPING_START_EVENT:
        node = new_node(parse, FDNS_MAP, &event->start_mark);
        refuse_properties(parse, node, event->data.mapping_start.anchor,
                          event->data.mapping_start.tag);
        on_begin(parse, node);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        parse->depth--;
        break;
    case YAML_STREAM_END_EVENT:
        parse->stopped = true;
        break;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        break;
    }
}

static void read_events(struct parse *parse)
{
    while (!parse->stopped) {
        yaml_event_t event;
        if (yaml_parser_parse(&parse->yaml, &event) == 0) {
            report_syntax(parse);
            return;
        }
        on_event(parse, &event);
        yaml_event_delete(&event);
    }
    bool nothing = parse->root == NULL || (parse->root->kind == FDNS_SCALAR && parse->root->plain &&
                                           parse->root->len == 0);
    if (nothing && parse->n_mistakes == 0) {
        mistake(parse, 0, 0, "there is nothing in this file");
    }
}

const struct fdns_node *fdns_yaml_parse(struct fdns_arena *arena, const struct fdns_source *source,
                                        struct fdns_diags *diags)
{
    struct parse parse = {.arena = arena, .source = source, .diags = diags};
    if (source->len > FDNS_YAML_LARGEST) {
        mistake(&parse, 0, 0, "larger than 1 MiB");
        return NULL;
    }
    fdns_place_init(&parse.place, source->text, source->len);
    if (has_odd_line_end(&parse)) {
        return NULL;
    }
    if (yaml_parser_initialize(&parse.yaml) == 0) {
        fdns_fatal("out of memory (YAML)");
    }
    // Told the encoding, libyaml counts from the very first octet, a byte order mark included.
    yaml_parser_set_encoding(&parse.yaml, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parse.yaml, (const unsigned char *)source->text, source->len);
    fdns_keyset_init(&parse.keys);
    read_events(&parse);
    fdns_keyset_clear(&parse.keys);
    yaml_parser_delete(&parse.yaml);
    return parse.n_mistakes > 0 ? NULL : parse.root;
}
