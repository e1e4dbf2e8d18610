// Whether a server speaks for the zone, or only repeats what it has heard (4.C of the catalogue of
// modes).
#include "harness/check/dkim/diagnose.h"

enum { AA_MISSING, RECURSIVE, N_ROWS };

const struct dc_finding_row dc_server_authority_rows[DC_SERVER_AUTHORITY_ROWS] = {
    [AA_MISSING] = {.id = "server/aa-missing",
                    .level = DC_WARNING,
                    .title = "A server of the delegation answers without authority",
                    .cause =
                        "Its answers lack the AA flag: there may be a cache in front of it, or "
                        "a resolver in its place.",
                    .remedy =
                        "Ask the DNS provider why answers for the zone are not authoritative.",
                    .refs = "RFC 1035 4.1.1; RFC 2181 5.4.1"},
    [RECURSIVE] = {.id = "server/recursive-instead-of-auth",
                   .level = DC_WARNING,
                   .title = "A resolver stands among the name servers of the zone",
                   .cause = "It offers recursion, lacks the AA flag, and counts its TTLs down: it "
                            "repeats what it has cached, and goes on doing so for a while after "
                            "each change of the zone.",
                   .remedy = "Take it out of the NS records at the registrar and in the zone, or "
                             "have it serve the zone itself.",
                   .refs = "RFC 1034 4.2.1; RFC 1912 2.8"},
};
_Static_assert((int)N_ROWS == (int)DC_SERVER_AUTHORITY_ROWS, "diagnose.h counts the rows");

static void hit_recursive(struct dc_diagnosis *d, const struct dc_endpoint *endpoint)
{
    struct dc_hit *hit = dc_diagnosis_server(d, &dc_server_authority_rows[RECURSIVE],
                                             DC_RANK_SERVER_ERROR, endpoint);
    hit->expected = "the flag AA, and the same TTL each time";
    hit->actual = fdns_arena_format(
        d->hits.arena, "an answer without AA and with RA; the TTL of the SOA went from %u to %u",
        endpoint->soa.ttl, endpoint->soa_later.ttl);
    dc_hit_show(hit, endpoint->soa_later.observation);
}

void dc_diagnose_authority(struct dc_diagnosis *d, const struct dc_endpoint *endpoint)
{
    const struct dc_answer *later = &endpoint->soa_later;
    if (endpoint->soa.kind != DC_ANSWER_DATA || endpoint->soa.aa) {
        return;
    }
    if (later->observation != NULL && later->kind == DC_ANSWER_DATA &&
        later->ttl < endpoint->soa.ttl) {
        hit_recursive(d, endpoint);
        return;
    }
    struct dc_hit *hit = dc_diagnosis_server(d, &dc_server_authority_rows[AA_MISSING],
                                             DC_RANK_SERVER_ERROR, endpoint);
    hit->expected = "the flag AA";
    hit->actual = "an answer without AA";
}
