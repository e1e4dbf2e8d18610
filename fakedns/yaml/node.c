#include "fakedns/yaml/node.h"

#include "fakedns/base/duration.h"
#include "fakedns/base/fatal.h"
#include "fakedns/yaml/scalar.h"

#include <string.h>

const struct fdns_node *fdns_node_find(const struct fdns_node *map, const char *key)
{
    if (map == NULL || map->kind != FDNS_MAP) {
        return NULL;
    }
    for (size_t i = 0; i < map->n_pairs; i++) {
        if (strcmp(map->pairs[i].key->text, key) == 0) {
            return map->pairs[i].value;
        }
    }
    return NULL;
}

const char *fdns_node_text(const struct fdns_node *map, const char *key)
{
    const struct fdns_node *value = fdns_node_find(map, key);
    return value != NULL && value->kind == FDNS_SCALAR ? value->text : NULL;
}

static _Noreturn void unchecked(const struct fdns_node *node, const char *wanted)
{
    fdns_fatal("line %u, column %u: the schema let pass what is no %s", node->line, node->column,
               wanted);
}

int64_t fdns_node_duration(const struct fdns_node *scalar)
{
    int64_t us;
    if (scalar->kind != FDNS_SCALAR || fdns_duration_parse(scalar->text, &us) != FDNS_OK) {
        unchecked(scalar, "duration");
    }
    return us;
}

int64_t fdns_node_integer(const struct fdns_node *scalar)
{
    int64_t value;
    if (scalar->kind != FDNS_SCALAR || fdns_scalar_integer(scalar->text, &value) != FDNS_OK) {
        unchecked(scalar, "integer");
    }
    return value;
}

bool fdns_node_boolean(const struct fdns_node *scalar)
{
    bool value;
    if (scalar->kind != FDNS_SCALAR || !fdns_scalar_boolean(scalar->text, &value)) {
        unchecked(scalar, "boolean");
    }
    return value;
}

// The part of a file from a node's place to the end of that line; empty if there is no such place.
static struct fdns_source rest_of_line(const struct fdns_source *file, const struct fdns_node *node)
{
    const char *at = file->text;
    const char *end = file->text + file->len;
    for (unsigned line = 1; line < node->line && at < end; line++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        at = newline != NULL ? newline + 1 : end;
    }
    size_t left = (size_t)(end - at);
    const char *newline = left > 0 ? memchr(at, '\n', left) : NULL;
    size_t len = newline != NULL ? (size_t)(newline - at) : left;
    size_t before = node->column - 1 < len ? node->column - 1 : len;
    return (struct fdns_source){.text = at + before, .len = len - before};
}

// Whether the file holds the very text, `skipped` octets (a quote) after the node's place.
static bool stands_in_line(const struct fdns_source *rest, const struct fdns_node *node,
                           size_t skipped)
{
    return rest->len >= skipped + node->len &&
           memcmp(rest->text + skipped, node->text, node->len) == 0;
}

struct fdns_source fdns_node_source(const struct fdns_node *scalar, const struct fdns_source *file)
{
    struct fdns_source source = {.file = file->file,
                                 .text = scalar->text,
                                 .len = scalar->len,
                                 .first_line = scalar->line,
                                 .indentation = scalar->column - 1};
    if (scalar->literal) {
        source.first_line = scalar->literal_line;
        source.indentation = scalar->literal_indent;
        return source;
    }
    struct fdns_source rest = rest_of_line(file, scalar);
    size_t quote = scalar->plain ? 0 : 1;
    if (stands_in_line(&rest, scalar, quote)) {
        source.indentation += (unsigned)quote;
    } else {
        source.fixed_place = true;
    }
    return source;
}
