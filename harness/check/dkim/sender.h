// Senders: what the DKIM records of well-known mail providers look like. One row a sender: which
// selectors it uses, whether a CNAME or a TXT record stands there, and where a CNAME has to lead.
// Only what the providers' records in use show; what could not be seen is not in the table, and the
// row "generic" asks for nothing but a key.
#pragma once

#include "harness/check/dkim/dkim.h"

enum { DC_SENDER_SELECTORS = 4, DC_SENDER_SHAPES = 5, DC_SENDER_TARGETS = 2 };

// Where the CNAME of a selector leads. {S} is the selector, {D} the domain; a label "*" stands for
// one or more labels, "*" at the end of a label for the rest of it.
struct dc_sender_shape {
    const char *selector; // "*": every other one
    const char *targets[DC_SENDER_TARGETS];
};

struct dc_sender {
    const char *id;                             // the word for --sender
    const char *title;                          // the name, for people
    const char *records;                        // what has to be published, for people
    const char *selectors[DC_SENDER_SELECTORS]; // those that are checked if none is named
    // Selectors without a shape have a TXT record, or a CNAME that leads to one.
    struct dc_sender_shape shapes[DC_SENDER_SHAPES];
    bool has_spares;         // only one of its selectors has to lead to a key
    bool delegates;          // NS records hand _domainkey to the provider's servers
    const char *spf_include; // what its customers' SPF records include, or NULL
};

extern const struct dc_sender dc_senders[]; // sorted by id
extern const size_t dc_n_senders;

const struct dc_sender *dc_sender_find(const char *id); // NULL is normal
// How many selectors are checked if none is named.
size_t dc_sender_n_selectors(const struct dc_sender *sender);
// The id nearest to a word, for "did you mean"; NULL if none is near.
const char *dc_sender_suggest(const char *id);
// The subject's; Amazon SES if it names none.
const struct dc_sender *dc_sender_of(const struct dc_dkim_subject *subject);

// The targets that a selector of a domain has to lead to, filled in, in arena; 0 if a TXT record
// will do.
size_t dc_sender_targets(struct fdns_arena *arena, const struct dc_sender *sender,
                         const char *selector, const char *domain,
                         const char *targets[DC_SENDER_TARGETS]);
// A name is what a filled-in target says.
bool dc_sender_fits(const char *target, const uint8_t *name);
// The sender that a target shows; NULL if none.
const struct dc_sender *dc_sender_of_target(const char *target, const char *selector,
                                            const char *domain);
