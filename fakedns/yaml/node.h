// YAML text as a tree of nodes that know their line and column.
//
// Read with libyaml's events. Every scalar is text until a schema says what it is, so NO, on and
// 1.10 never change meaning. Anchors, aliases, tags, several documents, duplicate keys, keys that
// are no scalars, NUL characters, line ends other than LF and CRLF, more than 32 levels, more than
// 100,000 nodes and more than 1 MiB are errors. Nothing here knows what the keys mean.
#pragma once

#include "fakedns/base/arena.h"
#include "fakedns/base/diag.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FDNS_YAML_LARGEST = 1024 * 1024 }; // octets of a file

enum fdns_node_kind { FDNS_SCALAR, FDNS_LIST, FDNS_MAP };

struct fdns_node;

struct fdns_pair {
    const struct fdns_node *key; // a scalar
    const struct fdns_node *value;
};

struct fdns_node {
    enum fdns_node_kind kind;
    unsigned line; // of its first character, from 1
    unsigned column;
    // scalar: NUL-terminated, without a NUL in it
    const char *text;
    size_t len;
    bool plain;              // written without quotes and not as a block
    bool literal;            // a | block: its lines are lines of the file
    unsigned literal_line;   // file line of a literal's first line
    unsigned literal_indent; // columns the file indents it by (0 if all its lines are empty)
    // list
    const struct fdns_node **items;
    size_t n_items;
    // map, in file order
    struct fdns_pair *pairs;
    size_t n_pairs;
};

// Parses source (the whole file). The tree lives in arena and points into nothing else. NULL if
// anything was wrong; every mistake is in diags. An empty document is a mistake.
const struct fdns_node *fdns_yaml_parse(struct fdns_arena *arena, const struct fdns_source *source,
                                        struct fdns_diags *diags);

// Reads a file into arena (at most 1 MiB) and parses it. *source is set, also on failure, unless
// the file cannot be read. NULL as above; a file that cannot be read is a diagnostic.
const struct fdns_node *fdns_yaml_load(struct fdns_arena *arena, const char *path,
                                       struct fdns_source *source, struct fdns_diags *diags);

// The value of a key in a map; NULL if absent (or node is NULL or no map).
const struct fdns_node *fdns_node_find(const struct fdns_node *map, const char *key);

// Text of a key's scalar value; NULL if absent or no scalar.
const char *fdns_node_text(const struct fdns_node *map, const char *key);

// Values of scalars that a schema has checked; abort on anything it would have refused.
int64_t fdns_node_duration(const struct fdns_node *scalar); // microseconds
int64_t fdns_node_integer(const struct fdns_node *scalar);
bool fdns_node_boolean(const struct fdns_node *scalar); // yes no true false on off

// The scalar's text as a source of its own, so that a parser of that text reports real lines of the
// file, and real columns where the file holds the very text. Text that spans lines without being a
// literal block is reported where the node begins.
struct fdns_source fdns_node_source(const struct fdns_node *scalar, const struct fdns_source *file);

// A list, or a scalar that stands for a list of one.
static inline size_t fdns_node_n(const struct fdns_node *node)
{
    return node->kind == FDNS_LIST ? node->n_items : 1;
}
static inline const struct fdns_node *fdns_node_item(const struct fdns_node *node, size_t i)
{
    return node->kind == FDNS_LIST ? node->items[i] : node;
}
