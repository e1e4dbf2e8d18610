// Saved runs (dnsconform.saved/1): subject, options, state, visit times and every observation, so
// that a replay needs nothing else; and the state file (dnsconform.state/1) of `dkim --state`.
#pragma once

#include "harness/check/dkim/dkim.h"

#define DC_SAVED_SCHEMA "dnsconform.saved/1"
#define DC_STATE_SCHEMA "dnsconform.state/1"

// Octets of a message that can be kept: larger ones make documents that are not read any more.
enum { DC_SAVED_MESSAGE_MAX = 4 * 1024 * 1024 };

// One subject and all visits to it.
struct dc_saved {
    const char *file; // of the scenario, or NULL
    struct dc_dkim_subject subject;
    struct dc_dkim_how how;
    const struct dc_dkim_state *states; // one a set-up, before the first visit
    const int64_t *visits_us;
    size_t n_visits;
    const struct dc_observation *const *observations;
    size_t n_observations;
};

// A document to add to. New reference; then added to, and written by the caller.
json_t *dc_saved_begin(const char *tool);
void dc_saved_add(json_t *document, const struct dc_saved *saved);
// All that a document holds, in arena. NULL with *why. An empty document gives a pointer and *n 0.
const struct dc_saved *dc_saved_read(struct fdns_arena *arena, const json_t *document, size_t *n,
                                     const char **why);

// The states of all set-ups between two checks of a real domain. New reference.
json_t *dc_state_json(const struct dc_dkim_subject *subject, const struct dc_dkim_state *states);
// Reads them back, over states as they are before a first visit. It has to be of the same domain.
// A set-up keeps its state if the file has it (the same identity) with the same method and the same
// tokens or selector; else it has been begun anew, and its state is left as it is. False with *why.
bool dc_state_read(struct fdns_arena *arena, const json_t *json,
                   const struct dc_dkim_subject *subject, struct dc_dkim_state *states,
                   const char **why);
