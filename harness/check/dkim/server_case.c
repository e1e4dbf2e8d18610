// Letters of both cases in a question, as resolvers send them to make replies hard to forge (4.C of
// the catalogue of modes).
#include "harness/check/dkim/diagnose.h"

enum { OTHER_NAME, NOT_ECHOED, N_ROWS };

const struct dc_finding_row dc_server_case_rows[DC_SERVER_CASE_ROWS] = {
    [OTHER_NAME] = {.id = "server/case-0x20-nxdomain",
                    .level = DC_ERROR,
                    .title = "The server takes a name in other letters for another name",
                    .cause = "Upper and lower case are the same in names. Resolvers mix them in "
                             "their queries on purpose, and are told that the record does not "
                             "exist.",
                    .remedy = "Ask the DNS provider to compare names without regard to case.",
                    .refs = "RFC 1034 3.1; RFC 4343 3"},
    [NOT_ECHOED] = {.id = "server/case-not-echoed",
                    .level = DC_WARNING,
                    .title = "The server repeats the question in other letters than it was asked",
                    .cause = "Some resolvers mix upper and lower case in their queries, and throw "
                             "away a reply that does not repeat the question as it was.",
                    .remedy = "Ask the DNS provider to have the question repeated octet by octet.",
                    .refs = "RFC 1035 4.1.2; RFC 4343 4.1"},
};
_Static_assert((int)N_ROWS == (int)DC_SERVER_CASE_ROWS, "diagnose.h counts the rows");

// The question of a message that was thrown away is the one that was asked, but for the case.
static bool is_same_question(struct dc_diagnosis *d, const struct dc_answer *answer)
{
    struct fdns_view view;
    uint8_t name[FDNS_NAME_MAX];
    if (answer->stray == NULL || answer->stray->reason != DC_STRAY_QUESTION) {
        return false;
    }
    fdns_view_init(&view, d->hits.arena, answer->stray->octets, answer->stray->len);
    return view.n_questions > 0 && view.questions[0].type == answer->type &&
           fdns_view_name(&view, view.questions[0].at, name, NULL) &&
           fdns_name_equal(name, answer->name);
}

static void hit_case(struct dc_diagnosis *d, int row, const struct dc_endpoint *endpoint,
                     const char *actual)
{
    const struct dc_probes *probes = &endpoint->probes;
    char type[FDNS_CODE_TEXT_MAX];
    struct dc_hit *hit =
        dc_diagnosis_server(d, &dc_server_case_rows[row], DC_RANK_SERVER_ERROR, endpoint);
    hit->name = dc_name_bare(d->hits.arena, probes->name);
    hit->type = fdns_arena_string(d->hits.arena, fdns_type_print(probes->type, type));
    hit->expected = fdns_arena_format(d->hits.arena, "%s, with the question as it was asked",
                                      dc_answer_text(d->hits.arena, probes->usual));
    hit->actual = actual;
    dc_hit_show(hit, probes->mixed.observation);
    dc_hit_show(hit, probes->usual->observation);
}

void dc_diagnose_case(struct dc_diagnosis *d, const struct dc_endpoint *endpoint)
{
    const struct dc_answer *mixed = &endpoint->probes.mixed;
    if (mixed->observation == NULL || dc_endpoint_wavers(endpoint)) {
        return;
    }
    if (is_same_question(d, mixed)) {
        hit_case(d, NOT_ECHOED, endpoint, "the question in other letters");
    } else if (dc_answer_is_positive(endpoint->probes.usual) && mixed->view != NULL &&
               !dc_answer_is_positive(mixed) &&
               !(mixed->kind == DC_ANSWER_ERROR && mixed->rcode == FDNS_SERVFAIL)) {
        hit_case(d, OTHER_NAME, endpoint,
                 fdns_arena_format(d->hits.arena, "%s to the name in letters of both cases",
                                   dc_answer_text(d->hits.arena, mixed)));
    }
}
