// Input: what somebody gives to the mail provider (selector, public key, private key), judged
// before any DNS. Its findings are a class of their own, area `input`: they say what the provider's
// API refuses, and change nothing in what is said of the DNS. Pure.
//
// Selectors and sizes are judged only where the subject names a profile; what a key is, always.
#pragma once

#include "harness/check/dkim/dkim.h"
#include "harness/check/dkim/given_key.h"
#include "harness/check/dkim/hits.h"
#include "harness/check/dkim/profile.h"

// All of it; the number of hits that were added.
size_t dc_input_judge(struct dc_hits *hits, const struct dc_dkim_subject *subject);

// Each part (input_selector.c, input_public.c, input_private.c).
void dc_input_selector(struct dc_hits *hits, const char *selector,
                       const struct dc_profile *profile);
void dc_input_public(struct dc_hits *hits, const struct dc_given_key *key,
                     const struct dc_profile *profile);
void dc_input_private(struct dc_hits *hits, const struct dc_given_key *key,
                      const struct dc_profile *profile);
// Both were given, and are no pair.
void dc_input_pair(struct dc_hits *hits, const struct dc_given_key *public_key,
                   const struct dc_given_key *private_key);

// One of the hits is about the selector.
bool dc_input_names_selector(const struct dc_hits *hits);

// A hit of this area: there is no name, type or server.
struct dc_hit *dc_input_hit(struct dc_hits *hits, const struct dc_finding_row *row,
                            const char *expected, const char *actual);
// What a text is that should have been base64.
const char *dc_input_encoding(struct fdns_arena *arena, const struct dc_given_key *key);

// The key that should be published: the public half of the private key, else the public key. NULL
// if neither is known.
const struct dc_given_key *dc_own_key(const struct dc_dkim_subject *subject);

// A report of the input alone, in arena: SUCCESS if the provider would take it, else FAILED.
void dc_input_report(struct fdns_arena *arena, const struct dc_dkim_subject *subject, int64_t at_us,
                     struct dc_report *report);

enum { DC_INPUT_SELECTOR_ROWS = 5, DC_INPUT_PUBLIC_ROWS = 9, DC_INPUT_PRIVATE_ROWS = 11 };
extern const struct dc_finding_row dc_input_selector_rows[DC_INPUT_SELECTOR_ROWS];
extern const struct dc_finding_row dc_input_public_rows[DC_INPUT_PUBLIC_ROWS];
extern const struct dc_finding_row dc_input_private_rows[DC_INPUT_PRIVATE_ROWS];
