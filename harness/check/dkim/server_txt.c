// What a server makes of the two questions for one name, CNAME and TXT, where the answers cannot
// both be right (4.C of the catalogue of modes). This is the server's fault, whatever the zone
// holds.
#include "harness/check/dkim/diagnose.h"

#define BOTH_TYPES                                                                                 \
    "Ask the DNS provider to answer TXT queries for this name with NOERROR and the record that "   \
    "stands there, be it a CNAME. If it cannot, move the DNS of the domain to another host; "      \
    "Amazon Route 53 is one that does it."

enum {
    TXT_SERVFAIL,
    TXT_SERVFAIL_KEY,
    TXT_AMAZONSES,
    TXT_REFUSED,
    TXT_NOTIMP,
    TXT_FORMERR,
    TXT_TIMEOUT,
    TXT_NXDOMAIN,
    TXT_NODATA,
    TXT_WRONG_CNAME,
    WRONG_TYPE,
    CNAME_FAILS,
    BOTH_FAIL,
    NO_TCP,
    UNDERSCORE,
    GARBAGE,
    N_ROWS
};

const struct dc_finding_row dc_server_txt_rows[DC_SERVER_TXT_ROWS] = {
    [TXT_SERVFAIL] =
        {.id = "server/txt-servfail-cname-ok",
         .level = DC_ERROR,
         .title = "The server gives the CNAME, but SERVFAIL to a TXT query",
         .cause = "The DNS provider seems unable to answer a TXT query with the CNAME "
                  "that stands at the name. Amazon SES, other senders and mail receivers ask for "
                  "TXT, so they never see the record, while a look at the CNAME says "
                  "that all is well.",
         .remedy = BOTH_TYPES,
         .refs = "seed:R45; seed:R47; seed:R48; seed:R49; seed:R50; RFC 1034 4.3.2"},
    [TXT_SERVFAIL_KEY] =
        {.id = "server/txt-servfail",
         .level = DC_ERROR,
         .title = "The server answers SERVFAIL to the TXT query for the key",
         .cause = "Amazon SES, other senders and mail receivers ask for TXT and learn nothing.",
         .remedy = "Ask the DNS provider why TXT queries for this name fail, or "
                   "move the DNS of the domain to another host; Amazon Route 53 "
                   "is one.",
         .refs = "seed:R48; seed:R49; seed:R50"},
    [TXT_AMAZONSES] = {.id = "server/txt-servfail-amazonses",
                       .level = DC_ERROR,
                       .title = "The server fails the TXT query for the domain verification record",
                       .cause =
                           "The domain is verified by the TXT record at _amazonses. Without an "
                           "answer there it stays unverified, even if every DKIM record is "
                           "right.",
                       .remedy =
                           "Ask the DNS provider to answer TXT queries for this name, or move "
                           "the DNS of the domain to another host; Amazon Route 53 is one.",
                       .refs = "seed:R46; seed:R48; seed:R49; seed:R50"},
    [TXT_REFUSED] =
        {.id = "server/txt-refused",
         .level = DC_ERROR,
         .title = "The server refuses TXT queries",
         .cause = "Amazon SES, other senders and mail receivers ask for TXT and are turned away.",
         .remedy = BOTH_TYPES,
         .refs = "seed:R45; seed:R48; seed:R49; seed:R50; RFC 8906 3.1.4"},
    [TXT_NOTIMP] =
        {.id = "server/txt-notimp",
         .level = DC_ERROR,
         .title = "The server says NOTIMP to TXT queries",
         .cause = "Amazon SES, other senders and mail receivers ask for TXT and are turned away.",
         .remedy = BOTH_TYPES,
         .refs = "seed:R45; seed:R48; seed:R49; seed:R50; RFC 8906 3.1.4"},
    [TXT_FORMERR] =
        {.id = "server/txt-formerr",
         .level = DC_ERROR,
         .title = "The server says FORMERR to TXT queries",
         .cause = "Amazon SES, other senders and mail receivers ask for TXT and are turned away, "
                  "although the query is well-formed.",
         .remedy = BOTH_TYPES,
         .refs = "seed:R45; seed:R48; seed:R49; seed:R50; RFC 8906 3.1.4"},
    [TXT_TIMEOUT] =
        {.id = "server/txt-timeout-cname-ok",
         .level = DC_ERROR,
         .title = "TXT queries get no answer, other queries do",
         .cause = "Something in front of the server, or the server itself, drops TXT "
                  "queries. Amazon SES, other senders and mail receivers ask for TXT and wait in "
                  "vain.",
         .remedy = "Ask the DNS provider to let TXT queries through (a firewall or a "
                   "filter may drop them), or move the DNS of the domain to another "
                   "host; Amazon Route 53 is one.",
         .refs = "seed:R45; seed:R48; seed:R49; seed:R50; RFC 8906 2"},
    [TXT_NXDOMAIN] =
        {.id = "server/txt-nxdomain-cname-ok",
         .level = DC_ERROR,
         .title = "The server gives the CNAME, but NXDOMAIN to a TXT query",
         .cause =
             "NXDOMAIN denies the name for every type, so a resolver that asked "
             "for TXT also forgets the CNAME. Amazon SES, other senders and mail receivers ask "
             "for TXT.",
         .remedy = BOTH_TYPES,
         .refs = "seed:R45; seed:R48; seed:R49; seed:R50; RFC 8020 2"},
    [TXT_NODATA] = {.id = "server/txt-nodata-cname-ok",
                    .level = DC_ERROR,
                    .title = "The server gives the CNAME only to queries for CNAME",
                    .cause = "A CNAME answers a query of any type. Amazon SES, other senders and "
                             "mail receivers ask "
                             "for TXT and are told that there is nothing.",
                    .remedy = BOTH_TYPES,
                    .refs = "seed:R45; seed:R48; seed:R49; seed:R50; RFC 1034 3.6.2"},
    [TXT_WRONG_CNAME] =
        {.id = "server/txt-wrong-cname",
         .level = DC_ERROR,
         .title = "The server gives another CNAME to a TXT query than to a CNAME "
                  "query",
         .cause = "Amazon SES, other senders and mail receivers ask for TXT and follow the wrong "
                  "one.",
         .remedy = "Show the DNS provider both answers: a name has one CNAME.",
         .refs = "seed:R48; seed:R49; RFC 1034 3.6.2"},
    [WRONG_TYPE] = {.id = "server/wrong-rrtype-answer",
                    .level = DC_ERROR,
                    .title = "The server answers with records of another type than was asked for",
                    .cause = "Whoever asks throws such an answer away.",
                    .remedy =
                        "Show the DNS provider the answer: the server ignores the type of the "
                        "query.",
                    .refs = "seed:R49; RFC 1034 4.3.2"},
    [CNAME_FAILS] = {.id = "server/cname-query-fails",
                     .level = DC_ERROR,
                     .title = "The server answers TXT queries for the name, but not CNAME queries",
                     .cause =
                         "The two answers contradict each other, so the record may not be found "
                         "by whoever asks for CNAME.",
                     .remedy =
                         "Show the DNS provider both answers: servers have to answer for both "
                         "types.",
                     .refs = "seed:R49; RFC 1034 3.6.2"},
    [BOTH_FAIL] = {.id = "server/rcode-error",
                   .level = DC_ERROR,
                   .title = "The server fails every query for the name",
                   .cause = "Neither CNAME nor TXT gets an answer, so nobody can tell whether the "
                            "record exists.",
                   .remedy =
                       "Show the DNS provider the answer. The zone may not be loaded whole, or "
                       "the record may have been refused.",
                   .refs = "seed:R49; RFC 8906 3.1"},
    [NO_TCP] = {.id = "server/tc-no-tcp",
                .level = DC_ERROR,
                .title = "The answer is truncated over UDP, and TCP does not work",
                .cause = "A large answer, such as one with a 2048-bit key, has to be fetched over "
                         "TCP when the server says so.",
                .remedy = "Open port 53 over TCP on every name server.",
                .refs = "seed:R49; RFC 7766 5"},
    [UNDERSCORE] = {.id = "name/underscore-server-formerr",
                    .level = DC_ERROR,
                    .title = "The server does not take queries for names with an underscore",
                    .cause = "Queries for the zone itself are answered, those for _domainkey names "
                             "are not. DKIM names need the underscore.",
                    .remedy = "Ask the DNS provider to answer for any name, or move the DNS of the "
                              "domain to another host.",
                    .refs = "seed:R49; RFC 2181 11; RFC 8552"},
    [GARBAGE] = {.id = "server/response-garbage",
                 .level = DC_ERROR,
                 .title = "The server sends a message that cannot be read",
                 .cause = "Whoever asks throws such an answer away.",
                 .remedy = "Show the DNS provider the octets of the answer.",
                 .refs = "seed:R49; RFC 1035 4"},
};
_Static_assert((int)N_ROWS == (int)DC_SERVER_TXT_ROWS, "diagnose.h counts the rows");

static bool fails(const struct dc_answer *answer)
{
    return dc_answer_is_silent(answer) || answer->kind == DC_ANSWER_ERROR;
}

static bool is_positive(const struct dc_answer *answer)
{
    return answer->kind == DC_ANSWER_CNAME || answer->kind == DC_ANSWER_DATA;
}

static int row_of_rcode(uint16_t rcode, bool alias)
{
    switch (rcode) {
    case FDNS_SERVFAIL:
        return alias ? TXT_SERVFAIL : TXT_SERVFAIL_KEY;
    case FDNS_REFUSED:
        return TXT_REFUSED;
    case FDNS_NOTIMP:
        return TXT_NOTIMP;
    case FDNS_FORMERR:
        return TXT_FORMERR;
    default:
        return BOTH_FAIL;
    }
}

// The row for a TXT answer that failed, or that contradicts a CNAME at the name; -1 if it is fine.
static int row_of_txt(const struct dc_answer *txt, const struct dc_answer *cname, bool alias)
{
    switch (txt->kind) {
    case DC_ANSWER_NOTHING:
        return TXT_TIMEOUT;
    case DC_ANSWER_TCP_LOST:
        return NO_TCP;
    case DC_ANSWER_GARBLED:
        return GARBAGE;
    case DC_ANSWER_ERROR:
        return row_of_rcode(txt->rcode, alias);
    case DC_ANSWER_REFERRAL:
        return BOTH_FAIL; // away from the zone: one that leads below it is followed elsewhere
    case DC_ANSWER_NODATA:
        return alias ? TXT_NODATA : -1;
    case DC_ANSWER_NXDOMAIN:
        return alias ? TXT_NXDOMAIN : -1;
    case DC_ANSWER_OTHER:
        return WRONG_TYPE;
    case DC_ANSWER_CNAME:
        return alias && !fdns_name_equal(txt->cname, cname->cname) ? TXT_WRONG_CNAME : -1;
    case DC_ANSWER_DATA:
        return -1; // beside a CNAME: the zone's fault, see record.c
    }
    return -1;
}

// Every name with an underscore is met with FORMERR or silence, the zone's own name is not.
static bool spurns_underscores(const struct dc_diagnosis *d, const struct dc_endpoint *endpoint)
{
    const struct dc_expectation *expectation = d->g->expectation;
    size_t n_keys = 0; // one silence of a TXT record alone would be no proof
    for (size_t i = 0; i < expectation->n_records; i++) {
        const struct dc_answer *txt = &endpoint->txt[i];
        const struct dc_answer *cname = &endpoint->cname[i];
        if (!dc_endpoint_tells(d->g, endpoint, i)) {
            continue;
        }
        bool txt_spurned = txt->kind == DC_ANSWER_NOTHING ||
                           (txt->kind == DC_ANSWER_ERROR && txt->rcode == FDNS_FORMERR);
        bool cname_spurned = expectation->records[i].role == DC_ROLE_VERIFICATION ||
                             cname->kind == DC_ANSWER_NOTHING ||
                             (cname->kind == DC_ANSWER_ERROR && cname->rcode == FDNS_FORMERR);
        if (!txt_spurned || !cname_spurned) {
            return false;
        }
        n_keys += expectation->records[i].role != DC_ROLE_VERIFICATION ? 1 : 0;
    }
    return n_keys > 0 && !fails(&endpoint->soa);
}

static int row_of(const struct dc_diagnosis *d, size_t i, const struct dc_endpoint *endpoint)
{
    const struct dc_answer *cname = &endpoint->cname[i];
    const struct dc_answer *txt = &endpoint->txt[i];
    enum dc_record_role role = d->g->expectation->records[i].role;
    if (spurns_underscores(d, endpoint)) {
        return UNDERSCORE;
    }
    if (role == DC_ROLE_VERIFICATION) {
        int row = row_of_txt(txt, NULL, false);
        return fails(txt) && row != NO_TCP && row != GARBAGE ? TXT_AMAZONSES : row;
    }
    if (fails(cname) && fails(txt)) {
        return cname->kind == DC_ANSWER_GARBLED || txt->kind == DC_ANSWER_GARBLED     ? GARBAGE
               : cname->kind == DC_ANSWER_TCP_LOST || txt->kind == DC_ANSWER_TCP_LOST ? NO_TCP
                                                                                      : BOTH_FAIL;
    }
    // a key that is there as TXT owes nothing to a CNAME query
    bool txt_alone = role == DC_ROLE_SELECTOR && txt->kind == DC_ANSWER_DATA;
    bool both_said_no = cname->kind == DC_ANSWER_NODATA && txt->kind == DC_ANSWER_DATA;
    if (is_positive(txt) && !is_positive(cname) && !txt_alone && !both_said_no) {
        return cname->kind == DC_ANSWER_OTHER ? WRONG_TYPE : CNAME_FAILS;
    }
    if (role == DC_ROLE_TOKEN && cname->kind == DC_ANSWER_OTHER) {
        return WRONG_TYPE;
    }
    if (role == DC_ROLE_TOKEN && cname->kind != DC_ANSWER_CNAME && !dc_answer_is_negative(cname)) {
        return CNAME_FAILS;
    }
    return row_of_txt(txt, cname, cname->kind == DC_ANSWER_CNAME);
}

// An alias that bites its tail makes some servers say SERVFAIL: the loop is the cause.
static bool is_loop(const struct dc_diagnosis *d, const struct dc_answer *cname)
{
    const struct dc_chain *chain =
        cname->cname != NULL ? dc_gathered_chain(d->g, cname->cname) : NULL;
    return chain != NULL && chain->loop;
}

bool dc_diagnose_answers(struct dc_diagnosis *d, size_t i, const struct dc_endpoint *endpoint)
{
    const struct dc_answer *cname = &endpoint->cname[i];
    const struct dc_answer *txt = &endpoint->txt[i];
    if (dc_diagnose_stray(d, i, endpoint)) {
        return true;
    }
    int row = is_loop(d, cname) ? -1 : row_of(d, i, endpoint);
    if (row < 0) {
        return false;
    }
    bool cname_worse = (row == GARBAGE && txt->kind != DC_ANSWER_GARBLED) ||
                       (row == NO_TCP && txt->kind != DC_ANSWER_TCP_LOST);
    const struct dc_answer *bad = row == CNAME_FAILS || cname_worse ? cname : txt;
    const struct dc_finding_row *broken = row == NO_TCP ? dc_tcp_row(bad) : NULL;
    struct dc_hit *hit = dc_diagnosis_hit(d, broken != NULL ? broken : &dc_server_txt_rows[row],
                                          DC_RANK_SERVER_ERROR, i, endpoint);
    char type[FDNS_CODE_TEXT_MAX];
    hit->type = fdns_arena_string(d->hits.arena, fdns_type_print(bad->type, type));
    hit->expected = row == TXT_AMAZONSES || cname->kind != DC_ANSWER_CNAME
                        ? hit->expected
                        : fdns_arena_format(d->hits.arena, "NOERROR with %s",
                                            dc_answer_text(d->hits.arena, cname));
    hit->actual = dc_answer_text(d->hits.arena, bad);
    dc_hit_show(hit, txt->observation);
    dc_hit_show(hit, cname->observation);
    return true;
}
