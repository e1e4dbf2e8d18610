// Neighbours: the records that mail needs beside DKIM, at other names of the same domain. They are
// looked at only if the subject says so (enum dc_with), and whatever is found there never changes
// the status of the DKIM set-up.
//
// A neighbour is asked for as a receiver asks: at the servers of its zone, one of them after the
// other until one gives an answer, over aliases to the end. Whether all servers say the same is the
// business of the DKIM records; a zone whose servers differ shows it there.
// Each function is run again from the start in every round of look(); what a round with something
// pending put into the hits is thrown away with it.
#pragma once

#include "harness/check/dkim/gather.h"
#include "harness/check/dkim/hits.h"

struct dc_neighbours {
    struct dc_look *look;
    struct dc_walk *walk;
    const struct dc_dkim_subject *subject;
    const struct dc_expectation *expectation;
    struct dc_hits hits;
};

// All that the subject wants (neighbour.c). False while anything is pending.
bool dc_check_neighbours(struct dc_neighbours *n);

// The custom MAIL FROM domain of Amazon SES (mail_from.c).
bool dc_check_mail_from(struct dc_neighbours *n);
// The DMARC record of the domain (dmarc.c). RFC 9989, RFC 7489.
bool dc_check_dmarc(struct dc_neighbours *n);

// The SPF record at a name (spf.c). RFC 7208.
struct dc_spf {
    const uint8_t *domain; // where it is looked for
    const uint8_t *wanted; // an include that should be met on the way, or NULL
    // what came of it:
    struct dc_chain chain; // of the TXT query
    bool missing;          // there is none, nor anything that a hit stands for
    bool good;             // there is one, without a fault
    bool met;              // the wanted include
};
// The record at spf->domain and all that it includes. Does not say that it is missing, nor that it
// lacks the wanted include: whoever asks knows what that means.
bool dc_check_spf_at(struct dc_neighbours *n, struct dc_spf *spf);
// The domain's own record (spf.c).
bool dc_check_spf(struct dc_neighbours *n);

// Asks for a type at a name, over aliases. False while pending.
bool dc_neighbour_ask(struct dc_neighbours *n, const uint8_t *name, uint16_t type,
                      struct dc_chain *chain);
// There is no answer to judge, and a hit says so (unless there was nobody to ask).
bool dc_neighbour_is_lost(struct dc_neighbours *n, const struct dc_chain *chain);
// Nothing of the type is at the name.
bool dc_neighbour_is_absent(const struct dc_chain *chain);
// A random name beside it says the same: a wildcard speaks. *complete is cleared while pending.
bool dc_neighbour_is_wildcard(struct dc_neighbours *n, const struct dc_chain *chain,
                              bool *complete);
// A hit about the name that was asked, with what was answered.
struct dc_hit *dc_neighbour_hit(struct dc_neighbours *n, const struct dc_finding_row *row,
                                const struct dc_chain *chain);

enum { DC_NEIGHBOUR_TEXTS = 32 };
// The TXT records (or those of type SPF) at the end of a chain, strings joined without separator,
// in arena; at most DC_NEIGHBOUR_TEXTS. Octets that are no ASCII text, which neither SPF nor DMARC
// has a use for, have become '#'.
size_t dc_neighbour_texts(struct dc_neighbours *n, const struct dc_chain *chain,
                          const char *texts[DC_NEIGHBOUR_TEXTS]);
// The first of the texts that is a record of some kind, or NULL; *n_records counts them.
const char *dc_neighbour_find(const char *const *texts, size_t n_texts,
                              bool (*is_record)(const char *text), size_t *n_records);
// The name that was asked with the zone's name behind it once more, where a DNS provider that
// appends it would have put the record. NULL if that is no name.
const uint8_t *dc_neighbour_doubled(struct dc_neighbours *n, const struct dc_chain *chain);

enum {
    DC_NEIGHBOUR_ROWS = 1,
    DC_MAIL_FROM_ROWS = 9,
    DC_SPF_ROWS = 9,
    DC_DMARC_ROWS = 7,
};
extern const struct dc_finding_row dc_neighbour_rows[DC_NEIGHBOUR_ROWS];
extern const struct dc_finding_row dc_mail_from_rows[DC_MAIL_FROM_ROWS];
extern const struct dc_finding_row dc_spf_rows[DC_SPF_ROWS];
extern const struct dc_finding_row dc_dmarc_rows[DC_DMARC_ROWS];
