// The servers themselves: the walk to them, what the delegation says, who is silent or lame, and
// who has an older zone than the others (4.C of the catalogue of modes).
#include "harness/check/dkim/diagnose.h"

#include <string.h>

enum {
    UNREACHABLE,
    LAME_REFUSED,
    LAME_REFERRAL,
    LAME_SERVFAIL,
    LAME_DENIES,
    MISMATCH,
    STALE,
    NOT_BUMPED,
    WENT_BACK,
    AA_MISSING,
    PRIVATE_ZONE,
    BROKEN,
    NO_ADDRESS,
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
    [MISMATCH] = {.id = "server/parent-child-ns-mismatch",
                  .level = DC_WARNING,
                  .title = "The parent names other servers for the zone than the zone itself",
                  .cause = "Resolvers start at the servers that the parent names. Records edited "
                           "elsewhere are not seen by them.",
                  .remedy = "Edit the zone where the registrar's NS records point, or change those "
                            "NS records, so that both lists are the same.",
                  .refs = "RFC 1034 4.2.2; RFC 7477 1"},
    [STALE] = {.id = "server/stale-secondary",
               .level = DC_WARNING,
               .title = "A server has an older copy of the zone, without the record",
               .cause =
                   "Servers are asked at random, so the record is found only some of the time. "
                   "Shortly after a change this is normal.",
               .remedy = "Wait for the transfer of the zone. If it stays, have NOTIFY and the "
                         "transfer (AXFR, IXFR) to this server repaired.",
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
    [AA_MISSING] = {.id = "server/aa-missing",
                    .level = DC_WARNING,
                    .title = "A server of the delegation answers without authority",
                    .cause =
                        "Its answers lack the AA flag: there may be a cache in front of it, or "
                        "a resolver in its place.",
                    .remedy =
                        "Ask the DNS provider why answers for the zone are not authoritative.",
                    .refs = "RFC 1035 4.1.1; RFC 2181 5.4.1"},
    [PRIVATE_ZONE] = {.id = "server/private-zone",
                      .level = DC_ERROR,
                      .title = "The domain is not delegated",
                      .cause =
                          "The servers of the parent know no servers for this domain, so nobody "
                          "in the Internet can look up its records.",
                      .remedy = "Register the domain, or have its NS records set at the registrar. "
                                "A zone that exists only inside a network does not count.",
                      .refs = "RFC 1034 4.2.1"},
    [BROKEN] = {.id = "server/delegation-broken",
                .level = DC_ERROR,
                .title = "The servers of the domain cannot be found",
                .cause =
                    "On the way from the root to the domain no server gave an answer that leads "
                    "on, so nothing can be said about the records.",
                .remedy =
                    "Try again. If it stays, have the NS records of the domain checked at the "
                    "registrar.",
                .refs = "RFC 1034 5.3.3"},
    [NO_ADDRESS] = {.id = "server/ns-without-address",
                    .level = DC_WARNING,
                    .title = "No address can be found for a name server of the zone",
                    .cause =
                        "The NS record names a host whose address could not be looked up, so it "
                        "cannot be asked.",
                    .remedy =
                        "Give the host an address (and glue at the registrar if it lies in the "
                        "zone), or take it out of the NS records.",
                    .refs = "RFC 1912 2.3; RFC 9471 2"},
};
_Static_assert((int)N_ROWS == (int)DC_SERVER_ROWS, "diagnose.h counts the rows");

static struct dc_hit *about_zone(struct dc_diagnosis *d, int row, enum dc_rank rank)
{
    struct dc_hit *hit = dc_hits_add(&d->hits, &dc_server_rows[row], rank);
    hit->name = d->g->expectation->domain_text;
    return hit;
}

static struct dc_hit *about_server(struct dc_diagnosis *d, int row, enum dc_rank rank,
                                   const struct dc_endpoint *endpoint)
{
    struct dc_hit *hit = about_zone(d, row, rank);
    dc_diagnosis_at(d, hit, endpoint);
    hit->about_server = true;
    hit->name = dc_name_bare(d->hits.arena, endpoint->place->zone.cut->zone);
    if (endpoint->place->n_judged == 0 && endpoint->place != &d->g->places[0]) {
        hit->level = DC_INFO; // the records that are delegated there say it as an error
    }
    hit->type = "SOA";
    dc_hit_show(hit, endpoint->soa.observation);
    return hit;
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
    struct dc_hit *hit = about_server(d, UNREACHABLE, DC_RANK_UNREACHABLE, endpoint);
    if (d->g->places[0].n_judged == 0) {
        hit->level = DC_ERROR; // there is no other server
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

static void diagnose_aa(struct dc_diagnosis *d, const struct dc_endpoint *endpoint)
{
    if (endpoint->soa.kind == DC_ANSWER_DATA && !endpoint->soa.aa) {
        struct dc_hit *hit = about_server(d, AA_MISSING, DC_RANK_SERVER_ERROR, endpoint);
        hit->expected = "the flag AA";
        hit->actual = "an answer without AA";
    }
}

static const char *list(struct fdns_arena *arena, const char *text, const char *label)
{
    return text == NULL ? label : fdns_arena_format(arena, "%s, %s", text, label);
}

static bool share_address(const struct dc_walk_server *a, const struct dc_walk_server *b)
{
    for (size_t i = 0; i < a->n_addresses; i++) {
        for (size_t k = 0; k < b->n_addresses; k++) {
            if (fdns_address_equal(&a->addresses[i], &b->addresses[k])) {
                return true;
            }
        }
    }
    return false;
}

// The same name, or another name of the same machine.
static bool is_in(const struct dc_walk_server *server, const struct dc_walk_cut *cut)
{
    for (size_t i = 0; i < cut->n_servers; i++) {
        if (fdns_name_equal(cut->servers[i].host, server->host) ||
            share_address(&cut->servers[i], server)) {
            return true;
        }
    }
    return false;
}

static bool is_in_any(const struct dc_walk_server *server, const struct dc_place *place)
{
    for (size_t i = 0; i < place->n_children; i++) {
        if (is_in(server, place->children[i])) {
            return true;
        }
    }
    return false;
}

static const char *only_at_parent(struct fdns_arena *arena, const struct dc_place *place)
{
    const char *text = NULL;
    for (size_t i = 0; i < place->zone.cut->n_servers; i++) {
        const struct dc_walk_server *server = &place->zone.cut->servers[i];
        text = is_in_any(server, place) ? text : list(arena, text, server->label);
    }
    return text;
}

static const char *only_in_zone(struct fdns_arena *arena, const struct dc_place *place)
{
    const char *text = NULL;
    for (size_t i = 0; i < place->n_children; i++) {
        const struct dc_walk_cut *child = place->children[i];
        for (size_t k = 0; k < child->n_servers; k++) {
            const char *label = child->servers[k].label;
            bool listed = text != NULL && strstr(text, label) != NULL;
            bool known = is_in(&child->servers[k], place->zone.cut);
            text = known || listed ? text : list(arena, text, label);
        }
    }
    return text;
}

// The parent sends everybody to an address that the server has no more: glue that was forgotten.
static const char *moved(struct fdns_arena *arena, const struct dc_place *place)
{
    for (size_t i = 0; i < place->n_children; i++) {
        for (size_t k = 0; k < place->children[i]->n_servers; k++) {
            const struct dc_walk_server *now = &place->children[i]->servers[k];
            for (size_t m = 0; m < place->zone.cut->n_servers; m++) {
                const struct dc_walk_server *glue = &place->zone.cut->servers[m];
                char old[FDNS_ADDRESS_TEXT_MAX];
                char new[FDNS_ADDRESS_TEXT_MAX];
                if (fdns_name_equal(glue->host, now->host) && glue->n_addresses > 0 &&
                    now->n_addresses > 0 && !share_address(glue, now) &&
                    glue->addresses[0].family == now->addresses[0].family) {
                    return fdns_arena_format(arena, "%s is %s at the parent and %s in the zone",
                                             now->label,
                                             fdns_address_print_host(&glue->addresses[0], old),
                                             fdns_address_print_host(&now->addresses[0], new));
                }
            }
        }
    }
    return NULL;
}

// Nothing can be said if no server told its own NS set.
static void diagnose_mismatch(struct dc_diagnosis *d, const struct dc_place *place)
{
    struct fdns_arena *arena = d->hits.arena;
    if (place->n_children == 0 || !place->zone.cut->delegated) {
        return;
    }
    const char *parent = only_at_parent(arena, place);
    const char *child = only_in_zone(arena, place);
    const char *other = moved(arena, place);
    if (parent == NULL && child == NULL && other == NULL) {
        return;
    }
    struct dc_hit *hit = about_zone(d, MISMATCH, DC_RANK_DELEGATION);
    hit->name = dc_name_bare(arena, place->zone.cut->zone);
    hit->type = "NS";
    hit->expected = "the same servers at the parent and in the zone";
    hit->actual =
        parent == NULL && child == NULL
            ? other
            : fdns_arena_format(arena, "only at the parent: %s; only in the zone: %s",
                                parent != NULL ? parent : "none", child != NULL ? child : "none");
    dc_hit_show(hit, place->zone.cut->referral);
    dc_hit_show(hit, place->children[0]->referral);
    d->mismatch = place == &d->g->places[0] ? d->hits.n : d->mismatch;
}

static bool judges_nothing(const struct dc_diagnosis *d, const struct dc_place *place)
{
    return place->n_judged == 0 && place != &d->g->places[0];
}

// Servers that the parent names, and those that only the zone names itself.
static void diagnose_addresses(struct dc_diagnosis *d, const struct dc_place *place)
{
    const struct dc_walk_cut *cut = place->zone.cut;
    for (size_t i = 0; i < cut->n_servers; i++) {
        if (cut->servers[i].n_addresses == 0) {
            struct dc_hit *hit = about_zone(d, NO_ADDRESS, DC_RANK_DELEGATION);
            hit->about_server = true;
            hit->name = dc_name_bare(d->hits.arena, cut->zone);
            hit->type = "NS";
            hit->level = judges_nothing(d, place) ? DC_INFO : hit->level;
            hit->server = cut->servers[i].label;
            hit->actual = fdns_arena_format(d->hits.arena, "no address for %s", hit->server);
            dc_hit_show(hit, cut->referral);
        }
    }
}

static void diagnose_walk(struct dc_diagnosis *d)
{
    struct dc_hit *hit = about_zone(d, BROKEN, DC_RANK_UNREACHABLE);
    const struct dc_walk_end *end = &d->g->places[0].zone;
    bool heard = end->answer.observation != NULL;
    hit->actual = fdns_arena_format(
        d->hits.arena, "the servers of %s: %s",
        end->cut != NULL ? fdns_name_text(d->hits.arena, end->cut->zone) : "the resolver",
        heard ? dc_answer_text(d->hits.arena, &end->answer) : "none could be asked");
    dc_hit_show(hit, end->answer.observation);
}

static void diagnose_undelegated(struct dc_diagnosis *d)
{
    const struct dc_place *place = &d->g->places[0];
    struct dc_hit *hit = about_zone(d, PRIVATE_ZONE, DC_RANK_DELEGATION);
    hit->actual = fdns_arena_format(d->hits.arena, "the servers of %s: %s",
                                    fdns_name_text(d->hits.arena, place->apex),
                                    dc_answer_text(d->hits.arena, &place->zone.answer));
    dc_hit_show(hit, place->zone.answer.observation);
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
            diagnose_aa(d, endpoint);
        }
    }
    diagnose_addresses(d, place);
    diagnose_mismatch(d, place);
}

void dc_diagnose_servers(struct dc_diagnosis *d)
{
    if (d->g->places[0].result != DC_WALK_FOUND) {
        diagnose_walk(d);
    } else if (d->g->undelegated) {
        diagnose_undelegated(d);
    } else {
        for (size_t i = 0; i < d->g->n_places; i++) {
            diagnose_place(d, &d->g->places[i]);
        }
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

// RFC 1982: a comes before b.
static bool serial_before(uint32_t a, uint32_t b)
{
    return a != b && (uint32_t)(b - a) < UINT32_C(0x80000000);
}

void dc_diagnose_stale(struct dc_diagnosis *d, size_t i, const struct dc_endpoint *without,
                       const struct dc_endpoint *with)
{
    char address[FDNS_ADDRESS_TEXT_MAX];
    uint32_t old = 0;
    uint32_t new = 0;
    bool known = dc_answer_serial(&without->soa, &old) && dc_answer_serial(&with->soa, &new);
    int row = known && old == new                 ? NOT_BUMPED
              : known && !serial_before(old, new) ? WENT_BACK
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
        d->hits.items[d->mismatch - 1].level = DC_ERROR;
    }
}
