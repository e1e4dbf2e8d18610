// What checking, the JSON Schema and the reference page all ask of a schema type.
#pragma once

#include "fakedns/yaml/schema.h"

// The node kind that a value of the type has; for an EITHER, whether one of its choices has it.
bool fdns_schema_fits(const struct fdns_schema_type *type, enum fdns_node_kind kind);

// Every type that `type` leads to and that is shown under a name of its own: RECORDs, and what has
// a doc; itself first, each once, in the order they are met. In arena.
const struct fdns_schema_type **fdns_schema_sections(struct fdns_arena *arena,
                                                     const struct fdns_schema_type *type,
                                                     size_t *n_sections);

// The name of a type without one.
const char *fdns_schema_name(const struct fdns_schema_type *type);
