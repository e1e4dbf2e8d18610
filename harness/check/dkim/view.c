// Views: servers that answer by who asks. One look from here cannot show it; a resolver elsewhere
// and the client subnet of EDNS can (4.C of the catalogue of modes).
#include "harness/check/dkim/diagnose.h"

enum { SPLIT, GEO, N_ROWS };

const struct dc_finding_row dc_view_rows[DC_VIEW_ROWS] = {
    [SPLIT] = {.id = "server/split-horizon",
               .level = DC_WARNING,
               .title = "The servers tell the resolver something else than they tell us",
               .cause = "The resolver has asked them just now, and the answer is another one: the "
                        "servers seem to have a view for one network and another for the rest. "
                        "Amazon SES and mail receivers see the public one.",
               .remedy = "Publish the record in the public view of the zone. Try a resolver in "
                         "another network to see which view is which.",
               .refs = "seed:R19; seed:R20"},
    [GEO] = {.id = "server/geo-split",
             .level = DC_ERROR,
             .title = "The server answers by the region of whoever asks",
             .cause = "With client subnets of different parts of the world it gives different "
                      "answers for the record. Amazon SES and mail receivers are in many places.",
             .remedy = "Take the DKIM names out of the geographic policy: the record has to be the "
                       "same everywhere.",
             .refs = "seed:R19; seed:R20; RFC 7871 7.2.1"},
};
_Static_assert((int)N_ROWS == (int)DC_VIEW_ROWS, "diagnose.h counts the rows");

// How long a denial is kept, by the zone's SOA (RFC 2308 5); false if there is none to see.
static bool negative_ttl(const struct dc_answer *answer, uint32_t *ttl)
{
    size_t at = 0;
    struct fdns_soa soa;
    const struct fdns_view_rr *rr = dc_answer_next(answer, answer->name, FDNS_TYPE_SOA, &at);
    if (rr == NULL || !fdns_view_soa(answer->view, rr, &soa)) {
        return false;
    }
    *ttl = answer->ttl < soa.minimum ? answer->ttl : soa.minimum;
    return true;
}

// A TTL that has not been counted down yet: the resolver has just been told.
static bool is_fresh(const struct dc_answer *seen, const struct dc_answer *truth,
                     const struct dc_endpoint *endpoint)
{
    uint32_t full = truth->ttl;
    if (dc_answer_is_negative(seen) &&
        (!seen->has_negative_ttl || !negative_ttl(&endpoint->soa, &full))) {
        return false;
    }
    return full > 0 && seen->ttl == full;
}

const struct dc_finding_row *dc_split_row(const struct dc_answer *seen,
                                          const struct dc_answer *truth,
                                          const struct dc_endpoint *endpoint)
{
    return is_fresh(seen, truth, endpoint) ? &dc_view_rows[SPLIT] : NULL;
}

void dc_diagnose_geo(struct dc_diagnosis *d, size_t i, const struct dc_endpoint *endpoint)
{
    const struct dc_probes *probes = &endpoint->probes;
    const struct dc_answer *usual = &endpoint->txt[i];
    const struct dc_answer *other = NULL;
    // the first subnet was in the first probe, too
    bool same_twice = probes->usual == usual && probes->subnets[0].observation != NULL &&
                      dc_answer_same(d->hits.arena, &probes->all, &probes->subnets[0]);
    for (size_t k = 0; k < DC_PROBE_SUBNETS && same_twice && !dc_endpoint_wavers(endpoint); k++) {
        const struct dc_answer *answer = &probes->subnets[k];
        if (answer->observation != NULL && dc_answer_tells(answer) &&
            !dc_answer_same(d->hits.arena, answer, usual)) {
            other = answer;
            break;
        }
    }
    if (other == NULL) {
        return;
    }
    struct dc_hit *hit = dc_diagnosis_hit(d, &dc_view_rows[GEO], DC_RANK_SERVER_ERROR, i, endpoint);
    hit->type = "TXT";
    hit->actual = fdns_arena_format(d->hits.arena, "%s without a client subnet, %s with one",
                                    dc_answer_text(d->hits.arena, usual),
                                    dc_answer_text(d->hits.arena, other));
    dc_hit_show(hit, usual->observation);
    dc_hit_show(hit, other->observation);
}
