// What the tests of this folder share: a text parsed, or parsed and checked, and what was said
// about it.
#pragma once

#include "fakedns/yaml/node.h"
#include "fakedns/yaml/schema.h"

struct fixture {
    struct fdns_arena arena;
    struct fdns_diags diags;
    struct fdns_source source;
    struct fdns_buf printed;
    const struct fdns_node *root;
};

// Parses len octets as the file "t.yaml".
void fixture_parse(struct fixture *fixture, const char *text, size_t len);
// All diagnostics as text.
const char *fixture_print(struct fixture *fixture);
void fixture_clear(struct fixture *fixture);

// The diagnostics of a text, which are kept until the next call.
const char *fixture_mistakes(const char *text);
// The same with a schema.
const char *fixture_check(const struct fdns_schema_type *type, const char *text);

// A schema of every kind, with a recursion.
extern const struct fdns_schema_type fixture_type;
