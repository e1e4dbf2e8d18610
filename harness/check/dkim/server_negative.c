// How a server says that something does not exist (4.C of the catalogue of modes).
#include "harness/check/dkim/diagnose.h"

enum { ENT, NODATA, NO_SOA, N_ROWS };

const struct dc_finding_row dc_server_negative_rows[DC_SERVER_NEGATIVE_ROWS] = {
    [ENT] = {.id = "server/ent-nxdomain",
             .level = DC_WARNING,
             .title = "The server denies the name above the record, and all below it with it",
             .cause = "A name with records below it exists, even if it has none itself. NXDOMAIN "
                      "there tells resolvers that nothing exists below, and those that ask label "
                      "by label never get to the record.",
             .remedy = "Ask the DNS provider to answer NOERROR for such a name. A TXT record at "
                       "_domainkey (\"o=~\" is harmless) helps until then.",
             .refs = "RFC 4592 2.2.2; RFC 8020 2; RFC 9156 2"},
    [NODATA] = {.id = "server/nodata-for-missing",
                .level = DC_INFO,
                .title = "The server does not say NXDOMAIN for a name that does not exist",
                .cause = "It answers as if the name existed without the type. DKIM is not harmed, "
                         "but nobody can tell a wrong name from a wrong type.",
                .remedy = "Nothing has to be done for DKIM.",
                .refs = "RFC 1034 4.3.2; RFC 2308 2.1"},
    [NO_SOA] = {.id = "server/negative-no-soa",
                .level = DC_WARNING,
                .title = "The server leaves the SOA record out when it says that there is nothing",
                .cause = "Without it resolvers do not know how long to remember that, and ask "
                         "again and again, or take the answer for a fault.",
                .remedy = "Ask the DNS provider to have the SOA record of the zone in the "
                          "authority section of such answers.",
                .refs = "RFC 2308 3; RFC 2308 2"},
};
_Static_assert((int)N_ROWS == (int)DC_SERVER_NEGATIVE_ROWS, "diagnose.h counts the rows");

static struct dc_hit *hit_probe(struct dc_diagnosis *d, int row, const struct dc_endpoint *endpoint,
                                const struct dc_answer *answer, const char *expected)
{
    const struct dc_finding_row *its = &dc_server_negative_rows[row];
    enum dc_rank rank = its->level == DC_INFO ? DC_RANK_POLICY : DC_RANK_SERVER_ERROR;
    char type[FDNS_CODE_TEXT_MAX];
    struct dc_hit *hit = dc_diagnosis_server(d, its, rank, endpoint);
    hit->name = dc_name_bare(d->hits.arena, answer->name);
    hit->type = fdns_arena_string(d->hits.arena, fdns_type_print(answer->type, type));
    hit->expected = expected;
    hit->actual = dc_answer_text(d->hits.arena, answer);
    dc_hit_show(hit, answer->observation);
    return hit;
}

static bool lacks_soa(const struct dc_answer *answer)
{
    return answer->observation != NULL && dc_answer_is_negative(answer) && answer->aa &&
           !answer->has_negative_ttl;
}

void dc_diagnose_negative(struct dc_diagnosis *d, const struct dc_endpoint *endpoint)
{
    const struct dc_answer *above = &endpoint->probes.above;
    const struct dc_answer *below = &endpoint->probes.below;
    if (above->observation != NULL && above->kind == DC_ANSWER_NXDOMAIN) {
        hit_probe(d, ENT, endpoint, above, "NOERROR, whatever the type");
    }
    if (below->observation != NULL && below->kind == DC_ANSWER_NODATA) {
        hit_probe(d, NODATA, endpoint, below, "NXDOMAIN");
    }
    const struct dc_answer *bare = lacks_soa(below) ? below : lacks_soa(above) ? above : NULL;
    if (bare != NULL) {
        struct dc_hit *hit =
            hit_probe(d, NO_SOA, endpoint, bare, "the SOA record in the authority section");
        hit->actual = fdns_arena_format(d->hits.arena, "%s without an SOA record", hit->actual);
    }
}
