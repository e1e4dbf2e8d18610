// Checking one scalar against a type.
#pragma once

#include "fakedns/yaml/schema.h"

// NULL if the type accepts the scalar; else a message that quotes it and says what is wanted. In
// arena. A type that is no scalar type accepts none.
const char *fdns_schema_scalar_problem(struct fdns_arena *arena,
                                       const struct fdns_schema_type *type,
                                       const struct fdns_node *scalar);
