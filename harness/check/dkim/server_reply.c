// Messages that arrive and are no answer, because they do not belong to the question (4.C of the
// catalogue of modes). Whoever asked throws them away, so that it looks like silence.
#include "harness/check/dkim/diagnose.h"

enum { ID, QUESTION, SOURCE, N_ROWS };

#define THROWN_AWAY                                                                                \
    "Resolvers throw such a message away, because anybody could have sent it, and see no answer."

const struct dc_finding_row dc_server_reply_rows[DC_SERVER_REPLY_ROWS] = {
    [ID] = {.id = "server/id-mismatch",
            .level = DC_ERROR,
            .title = "The server's replies have another id than the queries",
            .cause = THROWN_AWAY,
            .remedy = "Have the server repaired, or the device in front of it that rewrites its "
                      "replies.",
            .refs = "RFC 1035 4.1.1; RFC 5452 9.1"},
    [QUESTION] = {.id = "server/question-mismatch",
                  .level = DC_ERROR,
                  .title = "The server's replies are to another question than was asked",
                  .cause = THROWN_AWAY,
                  .remedy = "Show the DNS provider the reply: a server repeats the question that "
                            "it answers.",
                  .refs = "RFC 1035 4.1.2; RFC 5452 9.1"},
    [SOURCE] = {.id = "server/wrong-source-ip",
                .level = DC_ERROR,
                .title = "The server's replies come from another address or port",
                .cause = THROWN_AWAY,
                .remedy = "Have the server, or the address translation in front of it, reply from "
                          "the address that was asked. A server with several addresses has to "
                          "listen on each of them.",
                .refs = "RFC 2181 4.1; RFC 2181 4.2; RFC 5452 9.1"},
};
_Static_assert((int)N_ROWS == (int)DC_SERVER_REPLY_ROWS, "diagnose.h counts the rows");

// What came from elsewhere is a response with the id of the query: whoever sent it has seen that.
static bool has_id(const struct dc_answer *answer)
{
    const struct dc_stray *stray = answer->stray;
    for (size_t i = 0; i < answer->observation->n_attempts; i++) {
        const struct dc_attempt *attempt = &answer->observation->attempts[i];
        if (attempt->n_strays > 0 && &attempt->strays[0] == stray) {
            return stray->len >= FDNS_HEADER_LEN && (stray->octets[2] & 0x80) != 0 &&
                   (stray->octets[0] << 8 | stray->octets[1]) == attempt->id;
        }
    }
    return false;
}

const struct dc_finding_row *dc_stray_row(const struct dc_answer *answer)
{
    if (answer->kind != DC_ANSWER_NOTHING || answer->stray == NULL) {
        return NULL;
    }
    switch (answer->stray->reason) {
    case DC_STRAY_ID:
        return &dc_server_reply_rows[ID];
    case DC_STRAY_QUESTION:
        return &dc_server_reply_rows[QUESTION];
    case DC_STRAY_SOURCE:
        return has_id(answer) ? &dc_server_reply_rows[SOURCE] : NULL;
    case DC_STRAY_NOT_RESPONSE: // say too little of who sent it and why
    case DC_STRAY_SHORT:
        return NULL;
    }
    return NULL;
}

bool dc_diagnose_stray(struct dc_diagnosis *d, size_t i, const struct dc_endpoint *endpoint)
{
    const struct dc_answer *both[] = {&endpoint->txt[i], &endpoint->cname[i]};
    for (size_t k = 0; k < 2; k++) {
        const struct dc_finding_row *row =
            both[k]->observation != NULL ? dc_stray_row(both[k]) : NULL;
        if (row != NULL) {
            char type[FDNS_CODE_TEXT_MAX];
            struct dc_hit *hit =
                dc_diagnosis_answer(d, row, DC_RANK_SERVER_ERROR, i, both[k], endpoint);
            hit->type = fdns_arena_string(d->hits.arena, fdns_type_print(both[k]->type, type));
            return true;
        }
    }
    return false;
}
