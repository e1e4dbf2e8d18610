// Expectation: the records that a subject needs, by name, type and content.
#pragma once

#include "harness/check/dkim/dkim.h"

enum dc_record_role {
    DC_ROLE_TOKEN,        // TOKEN._domainkey.DOMAIN CNAME TOKEN.dkim.amazonses.com, or the like
    DC_ROLE_SELECTOR,     // SELECTOR._domainkey.DOMAIN TXT "…p=…"
    DC_ROLE_VERIFICATION, // _amazonses.DOMAIN TXT "…"
};

struct dc_expected {
    enum dc_record_role role;
    const char *label; // token or selector as given
    const uint8_t *owner;
    uint16_t type;
    const uint8_t *target;   // of a token; NULL if only its shape is known
    const char *shapes[2];   // of such targets, else NULL (dc_sender_fits() reads them)
    const char *target_text; // of a token: the target or its shapes, for people
    const char *owner_text;  // without the final dot
    const char *text;        // what should stand there, for people
};

enum { DC_OTHER_DOMAINS_MAX = 8 };
enum { DC_TOKENS_MAX = 8 }; // Easy DKIM has three; a subject may not make us ask without end

struct dc_expectation {
    const uint8_t *domain;
    const char *domain_text;
    struct dc_expected records[DC_TOKENS_MAX + 2];
    size_t n_records;
    size_t n_keys; // tokens or the selector: the records that carry DKIM, which come first
    // other domains of the same owner, unless they are above this one
    const uint8_t *others[DC_OTHER_DOMAINS_MAX];
    size_t n_others;
};

// False, with *why in arena, if the subject's words make no names. tokens are those of the set-up
// that runs (a restart brings new ones).
bool dc_expect(struct fdns_arena *arena, const struct dc_dkim_subject *subject,
               const char *const *tokens, size_t n_tokens, struct dc_expectation *expectation,
               const char **why);

// The name is where the CNAME of a token has to lead.
bool dc_expected_leads_to(const struct dc_expected *record, const uint8_t *name);

// The zone that holds the keys of a region: dkim.amazonses.com, or dkim.REGION.amazonses.com.
const char *dc_expect_key_zone(struct fdns_arena *arena, const char *region);

// One label and a suffix as a name in arena; the label's octets are taken as they are, dots
// included. NULL if it does not fit.
const uint8_t *dc_name_below(struct fdns_arena *arena, const char *label, const uint8_t *suffix);
// A name in presentation form without the final dot, as findings carry it.
const char *dc_name_bare(struct fdns_arena *arena, const uint8_t *name);
