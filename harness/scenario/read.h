// What scenario and account files have in common: members of a map that the schema has checked.
#pragma once

#include "fakedns/yaml/schema.h"
#include "harness/check/dkim/dkim.h"

// A list of texts, in arena; none if the key is not there.
const char *const *dc_read_texts(struct fdns_arena *arena, const struct fdns_node *map,
                                 const char *key, size_t *n);
int64_t dc_read_duration(const struct fdns_node *map, const char *key, int64_t otherwise);
// Restarts of a set-up (NULL: none), which have to ascend: else a mistake is in diags.
void dc_read_restarts(struct fdns_arena *arena, const struct fdns_node *list,
                      const struct fdns_source *source, struct fdns_diags *diags,
                      struct dc_dkim_subject *set_up);
