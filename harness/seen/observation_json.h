// JSON of an observation as in dnsconform.report/1: {n, server, address, transport, asked, received
// (hex), outcome, at_us, attempts[]}, plus what is needed to read it back (visit, repetition,
// steps).
#pragma once

#include "harness/seen/json.h"
#include "harness/seen/observation.h"

// A server without a name is named by its address. New reference.
json_t *dc_observation_json(const struct dc_observation *observation, size_t n);

// Reads one into the reader's arena. Hostile input is refused, never trusted: sizes are checked.
// Without attempts one is made of the observation itself. NULL if the reader has failed.
const struct dc_observation *dc_observation_read(struct dc_json_reader *reader, const json_t *json);
