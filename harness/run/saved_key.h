// What is known of a given key, in saved runs and state files: never a private key itself.
#pragma once

#include "harness/check/dkim/given_key.h"
#include "harness/seen/json.h"

// NULL becomes null. New reference.
json_t *dc_given_key_json(const struct dc_given_key *key);
// NULL if absent. A string is the text of a public key, as earlier versions saved it.
const struct dc_given_key *dc_given_key_from_json(struct dc_json_reader *reader,
                                                  const json_t *object, const char *name);
