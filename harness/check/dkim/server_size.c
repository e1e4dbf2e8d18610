// Answers that are too large for the way they take, and what becomes of them (4.C of the catalogue
// of modes).
#include "harness/check/dkim/diagnose.h"

enum { TCP_BROKEN, OVERSIZE, NO_TC, N_ROWS };

const struct dc_finding_row dc_server_size_rows[DC_SERVER_SIZE_ROWS] = {
    [TCP_BROKEN] = {.id = "server/tcp-short-or-hang",
                    .level = DC_ERROR,
                    .title = "The answer is truncated over UDP, and TCP breaks off",
                    .cause = "The server takes the TCP connection, but then closes it too early or "
                             "never answers. A large answer, such as one with a 2048-bit key, can "
                             "be fetched only that way.",
                    .remedy = "Have the TCP service of the server repaired, or the proxy or load "
                              "balancer in front of it. Port 53 is open already.",
                    .refs = "seed:R49; RFC 7766 5"},
    [OVERSIZE] = {.id = "server/udp-oversize-drop",
                  .level = DC_WARNING,
                  .title = "Large answers over UDP get lost",
                  .cause = "The server sends answers that are too large for the way, in fragments "
                           "or in one, and something drops them. Resolvers that offer as much "
                           "room wait in vain for a large answer, such as one with a 2048-bit "
                           "key.",
                  .remedy = "Have the server limit its answers over UDP to 1232 octets, and the "
                            "firewall let that much through.",
                  .refs = "seed:R49; RFC 6891 6.2.3; RFC 6891 6.2.5"},
    [NO_TC] = {.id = "server/truncate-without-tc",
               .level = DC_ERROR,
               .title = "The server cuts the answer off and does not say so",
               .cause = "Over TCP the record is longer than over UDP, and the flag TC, which tells "
                        "resolvers to come back over TCP, is not set. They see a record that is "
                        "cut off.",
               .remedy = "Ask the DNS provider to set TC in answers that do not fit. The record "
                         "itself is whole and need not be entered again.",
               .refs = "seed:R49; RFC 1035 4.1.1; RFC 2181 9"},
};
_Static_assert((int)N_ROWS == (int)DC_SERVER_SIZE_ROWS, "diagnose.h counts the rows");

const struct dc_finding_row *dc_tcp_row(const struct dc_answer *answer)
{
    enum dc_outcome outcome = answer->observation->outcome;
    return outcome == DC_CLOSED || outcome == DC_STALLED ? &dc_server_size_rows[TCP_BROKEN] : NULL;
}

// Over TCP the same question gets another answer than the one that seems cut.
static const struct dc_answer *whole_of(struct dc_diagnosis *d, size_t i,
                                        const struct dc_endpoint *endpoint)
{
    const struct dc_answer *txt = &endpoint->txt[i];
    if (txt->cut_off != NULL) {
        return txt;
    }
    const struct dc_answer *tcp = endpoint->sized[i] != NULL ? &endpoint->sized[i]->tcp : NULL;
    bool other = tcp != NULL && tcp->observation != NULL && tcp->kind == DC_ANSWER_DATA &&
                 tcp->observation->message_len > txt->observation->message_len &&
                 !dc_answer_same(d->hits.arena, tcp, txt);
    return other ? tcp : NULL;
}

bool dc_diagnose_cut(struct dc_diagnosis *d, size_t i, const struct dc_endpoint *endpoint)
{
    const struct dc_answer *whole = whole_of(d, i, endpoint);
    if (whole == NULL) {
        return false;
    }
    const struct dc_observation *cut =
        whole->cut_off != NULL ? whole->cut_off : endpoint->txt[i].observation;
    struct dc_hit *hit =
        dc_diagnosis_hit(d, &dc_server_size_rows[NO_TC], DC_RANK_SERVER_ERROR, i, endpoint);
    hit->type = "TXT";
    hit->expected = "the whole answer, or the flag TC";
    hit->actual = fdns_arena_format(
        d->hits.arena, "a message of %zu octets over UDP without TC, one of %zu over TCP",
        cut->message_len, whole->observation->message_len);
    dc_hit_show(hit, cut);
    dc_hit_show(hit, whole->observation);
    return true;
}

// No answer over UDP with room for a large one, although queries with EDNS are answered otherwise.
static const struct dc_observation *lost(const struct dc_endpoint *endpoint, size_t i)
{
    enum { LARGE = 500 }; // octets: EDNS adds a few, and the limit without it is 512
    const struct dc_answer *txt = &endpoint->txt[i];
    const struct dc_sized *sized = endpoint->sized[i];
    if (txt->with_edns != NULL && txt->with_edns->outcome == DC_SILENT && txt->view != NULL &&
        txt->observation->message_len >= LARGE) {
        return txt->with_edns;
    }
    bool silent = sized != NULL && sized->large.observation != NULL &&
                  sized->large.kind == DC_ANSWER_NOTHING &&
                  sized->large.observation->outcome == DC_SILENT && sized->large.stray == NULL;
    return silent ? sized->large.observation : NULL;
}

void dc_diagnose_oversize(struct dc_diagnosis *d, const struct dc_endpoint *endpoint)
{
    if (dc_drops_edns(d, endpoint)) {
        return;
    }
    for (size_t i = 0; i < d->g->expectation->n_records; i++) {
        const struct dc_observation *question =
            dc_endpoint_tells(d->g, endpoint, i) ? lost(endpoint, i) : NULL;
        if (question == NULL) {
            continue;
        }
        const struct dc_answer *txt = &endpoint->txt[i];
        struct dc_hit *hit =
            dc_diagnosis_server(d, &dc_server_size_rows[OVERSIZE], DC_RANK_SERVER_ERROR, endpoint);
        hit->name = dc_name_bare(d->hits.arena, txt->name);
        hit->type = "TXT";
        hit->expected = "an answer, or a small one with the flag TC";
        hit->actual =
            fdns_arena_format(d->hits.arena, "no answer over UDP; the answer has %zu octets",
                              txt->observation->message_len);
        dc_hit_show(hit, question);
        dc_hit_show(hit, txt->truncated);
        dc_hit_show(hit, txt->observation);
    }
}
