// What a sender's way of publishing keys asks of the zone, beyond the records themselves.
#include "harness/check/dkim/diagnose.h"
#include "harness/check/dkim/sender.h"

const struct dc_finding_row dc_sender_rows[DC_SENDER_ROWS] = {
    {.id = "delegation/domainkey-not-delegated",
     .level = DC_ERROR,
     .title = "_domainkey is not delegated to the sender's servers",
     .cause = "This sender publishes the keys itself, in a zone of its own that begins at "
              "_domainkey. Without NS records nobody is sent there.",
     .remedy = "Create the NS records at _domainkey as the sender shows them, and delete other "
               "records at or below that name.",
     .refs = "RFC 1034 4.2.1; RFC 1034 4.2.2"},
};

static bool is_delegated(const struct dc_gathered *g)
{
    for (size_t i = 0; i < g->expectation->n_keys; i++) {
        if (g->records[i].place != &g->places[0]) {
            return true;
        }
    }
    return false;
}

void dc_diagnose_sender(struct dc_diagnosis *d)
{
    const struct dc_expectation *expectation = d->g->expectation;
    if (d->subject->method != DC_SELECTORS || !dc_sender_of(d->subject)->delegates ||
        is_delegated(d->g)) {
        return;
    }
    struct dc_hit *hit = dc_hits_add(&d->hits, &dc_sender_rows[0], DC_RANK_DELEGATION);
    const struct dc_endpoint *witness = dc_gathered_witness(d->g, 0);
    hit->name = fdns_arena_format(d->hits.arena, "_domainkey.%s", expectation->domain_text);
    hit->type = "NS";
    hit->expected = "NS records at _domainkey";
    if (witness != NULL) {
        hit->actual = fdns_arena_format(d->hits.arena, "answers from the zone %s itself",
                                        dc_name_bare(d->hits.arena, d->g->places[0].apex));
        dc_hit_show(hit, witness->txt[0].observation);
    }
    for (size_t i = 0; i < expectation->n_keys; i++) {
        d->explained[i] = d->explained[i] || d->records[i] == DC_CELL_ABSENT;
    }
}
