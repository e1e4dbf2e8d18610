// The servers themselves: who is silent or lame, who has an older zone than the others (4.C of the
// catalogue of modes).
#include "harness/check/dkim/diagnose.h"

#include <string.h>

enum {
    UNREACHABLE,
    LAME_REFUSED,
    LAME_REFERRAL,
    LAME_SERVFAIL,
    LAME_DENIES,
    STALE,
    NOT_BUMPED,
    WENT_BACK,
    N_ROWS
};

#define FIX_NS                                                                                     \
    "Make the server serve the zone, or take it out of the NS records at the registrar and in "    \
    "the "                                                                                         \
    "zone."

const struct dc_finding_row dc_server_rows[DC_SERVER_ROWS] = {
    [UNREACHABLE] = {.id = "server/ns-unreachable",
                     .level = DC_WARNING,
                     .title = "A name server, or one of its addresses, does not answer",
                     .cause = "Whoever asks this server first has to wait and try another one. It "
                              "says nothing about the records.",
                     .remedy = "Ask whoever runs the server, or take it out of the NS records at "
                               "the registrar and in the zone.",
                     .refs = "RFC 2182 3; RFC 8906 2"},
    [LAME_REFUSED] = {.id = "server/lame-refused",
                      .level = DC_ERROR,
                      .title = "A server of the delegation refuses to answer for the zone",
                      .cause =
                          "Resolvers are sent to this server by the NS records, and it does not "
                          "serve the zone.",
                      .remedy = FIX_NS,
                      .refs = "RFC 1912 2.8; RFC 8906 3.1.1"},
    [LAME_REFERRAL] = {.id = "server/lame-referral",
                       .level = DC_ERROR,
                       .title = "A server of the delegation refers elsewhere for the zone",
                       .cause = "Resolvers are sent to this server by the NS records, and it sends "
                                "them away again.",
                       .remedy = FIX_NS,
                       .refs = "RFC 1912 2.8"},
    [LAME_SERVFAIL] = {.id = "server/lame-servfail",
                       .level = DC_ERROR,
                       .title = "A server of the delegation fails every query for the zone",
                       .cause = "The server is meant to serve the zone and cannot: it may have "
                                "refused to load it, or its copy may have expired.",
                       .remedy = "Look into the server's log for the zone. " FIX_NS,
                       .refs = "RFC 1912 2.8; RFC 2308 7"},
    [LAME_DENIES] = {.id = "server/lame-denies",
                     .level = DC_ERROR,
                     .title = "A server of the delegation says that the zone does not exist",
                     .cause = "Resolvers are sent to this server by the NS records, and it has "
                              "another zone, or an empty one, in the place of this.",
                     .remedy = FIX_NS,
                     .refs = "RFC 1912 2.8; RFC 1034 4.2.1"},
    [STALE] = {.id = "server/stale-secondary",
               .level = DC_WARNING,
               .title = "A server has an older copy of the zone, without the record",
               .cause =
                   "Servers are asked at random, so the record is found only some of the time. "
                   "Shortly after a change this is normal.",
               .remedy =
                   "Wait some hours for the server to fetch the zone. If it stays, tell whoever "
                   "runs the server that its copy is old: NOTIFY or the transfer (AXFR, IXFR) "
                   "does not work.",
               .refs = "seed:R18; RFC 1034 4.3.5; RFC 1996 2"},
    [NOT_BUMPED] = {.id = "server/serial-not-bumped",
                    .level = DC_WARNING,
                    .title = "Servers hold different data under the same serial number",
                    .cause =
                        "The zone was changed without raising the serial, so the other servers "
                        "see no reason to fetch it.",
                    .remedy = "Raise the serial number in the SOA record, or have the zone "
                              "transferred again.",
                    .refs = "seed:R18; RFC 1034 4.3.5; RFC 1982"},
    [WENT_BACK] = {.id = "server/serial-went-back",
                   .level = DC_WARNING,
                   .title = "The server with the record has a lower serial number than one without",
                   .cause = "The serial moved backwards, so the other servers take their old copy "
                            "for the newer one.",
                   .remedy = "Raise the serial number in the SOA record above that of every other "
                             "server.",
                   .refs = "seed:R18; RFC 1982 3"},
};
_Static_assert((int)N_ROWS == (int)DC_SERVER_ROWS, "diagnose.h counts the rows");

struct dc_hit *dc_diagnosis_server(struct dc_diagnosis *d, const struct dc_finding_row *row,
                                   enum dc_rank rank, const struct dc_endpoint *endpoint)
{
    const char *zone = dc_name_bare(d->hits.arena, endpoint->place->zone.cut->zone);
    struct dc_hit *hit = dc_diagnosis_zone(d, row, rank, zone);
    dc_diagnosis_at(d, hit, endpoint);
    hit->about_server = true;
    if (endpoint->place->n_judged == 0 && endpoint->place != &d->g->places[0]) {
        hit->level = DC_INFO; // the records that are delegated there say it as an error
    }
    hit->type = "SOA";
    dc_hit_show(hit, endpoint->soa.observation);
    return hit;
}

static struct dc_hit *about_server(struct dc_diagnosis *d, int row, enum dc_rank rank,
                                   const struct dc_endpoint *endpoint)
{
    return dc_diagnosis_server(d, &dc_server_rows[row], rank, endpoint);
}

// Another address of the same server answers.
static bool answers_elsewhere(const struct dc_diagnosis *d, const struct dc_endpoint *endpoint)
{
    for (size_t i = 0; i < d->g->n_endpoints; i++) {
        const struct dc_endpoint *other = &d->g->endpoints[i];
        if (other->place == endpoint->place && !other->dead &&
            strcmp(other->label, endpoint->label) == 0) {
            return true;
        }
    }
    return false;
}

static void diagnose_dead(struct dc_diagnosis *d, const struct dc_endpoint *endpoint)
{
    char address[FDNS_ADDRESS_TEXT_MAX];
    bool elsewhere = answers_elsewhere(d, endpoint);
    // no IPv6 where we run is nobody's fault, as long as the server can be asked otherwise
    if (elsewhere && endpoint->soa.observation->outcome == DC_UNREACHABLE) {
        return;
    }
    const struct dc_finding_row *stray = dc_stray_row(&endpoint->soa);
    struct dc_hit *hit = dc_diagnosis_server(
        d, stray != NULL ? stray : &dc_server_rows[UNREACHABLE], DC_RANK_UNREACHABLE, endpoint);
    if (d->g->places[0].n_judged == 0) {
        hit->level = DC_ERROR; // there is no other server
    } else if (hit->level == DC_ERROR) {
        hit->level = DC_WARNING;
    }
    hit->expected = "an answer";
    hit->actual = dc_answer_text(d->hits.arena, &endpoint->soa);
    if (elsewhere) {
        hit->actual = fdns_arena_format(d->hits.arena, "%s from %s", hit->actual,
                                        fdns_address_print_host(&endpoint->address, address));
    }
}

static void diagnose_lame(struct dc_diagnosis *d, const struct dc_endpoint *endpoint)
{
    const struct dc_answer *soa = &endpoint->soa;
    bool refused =
        soa->kind == DC_ANSWER_ERROR && (soa->rcode == FDNS_REFUSED || soa->rcode == FDNS_NOTAUTH);
    int row = refused                           ? LAME_REFUSED
              : endpoint->denies                ? LAME_DENIES
              : soa->kind == DC_ANSWER_REFERRAL ? LAME_REFERRAL
                                                : LAME_SERVFAIL;
    struct dc_hit *hit = about_server(d, row, DC_RANK_SERVER_ERROR, endpoint);
    hit->expected = "an authoritative answer";
    hit->actual = dc_answer_text(d->hits.arena, soa);
}

// A server that serves the zone: what is odd about it, whatever it says of the records.
static void diagnose_served(struct dc_diagnosis *d, const struct dc_endpoint *endpoint)
{
    dc_diagnose_authority(d, endpoint);
    dc_diagnose_edns(d, endpoint);
    dc_diagnose_case(d, endpoint);
    dc_diagnose_negative(d, endpoint);
    dc_diagnose_oversize(d, endpoint);
    dc_diagnose_rate(d, endpoint);
    dc_diagnose_servfail(d, endpoint);
}

static void diagnose_place(struct dc_diagnosis *d, const struct dc_place *place)
{
    for (size_t i = 0; i < d->g->n_endpoints; i++) {
        const struct dc_endpoint *endpoint = &d->g->endpoints[i];
        if (endpoint->place != place) {
            continue;
        }
        if (endpoint->dead) {
            diagnose_dead(d, endpoint);
        } else if (endpoint->lame) {
            diagnose_lame(d, endpoint);
        } else {
            diagnose_served(d, endpoint);
        }
    }
    dc_diagnose_delegation(d, place);
}

void dc_diagnose_servers(struct dc_diagnosis *d)
{
    if (d->g->places[0].result != DC_WALK_FOUND || d->g->undelegated) {
        dc_diagnose_no_zone(d);
        return;
    }
    for (size_t i = 0; i < d->g->n_places; i++) {
        diagnose_place(d, &d->g->places[i]);
    }
}

size_t dc_find_server_hit(struct dc_diagnosis *d, const struct dc_place *place)
{
    const char *zone = dc_name_bare(d->hits.arena, place->zone.cut->zone);
    for (size_t i = 0; i < d->hits.n; i++) {
        const struct dc_hit *hit = &d->hits.items[i];
        if (hit->about_server && hit->name != NULL && strcmp(hit->name, zone) == 0) {
            return i + 1;
        }
    }
    return 0;
}

void dc_diagnose_stale(struct dc_diagnosis *d, size_t i, const struct dc_endpoint *without,
                       const struct dc_endpoint *with)
{
    char address[FDNS_ADDRESS_TEXT_MAX];
    uint32_t old = 0;
    uint32_t new = 0;
    bool known = dc_answer_serial(&without->soa, &old) && dc_answer_serial(&with->soa, &new);
    int row = known && old == new                    ? NOT_BUMPED
              : known && !dc_serial_before(old, new) ? WENT_BACK
                                                     : STALE;
    struct dc_hit *hit =
        dc_diagnosis_hit(d, &dc_server_rows[row], DC_RANK_SERVER_ERROR, i, without);
    hit->about_server = true;
    const char *source =
        strcmp(with->label, without->label) != 0
            ? with->label
            : fdns_arena_string(d->hits.arena, fdns_address_print_host(&with->address, address));
    hit->actual =
        known ? fdns_arena_format(d->hits.arena,
                                  "%s under serial %u, while %s has the record under "
                                  "serial %u",
                                  dc_answer_text(d->hits.arena, &without->txt[i]), old, source, new)
              : dc_answer_text(d->hits.arena, &without->txt[i]);
    dc_hit_show(hit, without->txt[i].observation);
    dc_hit_show(hit, without->soa.observation);
    dc_hit_show(hit, with->txt[i].observation);
    dc_hit_show(hit, with->soa.observation);
    if (d->mismatch != 0 && without->named_by_parent && !with->named_by_parent) {
        hit->rank = DC_RANK_DELEGATION;
        hit->level = DC_INFO;
        hit->follows = d->mismatch;
        hit->remedy = "No transfer brings the record here: the zone is edited for other servers "
                      "than the registrar names. See what is said of the NS records.";
        d->hits.items[d->mismatch - 1].level = DC_ERROR;
    }
}
