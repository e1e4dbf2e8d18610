// EDNS (RFC 6891): what a server makes of the OPT record in a query (4.C of the catalogue of
// modes). A server that knows nothing of EDNS may say FORMERR, without an OPT record of its own, or
// leave it unanswered in the message: that is no fault.
#include "harness/check/dkim/diagnose.h"

enum { FAILS, DROPS, VERSION, OPTION, N_ROWS };

const struct dc_finding_row dc_server_edns_rows[DC_SERVER_EDNS_ROWS] = {
    [FAILS] = {.id = "server/edns-formerr",
               .level = DC_WARNING,
               .title = "The server knows EDNS and gives an error to every query that uses it",
               .cause = "Resolvers use EDNS in every query. With an OPT record in the error the "
                        "server tells them that the query was wrong, so not all of them try "
                        "again without.",
               .remedy = "Have the server software upgraded, or the device in front of it that "
                         "changes EDNS.",
               .refs = "RFC 6891 7; RFC 8906 3.2"},
    [DROPS] = {.id = "server/edns-drop",
               .level = DC_ERROR,
               .title = "Queries with EDNS get no answer, queries without get one",
               .cause = "Resolvers use EDNS in every query, and many do not try without it any "
                        "more. To them the server is silent, and the records cannot be found.",
               .remedy = "Have the firewall let queries with EDNS through, or the server software "
                         "upgraded.",
               .refs = "RFC 6891 7; RFC 8906 3.2"},
    [VERSION] = {.id = "server/edns-badvers-wrong",
                 .level = DC_INFO,
                 .title = "The server does not answer BADVERS to a later version of EDNS",
                 .cause = "No resolver asks in a later version today, so that nothing is harmed "
                          "yet.",
                 .remedy = "Nothing has to be done for DKIM. Newer server software does it right.",
                 .refs = "RFC 6891 6.1.3; RFC 8906 8.2.2"},
    [OPTION] = {.id = "server/edns-option-drop",
                .level = DC_WARNING,
                .title = "The server fails on EDNS options that it does not know",
                .cause = "Resolvers add options, such as cookies, to their queries. Options that "
                         "a server does not know have to be ignored.",
                .remedy = "Have the server software upgraded, or the firewall let EDNS options "
                          "through.",
                .refs = "RFC 6891 6.1.2; RFC 8906 8.2.3"},
};
_Static_assert((int)N_ROWS == (int)DC_SERVER_EDNS_ROWS, "diagnose.h counts the rows");

// Silence to the query with EDNS, and an answer without.
static bool was_silent(const struct dc_answer *answer)
{
    return answer->with_edns != NULL && answer->with_edns->outcome == DC_SILENT;
}

// An error with an OPT record in it, and another answer without EDNS.
static bool was_refused(struct dc_diagnosis *d, const struct dc_answer *answer)
{
    const struct fdns_view *view =
        answer->with_edns != NULL ? dc_look_view(d->g->look, answer->with_edns) : NULL;
    return view != NULL && view->edns.present;
}

static struct dc_hit *hit_server(struct dc_diagnosis *d, int row,
                                 const struct dc_endpoint *endpoint,
                                 const struct dc_observation *shown)
{
    const struct dc_finding_row *its = &dc_server_edns_rows[row];
    enum dc_rank rank = its->level == DC_INFO ? DC_RANK_POLICY : DC_RANK_SERVER_ERROR;
    struct dc_hit *hit = dc_diagnosis_server(d, its, rank, endpoint);
    dc_hit_show(hit, shown);
    return hit;
}

// The zone's own records tell: what is wrong with others may have another reason.
bool dc_drops_edns(const struct dc_diagnosis *d, const struct dc_endpoint *endpoint)
{
    return was_silent(&endpoint->soa) && was_silent(&endpoint->ns) &&
           !dc_endpoint_is_limited(d->g, endpoint);
}

static void diagnose_all(struct dc_diagnosis *d, const struct dc_endpoint *endpoint)
{
    bool drops = dc_drops_edns(d, endpoint);
    if (!drops && (!was_refused(d, &endpoint->soa) || !was_refused(d, &endpoint->ns))) {
        return;
    }
    const struct dc_answer *soa = &endpoint->soa;
    struct dc_hit *hit = hit_server(d, drops ? DROPS : FAILS, endpoint, soa->with_edns);
    hit->expected = "the same answer with EDNS and without";
    hit->actual = drops ? "no answer with EDNS, an answer without"
                        : "an error with an OPT record to EDNS, an answer without";
}

static void diagnose_version(struct dc_diagnosis *d, const struct dc_endpoint *endpoint)
{
    const struct dc_answer *version = &endpoint->probes.version;
    if (version->observation == NULL || version->rcode == FDNS_BADVERS) {
        return;
    }
    struct dc_hit *hit = hit_server(d, VERSION, endpoint, version->observation);
    hit->expected = "BADVERS to EDNS version 1";
    hit->actual = dc_answer_text(d->hits.arena, version);
}

// SERVFAIL may pass, and a limit on the rate of queries is another matter.
static bool fails(struct dc_diagnosis *d, const struct dc_endpoint *endpoint,
                  const struct dc_answer *answer)
{
    bool bad = (answer->kind == DC_ANSWER_NOTHING && answer->stray == NULL) ||
               (answer->kind == DC_ANSWER_ERROR && answer->rcode != FDNS_SERVFAIL);
    return answer->observation != NULL && bad && dc_answer_tells(endpoint->probes.usual) &&
           !dc_endpoint_is_limited(d->g, endpoint);
}

// Each alone: the unknown one, and the client subnet, which is old enough to be known.
static void diagnose_options(struct dc_diagnosis *d, const struct dc_endpoint *endpoint)
{
    const struct dc_probes *probes = &endpoint->probes;
    const struct dc_answer *bad = fails(d, endpoint, &probes->option)       ? &probes->option
                                  : fails(d, endpoint, &probes->subnets[0]) ? &probes->subnets[0]
                                                                            : NULL;
    if (bad == NULL) {
        return;
    }
    char type[FDNS_CODE_TEXT_MAX];
    struct dc_hit *hit = hit_server(d, OPTION, endpoint, bad->observation);
    hit->type = fdns_arena_string(d->hits.arena, fdns_type_print(bad->type, type));
    hit->expected = dc_answer_text(d->hits.arena, probes->usual);
    hit->actual =
        fdns_arena_format(d->hits.arena, "%s to the same query with the option %s",
                          dc_answer_text(d->hits.arena, bad),
                          bad == &probes->option ? "100, which nobody knows" : "8, client subnet");
    dc_hit_show(hit, probes->usual->observation);
}

void dc_diagnose_edns(struct dc_diagnosis *d, const struct dc_endpoint *endpoint)
{
    diagnose_all(d, endpoint);
    diagnose_version(d, endpoint);
    diagnose_options(d, endpoint);
}
