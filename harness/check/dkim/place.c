// Places: the zones that hold the records, their servers, and what each of these says.
#include "harness/check/dkim/gather.h"

bool dc_endpoint_tells(const struct dc_gathered *g, const struct dc_endpoint *endpoint, size_t i)
{
    return endpoint->judged && endpoint->place == g->records[i].place;
}

size_t dc_endpoint_answers(const struct dc_gathered *g, const struct dc_endpoint *endpoint,
                           const struct dc_answer *answers[DC_ENDPOINT_ANSWERS])
{
    const struct dc_probes *probes = &endpoint->probes;
    const struct dc_answer *all[DC_ENDPOINT_ANSWERS] = {&endpoint->soa, &endpoint->ns, &probes->all,
                                                        &probes->above, &probes->below};
    size_t n = 5;
    for (size_t i = 0; i < g->expectation->n_records; i++) {
        all[n++] = &endpoint->txt[i];
        all[n++] = &endpoint->cname[i];
    }
    size_t n_asked = 0;
    for (size_t i = 0; i < n; i++) {
        if (all[i]->observation != NULL) {
            answers[n_asked++] = all[i];
        }
    }
    return n_asked;
}

bool dc_endpoint_lacks(const struct dc_gathered *g, const struct dc_endpoint *endpoint, size_t i)
{
    if (endpoint->repeats[i] != NULL && endpoint->repeats[i]->differ) {
        return false; // it has it now and then
    }
    switch (g->expectation->records[i].role) {
    case DC_ROLE_TOKEN:
        return dc_answer_is_negative(&endpoint->txt[i]) &&
               dc_answer_is_negative(&endpoint->cname[i]);
    case DC_ROLE_SELECTOR: // whatever became of the CNAME query, as long as there is no CNAME
        return dc_answer_is_negative(&endpoint->txt[i]) && endpoint->cname[i].n_cnames == 0;
    case DC_ROLE_VERIFICATION:
        return dc_answer_is_negative(&endpoint->txt[i]);
    }
    return false;
}

static bool is_newer(const struct dc_endpoint *a, const struct dc_endpoint *b)
{
    uint32_t serial_a;
    uint32_t serial_b;
    return dc_answer_serial(&a->soa, &serial_a) && dc_answer_serial(&b->soa, &serial_b) &&
           dc_serial_before(serial_b, serial_a);
}

const struct dc_endpoint *dc_gathered_witness(const struct dc_gathered *g, size_t i)
{
    const struct dc_endpoint *lacking = NULL;
    const struct dc_endpoint *first = NULL;
    for (size_t k = 0; k < g->n_endpoints; k++) {
        const struct dc_endpoint *endpoint = &g->endpoints[k];
        if (!dc_endpoint_tells(g, endpoint, i)) {
            continue;
        }
        if (dc_endpoint_lacks(g, endpoint, i) && (lacking == NULL || is_newer(endpoint, lacking))) {
            lacking = endpoint;
        }
        first = first == NULL ? endpoint : first;
    }
    return lacking != NULL ? lacking : first;
}

static bool is_known(const struct dc_gathered *g, const struct dc_place *place,
                     const struct fdns_address *address)
{
    for (size_t i = 0; i < g->n_endpoints; i++) {
        if (g->endpoints[i].place == place &&
            fdns_address_equal(&g->endpoints[i].address, address)) {
            return true;
        }
    }
    return false;
}

static bool is_at_parent(const struct dc_place *place, const struct dc_walk_server *server)
{
    const struct dc_walk_cut *cut = place->zone.cut;
    for (size_t i = 0; cut->delegated && server->host != NULL && i < cut->n_servers; i++) {
        if (fdns_name_equal(cut->servers[i].host, server->host)) {
            return true;
        }
    }
    return false;
}

static void add_server(struct dc_gathered *g, const struct dc_place *place,
                       const struct dc_walk_server *server)
{
    for (size_t i = 0; i < server->n_addresses && g->n_endpoints < DC_ENDPOINTS_MAX; i++) {
        if (!is_known(g, place, &server->addresses[i])) {
            g->endpoints[g->n_endpoints++] =
                (struct dc_endpoint){.label = server->label,
                                     .address = server->addresses[i],
                                     .place = place,
                                     .named_by_parent = is_at_parent(place, server)};
        }
    }
}

static bool ask(struct dc_gathered *g, const struct dc_endpoint *endpoint, const uint8_t *name,
                uint16_t type, struct dc_answer *answer)
{
    return dc_answer_ask(g->look, &endpoint->address, name, type, answer);
}

static bool ask_endpoint(struct dc_gathered *g, struct dc_endpoint *endpoint)
{
    const struct dc_expectation *expectation = g->expectation;
    const uint8_t *zone = endpoint->place->zone.cut->zone;
    bool complete = ask(g, endpoint, zone, FDNS_TYPE_SOA, &endpoint->soa);
    complete &= ask(g, endpoint, zone, FDNS_TYPE_NS, &endpoint->ns);
    for (size_t i = 0; i < expectation->n_records; i++) {
        const struct dc_expected *record = &expectation->records[i];
        if (g->records[i].place != endpoint->place) {
            continue;
        }
        complete &= ask(g, endpoint, record->owner, FDNS_TYPE_TXT, &endpoint->txt[i]);
        if (record->role != DC_ROLE_VERIFICATION) {
            complete &= ask(g, endpoint, record->owner, FDNS_TYPE_CNAME, &endpoint->cname[i]);
        }
    }
    return complete;
}

// The zone below the place that an answer refers to, or NULL.
static const uint8_t *deeper(const struct dc_gathered *g, const struct dc_place *place,
                             const struct dc_answer *answer)
{
    const uint8_t *zone =
        answer->kind == DC_ANSWER_REFERRAL ? dc_walk_referred(g->look, answer) : NULL;
    bool leads = zone != NULL && fdns_name_below(zone, place->zone.cut->zone) &&
                 fdns_name_at_or_below(answer->name, zone);
    return leads ? zone : NULL;
}

// Says something as a server of the zone would, even if it cannot be read.
static bool serves(const struct dc_gathered *g, const struct dc_place *place,
                   const struct dc_answer *answer)
{
    switch (answer->kind) {
    case DC_ANSWER_NOTHING:
    case DC_ANSWER_ERROR:
        return false;
    case DC_ANSWER_TCP_LOST:
    case DC_ANSWER_GARBLED:
        return true;
    case DC_ANSWER_REFERRAL:
        return deeper(g, place, answer) != NULL;
    case DC_ANSWER_NXDOMAIN:
    case DC_ANSWER_NODATA:
        return answer->aa || answer->has_negative_ttl;
    case DC_ANSWER_CNAME:
    case DC_ANSWER_DATA:
    case DC_ANSWER_OTHER:
        return true;
    }
    return false;
}

static void sort_endpoint(struct dc_gathered *g, struct dc_place *place,
                          struct dc_endpoint *endpoint)
{
    const struct dc_answer *first = &endpoint->soa;
    bool heard = first->kind != DC_ANSWER_NOTHING || endpoint->ns.kind != DC_ANSWER_NOTHING;
    bool useful = serves(g, place, first);
    // a zone that was delegated has an SOA at its top; who denies that denies the zone
    bool denies = place->zone.cut->delegated && dc_answer_is_negative(first);
    useful = useful && !denies;
    for (size_t i = 0; i < g->expectation->n_records; i++) {
        const struct dc_answer *txt = &endpoint->txt[i];
        const struct dc_answer *cname = &endpoint->cname[i];
        heard = heard || txt->kind != DC_ANSWER_NOTHING || cname->kind != DC_ANSWER_NOTHING;
        useful = useful || (serves(g, place, txt) && !(denies && dc_answer_is_negative(txt))) ||
                 (serves(g, place, cname) && !(denies && dc_answer_is_negative(cname)));
    }
    endpoint->dead = !heard;
    endpoint->lame = heard && !useful;
    endpoint->denies = endpoint->lame && denies;
    endpoint->judged = useful;
    place->n_judged += useful ? 1 : 0;
}

static bool ask_endpoints(struct dc_gathered *g, struct dc_place *place, size_t from)
{
    bool complete = true;
    for (size_t i = from; i < g->n_endpoints; i++) {
        complete &= ask_endpoint(g, &g->endpoints[i]);
    }
    for (size_t i = from; complete && i < g->n_endpoints; i++) {
        sort_endpoint(g, place, &g->endpoints[i]);
    }
    return complete;
}

// Servers that the zone names itself. Only behind a delegation: servers that the user named are
// asked and no others.
static bool add_children(struct dc_gathered *g, struct dc_place *place, size_t from)
{
    size_t n_named = g->n_endpoints;
    bool complete = true;
    for (size_t i = from; place->zone.cut->delegated && i < n_named; i++) {
        const struct dc_answer *ns = &g->endpoints[i].ns;
        if (!g->endpoints[i].judged || ns->kind != DC_ANSWER_DATA) {
            continue;
        }
        bool pending;
        const struct dc_walk_cut *cut =
            dc_walk_cut_of(&g->walk, ns, FDNS_ANSWER, place->zone.cut->zone, &pending);
        complete &= !pending;
        for (size_t k = 0; cut != NULL && k < cut->n_servers; k++) {
            add_server(g, place, &cut->servers[k]);
        }
        if (cut != NULL && place->n_children < DC_CHILDREN_MAX) {
            place->children[place->n_children++] = cut;
        }
    }
    return complete && ask_endpoints(g, place, n_named);
}

// The zone and its servers are known: asks all of them.
static bool ask_place(struct dc_gathered *g, struct dc_place *place)
{
    size_t from = g->n_endpoints;
    const struct dc_walk_cut *cut = place->zone.cut;
    place->apex = cut->zone;
    for (size_t i = 0; i < cut->n_servers; i++) {
        add_server(g, place, &cut->servers[i]);
    }
    if (!ask_endpoints(g, place, from) || !add_children(g, place, from)) {
        return false;
    }
    for (size_t i = from; i < g->n_endpoints; i++) {
        // servers that the user named may serve a zone above the domain
        const uint8_t *apex =
            g->endpoints[i].judged ? dc_answer_apex(g->look, &g->endpoints[i].soa) : NULL;
        if (apex != NULL && fdns_name_at_or_below(cut->zone, apex)) {
            place->apex = apex;
            break;
        }
    }
    return true;
}

// The zone that somebody refers a record to, from the zone that was taken for its place.
static const uint8_t *referred(const struct dc_gathered *g, size_t i)
{
    const uint8_t *zone = NULL;
    for (size_t k = 0; k < g->n_endpoints && zone == NULL; k++) {
        const struct dc_endpoint *endpoint = &g->endpoints[k];
        if (dc_endpoint_tells(g, endpoint, i)) {
            zone = deeper(g, endpoint->place, &endpoint->txt[i]);
            zone = zone == NULL ? deeper(g, endpoint->place, &endpoint->cname[i]) : zone;
        }
    }
    return zone;
}

// The place of a zone, which is asked if it is new. NULL while pending, and if there is no more
// room or no way to it.
static struct dc_place *place_of(struct dc_gathered *g, const uint8_t *zone, bool *complete)
{
    for (size_t i = 0; i < g->n_places; i++) {
        const struct dc_walk_cut *cut = g->places[i].zone.cut;
        if (cut != NULL && fdns_name_equal(cut->zone, zone)) {
            return &g->places[i];
        }
    }
    if (g->n_places == DC_PLACES_MAX) {
        return NULL;
    }
    struct dc_place *place = &g->places[g->n_places];
    place->result = dc_walk_delegated(&g->walk, zone, &place->zone);
    *complete = *complete && place->result != DC_WALK_PENDING;
    if (place->result != DC_WALK_FOUND || place->zone.cut == NULL) {
        return NULL;
    }
    g->n_places++;
    return place;
}

// Records move down to the places that they are referred to. *moved tells whether any did.
static bool move_records(struct dc_gathered *g, bool *moved)
{
    size_t n_known = g->n_places;
    bool complete = true;
    *moved = false;
    for (size_t i = 0; i < g->expectation->n_records; i++) {
        const uint8_t *zone = referred(g, i);
        struct dc_place *place = zone != NULL ? place_of(g, zone, &complete) : NULL;
        if (place != NULL && place != g->records[i].place) {
            g->records[i].place = place;
            *moved = true;
        }
    }
    for (size_t i = n_known; i < g->n_places; i++) {
        complete &= ask_place(g, &g->places[i]);
    }
    return complete;
}

bool dc_gather_places(struct dc_gathered *g)
{
    enum { DEPTH_MAX = 4 }; // of delegations below the domain
    bool moved = true;
    for (size_t i = 0; i < g->expectation->n_records; i++) {
        g->records[i].place = &g->places[0];
    }
    if (!ask_place(g, &g->places[0])) {
        return false;
    }
    for (unsigned i = 0; i < DEPTH_MAX && moved; i++) {
        if (!move_records(g, &moved)) {
            return false;
        }
    }
    return true;
}
